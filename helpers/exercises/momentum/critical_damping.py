"""The momentum for which one direction decays as fast as it can."""

import math

import numpy as np

from helpers.exercises.drawing import redrawn, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.momentum import critical_damping


def _case(rng, low, high, note="", margin=0.05):
    """Return alpha and lam whose product is between `low` and `high`, neither of them close to 1."""

    def draw():
        lam = tenths(rng, (), 1.5, 6.0)
        return {"alpha": float(f"{rng.uniform(low, high) / lam:.2g}"), "lam": lam}

    def apart(inputs):
        alpha, lam = inputs.values()
        right = critical_damping(alpha, lam)
        # the root of alpha alone or of lam alone, and the double root itself, are other numbers
        others = np.array([(1 - alpha**0.5) ** 2, (1 - lam**0.5) ** 2, abs(1 - (alpha * lam) ** 0.5)])
        return right > 0.01 and np.abs(others / right - 1).min() > margin and abs(alpha - 1) > 0.1

    return Case(redrawn(draw, apart), note)


def _short_steps(rng):
    # alpha lam is 0.09, 0.16 or 0.36: its root can be taken by hand
    by_hand = ((0.05, 1.8), (0.02, 4.5), (0.08, 2.0), (0.04, 4.0), (0.2, 1.8), (0.1, 3.6))
    alpha, lam = by_hand[int(rng.integers(len(by_hand)))]
    yield Case({"alpha": alpha, "lam": lam})
    for low, high in ((0.1, 0.3), (0.3, 0.6), (0.05, 0.1)):
        yield _case(rng, low, high)
    yield _case(rng, 1.6, 2.6, "alpha lam above 1")


def _tiny_steps(rng):
    yield _case(rng, 0.0005, 0.002, "a short step: beta is close to 1", margin=0.005)


def _whole_numbers(rng):
    yield Case({"alpha": 1, "lam": int(rng.integers(2, 4))}, "whole numbers")


def _one_step(rng):
    lam = 2.0 ** int(rng.choice([-1, 1, 2]))
    yield Case({"alpha": 1 / lam, "lam": lam}, "alpha = 1/lam arrives in one step: no momentum is needed")


EXERCISE = Exercise(
    id="critical-damping",
    chapter="07-momentum",
    points=2,
    signature="critical_damping(alpha, lam)",
    reference=critical_damping,
    alternatives=(
        lambda alpha, lam: 1 - 2 * math.sqrt(alpha * lam) + alpha * lam,
        lambda alpha, lam: np.square(np.subtract(1, np.sqrt(alpha) * np.sqrt(lam))),
        lambda alpha, lam: (1 - alpha * lam) ** 2 / (1 + (alpha * lam) ** 0.5) ** 2,
    ),
    misconceptions={
        "(1 - alpha lam)^2": Misconception(
            lambda alpha, lam: (1 - alpha * lam) ** 2,
            "The square is right, the root inside is missing: 1 - sqrt(alpha lam) belongs into the brackets.",
        ),
        "root missing": Misconception(
            lambda alpha, lam: 1 - alpha * lam,
            "1 - alpha lam is the factor of gradient descent. Take the root of alpha lam before you subtract, and "
            "square the difference.",
            also=(lambda alpha, lam: abs(1 - alpha * lam),),
        ),
        "square missing": Misconception(
            lambda alpha, lam: 1 - math.sqrt(alpha * lam),
            "You return the double eigenvalue itself, which is the root of beta. Square it.",
            also=(lambda alpha, lam: abs(1 - math.sqrt(alpha * lam)),),
        ),
        "for short steps": Misconception(
            lambda alpha, lam: 1 - 2 * math.sqrt(alpha * lam),
            "1 - 2 sqrt(alpha lam) holds for short steps only. What you left out of the square is + alpha lam.",
        ),
        "the other solution": Misconception(
            lambda alpha, lam: (1 + math.sqrt(alpha * lam)) ** 2,
            "(1 + beta - alpha lam)^2 = 4 beta has two solutions, and yours is above 1, which diverges. Take the "
            "one with the minus.",
        ),
        "root of lam only": Misconception(
            lambda alpha, lam: (1 - math.sqrt(lam)) ** 2,
            "The root is taken of lam without alpha. The product alpha lam belongs under it.",
            also=(lambda alpha, lam: (1 - alpha * math.sqrt(lam)) ** 2,),
        ),
        "root of alpha only": Misconception(
            lambda alpha, lam: (1 - math.sqrt(alpha)) ** 2,
            "The root is taken of alpha alone, and lam does not stand beneath it. The root belongs to the product alpha lam.",
            also=(lambda alpha, lam: (1 - math.sqrt(alpha) * lam) ** 2,),
        ),
        "divided by lam": Misconception(
            lambda alpha, lam: (1 - math.sqrt(alpha / lam)) ** 2,
            "You divide alpha by lam. More curvature needs less momentum at the same step: multiply them.",
        ),
        "edge of stability": Misconception(
            lambda alpha, lam: alpha * lam / 2 - 1,
            "alpha lam/2 - 1 is where the ball begins to diverge. Critical damping is where the two eigenvalues meet: "
            "(1 + beta - alpha lam)^2 = 4 beta.",
            also=(lambda alpha, lam: max(0.0, alpha * lam / 2 - 1),),
        ),
    },
    claims=(
        Claim("the best momentum for random settings", 3, _short_steps),
        Claim("a very short step", 1, _tiny_steps),
        Claim("whole numbers as input", 1, _whole_numbers),
        Claim("at alpha = 1/lam none is needed", 1, _one_step),
    ),
)
