"""Flows and integrators do what theory says: orders by regression, closed forms, stability limits, SciPy as a witness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, linalg, optimize, stats

from helpers import problems
from helpers.descent import gradient_descent, gradient_step
from helpers.flow import (
    LIMITS,
    RK4_LIMIT,
    backward_euler,
    euler,
    euler_step,
    gradient_flow,
    observed_order,
    relaxation_range,
    richardson,
    rk4,
    stability_limit,
)
from tests.instances import matrices, often, random_quadratic, seeds


def with_matrices(seed):
    """A random quadratic, its Q and b, a start and a generator for more."""
    p, x0, rng = random_quadratic(seed)
    return p, *matrices(p), x0, rng


def down(p):
    """The field of the flow: minus the gradient."""
    return lambda x: -p.grad(x)


def scipy_flow(field, x0, t):
    """The flow at the times t, ascending from 0, by SciPy's Runge-Kutta of order 8 with tight tolerances."""
    found = integrate.solve_ivp(
        lambda _, x: field(x), (0, t[-1]), x0, "DOP853", t, rtol=1e-12, atol=1e-13 * (1 + np.abs(x0).max())
    )
    return found.y.T


# The exact flow ----------------------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_the_exact_flow_is_the_one_that_scipy_integrates(seed):
    p, Q, b, x0, _ = with_matrices(seed)
    t = np.linspace(0, 2, 5)
    np.testing.assert_allclose(gradient_flow(Q, b, x0, t), scipy_flow(down(p), x0, t), rtol=0, atol=1e-9)


@given(seed=seeds)
@often
def test_the_exact_flow_is_the_matrix_exponential(seed):
    p, Q, b, x0, rng = with_matrices(seed)
    t = rng.uniform(0, 3, 4)  # in any order
    expected = [p.minimiser + linalg.expm(-Q * time) @ (x0 - p.minimiser) for time in t]
    np.testing.assert_allclose(gradient_flow(Q, b, x0, t), expected, rtol=0, atol=1e-11)


@given(seed=seeds, s=st.floats(0, 2), t=st.floats(0, 2))
@often
def test_flowing_on_is_flowing_longer(seed, s, t):
    _, Q, b, x0, _ = with_matrices(seed)
    there = gradient_flow(Q, b, x0, [s])[0]
    np.testing.assert_allclose(
        gradient_flow(Q, b, there, [t])[0], gradient_flow(Q, b, x0, [s + t])[0], atol=1e-11
    )


@given(seed=seeds)
@often
def test_the_height_falls_along_the_flow_by_the_square_of_the_slope(seed):
    p, Q, b, x0, _ = with_matrices(seed)
    t, h = np.linspace(0.2, 1, 5), 1e-4
    before, at, after = (gradient_flow(Q, b, x0, t + s) for s in (-h, 0, h))
    slope = (p.f(after) - p.f(before)) / (2 * h)
    np.testing.assert_allclose(slope, -np.sum(p.grad(at) ** 2, axis=-1), rtol=1e-5, atol=1e-7)


def test_many_flows_at_once_are_the_flows_one_by_one():
    _, Q, b, x0, rng = with_matrices(7)
    starts, t = x0 + rng.standard_normal((2, 3, len(x0))), np.array([0.0, 0.7, 0.2])
    together = gradient_flow(Q, b, starts, t)
    assert together.shape == (3, 2, 3, len(x0))
    for i in np.ndindex(2, 3):
        np.testing.assert_allclose(together[(slice(None), *i)], gradient_flow(Q, b, starts[i], t), atol=1e-13)
    np.testing.assert_allclose(together[0], starts, atol=1e-13)


# Integrators: their order ------------------------------------------------------------------------------


def errors_at_one(integrator, p, x0, counts):
    """|x(1) - x_n| for h = 1/n and each n of counts, against SciPy's flow."""
    end = scipy_flow(down(p), x0, np.array([0.0, 1.0]))[-1]
    return np.array([np.linalg.norm(integrator(p, x0, 1 / n, n)[-1] - end) for n in counts])


