"""Recognise a known mistake by what it does; rather leave a mistake without a name than give it a wrong one."""

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
    best, most = None, 0
    for name, function in _known(drawn.exercise):
        alike = _claims_alike(drawn, rows, function, first)
        if alike > most:
            best, most = name, alike
    return best


def _known(exercise: Exercise) -> Iterator[tuple[str, Callable]]:
    for name, misconception in exercise.misconceptions.items():
        for function in (misconception.function, *misconception.also):
            yield name, function


def _claims_alike(drawn: Drawn, rows: Rows, function: Callable, first: int) -> int:
    """The number of claims in which `function` does what the learner's did; 0 if it is not the same mistake."""
    alike, telling = 0, first > 0
    # The failing claim first: most mistakes differ in it, at the first case.
    for k in (first, *(k for k in range(len(rows)) if k != first)):
        same = True
        for j, report in enumerate(rows[k]):
            if report.fault and report.fault.kind == "not-run":
                continue
            outcome, fault = drawn.of_mistake(function, k, j)
            if not _alike(outcome, fault, report):
                same = False
                if k <= first or (first > 0 and fault and not report.fault):
                    return 0
            elif k == first and fault and (outcome.ok or outcome.trouble == "overspent"):
                telling = True
        if k == first and not telling:
            return 0
        alike += same
    return alike


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
    if np.iscomplexobj(one) and np.iscomplexobj(other):
        return _same(np.real(one), np.real(other)) and _same(np.imag(one), np.imag(other))
    first, second = as_numbers(one), as_numbers(other)
    if isinstance(first, Fault) or isinstance(second, Fault):
        return first == second
    return first.shape == second.shape and agree(second, first)
