"""Residuals without squares, and two wells of one height: right where they are smooth, and defined where not.

`two_wells` keeps the contract of smooth landscapes as well (tests/test_problems.py).
"""

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings

from helpers import problems
from tests.instances import seeds
from tests.test_problems import slopes

A = np.array([[2.0, 1.0], [0.5, -1.5], [-1.0, 0.3]])
M = np.array([1.0, -2.0])


def kinked():
    return problems.absolute_residuals(A, M)


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_between_the_kinks_the_gradient_is_the_slope_and_nothing_bends(seed):
    p = kinked()
    x = M + 3 * np.random.default_rng(seed).standard_normal(2)
    assume(np.abs(A @ (x - M)).min() > 0.01)
    np.testing.assert_allclose(p.grad(x), slopes(p.f, x), atol=1e-8)
    np.testing.assert_array_equal(p.hess(x), np.zeros((2, 2)))


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_the_tangent_lies_below_so_residuals_are_convex(seed):
    p = kinked()
    x, y = M + 2 * np.random.default_rng(seed).standard_normal((2, 2))
    assert p.f(y) >= p.f(x) + p.grad(x) @ (y - x) - 1e-12


def test_the_minimiser_of_residuals_is_the_only_one_and_has_a_subgradient_of_zero():
    p = kinked()
    assert p.f(M) == 0
    np.testing.assert_array_equal(p.grad(M), np.zeros(2))
    assert (p.f(M + np.random.default_rng(0).standard_normal((500, 2))) > 0).all()


def test_residuals_come_in_batches_and_from_a_description():
    p = kinked()
    q = problems.build(json.loads(json.dumps(p.description, default=np.ndarray.tolist)))
    x = np.random.default_rng(0).standard_normal((4, 3, 2))
    assert (p.f(x).shape, p.grad(x).shape, p.hess(x).shape) == ((4, 3), (4, 3, 2), (4, 3, 2, 2))
    np.testing.assert_array_equal(p.f(x), q.f(x))
    np.testing.assert_array_equal(p.grad(x)[2, 1], q.grad(x[2, 1]))


def test_residuals_beyond_all_numbers_raise_no_warning():
    p = kinked()
    for x in (np.full(2, 1e308), np.full(2, np.inf), np.full(2, np.nan)):
        assert (p.f(x).shape, p.grad(x).shape, p.hess(x).shape) == ((), (2,), (2, 2))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((A, [1.0]), "minimiser"), (([[1.0, 2.0]], M), "A"), (([[1.0, 2.0], [2.0, 4.0]], M), "A")],
)
def test_residuals_that_do_not_fit_are_refused_by_name(arguments, named):
    with pytest.raises(ValueError, match=named):
        problems.absolute_residuals(*arguments)


def turned(angle=0.6):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


def test_both_wells_are_lowest_and_the_saddle_is_as_high_and_as_bent_as_it_says():
    V = turned()
    p = problems.two_wells(depth=3.0, width=2.0, eigenvalues=[5.0], basis=V, saddle=M)
    for well in (M + 2 * V[:, 0], M - 2 * V[:, 0]):
        assert p.f(well) == pytest.approx(0, abs=1e-14)
        np.testing.assert_allclose(p.grad(well), 0, atol=1e-13)
        np.testing.assert_allclose(np.linalg.eigvalsh(p.hess(well)), [5.0, 6.0])
    assert p.f(M) == pytest.approx(3.0 * 2.0**2 / 4)
    np.testing.assert_allclose(p.grad(M), 0, atol=1e-14)
    np.testing.assert_allclose(np.linalg.eigvalsh(p.hess(M)), [-3.0, 5.0])
    np.testing.assert_allclose(p.hess(M) @ V[:, 0], -3.0 * V[:, 0])
    assert (p.f(M + 3 * np.random.default_rng(0).standard_normal((1000, 2))) >= 0).all()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"depth": 0.0}, "depth"),
        ({"width": -1.0}, "width"),
        ({"eigenvalues": [0.0]}, "eigenvalues"),
        ({"basis": [[1.0, 0.5], [0.0, 1.0]]}, "basis"),
        ({"saddle": [1.0, 2.0, 3.0]}, "saddle"),
    ],
)
def test_wells_that_make_no_sense_are_refused_by_name(given, named):
    with pytest.raises(ValueError, match=named):
        problems.two_wells(**given)