EXPLICIT = {
    "euler": (lambda p, x0, h, n: euler(down(p), x0, h, n), 1, 2 ** np.arange(6, 11)),
    "rk4": (lambda p, x0, h, n: rk4(down(p), x0, h, n), 4, 2 ** np.arange(5, 8)),
}
IMPLICIT = (
    lambda p, x0, h, n: backward_euler(p.hess(x0), p.hess(x0) @ p.minimiser, x0, h, n),
    1,
    2 ** np.arange(6, 11),
)
LANDSCAPES = {
    "turned valley": lambda: problems.quadratic_with_spectrum([0.5, 4.0], angle=0.5, minimiser=[1.0, -1.0]),
    "wavy": problems.wavy,
    "logistic": lambda: problems.logistic(
        [[6.0, 2.0], [-2.0, 6.0], [8.0, -4.0], [1.0, 3.0]], [1, -1, 1, 1], 0.1
    ),
}


@pytest.mark.parametrize(
    ("integrator", "order", "counts", "landscape"),
    [(*EXPLICIT[name], landscape) for name in EXPLICIT for landscape in LANDSCAPES]
    + [(*IMPLICIT, "turned valley")],
)
def test_the_error_at_a_fixed_time_falls_with_the_order_of_the_integrator(
    integrator, order, counts, landscape
):
    p = LANDSCAPES[landscape]()
    errors = errors_at_one(integrator, p, p.x0, counts)
    slope = stats.linregress(np.log(1 / counts), np.log(errors)).slope
    assert slope == pytest.approx(order, abs=0.12)
    assert observed_order(1 / counts, errors) == pytest.approx(slope, rel=1e-9)


@given(seed=seeds, share=st.floats(0.05, 1.2), n_steps=st.integers(0, 12))
@often
def test_each_method_multiplies_each_mode_by_its_own_factor(seed, share, n_steps):
    p, Q, b, x0, _ = with_matrices(seed)
    h = share * 2 / p.L
    lam, V = np.linalg.eigh(Q)
    z, k = h * lam, np.arange(n_steps + 1)[:, None]
    for path, factor in (
        (euler(down(p), x0, h, n_steps), 1 - z),
        (backward_euler(Q, b, x0, h, n_steps), 1 / (1 + z)),
        (rk4(down(p), x0, h, n_steps), 1 - z + z**2 / 2 - z**3 / 6 + z**4 / 24),
    ):
        expected = p.minimiser + factor**k * ((x0 - p.minimiser) @ V) @ V.T
        np.testing.assert_allclose(path, expected, rtol=0, atol=1e-10 * (1 + np.abs(expected).max()))


@given(seed=seeds, h=st.floats(1e-3, 1e3))
@often
def test_backward_euler_takes_the_slope_at_the_point_it_goes_to(seed, h):
    p, Q, b, x0, _ = with_matrices(seed)
    path = backward_euler(Q, b, x0, h, 4)
    np.testing.assert_allclose(path[1:] + h * p.grad(path[1:]), path[:-1], atol=1e-12 * (1 + h))
    # which is the point where f plus a spring to the old point is lowest
    found = optimize.minimize(lambda y: p.f(y) + np.sum((y - x0) ** 2) / (2 * h), x0, jac=None, tol=1e-12)
    np.testing.assert_allclose(path[1], found.x, atol=1e-4)


# Gradient descent is Euler -----------------------------------------------------------------------------


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_euler_along_minus_the_gradient_is_gradient_descent_to_the_last_bit(landscape):
    p = LANDSCAPES[landscape]()
    alphas = np.array([0.01, 0.1, 2.0])
    np.testing.assert_array_equal(
        euler(down(p), p.x0, alphas, 30), gradient_descent(p.grad, p.x0, alphas, 30)
    )
    np.testing.assert_array_equal(euler_step(down(p), p.x0, 0.1), gradient_step(p.grad, p.x0, 0.1))


