"""End the kernel while the function is judged."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=True,
    cell="""
import os
def answer(*inputs):
    os._exit(0)
""",
)
