"""What an exercise is made of: points, right answers, known mistakes, and the claims that judge it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from helpers.agreement import Fault, as_numbers, compare
from helpers.calling import Outcome


@dataclass(frozen=True)
class Case:
    """One call: `inputs` by name, in the order of the signature; `note` says what is special about it.

    Inputs are plain numbers, texts and arrays, or descriptions (`Given`, `RandomSource`) that are built where
    the call happens. `repeat` passes the same arguments several times (for generators). `facts` is what
    `verify` may want to know and the learner's function does not get.
    """

    inputs: Mapping[str, object]
    note: str = ""
    repeat: int = 1
    shown: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)


def agrees(case: Case, outcome: Outcome, expected: Outcome) -> Fault | None:
    """Judge a case by its value: it agrees with the reference's."""
    if case.repeat == 1:
        return compare(outcome.returned, expected.returned)
    for returned, right in zip(outcome.returned, expected.returned, strict=True):
        fault = compare(returned, right)
        if fault:
            return fault
    return None


def leaves_arguments_alone(case: Case, outcome: Outcome, expected: Outcome) -> Fault | None:
    """Judge a case by what happened to its arguments: nothing was changed in place."""
    if not outcome.changed:
        return None
    name = outcome.changed[0]
    return Fault("changed", f"your function changed its argument {name} in place; the caller still needs it")


def agrees_uncut(case: Case, outcome: Outcome, expected: Outcome) -> Fault | None:
    """Judge a case by its value; whole numbers in place of fractions, however they were cut, are one kind of fault."""
    fault = agrees(case, outcome, expected)
    if fault is None or not fault.kind.startswith("value"):
        return fault
    parts = outcome.returned if isinstance(expected.returned, tuple) else (outcome.returned,)
    whole = all(
        isinstance(part, np.ndarray) and (part == np.round(part)).all() for part in map(as_numbers, parts)
    )
    return Fault("value: whole", fault.sentence) if whole else fault


Verify = Callable[[Case, Outcome, Outcome], Fault | None]


@dataclass(frozen=True)
class Claim:
    """A sentence about the learner's function that holds or does not, and its share of the points.

    `cases(rng)` draws the cases. `verify(case, outcome, expected)` judges one; by default the value has to
    agree with the reference's. Shares are relative; the core claim (the first) is worth at least half.
    """

    title: str
    share: float
    cases: Callable[[np.random.Generator], Sequence[Case]]
    verify: Verify = agrees


@dataclass(frozen=True)
class Misconception:
    """A known mistake: a function that makes it, and the hint for a learner whose function behaves like it.

    `also` holds other ways to make the same mistake that come out differently.
    """

    function: Callable
    hint: str
    also: tuple[Callable, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise: what it asks, what is right, what is known to be wrong, how it is judged.

    `may_call` names modules of the course that an answer may call: elsewhere that is reported as not written. Each is
    named in full; a package does not stand for its modules.
    """

    id: str
    chapter: str
    points: float
    signature: str
    reference: Callable
    alternatives: tuple[Callable, ...]
    misconceptions: Mapping[str, Misconception]
    claims: tuple[Claim, ...]
    may_call: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shares = [claim.share for claim in self.claims]
        if shares[0] < sum(shares) / 2:
            raise ValueError(f"{self.id}: the core claim needs at least half of the shares, got {shares}")

    @property
    def shares(self) -> tuple[float, ...]:
        """The points of each claim, to the hundredth; they add up to `points` exactly."""
        total = sum(claim.share for claim in self.claims)
        rest = [math.floor(100 * self.points * claim.share / total) / 100 for claim in self.claims[1:]]
        return (round(self.points - sum(rest), 2), *rest)
