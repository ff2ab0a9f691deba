"""Ask from a pool of threads, no more often than the budget allows."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    5.0,
    """
from concurrent.futures import ThreadPoolExecutor
def capstone(oracle, x0, budget):
    with ThreadPoolExecutor(3) as pool:
        return adam(lambda x: pool.submit(oracle, x).result(), x0, budget)
""",
)
