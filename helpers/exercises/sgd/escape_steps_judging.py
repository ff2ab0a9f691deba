"""Judge escapes from a place where the gradient is zero: exactly without noise, by shares and bounds with it.

With noise only the distribution of the count is known, and that is what is judged, by bounds that a right answer
misses by bad luck with a probability below 1e-7 in all the cases together:

- One step escapes with a known probability p, and one of five where each forgets the last with 1 - (1 - p)^5. The
  share of 400 calls is more than 0.17 off with a probability below 2 exp(-2 * 400 * 0.17^2) < 2e-10 (Hoeffding
  1963); there are four such cases.
- On a saddle every one of 6 calls has to escape, and none before the spread has grown to radius/10: that takes a
  normal variable 7 deviations out, 3e-12 for each step, axis and call, so less than 1e-9. In 150 steps the spread grows to
  1e9 times the radius, even at the curvature of the rim, so to be still inside has a probability below 1e-8.
"""

import numpy as np

from helpers.agreement import Fault, as_numbers
from helpers.exercises.table import agrees

CALLS, OFF, RUNS = 400, 0.17, 6


def has_the_right_distribution(case, outcome, expected):
    """Judge a count without noise by its value, and with noise by shares and bounds (see the module)."""
    if case.repeat == 1:
        return agrees(case, outcome, expected)
    counts = as_numbers(outcome.returned)
    if isinstance(counts, Fault):
        return counts
    if counts.shape != (case.repeat,):
        return Fault("no-number", "each call should return one number")
    limit = case.inputs["max_steps"]
    possible = (counts == -1) | ((counts >= 1) & (counts <= limit) & (counts == np.round(counts)))
    if not possible.all():
        other, steps = counts[~possible][0], "1" if limit == 1 else f"1 to {limit}"
        return Fault(
            "impossible",
            f"a call returned {other:g}; with max_steps = {limit} it should be -1 or {steps}",
        )
    if "share" in case.facts:
        return _fault_of_share(counts, limit, case.facts["share"])
    if (counts == -1).any():
        kind = "stuck" if (counts == -1).all() else "sometimes-stuck"
        return Fault(
            kind, f"{int(np.sum(counts == -1))} of {RUNS} calls return -1: the noise does not free them"
        )
    if counts.min() < case.facts["first"]:
        return Fault("early", f"a call escapes at step {counts.min():g}, which noise of this size cannot do")
    return None


def _fault_of_share(counts, limit, share):
    escaped = int(np.sum(counts > 0))
    if abs(escaped / CALLS - share) < OFF:
        return None
    kind = "often" if escaped > share * CALLS else "seldom"
    if limit == 1:
        kind = {0: "never", CALLS: "always"}.get(escaped, kind)
    elif kind == "seldom" and (counts <= 1).all():
        kind = "first-or-never"
    within = "their one step" if limit == 1 else f"{limit} steps"
    return Fault(
        kind, f"{escaped} of {CALLS} calls escape in {within}; about {share * CALLS:.0f} are expected"
    )
