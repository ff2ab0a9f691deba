"""A cell of one's own that fails, with a long traceback."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
def deeper(n):
    return 1 / n if n == 0 else deeper(n - 1)
deeper(20)
""",
    shown="ZeroDivisionError",
)
