"""Ask for input on the stdin channel, which nobody answers, instead of returning."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
def answer(*inputs):
    return float(input("points, please: "))
try:
    input("points, please: ")
except Exception as error:
    print("refused:", type(error).__name__)
""",
    shown="refused",
)
