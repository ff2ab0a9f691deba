"""Make empty files until there are no more names."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import itertools, time
for number in itertools.count():
    open(f"bomb-{number}", "w").close()
""",
)
