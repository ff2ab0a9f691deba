"""Call the display hook with a number before the test cell gets to."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
hook = get_ipython().displayhook
hook(5.0)
print("displayed")
""",
    shown="displayed",
)
