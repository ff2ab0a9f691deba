"""Fork without an end."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import os, warnings
warnings.simplefilter("ignore")
while True:
    try:
        os.fork()
    except OSError:
        continue
""",
)
