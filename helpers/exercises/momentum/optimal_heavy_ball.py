"""The best constant step and momentum of the heavy ball."""

import math

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import redrawn, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.momentum import optimal_heavy_ball


def _curvatures(rng):
    # the roots are 2.5 and 1.5, 3.5 and 0.5, 4.5 and 0.5: they can be taken by hand
    L, mu = ((6.25, 2.25), (12.25, 0.25), (20.25, 0.25))[int(rng.integers(3))]
    yield Case({"L": L, "mu": mu})
    for low, high in ((3.0, 6.0), (7.0, 20.0), (80.0, 200.0)):

        def draw(low=low, high=high):
            return {"L": tenths(rng, (), low, high), "mu": tenths(rng, (), 0.3, 2.5)}

        def apart(inputs):
            L, mu = inputs.values()
            # (2/(sqrt L + sqrt mu)) near 1 equals its square; mu near 1 its root
            return 1.5 * mu < L and abs(math.sqrt(L) + math.sqrt(mu) - 2) > 0.2 and abs(mu - 1) > 0.15

        yield Case(redrawn(draw, apart))


def _whole_curvatures(rng):
    yield Case({"L": int(rng.integers(10, 50)), "mu": int(rng.integers(2, 6))}, "whole numbers")


def _squares(rng):
    a, b = int(rng.integers(5, 12)), int(rng.integers(1, 4))
    yield Case({"L": float(a * a), "mu": float(b * b)}, "square numbers")


def _one_curvature(rng):
    L = tenths(rng, (), 2.0, 9.0)
    yield Case({"L": L, "mu": L}, "one curvature: the step 1/L arrives, without momentum")


def _far_apart(rng):
    yield Case({"L": tenths(rng, (), 2.0, 9.0) * 1000, "mu": 0.002}, "curvatures a million times apart")


def _pair(alpha, beta):
    """Return a function of L and mu from two functions of L, mu and their roots."""

    def settings(L, mu):
        given = (L, mu, math.sqrt(L), math.sqrt(mu))
        return alpha(*given), beta(*given)

    return settings


def _alpha(L, mu, root_L, root_mu):
    return (2 / (root_L + root_mu)) ** 2


def _beta(L, mu, root_L, root_mu):
    return ((root_L - root_mu) / (root_L + root_mu)) ** 2


def _by_kappa(L, mu):
    root = math.sqrt(L / mu)
    return 4 / (mu * (root + 1) ** 2), 1 - 4 * root / (root + 1) ** 2


def _by_critical_damping(L, mu):
    """Both ends are critically damped: 1 - sqrt(alpha mu) = sqrt(alpha L) - 1."""
    root = 2 / (np.sqrt(mu) + np.sqrt(L))
    return np.array([root**2, (1 - root * np.sqrt(mu)) ** 2])


