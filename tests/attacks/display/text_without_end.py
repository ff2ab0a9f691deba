"""A message of commas and of a text that never ends, to keep its reader busy for days."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell='print("before")',
    change=lambda paper: paper.append(
        """
import struct
line = b'{"a": [' + b"1," * 1_100_000 + b'"' + b'\\\\"' * 1_500_000
get_ipython().kernel.session.connection.end.sendall(struct.pack("<I", len(line)) + line)
"""
    ),
    shown="before",
    attention=True,
)
