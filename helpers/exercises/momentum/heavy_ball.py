"""The whole path of the heavy ball."""

import numpy as np

from helpers.exercises import hints, paths
from helpers.exercises.momentum import walks
from helpers.exercises.table import Exercise, Misconception
from helpers.momentum import heavy_ball


def _step(grad, x, previous, alpha, beta):
    return x - alpha * grad(x) + beta * (x - previous)


def _with_velocity(change, move, first=lambda grad, x, alpha, beta: 0 * x):
    """Return a walk that keeps v: v = change(v, g, alpha, beta), x = move(x, v, alpha), from v = first(...)."""

    def method(grad, x0, alpha, beta, n_steps):
        x = np.array(x0, dtype=float)
        v, path = first(grad, x, alpha, beta), [x]
        for _ in range(n_steps):
            v = change(v, grad(x), alpha, beta)
            x = move(x, v, alpha)
            path.append(x)
        return np.array(path)

    return method


def _moves_first(grad, x0, alpha, beta, n_steps):
    x = np.array(x0, dtype=float)
    v, path = np.zeros_like(x), [x]
    for _ in range(n_steps):
        g = grad(x)
        x = x + v
        v = beta * v - alpha * g
        path.append(x)
    return np.array(path)


def _one_array(grad, x0, alpha, beta, n_steps):
    x = np.array(x0, dtype=float)
    v, path = np.zeros_like(x), [x]
    for _ in range(n_steps):
        v = beta * v - alpha * grad(x)
        x += v
        path.append(x)
    return np.array(path)


def _path_cut_velocity_not(grad, x0, alpha, beta, n_steps):
    path, v = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype), np.zeros(len(x0))
    path[0] = x0
    for k in range(n_steps):
        v = beta * v - alpha * grad(path[k])
        path[k + 1] = path[k] + v
    return path


def _first_gradient_only(grad, x0, alpha, beta, n_steps):
    g = grad(x0)
    return heavy_ball(lambda x: g + 0 * x, x0, alpha, beta, n_steps)


def _by_sums(grad, x0, alpha, beta, n_steps):
    """Every gradient seen so far, weighted by a power of beta."""
    path, seen = [np.array(x0, dtype=float)], []
    for _ in range(n_steps):
        seen.append(grad(path[-1]))
        path.append(path[-1] - alpha * sum(beta**age * g for age, g in enumerate(reversed(seen))))
    return path


def _by_recursion(grad, x0, alpha, beta, n_steps, v=0.0):
    x0 = np.array(x0, dtype=float)
    if n_steps == 0:
        return x0[None]
    v = beta * v - alpha * grad(x0)
    return np.vstack([x0, _by_recursion(grad, x0 + v, alpha, beta, n_steps - 1, v)])


def _by_columns(grad, x0, alpha, beta, n_steps):
    columns = np.empty((len(x0), n_steps + 2), order="F")
    columns[:, 0] = columns[:, 1] = x0
    for k in range(1, n_steps + 1):
        columns[:, k + 1] = (
            (1 + beta) * columns[:, k] - beta * columns[:, k - 1] - alpha * grad(columns[:, k])
        )
    return columns[:, 1:].T


EXERCISE = Exercise(
    id="heavy-ball",
    chapter="07-momentum",
    points=3,
    signature="heavy_ball(grad, x0, alpha, beta, n_steps)",
    reference=heavy_ball,
    alternatives=(
        _by_sums, _by_recursion, _by_columns,
        _with_velocity(lambda v, g, alpha, beta: beta * v + g, lambda x, v, alpha: x - alpha * v),
    ),
    misconceptions={
        "damped": Misconception(
            _with_velocity(lambda v, g, alpha, beta: beta * v + (1 - beta) * g, lambda x, v, alpha: x - alpha * v),
            "Your velocity averages: it weighs the new gradient by 1 - beta. Here the gradient enters in full, so "
            "that the steps grow while the gradients agree.",
        ),
        "first step uses a velocity": Misconception(
            walks.walker(_step, first=lambda grad, x, alpha, beta: x + alpha * grad(x)),
            "Your first step already has inertia. Before it the ball stands still: the point before x0 is x0 "
            "itself, and the first step is one of gradient descent.",
            also=(
                walks.walker(_step, first=lambda grad, x, alpha, beta: 0 * x),
                _with_velocity(
                    lambda v, g, alpha, beta: beta * v - g, lambda x, v, alpha: x + alpha * v,
                    first=lambda grad, x, alpha, beta: grad(x),
                ),
            ),
        ),
        "velocity scaled by alpha twice": Misconception(
            _with_velocity(lambda v, g, alpha, beta: beta * v - alpha * g, lambda x, v, alpha: x + alpha * v),
            "alpha enters twice, in the velocity and again in the step. Take v = beta v - alpha g and x + v, or "
            "v = beta v + g and x - alpha v.",
        ),
        "alpha missing": Misconception(
            _with_velocity(lambda v, g, alpha, beta: beta * v - g, lambda x, v, alpha: x + v),
            "alpha does not enter at all. Multiply the gradient by it when you add the gradient to the step.",
        ),
        "sign of the inertia": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: x - alpha * grad(x) - beta * (x - before)),
            "Your inertia pulls the ball back. The ball goes on in the direction of its last step: add "
            "beta (x[k] - x[k-1]).",
        ),
        "uphill": Misconception(
            _with_velocity(lambda v, g, alpha, beta: beta * v + alpha * g, lambda x, v, alpha: x + v),
            "The path climbs. The gradient points uphill: subtract alpha times the gradient, and keep the inertia as "
            "it is.",
        ),
        "no inertia": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: x - alpha * grad(x)),
            "Your path is that of gradient descent: the inertia is always 0. Is the previous point overwritten "
            "before x[k] - x[k-1] is taken?",
        ),
        "moves before it looks": Misconception(
            _moves_first,
            "You move with the old velocity and update it afterwards, so every gradient comes one step too late. "
            "Update the velocity first, then move with it.",
        ),
        "gradient ahead": Misconception(
            walks.walker(
                lambda grad, x, before, alpha, beta: (
                    x - alpha * grad(x + beta * (x - before)) + beta * (x - before)
                )
            ),
            "You take the gradient at a point further on. That is Nesterov's method; the heavy ball takes it where "
            "it is, grad(x[k]).",
        ),
        "gradient always at x0": Misconception(
            _first_gradient_only,
            "Every step uses the gradient at the start. Ask for the gradient again at each new point: grad(x[k]).",
        ),
        "all rows are the last point": Misconception(
            _one_array,
            "All rows are the same array: x += ... changes it, and every row that points to it. Make a new point "
            "with x = x + v, or store x.copy().",
        ),
        "integer start truncates": Misconception(
            walks.truncating(_step),
            hints.WHOLE_NUMBERS,
            also=(_path_cut_velocity_not,),
        ),
        "brackets missing": Misconception(
            walks.walker(lambda grad, x, before, alpha, beta: x - alpha * grad(x) + beta * x - before),
            hints.brackets("beta * (x - x_previous)"),
        ),
        **paths.mistakes(heavy_ball, 1, "start missing", "start ignored", "one step short", "only the last point"),
    },
    claims=walks.CLAIMS,
)  # fmt: skip
