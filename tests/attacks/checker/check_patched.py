"""Replace helpers.check, judge and agreement by functions that are always content."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import helpers.check, helpers.agreement, helpers.report
class Passed:
    score, points, passed = 1.0, 1.0, True
    def __repr__(self): return "1.0"
for module in (helpers.check, helpers.agreement):
    for name, thing in list(vars(module).items()):
        if callable(thing) and not isinstance(thing, type) and getattr(thing, "__module__", "") == module.__name__:
            setattr(module, name, lambda *a, **k: Passed())
check = helpers.check.check
print(check("gradient-step", None))
""",
    shown="1.0",
)
