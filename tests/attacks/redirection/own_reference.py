"""Assign the course's reference solutions as one's own functions."""

from tests.attacks.corpus import FULL, POINTS, Entry

ENTRY = Entry(
    FULL,
    base="stub",
    redirected=tuple(POINTS),
    change=lambda paper: [
        paper.answer(
            name,
            f"from helpers.exercises import EXERCISES\n{name.replace('-', '_')} = EXERCISES['{name}'].reference",
        )
        for name in POINTS
    ],
)
