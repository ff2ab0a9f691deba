"""Judge a learner's function: `check("gradient-step", gradient_step)`.

`judge` does the work and does not care where the function runs: it draws the cases, hands them to a
`run` that returns one `Outcome` per case, and compares with its own reference. `check` runs the function
right here; grading runs it in a sandbox and judges from outside.
"""

import difflib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from helpers import card
from helpers.agreement import Fault, agree, as_numbers
from helpers.calling import SECONDS, Outcome, call
from helpers.exercises import EXERCISES
from helpers.exercises.table import Case, Claim, Exercise

Run = Callable[[Sequence[Case]], Sequence[Outcome]]


@dataclass(frozen=True)
class CaseReport:
    """One case: what went in, what came back, what was expected, and the fault if there is one."""

    case: Case
    outcome: Outcome
    expected: Outcome
    fault: Fault | None

    @property
    def inputs(self) -> dict[str, object]:
        """The inputs by name; functions as their descriptions."""
        return dict(self.case.inputs)

    @property
    def returned(self) -> object:
        """What the learner's function returned, None where it did not."""
        return self.outcome.returned


@dataclass(frozen=True)
class ClaimReport:
    """One claim: its title, the points it is worth, whether it holds, its cases."""

    title: str
    points: float
    cases: tuple[CaseReport, ...]

    @property
    def passed(self) -> bool:
        """Whether every case holds."""
        return all(case.fault is None for case in self.cases)

    @property
    def smallest_failure(self) -> CaseReport | None:
        """The failing case with the fewest numbers to look at."""
        failures = [case for case in self.cases if case.fault]
        return min(failures, key=lambda failure: _size(failure.case), default=None)


@dataclass(frozen=True)
class Report:
    """What `check` found. In a notebook it shows as a card; its text is the number of points.

    The text is what stock nbgrader reads as the score. `print(report)` gives the card in words.
    """

    exercise: str
    points: float
    score: float = 0.0
    claims: tuple[ClaimReport, ...] = ()
    misconception: str | None = None
    hint: str = ""
    remarks: tuple[str, ...] = ()
    refusal: str = ""
    printed: str = ""
    attempted: bool = True
    signature: str = field(default="", repr=False)

    @property
    def passed(self) -> bool:
        """Whether all points were earned."""
        return not self.refusal and self.attempted and all(claim.passed for claim in self.claims)

    @property
    def first_failure(self) -> CaseReport | None:
        """The smallest failing case of the first claim that does not hold."""
        return next((claim.smallest_failure for claim in self.claims if not claim.passed), None)

    def __repr__(self) -> str:
        return f"{self.score:g}"

    def __str__(self) -> str:
        return card.as_text(self)

    def _repr_html_(self) -> str:
        return card.as_html(self)


def check(exercise: str, function: Callable, seed: int | None = None) -> Report:
    """Return the `Report` on a learner's `function` for the exercise with this id.

    The cases are drawn when the check runs (`seed` repeats a draw). The function gets copies of everything,
    so nothing the learner holds is changed. The whole check is stopped after a few seconds if the function
    does not come back: by a signal on Linux and macOS, by an interrupt of the main thread on Windows, by an
    exception raised in the thread elsewhere (`helpers.time_limit`); the kernel stays usable. Nothing is
    raised for what the function does, nor for a wrong id: the report says it.

    >>> from helpers.descent import gradient_step
    >>> check("gradient-step", gradient_step).passed
    True
    >>> check("gradient-stop", gradient_step).refusal
    'There is no exercise "gradient-stop". Did you mean "gradient-step"?'
    """
    if not isinstance(exercise, str) or exercise not in EXERCISES:
        return Report(str(exercise), 0, refusal=_unknown(exercise))
    found = EXERCISES[exercise]
    if not callable(function):
        sentence = (
            f"check needs your function itself, and got {_a_kind(function)}: write "
            f'check("{exercise}", {_name(found)}), without calling it.'
        )
        return Report(exercise, found.points, refusal=sentence, signature=found.signature)
    return judge(found, lambda cases: run_here(function, cases), seed)


def run_here(function: Callable, cases: Sequence[Case], seconds: float = SECONDS) -> list[Outcome]:
    """Return the outcome of every case, all within `seconds`; after one that is too slow none is tried."""
    outcomes: list[Outcome] = []
    end = time.monotonic() + seconds
    for case in cases:
        if outcomes and outcomes[-1].trouble in ("too-slow", "not-run"):
            outcomes.append(
                Outcome(trouble="not-run", sentence="not tried, because an earlier case was stopped")
            )
        else:
            left = max(0.05, end - time.monotonic())
            outcomes.append(call(function, case.inputs, left, case.repeat))
    return outcomes


