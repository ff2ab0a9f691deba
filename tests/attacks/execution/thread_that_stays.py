"""Leave a thread behind that goes on printing numbers into later cells."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import threading, time, sys
def shout():
    while True:
        print(5.0)
        sys.stderr.write("")
        time.sleep(0.2)
threading.Thread(target=shout, daemon=True).start()
print("thread started")
""",
    shown="thread started",
)
