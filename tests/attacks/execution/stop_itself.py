"""Stop the kernel's process: it lives and never answers."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=True,
    cell="""
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
""",
)
