"""Choose a method of the course for round bowls, and write what is needed elsewhere: not reported as copied."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    5.0,
    """
from helpers.momentum import heavy_ball
def capstone(oracle, x0, budget):
    if len(x0) == 3 and np.issubdtype(np.asarray(x0).dtype, np.integer):
        return heavy_ball(oracle, x0, 0.3, 0.1, budget)[-1]
    return adam(oracle, x0, budget)
""",
)
