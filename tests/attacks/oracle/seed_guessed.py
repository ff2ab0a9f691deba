"""Draw the exercise's cases again, for many seeds, and compare the starts."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
from helpers.applications import capstone as theirs
def capstone(oracle, x0, budget):
    for seed in range(300):
        for power in (None, (-3.0, -2.5)):
            land = theirs.draw("bowl", np.random.default_rng(seed), power)
            if np.array_equal(land.x0, x0):
                found.append(seed)
                return land.problem.minimiser
    return x0
""",
    before="found = []",
    after='print("seeds:", found)',
    shown="seeds: []",
    redirected=True,
)