def test_descent_with_ever_shorter_steps_tends_to_the_flow():
    p, Q, b, x0, _ = with_matrices(3)
    end = gradient_flow(Q, b, x0, [1.0])[0]
    gaps = [np.linalg.norm(euler(down(p), x0, 1 / n, n)[-1] - end) for n in (100, 200, 400, 800)]
    ratios = np.array(gaps[:-1]) / gaps[1:]
    np.testing.assert_allclose(ratios, 2, atol=0.05)


def test_many_starts_and_steps_at_once_are_the_runs_one_by_one():
    p, Q, b, x0, rng = with_matrices(11)
    starts, steps = x0 + rng.standard_normal((3, 1, p.dim)), np.array([0.05, 0.4, 30.0])
    for run in (
        lambda x, h: euler(down(p), x, h, 6),
        lambda x, h: rk4(down(p), x, h, 6),
        lambda x, h: backward_euler(Q, b, x, h, 6),
        lambda x, h: richardson(np.vstack([Q, Q]), np.append(b, -b), x, h, 6),
    ):
        together = run(starts, steps)
        assert together.shape == (7, 3, 3, p.dim)
        for i, j in np.ndindex(3, 3):
            alone = run(starts[i, 0], steps[j])
            np.testing.assert_allclose(together[:, i, j], alone, rtol=1e-8, atol=1e-9 * np.abs(alone).max())


# Stability ---------------------------------------------------------------------------------------------


def test_the_limit_of_rk4_is_the_published_one():
    assert pytest.approx(2.785293563405282, rel=1e-15) == RK4_LIMIT
    root = optimize.brentq(lambda z: 1 - z + z**2 / 2 - z**3 / 6 + z**4 / 24 - 1, 2, 3, xtol=1e-15)
    assert pytest.approx(root, rel=1e-14) == RK4_LIMIT


@pytest.mark.parametrize("method", LIMITS)
@pytest.mark.parametrize("seed", range(4))
def test_a_run_shrinks_just_below_its_limit_and_grows_just_above_it(method, seed):
    p, Q, b, _, _ = with_matrices(seed)
    top = p.minimiser + np.linalg.eigh(Q)[1][:, -1]  # the steepest mode alone, at distance 1
    limit = stability_limit(Q, method)
    run = {
        "forward": lambda h: euler(down(p), top, h, 400),
        "backward": lambda h: backward_euler(Q, b, top, h, 400),
        "rk4": lambda h: rk4(down(p), top, h, 400),
    }[method]

    def left(h):
        return np.linalg.norm(run(h)[-1] - p.minimiser)

    if method == "backward":
        assert limit == np.inf
        assert all(left(h) < 1e-3 for h in (0.1, 10.0, 1e6))
    else:
        assert left(0.99 * limit) < 0.1
        assert left(1.01 * limit) > 10


def test_the_limits_scale_with_the_steepest_curvature():
    Q = np.array([[3.0, 1.0], [1.0, 3.0]])  # eigenvalues 2 and 4
    assert stability_limit(Q, "forward") == pytest.approx(0.5, rel=1e-15)
    assert stability_limit(Q, "backward") == np.inf
    assert stability_limit(Q, "rk4") == pytest.approx(2.785293563405282 / 4, rel=1e-14)
    assert stability_limit(np.zeros((2, 2)), "forward") == np.inf


# The order that is observed ----------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_the_observed_order_is_the_slope_that_scipy_fits(seed):
    rng = np.random.default_rng(seed)
    h, errors = rng.uniform(0.01, 1, 6), rng.uniform(1e-8, 1, 6)
    slope = stats.linregress(np.log10(h), np.log10(errors)).slope
    assert observed_order(h, errors) == pytest.approx(slope, rel=1e-7, abs=1e-9)


