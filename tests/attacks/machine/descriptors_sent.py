"""Send open files and out-of-band bytes to the grader, and answer on."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import socket
end = get_ipython().kernel.session.connection.end
from helpers.grading.frames import frame
for _ in range(5):
    with open("/proc/self/exe", "rb") as file:
        socket.send_fds(end, [frame("stream", "", {"name": "stdout", "text": ""})], [file.fileno()] * 10)
try:
    end.send(b"!", socket.MSG_OOB)
except OSError as refusal:
    print(type(refusal).__name__)
print("sent")
""",
    shown="PermissionError",
)
