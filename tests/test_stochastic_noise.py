"""Estimates are as far off as theory says: exact enumerations, Lyapunov's equation, simulations."""

from __future__ import annotations

import itertools
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg

from helpers import problems
from helpers.stochastic import (
    chebyshev_batch_size,
    gradient_noise,
    minibatch_gradient,
    noise_floor,
    noisy_descent,
    per_example_gradients,
    reshuffled_floor,
    running_estimates,
    sgd,
)
from tests.instances import often
from tests.rows import diabetes

# The noise of a batch ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_noise_with_replacement_is_the_one_of_all_samples_together(size):
    g = np.random.default_rng(0).standard_normal((4, 3))
    samples = np.array(list(itertools.product(range(4), repeat=size)))
    exact = np.mean(np.sum((g[samples].mean(axis=1) - g.mean(axis=0)) ** 2, axis=-1))
    assert gradient_noise(g, size, True) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_the_noise_without_replacement_is_the_one_of_all_subsets(size):
    g = np.random.default_rng(1).standard_normal((5, 3))
    subsets = np.array(list(itertools.combinations(range(5), size)))
    exact = np.mean(np.sum((g[subsets].mean(axis=1) - g.mean(axis=0)) ** 2, axis=-1))
    assert gradient_noise(g, size, False) == pytest.approx(exact, rel=1e-12, abs=1e-15)


def test_the_noise_follows_the_published_law():
    g = np.random.default_rng(2).standard_normal((50, 2))
    sigma2 = gradient_noise(g, 1, True)
    B = np.arange(1, 51)
    np.testing.assert_allclose(gradient_noise(g, B, True), sigma2 / B, rtol=1e-13)
    np.testing.assert_allclose(gradient_noise(g, B, False), sigma2 / B * (50 - B) / 49, rtol=1e-13)
    assert gradient_noise(g, 50, False) == 0
    assert gradient_noise(g[:1], 1, False) == 0


def test_on_real_data_the_measured_spread_is_the_predicted_one():
    X, y = diabetes()
    w, rng, trials = np.array([0.3, -0.2]), np.random.default_rng(3), 4000
    g = per_example_gradients(w, X, y)
    for size in (1, 8, 64):
        chosen = np.array([rng.permutation(len(X))[:size] for _ in range(trials)])
        off = minibatch_gradient(w, X, y, chosen) - g.mean(axis=0)
        assert np.mean(np.sum(off**2, axis=1)) == pytest.approx(gradient_noise(g, size, False), rel=0.1)


def test_running_estimates_are_means_of_ever_larger_batches():
    g = np.random.default_rng(4).standard_normal((6, 2))
    estimates = running_estimates(g, 40, 3000, np.random.default_rng(5))
    assert estimates.shape == (3000, 40, 2)
    for size in (1, 7, 40):
        spread = np.mean(np.sum((estimates[:, size - 1] - g.mean(axis=0)) ** 2, axis=1))
        assert spread == pytest.approx(gradient_noise(g, size, True), rel=0.1)
    draws = np.random.default_rng(5).integers(6, size=(3000, 40))
    np.testing.assert_allclose(estimates[7, 4], g[draws[7, :5]].mean(axis=0), atol=1e-13)


# Chebyshev ---------------------------------------------------------------------------------------------


def test_chebyshevs_batch_size_is_the_published_number():
    assert chebyshev_batch_size(1, 0.1, 0.05) == 2000
    assert chebyshev_batch_size(9, 0.3, 0.05) == 2000  # where floating point says 2000.0000000000002
    assert 9 / (0.3**2 * 0.05) > 2000


@given(s=st.integers(1, 400), e=st.integers(1, 99), p=st.integers(1, 100))
@often
def test_chebyshevs_batch_size_is_the_ceiling_of_the_decimal_value(s, e, p):
    sigma2, eps, delta = Decimal(s) / 10, Decimal(e) / 100, Decimal(p) / 100
    size = chebyshev_batch_size(float(sigma2), float(eps), float(delta))
    assert size * eps**2 * delta >= sigma2
    assert size == 1 or (size - 1) * eps**2 * delta < sigma2


@pytest.mark.parametrize("eps", [1e-3, 0.1, 1, 50.0])
def test_without_noise_chebyshevs_batch_is_one_row(eps):
    g = np.tile([0.1, -0.7], (7, 1))  # every example says the same
    assert gradient_noise(np.ones((7, 2)), 1, True) == 0
    for sigma2 in (0, 0.0, -0.0, np.float64(0), np.mean(np.sum((g - g[0]) ** 2, axis=1))):
        for delta in (1e-3, 0.3, 1, 1.0):
            size = chebyshev_batch_size(sigma2, eps, delta)
            assert size == 1
            assert isinstance(size, int)


def test_a_batch_of_that_size_fails_less_often_than_allowed():
    X, y = diabetes()
    g = per_example_gradients(np.array([0.3, -0.2]), X, y)
    size = chebyshev_batch_size(gradient_noise(g, 1, True), 0.5, 0.2)
    estimates = running_estimates(g, size, 4000, np.random.default_rng(6))[:, -1]
    failed = np.mean(np.linalg.norm(estimates - g.mean(axis=0), axis=1) >= 0.5)
    assert 0 < failed < 0.2


def test_chebyshevs_inequality_is_attained_by_three_points():
    # -1 and 1 with probability 1/8 each, else 0: P(|x| >= 1) = 1/4 = sigma^2, so B = 1 fails just as often as allowed
    g = np.array([[-1.0], [1.0], *[[0.0]] * 6])
    sigma2 = gradient_noise(g, 1, True)
    assert sigma2 == 0.25
    assert chebyshev_batch_size(sigma2, 1, 0.25) == 1
    assert np.mean(np.abs(g) >= 1) == 0.25


