"""Free a running average of the zero it started from."""

import numpy as np

from helpers.adam import bias_correction
from helpers.exercises import hints
from helpers.exercises.drawing import away_from_zero
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off


def _correction(moment, beta, t, note=""):
    return Case({"moment": moment, "beta": beta, "t": t}, note)


def _corrections(rng):
    # t is small enough for 1 - beta^t to be clearly below 1, where the correction counts
    for d, t in ((2, 2), (2, 3), (3, int(rng.integers(4, 7))), (5, 3)):
        yield _correction(away_from_zero(rng, d), float(rng.choice([0.6, 0.7, 0.8, 0.9])), t)


def _first_corrections(rng):
    for beta in (0.9, 0.999):
        yield _correction(away_from_zero(rng, 2), beta, 1, "after the first gradient")


def _late_corrections(rng):
    yield _correction(away_from_zero(rng, 2), 0.9, 400, "after many gradients nothing is left to correct")
    yield _correction(away_from_zero(rng, 3), 0.999, int(rng.integers(200, 400)))


def _whole_corrections(rng):
    yield _correction(rng.integers(1, 9, 3), 0.75, 2, "the moment holds whole numbers")


def _without_memory(rng):
    yield _correction(away_from_zero(rng, 2), 0.0, int(rng.integers(1, 5)), "beta = 0: no memory, no bias")


def _divided_by(share):
    return lambda moment, beta, t: np.asarray(moment, dtype=float) / share(beta, t)


def _in_place(moment, beta, t):
    moment /= 1 - beta**t
    return moment


def _by_a_list(moment, beta, t):
    kept = 1.0
    for _ in range(t):
        kept *= beta
    return [entry / (1 - kept) for entry in moment]


def _by_weights(moment, beta, t):
    """The weights of the average, added up."""
    return np.divide(moment, np.sum((1 - beta) * np.power(float(beta), np.arange(t))))


def _by_logarithms(moment, beta, t):
    with np.errstate(divide="ignore"):
        return np.asarray(moment, dtype=np.float32) / np.float32(-np.expm1(t * np.log(beta)))


EXERCISE = Exercise(
    id="bias-correction",
    chapter="08-adam",
    points=1,
    signature="bias_correction(moment, beta, t)",
    reference=bias_correction,
    alternatives=(_by_a_list, _by_weights, _by_logarithms),
    misconceptions={
        "t from 0": Misconception(
            _divided_by(lambda beta, t: 1 - beta ** (t - 1)),
            "Your exponent is t - 1. t already counts the gradients, 1 after the first one: divide by 1 - beta^t.",
        ),
        "t too far": Misconception(
            _divided_by(lambda beta, t: 1 - beta ** (t + 1)),
            "Your exponent is t + 1. After t gradients the weights add up to 1 - beta^t, so t is the exponent.",
        ),
        "multiplies": Misconception(
            lambda moment, beta, t: moment * (1 - beta**t),
            "You multiply by 1 - beta^t, which makes the average smaller still. It is too small by that factor: "
            "divide by it.",
        ),
        "forgotten power": Misconception(
            _divided_by(lambda beta, t: 1 - beta),
            "You divide by 1 - beta, which is right after the first gradient only. The zero at the start fades: "
            "its weight after t gradients is beta to the power t.",
        ),
        "t times beta": Misconception(
            _divided_by(lambda beta, t: 1 - beta * t),
            "You divide by 1 - beta times t. Every gradient multiplies the weight of the start by beta, so it is "
            "beta to the power t: beta ** t.",
        ),
        "power outside": Misconception(
            _divided_by(lambda beta, t: (1 - beta) ** t),
            "You take the power of 1 - beta. The power belongs to beta alone: 1 - beta ** t.",
        ),
        "divides by the power": Misconception(
            _divided_by(lambda beta, t: beta**t),
            "You divide by beta^t, the weight that is still on the zero at the start. The weight on the gradients "
            "is the rest: divide by 1 - beta^t.",
        ),
        "takes the root": Misconception(
            _divided_by(lambda beta, t: np.sqrt(1 - beta**t)),
            "You divide by the root of 1 - beta^t. The correction of a moment has no root; that comes later, when "
            "the step is made of the corrected v.",
        ),
        "no correction": Misconception(
            lambda moment, beta, t: np.array(moment, dtype=float),
            "You return the moment as it was. Divide it by 1 - beta^t, the sum of the weights on the gradients.",
        ),
        "changes moment in place": Misconception(
            _in_place,
            "moment /= ... writes into the caller's array, who goes on averaging with it. Divide with / instead of "
            "/=, which makes a new array.",
        ),
        "brackets missing": Misconception(
            lambda moment, beta, t: moment / 1 - beta**t,
            hints.brackets("moment / (1 - beta**t)"),
        ),
        **cut_off(bias_correction, 0, "moment"),
    },
    claims=(
        Claim("early averages", 5, _corrections),
        Claim("after the first gradient", 1, _first_corrections),
        Claim("after many gradients", 1, _late_corrections),
        Claim("whole numbers as input", 1, _whole_corrections),
        Claim("no memory, no bias", 1, _without_memory),
        Claim("the moment itself is left as it was", 1, _corrections, leaves_arguments_alone),
    ),
)
