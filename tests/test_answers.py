"""Answers that no table lists: right ones earn everything, wrong ones never do and get no wrong name.

The rows that once slipped through are the reason for how chapter 01 draws its cases: clipping looked like the sign
of a gradient whose entries are all longer than 1, an absolute value like a model that always bends up.
"""

import functools
import itertools
import math

import numpy as np
import pytest

from helpers.check import judge_drawn, run_here
from helpers.descent import gradient_descent, gradient_step, limit_of_descent, predicted_change, step_regime
from helpers.drawn import draw
from helpers.exercises import EXERCISES

SEEDS = range(3)


class Walker:
    """A learner who likes classes."""

    def __init__(self, grad, x0, alpha):
        self.grad, self.alpha = grad, alpha
        self.path = [np.array(x0, dtype=float)]

    def step(self):
        self.path.append(self.path[-1] - self.alpha * self.grad(self.path[-1]))

    @classmethod
    def walk(cls, grad, x0, alpha, n_steps):
        walker = cls(grad, x0, alpha)
        for _ in range(n_steps):
            walker.step()
        return walker.path


def descent_by_accumulating(grad, x0, alpha, n_steps):
    def follow(x, _):
        return x - alpha * grad(x)

    return list(itertools.accumulate(range(n_steps), follow, initial=np.asarray(x0, dtype=float)))


def descent_in_float32(grad, x0, alpha, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), np.float32)
    path[0] = x0
    for k in range(n_steps):
        path[k + 1] = path[k] - np.float32(alpha) * grad(path[k]).astype(np.float32)
    return path


def change_by_eigenvectors(g, H, alpha):
    lam, V = np.linalg.eigh(H)
    return np.sum((V.T @ g) ** 2 * (alpha**2 * lam / 2 - alpha))


def step_from_the_roots(g, H):
    bend = g @ H @ g / 2
    return max(np.roots([bend, -(g @ g), 0])) if bend > 0 else np.inf


def step_from_division(g, H):
    try:
        step = 2 * float(g @ g) / float(g @ H @ g)
    except ZeroDivisionError:
        return math.inf
    return step if step > 0 else math.inf


def regime_from_two_steps(alpha, curvature):
    x = 1 - alpha * curvature
    if x in (0, -1):
        return "one-step" if x == 0 else "cycles"
    if abs(x) > 1:
        return "diverges"
    if x < 0:
        return "oscillates"
    return "crawls" if 10 * alpha * curvature < 1 else "monotone"


def limit_by_recursion(grad, x0, alpha, n_steps, tol):
    def search(x, k):
        if math.hypot(*grad(x)) < tol:
            return k
        return -1 if k == n_steps else search(x - alpha * grad(x), k + 1)

    return search(x0, 0)


RIGHT = {
    "gradient-step": [
        functools.partial(lambda sign, grad, x, alpha: x + sign * alpha * grad(x), -1),
        lambda grad, x, alpha: (x[None] - alpha * grad(x[None]))[0],
        lambda grad, x, alpha: tuple(np.subtract(x, [alpha * g for g in grad(list(x))])),
    ],
    "gradient-descent": [Walker.walk, descent_by_accumulating, descent_in_float32],
    "predicted-change": [change_by_eigenvectors],
    "critical-step": [step_from_the_roots, step_from_division],
    "step-regime": [regime_from_two_steps],
    "limit-of-descent": [limit_by_recursion],
}


def stops_where_it_is_nearly_flat(grad, x0, alpha, n_steps):
    path = gradient_descent(grad, x0, alpha, n_steps)
    short = np.flatnonzero(np.linalg.norm(np.diff(path, axis=0), axis=1) < 0.1)
    return path[: short[0] + 1] if short.size else path