# Noise at a minimum ------------------------------------------------------------------------------------


@given(share=st.floats(0.01, 1.9), lam=st.floats(0.1, 10), s2=st.floats(0.1, 5), beta=st.floats(0, 0.9))
@often
def test_the_floor_solves_lyapunovs_equation(share, lam, s2, beta):
    alpha = share / lam
    M = np.array([[1 + beta - alpha * lam, -beta], [1.0, 0.0]])  # (x[k + 1], x[k]) from (x[k], x[k - 1])
    settled = linalg.solve_discrete_lyapunov(M, np.diag([alpha**2 * s2, 0.0]))
    assert noise_floor(alpha, lam, s2, beta) == pytest.approx(settled[0, 0], rel=1e-6)


@pytest.mark.parametrize(("alpha", "lam"), [(0.1, 1.0), (0.5, 2.0), (0.6, 3.0)])
def test_a_simulation_settles_at_the_floor(alpha, lam):
    p, rng = problems.parabola(lam), np.random.default_rng(7)
    path = noisy_descent(p.grad, np.zeros((3000, 1)), alpha, 1.5, 120, rng)
    assert np.mean(path[60:] ** 2) == pytest.approx(noise_floor(alpha, lam, 1.5**2), rel=0.03)


def test_a_simulation_with_momentum_settles_at_its_floor():
    alpha, lam, beta, rng = 0.2, 1.0, 0.6, np.random.default_rng(8)
    x = before = np.zeros(4000)
    squares = []
    for _ in range(200):
        g = lam * x + rng.standard_normal(4000)
        x, before = x - alpha * g + beta * (x - before), x
        squares.append(np.mean(x**2))
    assert np.mean(squares[100:]) == pytest.approx(noise_floor(alpha, lam, 1.0, beta), rel=0.03)


def test_beyond_the_limit_there_is_no_floor():
    assert noise_floor(2.0, 1.0, 1.0) == noise_floor(3.0, 1.0, 1.0) == np.inf
    assert noise_floor(3.0, 1.0, 1.0, beta=0.5) == np.inf  # 2(1 + beta) = 3
    assert np.isfinite(noise_floor(2.9, 1.0, 1.0, beta=0.5))
    np.testing.assert_allclose(noise_floor([0.5, 1.0, 4.0], 1.0, 3.0), [1.0, 3.0, np.inf])


@pytest.mark.parametrize(("alpha", "n_batches"), [(0.5, 2), (0.3, 5), (1.5, 4), (0.1, 8)])
def test_noise_that_adds_up_to_zero_settles_at_the_reshuffled_floor(alpha, n_batches):
    rng, runs = np.random.default_rng(9), 20_000
    x, squares = np.zeros(runs), []
    n_epochs = int(40 / (n_batches * -np.log(abs(1 - alpha)))) + 2
    for epoch in range(n_epochs):
        e = rng.standard_normal((n_batches, runs))
        e = (e - e.mean(axis=0)) * np.sqrt(n_batches / (n_batches - 1))  # variance 1, sum 0
        for noise in e:
            x = x - alpha * (x + noise)
            squares += [np.mean(x**2)] * (epoch >= n_epochs // 2)
    assert np.mean(squares) == pytest.approx(reshuffled_floor(alpha, 1.0, 1.0, n_batches), rel=0.04)


@given(share=st.floats(0.01, 1.9), lam=st.floats(0.1, 10), m=st.integers(2, 1000))
@often
def test_reshuffling_never_settles_higher_than_independent_draws(share, lam, m):
    independent = noise_floor(share / lam, lam, 2.0)
    # At alpha lam > 1 two successive draws of opposite sign add up: there reshuffling may cost a little.
    allowed = 1 if share <= 1 else m / (m - 1)
    assert reshuffled_floor(share / lam, lam, 2.0, m) <= allowed * independent * (1 + 1e-9)


def test_in_a_long_epoch_reshuffling_is_like_independent_draws():
    assert reshuffled_floor(0.3, 1.0, 1.0, 10**5) == pytest.approx(noise_floor(0.3, 1.0, 1.0), rel=1e-3)
    assert reshuffled_floor(0.0, 1.0, 1.0, 3) == 0
    assert reshuffled_floor(2.0, 1.0, 1.0, 3) == np.inf


@pytest.mark.parametrize(("alpha", "size"), [(0.05, 2), (0.2, 13), (0.4, 34)])
def test_on_real_data_sgd_settles_where_the_reshuffled_floor_says(alpha, size):
    X, y = diabetes()
    n = len(X)
    assert n % size == 0  # 442 = 2 x 13 x 17, or the last batch would be another
    p = problems.least_squares(X, y)
    lam, V = np.linalg.eigh(X.T @ X / n)
    s2 = np.mean((per_example_gradients(p.minimiser, X, y) @ V) ** 2, axis=0) / size * (n - size) / (n - 1)
    predicted = sum(
        reshuffled_floor(alpha, *mode, n // size) * mode[0] / 2 for mode in zip(lam, s2, strict=True)
    )
    n_epochs = 40 if size == 2 else 120
    path = sgd(X, y, p.minimiser, alpha, size, n_epochs, np.random.default_rng(10))
    measured = np.mean(p.f(path[len(path) // 4 :]) - p.f(p.minimiser))
    assert measured == pytest.approx(predicted, rel=0.2)
