"""A cell of one's own that is no Python at all."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(FULL, base="right", cell="this is a note, not code: x = = 1")
