"""Name what a step size does on a parabola."""

import numpy as np

from helpers.descent import (
    step_regime,
)
from helpers.exercises.drawing import (
    share_of,
    tenths,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _regimes(rng):
    for low, high in (
        (0.01, 0.08),
        (0.12, 0.45),
        (0.55, 0.9),
        (1.1, 1.45),
        (1.55, 1.9),
        (2.1, 4.0),
        (4.0, 30.0),
    ):
        curvature = tenths(rng, (), 0.3, 9.0)
        yield Case({"alpha": share_of(rng, 1 / curvature, low, high), "curvature": curvature})


def _exact_limits(rng):
    curvature = 2.0 ** rng.integers(-3, 4)  # powers of two, so that the limits are exact
    for multiple in (1.0, 2.0):
        alpha = float(multiple / curvature)
        yield Case(
            {"alpha": alpha, "curvature": float(curvature)}, f"alpha is exactly {multiple:g}/curvature"
        )


def _exact_crawl_limit(rng):
    k = int(rng.integers(-2, 4))
    # 0.1 * 2^k: 1/(10 curvature) is 2^-k exactly, however it is computed
    yield Case({"alpha": 2.0**-k, "curvature": 0.1 * 2.0**k}, "alpha is exactly 1/(10 curvature)")


def _regime_by(alpha, curvature, crawl=0.1, best=1.0, limit=2.0, at_crawl=False):
    scaled = alpha * curvature
    if scaled < crawl or (at_crawl and scaled == crawl):
        return "crawls"
    if scaled < best:
        return "monotone"
    if scaled == best:
        return "one-step"
    if scaled < limit:
        return "oscillates"
    return "cycles" if scaled == limit else "diverges"


def _regime_with_limit_one(alpha, curvature):
    scaled = alpha * curvature
    return "diverges" if scaled > 1 else _regime_by(alpha, curvature)


def _regime_with_limit_one_at_one(alpha, curvature):
    scaled = alpha * curvature
    if scaled >= 1:
        return "cycles" if scaled == 1 else "diverges"
    return _regime_by(alpha, curvature)


def _regime_with_closed_ends(alpha, curvature):
    scaled = alpha * curvature
    if scaled <= 0.1:
        return "crawls"
    if scaled <= 1:
        return "monotone"
    return "oscillates" if scaled <= 2 else "diverges"


def _regime_with_open_ends(alpha, curvature):
    scaled = alpha * curvature
    if scaled < 0.1:
        return "crawls"
    if scaled < 1:
        return "monotone"
    return "oscillates" if scaled < 2 else "diverges"


def _regime_closed_below(alpha, curvature):
    return "oscillates" if alpha * curvature == 1 else _regime_by(alpha, curvature)


def _regime_closed_at_two(alpha, curvature):
    return "oscillates" if alpha * curvature == 2 else _regime_by(alpha, curvature)


def _regime_diverging_at_two(alpha, curvature):
    return "diverges" if alpha * curvature == 2 else _regime_by(alpha, curvature)


def _regime_monotone_at_one(alpha, curvature):
    return "monotone" if alpha * curvature == 1 else _regime_by(alpha, curvature)


def _regime_crawling_at_the_limit(alpha, curvature):
    return _regime_by(alpha, curvature, at_crawl=True)


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
            _regime_with_closed_ends,
            "Look at the limits themselves. At exactly 1/curvature one step is enough (one-step), at exactly "
            "2/curvature the steps cycle for ever (cycles), and at exactly 1/(10 curvature) they are monotone.",
            also=(
                _regime_with_open_ends,
                _regime_closed_below,
                _regime_closed_at_two,
                _regime_diverging_at_two,
                _regime_monotone_at_one,
                _regime_crawling_at_the_limit,
            ),
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
    },
    claims=(
        Claim("the regime of random steps", 3, _regimes),
        Claim("exactly at 1/curvature and 2/curvature", 1.5, _exact_limits),
        Claim("exactly at 1/(10 curvature)", 0.5, _exact_crawl_limit),
    ),
)
