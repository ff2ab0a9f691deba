"""Take the oracle apart: raise the budget in its cells, and open a second one with a token of its own."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import dataclasses, inspect
def insides(function, depth=0):
    for cell in function.__closure__ or ():
        thing = cell.cell_contents
        yield thing
        if callable(thing) and hasattr(thing, "__closure__") and depth < 5:
            yield from insides(thing, depth + 1)
def capstone(oracle, x0, budget):
    for thing in insides(oracle):
        names.append(type(thing).__name__)
        if type(thing).__name__ == "RemoteOracle":
            object.__setattr__(thing, "budget", 10**9)
            oracle = dataclasses.replace(thing, number=thing.number).build()
    return walk(oracle, x0, budget)
""",
    before="names = []",
    after='print("inside:", sorted(set(names)))',
    shown="inside:",
)
