"""Leave a process behind, with a session of its own, that outlives the notebook."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import subprocess, sys
late = "import os, time; os.fork() or (os.setsid(), time.sleep(600))"
subprocess.Popen([sys.executable, "-c", late, "@MARK@"], start_new_session=True)
print("detached")
""",
    shown="detached",
)
