"""Send questions while no check runs: nobody answers, and the check goes on as for everybody."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    5.0,
    "def capstone(oracle, x0, budget):\n    return adam(oracle, x0, budget)",
    before="""
from helpers.grading.frames import frame
connection = get_ipython().kernel.session.connection
for number in range(200):
    connection.send(frame("downhill_question", "mine", {}, [b"x" * 20, bytes(16)]))
print("questions sent")
""",
    shown="questions sent",
)
