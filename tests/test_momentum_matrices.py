"""Momentum does what its matrices say: powers, eigenvalues, regimes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg

from helpers import problems
from helpers.momentum import (
    heavy_ball,
    heavy_ball_step,
    momentum_matrix,
    momentum_modes,
    momentum_rate,
    momentum_regime,
    nesterov_matrix,
    spectral_radius,
)
from tests.instances import often, random_quadratic, seeds

betas = st.floats(0, 0.95)


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
