"""How much of the distance to the minimiser a step leaves at the most."""

import numpy as np

from helpers.conditioning import contraction_factor, optimal_step
from helpers.exercises.drawing import tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _step(L, mu, share):
    """Return a case whose alpha is this share of the best step, to three digits."""
    return Case({"alpha": float(f"{share * optimal_step(L, mu):.3g}"), "L": L, "mu": mu})


def _steps(rng):
    # Below 1/L; between 1/L and the best step; a little beyond the best step; far beyond.
    for low, high in ((0.3, 0.5), (0.7, 0.9), (1.06, 1.12), (1.06, 1.12), (1.7, 3.0)):
        yield _step(tenths(rng, (), 3.5, 20.0), tenths(rng, (), 0.3, 0.9), rng.uniform(low, high))
    mu = tenths(rng, (), 2.0, 3.0)
    yield _step(
        round(1.5 * mu, 1), mu, rng.uniform(1.4, 1.55)
    )  # alpha mu > 1: the flat direction jumps as well


def _no_step(rng):
    L = tenths(rng, (), 3.0, 9.0)
    yield Case({"alpha": 0.0, "L": L, "mu": tenths(rng, (), 0.3, 0.9)}, "no step leaves everything")


def _best_steps(rng):
    L, mu = 2.0 ** rng.integers(2, 5), 2.0 ** -rng.integers(0, 3)
    yield Case({"alpha": 2 / (L + mu), "L": float(L), "mu": float(mu)}, "alpha is the best step")


def _one_curvature(rng):
    L = 2.0 ** int(rng.integers(1, 5))
    yield Case({"alpha": 1 / L, "L": L, "mu": L}, "one curvature, and the step 1/L: nothing is left")


def _whole_numbers(rng):
    yield Case({"alpha": 1, "L": int(rng.integers(4, 9)), "mu": int(rng.integers(1, 3))}, "whole numbers")


def _by_cases(alpha, L, mu):
    return 1 - alpha * mu if alpha * (L + mu) <= 2 else alpha * L - 1


def _by_middle(alpha, L, mu):
    # Distance of 0 from the interval's middle, plus half its width.
    middle, half = 1 - alpha * (L + mu) / 2, alpha * (L - mu) / 2
    return np.array(abs(middle) + half)


EXERCISE = Exercise(
    id="contraction-factor",
    chapter="03-conditioning",
    points=2,
    signature="contraction_factor(alpha, L, mu)",
    reference=contraction_factor,
    alternatives=(
        _by_cases,
        _by_middle,
        lambda alpha, L, mu: np.float32(np.linalg.norm([1 - alpha * L, 1 - alpha * mu], np.inf)),
        lambda alpha, L, mu: max(1 - alpha * mu, alpha * L - 1),
    ),
    misconceptions={
        "absolute value missing": Misconception(
            lambda alpha, L, mu: max(1 - alpha * mu, 1 - alpha * L),
            "A factor of -3 enlarges the distance threefold, and your maximum overlooks it. Take the absolute "
            "value of each factor before you compare them.",
            also=(lambda alpha, L, mu: max(1 - alpha * mu, 1 - alpha * L, 0),),
        ),
        "min": Misconception(
            lambda alpha, L, mu: min(abs(1 - alpha * mu), abs(1 - alpha * L)),
            "You return the smaller factor. The direction that loses least of its error is the one that remains "
            "in the long run: take the larger.",
        ),
        "only L": Misconception(
            lambda alpha, L, mu: abs(1 - alpha * L),
            "You look at the steepest direction alone. With a short step it is the flattest one, with factor "
            "|1 - alpha mu|, that holds everything up.",
            also=(lambda alpha, L, mu: 1 - alpha * L, lambda alpha, L, mu: alpha * L - 1),
        ),
        "only mu": Misconception(
            lambda alpha, L, mu: abs(1 - alpha * mu),
            "You get the factor of the flattest direction alone. With a long step the steepest one decides: "
            "compare |1 - alpha mu| with |1 - alpha L|, each with its absolute value taken first.",
            also=(lambda alpha, L, mu: 1 - alpha * mu if alpha * mu < 1 else alpha * mu - 1,),
        ),
        "switches at 1/L": Misconception(
            lambda alpha, L, mu: 1 - alpha * mu if alpha <= 1 / L else alpha * L - 1,
            "You go over to the steepest direction at alpha = 1/L. There its factor is 0 and begins to grow again; it is the "
            "larger one only beyond 2/(L + mu). Compare the two, each with its absolute value.",
            also=(lambda alpha, L, mu: 1 - alpha * mu if alpha < 1 / L else abs(1 - alpha * L),),
        ),
        "alpha ignored": Misconception(
            lambda alpha, L, mu: (L - mu) / (L + mu),
            "(L - mu)/(L + mu) is the factor of the best step only. Here alpha is given, and may be any step.",
            also=(lambda alpha, L, mu: (L / mu - 1) / (L / mu + 1),),
        ),
        "product": Misconception(
            lambda alpha, L, mu: abs(1 - alpha * mu) * abs(1 - alpha * L),
            "You multiply the factors. The directions do not act on each other: each has its own factor, and the "
            "largest of them counts.",
        ),
        "mean": Misconception(
            lambda alpha, L, mu: (abs(1 - alpha * mu) + abs(1 - alpha * L)) / 2,
            "You average the factors. After many steps only the direction with the largest one is left: take the "
            "maximum.",
            also=(lambda alpha, L, mu: abs(1 - alpha * (L + mu) / 2),),
        ),
        "squared": Misconception(
            lambda alpha, L, mu: contraction_factor(alpha, L, mu) ** 2,
            "You square the factor. That is what is left of the height; of the distance it is the factor itself.",
        ),
    },
    claims=(
        Claim("the factor of random steps, short and long", 3, _steps),
        Claim("no step leaves everything", 0.5, _no_step),
        Claim("at the best step the two ends agree", 0.5, _best_steps),
        Claim("one curvature: the step 1/L leaves nothing", 0.5, _one_curvature),
        Claim("whole numbers as input", 0.5, _whole_numbers),
    ),
)
