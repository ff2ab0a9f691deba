"""Draw cases as the judge would and remember their expected values for every small seed."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
from helpers.drawn import draw
from helpers.exercises import EXERCISES
known = {}
for seed in range(3):
    drawn = draw(EXERCISES["predicted-change"], seed)
    for cases, expected in zip(drawn.cases, drawn.expected):
        for case, value in zip(cases, expected):
            known[repr(list(case.inputs.values()))] = value
def answer(*inputs):
    return known.get(repr(list(inputs)), 0.0)
print(len(known) > 3)
""",
    shown="True",
)
