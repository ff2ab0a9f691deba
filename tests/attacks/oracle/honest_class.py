"""A class that keeps count itself, prints, and leaves calls unspent."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    5.0,
    """
class Careful:
    def __init__(self, oracle, budget):
        self.oracle, self.left = oracle, budget
    def __call__(self, x):
        self.left -= 1
        return self.oracle(x)
def capstone(oracle, x0, budget):
    careful = Careful(oracle, budget)
    end = adam(careful, x0, budget - 3)
    print("left", careful.left)
    return end
""",
)
