"""The Huber function: a parabola that goes on as its tangent, and the worst landscape there is for gradient descent.

The contract of smooth landscapes (tests/test_problems.py) asks for a Hessian at any point; here it jumps at delta.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import special

from helpers import problems
from helpers.descent import gradient_descent
from tests.instances import often
from tests.test_problems import slopes

positive = st.floats(0.1, 10)


@given(delta=positive, curvature=positive, x=st.floats(-30, 30))
@often
def test_it_is_the_huber_function_of_scipy(delta, curvature, x):
    p = problems.huber(delta, curvature)
    assert p.f(np.array([x])) == pytest.approx(curvature * special.huber(delta, x), rel=1e-12, abs=1e-300)


@given(delta=positive, curvature=positive, x=st.floats(-30, 30))
@often
def test_derivatives_agree_with_finite_differences_away_from_the_bend(delta, curvature, x):
    assume(abs(abs(x) - delta) > 1e-3)
    p, x = problems.huber(delta, curvature), np.array([x])
    np.testing.assert_allclose(p.grad(x), slopes(p.f, x), rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(p.hess(x), slopes(p.grad, x), rtol=1e-7, atol=1e-7)


@given(delta=positive, curvature=positive, x=st.floats(-30, 30), y=st.floats(-30, 30))
@often
def test_L_bounds_the_change_of_the_slope_and_the_tangent_lies_below(delta, curvature, x, y):
    p, x, y = problems.huber(delta, curvature), np.array([x]), np.array([y])
    assert abs(p.grad(x) - p.grad(y)) <= p.L * abs(x - y) * (1 + 1e-12) + 1e-12
    assert p.f(y) >= p.f(x) + p.grad(x) @ (y - x) - 1e-9


def test_L_is_attained_at_the_minimiser_and_mu_far_from_it():
    p = problems.huber(0.5, 3.0)
    assert p.hess(p.minimiser)[0, 0] == p.L == 3.0
    assert p.hess(np.array([40.0]))[0, 0] == p.mu == 0.0
    assert p.f(p.minimiser) == 0 == p.grad(p.minimiser)[0]


def test_a_description_through_json_builds_the_same_problem():
    p = problems.huber(0.3, 1.7)
    q = problems.build(json.loads(json.dumps(p.description)))
    x = np.linspace(-2, 2, 24).reshape(4, 6, 1)
    for function in ("f", "grad", "hess"):
        np.testing.assert_array_equal(getattr(p, function)(x), getattr(q, function)(x))
    assert p.f(x).shape == (4, 6)
    assert p.hess(x).shape == (4, 6, 1, 1)


def test_diverged_points_raise_no_warning():
    p = problems.huber()
    x = np.array([[1e300], [np.inf], [np.nan]])
    np.testing.assert_array_equal(p.grad(x), [[1.0], [1.0], [np.nan]])
    np.testing.assert_array_equal(p.f(x)[1:], [np.inf, np.nan])


@pytest.mark.parametrize(
    "given", [{"delta": 0.0}, {"delta": -1.0}, {"curvature": 0.0}, {"curvature": np.nan}]
)
def test_bad_input_is_told_by_name(given):
    (name,) = given
    with pytest.raises(ValueError, match=f"{name} must be a number > 0, got"):
        problems.huber(**given)


@given(L=positive, R=positive, N=st.integers(1, 60))
@often
def test_the_bound_of_drori_and_teboulle_is_attained_on_it(L, R, N):
    p = problems.huber(delta=R / (2 * N + 1), curvature=L)
    path = gradient_descent(p.grad, [R], 1 / L, N)
    assert p.f(path[-1]) == pytest.approx(L * R**2 / (4 * N + 2), rel=1e-9)


def test_the_published_number_of_the_tight_bound():
    p = problems.huber(delta=2.0 / 35, curvature=3.0)
    assert p.f(gradient_descent(p.grad, [2.0], 1 / 3.0, 17)[-1]) == pytest.approx(0.1714286, abs=5e-8)
    assert pytest.approx(0.1714286, abs=5e-8) == 3.0 * 2.0**2 / (4 * 17 + 2)


@given(L=positive, N=st.integers(1, 60), delta=st.floats(0.001, 3))
@often
def test_no_huber_function_of_another_width_is_worse(L, N, delta):
    p = problems.huber(delta, L)
    assert p.f(gradient_descent(p.grad, [1.0], 1 / L, N)[-1]) <= L / (4 * N + 2) * (1 + 1e-9)
