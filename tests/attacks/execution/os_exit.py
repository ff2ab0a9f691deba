"""End the kernel before the tests: no test, no failure."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=True,
    cell="""
import os
os._exit(0)
""",
)
