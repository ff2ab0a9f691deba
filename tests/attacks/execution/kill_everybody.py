"""Kill every process that can be seen, the guardian included."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=True,
    cell="""
import os, signal
for number in (signal.SIGKILL, signal.SIGTERM):
    try:
        os.kill(1, number)
        os.kill(-1, number)
    except OSError as error:
        print(error)
os.kill(os.getpid(), signal.SIGKILL)
""",
)
