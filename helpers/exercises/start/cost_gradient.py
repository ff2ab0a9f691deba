"""The two slopes of the course's first landscape."""

import numpy as np

from helpers.agreement import as_numbers
from helpers.differences import cost_gradient, evaluate_cost
from helpers.exercises import hints
from helpers.exercises.start.places import places, whole_places
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees


def _slopes(x, y, note=""):
    shown = {"x - 3": round(x - 3, 10), "y + 1": round(y + 1, 10)}
    return Case({"x": x, "y": y}, note, shown=shown)


def _places(rng):
    for place in places(rng, cost_gradient, *_MISTAKES):
        yield _slopes(**place)


def _whole_places(rng):
    for place in whole_places(rng):
        yield _slopes(**place, note="x and y are whole numbers")


def _level_places(rng):
    yield _slopes(7.0, -8.0, "the lowest point: no slope at all")
    x = int(rng.integers(-3, 4)) + 0.5
    yield _slopes(x, 6 - 2 * x, "no slope along x")
    yield _slopes(x, -1 - x, "no slope along y")


def _level(case, outcome, expected):
    """Judge by the value, with room for slopes that were measured with a small h: they vanish up to rounding."""
    fault = agrees(case, outcome, expected)
    if (
        fault
        and fault.kind == "value"
        and np.abs(as_numbers(outcome.returned) - expected.returned).max() < 1e-6
    ):
        return None
    return fault


def _measured(x, y):
    h = 1e-4
    along_x = evaluate_cost(x + h, y) - evaluate_cost(x - h, y)
    return along_x / (2 * h), (evaluate_cost(x, y + h) - evaluate_cost(x, y - h)) / (2 * h)


def _cross_term_dropped(x, y):
    return np.array([4 * (x - 3), 2 * (y + 1)])


def _both_factors_lost(x, y):
    return np.array([2 * (x - 3) + 2 * y, (y + 1) + 2 * x])


def _first_factor_lost(x, y):
    return np.array([2 * (x - 3) + 2 * y, 2 * (y + 1) + 2 * x])


def _second_factor_lost(x, y):
    return np.array([4 * (x - 3) + 2 * y, (y + 1) + 2 * x])


def _components_swapped(x, y):
    return np.array([2 * (y + 1) + 2 * x, 4 * (x - 3) + 2 * y])


def _own_variable_in_the_cross_term(x, y):
    return np.array([4 * (x - 3) + 2 * x, 2 * (y + 1) + 2 * y])


def _cross_term_kept(x, y):
    return np.array([4 * (x - 3) + 2 * x * y, 2 * (y + 1) + 2 * x * y])


def _cross_term_halved(x, y):
    return np.array([4 * (x - 3) + y, 2 * (y + 1) + x])


def _exponent_kept(x, y):
    return np.array([4 * (x - 3) ** 2 + 2 * y, 2 * (y + 1) ** 2 + 2 * x])


def _downhill(x, y):
    return -cost_gradient(x, y)


def _added_up(x, y):
    return 4 * (x - 3) + 2 * y + 2 * (y + 1) + 2 * x


def _length(x, y):
    return np.linalg.norm(cost_gradient(x, y))


_MISTAKES = (
    _cross_term_dropped, _both_factors_lost, _first_factor_lost, _second_factor_lost, _components_swapped,
    _own_variable_in_the_cross_term, _cross_term_kept, _cross_term_halved, _exponent_kept, _downhill,
)  # fmt: skip


def _by_tiny_imaginary_steps(x, y):
    # The derivative of a polynomial is the imaginary part of its value at x + ih, over h, without cancellation.
    h = 1e-30
    return [evaluate_cost(x + 1j * h, y).imag / h, evaluate_cost(x, y + 1j * h).imag / h]


EXERCISE = Exercise(
    id="cost-gradient",
    chapter="00-start-here",
    points=2,
    signature="cost_gradient(x, y)",
    reference=cost_gradient,
    alternatives=(
        lambda x, y: (4 * x + 2 * y - 12, 2 * x + 2 * y + 2),
        lambda x, y: np.array([[4, 2], [2, 2]]) @ np.array([x - 7, y + 8]),
        _by_tiny_imaginary_steps,
        _measured,
    ),
    misconceptions={
        "cross term dropped": Misconception(
            _cross_term_dropped,
            "You differentiate the two squares and leave out 2xy. It has a slope in both directions: seen along x "
            "it is a straight line, with y as part of its steepness.",
        ),
        "factor 2 lost": Misconception(
            _both_factors_lost,
            "A factor 2 is missing. The derivative of (x - 3)^2 is 2(x - 3), and the 2 in front of the square "
            "stays as well; (y + 1)^2 gives a 2 in the same way.",
            also=(_first_factor_lost, _second_factor_lost),
        ),
        "components swapped": Misconception(
            _components_swapped,
            "Your two components have changed places. The slope along x comes first, the slope along y second.",
        ),
        "own variable in the cross term": Misconception(
            _own_variable_in_the_cross_term,
            "You differentiate 2xy to 2x in the first component and to 2y in the second. Along x, y stays what it is and "
            "x goes: keep the *other* variable.",
        ),
        "cross term kept whole": Misconception(
            _cross_term_kept,
            "You keep 2xy as it is in both components. Its derivative along x treats y as a fixed number, and "
            "the derivative of 2xy is then that number, doubled.",
        ),
        "cross term halved": Misconception(
            _cross_term_halved,
            "You add y and x once. The cross term is 2xy, and its factor 2 stays when you differentiate.",
        ),
        "exponent kept": Misconception(
            _exponent_kept,
            "The factor has come down from the exponent, but the squares are still there. A square has a straight "
            "line as its derivative: the bracket to the first power.",
        ),
        "downhill": Misconception(
            _downhill,
            "You return minus the gradient. The gradient itself points uphill; turning it around is the business "
            "of gradient descent, later.",
        ),
        "one number": Misconception(
            _added_up,
            "You make one number of the two slopes. The gradient is the vector that holds both, one beside the other.",
            also=(_length,),
        ),
        "brackets missing": Misconception(
            lambda x, y: [4 * x - 3 + 2 * y, 2 * (y + 1) + 2 * x],
            hints.brackets("4 * (x - 3) and 2 * (y + 1)"),
            also=(
                lambda x, y: [4 * (x - 3) + 2 * y, 2 * y + 1 + 2 * x],
                lambda x, y: [4 * x - 3 + 2 * y, 2 * y + 1 + 2 * x],
            ),
        ),
    },
    claims=(
        Claim("both slopes at random places", 3, _places),
        Claim("whole numbers as input", 1, _whole_places),
        Claim("where a slope vanishes", 1, _level_places, _level),
    ),
)
