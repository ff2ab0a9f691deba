"""What a check found: cases, claims, points, and the report that a notebook shows as a card."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from helpers import card
from helpers.agreement import Fault
from helpers.calling import Given, Outcome, RandomSource
from helpers.exercises.table import Case

MOST_IN_FULL = 1000  # entries of an array that `as_dict` writes out


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

    @property
    def effort(self) -> int:
        """How many numbers somebody who redoes the case by hand has to look at, roughly."""
        return sum(map(_effort, self.case.inputs.values())) + _effort(self.expected.returned)


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
        """The failing case that is the least work to redo; one that was not run only if there is no other."""
        failures = [case for case in self.cases if case.fault]
        return min(failures, key=lambda case: (case.fault.kind == "not-run", case.effort), default=None)


@dataclass(frozen=True)
class Report:
    """What `check` found. In a notebook it shows as a card; its text is the number of points.

    The text is what stock nbgrader reads as the score. `print(report)` gives the card in words, `as_dict` the
    whole of it as plain data.
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

    def as_dict(self) -> dict[str, object]:
        """Return everything as dicts, lists, numbers and texts that JSON can hold; nan and inf are texts."""
        return {
            **{name: getattr(self, name) for name in ("exercise", "points", "score", "passed", "attempted")},
            **{name: getattr(self, name) for name in ("misconception", "hint", "refusal", "printed")},
            "remarks": list(self.remarks),
            "claims": [
                {
                    "title": claim.title,
                    "points": claim.points,
                    "passed": claim.passed,
                    "cases": [_case_as_dict(case) for case in claim.cases],
                }
                for claim in self.claims
            ],
        }

    def __repr__(self) -> str:
        return f"{self.score:g}"

    def __str__(self) -> str:
        return card.as_text(self)

    def _repr_html_(self) -> str:
        return card.as_html(self)


def _effort(value: object) -> int:
    if isinstance(value, Given):
        # Numbers to calculate with count twice; a problem without any is one that the course has written out.
        return value.built.dim + 2 * sum(map(_effort, value.problem["arguments"].values()))
    if isinstance(value, (list, tuple)):
        return sum(map(_effort, value))
    if isinstance(value, int):
        return 1 + min(abs(value), 100)  # a count: so many steps to redo
    return int(np.size(value)) if isinstance(value, (np.ndarray, float)) else 1


def _case_as_dict(report: CaseReport) -> dict[str, object]:
    fault = report.fault
    return {
        "note": report.case.note,
        "repeat": report.case.repeat,
        "inputs": {name: _json(value) for name, value in report.case.inputs.items()},
        "shown": _json(report.case.shown),
        "returned": _json(report.outcome.returned),
        "expected": _json(report.expected.returned),
        "fault": {"kind": fault.kind, "sentence": fault.sentence} if fault else None,
        "where": report.outcome.where,
    }


def _json(value: object) -> object:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else str(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return _json(value.tolist()) if value.size <= MOST_IN_FULL else {"shape": list(value.shape)}
    if isinstance(value, (list, tuple)):
        return [_json(item) for item in value[:MOST_IN_FULL]]
    if isinstance(value, Mapping):
        return {str(name): _json(item) for name, item in value.items()}
    if isinstance(value, Given):
        return {"role": value.role, **_json(value.problem)}
    return {"seed": value.seed} if isinstance(value, RandomSource) else str(value)
