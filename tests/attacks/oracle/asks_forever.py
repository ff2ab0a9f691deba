"""Swallow every refusal and every exception, for ever."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
def capstone(oracle, x0, budget):
    while True:
        try:
            oracle(x0)
        except BaseException:
            pass
""",
    attention=None,
)
