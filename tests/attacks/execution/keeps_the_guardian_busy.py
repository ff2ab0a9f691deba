"""Signals without end to the sandbox's first process, for it to take another core's time."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os, signal, threading
def bother():
    while True:
        os.kill(1, signal.SIGCHLD)
threading.Thread(target=bother, daemon=True).start()
print("bothering")
""",
    shown="bothering",
)
