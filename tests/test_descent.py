"""Gradient descent does what the theory of quadratics says, and what SciPy's integrators say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from helpers import problems
from helpers.descent import (
    backtracking_descent,
    backtracking_step,
    critical_step,
    gradient_descent,
    gradient_step,
    limit_of_descent,
    predicted_change,
    step_regime,
)
from tests.instances import often, random_quadratic, seeds


def test_the_worked_step_goes_from_1_1_to_1_6_0_4():
    np.testing.assert_allclose(
        gradient_step(problems.cost_surface().grad, [1, 1], 0.1), [1.6, 0.4], rtol=1e-15
    )


@given(seed=seeds, alpha=st.floats(0, 1), n_steps=st.integers(0, 30))
@often
def test_the_path_on_a_quadratic_is_the_power_of_a_matrix(seed, alpha, n_steps):
    p, x0, _ = random_quadratic(seed)
    one_step = np.eye(p.dim) - alpha * p.hess(x0)
    path = gradient_descent(p.grad, x0, alpha, n_steps)
    for k in range(n_steps + 1):
        expected = p.minimiser + np.linalg.matrix_power(one_step, k) @ (x0 - p.minimiser)
        np.testing.assert_allclose(path[k], expected, rtol=1e-10, atol=1e-10 * max(1, np.abs(expected).max()))


@given(seed=seeds, share=st.floats(0.01, 0.99))
@often
def test_gradient_descent_converges_below_two_over_L(seed, share):
    p, x0, _ = random_quadratic(seed)
    alpha = share * 2 / p.L
    rate = max(abs(1 - alpha * p.L), abs(1 - alpha * p.mu))
    path = gradient_descent(p.grad, x0, alpha, 200)
    distances = np.linalg.norm(path - p.minimiser, axis=-1)
    assert (distances[1:] <= rate * distances[:-1] + 1e-14 * (1 + np.abs(path).max())).all()
    assert rate < 1


@given(seed=seeds, excess=st.floats(1e-3, 10))
@often
def test_gradient_descent_diverges_beyond_two_over_L(seed, excess):
    p, x0, _ = random_quadratic(seed)
    steepest = np.linalg.eigh(p.hess(x0))[1][:, -1]
    path = gradient_descent(p.grad, p.minimiser + steepest, (1 + excess) * 2 / p.L, 100)
    distances = np.linalg.norm(path - p.minimiser, axis=-1)
    np.testing.assert_allclose(distances[1:] / distances[:-1], 1 + 2 * excess, rtol=1e-6)


def test_gradient_descent_never_settles_at_two_over_L():
    path = gradient_descent(problems.parabola(4.0).grad, [3.0], 2 / 4.0, 1001)
    np.testing.assert_array_equal(path[::2], 3.0)
    np.testing.assert_array_equal(path[1::2], -3.0)


def test_the_best_constant_step_contracts_by_kappa_minus_one_over_kappa_plus_one():
    p = problems.quadratic_with_spectrum([1.0, 100.0], angle=0.3)
    alphas = np.append(np.linspace(0.001, 0.0199, 500), 2 / 101)
    along = np.linalg.eigh(p.hess(p.x0))[1].T[:, None, :]  # the worst start is one of the two eigenvectors
    distances = np.linalg.norm(gradient_descent(p.grad, along, alphas, 10), axis=-1)
    rates = np.max(distances[10] / distances[0], axis=0) ** (1 / 10)
    assert rates[-1] == pytest.approx(0.980198, abs=1e-6)
    assert rates[-1] < rates[:-1].min()


def test_small_steps_follow_the_gradient_flow_with_an_error_of_first_order():
    p, time = problems.rosenbrock(), 0.05
    flow = solve_ivp(lambda t, x: -p.grad(x), (0, time), p.x0, method="DOP853", rtol=1e-11, atol=1e-12)
    errors = []
    for n_steps in (500, 1000, 2000):
        end = gradient_descent(p.grad, p.x0, time / n_steps, n_steps)[-1]
        errors.append(np.linalg.norm(end - flow.y[:, -1]))
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    np.testing.assert_allclose(orders, 1, atol=0.05)


@given(seed=seeds)
@often
def test_a_step_is_the_first_row_of_a_path_and_changes_nothing_it_was_given(seed):
    p, x0, rng = random_quadratic(seed)
    starts = x0 + rng.standard_normal((3, 1, p.dim))
    alpha = rng.uniform(0, 1, 4)
    kept = starts.copy(), alpha.copy()
    step = gradient_step(p.grad, starts, alpha)
    np.testing.assert_array_equal(step, gradient_descent(p.grad, starts, alpha, 1)[1])
    assert step.shape == (3, 4, p.dim)
    step[...] = 0
    np.testing.assert_array_equal(starts, kept[0])
    np.testing.assert_array_equal(alpha, kept[1])


@given(seed=seeds, alpha=st.floats(0, 2))
@often
def test_the_predicted_change_is_exact_on_quadratics(seed, alpha):
    p, x0, _ = random_quadratic(seed)
    g = p.grad(x0)
    change = p.f(x0 - alpha * g) - p.f(x0)
    predicted = predicted_change(g, p.hess(x0), alpha)
    np.testing.assert_allclose(predicted, change, rtol=1e-9, atol=1e-10 * (1 + abs(p.f(x0))))


def test_the_predicted_change_is_wrong_by_the_third_power_of_the_step_elsewhere():
    p = problems.rosenbrock()
    g, H = p.grad(p.x0), p.hess(p.x0)
    alpha = 1e-5 * 2.0 ** -np.arange(4)
    change = p.f(p.x0 - alpha[:, None] * g) - p.f(p.x0)
    errors = np.abs(change - predicted_change(g, H, alpha))
    np.testing.assert_allclose(np.log2(errors[:-1] / errors[1:]), 3, atol=0.1)


@given(seed=seeds)
@often
def test_the_critical_step_is_where_the_predicted_change_vanishes(seed):
    p, x0, _ = random_quadratic(seed)
    g, H = p.grad(x0), p.hess(x0)
    alpha = critical_step(g, H)
    assert 2 / p.L * (1 - 1e-12) <= alpha <= 2 / p.mu * (1 + 1e-12)
    assert abs(predicted_change(g, H, alpha)) <= 1e-12 * alpha * (g @ g)
    assert predicted_change(g, H, 0.99 * alpha) < 0 < predicted_change(g, H, 1.01 * alpha)


@given(seed=seeds, size=st.sampled_from([1e-300, 1e-170, 1e-3, 1e170, 1e300]))
@often
def test_the_critical_step_does_not_depend_on_the_length_of_the_gradient(seed, size):
    p, x0, _ = random_quadratic(seed)
    g, H = p.grad(x0), p.hess(x0)
    assert critical_step(size * g, H) == pytest.approx(critical_step(g, H), rel=1e-9)


def test_the_critical_step_is_infinite_without_curvature_or_without_gradient():
    H = np.diag([1.0, -1.0])
    g = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    np.testing.assert_array_equal(critical_step(g, H), [np.inf, np.inf, np.inf, 2.0])
    assert isinstance(critical_step(g[3], H), float)
    assert np.isnan(critical_step([np.nan, 1.0], H))


@given(seed=seeds)
@often
def test_predictions_for_many_are_the_predictions_for_each(seed):
    rng = np.random.default_rng(seed)
    g, H = rng.standard_normal((3, 1, 2)), rng.standard_normal((4, 2, 2))
    alpha = rng.uniform(0, 1, (3, 4))
    changes, steps = predicted_change(g, H, alpha), critical_step(g, H)
    assert changes.shape == steps.shape == (3, 4)
    for i, j in np.ndindex(3, 4):
        assert changes[i, j] == pytest.approx(predicted_change(g[i, 0], H[j], alpha[i, j]), rel=1e-12)
        assert steps[i, j] == pytest.approx(critical_step(g[i, 0], H[j]), rel=1e-12)


@given(curvature=st.floats(1e-3, 1e3), share=st.floats(1e-3, 3))
@often
def test_the_regime_is_what_a_run_on_the_parabola_does(curvature, share):
    assume(min(abs(share - tie) for tie in (0.1, 1, 2)) > 1e-6)
    alpha = share / curvature
    _, first, second = gradient_descent(problems.parabola(curvature).grad, [1.0], alpha, 2)[:, 0]
    if abs(first) > 1:
        seen = "diverges"
    elif first < 0:
        seen = "oscillates"
    else:
        seen = "crawls" if first > 0.9 else "monotone"
    assert step_regime(alpha, curvature) == seen
    assert second == pytest.approx(first**2, rel=1e-9)


@pytest.mark.parametrize("curvature", [0.25, 1.0, 2.0, 8.0])
def test_the_ends_of_the_regimes_belong_where_the_course_says(curvature):
    for share, regime in ((1.0, "one-step"), (2.0, "cycles"), (0.5, "monotone"), (1.5, "oscillates")):
        assert step_regime(share / curvature, curvature) == regime
    assert step_regime(1 / (10 * curvature), curvature) == "monotone"
    assert step_regime(np.nextafter(1 / (10 * curvature), 0), curvature) == "crawls"
    assert step_regime(np.nextafter(1 / curvature, 0), curvature) == "monotone"
    assert step_regime(np.nextafter(1 / curvature, 9), curvature) == "oscillates"
    assert step_regime(np.nextafter(2 / curvature, 0), curvature) == "oscillates"
    assert step_regime(np.nextafter(2 / curvature, 9), curvature) == "diverges"


@given(seed=seeds, alpha=st.floats(0, 0.7), tol=st.floats(0, 10), n_steps=st.integers(0, 30))
@often
def test_the_limit_is_the_first_step_with_a_gradient_below_the_tolerance(seed, alpha, tol, n_steps):
    p, x, _ = random_quadratic(seed)
    expected, start = -1, x
    for k in range(n_steps + 1):
        if np.linalg.norm(p.grad(x)) < tol:
            expected = k
            break
        x = x - alpha * p.grad(x)
    found = limit_of_descent(p.grad, start, alpha, n_steps, tol)
    assert found == expected
    assert type(found) is int


def test_the_tolerance_itself_is_not_below_the_tolerance():
    grad = problems.parabola(1.0).grad
    assert limit_of_descent(grad, [8.0], 0.5, 10, 1.0) == 4
    assert limit_of_descent(grad, [8.0], 0.5, 3, 1.0) == -1
    assert limit_of_descent(grad, [8.0], 0.5, 0, 8.5) == 0


def test_runs_that_diverge_to_nan_have_not_converged():
    p = problems.cost_surface()
    found = limit_of_descent(p.grad, p.x0, [0.1, 1e3, 0.2, 0.0], 2000, 1e-6)
    assert np.isnan(gradient_descent(p.grad, p.x0, 1e3, 2000)[-1]).all()
    assert (found > 0).tolist() == [True, False, True, False]
    assert found[1] == found[3] == -1
    assert found[0] == limit_of_descent(p.grad, p.x0, 0.1, 2000, 1e-6)


LANDSCAPES = [problems.rosenbrock(), problems.cost_surface(), problems.breast_cancer_logistic(2)]


@pytest.mark.parametrize("p", LANDSCAPES, ids=lambda p: p.name)
@given(seed=seeds, c=st.floats(0.01, 0.9), shrink=st.floats(0.1, 0.9))
@often
def test_backtracking_takes_the_first_step_that_satisfies_armijo(p, seed, c, shrink):
    x = p.x0 + np.random.default_rng(seed).standard_normal(2)
    g, tried = p.grad(x), 10.0
    while not p.f(x - tried * g) <= p.f(x) - c * tried * (g @ g):
        tried *= shrink
    assert backtracking_step(p.f, p.grad, x, 10.0, c, shrink) == pytest.approx(tried, rel=1e-12)


@given(seed=seeds, c=st.floats(0.01, 0.99), shrink=st.floats(0.1, 0.9), alpha0=st.floats(1e-3, 10))
@often
def test_backtracking_never_shrinks_below_what_smoothness_grants(seed, c, shrink, alpha0):
    p, x0, _ = random_quadratic(seed)
    # f(x - alpha g) <= f(x) - alpha (1 - alpha L / 2) |g|^2, so Armijo accepts every alpha up to 2(1 - c)/L.
    granted = 2 * (1 - c) / p.L
    alpha = backtracking_step(p.f, p.grad, x0, alpha0, c, shrink)
    assert alpha >= min(alpha0, shrink * granted * (1 - 1e-9))


def test_backtracking_at_a_minimiser_accepts_the_first_step():
    p = problems.cost_surface()
    assert backtracking_step(p.f, p.grad, p.minimiser, 1.0, 0.5, 0.5) == 1.0


def test_backtracking_takes_no_step_where_nothing_but_nan_comes_back():
    p = problems.cost_surface()
    assert backtracking_step(p.f, p.grad, [np.nan, 1.0], 1.0, 0.5, 0.5) == 0
    assert backtracking_step(lambda x: x[..., 0] * np.nan, p.grad, [1.0, 1.0], 1.0, 0.5, 0.5) == 0


def test_backtracking_steps_over_nan_to_where_the_function_is_defined():
    def f(x):
        return x[..., 0] - np.log(x[..., 0])

    alpha = backtracking_step(f, lambda x: 1 - 1 / x, [3.0], 8.0, 0.1, 0.5)  # 3 - 8 * 2/3 < 0: no logarithm
    assert alpha == 4.0


@pytest.mark.parametrize("p", LANDSCAPES, ids=lambda p: p.name)
def test_backtracking_descent_never_climbs_and_arrives(p):
    path = backtracking_descent(p.f, p.grad, p.x0, 10.0, 0.3, 0.5, 300)
    heights = p.f(path)
    assert (np.diff(heights) <= 1e-15 * np.abs(heights[1:])).all()
    assert heights[-1] - p.f(p.minimiser) < 1e-2 * (heights[0] - p.f(p.minimiser))
