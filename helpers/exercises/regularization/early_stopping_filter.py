"""What has arrived of the least squares solution after so many steps."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import share_of, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.exercises.whole import cut_off
from helpers.regularization import early_stopping_filter


def _filters(rng):
    for d, n_steps in ((2, 2), (1, 3), (3, 5), (5, 4)):
        s = np.sort(rng.choice(np.arange(4, 17), d, replace=False) / 10)[::-1]
        s[np.abs(s - 1) < 0.05] += 0.15  # s = 1 is its own square
        yield Case({"s": s, "alpha": share_of(rng, 1 / s[0] ** 2, 0.4, 0.85), "n_steps": n_steps})


def _no_steps(rng):
    yield Case({"s": tenths(rng, 2, 0.3, 1.5), "alpha": 0.3, "n_steps": 0}, "no steps: nothing has arrived")


def _unseen(rng):
    yield Case(
        {"s": np.array([tenths(rng, (), 0.5, 1.5), 0.0]), "alpha": 0.3, "n_steps": int(rng.integers(3, 9))},
        "s = 0: never arrives",
    )


def _long_steps(rng):
    for n_steps in (3, 5):
        s = np.array([2.0, tenths(rng, (), 0.3, 0.9)])
        yield Case(
            {"s": s, "alpha": share_of(rng, 1.0, 0.35, 0.45), "n_steps": n_steps},
            "alpha s^2 is above 1: too far at first, then back",
        )


def _whole(rng):
    yield Case({"s": np.array([3, 2, 1]), "alpha": 0.1, "n_steps": int(rng.integers(2, 6))}, "whole numbers")


def _steps_by_steps(s, alpha, n_steps):
    there = np.zeros(len(s))
    for _ in range(n_steps):
        there = there + alpha * s**2 * (1 - there)
    return there


def _sum_of_powers(s, alpha, n_steps):
    # 1 - q^k = (1 - q)(1 + q + ... + q^(k-1))
    return [sum(alpha * v**2 * (1 - alpha * v**2) ** j for j in range(n_steps)) for v in s.tolist()]


EXERCISE = Exercise(
    id="early-stopping-filter",
    chapter="04-regularization",
    points=1,
    signature="early_stopping_filter(s, alpha, n_steps)",
    reference=early_stopping_filter,
    alternatives=(
        _steps_by_steps,
        _sum_of_powers,
        lambda s, alpha, n_steps: np.float32(1) - np.power(1 - np.float32(alpha) * s * s, n_steps),
    ),
    misconceptions={
        "s not squared": Misconception(
            lambda s, alpha, n_steps: 1 - (1 - alpha * s) ** n_steps,
            "You use s as the curvature. s is a singular value of A/sqrt(n); the curvature of the squared loss "
            "is s^2.",
        ),
        "complement": Misconception(
            lambda s, alpha, n_steps: (1 - alpha * s**2) ** n_steps,
            "You return the share that is still missing, the error. The filter is what has arrived: 1 minus it.",
        ),
        "off by one": Misconception(
            lambda s, alpha, n_steps: 1 - (1 - alpha * s**2) ** (n_steps + 1),
            "Your power counts one step too many or too few. Each of the n_steps steps multiplies the error by "
            "1 - alpha s^2, so after 0 steps nothing has arrived.",
            also=(lambda s, alpha, n_steps: 1 - (1 - alpha * s**2) ** (n_steps - 1),),
        ),
        "all steps like the first": Misconception(
            lambda s, alpha, n_steps: n_steps * alpha * s**2,
            "You add the first step n_steps times. Each step covers a share of what is still *missing*: the "
            "missing part is multiplied by 1 - alpha s^2 each time.",
            also=(lambda s, alpha, n_steps: np.minimum(1, n_steps * alpha * s**2),),
        ),
        "gradient flow": Misconception(
            lambda s, alpha, n_steps: 1 - np.exp(-n_steps * alpha * s**2),
            "This is the flow, the limit of many tiny steps. A step of size alpha multiplies the error by "
            "1 - alpha s^2, not by its exponential.",
        ),
        "alpha missing": Misconception(
            lambda s, alpha, n_steps: 1 - (1 - s**2) ** n_steps,
            "Your result does not depend on alpha. One step multiplies the error by 1 - alpha s^2.",
        ),
        "power on the product": Misconception(
            lambda s, alpha, n_steps: 1 - (1 - (alpha * s**2) ** n_steps),
            "You raise alpha s^2 to the power. It is the whole bracket, the factor 1 - alpha s^2, that is "
            "repeated with every step.",
        ),
        "absolute value": Misconception(
            lambda s, alpha, n_steps: 1 - np.abs(1 - alpha * s**2) ** n_steps,
            "Where alpha s^2 is above 1 the factor is negative: a step goes too far, and the filter is above 1 "
            "after an odd number of steps. Keep the sign of 1 - alpha s^2.",
            also=(
                lambda s, alpha, n_steps: 1 - np.maximum(0, 1 - alpha * s**2) ** n_steps,
                lambda s, alpha, n_steps: np.clip(1 - (1 - alpha * s**2) ** n_steps, 0, 1),
            ),
        ),
        "brackets missing": Misconception(
            lambda s, alpha, n_steps: 1 - 1 - alpha * s**2**n_steps,
            hints.brackets("1 - (1 - alpha * s**2) ** n_steps"),
            also=(lambda s, alpha, n_steps: 1 - (1 - alpha * s**2**n_steps),),
        ),
        **cut_off(early_stopping_filter, 0, "s"),
    },
    claims=(
        Claim("the filter of random singular values", 3, _filters),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("s = 0 never arrives", 0.5, _unseen),
        Claim("steps that go too far at first", 0.5, _long_steps),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)
