"""Where Adam goes the wrong way, and what cures it: the published counterexamples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from helpers import problems
from helpers.adam import (
    adam,
    amsgrad,
    remembering,
    rmsprop,
    uncorrected_adam,
)
from helpers.descent import gradient_descent
from tests.instances import often, seeds


def published(x, t):
    """The gradient of Reddi, Kale and Kumar: 1010 once in 101 steps, -10 else; the mean has its minimum at -1."""
    return np.full_like(x, 1010.0 if t % 101 == 1 else -10.0)


def test_on_the_published_counterexample_adam_goes_to_plus_one_and_amsgrad_to_minus_one():
    given = ([0.0], 0.5, 0.9, 0.99, 1e-8, 200_000, (-1.0, 1.0), lambda t: 1 / np.sqrt(t))
    assert uncorrected_adam(published, *given)[-1, 0] == pytest.approx(0.994, abs=5e-4)
    assert amsgrad(published, *given)[-1, 0] == pytest.approx(-1.0, abs=5e-4)


@pytest.mark.parametrize("large", [3.0, 4.0, 6.0])
def test_with_a_short_memory_three_gradients_in_turn_are_enough(large):
    """Theorem 1 of the paper: C, -1, -1 with beta1 = 0 and beta2 = 1/(1 + C^2)."""
    turns = problems.quadratic_in_turns([[0.0]], [[1.0], [-large], [1.0]])
    given = ([0.0], 0.5, 0.0, 1 / (1 + large**2), 0.0, 3000, (-1.0, 1.0), lambda t: 1 / np.sqrt(t))
    assert uncorrected_adam(turns.grad_t, *given)[-1, 0] > 0.95
    assert amsgrad(turns.grad_t, *given)[-1, 0] < -0.9


@given(seed=seeds)
@often
def test_the_divisor_of_amsgrad_never_shrinks_so_its_steps_are_never_longer_than_adams(seed):
    rng = np.random.default_rng(seed)
    g = rng.standard_normal((30, 3))
    runs = [
        method(lambda x, t: g[t - 1], np.zeros(3), 0.1, 0.8, 0.9, 1e-8, 30)
        for method in (uncorrected_adam, amsgrad)
    ]
    adams, amsgrads = (np.abs(np.diff(run, axis=0)) for run in runs)
    assert (amsgrads <= adams * (1 + 1e-9) + 1e-15).all()
    assert (amsgrads[0] == adams[0]).all()
    assert (amsgrads < 0.99 * adams).any()


@given(seed=seeds)
@often
def test_all_of_the_memory_is_amsgrad_and_none_is_adam_and_they_may_walk_at_once(seed):
    rng = np.random.default_rng(seed)
    g, bounds = rng.standard_normal((30, 3)), (-0.4, 0.6)
    settings = (0.1, rng.uniform(0, 0.95), rng.uniform(0, 0.99), 1e-8, 30, bounds)
    path = remembering(lambda x, t: g[t - 1] + x, np.zeros((2, 3)), *settings, memory=[0.0, 1.0])
    for run, method in enumerate((uncorrected_adam, amsgrad)):
        alone = method(lambda x, t: g[t - 1] + x, np.zeros(3), *settings)
        np.testing.assert_allclose(path[:, run], alone, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("memory", [-0.1, 1.5, [0.0, np.nan]])
def test_a_memory_that_is_no_share_is_refused(memory):
    with pytest.raises(ValueError, match="memory must be"):
        remembering(lambda x, t: x, np.zeros((2, 1)), 0.1, 0.9, 0.9, 1e-8, 3, memory=memory)


def test_bounds_may_differ_by_coordinate_and_hold_at_every_step():
    low, high = np.array([-1.0, 0.5]), np.array([0.25, np.inf])
    path = amsgrad(lambda x, t: np.array([-1.0, 1.0]), [0.0, 2.0], 0.2, 0.9, 0.99, 1e-8, 60, (low, high))
    assert (path >= low).all()
    assert (path <= high).all()
    np.testing.assert_array_equal(path[-1], [0.25, 0.5])


def test_adaptive_steps_can_end_along_signs_where_gradient_descent_finds_the_shortest_solution():
    """The data of Wilson and others 2017: X sign(X'y) = 4y, so Adam and RMSprop never leave the line of the signs."""
    y = np.array([1.0, -1.0, 1.0, 1.0, -1.0, 1.0])
    X = np.zeros((6, 33))
    X[:, 0], X[:, 1:3] = y, 1.0
    for i in range(6):  # features that no other row has: one where y = 1, five where y = -1
        X[i, 3 + 5 * i : 3 + 5 * i + (1 if y[i] > 0 else 5)] = 1.0
    p = problems.least_squares(X, y)
    signs = np.sign(X.T @ y)
    for w in (
        adam(p.grad, np.zeros(33), 0.001, 0.9, 0.999, 1e-30, 200)[-1],
        rmsprop(p.grad, np.zeros(33), 0.001, 0.9, 1e-30, 200)[-1],
    ):
        assert w @ signs / np.linalg.norm(w) / np.linalg.norm(signs) == pytest.approx(1.0, abs=1e-9)
    shortest = gradient_descent(p.grad, np.zeros(33), 1 / p.L, 4000)[-1]
    np.testing.assert_allclose(shortest, np.linalg.pinv(X) @ y, atol=1e-6)
    assert shortest @ signs / np.linalg.norm(shortest) / np.linalg.norm(signs) < 0.95
