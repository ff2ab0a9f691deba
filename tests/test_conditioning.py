"""Conditioning does what the theory of quadratics says: closed forms, published numbers, SciPy as a witness."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, optimize

from helpers import problems
from helpers.conditioning import (
    condition_number,
    contraction_factor,
    exact_line_search,
    mode_errors,
    optimal_step,
    steps_to_tolerance,
)
from helpers.descent import gradient_descent
from tests.instances import matrices, often, random_quadratic, seeds


@given(seed=seeds, kappa=st.floats(1, 1e8), scale=st.sampled_from([1e-150, 1e-3, 1.0, 1e150]))
@often
def test_the_condition_number_is_that_of_the_spectrum_and_of_scipy(seed, kappa, scale):
    p, _, _ = random_quadratic(seed, 1.0, kappa)
    Q = scale * p.hess(p.x0)
    expected = kappa if p.dim > 1 else 1.0
    assert condition_number(Q) == pytest.approx(expected, rel=1e-6)
    singular_values = linalg.svdvals(Q)
    assert condition_number(Q) == pytest.approx(singular_values[0] / singular_values[-1], rel=1e-6)


@given(seed=seeds, d=st.integers(2, 6))
@often
def test_a_singular_matrix_has_an_infinite_condition_number(seed, d):
    A = np.random.default_rng(seed).standard_normal((d - 1, d))
    assert condition_number(A.T @ A) == np.inf
    assert condition_number(np.zeros((d, d))) == np.inf


def test_the_threshold_of_zero_is_the_share_of_the_largest_that_the_course_says():
    assert condition_number(np.diag([1e6, 1e-5])) == pytest.approx(1e11)
    assert condition_number(np.diag([1.0, 0.9e-12])) == np.inf
    assert condition_number(1e-20 * np.eye(3)) == 1.0


def test_the_two_bowls_of_the_seed_have_condition_1_and_1000():
    stack = np.array([np.diag([1.0, 1.0]), np.diag([1000.0, 1.0])])
    np.testing.assert_array_equal(condition_number(stack), [1.0, 1000.0])


def test_kappa_100_has_the_published_rates():
    L, mu = 100.0, 1.0
    alpha = optimal_step(L, mu)
    rate = contraction_factor(alpha, L, mu)
    assert alpha == pytest.approx(2 / 101, rel=1e-15)
    assert rate == pytest.approx(0.980198, abs=5e-7)
    assert rate == pytest.approx(99 / 101, rel=1e-12)
    p = problems.quadratic(np.diag([mu, L]))
    path = exact_line_search(np.diag([mu, L]), [0.0, 0.0], [L, mu], 40)
    ratios = p.f(path[1:]) / p.f(path[:-1])
    np.testing.assert_allclose(ratios, 0.960788, atol=5e-7)
    np.testing.assert_allclose(ratios, rate**2, rtol=1e-10)


@given(L=st.floats(0.1, 1e4), share=st.floats(1e-4, 1))
@often
def test_no_step_contracts_more_than_the_optimal_one(L, share):
    mu = share * L
    alpha = optimal_step(L, mu)
    best = contraction_factor(alpha, L, mu)
    assert best == pytest.approx((L - mu) / (L + mu), abs=1e-12)
    assert (contraction_factor(alpha * np.geomspace(0.01, 100, 201), L, mu) >= best - 1e-12).all()
    found = optimize.minimize_scalar(
        lambda a: contraction_factor(abs(a), L, mu), bounds=(0, 2 / L), method="bounded",
        options={"xatol": 1e-9 / L},
    )  # fmt: skip
    assert found.fun >= best - 1e-12
    assert found.fun == pytest.approx(best, abs=1e-4)


@given(seed=seeds, share=st.floats(0.0, 2.0))
@often
def test_the_contraction_factor_is_the_norm_of_the_step_matrix(seed, share):
    p, _, _ = random_quadratic(seed)
    mu = p.mu
    alpha = share * 2 / p.L
    norm = np.linalg.norm(np.eye(p.dim) - alpha * p.hess(p.x0), 2)
    assert contraction_factor(alpha, p.L, mu) == pytest.approx(norm, abs=1e-12)


@given(seed=seeds, share=st.floats(0.0, 1.2))
@often
def test_every_step_of_gradient_descent_contracts_at_least_by_the_factor(seed, share):
    p, x0, _ = random_quadratic(seed)
    alpha = share * 2 / p.L
    distances = np.linalg.norm(gradient_descent(p.grad, x0, alpha, 60) - p.minimiser, axis=-1)
    bound = contraction_factor(alpha, p.L, p.mu) * distances[:-1]
    assert (distances[1:] <= bound + 1e-13 * (1 + distances.max())).all()


def test_the_factor_is_below_one_exactly_for_steps_between_0_and_two_over_L():
    shares = np.array([0.0, 1e-6, 0.5, 0.999999, 1.0, 1.000001, 3.0])
    factors = contraction_factor(shares * 2 / 8.0, 8.0, 0.5)
    assert (factors < 1).tolist() == [False, True, True, True, False, False, False]


def smallest_k_in_fractions(kappa, eps):
    rate = (Fraction(kappa) - 1) / (Fraction(kappa) + 1)
    k, left = 1, rate
    while left > Fraction(eps):
        k, left = k + 1, left * rate
    return k


@given(kappa=st.floats(1, 40), eps=st.floats(1e-7, 0.99))
@often
def test_the_number_of_steps_is_the_smallest_that_rational_arithmetic_finds(kappa, eps):
    kappa, eps = round(kappa, 2), round(eps, 7)
    assert steps_to_tolerance(kappa, eps) == smallest_k_in_fractions(kappa, eps)


def test_a_tie_counts_as_reached():
    for k in range(1, 61):  # kappa = 3 halves the distance
        assert steps_to_tolerance(3.0, 2.0**-k) == k
        assert steps_to_tolerance(3.0, 2.0**-k * (1 - 1e-11)) == k + 1


def test_steps_to_tolerance_knows_the_ends():
    assert steps_to_tolerance(1.0, 1e-300) == 1
    assert steps_to_tolerance(1.0 + 1e-9, 0.5) == 1
    assert steps_to_tolerance(1e12, 1e-6) == pytest.approx(0.5e12 * np.log(1e6), rel=1e-9)
    assert type(steps_to_tolerance(100.0, 1e-6)) is int
    np.testing.assert_array_equal(steps_to_tolerance([[1.0], [100.0]], [1e-3, 1e-6]), [[1, 1], [346, 691]])


@pytest.mark.parametrize("kappa", [1.0, 2.0, 10.0, 100.0, 1000.0])
def test_a_run_from_the_worst_start_takes_exactly_the_number_of_steps(kappa):
    p = problems.quadratic_with_spectrum([1.0, kappa], angle=0.4)
    corners = np.linalg.eigh(p.hess(p.x0))[1] @ np.ones(2)  # as far along each eigenvector
    for eps in (0.3, 1e-3):
        k = steps_to_tolerance(kappa, eps)
        path = gradient_descent(p.grad, corners, optimal_step(p.L, p.mu), k)
        left = np.linalg.norm(path, axis=-1) / np.linalg.norm(corners)
        assert left[k] <= eps * (1 + 1e-9)
        assert k == 1 or left[k - 1] > eps


@given(seed=seeds)
@often
def test_each_line_search_step_is_the_one_that_scipy_finds(seed):
    p, x0, _ = random_quadratic(seed)
    path = exact_line_search(*matrices(p), x0, 4)
    for x, after in pairwise(path):
        g = p.grad(x)
        if np.linalg.norm(g) < 1e-6:
            continue
        found = optimize.minimize_scalar(lambda a, x=x, g=g: p.f(x - a * g), bracket=(0, 1 / p.L))
        np.testing.assert_allclose(after, x - found.x * g, atol=1e-6 * np.linalg.norm(x0 - p.minimiser))


@given(seed=seeds)
@often
def test_line_search_gradients_are_orthogonal_and_kantorovich_bounds_the_height(seed):
    p, x0, _ = random_quadratic(seed, 0.05, 4.0)
    path = exact_line_search(*matrices(p), x0, 12)
    g, heights = p.grad(path), p.f(path) - p.f(p.minimiser)
    size = np.linalg.norm(g, axis=-1)
    rounding = 1e-13 * size[0] * (size[0] + 1)
    assert (np.abs(np.sum(g[1:] * g[:-1], axis=-1)) <= 1e-9 * size[1:] * size[:-1] + rounding).all()
    rate = ((p.L - p.mu) / (p.L + p.mu)) ** 2
    assert (heights[1:] <= rate * heights[:-1] + 1e-12 * (1 + np.abs(p.f(p.minimiser)))).all()


def test_line_search_with_one_curvature_arrives_in_one_step_and_stays():
    for curvature in (0.3, 1.0, 7.0):
        path = exact_line_search(curvature * np.eye(3), [1.0, 2.0, 3.0], [5.0, -4.0, 0.5], 6)
        target = np.array([1.0, 2.0, 3.0]) / curvature
        np.testing.assert_allclose(path[1:], np.broadcast_to(target, (6, 3)), rtol=1e-12)


def test_line_search_stays_at_the_minimiser():
    Q, m = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([4.0, -1.0])
    np.testing.assert_array_equal(exact_line_search(Q, Q @ m, m, 5), np.tile(m, (6, 1)))


@given(seed=seeds)
@often
def test_many_line_searches_at_once_are_the_searches_one_by_one(seed):
    p, x0, rng = random_quadratic(seed)
    starts = x0 + rng.standard_normal((2, 3, p.dim))
    together = exact_line_search(*matrices(p), starts, 5)
    assert together.shape == (6, 2, 3, p.dim)
    for i in np.ndindex(2, 3):
        alone = exact_line_search(*matrices(p), starts[i], 5)
        np.testing.assert_allclose(together[(slice(None), *i)], alone, atol=1e-10 * np.abs(starts).max())


@given(seed=seeds, share=st.floats(0, 1.5), n_steps=st.integers(0, 25))
@often
def test_mode_errors_are_gradient_descent_in_the_eigenbasis_and_its_closed_form(seed, share, n_steps):
    p, x0, _ = random_quadratic(seed)
    Q, alpha = p.hess(x0), share * 2 / p.L
    modes = mode_errors(Q, x0, alpha, n_steps)
    lam, V = linalg.eigh(Q)
    size = np.abs(modes).max()
    path = gradient_descent(problems.quadratic(Q).grad, x0, alpha, n_steps)
    np.testing.assert_allclose(np.abs(modes), np.abs(path @ V), rtol=0, atol=1e-10 * size)
    powers = (1 - alpha * lam) ** np.arange(n_steps + 1)[:, None] * modes[0]
    np.testing.assert_allclose(modes, powers, rtol=1e-10, atol=1e-12 * size)
    np.testing.assert_allclose(
        np.linalg.norm(modes, axis=-1), np.linalg.norm(path, axis=-1), rtol=1e-9, atol=1e-12 * size
    )


def test_mode_errors_of_many_starts_and_steps_are_those_of_each():
    Q = np.array([[3.0, 1.0], [1.0, 2.0]])
    starts, alphas = np.array([[[1.0, 2.0]], [[3, -1]], [[0, 0]]]), np.array([0.1, 0.5, 1.0, 40.0])
    together = mode_errors(Q, starts, alphas, 400)  # the last diverges to inf, in silence
    assert together.shape == (401, 3, 4, 2)
    for i, j in np.ndindex(3, 4):
        alone = mode_errors(Q, starts[i, 0], alphas[j], 400)
        np.testing.assert_allclose(together[:, i, j], alone, rtol=1e-12)


def test_what_is_given_is_left_as_it_was_and_whole_numbers_are_not_truncated():
    Q, b, x0 = np.array([[3, 1], [1, 2]]), np.array([1, 0]), np.array([5, 5])
    for path in (exact_line_search(Q, b, x0, 3), mode_errors(Q, x0, 0.25, 3)):
        assert path.dtype == float
        assert (path % 1 != 0).any()
        path[...] = 0
    np.testing.assert_array_equal(Q, [[3, 1], [1, 2]])
    np.testing.assert_array_equal(b, [1, 0])
    np.testing.assert_array_equal(x0, [5, 5])


ONE, SKEW = np.eye(2), [[1.0, 0.5], [0.0, 1.0]]
