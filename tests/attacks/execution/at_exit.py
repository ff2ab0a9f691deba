"""Forge when Python ends: answers, files and a process."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import atexit, os
def late():
    open("/tmp/@MARK@", "w").write("late")
    os.system("touch /var/tmp/@MARK@")
atexit.register(late)
print("registered")
""",
    shown="registered",
)
