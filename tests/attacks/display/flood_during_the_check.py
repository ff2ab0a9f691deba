"""A thread that prints without end while the judge is answered."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import threading
def flood():
    while True:
        print("flood" * 10_000, flush=True)
def answer(*inputs):
    if threading.active_count() < 20:
        threading.Thread(target=flood, daemon=True).start()
    return 0.0
print("ready")
""",
    shown="ready",
    attention=None,
)
