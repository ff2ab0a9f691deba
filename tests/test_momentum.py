"""Momentum walks as its formula says: closed forms, published numbers, SciPy and another way to write it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from helpers import problems
from helpers.conditioning import optimal_step
from helpers.descent import gradient_descent
from helpers.momentum import (
    critical_damping,
    heavy_ball,
    heavy_ball_step,
    momentum_matrix,
    momentum_modes,
    momentum_path,
    momentum_regime,
    nesterov,
    nesterov_matrix,
    nesterov_settings,
    optimal_heavy_ball,
    spectral_radius,
    steps_saved,
)
from tests.instances import often, random_quadratic, seeds

betas = st.floats(0, 0.95)


# The methods ------------------------------------------------------------------------------------------


@given(seed=seeds, beta=betas, share=st.floats(0, 1.5))
@often
def test_the_heavy_ball_is_the_velocity_form_of_pytorch(seed, beta, share):
    p, x0, _ = random_quadratic(seed)
    alpha = share / p.L
    path = heavy_ball(p.grad, x0, alpha, beta, 25)
    x, v = x0, np.zeros_like(x0)
    for row in path[1:]:
        v = beta * v + p.grad(x)
        x = x - alpha * v
        np.testing.assert_allclose(row, x, atol=1e-11 * (1 + np.abs(path).max()))


@given(seed=seeds, beta=betas, share=st.floats(0, 1.5))
@often
def test_a_path_is_its_steps_one_by_one(seed, beta, share):
    p, x0, _ = random_quadratic(seed)
    alpha = share / p.L
    path = heavy_ball(p.grad, x0, alpha, beta, 12)
    before, x = x0, x0
    for row in path[1:]:
        before, x = x, heavy_ball_step(x, before, p.grad(x), alpha, beta)
        np.testing.assert_array_equal(row, x)


@given(seed=seeds, share=st.floats(0, 2.2))
@often
def test_without_momentum_both_are_gradient_descent(seed, share):
    p, x0, _ = random_quadratic(seed)
    plain = gradient_descent(p.grad, x0, share / p.L, 20)
    for method in (heavy_ball, nesterov):
        np.testing.assert_allclose(method(p.grad, x0, share / p.L, 0.0, 20), plain, rtol=1e-12)


@pytest.mark.parametrize("method", [heavy_ball, nesterov])
def test_the_first_step_is_one_of_gradient_descent(method):
    p = problems.cost_surface()
    path = method(p.grad, [1.0, 1.0], 0.1, 0.9, 1)
    np.testing.assert_allclose(path, [[1.0, 1.0], [1.6, 0.4]])


@given(beta=betas, alpha=st.floats(0.01, 2.0), lam=st.floats(0.1, 2.0))
@often
def test_on_a_parabola_scipy_filters_the_same_sequences(beta, alpha, lam):
    p, n = problems.parabola(lam), 30
    c = 1 - alpha * lam
    for method, trace, determinant in (
        (heavy_ball, c + beta, beta),
        (nesterov, (1 + beta) * c, beta * c),
    ):
        # x[k + 1] = trace x[k] - determinant x[k - 1] from x[-1] = x[0] = 1, as a filter without input
        start = signal.lfiltic([1.0], [1.0, -trace, determinant], y=[1.0, 1.0])
        expected = signal.lfilter([1.0], [1.0, -trace, determinant], np.zeros(n), zi=start)[0]
        path = method(p.grad, [1.0], alpha, beta, n)[1:, 0]
        np.testing.assert_allclose(path, expected, atol=1e-9 * (1 + np.abs(expected).max()))


@pytest.mark.parametrize("method", [heavy_ball, nesterov])
def test_starts_steps_and_momenta_broadcast_to_one_run_each(method):
    p = problems.quadratic([[3.0, 1.0], [1.0, 2.0]], [1.0, -1.0])
    starts, alphas = np.array([[[1.0, 2.0]], [[3, -1]]]), np.array([0.1, 0.3, 90.0])
    together = method(p.grad, starts, alphas, [[0.2], [0.9]], 300)  # the last diverges, in silence
    assert together.shape == (301, 2, 3, 2)
    momenta = np.array([[0.2], [0.9]]) + np.zeros(3)
    for i, j in np.ndindex(2, 3):
        alone = method(p.grad, starts[i, 0], alphas[j], momenta[i, j], 300)
        np.testing.assert_allclose(together[:, i, j], alone, rtol=1e-9, atol=1e-13)
    assert not np.isfinite(together[-1, :, 2]).any()
    assert momentum_path(starts[:, 0], 0.1, [0.1, 0.2], 4)[0].shape == (5, 2, 2)


def test_what_is_given_is_left_as_it_was_and_whole_numbers_are_not_truncated():
    x0, previous, g = np.array([5, 3]), np.array([4, 4]), np.array([1, 2])
    step = heavy_ball_step(x0, previous, g, 0.25, 0.5)
    np.testing.assert_array_equal(step, [5.25, 2.0])
    for path in (step, *(method(lambda x: 0.3 * x, x0, 0.1, 0.5, 3) for method in (heavy_ball, nesterov))):
        path[...] = 0
    np.testing.assert_array_equal((x0, previous, g), ([5, 3], [4, 4], [1, 2]))


# Published behaviour ----------------------------------------------------------------------------------

CYCLE = [2.115918, 0.646531, -1.802449]


def test_the_heavy_ball_cycles_on_the_published_function():
    p = problems.three_parabolas()
    alpha, beta = optimal_heavy_ball(p.L, p.mu)
    assert (alpha, beta) == (pytest.approx(1 / 9), pytest.approx(4 / 9))
    path = heavy_ball(p.grad, [3.3], alpha, beta, 300)[:, 0]
    last = path[-3:]
    np.testing.assert_allclose(np.sort(last), np.sort(CYCLE), atol=5e-7)
    np.testing.assert_allclose(path[-30:-3], path[-27:], atol=1e-12)
    turned = np.roll(last, -int(np.argmax(last)))
    np.testing.assert_allclose(turned, CYCLE, atol=5e-7)  # in this order


def test_the_cycle_solves_its_three_equations_in_fractions():
    # x' = (1 + b) x - b x_before - a f'(x), once on each of the three pieces it visits
    a, b = Fraction(1, 9), Fraction(4, 9)
    # unknown p > 2, then q < 1, then r < 1, then p again
    rows = [
        ([1 + b - 25 * a, -1, -b], -24 * a),  # q from p (slope 25 p - 24) and r
        ([-b, 1 + b - 25 * a, -1], 0),  # r from q (slope 25 q) and p
        ([-1, -b, 1 + b - 25 * a], 0),  # p from r (slope 25 r) and q
    ]
    A, right = np.array([row for row, _ in rows], dtype=float), np.array([float(v) for _, v in rows])
    np.testing.assert_allclose(np.linalg.solve(A, right), CYCLE, atol=5e-7)


def test_from_3_it_converges_and_the_other_methods_always_do():
    p = problems.three_parabolas()
    alpha, beta = optimal_heavy_ball(p.L, p.mu)
    assert abs(heavy_ball(p.grad, [3.0], alpha, beta, 300)[-1, 0]) < 1e-12
    starts = np.linspace(-3, 5, 81)[:, None]
    assert np.abs(gradient_descent(p.grad, starts, optimal_step(p.L, p.mu), 600)[-1]).max() < 1e-9
    assert np.abs(nesterov(p.grad, starts, *nesterov_settings(p.L, p.mu), 300)[-1]).max() < 1e-9


def test_no_method_of_this_kind_sees_further_than_its_steps():
    # Nesterov's worst function: tridiagonal, with the minimiser q^i in endless dimensions
    kappa, d, t = 100.0, 200, 30
    A = (kappa - 1) / 4 * (2 * np.eye(d) - np.eye(d, k=1) - np.eye(d, k=-1)) + np.eye(d)
    b = np.zeros(d)
    b[0] = (kappa - 1) / 4
    q = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    assert q == pytest.approx(0.818182, abs=5e-7)
    assert q**2 == pytest.approx(0.669421, abs=5e-7)
    p = problems.quadratic(A, b)
    np.testing.assert_allclose(p.minimiser[:20], q ** np.arange(1, 21), rtol=1e-9)
    for path in (
        heavy_ball(p.grad, np.zeros(d), *optimal_heavy_ball(kappa, 1.0), t),
        nesterov(p.grad, np.zeros(d), *nesterov_settings(kappa, 1.0), t),
    ):
        assert (path[-1, t:] == 0).all()
        left = np.linalg.norm(path[-1] - p.minimiser) / np.linalg.norm(p.minimiser)
        assert left >= q**t * (1 - 1e-9)


# Bad input --------------------------------------------------------------------------------------------


def grad(x):
    return x


BAD = [
    (lambda: heavy_ball_step([1.0], [1.0], [1.0], -0.1, 0.5), "alpha must be finite and >= 0, got -0.1"),
    (lambda: heavy_ball_step([1.0], [1.0], [1.0], 0.1, np.nan), "beta must be finite and >= 0, got nan"),
    (lambda: heavy_ball_step([1.0, 2], [1.0] * 3, [1.0, 2], 0.1, 0.5), "x and x_previous and g and"),
    (lambda: heavy_ball_step(1.0, [1.0], [1.0], 0.1, 0.5), r"x must have shape \(..., d\)"),
    (lambda: heavy_ball(grad, [1.0], 0.1, -0.5, 3), "beta must be finite and >= 0, got -0.5"),
    (
        lambda: heavy_ball(grad, [1.0], [0.1] * 2, [0.5] * 3, 3),
        r"alpha and beta must broadcast .* alpha \(2,\)",
    ),
    (lambda: nesterov(grad, [1.0], 0.1, np.inf, 3), "beta must be finite and >= 0, got inf"),
    (lambda: nesterov(grad, [1.0], 0.1, 0.5, -3), "n_steps must be a whole number >= 0, got -3"),
    (lambda: nesterov(grad, np.ones((2, 1)), 0.1, [0.5] * 3, 3), r"x0 and alpha must broadcast"),
    (lambda: momentum_matrix(-1.0, 0.5, 1.0), "alpha must be finite and >= 0, got -1"),
    (lambda: momentum_matrix(1.0, -0.5, 1.0), "beta must be finite and >= 0, got -0.5"),
    (lambda: momentum_matrix(1.0, 0.5, np.inf), "lam must be finite, got inf"),
    (lambda: nesterov_matrix([1.0] * 2, 0.5, [1.0] * 3), "alpha and beta and lam must broadcast"),
    (lambda: spectral_radius(np.ones((2, 3))), r"M must have shape \(..., d, d\), got shape \(2, 3\)"),
    (lambda: spectral_radius([[np.nan]]), "M must be finite, got nan"),
    (lambda: momentum_regime(0.1, 0.5, 0.0), "lam must be a number > 0, got 0.0"),
    (lambda: momentum_regime([0.1], 0.5, 1.0), "alpha must be a number >= 0"),
    (lambda: critical_damping(-0.1, 1.0), "alpha must be finite and >= 0, got -0.1"),
    (lambda: critical_damping(0.1, -1.0), "lam must be finite and >= 0, got -1.0"),
    (lambda: critical_damping([0.1] * 2, [1.0] * 3), "alpha and lam must broadcast"),
    (lambda: optimal_heavy_ball(1.0, 2.0), "mu must be > 0 and <= L, got mu = 2.0 with L = 1.0"),
    (lambda: optimal_heavy_ball(1.0, 0.0), "mu must be > 0 and <= L, got mu = 0.0"),
    (lambda: nesterov_settings([1.0] * 2, [0.5] * 3), "L and mu must broadcast"),
    (lambda: steps_saved(0.5, 0.1), "kappa must be >= 1, got 0.5"),
    (lambda: steps_saved(4.0, 1.5), "eps must be > 0 and < 1, got 1.5"),
    (lambda: momentum_modes([[1.0, 2.0], [0.0, 1.0]], [1.0, 1.0], 0.1, 0.5, 2), "Q must be a symmetric"),
    (lambda: momentum_modes(np.eye(2), [1.0, 1.0], 0.1, -0.5, 2), "beta must be finite and >= 0"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
