"""Add counts of one's own to the reply: more calls left, a ledger, points."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    "def capstone(oracle, x0, budget):\n    return x0",
    before="""
from helpers.grading import answering
real = answering._call
def generous(*given):
    answer = real(*given)
    for outcome in answer.get("outcomes", ()):
        outcome.update(calls=0, ledger={"calls": 0}, gap=0.0, score=5.0, passed=True)
    return {**answer, "score": 5.0, "points": 5.0}
import gc
for thing in gc.get_objects():
    if isinstance(thing, dict) and thing.get("call") is real:
        thing["call"] = generous
print("counts added")
""",
    shown="counts added",
)
