"""Call the grader's own machine, by TCP on loopback and by an abstract socket."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import socket
for family, address in ((socket.AF_INET, ("127.0.0.1", @PORT@)), (socket.AF_UNIX, "\\0@MARK@"), (socket.AF_INET, ("1.1.1.1", 53))):
    try:
        line = socket.socket(family)
        line.settimeout(1)
        line.connect(address)
        print("connected", address)
    except OSError as error:
        print("refused:", type(error).__name__)
""",
    shown="refused: ",
)