def coordinates_in_turn(grad, x0, alpha, n_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        x = path[-1].copy()
        for i in range(len(x)):
            x[i] -= alpha * grad(x)[i]
        path.append(x)
    return path


def limit_of_the_closest_norm(grad, x0, alpha, n_steps, tol):
    norms = np.linalg.norm(grad(gradient_descent(grad, x0, alpha, n_steps)), axis=1)
    return int(np.argmin(np.abs(norms - tol)))


def limit_of(measure):
    def limit(grad, x0, alpha, n_steps, tol):
        path = gradient_descent(grad, x0, alpha, n_steps)
        return next((k for k, x in enumerate(path) if measure(grad(x), alpha) < tol), -1)

    return limit


WRONG = {
    "gradient-step": [
        lambda grad, x, alpha: x - 0.1 * grad(x),
        lambda grad, x, alpha: np.array([1.6, 0.4]),
        lambda grad, x, alpha: np.array([x[0] - alpha * grad(x)[0], x[1] - alpha * grad(x)[1]]),
        lambda grad, x, alpha: x - alpha * grad(x) / 2,
        lambda grad, x, alpha: gradient_step(grad, gradient_step(grad, x, alpha), alpha),
        lambda grad, x, alpha: x - alpha * np.clip(grad(x), -1, 1),
        lambda grad, x, alpha: x - alpha * np.abs(grad(x)),
        lambda grad, x, alpha: x - alpha * grad(x) / np.abs(grad(x)).max(),
        lambda grad, x, alpha: x + alpha * grad(x) / np.linalg.norm(grad(x)),
        lambda grad, x, alpha: np.round(x - alpha * grad(x), 2),
        lambda grad, x, alpha: (x, x - alpha * grad(x)),
    ],
    "gradient-descent": [
        lambda grad, x0, alpha, n_steps: gradient_descent(grad, 2.0 * x0, alpha, n_steps),
        stops_where_it_is_nearly_flat,
        coordinates_in_turn,
        lambda grad, x0, alpha, n_steps: gradient_descent(grad, x0, alpha, n_steps)[::-1],
        lambda grad, x0, alpha, n_steps: gradient_descent(grad, x0, alpha, n_steps).T,
        lambda grad, x0, alpha, n_steps: gradient_descent(grad, x0, 0.1, n_steps),
        lambda grad, x0, alpha, n_steps: gradient_descent(grad, x0, alpha, 3),
        lambda grad, x0, alpha, n_steps: gradient_descent(lambda x: -grad(x), x0, alpha, n_steps)[:-1],
        lambda grad, x0, alpha, n_steps: grad(gradient_descent(grad, x0, alpha, n_steps)),
    ],
    "predicted-change": [
        lambda g, H, alpha: alpha * (g @ g) + alpha**2 * (g @ H @ g),
        lambda g, H, alpha: -alpha * (g @ g) + alpha**2 * abs(g @ H @ g) / 2,
        lambda g, H, alpha: min(0, predicted_change(g, H, alpha)),
        lambda g, H, alpha: -alpha * (g @ g) + alpha**2 * np.linalg.eigvalsh(H)[-1] * (g @ g) / 2,
        lambda g, H, alpha: -alpha * g * g + alpha**2 * (H @ g) * g / 2,
        lambda g, H, alpha: round(float(predicted_change(g, H, alpha)), 2),
    ],
    "critical-step": [
        lambda g, H: 4 * (g @ g) / (g @ H @ g) if g @ H @ g > 0 else np.inf,
        lambda g, H: 2 / np.trace(H) if np.trace(H) > 0 else np.inf,
        lambda g, H: 2 / H[0, 0],
        lambda g, H: -2 * (g @ g) / (g @ H @ g) if g @ H @ g > 0 else np.inf,
        lambda g, H: 2 * (g @ g) / (g @ H @ g) if np.linalg.eigvalsh(H)[0] > 0 and np.any(g) else np.inf,
    ],
    "step-regime": [
        lambda alpha, curvature: step_regime(round(alpha * curvature, 1), 1.0),
        lambda alpha, curvature: step_regime(alpha, curvature**2),
        lambda alpha, curvature: step_regime(alpha, math.sqrt(curvature)),
        lambda alpha, curvature: (
            "oscillates" if 1 < alpha * curvature < 2.5 else step_regime(alpha, curvature)
        ),
        lambda alpha, curvature: step_regime(alpha, curvature).upper(),
        lambda alpha, curvature: step_regime(alpha, curvature).replace("crawls", "monotone"),
    ],
    "limit-of-descent": [
        limit_of_the_closest_norm,
        limit_of(lambda g, alpha: np.abs(alpha * g).max()),
        limit_of(lambda g, alpha: np.abs(g).sum()),
        limit_of(lambda g, alpha: np.abs(g).max()),
        lambda grad, x0, alpha, n_steps, tol: -1,
        lambda grad, x0, alpha, n_steps, tol: 5,
        lambda grad, x0, alpha, n_steps, tol: limit_of_descent(grad, x0, alpha, n_steps, tol) + 1e-4,
        lambda grad, x0, alpha, n_steps, tol: limit_of_descent(lambda x: -grad(x), x0, alpha, n_steps, tol),
    ],
}


@functools.cache
def drawn(exercise, seed):
    return draw(EXERCISES[exercise], seed)


def rows(table):
    return [
        pytest.param(exercise, function, id=f"{exercise}-{k}")
        for exercise, functions in table.items()
        for k, function in enumerate(functions)
    ]


@pytest.mark.parametrize(("exercise", "function"), rows(RIGHT))
def test_right_answer_earns_everything(exercise, function):
    for seed in SEEDS:
        report = judge_drawn(drawn(exercise, seed), lambda cases: run_here(function, cases))
        assert report.passed, str(report)


@pytest.mark.parametrize(("exercise", "function"), rows(WRONG))
def test_wrong_answer_never_earns_everything_and_gets_no_wrong_name(exercise, function):
    for seed in SEEDS:
        report = judge_drawn(drawn(exercise, seed), lambda cases: run_here(function, cases))
        assert report.score < report.points
        assert report.misconception is None, str(report)


def critical(answer):
    return [
        judge_drawn(drawn("critical-step", seed), lambda cases: run_here(answer, cases)) for seed in SEEDS
    ]


def test_one_entry_of_the_gradient_that_is_0_is_not_a_gradient_of_0():
    for report in critical(lambda g, H: EXERCISES["critical-step"].reference(g, H) if 0 not in g else np.inf):
        assert (report.score, report.misconception) == (0, "one entry is 0"), str(report)


def test_a_product_of_matrices_has_no_precedence_over_a_quotient():
    """Does 2 * g @ g / g @ H @ g, which Python reads from left to right, get a hint on brackets?"""
    for report in critical(lambda g, H: 2 * g @ g / g @ H @ g):
        assert (report.score, report.misconception) == (0, "brackets missing"), str(report)
