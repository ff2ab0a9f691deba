"""Where gradient descent on |x|^(4/3) jumps to and fro for ever."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.smoothness import two_cycle_amplitude


def _steps(rng):
    # Not near 3/2, where the amplitude is 1 and powers cannot be told apart.
    for low, high in ((0.1, 0.4), (0.4, 0.9), (2.5, 5.0), (5.0, 9.0)):
        yield Case({"alpha": tenths(rng, (), low, high)})


def _extreme(rng):
    yield Case({"alpha": float(f"{10 ** rng.uniform(-4, -3):.2g}")}, "a tiny step")
    yield Case({"alpha": float(f"{10 ** rng.uniform(2, 4):.2g}")}, "a huge step")


def _whole(rng):
    yield Case({"alpha": int(rng.integers(2, 30))}, "a whole number")


def _formula(factor, power):
    return lambda alpha: (factor * alpha) ** power


def _by_simulation(alpha):
    x = alpha**1.5
    for _ in range(200):
        x = x - alpha * 4 / 3 * np.cbrt(x)
    return abs(x)


def _by_logarithms(alpha):
    return float(np.exp(1.5 * (np.log(2 * alpha) - np.log(3))))


def _by_bisection(alpha):
    low, high = 0.0, 1.0 + alpha**2
    for _ in range(200):
        x = (low + high) / 2
        low, high = (x, high) if 2 * x < alpha * 4 / 3 * x ** (1 / 3) else (low, x)
    return np.array(high)


EXERCISE = Exercise(
    id="two-cycle-amplitude",
    chapter="02-l-smoothness",
    points=2,
    signature="two_cycle_amplitude(alpha)",
    reference=two_cycle_amplitude,
    alternatives=(_by_simulation, _by_logarithms, _by_bisection),
    misconceptions={
        "power": Misconception(
            _formula(2 / 3, 2 / 3),
            "The factor 2 alpha/3 is right, the power is not. It equals x^(2/3): to get x, raise both sides to the power that "
            "makes the exponent 2/3 a 1.",
            also=(_formula(2 / 3, 1.0), _formula(2 / 3, 4 / 3), _formula(2 / 3, 0.5), _formula(2 / 3, 3.0), _formula(2 / 3, 0.75),
                  _formula(2 / 3, 1 / 3), _formula(2 / 3, 2.0)),
        ),
        "lands at 0": Misconception(
            _formula(4 / 3, 1.5),
            "From your x one step leads to 0 exactly: alpha (4/3) x^(1/3) = x. In the cycle it leads to -x, twice as far: "
            "the step is 2x long.",
        ),
        "derivative without 4/3": Misconception(
            _formula(1 / 2, 1.5),
            "Your step is alpha x^(1/3). The derivative of x^(4/3) brings its exponent down: (4/3) x^(1/3).",
            also=(_formula(1.0, 1.5),),
        ),
        "derivative with 3/4": Misconception(
            _formula(3 / 8, 1.5),
            "Your derivative is (3/4) x^(1/3), which is how one integrates. Differentiating x^(4/3) gives (4/3) x^(1/3).",
            also=(_formula(3 / 4, 1.5),),
        ),
        "fraction upside down": Misconception(
            _formula(3 / 2, 1.5),
            "Your fraction is upside down: from 2x = alpha (4/3) x^(1/3) follows x^(2/3) = 2 alpha/3.",
        ),
        "whole swing": Misconception(
            lambda alpha: 2 * (2 * alpha / 3) ** 1.5,
            "You return the length of the jump from one side to the other. The amplitude is the distance from 0: half "
            "of it.",
        ),
        "alpha outside the power": Misconception(
            lambda alpha: alpha * (2 / 3) ** 1.5,
            "Only a part of your formula is raised to the power 3/2. The whole right side of x^(2/3) = ... is, alpha with it.",
            also=(lambda alpha: 2 / 3 * alpha**1.5, lambda alpha: 2 * alpha**1.5 / 3),
        ),
        "brackets missing": Misconception(
            lambda alpha: 2 * alpha / 3**1.5,
            hints.brackets("(2 * alpha / 3) ** (3 / 2)"),
            also=(
                lambda alpha: 2 * (alpha / 3) ** 1.5,
                lambda alpha: (2 * alpha / 3) ** 3 / 2,
                lambda alpha: 2 * alpha / 3**3 / 2,
            ),
        ),
    },
    claims=(
        Claim("the amplitude for random steps", 3, _steps),
        Claim("tiny and huge steps", 1, _extreme),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)  # fmt: skip
