"""Work in place, on the answers and on the point that was asked about."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    5.0,
    """
def capstone(oracle, x0, budget):
    def mine(x):
        y = x.copy()
        g = oracle(y)
        y[:] = np.nan
        h = g.copy()
        g *= 0
        return h
    return adam(mine, x0, budget).tolist()
""",
)
