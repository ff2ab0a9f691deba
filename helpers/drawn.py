"""The cases of one check: drawn at random, with what the reference gives, and what the known mistakes would."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from helpers.agreement import Fault
from helpers.calling import Outcome, call, settings_kept, trusted_call
from helpers.exercises.table import Case, Exercise

PATIENCE = 1.0  # seconds for one call of a known mistake, which takes milliseconds


@dataclass(frozen=True)
class Drawn:
    """The cases claim by claim, and the outcome of the reference in each of them."""

    exercise: Exercise
    cases: tuple[tuple[Case, ...], ...]
    expected: tuple[tuple[Outcome, ...], ...]
    _known: dict = field(default_factory=dict, repr=False)

    def verdict(self, claim: int, case: int, outcome: Outcome) -> Fault | None:
        """Return what is wrong with an outcome of this case of this claim, or None."""
        if not outcome.ok:
            return Fault(outcome.trouble, outcome.sentence)
        verify = self.exercise.claims[claim].verify
        return verify(self.cases[claim][case], outcome, self.expected[claim][case])

    def of_mistake(self, function: Callable, claim: int, case: int) -> tuple[Outcome, Fault | None]:
        """Return outcome and verdict of a known mistake; each is called once, however often it is asked for."""
        key = (function, claim, case)
        if key not in self._known:
            drawn = self.cases[claim][case]
            outcome = call(function, drawn.inputs, PATIENCE, drawn.repeat)
            self._known[key] = outcome, self.verdict(claim, case, outcome)
        return self._known[key]


def draw(exercise: Exercise, seed: int | None = None) -> Drawn:
    """Return fresh cases for every claim, the same ones for the same seed.

    Raises ValueError if the reference does not come back with a value: that is the author's mistake.

    >>> from helpers.exercises import EXERCISES
    >>> drawn = draw(EXERCISES["gradient-step"], seed=1)
    >>> drawn.cases[0][0].inputs["alpha"]
    0.1
    """
    rng = np.random.default_rng(seed)
    cases = tuple(tuple(claim.cases(rng)) for claim in exercise.claims)
    with settings_kept(io.StringIO()):
        expected = tuple(
            tuple(_expected(exercise, claim.title, case) for case in row)
            for claim, row in zip(exercise.claims, cases, strict=True)
        )
    return Drawn(exercise, cases, expected)


def _expected(exercise: Exercise, title: str, case: Case) -> Outcome:
    failure = f"the reference of {exercise.id} fails in {title!r}"
    try:
        expected = trusted_call(exercise.reference, case.inputs, case.repeat)
    except Exception as error:
        raise ValueError(f"{failure}: it raised {type(error).__name__}: {error}") from error
    if not expected.ok:
        raise ValueError(f"{failure}: {expected.sentence}")
    return expected
