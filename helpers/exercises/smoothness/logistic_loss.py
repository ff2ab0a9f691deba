"""The logistic loss, safe for margins of any size."""

import math

import numpy as np

from helpers.exercises.drawing import telling, tenths
from helpers.exercises.smoothness.logistic_data import (
    SIZES,
    examples,
    huge_examples,
    whole_examples,
    with_margins,
)
from helpers.exercises.table import Claim, Exercise, Misconception
from helpers.smoothness import logistic_loss


def _losses(rng):
    for n, d in SIZES:
        yield with_margins(telling(lambda n=n, d=d: examples(rng, n, d), logistic_loss, *_MISTAKES))


def _huge_margins(rng):
    yield with_margins(huge_examples(rng, 0), "all examples far on the wrong side: the loss is the margin")
    yield with_margins(huge_examples(rng, 2), "margins of 1e4 on both sides")


def _huge_right_margins(rng):
    yield with_margins(huge_examples(rng, 3), "all examples far on the right side: the loss is 0")


def _no_knowledge(rng):
    given = examples(rng, 5, 3)
    yield with_margins({**given, "w": np.zeros(3)}, "w = 0: both labels are as likely, the loss is log 2")


def _one_example(rng):
    given = examples(rng, 3, 2)
    yield with_margins({**given, "X": tenths(rng, (1, 2), 0.5, 2.0), "y": np.array([-1.0])}, "one example")


def _whole(rng):
    yield with_margins(whole_examples(rng), "whole numbers")


def _summed(w, X, y):
    return np.sum(np.logaddexp(0, -y * (X @ w)))


def _halved(w, X, y):
    return np.mean(np.logaddexp(0, -y * (X @ w))) / 2


def _other_sign(w, X, y):
    return np.mean(np.logaddexp(0, y * (X @ w)))


def _negated(w, X, y):
    return -np.mean(np.logaddexp(0, -y * (X @ w)))


def _zero_one(w, X, y):
    s = X @ w
    return np.mean(np.logaddexp(0, s) - y * s)


def _cross_entropy_of_signs(w, X, y):
    p = 1 / (1 + np.exp(-X @ w))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _without_labels(w, X, y):
    return np.mean(np.logaddexp(0, -(X @ w)))


def _without_logarithm(w, X, y):
    return np.mean(1 / (1 + np.exp(y * (X @ w))))


def _log_of_the_mean(w, X, y):
    return -np.log(np.mean(1 / (1 + np.exp(-y * (X @ w)))))


def _in_bits(w, X, y):
    return np.mean(np.logaddexp2(0, -y * (X @ w) / np.log(2)))


_MISTAKES = (
    _summed, _halved, _other_sign, _negated, _zero_one, _without_labels, _without_logarithm,
    _log_of_the_mean, _in_bits,
)  # fmt: skip


def _plain(w, X, y):
    return np.mean(np.log(1 + np.exp(-y * (X @ w))))


def _plain_log1p(w, X, y):
    return np.mean(np.log1p(np.exp(-y * (X @ w))))


def _by_probability(w, X, y):
    return -np.mean(np.log(1 / (1 + np.exp(-y * (X @ w)))))


def _two_logarithms(w, X, y):
    p, t = 1 / (1 + np.exp(-X @ w)), (y + 1) / 2
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


def _clipped(limit):
    return lambda w, X, y: np.mean(np.log1p(np.exp(np.clip(-y * (X @ w), -limit, limit))))


def _clipped_probability(eps):
    def loss(w, X, y):
        p = 1 / (1 + np.exp(-y * (X @ w)))
        return -np.mean(np.log(np.clip(p, eps, 1)))

    return loss


def _two_large_terms(w, X, y):
    m = y * (X @ w)
    return np.mean(np.log(1 + np.exp(m)) - m)


def _inf_replaced(w, X, y):
    return np.mean(np.nan_to_num(np.log(1 + np.exp(-y * (X @ w)))))


def _by_math(w, X, y):
    total = 0.0
    for x_i, y_i in zip(X, y, strict=True):
        total += math.log(1 + math.exp(-y_i * (x_i @ w)))
    return total / len(y)


