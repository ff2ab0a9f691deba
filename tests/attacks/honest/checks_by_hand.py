"""Calls the check, the figures and the examples by hand."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
from helpers.check import check as my_check
my_check("gradient-step", lambda grad, x, alpha: x)
assert np.isclose(0.1 + 0.2, 0.3)
print("checked")
""",
    shown="checked",
)
