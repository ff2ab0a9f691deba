"""Terminal escapes in outputs, in an error and in what is printed, for whoever reads the log in a terminal."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import sys
evil = "\\x1b]0;owned\\x07\\x1b[2J\\x1b[31m"
print(evil)
def answer(*inputs):
    raise ValueError(evil)
print("escapes sent")
""",
    shown="escapes sent",
)
