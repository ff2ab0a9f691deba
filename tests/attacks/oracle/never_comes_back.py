"""Ask a few times and then sleep: the time of the check ends it."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import time
def capstone(oracle, x0, budget):
    oracle(x0)
    time.sleep(1000)
""",
)
