"""Adam and its relatives do what the papers say: first steps, bounds, invariances, decay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import problems
from helpers.adam import (
    adam,
    adamw,
    adamw_step,
    amsgrad,
    bias_correction,
    effective_hessian,
    moments,
    rmsprop,
    uncorrected_adam,
    update_moments,
)
from helpers.descent import gradient_descent
from tests.instances import often, seeds

betas = st.floats(0, 0.999)


def valley(seed, kappa=20.0):
    """A quadratic of two to six dimensions, a start, and a generator for more."""
    rng = np.random.default_rng(seed)
    d = int(rng.integers(2, 7))
    p = problems.quadratic_with_spectrum(np.geomspace(1, kappa, d), rng=rng, minimiser=rng.standard_normal(d))
    return p, p.minimiser + rng.standard_normal(d), rng


# The moments ---------------------------------------------------------------------------------------------


@given(seed=seeds, beta1=betas, beta2=betas)
@often
def test_the_moments_are_weighted_sums_of_all_gradients_so_far(seed, beta1, beta2):
    g = np.random.default_rng(seed).standard_normal((9, 2, 3))
    m, v = moments(g, beta1, beta2)
    for t in range(1, 10):
        ages = np.arange(t)[::-1, None, None]
        np.testing.assert_allclose(m[t - 1], np.sum((1 - beta1) * beta1**ages * g[:t], axis=0), atol=1e-13)
        np.testing.assert_allclose(
            v[t - 1], np.sum((1 - beta2) * beta2**ages * g[:t] ** 2, axis=0), atol=1e-13
        )


@given(g=st.floats(-1e6, 1e6), beta=betas, t=st.integers(1, 200))
@often
def test_corrected_moments_of_a_constant_gradient_are_the_gradient_and_its_square(g, beta, t):
    m, v = moments(np.full((t, 1), g), beta, beta)
    tiny = 1e-300  # below it numbers lose digits one by one
    np.testing.assert_allclose(bias_correction(m[-1], beta, t), g, rtol=1e-9, atol=tiny)
    np.testing.assert_allclose(bias_correction(v[-1], beta, t), g * g, rtol=1e-9, atol=tiny)


def test_the_corrected_average_of_noise_is_unbiased_and_the_uncorrected_one_is_not():
    g = 3 + np.random.default_rng(0).standard_normal((4, 200_000, 1))
    m, _ = moments(g, 0.9, 0.999)
    deviation = np.std(m[-1]) / np.sqrt(200_000)
    assert abs(bias_correction(m[-1], 0.9, 4).mean() - 3) < 6 * deviation / (1 - 0.9**4)
    assert m[-1].mean() == pytest.approx(3 * (1 - 0.9**4), abs=6 * deviation)


@given(seed=seeds)
@often
def test_bias_correction_of_many_times_at_once_is_one_by_one(seed):
    moment, t = np.random.default_rng(seed).standard_normal((5, 3)), np.arange(1, 6)[:, None]
    together = bias_correction(moment, 0.9, t)
    np.testing.assert_array_equal(together, [bias_correction(moment[k], 0.9, k + 1) for k in range(5)])


# The step ------------------------------------------------------------------------------------------------


@given(seed=seeds, alpha=st.floats(1e-3, 1.0), beta1=betas, beta2=betas)
@often
def test_the_first_step_is_alpha_times_the_sign_of_the_gradient(seed, alpha, beta1, beta2):
    p, x0, _ = valley(seed)
    first = adam(p.grad, x0, alpha, beta1, beta2, 0.0, 1)
    np.testing.assert_allclose(first[1] - first[0], -alpha * np.sign(p.grad(x0)), rtol=1e-9)


@given(seed=seeds, beta1=betas, beta2=betas)
@often
def test_without_correction_the_first_step_has_another_length(seed, beta1, beta2):
    p, x0, _ = valley(seed)
    first = uncorrected_adam(lambda x, t: p.grad(x), x0, 0.5, beta1, beta2, 0.0, 1)
    factor = (1 - beta1) / np.sqrt(1 - beta2)
    np.testing.assert_allclose(first[1] - first[0], -0.5 * factor * np.sign(p.grad(x0)), rtol=1e-9)


def test_with_the_defaults_the_uncorrected_first_step_is_3_1622777_times_as_long():
    one = adam(lambda x: x, [5.0], 0.001, 0.9, 0.999, 0.0, 1)
    other = uncorrected_adam(lambda x, t: x, [5.0], 0.001, 0.9, 0.999, 0.0, 1)
    ratio = (other[1] - other[0]) / (one[1] - one[0])
    assert ratio == pytest.approx(3.1622777, abs=5e-8)
    assert ratio == pytest.approx(np.sqrt(10), rel=1e-11)  # 0.1 / sqrt(0.001)


@given(seed=seeds, beta1=st.floats(0, 0.95), beta2=st.floats(0.95, 0.999))
@often
def test_no_step_is_longer_than_the_bound_of_cauchy_and_schwarz(seed, beta1, beta2):
    g = np.random.default_rng(seed).standard_cauchy((60, 4))
    m, v = moments(g, beta1, beta2)
    bound = (1 - beta1) / np.sqrt((1 - beta2) * (1 - beta1**2 / beta2))
    assert np.max(np.abs(m) / np.sqrt(v)) <= bound * (1 + 1e-12)


@given(seed=seeds, scale=st.floats(1e-6, 1e6))
@often
def test_a_landscape_of_another_height_is_walked_in_the_same_steps(seed, scale):
    p, x0, _ = valley(seed)
    one = adam(p.grad, x0, 0.1, 0.9, 0.999, 0.0, 15)
    np.testing.assert_allclose(
        adam(lambda x: scale * p.grad(x), x0, 0.1, 0.9, 0.999, 0.0, 15), one, rtol=1e-7
    )


@given(seed=seeds)
@often
def test_every_coordinate_of_the_gradient_may_have_a_unit_of_its_own(seed):
    p, x0, rng = valley(seed)
    s = 10 ** rng.uniform(-2, 2, p.dim)
    one = adam(p.grad, x0, 0.1, 0.9, 0.99, 0.0, 12)
    np.testing.assert_allclose(
        adam(lambda x: s * p.grad(x), x0, 0.1, 0.9, 0.99, 0.0, 12), one, rtol=1e-7, atol=1e-9
    )


@given(seed=seeds)
@often
def test_swapping_and_mirroring_axes_swaps_and_mirrors_the_walk(seed):
    p, x0, rng = valley(seed)
    P = np.eye(p.dim)[rng.permutation(p.dim)] * rng.choice([-1.0, 1.0], p.dim)
    turned = adam(lambda u: p.grad(u @ P) @ P.T, x0 @ P.T, 0.1, 0.9, 0.999, 1e-8, 15)
    np.testing.assert_allclose(
        turned, adam(p.grad, x0, 0.1, 0.9, 0.999, 1e-8, 15) @ P.T, rtol=1e-6, atol=1e-8
    )


def test_turning_the_landscape_changes_the_walk_of_adam_and_not_that_of_gradient_descent():
    straight = problems.quadratic_with_spectrum([1.0, 25.0])
    turned = problems.quadratic_with_spectrum([1.0, 25.0], angle=np.pi / 4)
    heights = {
        name: [p.f(run(p))[-1] for p in (straight, turned)]
        for name, run in {
            "adam": lambda p: adam(p.grad, p.x0, 0.1, 0.9, 0.999, 1e-8, 40),
            "gradient descent": lambda p: gradient_descent(p.grad, p.x0, 0.07, 40),
        }.items()
    }
    assert heights["gradient descent"][0] == pytest.approx(heights["gradient descent"][1], rel=1e-9)
    assert abs(np.log(heights["adam"][0] / heights["adam"][1])) > 0.5


@given(seed=seeds)
@often
def test_a_large_eps_makes_gradient_descent_of_it(seed):
    p, x0, _ = valley(seed)
    large = 1e9
    path = adam(p.grad, x0, 0.05 * large, 0.0, 0.9, large, 20)
    np.testing.assert_allclose(path, gradient_descent(p.grad, x0, 0.05, 20), rtol=1e-5, atol=1e-6)


@given(seed=seeds, beta=betas)
@often
def test_rmsprop_is_uncorrected_adam_without_a_first_moment(seed, beta):
    p, x0, _ = valley(seed)
    np.testing.assert_allclose(
        rmsprop(p.grad, x0, 0.05, beta, 1e-6, 20),
        uncorrected_adam(lambda x, t: p.grad(x), x0, 0.05, 0.0, beta, 1e-6, 20),
        rtol=1e-9,
        atol=1e-12,
    )


def test_a_coordinate_without_gradient_stays_and_with_eps_0_is_nan():
    def grad(x):
        return x * [1.0, 0.0]

    assert (adam(grad, [1.0, 2.0], 0.1, 0.9, 0.999, 1e-8, 5)[:, 1] == 2).all()
    assert np.isnan(adam(grad, [1.0, 2.0], 0.1, 0.9, 0.999, 0.0, 5)[1:, 1]).all()


def test_adam_rests_at_a_minimiser_and_circles_around_it_elsewhere():
    bowl = problems.quadratic([[2.0, 0.0], [0.0, 8.0]], [2.0, 8.0])  # lowest at (1, 1), exactly
    np.testing.assert_array_equal(adam(bowl.grad, [1.0, 1.0], 0.5, 0.9, 0.999, 1e-8, 9), np.ones((10, 2)))
    late = adam(bowl.grad, [3.0, 2.0], 0.5, 0.9, 0.9, 1e-8, 400)[300:]
    distance = np.linalg.norm(late - 1, axis=1)
    assert 1e-3 < distance.max() < 1  # a constant step never settles, and stays within a step or so


# Weight decay --------------------------------------------------------------------------------------------


def test_adamw_shrinks_a_weight_to_0_999_where_a_penalty_in_the_gradient_gives_0_990():
    decayed = adamw(lambda x: 0 * x, [1.0], 0.01, 0.9, 0.999, 1e-8, 0.1, 1)[-1, 0]
    penalised = adam(lambda x: 0 * x + 0.1 * x, [1.0], 0.01, 0.9, 0.999, 1e-8, 1)[-1, 0]
    assert decayed == pytest.approx(0.999, abs=1e-12)
    assert penalised == pytest.approx(0.990, abs=1e-8)


@given(seed=seeds)
@often
def test_adamw_without_decay_is_adam(seed):
    p, x0, _ = valley(seed)
    decayed = adamw(p.grad, x0, 0.1, 0.9, 0.999, 1e-8, 0.0, 12)
    np.testing.assert_allclose(decayed, adam(p.grad, x0, 0.1, 0.9, 0.999, 1e-8, 12), rtol=1e-9, atol=1e-11)


@given(seed=seeds, decay=st.floats(0, 1))
@often
def test_the_path_of_adamw_is_made_of_its_steps(seed, decay):
    p, x0, _ = valley(seed)
    path = adamw(p.grad, x0, 0.1, 0.8, 0.95, 1e-6, decay, 8)
    m, v = moments(p.grad(path[:-1]), 0.8, 0.95)
    for k in range(8):
        m_hat, v_hat = bias_correction(m[k], 0.8, k + 1), bias_correction(v[k], 0.95, k + 1)
        np.testing.assert_allclose(
            adamw_step(path[k], m_hat, v_hat, 0.1, 1e-6, decay), path[k + 1], rtol=1e-9, atol=1e-12
        )


# The effective Hessian -----------------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_the_step_of_adam_is_the_gradient_over_the_effective_hessian(seed):
    p, x0, _ = valley(seed)
    path = adam(p.grad, x0, 0.1, 0.9, 0.999, 1e-8, 10)
    g = p.grad(path[:-1])
    m, v = moments(g, 0.9, 0.999)
    t = np.arange(1, 11)[:, None]
    H = effective_hessian(bias_correction(m, 0.9, t), bias_correction(v, 0.999, t), g, 1e-8)
    np.testing.assert_allclose(path[:-1] - 0.1 * g / H, path[1:], rtol=1e-9, atol=1e-10)


def test_at_the_first_step_the_effective_hessian_is_the_size_of_the_gradient():
    g = np.array([3.0, -0.25])
    np.testing.assert_array_equal(effective_hessian(g, g**2, g, 0.0), np.abs(g))


def test_where_errors_are_as_large_in_every_coordinate_root_v_is_the_diagonal_of_the_curvature():
    lam = np.array([1.0, 5.0, 20.0])
    x = np.random.default_rng(0).standard_normal((20_000, 3))
    _, v = moments(lam * x, 0.9, 0.9999)
    root = np.sqrt(bias_correction(v[-1], 0.9999, 20_000))
    np.testing.assert_allclose(root / lam, 1, rtol=0.05)


# Bad input -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: adam(np.array, [1.0], 0.1, 1.0, 0.9, 1e-8, 1),
            "beta1 must be a number >= 0 and < 1, got 1.0",
        ),
        (
            lambda: adam(np.array, [1.0], 0.1, 0.9, -0.1, 1e-8, 1),
            "beta2 must be a number >= 0 and < 1, got -0.1",
        ),
        (lambda: adam(np.array, [1.0], 0.1, 0.9, 0.9, -1.0, 1), "eps must be a number >= 0, got -1.0"),
        (lambda: rmsprop(np.array, [1.0], 0.1, 1.5, 1e-8, 1), "beta must be a number >= 0 and < 1, got 1.5"),
        (
            lambda: adamw(np.array, [1.0], 0.1, 0.9, 0.9, 1e-8, -1, 1),
            "weight_decay must be a number >= 0, got -1",
        ),
        (lambda: adamw_step([1.0], [1.0], [1.0], -0.1, 0, 0), "alpha must be a number >= 0, got -0.1"),
        (lambda: adamw_step([1.0, 2.0], [1.0] * 3, [1.0], 0.1, 0, 0), "x and m_hat and v_hat must broadcast"),
        (lambda: update_moments([1.0, 2.0], [1.0], [1.0] * 3, 0.1, 0.1), "m and v and g must broadcast"),
        (lambda: effective_hessian([1.0], [1.0], [1.0], np.nan), "eps must be a number >= 0, got nan"),
        (lambda: bias_correction([1.0], 0.9, 0), "t must be a whole number >= 1, got 0.0"),
        (lambda: bias_correction([1.0], 0.9, 1.5), "t must be a whole number >= 1, got 1.5"),
        (lambda: amsgrad(np.array, [1.0], 0.1, 0.9, 0.9, 0, 1, (1, -1)), "bounds must be"),
        (lambda: uncorrected_adam(np.array, [1.0], 0.1, 0.9, 0.9, 0, 1, 3), "bounds must be"),
    ],
)
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(")):
        call()
