"""No settings of momentum are better than the best ones, and they save what is published."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from helpers import problems
from helpers.conditioning import steps_to_tolerance
from helpers.momentum import (
    critical_damping,
    heavy_ball,
    momentum_rate,
    nesterov,
    nesterov_matrix,
    nesterov_settings,
    optimal_heavy_ball,
    spectral_radius,
    steps_saved,
)
from tests.instances import often


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
