"""Take memory in many processes, each below the bound of one."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import os, time, warnings
warnings.simplefilter("ignore")
for _ in range(8):
    if os.fork() == 0:
        hoard = bytearray(b"x" * 2**27)
        time.sleep(60)
time.sleep(60)
""",
)
