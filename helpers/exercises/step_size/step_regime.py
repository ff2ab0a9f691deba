"""Name what a step size does on a parabola."""

import itertools

import numpy as np

from helpers.descent import (
    step_regime,
)
from helpers.exercises import hints
from helpers.exercises.drawing import (
    share_of,
    tenths,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception

# alpha * curvature: close to each limit on both sides, and in between.
RANGES = (
    (0.05, 0.08), (0.12, 0.15), (0.4, 0.6), (0.85, 0.95),
    (1.05, 1.15), (1.4, 1.6), (1.85, 1.95), (2.05, 2.2), (3.0, 4.0), (10.0, 30.0), (0.005, 0.02),
    (0.092, 0.097), (0.103, 0.108), (0.97, 0.98), (1.02, 1.03), (1.97, 1.98), (2.02, 2.03),
)  # fmt: skip


def _regimes(rng):
    for low, high in RANGES:
        # Far from 1, so that what is done to the curvature shows.
        curvature = tenths(rng, (), 3.0, 9.0) if rng.random() < 0.5 else tenths(rng, (), 0.2, 0.5)
        yield _scene(share_of(rng, 1 / curvature, low, high, digits=3), curvature)
    # alpha alone would be monotone, and alpha with the root of the curvature would oscillate.
    curvature = tenths(rng, (), 7.0, 9.0)
    yield _scene(share_of(rng, 1 / curvature, 3.2, 4.0, digits=3), curvature)


def _scene(alpha, curvature, note=""):
    shown = {"alpha * curvature": alpha * curvature}
    return Case({"alpha": alpha, "curvature": curvature}, note, shown=shown)


def _exact_limits(rng):
    curvature = 2.0 ** rng.integers(-3, 4)  # powers of two, so that the limits are exact
    for multiple in (1.0, 2.0):
        yield _scene(
            float(multiple / curvature), float(curvature), f"alpha is exactly {multiple:g}/curvature"
        )


def _exact_crawl_limit(rng):
    k = int(rng.integers(-2, 4))
    # 0.1 * 2^k: 1/(10 curvature) is 2^-k exactly, however it is computed
    yield _scene(2.0**-k, 0.1 * 2.0**k, "alpha is exactly 1/(10 curvature)")


def _regime_by(alpha, curvature):
    scaled = alpha * curvature
    if scaled < 0.1:
        return "crawls"
    if scaled < 1:
        return "monotone"
    if scaled == 1:
        return "one-step"
    if scaled < 2:
        return "oscillates"
    return "cycles" if scaled == 2 else "diverges"


def _regime_with_limit_one(alpha, curvature):
    scaled = alpha * curvature
    return "diverges" if scaled > 1 else _regime_by(alpha, curvature)


def _regime_with_limit_one_at_one(alpha, curvature):
    scaled = alpha * curvature
    if scaled >= 1:
        return "cycles" if scaled == 1 else "diverges"
    return _regime_by(alpha, curvature)


def _regime_with_ends(at_crawl, at_one, at_two):
    """Return a step_regime that gives these names exactly at its three limits."""

    def regime(alpha, curvature):
        scaled = alpha * curvature
        at_limit = {0.1: at_crawl, 1.0: at_one, 2.0: at_two}
        return at_limit.get(scaled) or _regime_by(alpha, curvature)

    return regime


RIGHT_ENDS = ("monotone", "one-step", "cycles")
WRONG_ENDS = [
    _regime_with_ends(*names)
    for names in itertools.product(
        ("monotone", "crawls"), ("one-step", "monotone", "oscillates"), ("cycles", "oscillates", "diverges")
    )
    if names != RIGHT_ENDS
]


def _regime_without_curvature(alpha, curvature):
    return _regime_by(alpha, 1.0)


def _regime_of_quotient(alpha, curvature):
    return _regime_by(alpha / curvature, 1.0)


def _regime_of_half(alpha, curvature):
    return _regime_by(alpha / 2, curvature)


def _regime_by_factor(alpha, curvature):
    factor = 1 - alpha * curvature
    if factor == 0:
        return "one-step"
    if factor > 0:
        return "crawls" if alpha * 10 * curvature < 1 else "monotone"
    return {True: "oscillates", False: "cycles" if factor == -1 else "diverges"}[factor > -1]


def _regime_by_search(alpha, curvature):
    limits = np.array([1 / (10 * curvature), 1 / curvature, 2 / curvature])
    names = ["crawls", "monotone", "oscillates", "diverges"]
    place = int(np.searchsorted(limits, alpha, side="right"))
    if alpha in limits[1:]:
        return "one-step" if alpha == limits[1] else "cycles"
    return np.array(names)[place]


def _crawls_by_another_product(alpha, curvature):
    """Python reads 1 / 10 * curvature as (1 / 10) * curvature."""
    if alpha < 0.1 * curvature:
        return "crawls"
    return "monotone" if alpha * curvature < 0.1 else _regime_by(alpha, curvature)


EXERCISE = Exercise(
    id="step-regime",
    chapter="01-step-size-and-curvature",
    points=2,
    signature="step_regime(alpha, curvature)",
    reference=step_regime,
    alternatives=(_regime_by_factor, _regime_by_search, _regime_by),
    misconceptions={
        "1/curvature as the limit": Misconception(
            _regime_with_limit_one,
            "Beyond 1/curvature the steps jump across the minimum, and still get closer to it: they oscillate. "
            "They diverge only beyond 2/curvature.",
            also=(_regime_with_limit_one_at_one,),
        ),
        "which end is open": Misconception(
            WRONG_ENDS[0],
            "Look at the limits themselves. At exactly 1/curvature one step is enough (one-step), at exactly "
            "2/curvature the steps cycle for ever (cycles), and at exactly 1/(10 curvature) they are monotone.",
            also=tuple(WRONG_ENDS[1:]),
        ),
        "curvature ignored": Misconception(
            _regime_without_curvature,
            "Your limits do not move with the curvature. What decides is the product alpha * curvature.",
        ),
        "divides by the curvature": Misconception(
            _regime_of_quotient,
            "You look at alpha / curvature. More curvature makes the same step more dangerous, so multiply.",
        ),
        "limits twice too large": Misconception(
            _regime_of_half,
            "All your limits are twice too large. The distance is multiplied by 1 - alpha * curvature: "
            "it is 0 at 1/curvature and -1 at 2/curvature.",
        ),
        "brackets missing": Misconception(
            _crawls_by_another_product,
            hints.brackets("1 / (10 * curvature)"),
        ),
    },
    claims=(
        Claim("the regime of random steps", 3, _regimes),
        Claim("exactly at 1/curvature and 2/curvature", 1.5, _exact_limits),
        Claim("exactly at 1/(10 curvature)", 0.5, _exact_crawl_limit),
    ),
)