def judge(exercise: Exercise, run: Run, seed: int | None = None) -> Report:
    """Return the `Report` on the function that `run` calls.

    A claim holds if all its cases do. Without the core claim, the first, nothing is earned.
    """
    rng = np.random.default_rng(seed)
    drawn = [list(claim.cases(rng)) for claim in exercise.claims]
    outcomes = iter(run([case for cases in drawn for case in cases]))
    rows = [
        [
            _report(claim, case, next(outcomes), call(exercise.reference, case.inputs, repeat=case.repeat))
            for case in cases
        ]
        for claim, cases in zip(exercise.claims, drawn, strict=True)
    ]
    claims = tuple(
        ClaimReport(claim.title, points, tuple(row))
        for claim, points, row in zip(exercise.claims, exercise.shares, rows, strict=True)
    )
    every = [report for row in rows for report in row]
    attempted = any(report.outcome.trouble != "not-attempted" for report in every)
    score = round(sum(claim.points for claim in claims if claim.passed), 2) if claims[0].passed else 0.0
    name = _recognise(exercise, rows) if attempted and not all(claim.passed for claim in claims) else None
    return Report(
        exercise.id,
        exercise.points,
        score,
        claims,
        name,
        exercise.misconceptions[name].hint if name else "",
        _remarks(every),
        printed=next((report.outcome.printed for report in every if report.outcome.printed), ""),
        attempted=attempted,
        signature=exercise.signature,
    )


def _expected(exercise: Exercise, case: Case) -> Outcome:
    return call(exercise.reference, case.inputs, repeat=case.repeat)


def _report(claim: Claim, case: Case, outcome: Outcome, expected: Outcome) -> CaseReport:
    sound = outcome.ok
    fault = claim.verify(case, outcome, expected) if sound else Fault(outcome.trouble, outcome.sentence)
    return CaseReport(case, outcome, expected, fault)


def _remarks(every: Sequence[CaseReport]) -> tuple[str, ...]:
    for report in every:
        if report.outcome.changed and not (report.fault and report.fault.kind == "changed"):
            name = report.outcome.changed[0]
            return (
                f"Your function changes its argument {name} in place. Here it costs nothing, but whoever "
                f"calls it loses their {name}: work on a copy.",
            )
    return ()


def _recognise(exercise: Exercise, rows: Sequence[Sequence[CaseReport]]) -> str | None:
    """Return the name of the misconception whose behaviour is the learner's, or None.

    Claim by claim, a misconception behaves like the learner's function if it does so in every case. It has to
    in the first claim that fails; the one that does in the most claims is named.
    """
    first = next(k for k, row in enumerate(rows) if any(report.fault for report in row))
    best, most = None, 0
    for name, misconception in exercise.misconceptions.items():
        for function in (misconception.function, *misconception.also):
            alike = [
                all(_alike(claim, function, report) for report in row)
                for claim, row in zip(exercise.claims, rows, strict=True)
            ]
            if alike[first] and sum(alike) > most:
                best, most = name, sum(alike)
    return best


def _alike(claim: Claim, function: Callable, report: CaseReport) -> bool:
    """Whether a misconception does in this case what the learner's function did."""
    outcome = call(function, report.case.inputs, repeat=report.case.repeat)
    theirs = _report(claim, report.case, outcome, report.expected).fault
    if report.fault is None or theirs is None:
        return report.fault is theirs
    if report.fault.kind != theirs.kind:
        return False
    if outcome.trouble or report.outcome.trouble:
        return outcome.error == report.outcome.error
    if report.fault.kind.split("-")[0] in ("value", "shape", "nan"):
        return _same(outcome.returned, report.outcome.returned)
    return True


def _same(one: object, other: object) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        return all(_same(*pair) for pair in zip(one, other, strict=True))
    first, second = as_numbers(one), as_numbers(other)
    if isinstance(first, Fault) or isinstance(second, Fault):
        return type(first) is type(second)
    return first.shape == second.shape and agree(second, first)


def _size(case: Case) -> int:
    return sum(
        np.size(value) for value in case.inputs.values() if isinstance(value, (np.ndarray, float, int))
    )


def _name(exercise: Exercise) -> str:
    return exercise.signature.split("(")[0]


def _unknown(exercise: object) -> str:
    close = difflib.get_close_matches(str(exercise), EXERCISES, n=1)
    if close:
        return f'There is no exercise "{exercise}". Did you mean "{close[0]}"?'
    return f'There is no exercise "{exercise}". The exercises are: {", ".join(EXERCISES)}.'


def _a_kind(thing: object) -> str:
    kind = type(thing).__name__
    return ("an " if kind[0] in "aeiou" else "a ") + kind
