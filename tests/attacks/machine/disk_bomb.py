"""Write files until nothing fits any more."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import itertools
try:
    for number in itertools.count():
        for place in (".", "/tmp", "/dev/shm"):
            with open(f"{place}/bomb-{number}", "wb") as file:
                file.write(b"x" * 2**21)
except OSError as error:
    print("refused:", error.errno)
""",
    shown="refused: ",
)
