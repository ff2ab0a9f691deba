"""Send questions without waiting for answers, as fast as can be."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import gc
def capstone(oracle, x0, budget):
    line = next(t for t in gc.get_objects() if type(t).__name__ == "QuestionLine")
    while True:
        line.send([b"x" * 20, bytes(8 * len(x0))])
""",
    attention=None,
)