def _stable_by_hand(w, X, y):
    m = y * (X @ w)
    return float(np.mean(np.maximum(0, -m) + np.log1p(np.exp(-np.abs(m)))))


def _by_loop(w, X, y):
    losses = []
    for x_i, y_i in zip(X.tolist(), y.tolist(), strict=True):
        m = y_i * sum(a * b for a, b in zip(x_i, w.tolist(), strict=True))
        losses.append(math.log1p(math.exp(-m)) if m > 0 else -m + math.log1p(math.exp(m)))
    return sum(losses) / len(losses)


def _of_zero_and_one(w, X, y):
    s, t = X @ w, (np.asarray(y) + 1) // 2
    return np.array(np.mean(np.logaddexp(0, s) - t * s))


EXERCISE = Exercise(
    id="logistic-loss",
    chapter="02-l-smoothness",
    points=2,
    signature="logistic_loss(w, X, y)",
    reference=logistic_loss,
    alternatives=(_stable_by_hand, _by_loop, _of_zero_and_one),
    misconceptions={
        "sum instead of mean": Misconception(
            _summed, "You add the losses up. Divide by the number of examples: the loss is their mean.",
        ),
        "half of it": Misconception(
            _halved,
            "Your loss is half of it. The 1/2 belongs to least squares; the logistic loss is the plain mean.",
        ),
        "sign of the margin": Misconception(
            _other_sign,
            "Your loss grows with the margin y x'w, so it punishes the right answers. Put a minus in the exponent: "
            "exp(-margin).",
        ),
        "sign of the loss": Misconception(
            _negated,
            "Your loss is negative. The mean of log(1 + exp(-margin)) is positive; it is the log-likelihood that has "
            "the other sign.",
            also=(lambda w, X, y: -np.mean(np.log(1 + np.exp(-y * (X @ w)))),),
        ),
        "labels 0 and 1": Misconception(
            _zero_one,
            "Your formula is the one for labels 0 and 1. Here they are +1 and -1: use log(1 + exp(-y x'w)), or turn "
            "them into (y + 1)/2 first.",
            also=(_cross_entropy_of_signs,),
        ),
        "labels ignored": Misconception(
            _without_labels,
            "The labels do not change your result. The margin of an example is y times x'w: positive on the right side.",
        ),
        "no logarithm": Misconception(
            _without_logarithm,
            "You average probabilities. The loss of an example is a logarithm: log(1 + exp(-margin)), minus the log of the "
            "probability of the right label.",
            also=(lambda w, X, y: np.mean(1 / (1 + np.exp(-y * (X @ w)))),),
        ),
        "logarithm of the mean": Misconception(
            _log_of_the_mean,
            "You average first and take the logarithm then. Take the logarithm for each example, then the mean.",
        ),
        "another logarithm": Misconception(
            _in_bits,
            "You use another logarithm than the natural one. np.log and np.logaddexp are natural; log2 and log10 are not.",
            also=(lambda w, X, y: np.mean(np.log2(1 + np.exp(-y * (X @ w)))),
                  lambda w, X, y: np.mean(np.log10(1 + np.exp(-y * (X @ w))))),
        ),
        "overflow": Misconception(
            _plain,
            "For margins of 1e4 the exponential overflows, and clipping it changes the loss: a margin of -1e4 costs 1e4. "
            "np.logaddexp(0, -margin) is log(e^0 + e^-margin) without forming the exponential.",
            also=(
                _plain_log1p, _two_large_terms, _inf_replaced, _by_probability, _two_logarithms, _by_math, _clipped(500), _clipped(100), _clipped(50),
                _clipped(30), _clipped(20), _clipped(700), _clipped_probability(1e-15), _clipped_probability(1e-12),
                _clipped_probability(1e-10), _clipped_probability(1e-16), _clipped_probability(1e-9),
                _clipped_probability(1e-8),
            ),
        ),
    },
    claims=(
        Claim("the mean loss of random examples", 3, _losses),
        Claim("no overflow on the wrong side", 1.5, _huge_margins),
        Claim("no overflow on the right side", 0.5, _huge_right_margins),
        Claim("w = 0 gives log 2", 0.25, _no_knowledge),
        Claim("one example", 0.25, _one_example),
        Claim("whole numbers as input", 0.25, _whole),
    ),
)  # fmt: skip
