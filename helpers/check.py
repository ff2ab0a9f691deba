"""Judge a learner's function: `check("gradient-step", gradient_step)`.

`judge` does the work and does not care where the function runs: it draws the cases, hands them to a
`run` that returns one `Outcome` per case, and compares with its own reference. `check` runs the function
right here; grading runs it in a sandbox and judges from outside.
"""

import dataclasses
import difflib
import types
from collections.abc import Callable, Iterator, Sequence

from helpers.agreement import a_kind
from helpers.calling import SECONDS, Outcome, call, random_state_kept
from helpers.drawn import Drawn, draw
from helpers.exercises import EXERCISES
from helpers.exercises.table import Case, Exercise
from helpers.recognition import recognise
from helpers.report import CaseReport, ClaimReport, Report
from helpers.time_limit import Stopwatch

__all__ = ["CaseReport", "ClaimReport", "Report", "check", "judge", "judge_drawn", "run_here"]

Run = Callable[[Sequence[Case]], Sequence[Outcome]]


def check(exercise: str, function: Callable, seed: int | None = None) -> Report:
    """Return the `Report` on a learner's `function` for the exercise with this id.

    The cases are drawn when the check runs (`seed` repeats a draw). The function gets copies of everything,
    so nothing the learner holds is changed, and settings and global random generators are put back. The whole
    check is stopped after a few seconds if the function does not come back: by a signal on Linux and macOS,
    by an interrupt of the main thread on Windows, by an exception raised in the thread elsewhere
    (`helpers.time_limit`); the kernel stays usable. Nothing is raised for what the function does, nor for a
    wrong id: the report says it.

    >>> from helpers.descent import gradient_step
    >>> check("gradient-step", gradient_step).passed
    True
    >>> check("gradient-stop", gradient_step).refusal
    'There is no exercise "gradient-stop". Did you mean "gradient-step"?'
    """
    if not isinstance(exercise, str) or exercise not in EXERCISES:
        return Report(_as_id(exercise), 0, refusal=_unknown(exercise, function))
    found = EXERCISES[exercise]
    if not callable(function) or isinstance(function, type):
        refusal = _no_function(found, function)
        return Report(exercise, found.points, refusal=refusal, signature=found.signature)
    return judge(found, lambda cases: run_here(function, cases), seed)


def run_here(function: Callable, cases: Sequence[Case], seconds: float = SECONDS) -> list[Outcome]:
    """Return the outcome of every case, all within `seconds` (of `Stopwatch`); after one that is too slow none is tried."""
    outcomes: list[Outcome] = []
    watch = Stopwatch()
    with random_state_kept():
        for case in cases:
            if outcomes and outcomes[-1].trouble in ("too-slow", "not-run"):
                sentence = "not tried, because an earlier case was stopped"
                outcomes.append(Outcome(trouble="not-run", sentence=sentence))
                continue
            left = max(0.05, seconds - watch.seconds())
            outcome = call(function, case.inputs, left, case.repeat)
            if outcome.trouble == "too-slow" and left < seconds / 2:
                outcome = dataclasses.replace(outcome, sentence=_slow_altogether(seconds))
            outcomes.append(outcome)
    return outcomes


def judge(exercise: Exercise, run: Run, seed: int | None = None) -> Report:
    """Return the `Report` on the function that `run` calls.

    A claim holds if all its cases do. Without the core claim, the first, nothing is earned.
    """
    return judge_drawn(draw(exercise, seed), run)


def judge_drawn(drawn: Drawn, run: Run) -> Report:
    """Return the `Report` on the function that `run` calls, on cases that are drawn already."""
    exercise = drawn.exercise
    outcomes = iter(run([case for row in drawn.cases for case in row]))
    claims = tuple(
        ClaimReport(claim.title, points, _judged(drawn, k, outcomes))
        for k, (claim, points) in enumerate(zip(exercise.claims, exercise.shares, strict=True))
    )
    every = [case for claim in claims for case in claim.cases]
    attempted = any(case.outcome.trouble != "not-attempted" for case in every)
    name = None
    if attempted and not all(claim.passed for claim in claims):
        with random_state_kept():  # some known mistakes draw from the global generators
            name = recognise(drawn, [claim.cases for claim in claims])
    return Report(
        exercise.id,
        exercise.points,
        round(sum(claim.points for claim in claims if claim.passed), 2) if claims[0].passed else 0.0,
        claims,
        name,
        exercise.misconceptions[name].hint if name else "",
        _remarks(every),
        printed=next((case.outcome.printed for case in every if case.outcome.printed), ""),
        attempted=attempted,
        signature=exercise.signature,
    )


def _judged(drawn: Drawn, claim: int, outcomes: Iterator[Outcome]) -> tuple[CaseReport, ...]:
    reports = []
    for j, (case, expected) in enumerate(zip(drawn.cases[claim], drawn.expected[claim], strict=True)):
        outcome = next(outcomes)
        reports.append(CaseReport(case, outcome, expected, drawn.verdict(claim, j, outcome)))
    return tuple(reports)


def _remarks(every: Sequence[CaseReport]) -> tuple[str, ...]:
    if any(case.fault and case.fault.kind == "changed" for case in every):
        return ()
    name = next((case.outcome.changed[0] for case in every if case.outcome.changed), None)
    if name is None:
        return ()
    return (
        f"Your function changes its argument {name} in place. Here it costs nothing, but whoever "
        f"calls it loses their {name}: work on a copy.",
    )


def _slow_altogether(seconds: float) -> str:
    return (
        f"your function was stopped: the cases of this check together took longer than {seconds:.2g} seconds, "
        "and a fraction of one is enough. Look for a loop that runs far too often, or never ends here"
    )


def _as_id(exercise: object) -> str:
    return exercise if isinstance(exercise, str) else a_kind(exercise)


def _unknown(exercise: object, function: object) -> str:
    if not isinstance(exercise, str):
        example = function if isinstance(function, str) else next(iter(EXERCISES))
        return (
            f"check needs the exercise's name first, as a text, and got {a_kind(exercise)}: "
            f'write check("{example}", your_function).'
        )
    close = difflib.get_close_matches(exercise.lower().replace("_", "-").strip(), EXERCISES, n=1)
    if close:
        return f'There is no exercise "{exercise}". Did you mean "{close[0]}"?'
    return f'There is no exercise "{exercise}". The exercises are: {", ".join(EXERCISES)}.'


def _no_function(exercise: Exercise, thing: object) -> str:
    name = exercise.signature.split("(")[0]
    wanted = f'write check("{exercise.id}", {name})'
    if isinstance(thing, str):
        return f"check needs your function itself, and got a text: {wanted}, without quotation marks around {name}."
    if isinstance(thing, (type, types.ModuleType)):
        kind = "class" if isinstance(thing, type) else "module"
        return f"check needs your function itself, and got the {kind} {thing.__name__}: {wanted}."
    return f"check needs your function itself, and got {a_kind(thing)}: {wanted}, without calling {name}."
