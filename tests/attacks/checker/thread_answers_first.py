"""A thread that takes the judge's requests off the socket and answers in the kernel's name."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import threading
from helpers.grading.frames import Frames, frame
connection = get_ipython().kernel.session.connection
def outcome(value):
    said = dict.fromkeys(("sentence", "where", "error", "printed"), "")
    return {"returned": value, "trouble": None, "changed": [], **said}
def steal():
    frames, taken = Frames(), 0
    while True:
        for asked in frames.feed(connection.end.recv(2**20)):
            if asked["kind"] == "downhill_request":
                found = [outcome({"float": "0x0p+0"}) for _ in asked["content"]["cases"]]
                connection.send(frame("downhill_reply", asked["id"], {"outcomes": found, "entered": [], "points": 9}))
            connection.send(frame("execute_reply", asked["id"], {"status": "ok", "execution_count": 1}))
            connection.send(frame("status", asked["id"], {"execution_state": "idle"}))
threading.Thread(target=steal, daemon=True).start()
print("stealing")
""",
    shown="stealing",
    attention=None,
)
