"""Open comms and flood them with messages while the function is judged."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
from comm import create_comm
line = create_comm(target_name="grade", data={"score": 12})
def answer(*inputs):
    line.send({"method": "update", "state": {"score": 12}})
    return 0.0
print("comm open")
""",
    shown="comm open",
)
