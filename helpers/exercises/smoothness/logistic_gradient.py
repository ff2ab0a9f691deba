"""The gradient of the logistic loss, safe for margins of any size."""

import math

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.smoothness.logistic_data import (
    SIZES,
    examples,
    huge_examples,
    whole_examples,
    with_margins,
)
from helpers.exercises.table import Claim, Exercise, Misconception
from helpers.exercises.whole import cut_off
from helpers.smoothness import logistic_gradient


def _gradients(rng):
    for n, d in SIZES:
        yield with_margins(telling(lambda n=n, d=d: examples(rng, n, d), logistic_gradient, *_MISTAKES))


def _huge_margins(rng):
    yield with_margins(huge_examples(rng, 0), "all examples far on the wrong side")
    yield with_margins(huge_examples(rng, 2), "margins of 1e4 on both sides")
    yield with_margins(huge_examples(rng, 3), "all examples far on the right side: the gradient is 0")


def _no_knowledge(rng):
    yield with_margins(
        {**examples(rng, 5, 3), "w": np.zeros(3)}, "w = 0: every example pulls with weight 1/2"
    )


def _one_example(rng):
    given = {**examples(rng, 3, 2), "X": tenths(rng, (1, 2), 0.5, 2.0), "y": np.array([-1.0])}
    yield with_margins(given, "one example")


def _whole(rng):
    yield with_margins(whole_examples(rng), "whole numbers")


def _wrong(w, X, y):
    return 1 / (1 + np.exp(y * (X @ w)))


def _summed(w, X, y):
    return -X.T @ (y * _wrong(w, X, y))


def _uphill(w, X, y):
    return X.T @ (y * _wrong(w, X, y)) / len(y)


def _zero_one(w, X, y):
    return X.T @ (1 / (1 + np.exp(-X @ w)) - y) / len(y)


def _weight_of_the_right_label(w, X, y):
    return -X.T @ (y * (1 - _wrong(w, X, y))) / len(y)


def _without_labels(w, X, y):
    return -X.T @ _wrong(w, X, y) / len(y)


def _labels_only_outside(w, X, y):
    return -X.T @ (y / (1 + np.exp(X @ w))) / len(y)


def _per_example(w, X, y):
    return -(y * _wrong(w, X, y))[:, None] * X


def _weights_only(w, X, y):
    return -(y * _wrong(w, X, y))


def _of_the_probability(w, X, y):
    p = _wrong(w, X, y)
    return -X.T @ (y * p * (1 - p)) / len(y)


def _of_squares(w, X, y):
    return X.T @ (X @ w - y) / len(y)


_MISTAKES = (
    _summed, _uphill, _zero_one, _weight_of_the_right_label, _without_labels, _labels_only_outside,
    _per_example, _weights_only, _of_the_probability, _of_squares,
)  # fmt: skip


def _two_exponentials(w, X, y):
    e = np.exp(-y * (X @ w))
    return -X.T @ (y * e / (1 + e)) / len(y)


def _two_exponentials_of_scores(w, X, y):
    e = np.exp(X @ w)
    return X.T @ (e / (1 + e) - (y + 1) / 2) / len(y)


def _one_minus_the_weight(w, X, y):
    e = np.exp(y * (X @ w))
    return -X.T @ (y * (1 - e / (1 + e))) / len(y)


def _by_math(w, X, y):
    g = np.zeros(len(w))
    for x_i, y_i in zip(X, y, strict=True):
        g -= y_i * x_i / (1 + math.exp(y_i * (x_i @ w)))
    return g / len(y)


def _by_loop(w, X, y):
    g = np.zeros(X.shape[1])
    for x_i, y_i in zip(X, y, strict=True):
        m = y_i * (x_i @ w)
        weight = math.exp(-m) / (1 + math.exp(-m)) if m > 0 else 1 / (1 + math.exp(m))
        g = g - y_i * weight * x_i
    return g / len(y)