EXERCISE = Exercise(
    id="optimal-heavy-ball",
    chapter="07-momentum",
    points=2,
    signature="optimal_heavy_ball(L, mu)",
    reference=optimal_heavy_ball,
    alternatives=(_by_kappa, _by_critical_damping, lambda L, mu: [*map(float, optimal_heavy_ball(L, mu))]),
    misconceptions={
        "square missing": Misconception(
            _pair(lambda L, mu, a, b: 2 / (a + b), lambda L, mu, a, b: (a - b) / (a + b)),
            "Both squares are missing: your two numbers are the roots of alpha and of beta. Square each of them.",
        ),
        "square of alpha missing": Misconception(
            _pair(lambda L, mu, a, b: 2 / (a + b), _beta),
            "beta is right. alpha has the unit of one over a curvature, and 2/(sqrt L + sqrt mu) only its root: "
            "square it.",
        ),
        "square of beta missing": Misconception(
            _pair(_alpha, lambda L, mu, a, b: (a - b) / (a + b)),
            "alpha is right. Your beta is what a step leaves, sqrt(beta): square it.",
        ),
        "kappa for sqrt(kappa)": Misconception(
            _pair(_alpha, lambda L, mu, a, b: ((L - mu) / (L + mu)) ** 2),
            "Your momentum is made of L and mu, that is of kappa. The roots of L and mu belong there: this is what "
            "turns kappa into sqrt(kappa).",
            also=(
                _pair(
                    lambda L, mu, a, b: (2 / (L + mu)) ** 2, lambda L, mu, a, b: ((L - mu) / (L + mu)) ** 2
                ),
                _pair(lambda L, mu, a, b: 2 / (L + mu), lambda L, mu, a, b: ((L - mu) / (L + mu)) ** 2),
            ),
        ),
        "gradient descent's step": Misconception(
            _pair(lambda L, mu, a, b: 2 / (L + mu), _beta),
            "2/(L + mu) is the best step without momentum. With it the step may be up to twice as long: it is made of "
            "the roots of L and mu, and squared. Your beta is right.",
        ),
        "settings of gradient descent": Misconception(
            _pair(lambda L, mu, a, b: 2 / (L + mu), lambda L, mu, a, b: 0.0),
            "2/(L + mu) and no momentum are the best settings of gradient descent. The heavy ball has both numbers made of "
            "the roots of L and mu, and squared.",
        ),
        "1/L": Misconception(
            _pair(lambda L, mu, a, b: 1 / L, _beta),
            "Your step is 1/L. The heavy ball is stable up to (2 + 2 beta)/L, and its best step is nearly four times "
            "as long as yours in a narrow valley: it is made of the roots of L and mu. Your beta is right.",
        ),
        "Nesterov's settings": Misconception(
            _pair(lambda L, mu, a, b: 1 / L, lambda L, mu, a, b: (a - b) / (a + b)),
            "These are the settings of Nesterov's method, 1/L and the unsquared momentum. Those of the heavy ball "
            "are the two squares in the prompt.",
        ),
        "order": Misconception(
            lambda L, mu: optimal_heavy_ball(L, mu)[::-1],
            "Both numbers are right and in the wrong order: return alpha first, then beta.",
        ),
        "square of a sum": Misconception(
            _pair(lambda L, mu, a, b: 4 / (L + mu), _beta),
            "(sqrt L + sqrt mu)^2 is not L + mu: the product in the middle, 2 sqrt(L mu), is missing.",
            also=(_pair(lambda L, mu, a, b: 4 / (L + mu), lambda L, mu, a, b: (L - mu) / (L + mu)),),
        ),
        "brackets missing": Misconception(
            _pair(_alpha, lambda L, mu, root_L, root_mu: (root_L - root_mu / root_L + root_mu) ** 2),
            hints.brackets("(2 / (np.sqrt(L) + np.sqrt(mu))) ** 2, and both brackets of the quotient"),
            also=(
                _pair(lambda L, mu, root_L, root_mu: (2 / root_L + root_mu) ** 2, _beta),
                _pair(lambda L, mu, root_L, root_mu: 2 / (root_L + root_mu) ** 2, _beta),
                _pair(_alpha, lambda L, mu, root_L, root_mu: (root_L - root_mu) / (root_L + root_mu) ** 2),
                _pair(_alpha, lambda L, mu, root_L, root_mu: ((root_L - root_mu) / root_L + root_mu) ** 2),
                _pair(_alpha, lambda L, mu, root_L, root_mu: (root_L - root_mu / (root_L + root_mu)) ** 2),
                _pair(
                    lambda L, mu, root_L, root_mu: 2 / (root_L + root_mu) ** 2,
                    lambda L, mu, root_L, root_mu: (root_L - root_mu) / (root_L + root_mu) ** 2,
                ),
                _pair(
                    lambda L, mu, root_L, root_mu: (2 / root_L + root_mu) ** 2,
                    lambda L, mu, root_L, root_mu: (root_L - root_mu / root_L + root_mu) ** 2,
                ),
            ),
        ),
    },
    claims=(
        Claim("the best pair for random curvatures", 3, _curvatures),
        Claim("whole numbers as input", 1, _whole_curvatures),
        Claim("square numbers", 0.5, _squares),
        Claim("one curvature: no momentum", 0.75, _one_curvature),
        Claim("curvatures far apart", 0.75, _far_apart),
    ),
)
