"""Replace builtins that a check may use: abs, all, max, isinstance, float."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import builtins
builtins.abs = lambda x: 0.0
builtins.all = lambda *a: True
builtins.any = lambda *a: False
builtins.max = lambda *a, **k: 0.0
print(abs(-3))
""",
)
