"""The notebook as it was released."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(NOTHING, base="stub")
