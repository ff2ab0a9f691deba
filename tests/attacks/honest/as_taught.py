"""The solution as the instructor wrote it."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(FULL, base="right")