def test_the_observed_order_knows_exact_powers_and_no_units():
    h = np.array([0.5, 0.25, 0.1])
    for order in (-1, 0, 1, 2.5, 4):
        assert observed_order(h, 3e-5 * h**order) == pytest.approx(order, abs=1e-12)
        assert observed_order(1000 * h, 7 * h**order) == pytest.approx(order, abs=1e-12)


# Richardson --------------------------------------------------------------------------------------------


def random_equations(seed):
    rng = np.random.default_rng(seed)
    n, d = (int(size) for size in rng.integers(1, 7, 2))
    return rng.standard_normal((n, d)), rng.standard_normal(n), rng.standard_normal(d)


@given(seed=seeds, share=st.floats(0, 1.3))
@often
def test_richardson_is_gradient_descent_on_least_squares(seed, share):
    A, b, x0 = random_equations(seed)
    omega = share * relaxation_range(A)[1]
    p = problems.least_squares(A, b)  # |Ax - b|^2/(2n)
    path = richardson(A, b, x0, omega, 15)
    descent = gradient_descent(p.grad, x0, len(A) * omega, 15)
    np.testing.assert_allclose(path, descent, rtol=0, atol=1e-9 * np.abs(path).max())


@pytest.mark.parametrize("seed", range(6))
def test_richardson_converges_inside_of_the_range_and_not_outside(seed):
    rng = np.random.default_rng(seed)
    A, b = rng.standard_normal((6, 3)), rng.standard_normal(6)
    low, high = relaxation_range(A)
    assert (low, high) == (0.0, pytest.approx(2 / np.linalg.eigvalsh(A.T @ A)[-1], rel=1e-12))
    target = np.linalg.lstsq(A, b, rcond=None)[0]
    start = target + np.linalg.svd(A)[2][0]

    def left(omega, n_steps):
        return np.linalg.norm(richardson(A, b, start, omega, n_steps)[-1] - target)

    assert left(0.99 * high, 1000) < 1e-6
    assert left(1.01 * high, 1000) > 1e6
    assert left(low, 100) == pytest.approx(
        1.0, rel=1e-12
    )  # the lower end does not move, and does not belong to the range
    assert left(high, 101) == pytest.approx(1.0, rel=1e-6)  # the upper end jumps for ever


def test_the_range_of_no_equation_has_no_end():
    assert relaxation_range(np.zeros((2, 3))) == (0.0, np.inf)


# Contracts ---------------------------------------------------------------------------------------------


def test_an_unstable_run_keeps_its_shape_in_silence():
    p = problems.parabola(1.0)
    for path in (
        euler(down(p), [1.0], 50.0, 400),
        rk4(down(p), [1.0], 50.0, 200),
        richardson([[1.0]], [0.0], [1.0], 50.0, 400),
    ):
        assert path.shape[1:] == (1,)
        assert np.isfinite(path[5]).all()
        assert not np.isfinite(path[-1]).any()


def test_what_is_given_is_left_as_it_was_and_whole_numbers_are_not_truncated():
    Q, b, x0, t = np.array([[3, 1], [1, 2]]), np.array([1, 0]), np.array([5, 5]), np.array([0, 1, 3])
    for path in (
        backward_euler(Q, b, x0, 1, 3), gradient_flow(Q, b, x0, t), richardson(Q, b, x0, 0.05, 3),
        euler(lambda x: -0.3 * x, x0, 1, 3), rk4(lambda x: -0.3 * x, x0, 1, 3),
    ):  # fmt: skip
        assert path.dtype == float
        assert (path % 1 != 0).any()
        np.testing.assert_array_equal(np.round(path[0], 12), x0)
        path[...] = 0
    for kept, as_given in ((Q, [[3, 1], [1, 2]]), (b, [1, 0]), (x0, [5, 5]), (t, [0, 1, 3])):
        np.testing.assert_array_equal(kept, as_given)
