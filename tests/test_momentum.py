"""Momentum does what its matrices say: closed forms, published numbers, SciPy and another way to write it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg, optimize, signal

from helpers import problems
from helpers.conditioning import optimal_step, steps_to_tolerance
from helpers.descent import gradient_descent
from helpers.momentum import (
    critical_damping,
    heavy_ball,
    heavy_ball_step,
    momentum_matrix,
    momentum_modes,
    momentum_path,
    momentum_rate,
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


# Matrices and rates -----------------------------------------------------------------------------------


@given(seed=seeds, beta=betas, share=st.floats(0, 3.5), n_steps=st.integers(0, 25))
@often
def test_powers_of_the_matrix_are_the_path_along_the_eigenvectors(seed, beta, share, n_steps):
    p, x0, _ = random_quadratic(seed)
    Q, alpha = p.hess(x0), share / p.L
    modes = momentum_modes(Q, x0, alpha, beta, n_steps)
    lam, V = linalg.eigh(Q)
    path = heavy_ball(problems.quadratic(Q).grad, x0, alpha, beta, n_steps)
    size = np.abs(modes).max()
    np.testing.assert_allclose(np.abs(modes), np.abs(path @ V), rtol=0, atol=1e-10 * size)
    for i, value in enumerate(lam):
        M = np.linalg.matrix_power(momentum_matrix(alpha, beta, value), n_steps)
        assert modes[-1, i] == pytest.approx((M @ modes[0, [i, i]])[0], abs=1e-10 * size)


def test_modes_of_many_starts_and_settings_are_those_of_each():
    Q, starts = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([[[1.0, 2.0]], [[3, -1]]])
    alphas, momenta = np.array([0.1, 0.5, 60.0]), np.array([0.0, 0.5, 0.9])
    together = momentum_modes(Q, starts, alphas, momenta, 300)
    assert together.shape == (301, 2, 3, 2)
    for i, j in np.ndindex(2, 3):
        alone = momentum_modes(Q, starts[i, 0], alphas[j], momenta[j], 300)
        np.testing.assert_allclose(together[:, i, j], alone, rtol=1e-9)


@given(alpha=st.floats(0, 3), beta=betas, lam=st.floats(0, 3), seed=seeds)
@often
def test_the_matrices_move_the_state_by_one_step(alpha, beta, lam, seed):
    now, before = np.random.default_rng(seed).standard_normal(2)
    size = 1e-12 * (1 + alpha * lam) * (abs(now) + abs(before))
    step = heavy_ball_step([now], [before], [lam * now], alpha, beta)[0]
    np.testing.assert_allclose(momentum_matrix(alpha, beta, lam) @ [now, before], [step, now], atol=size)
    y = now + beta * (now - before)
    step = y - alpha * lam * y
    np.testing.assert_allclose(nesterov_matrix(alpha, beta, lam) @ [now, before], [step, now], atol=size)


@given(seed=seeds, d=st.integers(1, 6))
@often
def test_the_spectral_radius_is_that_of_scipy_and_the_growth_of_powers(seed, d):
    stack = np.random.default_rng(seed).standard_normal((3, d, d))
    radii = spectral_radius(stack)
    assert radii.shape == (3,)
    for M, radius in zip(stack, radii, strict=True):
        assert radius == pytest.approx(np.abs(linalg.eigvals(M)).max(), rel=1e-9)
        power = np.linalg.matrix_power(M / radius, 64)  # Gelfand: |M^k|^(1/k) comes down to the radius
        assert 1 - 1e-9 <= np.linalg.norm(power, 2) ** (1 / 64) < 2


def test_complex_eigenvalues_count_with_their_absolute_value():
    assert spectral_radius([[0.0, -2.0], [2.0, 0.0]]) == pytest.approx(2.0)
    assert spectral_radius([[3.0, -4.0], [4.0, 3.0]]) == pytest.approx(5.0)
    assert spectral_radius([[-7.0]]) == 7.0


def test_it_is_stable_exactly_for_alpha_lam_between_0_and_2_plus_2_beta():
    step, beta = np.meshgrid(np.linspace(0.003, 4.5, 97), np.linspace(0, 0.998, 53))
    apart = np.abs(step - 2 - 2 * beta) > 1e-3
    radius = momentum_rate(step / 7.0, beta, 7.0)
    np.testing.assert_array_equal((radius < 1)[apart], (step < 2 + 2 * beta)[apart])
    assert momentum_rate(0.0, 0.5, 1.0) == pytest.approx(1.0)
    assert (momentum_rate(np.linspace(0.01, 3.9, 50), 1.0, 1.0) >= 1 - 1e-9).all()
    assert (momentum_rate(np.linspace(0.01, 3.9, 50), 1.2, 1.0) > 1).all()


@given(step=st.floats(0.01, 4.2), beta=st.floats(0, 1.1), lam=st.floats(0.1, 5))
@often
def test_the_regime_tells_what_the_eigenvalues_are(step, beta, lam):
    alpha = step / lam
    values = np.linalg.eigvals(momentum_matrix(alpha, beta, lam))
    largest = values[np.argmax(np.abs(values))]
    regime = momentum_regime(alpha, beta, lam)
    radius = np.abs(largest)
    if abs(radius - 1) > 1e-6:
        assert (regime == "diverges") == (radius > 1)
    if regime == "under-damped":
        assert radius == pytest.approx(np.sqrt(beta), rel=1e-6)
        assert np.iscomplexobj(values)
    if regime in ("over-damped", "alternates"):
        assert np.isrealobj(values)
        assert (largest.real > 0) == (regime == "over-damped")


def test_the_ties_have_their_regimes():
    assert momentum_regime(1.0, 0.0, 1.0) == "critical"  # one step arrives
    assert momentum_regime(0.5, 0.25, 0.5) == "critical"
    assert momentum_regime(2.0, 0.0, 1.0) == momentum_regime(3.0, 0.5, 1.0) == "no decay"
    assert momentum_regime(0.0, 0.5, 1.0) == momentum_regime(0.5, 1.0, 1.0) == "no decay"
    assert momentum_regime(2.0000001, 0.0, 1.0) == momentum_regime(0.5, 1.0000001, 1.0) == "diverges"
    at_the_edge = [(2.0, 0.0), (3.0, 0.5), (0.0, 0.5), (0.5, 1.0)]
    np.testing.assert_allclose([momentum_rate(a, b, 1.0) for a, b in at_the_edge], 1.0, rtol=1e-12)


@given(step=st.floats(0.02, 3.6), lam=st.floats(0.1, 10))
@often
def test_critical_damping_is_where_scipy_finds_the_smallest_radius(step, lam):
    alpha = step / lam
    beta = critical_damping(alpha, lam)
    assert momentum_rate(alpha, beta, lam) == pytest.approx(np.sqrt(beta), abs=1e-6)
    found = optimize.minimize_scalar(
        lambda b: momentum_rate(alpha, b, lam), bounds=(0, 1), method="bounded", options={"xatol": 1e-10}
    )
    assert momentum_rate(alpha, beta, lam) <= found.fun + 1e-6
    assert found.x == pytest.approx(beta, abs=1e-4)


@given(share=st.floats(0.05, 0.95), lam=st.floats(0.5, 5), extra=st.floats(0.02, 0.9))
@often
def test_below_critical_damping_nothing_overshoots_and_above_it_something_does(share, lam, extra):
    alpha = share / lam
    beta = critical_damping(alpha, lam)
    p = problems.parabola(lam)
    assert (heavy_ball(p.grad, [1.0], alpha, beta * (1 - extra), 200) > -1e-12).all()
    assert (heavy_ball(p.grad, [1.0], alpha, beta, 200) > -1e-12).all()
    more = beta + extra * (1 - beta)
    turn = np.arccos((1 + more - share) / (2 * np.sqrt(more)))  # angle of the complex pair
    assert (heavy_ball(p.grad, [1.0], alpha, more, int(2 * np.pi / turn) + 2) < 0).any()


def test_kappa_100_has_the_published_settings_and_rate():
    alpha, beta = optimal_heavy_ball(100.0, 1.0)
    assert alpha == pytest.approx(0.0330579, abs=5e-8)
    assert beta == pytest.approx(0.6694215, abs=5e-8)
    np.testing.assert_allclose(momentum_rate(alpha, beta, np.linspace(1, 100, 12)), 0.8181818, atol=5e-7)


@given(L=st.floats(0.1, 1e3), kappa=st.floats(1.5, 1e3))
@often
def test_no_pair_of_settings_beats_the_optimal_one(L, kappa):
    mu = L / kappa
    alpha, beta = optimal_heavy_ball(L, mu)
    best = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    assert np.sqrt(beta) == pytest.approx(best, abs=1e-12)
    assert critical_damping(alpha, L) == pytest.approx(beta, abs=1e-9)  # both ends are critically damped
    assert critical_damping(alpha, mu) == pytest.approx(beta, abs=1e-9)
    tried = alpha * np.geomspace(0.2, 3, 41)[:, None, None], np.linspace(0, 0.999, 61)[:, None]
    worst = momentum_rate(*tried, np.array([mu, L])).max(axis=-1)
    assert worst.min() >= best - 1e-6


@given(L=st.floats(0.1, 1e3), kappa=st.floats(1.0, 1e3))
@often
def test_nesterov_leaves_one_minus_one_over_root_kappa(L, kappa):
    alpha, beta = nesterov_settings(L, L / kappa)
    radii = spectral_radius(nesterov_matrix(alpha, beta, np.linspace(L / kappa, L, 9)))
    assert radii.max() == pytest.approx(1 - 1 / np.sqrt(kappa), abs=1e-6)


@pytest.mark.parametrize("name", ["three parabolas", "logistic", "turned valley"])
def test_nesterov_keeps_its_promise_on_functions_that_are_no_quadratics(name):
    X = np.random.default_rng(1).standard_normal((12, 3))
    p = {
        "three parabolas": problems.three_parabolas,
        "logistic": lambda: problems.logistic(X, np.sign(X[:, 0] + 0.3), ridge=0.05),
        "turned valley": lambda: problems.quadratic_with_spectrum([1.0, 100.0], angle=0.5),
    }[name]()
    path = nesterov(p.grad, p.x0, *nesterov_settings(p.L, p.mu), 60)
    gap = p.f(path) - p.f(p.minimiser)
    bound = (1 - np.sqrt(p.mu / p.L)) ** np.arange(61) * (
        gap[0] + p.mu / 2 * np.sum((p.x0 - p.minimiser) ** 2)
    )  # Nesterov 2004, theorem 2.2.3
    assert (gap <= bound + 1e-12).all()


def test_a_run_at_the_optimum_gains_a_power_of_the_rate_apart_from_a_linear_factor():
    alpha, beta = optimal_heavy_ball(100.0, 1.0)
    p = problems.quadratic_with_spectrum([1.0, 30.0, 100.0], angle=0.0)
    k = np.arange(1, 201)
    distance = np.linalg.norm(heavy_ball(p.grad, np.ones(3), alpha, beta, 200), axis=-1)[1:]
    assert (distance <= 8 * (k + 1) * np.sqrt(beta) ** k).all()
    assert distance[-1] >= np.sqrt(beta) ** 200


def smallest_k(rate, eps):
    k, left = 1, rate
    while left > eps:
        k, left = k + 1, left * rate
    return k


@given(root=st.integers(1, 12), eps=st.floats(1e-6, 0.9))
@often
def test_steps_saved_is_the_quotient_of_two_counts_in_fractions(root, eps):
    eps, kappa = round(eps, 6), root**2
    plain = smallest_k(Fraction(kappa - 1, kappa + 1), Fraction(eps))
    heavy = smallest_k(Fraction(root - 1, root + 1), Fraction(eps))
    assert steps_saved(kappa, eps) == plain / heavy


def test_steps_saved_tends_to_the_root_of_kappa():
    assert steps_saved(1.0, 1e-9) == 1.0
    assert steps_saved(1e8, 1e-6) == pytest.approx(1e4, rel=1e-4)
    assert steps_to_tolerance(100.0, 1e-6) == 691
    np.testing.assert_allclose(steps_saved([1.0, 100.0], 1e-6), [1.0, 691 / 69])


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


# The landscape ----------------------------------------------------------------------------------------


def test_the_three_parabolas_join_without_a_jump_and_keep_their_constants():
    p = problems.three_parabolas()
    x = np.linspace(-3, 5, 3201)[:, None]  # corners at grid points
    slope = p.grad(x)[:, 0]
    rise = np.diff(slope) / np.diff(x[:, 0])
    assert rise.min() == pytest.approx(p.mu, rel=1e-9)
    assert rise.max() == pytest.approx(p.L, rel=1e-9)
    trapezoid = np.concatenate([[0], np.cumsum((slope[1:] + slope[:-1]) / 2 * np.diff(x[:, 0]))])
    np.testing.assert_allclose(p.f(x) - p.f(x[0]), trapezoid, atol=1e-9)
    inside = np.array([[0.0], [1.5], [3.0]])
    np.testing.assert_array_equal(p.hess(inside)[:, 0, 0], [25.0, 1.0, 25.0])
    assert np.isnan(p.hess(np.array([np.nan]))).all()
    assert problems.build(p.description).name == p.name
    assert p.f(p.minimiser) == 0
    assert p.grad(p.minimiser) == 0


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
