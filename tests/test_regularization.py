"""Regularization does what the theory says: closed forms, published numbers, SciPy and scikit-learn as witnesses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, optimize
from sklearn.linear_model import Ridge

from helpers import problems
from helpers.descent import gradient_descent
from helpers.regularization import (
    choose_ridge,
    early_stopping_filter,
    is_linear,
    minimum_norm_limit,
    ridge_constants,
    ridge_filter,
    ridge_gradient,
    ridge_loss,
    ridge_weights,
)
from tests.instances import seeds

often = settings(max_examples=30, deadline=None)


def random_data(seed, rank=None):
    """A (n, d), b (n,) and a point; of full rank unless told otherwise."""
    rng = np.random.default_rng(seed)
    n, d = rng.integers(1, 9, 2)
    A = rng.standard_normal((n, d))
    if rank is not None:
        A = rng.standard_normal((n, rank)) @ rng.standard_normal((rank, d))
    return A, rng.standard_normal(n), rng.standard_normal(d)


@given(seed=seeds, lam=st.floats(0, 10))
@often
def test_loss_and_gradient_are_those_of_the_landscape_with_a_ridge(seed, lam):
    A, b, w = random_data(seed)
    p = problems.least_squares(A, b, lam)
    assert ridge_loss(w, A, b, lam) == pytest.approx(p.f(w), rel=1e-12)
    np.testing.assert_allclose(ridge_gradient(w, A, b, lam), p.grad(w), rtol=1e-9, atol=1e-12)


@given(seed=seeds, lam=st.floats(0, 10))
@often
def test_the_gradient_is_the_slope_of_the_loss(seed, lam):
    A, b, w = random_data(seed)
    slope = optimize.approx_fprime(w, lambda v: ridge_loss(v, A, b, lam), 1e-7)
    np.testing.assert_allclose(ridge_gradient(w, A, b, lam), slope, atol=1e-4)


@given(seed=seeds, lam=st.floats(0.01, 10))
@often
def test_the_gradient_vanishes_at_the_weights_of_scikit_learn(seed, lam):
    A, b, _ = random_data(seed)
    w = Ridge(alpha=lam * len(A), fit_intercept=False, solver="cholesky").fit(A, b).coef_
    np.testing.assert_allclose(ridge_gradient(w, A, b, lam), 0, atol=1e-9)
    both = ridge_weights(A, b, [lam, 0.0])
    np.testing.assert_allclose(both[0], w, rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(both[1], minimum_norm_limit(A, b), rtol=1e-7, atol=1e-10)


def test_many_points_and_many_ridges_give_what_they_give_alone():
    A, b, _ = random_data(3)
    w = np.random.default_rng(0).standard_normal((4, 1, A.shape[1]))
    lam = np.array([0.0, 0.5, 2.0])
    loss, gradient = ridge_loss(w, A, b, lam), ridge_gradient(w, A, b, lam)
    assert (loss.shape, gradient.shape) == ((4, 3), (4, 3, A.shape[1]))
    assert loss[2, 1] == pytest.approx(ridge_loss(w[2, 0], A, b, 0.5), rel=1e-14)
    np.testing.assert_allclose(gradient[2, 1], ridge_gradient(w[2, 0], A, b, 0.5), rtol=1e-14)
    L, mu, kappa = ridge_constants(A, lam)
    assert (L[1], mu[1], kappa[1]) == ridge_constants(A, 0.5)


@given(seed=seeds, lam=st.floats(1e-6, 10))
@often
def test_the_constants_are_the_extreme_eigenvalues_of_the_hessian(seed, lam):
    A, _, _ = random_data(seed)
    lowest, *_, highest = np.repeat(linalg.eigvalsh(A.T @ A / len(A) + lam * np.eye(A.shape[1])), 2)
    L, mu, kappa = ridge_constants(A, lam)
    assert pytest.approx(highest, rel=1e-9) == L
    assert mu == pytest.approx(lowest, rel=1e-6)
    assert kappa == L / mu


@given(seed=seeds, rank=st.integers(1, 3))
@often
def test_without_a_ridge_a_direction_that_the_data_do_not_see_has_no_curvature(seed, rank):
    A, _, _ = random_data(seed, rank)
    if rank < A.shape[1]:
        assert ridge_constants(A, 0.0)[1:] == (0.0, np.inf)
        assert ridge_constants(A, 0.25)[1] == 0.25
    assert np.isinf(ridge_constants(np.zeros((2, 2)), 0.0)[2])


def test_a_hundredth_of_ridge_takes_a_kappa_of_3e16_to_101():
    blur = np.exp(-((1.96 * np.linspace(0, np.pi, 33)) ** 2) / 2)  # how a Gaussian blur treats each frequency
    curvature = blur**2
    assert curvature.max() / curvature.min() == pytest.approx(3e16, rel=0.05)
    _, _, kappa = ridge_constants(np.sqrt(33) * np.diag(blur), 0.01)
    assert kappa == pytest.approx(101.0, rel=1e-12)
    assert choose_ridge(1.0, curvature.min(), 101.0) == pytest.approx(0.01, rel=1e-12)


@given(L=st.floats(0.1, 100), share=st.floats(0, 1), kappa=st.floats(1.01, 1e4))
@often
def test_the_ridge_chosen_reaches_kappa_and_no_smaller_one_does(L, share, kappa):
    mu = share * L
    lam = choose_ridge(L, mu, kappa)
    assert lam >= 0
    if lam > 1e-6 * L:
        assert (L + lam) / (mu + lam) == pytest.approx(kappa, rel=1e-6)
        smaller = 0.99 * lam
        assert (L + smaller) / (mu + smaller) > kappa
    else:
        assert kappa * mu * (1 + 1e-6) + 2e-6 * L * kappa >= L


@given(seed=seeds, share=st.floats(0.05, 1.9), n_steps=st.integers(0, 60))
@often
def test_gradient_descent_from_zero_is_the_early_stopping_filter(seed, share, n_steps):
    A, b, _ = random_data(seed)
    p = problems.least_squares(A, b)
    w = gradient_descent(p.grad, np.zeros(p.dim), share / p.L, n_steps)[-1]
    _, s, Vt = linalg.svd(A / np.sqrt(len(A)), full_matrices=False)
    expected = early_stopping_filter(s, share / p.L, n_steps) * (Vt @ linalg.pinv(A) @ b) @ Vt
    np.testing.assert_allclose(w, expected, atol=1e-7 * (1 + np.abs(expected).max()))


@given(seed=seeds, lam=st.floats(1e-3, 10))
@often
def test_the_ridge_minimiser_is_the_ridge_filter(seed, lam):
    A, b, _ = random_data(seed)
    n, d = A.shape
    w = linalg.solve(A.T @ A / n + lam * np.eye(d), A.T @ b / n)
    _, s, Vt = linalg.svd(A / np.sqrt(n), full_matrices=False)
    expected = ridge_filter(s, lam) * (Vt @ linalg.pinv(A) @ b) @ Vt
    np.testing.assert_allclose(w, expected, atol=1e-8 * (1 + np.abs(expected).max()))


def test_k_short_steps_are_never_far_from_a_ridge_of_one_over_alpha_k():
    s, k = np.geomspace(1e-4, 1, 2000), 1000
    stopped, ridge = early_stopping_filter(s, 1.0, k), ridge_filter(s, 1 / k)
    assert 0.2 < np.max(stopped - ridge) < 0.21  # (1 - e^-z) - z/(1 + z) is at most 0.2036
    assert np.min(stopped - ridge) > -1e-3
    assert stopped[0] / ridge[0] == pytest.approx(1, rel=1e-3)


def test_filters_know_their_ends():
    s = np.array([0.0, 0.5, 2.0])
    np.testing.assert_array_equal(early_stopping_filter(s, 0.3, 0), [0, 0, 0])
    np.testing.assert_array_equal(ridge_filter(s, 0.0), [0, 1, 1])
    np.testing.assert_array_equal(ridge_filter(s, [[0.0], [4.0]])[1], [0, 0.25 / 4.25, 0.5])
    assert early_stopping_filter(2.0, 1.0, 2) == 1 - 9.0  # too long a step diverges


@given(seed=seeds, rank=st.integers(1, 3))
@often
def test_the_limit_is_the_pseudoinverse_and_that_of_a_long_run_from_zero(seed, rank):
    A, b, _ = random_data(seed, rank)
    expected = linalg.pinv(A, rtol=1e-6) @ b
    np.testing.assert_allclose(
        minimum_norm_limit(A, b), expected, rtol=1e-6, atol=1e-9 * (1 + abs(expected).max())
    )
    np.testing.assert_allclose(minimum_norm_limit(A, b), problems.least_squares(A, b).minimiser, atol=1e-6)
    s = linalg.svdvals(A)
    if s[s > 1e-6 * s[0]].min() > 0.2 * s[0]:
        p = problems.least_squares(A, b)
        path = gradient_descent(p.grad, np.zeros(p.dim), 1 / p.L, 1500)
        np.testing.assert_allclose(path[-1], expected, atol=1e-6 * (1 + abs(expected).max()))


@given(seed=seeds)
@often
def test_a_start_keeps_the_part_that_the_data_do_not_see(seed):
    A, b, w0 = random_data(seed, 1)
    p = problems.least_squares(A, b)
    unseen = w0 - linalg.pinv(A) @ (A @ w0)
    path = gradient_descent(p.grad, w0, 1 / p.L, 50)
    np.testing.assert_allclose(path[-1], minimum_norm_limit(A, b) + unseen, atol=1e-8)


# Linear or not ----------------------------------------------------------------------------------------


@given(rate=st.floats(0.05, 0.98), n=st.integers(40, 300), scale=st.sampled_from([1e-9, 1.0, 1e9]))
@often
def test_geometric_gaps_are_linear_at_every_rate_and_scale(rate, n, scale):
    n = min(n, int(600 / -np.log(rate)))
    assert is_linear(scale * rate ** np.arange(max(n, 40)))


@given(
    power=st.floats(0.5, 4),
    n=st.integers(40, 300),
    late=st.floats(0, 0.1),
    scale=st.sampled_from([1e-9, 1.0, 1e9]),
)
@often
def test_powers_of_one_over_k_are_not_linear(power, n, late, scale):
    assert not is_linear(scale / (np.arange(n) + 1 + late * n) ** power)


def test_runs_on_real_landscapes_are_told_apart():
    flat = problems.quadratic_with_spectrum(np.append(0.0, 2.0 ** -np.arange(24.0)), minimiser=np.ones(25))
    gaps = flat.f(gradient_descent(flat.grad, np.zeros(25), 1.0, 400)) - flat.f(flat.minimiser)
    assert not is_linear(gaps)
    gap_in_the_spectrum = problems.quadratic_with_spectrum([0.0, 0.05, 1.0], minimiser=np.ones(3))
    p = gap_in_the_spectrum
    assert p.mu == 0
    gaps = p.f(gradient_descent(p.grad, np.zeros(3), 1.0, 100)) - p.f(p.minimiser)
    assert is_linear(gaps)
    np.testing.assert_allclose(gaps[60] / gaps[59], 0.95**2, rtol=1e-6)
    X, y = np.array([[1.0, 2.0], [2.0, -0.5], [-1.0, -1.0]]), np.array([1.0, 1.0, -1.0])
    for ridge, linear in ((0.0, False), (0.01, True)):
        p = problems.logistic(X, y, ridge)
        lowest = 0.0 if p.minimiser is None else p.f(p.minimiser)
        assert (p.minimiser is None) is not linear
        assert is_linear(p.f(gradient_descent(p.grad, np.zeros(2), 1 / p.L, 80)) - lowest) is linear


@given(seed=seeds, n_steps=st.integers(1, 60))
@often
def test_no_run_with_the_step_one_over_L_is_above_the_tight_bound(seed, n_steps):
    A, b, w0 = random_data(seed, 2)
    p = problems.least_squares(A, b)
    nearest = minimum_norm_limit(A, b) + w0 - linalg.pinv(A) @ (A @ w0)  # of all minimisers
    path = gradient_descent(p.grad, w0, 1 / p.L, n_steps)
    bound = p.L * np.sum((w0 - nearest) ** 2) / (4 * n_steps + 2)
    assert p.f(path[-1]) - p.f(nearest) <= bound * (1 + 1e-9) + 1e-12
