"""Judge the point that a method returns by its gap, and tell from the questions it asked what went wrong."""

import numpy as np

from helpers.agreement import Fault, as_numbers
from helpers.applications.capstone import Landscape
from helpers.calling import Outcome
from helpers.exercises.table import Case
from helpers.oracle import Ledger


def reaches_the_bar(case: Case, outcome: Outcome, expected: Outcome) -> Fault | None:
    """Judge a case by the gap of the point that came back: facts hold the landscape and the bar, a gap."""
    land, bar = case.facts["landscape"], case.facts["bar"]
    x = as_numbers(outcome.returned)
    if isinstance(x, Fault):
        return x
    if x.shape != land.x0.shape:
        wanted = f"one point of shape {land.x0.shape}"
        return Fault("shape", f"the result has shape {x.shape}, and {wanted} is asked for")
    gap = land.gap(x)
    if gap <= bar:
        return None
    kind, why = _symptom(land, outcome.ledger, x, gap)
    size = f"{gap:.3g}" if np.isfinite(gap) else "inf"
    spent = f"{outcome.ledger.calls} of {land.budget} calls"
    where = "bowl" if land.kind == "bowl" else f"{land.kind} landscape"
    return Fault(
        kind, f"on this {where} the gap is {size} after {spent}, and {bar:.3g} is to be reached: {why}"
    )


def _symptom(land: Landscape, ledger: Ledger, x: np.ndarray, gap: float) -> tuple[str, str]:
    """Return a kind for what went wrong, and words for it, from what was asked and answered."""
    points, answers = np.array(ledger.points), np.array(ledger.answers)
    with np.errstate(all="ignore"):  # a walk that diverged
        steps = _step_sizes(points, answers)
    if steps.size >= 5 and np.ptp(steps) <= 1e-3 * np.abs(steps).max():
        if steps[0] < 0:
            return "uphill", "each step goes along the gradient, which points uphill"
        return "fixed-step", f"every step is {steps[-1]:.3g} times the gradient"
    if not np.isfinite(x).all():
        return "diverged", "the point that came back is not finite"
    if np.array_equal(x, land.x0):
        return "stays", "the point that came back is x0 itself"
    if ledger.calls == 0:
        return "unasked", "the oracle was never asked"
    if gap > land.gap(land.x0):
        return "higher", "higher than the start"
    if ledger.calls < land.budget / 2:
        return "unspent", "less than half of the budget is spent"
    if land.noise and _is_the_last_step(x, points, answers):
        return "last-step", "the point that came back is the last step of a noisy walk"
    return "gap", "too far from the bottom"


def _step_sizes(points: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Return alpha of each step that is -alpha times the gradient; empty if one of them is not (probes aside)."""
    if len(points) < 12:
        return np.empty(0)
    moved, g = np.diff(points, axis=0)[4:44], answers[4:-1][:40]
    clear = np.isfinite(moved).all(axis=1) & np.isfinite(g).all(axis=1)
    clear &= np.linalg.norm(moved, axis=1) > 1e-9 * np.linalg.norm(points[4:-1][:40], axis=1)
    moved, g = moved[clear], g[clear]
    alpha = -np.sum(moved * g, axis=1) / np.sum(g * g, axis=1)
    off = np.linalg.norm(moved + alpha[:, None] * g, axis=1)
    straight = off <= 1e-4 * np.linalg.norm(moved, axis=1)
    return alpha if straight.all() else np.empty(0)


def _is_the_last_step(x: np.ndarray, points: np.ndarray, answers: np.ndarray) -> bool:
    """Whether x is the last point asked for, moved along its gradient and the step before: two directions of 40 and more."""
    ways = np.stack([answers[-1], points[-1] - points[-2]], axis=1)
    moved = x - points[-1]
    rest = moved - ways @ np.linalg.lstsq(ways, moved, rcond=None)[0]
    return bool(np.linalg.norm(rest) <= 1e-6 * (np.linalg.norm(moved) + np.linalg.norm(ways)))
