"""Fork the kernel: parent and child both serve the sockets, two answers for every question."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import os, warnings
warnings.simplefilter("ignore")
def answer(*inputs):
    os.fork()
    return 0.0
print("ready to fork")
""",
    shown="ready to fork",
)
