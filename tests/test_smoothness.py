"""L is what the theory says, the majorizer keeps its promise, and without L the methods do what they must."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize, sparse
from scipy.special import expit
from sklearn.metrics import log_loss

from helpers import problems
from helpers.descent import gradient_descent
from helpers.smoothness import (
    empirical_smoothness,
    gradient_ratios,
    logistic_gradient,
    logistic_loss,
    logistic_smoothness,
    majorizer,
    quadratic_smoothness,
    subgradient_descent,
    two_cycle_amplitude,
)
from tests.instances import often, seeds


def data(seed, n=None, d=None, scale=1.0):
    """Examples (n, d), labels +1 and -1, weights (d,)."""
    rng = np.random.default_rng(seed)
    n, d = n or int(rng.integers(1, 20)), d or int(rng.integers(1, 6))
    return scale * rng.standard_normal((n, d)), rng.choice([-1.0, 1.0], n), rng.standard_normal(d)


@lru_cache
def smooth_problems():
    X, y, _ = data(3, 30, 3)
    return {
        "quadratic": problems.quadratic_with_spectrum([0.0, 1.0, 7.0], rng=np.random.default_rng(1)),
        "logistic": problems.logistic(X, y),
        "wavy": problems.wavy(),
        "breast cancer": problems.breast_cancer_logistic(),
        "residual norm without a solution": problems.residual_norm(
            [[3.0, 1.0], [1.0, 2.0], [0.0, 1.0]], [1.0, 0.0, 4.0]
        ),
    }


every_smooth_problem = pytest.mark.parametrize("name", smooth_problems())


# Where L comes from ------------------------------------------------------------------------------------


@given(seed=seeds, d=st.integers(1, 8))
@often
def test_the_smoothness_of_a_quadratic_is_the_largest_eigenvalue_as_arpack_finds_it(seed, d):
    half = np.random.default_rng(seed).standard_normal((d + 1, d + 1))
    Q = half @ half.T
    theirs = sparse.linalg.eigsh(Q, k=1, which="LA", return_eigenvectors=False, v0=half[0])[0]
    assert quadratic_smoothness((Q + Q.T) / 2) == pytest.approx(theirs, rel=1e-10)


def test_the_smoothness_of_a_quadratic_is_attained_along_its_eigenvector_and_nowhere_exceeded():
    p = problems.quadratic_with_spectrum([1.0, 4.0, 9.0], rng=np.random.default_rng(0))
    Q = p.hess(p.x0)
    steepest = np.linalg.eigh(Q)[1][:, -1]
    assert empirical_smoothness(p.grad, [p.x0, p.x0 + steepest]) == pytest.approx(9, rel=1e-12)
    cloud = np.random.default_rng(1).standard_normal((60, 3))
    assert 8 < empirical_smoothness(p.grad, cloud) <= quadratic_smoothness(Q) * (1 + 1e-12)


@given(seed=seeds)
@often
def test_logistic_loss_is_what_scikit_learn_calls_log_loss(seed):
    X, y, w = data(seed, n=12)
    theirs = log_loss(y, expit(X @ w), labels=[-1, 1])
    assert logistic_loss(w, X, y) == pytest.approx(theirs, rel=1e-9)


@given(seed=seeds)
@often
def test_logistic_gradient_is_the_slope_of_the_loss(seed):
    X, y, w = data(seed)
    slope = optimize.approx_fprime(w, lambda v: logistic_loss(v, X, y), 1e-7)
    np.testing.assert_allclose(logistic_gradient(w, X, y), slope, atol=1e-5 * (1 + np.abs(X).max() ** 2))


@given(seed=seeds)
@often
def test_loss_and_gradient_are_those_of_the_ready_made_problem_for_many_w_at_once(seed):
    X, y, _ = data(seed)
    p = problems.logistic(X, y)
    w = np.random.default_rng(seed).standard_normal((2, 3, X.shape[1]))
    np.testing.assert_allclose(logistic_loss(w, X, y), p.f(w), rtol=1e-12)
    np.testing.assert_allclose(logistic_gradient(w, X, y), p.grad(w), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("margin", [1e2, 1e4, 1e300])
def test_margins_of_any_size_neither_overflow_nor_warn(margin):
    X, y = [[margin], [margin]], [1, -1]
    assert logistic_loss([1.0], X, y) == pytest.approx(margin / 2, rel=1e-12)
    np.testing.assert_allclose(logistic_gradient([1.0], X, y), [margin / 2], rtol=1e-12)
    assert logistic_loss([1.0], X[:1], y[:1]) == pytest.approx(np.exp(-margin), abs=1e-300)


@given(seed=seeds)
@often
def test_logistic_smoothness_is_the_curvature_at_zero_to_the_last_digits(seed):
    X, y, w = data(seed)
    hess = problems.logistic(X, y).hess
    L = logistic_smoothness(X)
    assert np.linalg.eigvalsh(hess(np.zeros_like(w)))[-1] == pytest.approx(L, rel=1e-14)
    assert np.linalg.eigvalsh(hess(w))[-1] <= L * (1 + 1e-14)


def test_logistic_smoothness_holds_between_any_two_points_on_real_data():
    p = problems.breast_cancer_logistic()
    X = problems.regression.standardised("breast_cancer", 30)[0]
    L = logistic_smoothness(X)
    assert pytest.approx(L, rel=1e-12) == p.L
    rng = np.random.default_rng(0)
    for spread in (1e-3, 0.1, 1.0, 10.0):
        ratios = gradient_ratios(p.grad, spread * rng.standard_normal((60, 30)))
        assert ratios.max() <= L
    steepest = np.linalg.svd(X)[2][0]
    assert empirical_smoothness(p.grad, [1e-4 * steepest, -1e-4 * steepest]) == pytest.approx(L, rel=1e-5)


@given(seed=seeds)
@often
def test_gradient_ratios_are_those_of_two_loops(seed):
    rng = np.random.default_rng(seed)
    points = rng.integers(-2, 3, (6, 2)).astype(float)
    points[0] = 9.0  # two rows differ at least
    grad = problems.rosenbrock().grad
    expected = [
        np.hypot(*(grad(x) - grad(y))) / np.hypot(*(x - y))
        for i, x in enumerate(points)
        for y in points[i + 1 :]
        if (x != y).any()
    ]
    np.testing.assert_allclose(gradient_ratios(grad, points), expected, rtol=1e-12)
    assert empirical_smoothness(grad, points) == pytest.approx(max(expected), rel=1e-12)


# What L grants -----------------------------------------------------------------------------------------


@every_smooth_problem
@given(seed=seeds)
@often
def test_the_majorizer_touches_f_at_x_and_lies_above_it(name, seed):
    p = smooth_problems()[name]
    x, y = p.x0 + 2 * np.random.default_rng(seed).standard_normal((2, p.dim))
    assert majorizer(p.f, p.grad, x, p.L, x) == p.f(x)
    assert majorizer(p.f, p.grad, x, p.L, y) >= p.f(y) - 1e-12 * (1 + abs(p.f(y)))


@every_smooth_problem
def test_with_less_than_L_the_majorizer_dips_below_f_somewhere(name):
    p = smooth_problems()[name]
    steepest_at = {"wavy": np.array([-np.pi / 4]), "residual norm without a solution": p.minimiser}
    x = steepest_at.get(name, np.zeros(p.dim))
    top = np.linalg.eigh(p.hess(x))[1][:, -1]
    y = x + 1e-2 * top
    assert majorizer(p.f, p.grad, x, 0.95 * p.L, y) < p.f(y)


@every_smooth_problem
def test_the_minimiser_of_the_majorizer_is_a_gradient_step_of_one_over_L(name):
    p = smooth_problems()[name]
    step = p.x0 - p.grad(p.x0) / p.L
    found = optimize.minimize(lambda y: majorizer(p.f, p.grad, p.x0, p.L, y), p.x0, method="BFGS", tol=1e-10)
    np.testing.assert_allclose(found.x, step, atol=1e-5)
    lowest = majorizer(p.f, p.grad, p.x0, p.L, step)
    gain = np.sum(p.grad(p.x0) ** 2) / (2 * p.L)
    assert lowest == pytest.approx(p.f(p.x0) - gain, rel=1e-12, abs=1e-12)


@every_smooth_problem
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_every_step_below_two_over_L_goes_down_by_what_the_majorizer_promises(name, share):
    p = smooth_problems()[name]
    alpha = share * 2 / p.L
    path = gradient_descent(p.grad, p.x0 + 0.1, alpha, 60)
    fall = p.f(path[:-1]) - p.f(path[1:])
    promised = alpha * (1 - alpha * p.L / 2) * np.sum(p.grad(path[:-1]) ** 2, axis=-1)
    assert (fall >= promised - 1e-12 * (1 + np.abs(p.f(path[:-1])))).all()
    assert promised[0] > 0


# Where there is no L -----------------------------------------------------------------------------------


def test_the_slope_of_x_to_the_four_thirds_changes_faster_than_any_L():
    p = problems.four_thirds()
    for h in (1e-3, 1e-6, 1e-12):
        assert empirical_smoothness(p.grad, [[0.0], [h]]) == pytest.approx(4 / 3 * h ** (-2 / 3), rel=1e-12)


def test_the_two_cycle_has_the_published_amplitude():
    assert two_cycle_amplitude(0.1) == pytest.approx(0.0172133, abs=5e-8)


@given(alpha=st.floats(1e-3, 10), x0=st.floats(1e-3, 10), sign=st.sampled_from([-1, 1]))
@often
def test_every_step_size_ends_in_the_two_cycle(alpha, x0, sign):
    amplitude = two_cycle_amplitude(alpha)
    steps = int(x0 ** (2 / 3) * 9 / (8 * alpha)) + 100  # the gradient flow takes a time of 9/8 x0^(2/3)
    end = gradient_descent(problems.four_thirds().grad, [sign * x0], alpha, steps)[-2:, 0]
    assume(np.abs(end).max() > 1e-12 * amplitude)  # a path that meets 0 itself stays there
    np.testing.assert_allclose(np.abs(end), amplitude, rtol=1e-9)
    assert end[0] == pytest.approx(-end[1], rel=1e-9)


@pytest.mark.parametrize("alpha", [1e-3, 0.1, 7.0])
def test_the_two_cycle_attracts_by_a_third_a_step_at_every_step_size(alpha):
    amplitude = two_cycle_amplitude(alpha)
    path = gradient_descent(problems.four_thirds().grad, [1.01 * amplitude], alpha, 8)[:, 0]
    error = np.abs(np.abs(path) / amplitude - 1)
    np.testing.assert_allclose(error[1:] / error[:-1], 1 / 3, rtol=0.01)


def systems():
    rng = np.random.default_rng(5)
    A, x = rng.standard_normal((5, 3)), rng.standard_normal(3)
    return {
        "solvable": (A, A @ x, x),
        "wide": (A.T[:2], A.T[:2] @ np.ones(5), np.linalg.pinv(A.T[:2]) @ A.T[:2] @ np.ones(5)),
        "not solvable": (A, np.ones(5), np.linalg.lstsq(A, np.ones(5), rcond=None)[0]),
    }


every_system = pytest.mark.parametrize("name", systems())


@every_system
def test_subgradient_steps_are_those_of_a_plain_loop_with_numerical_slopes(name):
    A, b, lowest = systems()[name]
    x = lowest + 2.0
    path, best = subgradient_descent(A, b, x, 0.3, 6)
    values = []
    for k, row in enumerate(path):
        np.testing.assert_allclose(row, x, atol=1e-6)
        values.append(np.linalg.norm(A @ row - b))
        slope = optimize.approx_fprime(x, lambda v: np.linalg.norm(A @ v - b), 1e-8)
        x = x - 0.3 / np.sqrt(k + 1) * slope
    np.testing.assert_array_equal(best, path[int(np.argmin(values))])


@every_system
def test_the_best_value_obeys_the_bound_of_the_subgradient_method(name):
    A, b, lowest = systems()[name]
    f = problems.residual_norm(A, b).f
    G, alpha = np.linalg.norm(A, 2), 0.5 / np.sqrt(np.arange(1, 2001))
    path, best = subgradient_descent(A, b, lowest + 1.0, 0.5, 2000)
    R2 = np.sum((path[0] - lowest) ** 2)
    bound = (R2 + G**2 * np.sum(alpha**2)) / (2 * np.sum(alpha))
    assert f(lowest) <= f(best) <= f(lowest) + bound
    assert f(best) == pytest.approx(f(path).min(), rel=1e-12)


def test_best_so_far_falls_while_the_last_value_still_jumps():
    A, b, x = systems()["solvable"]
    f = problems.residual_norm(A, b).f
    path, best = subgradient_descent(A, b, x + 1.0, 1.0, 500)
    values = f(path)
    assert (np.diff(values) > 0).sum() > 50  # it climbs again and again
    assert f(best) < values[-1]
    assert f(best) < values[0] / 20


def test_a_solution_is_a_resting_place_and_the_best_point():
    path, best = subgradient_descent([[2.0, 0.0], [0.0, 1.0]], [2.0, 3.0], [1.0, 3.0], 1.0, 4)
    np.testing.assert_array_equal(path, np.tile([1.0, 3.0], (5, 1)))
    np.testing.assert_array_equal(best, [1.0, 3.0])


def test_subgradient_runs_at_once_are_the_runs_one_by_one():
    A, b, x = systems()["solvable"]
    starts, alphas = x + np.array([[[1.0, 0, 0]], [[0, 2.0, 0]]]), np.array([0.0, 0.1, 1.0])
    path, best = subgradient_descent(A, b, starts, alphas, 20)
    assert (path.shape, best.shape) == ((21, 2, 3, 3), (2, 3, 3))
    for i, j in np.ndindex(2, 3):
        alone = subgradient_descent(A, b, starts[i, 0], alphas[j], 20)
        np.testing.assert_allclose(path[:, i, j], alone[0], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(best[i, j], alone[1], rtol=1e-12, atol=1e-14)
