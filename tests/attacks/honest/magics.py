"""Magics: timing, shell, writing and reading files."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
%timeit -n 1 -r 1 sum(range(100))
%time x = 3
!echo shell works
with open("notes.txt", "w") as file:
    file.write("mine")
%pwd
""",
    shown="shell works",
)
