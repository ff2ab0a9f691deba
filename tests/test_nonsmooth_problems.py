"""Landscapes with a kink or without a bound on their curvature: right everywhere else, and defined there too.

The contract of smooth landscapes (tests/test_problems.py) asks for derivatives at any point. Here they are taken
away from the kink, and the kink is asked for by itself.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings

from helpers import problems
from tests.instances import seeds
from tests.test_problems import slopes

KINKED = {
    "x^(4/3)": problems.four_thirds,
    "distance": lambda: problems.residual_norm(np.eye(2), [1.0, -2.0]),
    "stretched distance": lambda: problems.residual_norm(
        [[3.0, 0.0], [1.0, 1.0], [0.0, 2.0]], [3.0, 2.0, 2.0]
    ),
    "distance from a plane": lambda: problems.residual_norm([[1.0, 2.0, 0.5]], [1.0]),
}
every_kink = pytest.mark.parametrize("name", KINKED)


@every_kink
@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_derivatives_agree_with_finite_differences_away_from_the_kink(name, seed):
    p = KINKED[name]()
    x = p.minimiser + 3 * np.random.default_rng(seed).standard_normal(p.dim)
    assume(p.f(x) > 0.5)
    np.testing.assert_allclose(p.grad(x), slopes(p.f, x), rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(p.hess(x), slopes(p.grad, x), rtol=1e-6, atol=1e-7)


@every_kink
def test_the_kink_is_the_lowest_place_and_has_a_subgradient_of_zero(name):
    p = KINKED[name]()
    assert p.f(p.minimiser) == pytest.approx(0, abs=1e-14)
    cloud = p.minimiser + np.random.default_rng(0).standard_normal((500, p.dim))
    assert (p.f(cloud) >= p.f(p.minimiser)).all()
    np.testing.assert_array_equal(problems.four_thirds().grad([0.0]), [0.0])
    np.testing.assert_array_equal(
        problems.residual_norm(np.eye(2), [1.0, -2.0]).grad([1.0, -2.0]), [0.0, 0.0]
    )


@every_kink
def test_the_curvature_has_no_bound_near_the_kink(name):
    p = KINKED[name]()
    assert p.L is None
    steps = np.array([1e-2, 1e-4, 1e-6])
    if name == "distance from a plane":  # flat on both sides of the plane: the slope jumps across it
        across = p.minimiser + np.outer([1e-6, -1e-6], [1.0, 2.0, 0.5])
        assert np.linalg.norm(np.subtract(*p.grad(across))) > 1
    else:
        side = np.eye(p.dim)[0]
        bends = np.linalg.eigvalsh(p.hess(p.minimiser + steps[:, None] * side))[:, -1]
        assert (bends[1:] > 20 * bends[:-1]).all()


@every_kink
@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_convex_means_that_the_tangent_lies_below(name, seed):
    p = KINKED[name]()
    x, y = p.minimiser + 2 * np.random.default_rng(seed).standard_normal((2, p.dim))
    assert p.f(y) >= p.f(x) + p.grad(x) @ (y - x) - 1e-12


@every_kink
def test_a_description_through_json_builds_the_same_problem(name):
    p = KINKED[name]()
    q = problems.build(json.loads(json.dumps(p.description, default=np.ndarray.tolist)))
    x = np.random.default_rng(0).standard_normal((4, 2, p.dim))
    for function in ("f", "grad", "hess"):
        np.testing.assert_array_equal(getattr(p, function)(x), getattr(q, function)(x))
    assert (q.name, q.window, q.L) == (p.name, p.window, p.L)


@every_kink
def test_diverged_points_and_the_kink_itself_raise_no_warning(name):
    p = KINKED[name]()
    for x in (p.minimiser, np.full(p.dim, 1e300), np.full(p.dim, np.inf), np.full(p.dim, np.nan)):
        assert (p.f(x).shape, p.grad(x).shape, p.hess(x).shape) == ((), (p.dim,), (p.dim, p.dim))
