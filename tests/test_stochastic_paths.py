"""SGD takes the path of scikit-learn, and steps that shrink go below the floor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from helpers import problems
from helpers.descent import gradient_descent
from helpers.stochastic import (
    decaying_steps,
    epoch_batches,
    minibatch_gradient,
    noise_floor,
    noisy_descent,
    sgd,
)
from tests.instances import often, seeds
from tests.rows import diabetes, random_rows


@pytest.mark.parametrize("seed", range(3))
def test_one_example_at_a_time_it_takes_the_path_of_scikit_learn(seed):
    from sklearn.linear_model import SGDRegressor

    X, y = diabetes()
    X, y = X[:60], y[:60]
    path = sgd(X, y, [0.5, -0.5], 0.02, 1, 3, np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    witness = SGDRegressor(
        penalty=None, fit_intercept=False, learning_rate="constant", eta0=0.02, shuffle=False
    )
    witness.partial_fit(X[:1], y[:1])
    witness.coef_ = np.array([0.5, -0.5])
    for epoch in range(3):
        order = np.concatenate(epoch_batches(60, 1, rng))
        witness.partial_fit(X[order], y[order])
        np.testing.assert_allclose(path[60 * (epoch + 1)], witness.coef_, rtol=1e-9)


@given(seed=seeds, batch_size=st.integers(1, 9), n_epochs=st.integers(0, 3))
@often
def test_each_update_steps_along_the_gradient_of_its_batch(seed, batch_size, n_epochs):
    X, y, w0, _ = random_rows(seed, n=7)
    path = sgd(X, y, w0, 0.1, batch_size, n_epochs, np.random.default_rng(seed))
    rng, w = np.random.default_rng(seed), [w0]
    for _ in range(n_epochs):
        for batch in epoch_batches(7, batch_size, rng):
            w.append(w[-1] - 0.1 * minibatch_gradient(w[-1], X, y, batch))
    np.testing.assert_allclose(path, w, rtol=1e-9, atol=1e-9)


def test_with_all_rows_in_a_batch_it_is_gradient_descent():
    X, y, w0, rng = random_rows(3, n=6)
    p = problems.least_squares(X, y)
    descent = gradient_descent(p.grad, w0, 0.5 / p.L, 20)
    for size in (6, 60):
        np.testing.assert_allclose(sgd(X, y, w0, 0.5 / p.L, size, 20, rng), descent, atol=1e-12)


def test_many_starts_see_the_same_batches_and_steps_may_change():
    X, y, w0, rng = random_rows(4, n=7)
    starts, alphas = w0 + rng.standard_normal((2, 3, len(w0))), decaying_steps(0.2, 3, 12)
    together = sgd(X, y, starts, alphas, 2, 3, np.random.default_rng(9))
    assert together.shape == (13, 2, 3, len(w0))
    for i in np.ndindex(2, 3):
        alone = sgd(X, y, starts[i], alphas, 2, 3, np.random.default_rng(9))
        np.testing.assert_allclose(together[(slice(None), *i)], alone, atol=1e-12)


def test_every_run_may_have_steps_of_its_own():
    X, y, w0, rng = random_rows(4, n=7)
    alphas, starts = rng.uniform(0, 0.2, (12, 3)), np.tile(w0, (3, 1))
    together = sgd(X, y, starts, alphas, 2, 3, np.random.default_rng(9))
    p = problems.least_squares(X, y)
    noisy = noisy_descent(p.grad, starts, alphas, 0.0, 12, rng)
    for i in range(3):
        alone = sgd(X, y, w0, alphas[:, i], 2, 3, np.random.default_rng(9))
        np.testing.assert_allclose(together[:, i], alone, atol=1e-12)
        np.testing.assert_allclose(
            noisy[:, i], noisy_descent(p.grad, w0, alphas[:, i], 0.0, 12, rng), atol=1e-12
        )


def test_where_every_example_agrees_there_is_no_floor():
    X, _, w0, rng = random_rows(5, n=7)
    w = np.arange(1.0, 1 + len(w0))
    path = sgd(X, X @ w, w0, 0.1, 1, 2000, rng)
    np.testing.assert_allclose(path[-1], w, atol=1e-9)


def test_decaying_steps_go_below_the_floor_of_the_constant_step_they_start_with():
    p, rng, n_steps = problems.parabola(1.0), np.random.default_rng(11), 2000
    start = np.full((300, 1), 3.0)
    constant = noisy_descent(p.grad, start, 0.5, 1.0, n_steps, rng)
    decaying = noisy_descent(p.grad, start, decaying_steps(0.5, 20, n_steps), 1.0, n_steps, rng)
    floor = noise_floor(0.5, 1.0, 1.0)
    assert np.mean(constant[-1] ** 2) == pytest.approx(floor, rel=0.3)
    assert np.mean(decaying[-1] ** 2) < floor / 30
    # alpha_k tends to 10/k, and then E x^2 to 10^2/((2 * 10 - 1) k): Chung 1954, Ann. Math. Statist. 25
    assert np.mean(decaying[-1] ** 2) == pytest.approx(100 / (19 * n_steps), rel=0.3)


def test_decaying_steps_halve_at_tau_and_their_sums_are_those_of_robbins_and_monro():
    steps = decaying_steps(0.8, 5, 10**6)
    assert (steps[0], steps[5]) == (0.8, pytest.approx(0.4, rel=1e-15))
    np.testing.assert_allclose(steps, 0.8 * 5 / (5 + np.arange(10**6)), rtol=1e-12)
    growth = steps.sum() - steps[:1000].sum()
    assert growth == pytest.approx(4 * (special.digamma(10**6 + 5) - special.digamma(1005)), rel=1e-9)
    assert np.sum(steps**2) == pytest.approx(16 * special.polygamma(1, 5), rel=1e-5)
    assert decaying_steps(1.0, 1.0, 0).shape == (0,)
