"""Estimated gradients do what theory says: exact enumerations, Lyapunov's equation, simulations, scikit-learn as a witness."""

from __future__ import annotations

import itertools
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, special, stats

from helpers import problems
from helpers.descent import gradient_descent
from helpers.problems.regression import standardised
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
from tests.instances import often, seeds


def random_rows(seed, n=None):
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(1, 8)) if n is None else n, int(rng.integers(1, 5))
    return rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal(d), rng


@lru_cache
def diabetes(columns=(2, 8)):
    """Two columns of the real data, standardised, and the target."""
    X, y = standardised("diabetes", 10)
    return np.array(X[:, columns]), (y - y.mean()) / y.std()


# Mini-batches ------------------------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_the_batch_of_all_rows_gives_the_gradient_of_the_landscape(seed):
    X, y, w, rng = random_rows(seed)
    p = problems.least_squares(X, y)
    np.testing.assert_allclose(minibatch_gradient(w, X, y, rng.permutation(len(X))), p.grad(w), atol=1e-12)
    np.testing.assert_allclose(per_example_gradients(w, X, y).mean(axis=0), p.grad(w), atol=1e-12)


@given(seed=seeds)
@often
def test_a_batch_gives_the_gradient_of_least_squares_on_its_rows_alone(seed):
    X, y, w, rng = random_rows(seed)
    batch = rng.integers(len(X), size=5)  # some rows twice
    alone = problems.least_squares(X[batch], y[batch]).grad(w)
    np.testing.assert_allclose(minibatch_gradient(w, X, y, batch), alone, atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_mean_over_all_batches_of_a_size_is_the_gradient(size):
    X, y, w, _ = random_rows(1, n=6)
    batches = np.array(list(itertools.combinations(range(6), size)))
    estimates = minibatch_gradient(w, X, y, batches)
    np.testing.assert_allclose(estimates.mean(axis=0), problems.least_squares(X, y).grad(w), atol=1e-13)


def test_many_batches_and_points_at_once_are_the_ones_one_by_one():
    X, y, w, rng = random_rows(2, n=7)
    many, batches = w + rng.standard_normal((3, 1, len(w))), rng.integers(7, size=(4, 5))
    together = minibatch_gradient(many, X, y, batches)
    assert together.shape == (3, 4, len(w))
    for i, j in np.ndindex(3, 4):
        alone = minibatch_gradient(many[i, 0], X, y, batches[j])
        np.testing.assert_allclose(together[i, j], alone, atol=1e-14)


# Epochs ------------------------------------------------------------------------------------------------


@given(seed=seeds, n=st.integers(1, 40), batch_size=st.integers(1, 50))
@often
def test_an_epoch_holds_every_row_once_and_only_its_last_batch_may_be_short(seed, n, batch_size):
    batches = epoch_batches(n, batch_size, np.random.default_rng(seed))
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * ((n - 1) // batch_size)
    assert 1 <= len(batches[-1]) <= batch_size


def test_all_orders_are_equally_likely_and_epochs_differ():
    rng = np.random.default_rng(0)
    orders = [tuple(np.concatenate(epoch_batches(4, 3, rng)).tolist()) for _ in range(4800)]
    counts = [orders.count(order) for order in itertools.permutations(range(4))]
    assert stats.chisquare(counts).pvalue > 1e-3
    repeats = sum(a == b for a, b in itertools.pairwise(orders))
    assert stats.binomtest(repeats, 4799, 1 / 24).pvalue > 1e-3, "one epoch says nothing about the next"


def test_the_same_seed_gives_the_same_epoch():
    one, other = (epoch_batches(30, 7, np.random.default_rng(5)) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


# SGD ---------------------------------------------------------------------------------------------------


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


# The noise of a batch (FACTS 11) -----------------------------------------------------------------------


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


# Chebyshev (FACTS 11) ----------------------------------------------------------------------------------


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


# Noise at a minimum (FACTS 12) -------------------------------------------------------------------------


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


# Noise at a saddle -------------------------------------------------------------------------------------


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


# Contracts ---------------------------------------------------------------------------------------------


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
    (lambda: problems.saddle(steep=0), "steep must be a number > 0, got 0"),
    (lambda: problems.saddle(fall=-1), "fall must be a number > 0, got -1"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD)
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