def _by_tanh(w, X, y):
    weight = (1 - np.tanh(y * (X @ w) / 2)) / 2
    return np.mean(-(y * weight)[:, None] * X, axis=0)


def _by_targets(w, X, y):
    p = 1 / (1 + np.exp(-np.clip(X @ w, -500, 500)))
    return ((p - (np.asarray(y) + 1) / 2) @ X / len(y)).tolist()


def _exp_of_margins(w, X, y):
    with np.errstate(over="ignore"):
        return np.exp(y * (X @ w))


EXERCISE = Exercise(
    id="logistic-gradient",
    chapter="02-l-smoothness",
    points=2,
    signature="logistic_gradient(w, X, y)",
    reference=logistic_gradient,
    alternatives=(_by_loop, _by_tanh, _by_targets),
    misconceptions={
        "sum instead of mean": Misconception(
            _summed,
            "You add the gradients of the examples up. The loss is a mean, so divide by the number of examples.",
        ),
        "uphill": Misconception(
            _uphill,
            "Your gradient points the other way. The derivative of log(1 + exp(-m)) is negative: put a minus in front.",
        ),
        "labels 0 and 1": Misconception(
            _zero_one,
            "X'(p - y)/n, with probabilities p, is the gradient for labels 0 and 1. Here they are +1 and -1: use -y/(1 + exp(y x'w)), or turn "
            "them into (y + 1)/2 first.",
        ),
        "weight of the right label": Misconception(
            _weight_of_the_right_label,
            "You weigh each example by the probability of the right label. Examples that are right already should "
            "hardly pull: the weight is 1/(1 + exp(+margin)).",
            also=(lambda w, X, y: -X.T @ (y / (1 + np.exp(-y * (X @ w)))) / len(y),),
        ),
        "label in one place only": Misconception(
            _without_labels,
            "The label appears twice: inside the margin y x'w, and once more in front, from the chain rule.",
            also=(_labels_only_outside, lambda w, X, y: X.T @ _wrong(w, X, y) / len(y)),
        ),
        "not summed over the examples": Misconception(
            _per_example,
            "You return something for each example. The gradient has one entry for each weight, shape (d,): take the "
            "mean over the n examples.",
            also=(_weights_only, lambda w, X, y: -(y * _wrong(w, X, y)) / len(y),
                  lambda w, X, y: -(y * _wrong(w, X, y))[:, None] * X / len(y)),
        ),
        "derivative of the probability": Misconception(
            _of_the_probability,
            "Your weight p(1 - p) is the derivative of the probability p. The loss is its logarithm, and one factor cancels: "
            "the weight is the probability of the wrong label alone.",
        ),
        "gradient of least squares": Misconception(
            _of_squares,
            "X'(Xw - y)/n is the gradient of least squares. The logistic one weighs each example by "
            "1/(1 + exp(margin)).",
        ),
        "overflow": Misconception(
            _two_exponentials,
            "For margins of 1e4 the exponential overflows: to inf in NumPy, where inf/inf is nan, to an error in math. Write "
            "the weight so that the exponential stands once, e/(1 + e) = 1/(1 + 1/e), and take np.exp, which may be inf there.",
            also=(_two_exponentials_of_scores, _one_minus_the_weight, _by_math),
        ),
        "brackets missing": Misconception(
            lambda w, X, y: -X.T @ (y * (1 + _exp_of_margins(w, X, y))) / len(y),
            hints.brackets("1 / (1 + np.exp(...))"),
            also=(lambda w, X, y: -X.T @ (y + _exp_of_margins(w, X, y)) / len(y),),
        ),
        **cut_off(logistic_gradient, 0, "w"),
    },
    claims=(
        Claim("the gradient on random examples", 3, _gradients),
        Claim("no overflow for margins of 1e4", 1.5, _huge_margins),
        Claim("w = 0", 0.5, _no_knowledge),
        Claim("one example", 0.5, _one_example),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)  # fmt: skip
