"""A student whose name is not ASCII."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(FULL, base="right", student="Żółć Δημήτρης 王")
