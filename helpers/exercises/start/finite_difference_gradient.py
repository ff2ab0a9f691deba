"""The gradient from heights alone."""

import numpy as np

from helpers import problems
from helpers.differences import finite_difference_gradient
from helpers.exercises.drawing import away_from_zero, bowl, given, telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone


def _case(problem, x, h, note=""):
    return Case({"f": given("f", problem), "x": x, "h": h}, note, shown=_neighbours(problem.f, x, h))


def _drawn(rng, problem, h, *mistakes, note=""):
    def draw():
        x = away_from_zero(rng, problem.dim, 0.5, 2.0)
        return {"f": given("f", problem), "x": x, "h": h}

    inputs = telling(draw, finite_difference_gradient, *_MISTAKES, *mistakes)
    return _case(problem, inputs["x"], h, note)


def _neighbours(f, x, h):
    """The heights ahead and behind, for the first two coordinates: what one would have to work out first."""
    moves = zip(("e₁", "e₂"), h * np.eye(len(x)), strict=False)
    return {
        f"f(x {sign} h {name})": float(f(x + way * move))
        for name, move in moves
        for sign, way in (("+", 1), ("-", -1))
    }


def _differences(rng):
    # A long h, and 2h not 1: on a landscape that is not quadratic other formulas then give other numbers. Only with
    # two coordinates or more can all of them be moved at once, or one not be put back.
    several = (_all_at_once_for_each, _never_put_back)
    yield _drawn(rng, problems.cost_surface(), 0.4, *several)
    yield _drawn(rng, problems.rosenbrock(b=3.0), 0.4, *several)
    yield _drawn(rng, problems.rosenbrock(b=3.0), 0.2, *several)
    yield _drawn(rng, problems.wavy(), 0.4)
    for d in (3, 5):
        yield _drawn(rng, bowl(rng, d), 0.3, _all_at_once_for_each)


def _whole_points(rng):
    for d in (1, 2, 4):
        x = rng.integers(1, 6, d)
        x[0] = -x[0]  # cut off towards 0, on either side of it
        yield _case(bowl(rng, d), x, 0.2, "x holds whole numbers")


def _fine_differences(rng):
    # Rounding is 1e-16 of |f| over h, so 1e-4 of it at the most: a few digits of the slope stand.
    for problem in (problems.cost_surface(), bowl(rng, 3)):
        x = np.round(problem.minimiser, 1) + away_from_zero(rng, problem.dim, 1.0)
        yield _case(problem, x.round(1), 1e-5, "h is small")
    # not quadratic: there a longer h gives another slope
    yield _case(problems.rosenbrock(b=3.0), tenths(rng, 2, 1.5, 2.5), 1e-5, "h is small")


def _at_the_bottom(rng):
    problem = problems.quadratic_with_spectrum(tenths(rng, 2, 0.5, 3.0), minimiser=tenths(rng, 2))
    yield _case(problem, np.array(problem.minimiser), 0.5, "x is the minimiser: as high left as right")


def _one_by_one(x, difference):
    return np.array([difference(e) for e in np.eye(len(x))])


def _forward(f, x, h):
    return _one_by_one(x, lambda e: (f(x + h * e) - f(x)) / h)


def _backward(f, x, h):
    return _one_by_one(x, lambda e: (f(x) - f(x - h * e)) / h)


def _all_of_it_ahead(f, x, h):
    return _one_by_one(x, lambda e: (f(x + 2 * h * e) - f(x)) / (2 * h))


def _divided_by_h(f, x, h):
    return _one_by_one(x, lambda e: (f(x + h * e) - f(x - h * e)) / h)


def _not_divided(f, x, h):
    return _one_by_one(x, lambda e: f(x + h * e) - f(x - h * e))


def _divided_by_two(f, x, h):
    return _one_by_one(x, lambda e: (f(x + h * e) - f(x - h * e)) / 2)


def _divided_then_multiplied(f, x, h):
    return _one_by_one(x, lambda e: (f(x + h * e) - f(x - h * e)) / 2 * h)


def _bracket_missing(f, x, h):
    return _one_by_one(x, lambda e: f(x + h * e) - f(x - h * e) / (2 * h))


def _half_steps(f, x, h):
    return _one_by_one(x, lambda e: (f(x + h / 2 * e) - f(x - h / 2 * e)) / (2 * h))


def _sign(f, x, h):
    return _one_by_one(x, lambda e: (f(x - h * e) - f(x + h * e)) / (2 * h))


