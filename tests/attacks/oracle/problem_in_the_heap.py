"""Look for the landscape itself in memory: a problem, a minimiser, a ledger."""

from tests.attacks.asking import Asking

# The eleven cases of the check; a twelfth call is the practice that looks at which modules are entered.
ENTRY = Asking(
    0.0,
    """
import gc
def capstone(oracle, x0, budget):
    cases.append(len(x0))
    if len(cases) > 11:
        return x0
    oracle(x0)
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Oracle", "Ledger", "Landscape"):
            loot.append(type(thing).__name__)
        if type(thing).__name__ == "Problem" and thing.dim == len(x0) and thing.minimiser is not None:
            if np.linalg.norm(oracle(thing.minimiser)) < 1e-9:
                loot.append("minimiser")
                return thing.minimiser
    return x0
""",
    before="loot, cases = [], []",
    after='print("loot:", loot, len(cases) >= 11)',
    shown="loot: [] True",
)
