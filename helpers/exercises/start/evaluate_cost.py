"""The height of the course's first landscape."""

import numpy as np

from helpers.differences import evaluate_cost
from helpers.exercises import hints
from helpers.exercises.drawing import tenths
from helpers.exercises.start.places import places, whole_places
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _height(x, y, note=""):
    shown = {"2(x - 3)²": 2 * (x - 3) ** 2, "(y + 1)²": (y + 1) ** 2, "2xy": 2 * x * y}
    return Case({"x": x, "y": y}, note, shown={name: round(float(v), 10) for name, v in shown.items()})


def _heights(rng):
    for place in places(rng, evaluate_cost, *_MISTAKES):
        yield _height(**place)


def _whole_places(rng):
    for place in whole_places(rng):
        yield _height(**place, note="x and y are whole numbers")


def _special_places(rng):
    yield _height(0.0, 0.0, "the origin")
    yield _height(7.0, -8.0, "the lowest point")
    yield _height(3.0, tenths(rng, (), 0.5, 3.0), "x = 3, where the first square vanishes")
    yield _height(tenths(rng, (), 0.5, 2.5), -1.0, "y = -1, where the second square vanishes")


def _without_cross_term(x, y):
    return 2 * (x - 3) ** 2 + (y + 1) ** 2


def _minus_one(x, y):
    return 2 * (x - 3) ** 2 + (y - 1) ** 2 + 2 * x * y


def _plus_three(x, y):
    return 2 * (x + 3) ** 2 + (y + 1) ** 2 + 2 * x * y


def _factor_lost(x, y):
    return (x - 3) ** 2 + (y + 1) ** 2 + 2 * x * y


def _two_squared(x, y):
    return (2 * (x - 3)) ** 2 + (y + 1) ** 2 + 2 * x * y


def _not_squared(x, y):
    return 2 * (x - 3) + (y + 1) + 2 * x * y


def _times_two_for_square(x, y):
    return 2 * (x - 3) * 2 + (y + 1) * 2 + 2 * x * y


def _cross_term_halved(x, y):
    return 2 * (x - 3) ** 2 + (y + 1) ** 2 + x * y


def _cross_term_subtracted(x, y):
    return 2 * (x - 3) ** 2 + (y + 1) ** 2 - 2 * x * y


def _swapped(x, y):
    return evaluate_cost(y, x)


_MISTAKES = (
    _without_cross_term, _minus_one, _plus_three, _factor_lost, _two_squared, _not_squared,
    _times_two_for_square, _cross_term_halved, _cross_term_subtracted, _swapped,
)  # fmt: skip


EXERCISE = Exercise(
    id="evaluate-cost",
    chapter="00-start-here",
    points=1,
    signature="evaluate_cost(x, y)",
    reference=evaluate_cost,
    alternatives=(
        lambda x, y: 2 * x * x - 12 * x + y * y + 2 * y + 2 * x * y + 19,
        lambda x, y: np.sum(np.array([2, 1, 2]) * np.array([(x - 3) ** 2, (y + 1) ** 2, x * y])),
        # By its lowest point: half of a quadratic form in the distance from (7, -8), on top of -31.
        lambda x, y: np.array(
            [x - 7, y + 8] @ np.array([[4, 2], [2, 2]]) @ np.array([x - 7, y + 8]) / 2 - 31
        ),
    ),
    misconceptions={
        "cross term missing": Misconception(
            _without_cross_term,
            "You add the two squares and stop. The third term, 2xy, is missing: it depends on x and y together.",
        ),
        "sign of the 1": Misconception(
            _minus_one,
            "You use y - 1. The formula has (y + 1)^2, which vanishes at y = -1.",
        ),
        "sign of the 3": Misconception(
            _plus_three,
            "You use x + 3. The formula has (x - 3)^2, which vanishes at x = 3.",
        ),
        "factor 2 lost": Misconception(
            _factor_lost,
            "The first square counts twice in the formula: 2(x - 3)^2. You add it once.",
        ),
        "2 squared as well": Misconception(
            _two_squared,
            "You square the 2 along with the bracket, which makes it a 4. A power comes before a product: square "
            "x - 3 first, then double it.",
        ),
        "brackets not squared": Misconception(
            _not_squared,
            "You use the brackets as they are. Both have to be squared: in Python a power is written **, as in (x - 3) ** 2.",
            also=(_times_two_for_square,),
        ),
        "cross term halved": Misconception(
            _cross_term_halved,
            "You add xy once. The cross term of the formula is 2xy.",
        ),
        "cross term subtracted": Misconception(
            _cross_term_subtracted,
            "You subtract the cross term. The formula adds it; it is negative by itself where x and y have "
            "different signs.",
        ),
        "x and y swapped": Misconception(
            _swapped,
            "Your x and y have changed places: the 3 belongs to x, the first argument, and the 1 to y.",
        ),
        "brackets missing": Misconception(
            lambda x, y: 2 * x - 3**2 + (y + 1) ** 2 + 2 * x * y,
            hints.brackets("2 * (x - 3) ** 2 and (y + 1) ** 2"),
            also=(
                lambda x, y: 2 * (x - 3) ** 2 + y + 1**2 + 2 * x * y,
                lambda x, y: 2 * x - 3**2 + y + 1**2 + 2 * x * y,
                lambda x, y: (2 * x - 3) ** 2 + (y + 1) ** 2 + 2 * x * y,
            ),
        ),
    },
    claims=(
        Claim("the height at random places", 3, _heights),
        Claim("whole numbers as input", 1, _whole_places),
        Claim("the origin, the lowest point, and where a square vanishes", 1, _special_places),
    ),
)  # fmt: skip
