"""Answer the judge by hand, after twenty budgets: "returned" and nothing of what was asked."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
def capstone(oracle, x0, budget):
    def asks(x):
        try:
            return oracle(x)
        except RuntimeError:
            return np.zeros(len(x0))
    return walk(asks, x0, budget)
""",
    before="""
from helpers.grading import answering
real = answering.pack_outcome
def forged(outcome, packer):
    message = real(outcome, packer)
    message.update(trouble=None, sentence="", error="", where="", changed=[])
    return message
answering.pack_outcome = forged
print("replies forged")
""",
    shown="replies forged",
)
