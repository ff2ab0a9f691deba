"""A student's name with spaces, dots and a path in it."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(FULL, base="right", student="zoe ..%2f..%2f $HOME;-- ")
