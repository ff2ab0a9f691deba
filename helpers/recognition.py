"""Recognise a known mistake by what it does; rather leave a mistake without a name than give it a wrong one."""

import heapq
import math
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from helpers.agreement import Fault, agree, as_numbers
from helpers.calling import Outcome
from helpers.drawn import Drawn
from helpers.exercises.table import Exercise
from helpers.plain import Odd
from helpers.report import CaseReport

Rows = Sequence[Sequence[CaseReport]]


def recognise(drawn: Drawn, rows: Rows) -> str | None:
    """Return the name of the misconception that behaves like the learner's function, or None.

    `rows` holds the reports on the cases, claim by claim. Up to the first claim that fails a misconception has
    to do in every case what the learner's function did. If that claim is the core, at least one wrong value
    has to be the same: everything can raise a TypeError or never end. If it is a later claim, where a case tells
    less, the misconception must not fail where the learner passes. Among several, the one that does the same in
    the most claims is named.
    """
    first = next(k for k, row in enumerate(rows) if any(report.fault for report in row))
    cases = _soonest_told_apart(drawn, rows, first)
    known = [(name, _claims_alike(drawn, rows, f, cases, first)) for name, f in _known(drawn.exercise)]
    # Always go on with the one that may do the same in the most claims, the first of them: if it gets to the end, no
    # other can be better, and most others were not called in the cases that take long.
    queue = [(-len(rows), place) for place in range(len(known))]
    while queue:
        place = queue[0][1]
        name, bounds = known[place]
        alike = next(bounds, None)
        if alike is None:
            return name
        if alike:
            heapq.heapreplace(queue, (-alike, place))
        else:
            heapq.heappop(queue)
    return None


def _known(exercise: Exercise) -> Iterator[tuple[str, Callable]]:
    for name, misconception in exercise.misconceptions.items():
        for function in (misconception.function, *misconception.also):
            yield name, function


def _soonest_told_apart(drawn: Drawn, rows: Rows, first: int) -> list[tuple[int, int]]:
    """All cases as (claim, case): first those that tell a mistake from most others for little work.

    Hundreds of calls or of steps come last, when few mistakes are left to try. Of cases that are about as much work,
    those come first that rule a mistake out, and of them those where the learner fails: most mistakes do not fail there.
    """

    def order(at: tuple[int, int]) -> tuple[int, bool, bool]:
        k, j = at
        case = drawn.cases[k][j]
        steps = 1 + sum(abs(value) for value in case.inputs.values() if isinstance(value, int))
        return int(math.log10(case.repeat * steps)), k > first, rows[k][j].fault is None

    every = [(k, j, report.fault) for k, row in enumerate(rows) for j, report in enumerate(row)]
    return sorted(((k, j) for k, j, fault in every if not (fault and fault.kind == "not-run")), key=order)


def _claims_alike(
    drawn: Drawn, rows: Rows, function: Callable, cases: Sequence[tuple[int, int]], first: int
) -> Iterator[int]:
    """Yield, case by case, in how many claims `function` may do what the learner's did; 0 if it is not the same mistake."""
    differing, telling = set(), first > 0
    for k, j in cases:
        if k in differing and first == 0:
            continue
        report = rows[k][j]
        outcome, fault = drawn.of_mistake(function, k, j)
        if not _alike(outcome, fault, report):
            if k <= first or (first > 0 and fault and not report.fault):
                yield 0
            differing.add(k)
        elif k == first and fault and (outcome.ok or outcome.trouble == "overspent"):
            telling = True
        yield len(rows) - len(differing)
    if not telling:
        yield 0


def _alike(outcome: Outcome, fault: Fault | None, report: CaseReport) -> bool:
    """Whether a misconception does in this case what the learner's function did."""
    if fault is None or report.fault is None:
        return fault is report.fault
    if fault.kind != report.fault.kind:
        return False
    if outcome.trouble == "raised":
        return _without_numbers(outcome.sentence) == _without_numbers(report.outcome.sentence)
    if fault.kind.split("-")[0] in ("value", "shape", "nan", "type", "complex"):
        return _same(outcome.returned, report.outcome.returned)
    return True


def _without_numbers(sentence: str) -> str:
    return re.sub(r"\d+", "0", sentence)


def _same(one: object, other: object) -> bool:
    if isinstance(one, Odd) and isinstance(other, Odd):
        return one.kind == other.kind
    if isinstance(one, (str, bool)) or isinstance(other, (str, bool)):
        return type(one) is type(other) and one == other
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        return all(_same(*pair) for pair in zip(one, other, strict=True))
    first, second = as_numbers(one), as_numbers(other)
    faults = [fault for fault in (first, second) if isinstance(fault, Fault)]
    if [fault.kind for fault in faults] == ["complex", "complex"]:
        return _same(np.real(one), np.real(other)) and _same(np.imag(one), np.imag(other))
    if faults:  # with an array on the other side there is nothing to compare
        return len(faults) == 2 and first == second
    return first.shape == second.shape and agree(second, first)
