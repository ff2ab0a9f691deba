"""Finite differences have the order that Taylor promises, stop where rounding begins, and agree with others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from helpers import problems
from helpers.differences import (
    EPS,
    best_difference_step,
    cost_gradient,
    evaluate_cost,
    finite_difference_gradient,
    forward_difference_gradient,
    point_and_step,
    truncation_and_rounding,
)
from tests.instances import often

coordinates = st.integers(-100, 100)
LANDSCAPES = {
    "cost surface": problems.cost_surface,
    "wavy": problems.wavy,
    "Rosenbrock": problems.rosenbrock,
    "logistic": lambda: problems.breast_cancer_logistic(3),
    "quadratic in 5 dimensions": lambda: problems.quadratic_with_spectrum(
        np.geomspace(1, 50, 5), rng=np.random.default_rng(0), minimiser=np.arange(5.0)
    ),
}
on_every_landscape = pytest.mark.parametrize("name", LANDSCAPES)


def exponential(x):
    """e^(x_1 + 2 x_2 + ...): its gradient is itself times (1, 2, ...)."""
    return np.exp(np.asarray(x) @ np.arange(1.0, np.shape(x)[-1] + 1))


def observed_order(errors, h):
    """The slope of log error on log h."""
    return np.polyfit(np.log(h), np.log(errors), 1)[0]


# The cost ------------------------------------------------------------------------------------------------


@often
@given(x=coordinates, y=coordinates)
def test_cost_and_gradient_are_those_of_the_cost_surface(x, y):
    surface = problems.cost_surface()
    point = np.array([x, y]) / 8  # exact in floating point
    assert evaluate_cost(*point) == surface.f(point)
    np.testing.assert_array_equal(cost_gradient(*point), surface.grad(point))


def test_cost_of_whole_numbers_is_exact_however_large():
    assert evaluate_cost(10**9, -(10**9)) == 2 * (10**9 - 3) ** 2 + (1 - 10**9) ** 2 - 2 * 10**18


def test_cost_and_gradient_take_a_grid_of_points():
    x, y = np.meshgrid(np.linspace(-1, 13, 5), np.linspace(-14, 4, 4))
    surface = problems.cost_surface()
    np.testing.assert_allclose(evaluate_cost(x, y), surface.f(np.stack([x, y], axis=-1)))
    np.testing.assert_allclose(cost_gradient(x, y), surface.grad(np.stack([x, y], axis=-1)))


def test_the_gradient_vanishes_at_the_lowest_point_that_a_minimiser_of_scipy_finds():
    found = optimize.minimize(lambda p: evaluate_cost(*p), [1.0, 1.0], jac=lambda p: cost_gradient(*p))
    np.testing.assert_allclose(found.x, [7, -8], atol=1e-6)
    np.testing.assert_array_equal(cost_gradient(7, -8), 0)
    assert evaluate_cost(7, -8) == -31


# Order of accuracy ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize(
    ("method", "order"), [(forward_difference_gradient, 1), (finite_difference_gradient, 2)]
)
def test_the_error_shrinks_with_the_order_that_taylor_promises(method, order, d):
    h = 2.0 ** -np.arange(4, 10)
    x = np.linspace(-0.4, 0.3, d)
    exact = exponential(x) * np.arange(1.0, d + 1)
    errors = np.linalg.norm(method(exponential, x, h) - exact, axis=-1)
    assert observed_order(errors, h) == pytest.approx(order, abs=0.02)


@pytest.mark.parametrize(
    ("method", "order"), [(forward_difference_gradient, 1), (finite_difference_gradient, 2)]
)
def test_truncation_is_the_next_derivative_over_a_factorial(method, order):
    h = 2.0 ** -np.arange(6, 11)
    for x in (-1.0, 0.0, 1.5):
        truncation, _ = truncation_and_rounding(h, order, derivative=np.exp(x), size=np.exp(x))
        errors = method(exponential, np.array([x]), h)[:, 0] - np.exp(x)
        np.testing.assert_allclose(errors, truncation, rtol=0.02)


def test_central_differences_of_a_quadratic_are_exact_for_any_h():
    surface = problems.cost_surface()
    for h in (0.25, 1.0, 64.0):
        np.testing.assert_array_equal(finite_difference_gradient(surface.f, [1, 1], h), [-6, 6])
    one_sided = forward_difference_gradient(surface.f, [1, 1], 0.25)
    np.testing.assert_allclose(one_sided, np.array([-6, 6]) + 0.25 * np.array([4, 2]) / 2)


@pytest.mark.parametrize(
    ("method", "order"), [(forward_difference_gradient, 1), (finite_difference_gradient, 2)]
)
@pytest.mark.parametrize("x", [-1.7, -0.3, 0.0, 0.9, 1.9])
def test_truncation_and_rounding_together_bound_the_error_over_fifteen_powers_of_ten(method, order, x):
    h = np.geomspace(1e-15, 0.05, 400)
    truncation, rounding = truncation_and_rounding(h, order, np.exp(x), np.exp(x) * (1 + abs(x)))
    errors = np.abs(method(lambda p: np.exp(p[..., 0]), np.array([x]), h)[:, 0] - np.exp(x))
    # h itself, the exponential's last bit and Taylor's next term are what the two leave out
    assert (errors <= 1.1 * truncation + 2.1 * rounding + 4 * EPS * np.exp(x)).all()
    assert errors[h < 1e-12].max() > 0.1 * rounding[h < 1e-12].max()  # the bound is not far above


@pytest.mark.parametrize(
    ("method", "order"), [(forward_difference_gradient, 1), (finite_difference_gradient, 2)]
)
def test_the_best_h_is_the_lowest_point_of_the_sum_and_near_the_measured_one(method, order):
    best = best_difference_step(order, derivative=np.e, size=2 * np.e)
    found = optimize.minimize_scalar(
        lambda t: np.log(sum(truncation_and_rounding(np.exp(t), order, np.e, 2 * np.e))),
        bracket=(np.log(1e-9), np.log(1e-5)),
    )
    assert np.exp(found.x) == pytest.approx(best, rel=1e-4)
    h = np.geomspace(1e-12, 1e-1, 4000)
    errors = np.abs(method(lambda p: np.exp(p[..., 0]), np.array([1.0]), h)[:, 0] - np.e)
    typical = np.exp(np.convolve(np.log(errors + 1e-18), np.ones(101) / 101, "valid"))
    measured = h[50:-50][np.argmin(typical)]
    assert best / 10 < measured < best * 10


def test_without_a_next_derivative_no_h_is_too_long():
    assert best_difference_step(2, derivative=0.0, size=1.0) == np.inf


# Against others ---------------------------------------------------------------------------------------------


@on_every_landscape
def test_it_agrees_with_the_gradient_and_with_scipy(name):
    problem = LANDSCAPES[name]()
    x = np.array(problem.x0) + 0.1
    ours = finite_difference_gradient(problem.f, x, 1e-5)
    size = np.linalg.norm(problem.grad(x)) + 1
    assert np.linalg.norm(ours - problem.grad(x)) < 1e-7 * size
    theirs = optimize.approx_fprime(x, problem.f, 1e-7)
    assert np.linalg.norm(ours - theirs) < 1e-4 * size
    one_sided = forward_difference_gradient(problem.f, x, 1e-7)
    np.testing.assert_allclose(one_sided, theirs, rtol=1e-5, atol=1e-5 * size)


@on_every_landscape
def test_richardson_extrapolation_of_it_gains_two_orders(name):
    problem = LANDSCAPES[name]()
    x = np.array(problem.x0) + 0.1
    errors = []
    for h in (0.02, 0.01):
        extrapolated = (
            4 * finite_difference_gradient(problem.f, x, h / 2) - finite_difference_gradient(problem.f, x, h)
        ) / 3
        errors.append(np.linalg.norm(extrapolated - problem.grad(x)))
    plain = np.linalg.norm(finite_difference_gradient(problem.f, x, 0.01) - problem.grad(x))
    floor = 1e-10 * (np.linalg.norm(problem.grad(x)) + 1)
    assert errors[1] < max(plain / 50, floor)
    assert errors[1] < max(errors[0] / 10, floor)


# Shapes and refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [forward_difference_gradient, finite_difference_gradient])
def test_a_batch_is_the_same_as_its_runs_one_by_one(method):
    f = problems.rosenbrock().f
    x, h = np.random.default_rng(0).standard_normal((4, 1, 2)), np.array([0.1, 0.2, 0.3])
    together = method(f, x, h)
    assert together.shape == (4, 3, 2)
    for i, j in np.ndindex(4, 3):
        np.testing.assert_array_equal(together[i, j], method(f, x[i, 0], h[j]))


@pytest.mark.parametrize("method", [forward_difference_gradient, finite_difference_gradient])
def test_whole_numbers_are_not_cut_off_and_x_stays(method):
    x = np.array([3, 2])
    g = method(problems.cost_surface().f, x, 1e-4)
    assert g.dtype == float
    np.testing.assert_allclose(g, cost_gradient(3, 2), atol=1e-3)
    np.testing.assert_array_equal(x, [3, 2])


@pytest.mark.parametrize(
    ("x", "h", "sentence"),
    [
        (1.0, 0.1, r"x must have shape \(..., d\), coordinates last, got 1.0"),
        ([1.0, np.nan], 0.1, "x must be finite, got nan in it"),
        ([1.0], 0.0, "h must be > 0, got 0"),
        ([1.0], [0.1, -0.2], "h must be > 0, got -0.2"),
        ([1.0], np.inf, "h must be finite, got inf in it"),
        ([[1.0], [2.0]], [0.1, 0.2, 0.3], "x and h must broadcast to one shape of runs"),
        (["a"], 0.1, "x must be an array of numbers"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(x, h, sentence):
    with pytest.raises(ValueError, match=sentence):
        point_and_step(x, h)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((3, 1.0, 1.0), "order must be 1 or 2, got 3"),
        ((2, np.nan, 1.0), "derivative must be a finite number"),
        ((2, 1.0, -1.0), "size must be a number >= 0"),
    ],
)
def test_theory_refuses_what_it_does_not_cover(given, sentence):
    for theory in (best_difference_step, lambda *numbers: truncation_and_rounding(0.1, *numbers)):
        with pytest.raises(ValueError, match=sentence):
            theory(*given)
    with pytest.raises(ValueError, match="h must be > 0, got 0"):
        truncation_and_rounding(0.0, 2, 1.0, 1.0)
