"""Look through all objects for a counter or a budget and turn it back, then spend twenty budgets."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import gc
def capstone(oracle, x0, budget):
    for thing in gc.get_objects():
        names = getattr(type(thing), "__dataclass_fields__", {})
        for name in ("calls", "budget", "number", "serial"):
            if name in names or name in getattr(thing, "__dict__", {}):
                value = 10**9 if name == "budget" else 0
                try:
                    object.__setattr__(thing, name, value)
                    found.add(name)
                except Exception:
                    pass
    try:
        return walk(oracle, x0, budget)
    except RuntimeError:
        return x0
""",
    before="found = set()",
    after='print("turned back:", sorted(found))',
    shown="turned back:",
)
