"""The largest step for two atoms at their best distance, one of them fixed."""

import numpy as np

from helpers.applications.chemistry import critical_pair_step
from helpers.exercises import hints
from helpers.exercises.drawing import tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _units(rng):
    for low, high in ((1.3, 2.5), (0.3, 0.7), (1.3, 2.5), (2.6, 4.0)):
        yield Case({"epsilon": tenths(rng, (), low, high), "sigma": tenths(rng, (), 0.4, 0.8)})
    yield Case({"epsilon": tenths(rng, (), 0.2, 0.7), "sigma": tenths(rng, (), 1.3, 3.0)})


def _ones(rng):
    yield Case({"epsilon": 1.0, "sigma": 1.0}, "epsilon = sigma = 1")


def _whole(rng):
    yield Case({"epsilon": int(rng.integers(2, 5)), "sigma": int(rng.integers(5, 9))}, "whole numbers")


def _argon(rng):
    depth = float(f"{1.65e-21 * rng.uniform(0.95, 1.05):.4g}")
    yield Case({"epsilon": depth, "sigma": 3.4e-10}, "argon, in joules and metres")


def _curvature(r, epsilon, sigma):
    """V''(r) of 4 epsilon ((sigma/r)^12 - (sigma/r)^6)."""
    return 4 * epsilon * (156 * sigma**12 / r**14 - 42 * sigma**6 / r**8)


def _at_sigma(epsilon, sigma):
    return 2 / _curvature(sigma, epsilon, sigma)


def _minimum_at_one(epsilon, sigma):
    return 2 / _curvature(2 ** (1 / 6), epsilon, sigma)


def _by_curvature(epsilon, sigma):
    r = 2 ** (1 / 6) * sigma
    return 2 / _curvature(r, epsilon, sigma)


def _by_differences(epsilon, sigma):
    """Through the slope in units of epsilon/sigma, a little to the left and to the right."""

    def slope(u):
        return 4 * (-12 / u**13 + 6 / u**7)

    u, h = 2 ** (1 / 6), 1e-5
    return np.array(2 * sigma**2 / epsilon / ((slope(u + h) - slope(u - h)) / (2 * h)))


EXERCISE = Exercise(
    id="critical-pair-step",
    chapter="09-applications",
    points=1,
    signature="critical_pair_step(epsilon, sigma)",
    reference=critical_pair_step,
    alternatives=(
        _by_curvature,
        _by_differences,
        lambda epsilon, sigma: np.cbrt(2) / 36 * sigma * sigma / epsilon,
    ),
    misconceptions={
        "half of it": Misconception(
            lambda epsilon, sigma: critical_pair_step(epsilon, sigma) / 2,
            "Your step is half of the critical one. The limit is 2/V'', not 1/V''; half of it is right only where "
            "both atoms move, and here one is fixed.",
        ),
        "twice": Misconception(
            lambda epsilon, sigma: 2 * critical_pair_step(epsilon, sigma),
            "Your step is twice the critical one. The limit for one atom that moves is 2/V''(r).",
        ),
        "curvature at sigma": Misconception(
            _at_sigma,
            "You take the curvature at r = sigma, where V crosses zero. The run ends at the minimum, r = 2^(1/6) sigma: "
            "take it there.",
        ),
        "minimum at 2^(1/6), whatever sigma is": Misconception(
            _minimum_at_one,
            "You take the curvature at r = 2^(1/6). The minimum moves with sigma: it is at 2^(1/6) sigma.",
        ),
        "minimum at sigma": Misconception(
            lambda epsilon, sigma: sigma**2 / (36 * epsilon),
            "Your step takes the minimum to be at sigma, as it is for epsilon ((sigma/r)^12 - 2 (sigma/r)^6). Here it is "
            "at 2^(1/6) sigma: V'' at this r brings a root of 2 with it.",
        ),
        "inverted": Misconception(
            lambda epsilon, sigma: 1 / critical_pair_step(epsilon, sigma),
            "Your fraction is upside down: a steeper well must give a shorter step. It is 2 over the curvature.",
        ),
        "the curvature itself": Misconception(
            lambda epsilon, sigma: 2 / critical_pair_step(epsilon, sigma),
            "That is V'' at the minimum. The critical step is 2 divided by it.",
        ),
        "sigma not squared": Misconception(
            lambda epsilon, sigma: 2 ** (1 / 3) * sigma / (36 * epsilon),
            "Your step grows like sigma. A curvature is an energy over a length squared, so the step grows like "
            "sigma squared.",
        ),
        "sigma forgotten": Misconception(
            lambda epsilon, sigma: 2 ** (1 / 3) / (36 * epsilon),
            "Your step does not depend on sigma. A wider well is flatter: V'' has 1/sigma^2.",
        ),
        "epsilon forgotten": Misconception(
            lambda epsilon, sigma: 2 ** (1 / 3) * sigma**2 / 36,
            "Your step does not depend on epsilon. A deeper well is steeper: V'' is proportional to epsilon.",
        ),
        "epsilon and sigma forgotten": Misconception(
            lambda epsilon, sigma: 2 ** (1 / 3) / 36,
            "Your step is right for epsilon = sigma = 1 only. V'' is proportional to epsilon and to 1/sigma^2.",
            also=(lambda epsilon, sigma: 2 / 57.1464,),
        ),
        "epsilon multiplies": Misconception(
            lambda epsilon, sigma: 2 ** (1 / 3) * sigma**2 * epsilon / 36,
            "Your step grows with epsilon. A deeper well is steeper, and allows only shorter steps: divide by epsilon.",
        ),
        "sigma divides": Misconception(
            lambda epsilon, sigma: 2 ** (1 / 3) / (36 * epsilon * sigma**2),
            "Your step shrinks with sigma. A wider well is flatter, and allows longer steps: multiply by sigma squared.",
        ),
        "factor 4 missing": Misconception(
            lambda epsilon, sigma: 4 * critical_pair_step(epsilon, sigma),
            "Your step is four times too long: the curvature is that of (sigma/r)^12 - (sigma/r)^6 without the 4 epsilon "
            "in front, or with epsilon alone.",
        ),
        "brackets missing": Misconception(
            lambda epsilon, sigma: 2**1 / 3 * sigma**2 / (36 * epsilon),
            hints.brackets("2 ** (1 / 3)"),
            also=(
                lambda epsilon, sigma: 2**1 / 6 * sigma**2 / (36 * epsilon),
                lambda epsilon, sigma: (2**1 / 6 * sigma) ** 2 / (36 * epsilon),
            ),
        ),
    },
    claims=(
        Claim("the critical step in random units", 0.6, _units),
        Claim("epsilon = sigma = 1", 0.2, _ones),
        Claim("whole numbers as input", 0.1, _whole),
        Claim("argon, in joules and metres", 0.1, _argon),
    ),
)
