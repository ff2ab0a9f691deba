"""All exercises by id, in chapter order: `EXERCISES["gradient-step"]`.

One folder per chapter, one module per exercise: what it asks, what is right, which mistakes are known, how it
is judged. To add one, write a module with an EXERCISE and name it in its chapter's `__init__`;
tests/test_exercises.py then holds it to the contract: the reference and the alternatives pass, every
misconception fails and is named, a stub scores zero.
"""

from helpers.exercises import step_size
from helpers.exercises.table import Exercise

CHAPTERS = (step_size,)

EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES
}
