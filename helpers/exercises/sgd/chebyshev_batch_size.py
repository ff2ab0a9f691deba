"""How large a batch has to be, to be close enough often enough."""

import decimal
import itertools
import math
from fractions import Fraction
from functools import lru_cache

import numpy as np

from helpers.exercises.drawing import redrawn
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.stochastic import chebyshev_batch_size


def _numbers(rng):
    """Return sigma2 with one decimal, eps and delta with two, as a learner would write them."""
    return {
        "sigma2": int(rng.integers(11, 95)) / 10,
        "eps": int(rng.integers(11, 80)) / 100,
        "delta": int(rng.integers(2, 45)) / 100,
    }


def _exact(sigma2, eps, delta):
    sigma2, eps, delta = (Fraction(str(value)) for value in (sigma2, eps, delta))
    return sigma2 / (eps**2 * delta)


def _sizes(rng):
    # The value lies clearly between two whole numbers, once closer to the lower one and once to the higher one.
    for low, high in ((0.1, 0.4), (0.6, 0.9), (0.1, 0.4), (0.6, 0.9), (0.3, 0.7)):

        def good(numbers, low=low, high=high):
            value = float(_exact(**numbers))
            others = {abs(function(**numbers) - math.ceil(value)) for function in KNOWN}
            return low < value % 1 < high and value > 20 and 0 not in others

        numbers = redrawn(lambda: _numbers(rng), good)
        yield Case(numbers, shown={"sigma2/(eps^2 delta)": round(float(_exact(**numbers)), 6)})


def _whole_results(rng):
    # Each of the three ways to write the quotient comes out above the whole number in one of the cases.
    yield Case({"sigma2": 1.0, "eps": 0.1, "delta": 0.05}, "the value is exactly 2000")
    for found in _pushed_up():
        numbers = found[int(rng.integers(len(found)))]
        shown = {"sigma2/(eps^2 delta)": str(_exact(**numbers))}
        yield Case(numbers, "the value is a whole number", shown=shown)


@lru_cache
def _pushed_up():
    """For each naive quotient, the numbers with a whole exact value that it ends up above."""
    whole = [
        {"sigma2": s, "eps": e / 10, "delta": p / 100}
        for s, e, p in itertools.product(range(1, 100), range(1, 10), range(1, 20))
        if 10_000 * s % (e * e * p) == 0
    ]
    return [[numbers for numbers in whole if naive(**numbers) > _exact(**numbers)] for naive in NAIVE]


def _whole_input(rng):
    yield Case({"sigma2": int(rng.integers(5, 9)), "eps": 1, "delta": 0.3}, "whole numbers")


def _tiny(rng):
    yield Case({"sigma2": 0.01, "eps": 0.5, "delta": 0.3}, "hardly any noise: one row is enough")
    numbers = _numbers(rng)
    for none in (0, 0.0):
        yield Case({**numbers, "sigma2": none}, "no noise at all: one row is enough, and none is too few")


def _with(value, rounded=math.ceil):
    """Return a batch size from another value, or rounded in another way."""
    return lambda sigma2, eps, delta: rounded(value(sigma2, eps, delta))


def _right(sigma2, eps, delta):
    return sigma2 / (eps**2 * delta) - 1e-9


EPS = _with(lambda sigma2, eps, delta: sigma2 / (eps * delta))
FLOOR = _with(lambda sigma2, eps, delta: sigma2 / (eps**2 * delta) + 1e-9, math.floor)
ROUND = _with(lambda sigma2, eps, delta: _right(sigma2, eps, delta), round)
PLUS_ONE = _with(
    lambda sigma2, eps, delta: sigma2 / (eps**2 * delta) + 1e-9, lambda value: math.floor(value) + 1
)
ONE_LESS = _with(_right, lambda value: math.ceil(value) + 1)
CONFIDENCE = _with(lambda sigma2, eps, delta: sigma2 / (eps**2 * (1 - delta)))
TIMES_DELTA = _with(lambda sigma2, eps, delta: sigma2 * delta / eps**2)
NO_DELTA = _with(lambda sigma2, eps, delta: sigma2 / eps**2)
SIGMA = _with(lambda sigma2, eps, delta: math.sqrt(sigma2) / (eps**2 * delta))
SIGMA_4 = _with(lambda sigma2, eps, delta: sigma2**2 / (eps**2 * delta))
DELTA_2 = _with(lambda sigma2, eps, delta: sigma2 / (eps * delta) ** 2)
BRACKETS = _with(lambda sigma2, eps, delta: sigma2 / eps**2 * delta)
NORMAL = _with(lambda sigma2, eps, delta: sigma2 * 1.96**2 / eps**2)
HOEFFDING = _with(lambda sigma2, eps, delta: sigma2 * math.log(2 / delta) / (2 * eps**2))
KNOWN = (
    EPS, FLOOR, ONE_LESS, CONFIDENCE, TIMES_DELTA, NO_DELTA, SIGMA, SIGMA_4, DELTA_2, NORMAL, HOEFFDING,
)  # fmt: skip
NAIVE = (
    lambda sigma2, eps, delta: sigma2 / (eps**2 * delta),
    lambda sigma2, eps, delta: sigma2 / eps**2 / delta,
    lambda sigma2, eps, delta: sigma2 / (eps * eps * delta),
)


