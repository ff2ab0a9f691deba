"""Noise frees a run from a saddle, as soon as predicted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from helpers import problems
from helpers.descent import gradient_descent
from helpers.stochastic import (
    escape_steps,
    noisy_descent,
    staying_probability,
)


def test_plain_descent_freezes_on_the_saddle_and_noise_frees_it():
    p = problems.saddle()
    plain = gradient_descent(p.grad, [-1.5, 0.0], 0.1, 1000)
    np.testing.assert_allclose(plain[-1], 0, atol=1e-12)
    assert escape_steps(p.grad, [0.0, 0.0], 0.1, 0.0, 0.3, 1000, np.random.default_rng(0)) == -1
    noisy = noisy_descent(p.grad, np.tile([-1.5, 0.0], (50, 1)), 0.1, 0.05, 300, np.random.default_rng(1))
    assert (np.abs(noisy[-1, :, 1]) > 0.8).all(), "every run ends in one of the valleys"
    assert 10 < np.sum(noisy[-1, :, 1] > 0) < 40, "and the noise decides in which"


@pytest.mark.parametrize(("alpha", "noise"), [(0.1, 0.02), (0.2, 0.05), (0.05, 0.01)])
def test_the_mean_escape_takes_as_many_steps_as_predicted(alpha, noise):
    p, radius = problems.saddle(fall=1.0, angle=0.7), 0.2
    steps = escape_steps(p.grad, np.zeros((4000, 2)), alpha, noise, radius, 4000, np.random.default_rng(2))
    assert steps.min() > 0
    predicted = staying_probability(alpha, 1.0, noise, radius, 4000).sum()
    assert steps.mean() == pytest.approx(predicted, rel=0.05)


def test_the_share_that_stays_is_the_predicted_one_at_every_step():
    p = problems.saddle(steep=5.0)
    steps = escape_steps(p.grad, np.zeros((10_000, 2)), 0.1, 0.02, 0.1, 300, np.random.default_rng(3))
    staying = np.mean(steps > np.arange(101)[:, None], axis=1)
    np.testing.assert_allclose(staying, staying_probability(0.1, 1.0, 0.02, 0.1, 100), atol=0.03)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_the_staying_probability_is_the_one_of_a_normal_variable(k):
    alpha, fall, noise, radius = 0.3, 0.8, 0.5, 0.4
    q = 1 + alpha * fall
    sd = alpha * noise * np.sqrt(sum(q ** (2 * j) for j in range(k)))
    expected = stats.norm.cdf(radius, scale=sd) - stats.norm.cdf(-radius, scale=sd)
    assert staying_probability(alpha, fall, noise, radius, 5)[k] == pytest.approx(expected, rel=1e-12)


def test_after_very_many_steps_nobody_stays_and_nothing_overflows():
    left = staying_probability(0.5, 2.0, 1e-3, 1.0, 5000)
    assert left[0] == 1
    assert left[-1] == 0
    assert (np.diff(left) <= 1e-12).all()


def test_escapes_are_counted_by_updates_from_one():
    def away(x):
        return -x

    rng = np.random.default_rng(4)
    assert escape_steps(away, [1.0], 1.0, 0.0, 2.0, 9, rng) == 2  # 1, 2, 4: the distances are 1 and 3
    assert escape_steps(away, [1.0], 1.0, 0.0, 3.0, 9, rng) == 3  # a distance of 3 is not more than 3
    assert escape_steps(away, [1.0], 1.0, 0.0, 2.0, 1, rng) == -1
    assert escape_steps(away, [1.0], 1.0, 0.0, 2.0, 0, rng) == -1
    np.testing.assert_array_equal(
        escape_steps(away, [[1.0], [8.0], [0.0]], 1.0, 0.0, 2.0, 9, rng), [2, 1, -1]
    )


def test_without_noise_it_is_gradient_descent_to_the_last_bit():
    p = problems.saddle(angle=0.3)
    path = noisy_descent(p.grad, p.x0, 0.1, 0.0, 50, np.random.default_rng(0))
    np.testing.assert_array_equal(path, gradient_descent(p.grad, p.x0, 0.1, 50))
    k = escape_steps(p.grad, p.x0, 0.1, 0.0, 1.5, 50, np.random.default_rng(0))
    away = np.linalg.norm(path - p.x0, axis=1)
    assert away[k - 1] <= 1.5 < away[k]
