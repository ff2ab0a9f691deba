"""Ask the oracles of all other cases too, for what their budgets are worth."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import dataclasses, gc
def capstone(oracle, x0, budget):
    mine = next(t for t in gc.get_objects() if type(t).__name__ == "RemoteOracle" and t.dim == len(x0))
    for number in range(50):
        other = dataclasses.replace(mine, number=number).build()
        for _ in range(3):
            try:
                other(np.zeros(len(x0)))
            except BaseException as error:
                tried.append(type(error).__name__)
                raise
    return adam(oracle, x0, budget)
""",
    before="tried = []",
    after='print("other oracles:", sorted(set(tried)))',
    shown="other oracles:",
)
