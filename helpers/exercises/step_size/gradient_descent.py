"""The whole path of gradient descent."""

import numpy as np

from helpers import problems
from helpers.descent import (
    gradient_descent,
)
from helpers.exercises import hints, paths
from helpers.exercises.drawing import (
    away_from_zero,
    bowl,
    given,
    share_of,
    tenths,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees_uncut


def _walk(problem, x0, alpha, n_steps, note=""):
    return Case({"grad": given("grad", problem), "x0": x0, "alpha": alpha, "n_steps": n_steps}, note)


def _paths(rng):
    yield _walk(problems.cost_surface(), tenths(rng, 2), 0.1, 3)
    for d in (2, 3, 5):
        problem = bowl(rng, d)
        x0 = problem.minimiser.round(1) + away_from_zero(rng, d)
        yield _walk(problem, x0, share_of(rng, 1 / problem.L, 0.3, 1.5), int(rng.integers(2, 9)))

    problem = bowl(rng, 3)
    # Short steps from the first on: whoever stops where it is nearly flat returns too few points.
    x0 = (problem.minimiser + 0.02 * away_from_zero(rng, 3)).round(3)
    yield _walk(problem, x0, share_of(rng, 1 / problem.L, 0.3, 0.7), 5, "close to the minimiser")


def _whole_paths(rng):
    for d in (1, 2, 3):
        yield _walk(bowl(rng, d), rng.integers(2, 9, d), 0.1, 3, "x0 holds whole numbers")


def _no_steps(rng):
    yield _walk(bowl(rng, 2), tenths(rng, 2), 0.1, 0, "no steps: the path is the start alone")


def _overshooting_paths(rng):
    problem = bowl(rng, 2)
    yield _walk(problem, away_from_zero(rng, 2), share_of(rng, 1 / problem.L, 3, 5), 30, "the path diverges")


def _paths_in_one_dimension(rng):
    yield _walk(problems.wavy(), tenths(rng, 1, 2.0, 4.0), 0.05, 4, "one coordinate")
    yield _walk(
        problems.parabola(tenths(rng, (), 0.5, 3.0)), tenths(rng, 1, 1.0, 3.0), 0.2, 6, "one coordinate"
    )


def _path_without_start(grad, x0, alpha, n_steps):
    return gradient_descent(grad, x0, alpha, n_steps)[1:]


def _path_from_the_first_step(grad, x0, alpha, n_steps):
    return gradient_descent(grad, x0 - alpha * grad(x0), alpha, n_steps)


def _path_with_an_empty_start(grad, x0, alpha, n_steps):
    path = gradient_descent(grad, x0, alpha, n_steps)
    path[0] = 0
    return path


def _path_one_short(grad, x0, alpha, n_steps):
    return gradient_descent(grad, x0, alpha, n_steps)[:-1]


def _path_with_an_empty_end(grad, x0, alpha, n_steps):
    path = gradient_descent(grad, x0, alpha, n_steps)
    path[max(1, n_steps) :] = 0
    return path


def _path_one_long(grad, x0, alpha, n_steps):
    return gradient_descent(grad, x0, alpha, n_steps + 1)


def _path_with_first_gradient(grad, x0, alpha, n_steps):
    return np.array([x0 - k * alpha * grad(x0) for k in range(n_steps + 1)])


def _path_of_one_array(grad, x0, alpha, n_steps):
    x = np.array(x0, dtype=float)
    path = [x]
    for _ in range(n_steps):
        x -= alpha * grad(x)
        path.append(x)
    return np.array(path)


def _path_of_the_start_array(grad, x0, alpha, n_steps):
    path = [x0]
    for _ in range(n_steps):
        x0 -= alpha * grad(x0)
        path.append(x0)
    return np.array(path)


def _truncated_path(grad, x0, alpha, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(n_steps):
        path[k + 1] = path[k] - alpha * grad(path[k])
    return path


def _truncated_walk(grad, x0, alpha, n_steps):
    x = x0.copy()
    path = [x.copy()]
    for _ in range(n_steps):
        x[:] = x - alpha * grad(x)
        path.append(x.copy())
    return np.array(path)


def _path_in_whole_numbers(grad, x0, alpha, n_steps):
    x = x0.copy()
    path = [x.copy()]
    for _ in range(n_steps):
        x -= (alpha * grad(x)).astype(x.dtype)
        path.append(x.copy())
    return np.array(path)


def _path_that_cannot_be_cast(grad, x0, alpha, n_steps):
    x = x0.copy()
    path = [x.copy()]
    for _ in range(n_steps):
        x -= alpha * grad(x)
        path.append(x.copy())
    return np.array(path)


def _uphill_path(grad, x0, alpha, n_steps):
    return gradient_descent(lambda x: -grad(x), x0, alpha, n_steps)


def _last_point(grad, x0, alpha, n_steps):
    return gradient_descent(grad, x0, alpha, n_steps)[-1]


def _path_as_list(grad, x0, alpha, n_steps):
    path = [np.asarray(x0, dtype=float)]
    for _ in range(n_steps):
        path.append(path[-1] - alpha * grad(path[-1]))
    return path


def _path_by_recursion(grad, x0, alpha, n_steps):
    x0 = np.array(x0, dtype=float)
    if n_steps == 0:
        return x0[None]
    return np.vstack([x0, _path_by_recursion(grad, x0 - alpha * grad(x0), alpha, n_steps - 1)])


def _path_by_columns(grad, x0, alpha, n_steps):
    columns = np.empty((len(x0), n_steps + 1), order="F")
    columns[:, 0] = x0
    for k in range(1, n_steps + 1):
        columns[:, k] = columns[:, k - 1] - alpha * grad(columns[:, k - 1])
    return columns.T


EXERCISE = Exercise(
    id="gradient-descent",
    chapter="01-step-size-and-curvature",
    points=3,
    signature="gradient_descent(grad, x0, alpha, n_steps)",
    reference=gradient_descent,
    alternatives=(_path_as_list, _path_by_recursion, _path_by_columns),
    misconceptions={
        "start missing": Misconception(
            _path_without_start,
            hints.START_MISSING,
            also=(_path_from_the_first_step, _path_with_an_empty_start),
        ),
        "one step short": Misconception(
            _path_one_short,
            "The last step is missing. n_steps steps make n_steps + 1 points, because the start counts as one.",
            also=(_path_with_an_empty_end,),
        ),
        "one step too many": Misconception(
            _path_one_long,
            "You take one step more than asked. n_steps steps make n_steps + 1 points, with the start.",
        ),
        "gradient always at x0": Misconception(
            _path_with_first_gradient,
            "Every step uses the gradient at the start. Ask for the gradient again at each new point: grad(x[k]).",
        ),
        "all rows are the last point": Misconception(
            _path_of_one_array,
            "All rows are the same array: x -= ... changes it, and every row that points to it. "
            "Make a new point each time, x = x - ... in place of x -= ..., or store x.copy().",
            also=(_path_of_the_start_array,),
        ),
        "integer start truncates": Misconception(
            _truncated_path,
            hints.WHOLE_NUMBERS,
            also=(_truncated_walk, _path_in_whole_numbers, _path_that_cannot_be_cast),
        ),
        "uphill": Misconception(
            _uphill_path,
            "The path climbs. The gradient points uphill, so subtract alpha times the gradient.",
        ),
        "only the last point": Misconception(
            _last_point,
            "You return where the walk ends. Keep every point on the way: the result has n_steps + 1 rows.",
        ),
        **paths.mistakes(gradient_descent, 1, "start ignored"),
    },
    claims=(
        Claim("the whole path on random landscapes", 3.5, _paths),
        Claim("whole numbers as the start", 1, _whole_paths, agrees_uncut),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("one coordinate", 0.5, _paths_in_one_dimension),
        Claim("a path that diverges keeps its shape", 0.5, _overshooting_paths),
    ),
)
