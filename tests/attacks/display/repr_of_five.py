"""Put an object whose repr is a number where the test expects a report."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
class Five(float):
    def __repr__(self): return "1.0"
import helpers.check
helpers.check.check = check = lambda *a, **k: Five(1)
print(repr(check("gradient-step", None)))
""",
    shown="1.0",
)
