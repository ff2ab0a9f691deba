"""What all of the stochastic methods promise: seeds, shapes, inputs left alone, bad input told by name."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import problems
from helpers.stochastic import (
    chebyshev_batch_size,
    decaying_steps,
    epoch_batches,
    escape_steps,
    gradient_noise,
    minibatch_gradient,
    noise_floor,
    noisy_descent,
    per_example_gradients,
    reshuffled_floor,
    running_estimates,
    sgd,
    staying_probability,
)
from tests.rows import random_rows


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    X, y, w0, _ = random_rows(6, n=7)
    p = problems.saddle()
    for run in (
        lambda rng: sgd(X, y, w0, 0.1, 2, 3, rng),
        lambda rng: noisy_descent(p.grad, p.x0, 0.1, 1.0, 20, rng),
        lambda rng: running_estimates(X, 5, 4, rng),
        lambda rng: escape_steps(p.grad, np.zeros((9, 2)), 0.1, 0.05, 0.3, 500, rng),
    ):
        one, again, other = (run(np.random.default_rng(seed)) for seed in (1, 1, 2))
        np.testing.assert_array_equal(one, again)
        assert (one != other).any()


def test_a_diverging_run_keeps_its_shape_in_silence():
    X, y, w0, rng = random_rows(7, n=7)
    path = sgd(X, y, w0, 1e3, 2, 100, rng)
    assert path.shape == (401, len(w0))
    assert not np.isfinite(path[-1]).any()
    path = noisy_descent(problems.parabola().grad, [1.0], 50.0, 1.0, 400, rng)
    assert not np.isfinite(path[-1]).any()


def test_what_is_given_is_left_as_it_was_and_whole_numbers_are_not_truncated():
    X, y, w0 = np.array([[1, 2], [3, 1], [2, 2]]), np.array([1, 0, 2]), np.array([5, 5])
    path = sgd(X, y, w0, 0.01, 2, 2, np.random.default_rng(0))
    assert path.dtype == float
    assert (path % 1 != 0).any()
    path[...] = 0
    np.testing.assert_array_equal(w0, [5, 5])
    assert minibatch_gradient(w0, X, y, np.array([0, 1])).dtype == float
    np.testing.assert_array_equal(X, [[1, 2], [3, 1], [2, 2]])


RNG = np.random.default_rng(0)
X3, Y3 = np.eye(3, 2), np.zeros(3)
BAD = [
    (lambda: minibatch_gradient([1, 1, 1], X3, Y3, [0]), r"w must have shape \(..., 2\) to fit X, got shape"),
    (lambda: minibatch_gradient([1, 1], X3, Y3[:2], [0]), r"y must have shape \(3,\), got shape \(2,\)"),
    (lambda: minibatch_gradient([1, 1], X3, Y3, [3]), r"batch must hold row numbers from 0 to 2, got \[3\]"),
    (
        lambda: minibatch_gradient([1, 1], X3, Y3, [-1]),
        r"batch must hold row numbers from 0 to 2, got \[-1\]",
    ),
    (lambda: minibatch_gradient([1, 1], X3, Y3, [0.5]), "batch must hold row numbers"),
    (lambda: minibatch_gradient([1, 1], X3, Y3, np.empty(0, int)), "batch must hold row numbers"),
    (
        lambda: minibatch_gradient(np.ones((2, 2)), X3, Y3, np.zeros((3, 1), int)),
        "w and batch must broadcast",
    ),
    (lambda: per_example_gradients(np.ones((2, 2)), X3, Y3), r"w must have 1 axes, got shape \(2, 2\)"),
    (lambda: epoch_batches(0, 1, RNG), "n must be a whole number >= 1, got 0"),
    (lambda: epoch_batches(5, 2.5, RNG), "batch_size must be a whole number >= 1, got 2.5"),
    (lambda: epoch_batches(5, 2, 0), "rng must be a numpy.random.Generator, got 0"),
    (lambda: sgd(X3, Y3, [1, 1], -0.1, 1, 1, RNG), "alpha must be finite and >= 0, got -0.1"),
    (lambda: sgd(X3, Y3, [1, 1], [0.1, 0.1], 1, 1, RNG), r"alpha must be a number or have shape \(3,\)"),
    (
        lambda: sgd(X3, Y3, np.ones((2, 2)), np.ones((3, 4)), 1, 1, RNG),
        r"or \(3, 2\), one for each step and run, got",
    ),
    (lambda: sgd(X3, Y3, [1, 1], 0.1, 0, 1, RNG), "batch_size must be a whole number >= 1, got 0"),
    (lambda: sgd(X3, Y3, [1, 1], 0.1, 1, -1, RNG), "n_epochs must be a whole number >= 0, got -1"),
    (lambda: sgd(X3, Y3, [1, 1], 0.1, 1, 1, None), "rng must be a numpy.random.Generator, got None"),
    (lambda: noisy_descent(np.zeros_like, [1.0], 0.1, -1, 3, RNG), "noise must be a number >= 0, got -1"),
    (lambda: noisy_descent(np.zeros_like, 1.0, 0.1, 1, 3, RNG), r"x0 must have shape \(..., d\)"),
    (
        lambda: noisy_descent(np.zeros_like, [1.0], 0.1, 1, 3, 7),
        "rng must be a numpy.random.Generator, got 7",
    ),
    (lambda: gradient_noise(X3, 4, False), "batch_size must be a whole number >= 1 and <= 3, the number of"),
    (lambda: gradient_noise(X3, 0, True), "batch_size must be a whole number >= 1, got 0"),
    (lambda: gradient_noise(X3, 1.0, True), "batch_size must be a whole number >= 1, got 1.0"),
    (lambda: gradient_noise(Y3, 1, True), r"per_example must have 2 axes, got shape \(3,\)"),
    (lambda: running_estimates(X3, 0, 1, RNG), "n_draws must be a whole number >= 1, got 0"),
    (lambda: chebyshev_batch_size(-1, 0.1, 0.1), "sigma2 must be a number >= 0, got -1"),
    (lambda: chebyshev_batch_size(1, 0, 0.1), "eps must be a number > 0, got 0"),
    (lambda: chebyshev_batch_size(1, 0.1, 1.5), "delta must be a number > 0 and <= 1, got 1.5"),
    (lambda: noise_floor(-1, 1, 1), "alpha must be finite and >= 0, got -1"),
    (lambda: noise_floor(0.1, 0, 1), "lam must be > 0, got 0"),
    (lambda: noise_floor(0.1, 1, -1), "s2 must be >= 0, got -1"),
    (lambda: noise_floor(0.1, 1, 1, 1.0), "beta must be >= 0 and < 1, got 1"),
    (lambda: noise_floor([0.1] * 2, [1.0] * 3, 1), "alpha and lam and s2 and beta must broadcast"),
    (lambda: reshuffled_floor(0.1, 1, 1, 1), "n_batches must be a whole number >= 2, got 1"),
    (lambda: decaying_steps(-1, 1, 3), "alpha0 must be a number >= 0, got -1"),
    (lambda: decaying_steps(1, 0, 3), "tau must be a number > 0, got 0"),
    (lambda: decaying_steps(1, 1, 1.5), "n_steps must be a whole number >= 0, got 1.5"),
    (lambda: escape_steps(np.zeros_like, [1.0], 0.1, 1, -1, 3, RNG), "radius must be a number >= 0, got -1"),
    (lambda: escape_steps(np.zeros_like, [1.0], 0.1, 1, 1, -3, RNG), "max_steps must be a whole number >= 0"),
    (lambda: escape_steps(np.zeros_like, [1.0], 0.1, 1, 1, 3, "x"), "rng must be a numpy.random.Generator"),
    (lambda: staying_probability(0, 1, 1, 1, 3), "alpha must be a number > 0, got 0"),
    (lambda: staying_probability(1, 1, 1, 1, -3), "n_steps must be a whole number >= 0, got -3"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD)
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
