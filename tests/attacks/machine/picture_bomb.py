"""Show pictures of many megabytes."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
from IPython.display import display
while True:
    display({"image/png": "A" * 2**20}, raw=True)
""",
)
