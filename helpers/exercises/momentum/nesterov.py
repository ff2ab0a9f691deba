"""The whole path of Nesterov's method, whose gradient is taken ahead."""

import numpy as np

from helpers.exercises import hints, paths
from helpers.exercises.momentum import walks
from helpers.exercises.table import Exercise, Misconception
from helpers.momentum import heavy_ball, nesterov


def _step(grad, x, previous, alpha, beta):
    y = x + beta * (x - previous)
    return y - alpha * grad(y)


def _look_ahead_points(grad, x0, alpha, beta, n_steps):
    path = nesterov(grad, x0, alpha, beta, n_steps)
    return np.vstack([path[:1], path[1:] + beta * np.diff(path, axis=0)])


def _look_ahead_points_as_used(grad, x0, alpha, beta, n_steps):
    path = nesterov(grad, x0, alpha, beta, n_steps)
    ahead = path[1:-1] + beta * np.diff(path[:-1], axis=0)
    return np.vstack([path[:1], path[:1], ahead]) if n_steps else path


def _on_a_schedule(grad, x0, alpha, beta, n_steps):
    x = previous = np.array(x0, dtype=float)
    path = [x]
    for k in range(n_steps):
        x, previous = _step(grad, x, previous, alpha, k / (k + 3)), x
        path.append(x)
    return np.array(path)


def _inertia_of_the_look_ahead(grad, x0, alpha, beta, n_steps):
    x = np.array(x0, dtype=float)
    y = before = x
    path = [x]
    for _ in range(n_steps):
        y = x + beta * (x - before)
        before = y
        x = y - alpha * grad(y)
        path.append(x)
    return np.array(path)


def _by_velocity(grad, x0, alpha, beta, n_steps):
    x = np.array(x0, dtype=float)
    v, path = np.zeros_like(x), [x]
    for _ in range(n_steps):
        v = beta * v - alpha * grad(x + beta * v)
        x = x + v
        path.append(x)
    return path


def _by_look_ahead_points(grad, x0, alpha, beta, n_steps):
    """Walk from y to y, as PyTorch does, and write down the x on the way."""
    y = np.array(x0, dtype=float)
    path = np.empty((n_steps + 1, len(y)))
    path[0] = y
    for k in range(n_steps):
        path[k + 1] = y - alpha * grad(y)
        y = path[k + 1] + beta * (path[k + 1] - path[k])
    return path.tolist()


def _by_recursion(grad, x, alpha, beta, n_steps, previous=None):
    x = np.asarray(x, dtype=float)
    if n_steps == 0:
        return [x]
    y = x if previous is None else (1 + beta) * x - beta * previous
    return [x, *_by_recursion(grad, y - alpha * grad(y), alpha, beta, n_steps - 1, x)]


def _from_ahead(grad, y, alpha):
    return y - alpha * grad(y)


EXERCISE = Exercise(
    id="nesterov",
    chapter="07-momentum",
    points=3,
    signature="nesterov(grad, x0, alpha, beta, n_steps)",
    reference=nesterov,
    alternatives=(_by_velocity, _by_look_ahead_points, _by_recursion),
    misconceptions={
        "gradient at x": Misconception(
            heavy_ball,
            "Your gradient is taken at x[k]. That is the heavy ball; Nesterov's method first looks ahead, to "
            "y = x[k] + beta (x[k] - x[k-1]), and takes the gradient there.",
        ),
        "look-ahead with the wrong sign": Misconception(
            walks.walker(
                lambda grad, x, before, alpha, beta: _step(grad, x, 2 * x - before, alpha, beta)
            ),
            "Your y lies behind x[k], not ahead. The last step was x[k] - x[k-1]: add beta times it.",
            also=(
                walks.walker(
                    lambda grad, x, before, alpha, beta: (
                        x + beta * (x - before) - alpha * grad(x - beta * (x - before))
                    )
                ),
            ),
        ),
        "returns the look-ahead points": Misconception(
            _look_ahead_points,
            "Your rows are the look-ahead points y, as PyTorch keeps them. The path asked for holds the x[k], where "
            "the steps end.",
            also=(_look_ahead_points_as_used,),
        ),
        "step from x": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: x - alpha * grad(x + beta * (x - before))),
            "You look ahead for the gradient, and then step from x[k]. The step starts at y as well: "
            "y - alpha * grad(y).",
        ),
        "inertia twice": Misconception(
            walks.walker(
                lambda grad, x, before, alpha, beta: (
                    _step(grad, x, before, alpha, beta) + beta * (x - before)
                )
            ),
            "The inertia enters twice: once in y, and again in the step. y already holds it: the new point is "
            "y - alpha * grad(y).",
        ),
        "no inertia": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: x - alpha * grad(x)),
            "Your path is that of gradient descent: y is always x[k]. Is the previous point overwritten before "
            "x[k] - x[k-1] is taken?",
        ),
        "full look-ahead": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: _step(grad, x, before, alpha, 1.0)),
            "You repeat the whole last step. Only the share beta of it goes into y.",
        ),
        "damped": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: _step(grad, x, before, (1 - beta) * alpha, beta)),
            "You multiply the gradient by 1 - beta. In this course it enters in full: y - alpha * grad(y).",
        ),
        "beta on a schedule": Misconception(
            _on_a_schedule,
            "Your momentum is k/(k + 3), which grows from step to step. That is the form for mu = 0; here beta is "
            "given, and the same in every step.",
        ),
        "inertia from the look-ahead": Misconception(
            _inertia_of_the_look_ahead,
            "Your inertia is the way from the last look-ahead point to x[k]. It is the way from x[k-1] to x[k]: keep "
            "the x, not the y.",
        ),
        "first step uses a velocity": Misconception(
            walks.walker(_step, first=lambda grad, x, alpha, beta: x + alpha * grad(x)),
            "Your first step already has inertia. Before it nothing moves: the point before x0 is x0 itself, so that "
            "the first y is x0.",
            also=(walks.walker(_step, first=lambda grad, x, alpha, beta: 0 * x),),
        ),
        "all rows are the last point": Misconception(
            walks.in_one_array(_step),
            hints.ONE_ARRAY,
        ),
        "integer start truncates": Misconception(
            walks.truncating(_step),
            hints.WHOLE_NUMBERS,
        ),
        "brackets missing": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: _from_ahead(grad, x + beta * x - before, alpha)),
            hints.brackets("beta * (x - x_previous)"),
        ),
        **paths.mistakes(nesterov, 1, "start missing", "start ignored", "one step short", "only the last point"),
    },
    claims=walks.CLAIMS,
)  # fmt: skip
