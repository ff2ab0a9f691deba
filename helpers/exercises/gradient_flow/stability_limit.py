"""The longest step at which a method does not grow."""

import numpy as np

from helpers.exercises.conditioning.matrices import skew_bowl
from helpers.exercises.drawing import tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.flow import RK4_LIMIT, stability_limit


def _bowl(rng, d):
    """Return a Q whose largest entry, trace, norm and diagonal are clearly not its largest eigenvalue."""
    while True:
        Q = skew_bowl(rng, d)
        L = np.linalg.eigvalsh(Q)[-1]
        others = (np.abs(Q).max(), np.trace(Q), np.linalg.norm(Q), np.linalg.norm(Q, 1))
        if np.abs(np.array(others) / L - 1).min() > 0.01 and abs(L - 2) > 0.1:
            return Q


def _of(method, *dimensions):
    def cases(rng):
        for d in dimensions:
            yield Case({"Q": _bowl(rng, d), "method": method})

    return cases


def _whole_bowls(rng):
    a, c = (int(n) for n in rng.integers(3, 9, 2))
    for method in ("forward", "rk4"):
        yield Case({"Q": np.array([[a, 2], [2, c]]), "method": method}, "whole numbers")


def _singular(rng):
    u = tenths(rng, 2, 0.5, 2.0)
    yield Case({"Q": np.outer(u, u), "method": "forward"}, "a direction without curvature: it sets no limit")


def _limit(forward=2.0, backward=np.inf, rk4=RK4_LIMIT, curvature=lambda lam, Q: lam[-1]):
    """Return a limit with other constants, or with something else for the largest eigenvalue."""
    constants = {"forward": forward, "backward": backward, "rk4": rk4}

    def limit(Q, method):
        with np.errstate(all="ignore"):
            return constants[method] / curvature(np.linalg.eigvalsh(Q), Q)

    return limit


def _by_bisection(Q, method):
    """Where the factor of the steepest mode passes 1 in size."""
    L = float(np.linalg.norm(Q, 2))
    factor = {
        "forward": lambda z: 1 - z,
        "backward": lambda z: 1 / (1 + z),
        "rk4": lambda z: 1 - z + z**2 / 2 - z**3 / 6 + z**4 / 24,
    }[method]
    low, high = 0.5, 100.0
    if abs(factor(high)) <= 1:
        return float("inf")
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if abs(factor(middle)) <= 1 else (low, middle)
    return low / L


def _by_singular_values(Q, method):
    if method == "backward":
        return np.array(np.inf)
    longest = np.linalg.svd(Q, compute_uv=False).max()
    return np.array({"forward": 2, "rk4": 2.785293563405282}[method] / longest)


EXERCISE = Exercise(
    id="stability-limit",
    chapter="05-gradient-flow",
    points=1,
    signature="stability_limit(Q, method)",
    reference=stability_limit,
    alternatives=(_limit(), _by_bisection, _by_singular_values),
    misconceptions={
        "1/lambda_max": Misconception(
            _limit(forward=1.0),
            "1/lambda_max is the best step of forward Euler in the steepest direction, not the last stable one. The "
            "factor 1 - h lambda reaches -1 at twice that step.",
            also=(_limit(forward=1.0, rk4=1.0), _limit(forward=1.0, rk4=RK4_LIMIT / 2), _limit(1.0, 1.0, 1.0)),
        ),
        "smallest eigenvalue": Misconception(
            _limit(curvature=lambda lam, Q: lam[0]),
            "You divide by the smallest eigenvalue. The steepest direction explodes first: divide by the largest.",
        ),
        "diagonal for eigenvalues": Misconception(
            _limit(curvature=lambda lam, Q: np.diag(Q).max()),
            "You take the largest entry of the diagonal. The largest curvature is along an eigenvector: use "
            "np.linalg.eigvalsh(Q).",
            also=(_limit(curvature=lambda lam, Q: np.abs(Q).max()),),
        ),
        "a norm for the eigenvalue": Misconception(
            _limit(curvature=lambda lam, Q: np.linalg.norm(Q)),
            "You divide by a norm or a sum that mixes all eigenvalues (np.linalg.norm(Q), a trace, a row sum). Only the "
            "largest one sets the limit: np.linalg.eigvalsh sorts upwards.",
            also=(
                _limit(curvature=lambda lam, Q: np.trace(Q)),
                _limit(curvature=lambda lam, Q: np.linalg.norm(Q, 1)),
            ),
        ),
        "not divided": Misconception(
            lambda Q, method: {"forward": 2.0, "backward": np.inf, "rk4": RK4_LIMIT}[method],
            "You return the limit of h times lambda. Divide it by the largest eigenvalue to get the limit of h.",
        ),
        "multiplied": Misconception(
            lambda Q, method: {"forward": 2.0, "backward": np.inf, "rk4": RK4_LIMIT}[method] * np.linalg.eigvalsh(Q)[-1],
            "You multiply by the eigenvalue. More curvature makes the same step more dangerous: divide.",
        ),
        "best step": Misconception(
            _limit(curvature=lambda lam, Q: lam[0] + lam[-1]),
            "You divide by the sum of the extreme eigenvalues, which gives the best constant step. The limit lies above it: only "
            "the largest eigenvalue counts.",
        ),
        "a limit for backward Euler": Misconception(
            _limit(backward=2.0),
            "Backward Euler multiplies each mode by 1/(1 + h lambda), which is below 1 for every h. It has no limit: "
            "return np.inf.",
            also=(_limit(backward=1.0), _limit(backward=-2.0), _limit(backward=0.0), _limit(backward=np.nan),
                  lambda Q, method: None if method == "backward" else stability_limit(Q, method)),
        ),
        "rounded constant": Misconception(
            _limit(rk4=2.785),
            "Your constant for rk4 is rounded too far. Take 2.785293563405282.",
            also=tuple(_limit(rk4=rounded) for rounded in (2.78, 2.79, 2.8, 2.7, 2.75)),
        ),
        "rk4 like forward Euler": Misconception(
            _limit(rk4=2.0),
            "You give rk4 the limit of forward Euler. Its factor is another polynomial, and passes 1 at "
            "h lambda = 2.785293563405282.",
        ),
        "four times forward Euler": Misconception(
            _limit(rk4=8.0),
            "Your limit for rk4 is too long. It evaluates the field four times in a step, and its factor passes 1 at "
            "h lambda = 2.785293563405282 all the same, only 1.4 times as far as forward Euler's.",
            also=(_limit(rk4=4.0), _limit(rk4=4 * RK4_LIMIT), _limit(rk4=np.inf)),
        ),
    },
    claims=(
        Claim("forward Euler in random bowls", 3, _of("forward", 2, 2, 3, 5)),
        Claim("the Runge-Kutta method of order 4", 1, _of("rk4", 2, 3)),
        Claim("backward Euler has no limit", 1, _of("backward", 2, 3)),
        Claim("whole numbers as input", 0.5, _whole_bowls),
        Claim("a singular Q", 0.5, _singular),
    ),
)  # fmt: skip