def _all_at_once(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def _all_at_once_for_each(f, x, h):
    return np.array([(f(x + h) - f(x - h)) / (2 * h) for _ in x])


def _all_at_once_one_sided(f, x, h):
    return (f(x + h) - f(x)) / h


def _never_put_back(f, x, h):
    y, g = np.array(x, dtype=float), np.zeros(len(x))
    for i in range(len(x)):
        y[i] += h
        above = f(y)
        y[i] -= 2 * h
        g[i] = (above - f(y)) / (2 * h)
    return g


def _in_place(f, x, h):
    g = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        g[i] = (above - f(x)) / (2 * h)
        x[i] += h
    return g


def _in_place_and_left_there(f, x, h):
    g = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        g[i] = (above - f(x)) / (2 * h)
    return g


def _no_copy(f, x, h):
    g = np.zeros(len(x))
    for i in range(len(x)):
        up = down = x
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g


def _truncated(f, x, h):
    g = np.zeros(len(x))
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] = x[i] + h
        down[i] = x[i] - h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g


def _truncated_result(f, x, h):
    g = np.zeros_like(x)
    for i, e in enumerate(np.eye(len(x))):
        g[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)
    return g


def _truncated_step(f, x, h):
    g = np.zeros(len(x))
    for i in range(len(x)):
        move = np.zeros_like(x)
        move[i] = h
        g[i] = (f(x + move) - f(x - move)) / (2 * h)
    return g


def _own_h(f, x, h):
    return finite_difference_gradient(f, x, 1e-5)


_MISTAKES = (
    _forward, _backward, _all_of_it_ahead, _divided_by_h, _not_divided, _divided_by_two, _divided_then_multiplied, _bracket_missing,
    _half_steps, _sign,
)  # fmt: skip


def _on_lists(f, x, h):
    slopes = []
    for i in range(len(x)):
        up = [float(v) + (h if j == i else 0.0) for j, v in enumerate(x)]
        down = [float(v) - (h if j == i else 0.0) for j, v in enumerate(x)]
        slopes.append((f(up) - f(down)) / (2 * h))
    return slopes


def _all_points_in_one_call(f, x, h):
    moves = h * np.eye(len(x))
    return np.subtract(*f(np.stack([x + moves, x - moves]))) / (2 * h)


def _mean_of_both_sides(f, x, h):
    return (_forward(f, x, h) + _backward(f, x, h)) / 2


EXERCISE = Exercise(
    id="finite-difference-gradient",
    chapter="00-start-here",
    points=3,
    signature="finite_difference_gradient(f, x, h)",
    reference=finite_difference_gradient,
    alternatives=(_on_lists, _all_points_in_one_call, _mean_of_both_sides),
    misconceptions={
        "one-sided": Misconception(
            _forward,
            "You compare f at x with f on one side only. Central differences look to both sides, f(x + h e) - f(x - h e), "
            "and divide by the distance between the two, 2h.",
            also=(_backward, _all_of_it_ahead),
        ),
        "not divided by 2h": Misconception(
            _divided_by_h,
            "The two places you compare lie 2h apart, h to each side. Divide the difference by all of 2h.",
            also=(_not_divided, _divided_by_two),
        ),
        "brackets missing": Misconception(
            _bracket_missing,
            "Brackets decide here: the whole difference is divided, and by the whole of 2h. Python reads a - b / c as "
            "a - (b / c), and a / 2 * h as (a / 2) * h.",
            also=(_divided_then_multiplied,),
        ),
        "steps of h/2": Misconception(
            _half_steps,
            "You step h/2 to each side, so the places lie h apart, and divide by 2h. Step h to each side.",
        ),
        "sign turned": Misconception(
            _sign,
            "You subtract the value ahead from the value behind, which turns the sign. A slope that rises is positive: "
            "f(x + h e) comes first.",
        ),
        "all coordinates moved at once": Misconception(
            _all_at_once,
            "x + h moves every coordinate. A partial derivative moves one coordinate and leaves the others where they "
            "are: do it for each coordinate in turn.",
            also=(_all_at_once_for_each, _all_at_once_one_sided),
        ),
        "coordinate not put back": Misconception(
            _never_put_back,
            "After a coordinate has had its turn it stays moved, so the next slope is measured somewhere else. Start "
            "from x again for every coordinate.",
        ),
        "x changed in place": Misconception(
            _in_place,
            "x[i] += h writes into the caller's array. Make a new point for each side, x + h * e with e = (0, ..., 1, ..., 0), "
            "or work on a copy of floats.",
            also=(_in_place_and_left_there, _no_copy),
        ),
        "whole numbers cut off": Misconception(
            _truncated,
            "Where x holds whole numbers, an array made from it (x.copy(), np.zeros_like(x)) holds whole numbers too, and "
            "cuts off what you write into it. Make it hold floats: np.array(x, dtype=float).",
            also=(_truncated_result, _truncated_step),
        ),
        "an h of its own": Misconception(
            _own_h,
            "You use a small h of your own. Use the h that is given: how the result depends on it is the point of the exercise.",
        ),
    },
    claims=(
        Claim("central differences on random landscapes", 3, _differences),
        Claim("whole numbers as input", 1, _whole_points),
        Claim("a small h", 0.5, _fine_differences),
        Claim("at the minimiser of a quadratic they vanish", 0.5, _at_the_bottom),
        Claim("x itself is left as it was", 1, _differences, leaves_arguments_alone),
    ),
)
