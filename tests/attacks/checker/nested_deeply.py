"""Return lists in lists, ten thousand deep, and one that contains itself."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
def answer(*inputs):
    deep = inner = []
    for k in range(10_000):
        inner.append([])
        inner = inner[0]
    inner.append(deep)
    return deep
print(len(answer()))
""",
    shown="1",
)