def _in_decimals(sigma2, eps, delta):
    sigma2, eps, delta = (decimal.Decimal(repr(float(value))) for value in (sigma2, eps, delta))
    value = sigma2 / (eps * eps * delta)
    return max(1, int(value.to_integral_value(decimal.ROUND_CEILING)))


def _with_a_tolerance(sigma2, eps, delta):
    value = sigma2 / (eps**2 * delta)
    return max(1.0, float(np.ceil(value * (1 - 1e-12))))


def _by_rounding(sigma2, eps, delta):
    return np.int64(max(1, math.ceil(round(sigma2 / eps**2 / delta, 6))))


EXERCISE = Exercise(
    id="chebyshev-batch-size",
    chapter="06-sgd",
    points=2,
    signature="chebyshev_batch_size(sigma2, eps, delta)",
    reference=chebyshev_batch_size,
    alternatives=(_in_decimals, _with_a_tolerance, _by_rounding),
    misconceptions={
        "eps not squared": Misconception(
            EPS,
            "You divide by eps, not by its square. The inequality compares variances, so half the tolerance costs four "
            "times the batch: eps^2.",
        ),
        "rounded down": Misconception(
            FLOOR,
            "You round down, or to the nearest. A batch that is one row too small breaks the promise: round up.",
            also=(ROUND, _with(_right, int), _with(NAIVE[0], lambda value: max(1, math.floor(value))),
                  _with(NAIVE[0], lambda value: max(1, round(value))), _with(NAIVE[0], int)),
        ),
        "1 - delta": Misconception(
            CONFIDENCE,
            "You divide by 1 - delta, the probability of being close. delta itself is the probability of failure that is "
            "allowed, and it stands below the line.",
        ),
        "delta on top": Misconception(
            TIMES_DELTA,
            "You multiply by delta. A smaller delta asks for more certainty, so for a larger batch: divide by it.",
            also=(BRACKETS,),
        ),
        "delta missing": Misconception(
            NO_DELTA,
            "delta does not appear. Chebyshev's inequality says (sigma2/B)/eps^2 <= delta: solve it for B.",
        ),
        "power of sigma2": Misconception(
            SIGMA,
            "sigma2 is the variance already. Use it as it is, without a root or a square.",
            also=(SIGMA_4,),
        ),
        "delta squared": Misconception(
            DELTA_2,
            "You square delta as well. Only eps is squared: Python reads eps**2 * delta as (eps**2) * delta.",
        ),
        "another inequality": Misconception(
            NORMAL,
            "Your bound takes more for granted, by the 1.96 of a normal distribution or by a logarithm of delta. "
            "Chebyshev's inequality holds for every distribution: divide by delta itself.",
            also=(HOEFFDING,),
        ),
        "one too many": Misconception(
            ONE_LESS,
            "You add one too many. The smallest whole number that is not below sigma2/(eps^2 delta) is enough.",
        ),
        "floating point": Misconception(
            _with(NAIVE[0]),
            "Where the value is a whole number, floating point may end a hair above it, and rounding up then adds one. "
            "Take off a tiny share before you round up, or count in fractions.",
            also=(
                *(_with(naive) for naive in NAIVE[1:]),
                *(_with(naive, lambda value: max(1, math.ceil(value))) for naive in NAIVE),
                *(_with(naive, np.ceil) for naive in NAIVE),
            ),
        ),
        "one more where it is exact": Misconception(
            PLUS_ONE,
            "int(value) + 1 is one too many where the value is a whole number. Round up instead.",
        ),
        "a batch of no rows": Misconception(
            _with(lambda sigma2, eps, delta: math.floor(sigma2 / (eps**2 * delta) * 1e9) / 1e9),
            "Where there is no noise your batch has no rows. The smallest batch has one: take the larger of 1 and your "
            "number.",
            also=(
                _with(lambda sigma2, eps, delta: sigma2 / (eps**2 * delta) * (1 - 1e-12), np.ceil),
                _with(lambda sigma2, eps, delta: round(sigma2 / eps**2 / delta, 6)),
                _with(_exact),
            ),
        ),
        "not rounded": Misconception(
            lambda sigma2, eps, delta: sigma2 / (eps**2 * delta),
            "You return a number with decimals. A batch holds whole rows: round up.",
        ),
    },
    claims=(
        Claim("random tolerances", 5, _sizes),
        Claim("whole results are not pushed up by rounding", 3, _whole_results),
        Claim("whole numbers as input", 1, _whole_input),
        Claim("never less than one row", 1, _tiny),
    ),
)  # fmt: skip
