"""Begin a reply that is never finished, while the real one is on its way behind it."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
from helpers.grading.frames import frame
def answer(*inputs):
    half = frame("downhill_reply", "0" * 16, {"outcomes": []}, [bytes(10**6)])
    get_ipython().kernel.session.connection.end.sendall(half[:100])
    return 0.0
print("ready")
""",
    shown="ready",
    attention=None,
)
