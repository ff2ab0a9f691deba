"""A cell that awaits something."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
import asyncio
await asyncio.sleep(0)
print("awaited")
""",
    shown="awaited",
)
