"""Hang up in the middle of the check."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import socket
def answer(*inputs):
    get_ipython().kernel.session.connection.end.shutdown(socket.SHUT_RDWR)
    return 0.0
print("ready")
""",
    shown="ready",
    attention=True,
)
