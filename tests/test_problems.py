"""Every landscape keeps the contract of `Problem`: one line in PROBLEMS holds it to all of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import optimize

from helpers import problems
from helpers.problems import Problem
from tests.instances import seeds

quickly = settings(max_examples=20, deadline=None)


@dataclass(frozen=True)
class Row:
    """A problem, and points where its curvature reaches L and where it comes down to mu."""

    make: Callable[[], Problem]
    L_at: np.ndarray | None = None
    mu_at: np.ndarray | None = None


def overlapping(n, d, seed=0):
    """Data whose labels no plane separates, unless by a miracle."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)) * np.linspace(1, 3, d), rng.choice([-1.0, 1.0], n)


HERE = np.zeros(1)
FAR = np.full(2, 1e4)  # where the logistic loss has flattened out and only its ridge still curves
PROBLEMS = {
    "quadratic": Row(
        lambda: problems.quadratic([[3.0, 1.0], [1.0, 2.0]], [1.0, -1.0]), np.ones(2), np.ones(2)
    ),
    "flat quadratic": Row(lambda: problems.quadratic([[4.0, 2], [2, 1]], [2.0, 1]), np.ones(2), np.ones(2)),
    "turned valley": Row(
        lambda: problems.quadratic_with_spectrum([1.0, 100.0], angle=0.5, minimiser=[2.0, -1.0]),
        np.ones(2),
        np.ones(2),
    ),
    "quadratic in 20 dimensions": Row(
        lambda: problems.quadratic_with_spectrum(np.geomspace(1, 1e4, 20), rng=np.random.default_rng(0)),
        np.ones(20),
        np.ones(20),
    ),
    "quadratic in turns": Row(
        lambda: problems.quadratic_in_turns([[3.0, 1.0], [1.0, 2.0]], [[1.0, -1.0], [2.0, 0.5], [0.0, 3.0]]),
        np.ones(2),
        np.ones(2),
    ),
    "parabola": Row(lambda: problems.parabola(3.0), HERE, HERE),
    "cost surface": Row(problems.cost_surface, np.ones(2), np.ones(2)),
    "wavy": Row(problems.wavy, np.array([-np.pi / 4])),
    "hardly wavy": Row(lambda: problems.wavy(1.0, 0.1, 3.0), np.array([-np.pi / 6]), np.array([np.pi / 6])),
    "Rosenbrock": Row(problems.rosenbrock),
    "two wells": Row(lambda: problems.two_wells(2.0, 1.5, [1.0, 4.0], saddle=[0.5, -1.0, 0.2])),
    "saddle": Row(lambda: problems.saddle(1.5, 0.8, angle=0.4)),
    "logistic": Row(lambda: problems.logistic(*overlapping(30, 2)), np.zeros(2)),
    "ridge logistic": Row(lambda: problems.logistic(*overlapping(30, 2), ridge=0.2), np.zeros(2), FAR),
    "separable logistic": Row(
        lambda: problems.logistic([[1.0, 2], [0, 1], [-1, 1]], [1, 1, -1]), np.zeros(2)
    ),
    "least squares": Row(lambda: problems.least_squares(*overlapping(9, 3)), np.ones(3), np.ones(3)),
    "wide least squares": Row(lambda: problems.least_squares(*overlapping(3, 5)), np.ones(5), np.ones(5)),
    "wide ridge": Row(lambda: problems.least_squares(*overlapping(3, 5), ridge=0.1), np.ones(5), np.ones(5)),
    "residual norm without a solution": Row(  # no x reaches b, so there is no kink
        lambda: problems.residual_norm([[3.0, 1.0], [6.0, 2.1], [0.0, 1.0]], [1.0, 0.0, 4.0]),
        np.linalg.lstsq([[3.0, 1.0], [6.0, 2.1], [0.0, 1.0]], [1.0, 0.0, 4.0], rcond=None)[0],
    ),
    "breast cancer": Row(problems.breast_cancer_logistic, np.zeros(30)),
    "two features of breast cancer": Row(
        lambda: problems.breast_cancer_logistic(2, ridge=0.01), np.zeros(2), FAR
    ),
    "diabetes": Row(problems.diabetes_least_squares, np.ones(10), np.ones(10)),
    "two features of diabetes": Row(lambda: problems.diabetes_least_squares(2, 0.1), np.ones(2), np.ones(2)),
}


@lru_cache
def made(name):
    return PROBLEMS[name].make()


def points_near(problem, seed, *shape):
    """Random points in and around the view of a problem."""
    rng = np.random.default_rng(seed)
    centre = problem.x0 if problem.minimiser is None else problem.minimiser
    spread = 1 + np.abs(problem.x0 - centre).max()
    return centre + spread * rng.standard_normal((*shape, problem.dim))


def slopes(function, x, h=1e-4):
    """Derivatives of `function` along each axis, by central differences of fourth order."""
    steps = h * np.eye(x.shape[-1])
    far, near = [
        np.stack([function(x + j * step) - function(x - j * step) for step in steps], axis=-1) for j in (2, 1)
    ]
    return (8 * near - far) / (12 * h)


every_problem = pytest.mark.parametrize("name", PROBLEMS)


@every_problem
@given(seed=seeds)
@quickly
def test_gradient_agrees_with_finite_differences(name, seed):
    p = made(name)
    x = points_near(p, seed)
    scale = np.abs(p.f(x)) + np.linalg.norm(p.grad(x)) + np.linalg.norm(p.hess(x)) + 1
    np.testing.assert_allclose(p.grad(x), slopes(p.f, x), rtol=0, atol=1e-9 * scale)


@every_problem
@given(seed=seeds)
@quickly
def test_hessian_agrees_with_finite_differences_and_is_symmetric(name, seed):
    p = made(name)
    x = points_near(p, seed)
    H = p.hess(x)
    scale = np.linalg.norm(p.grad(x)) + np.linalg.norm(H) + 1
    np.testing.assert_allclose(H, slopes(p.grad, x), rtol=0, atol=1e-9 * scale)
    np.testing.assert_allclose(H, H.T, rtol=1e-12, atol=1e-14 * scale)


@every_problem
@given(seed=seeds)
@quickly
def test_points_in_any_batch_give_what_they_give_alone(name, seed):
    p = made(name)
    batch = points_near(p, seed, 2, 3)
    for function, shape in ((p.f, ()), (p.grad, (p.dim,)), (p.hess, (p.dim, p.dim))):
        together = function(batch)
        assert together.shape == (2, 3, *shape)
        for i in np.ndindex(2, 3):
            alone = function(batch[i])
            np.testing.assert_allclose(together[i], alone, rtol=1e-11, atol=1e-11 * np.abs(together).max())


@every_problem
@given(seed=seeds)
@quickly
def test_curvature_stays_between_mu_and_L(name, seed):
    p = made(name)
    x, y = points_near(p, seed, 2)
    lam = np.linalg.eigvalsh(p.hess(x))
    rounding = 1e-12 * lam[-1]
    assert p.L is None or lam[-1] <= p.L + rounding
    assert p.mu is None or lam[0] >= p.mu - rounding
    if p.L is not None:
        ratio = np.linalg.norm(p.grad(x) - p.grad(y)) / np.linalg.norm(x - y)
        assert ratio <= p.L * (1 + 1e-9)
        assert p.mu is None or ratio >= p.mu * (1 - 1e-9)


@every_problem
def test_L_and_mu_are_attained_and_so_cannot_be_improved(name):
    p, row = made(name), PROBLEMS[name]
    if row.L_at is not None:
        assert np.linalg.eigvalsh(p.hess(row.L_at))[-1] == pytest.approx(p.L, rel=1e-12)
    if row.mu_at is not None:
        assert np.linalg.eigvalsh(p.hess(row.mu_at))[0] == pytest.approx(p.mu, rel=1e-9, abs=1e-12 * p.L)
    assert (p.L is None) == (row.L_at is None)


@every_problem
def test_a_problem_without_L_curves_more_than_any_bound(name):
    p = made(name)
    if p.L is None:
        bends = [np.linalg.eigvalsh(p.hess(size * np.ones(p.dim)))[-1] for size in (1e2, 1e4, 1e6)]
        assert bends[0] > 1e2
        assert bends[1] > 1e2 * bends[0]
        assert bends[2] > 1e2 * bends[1]
    else:
        assert np.isfinite(p.L)


@every_problem
def test_convex_means_that_no_curvature_is_negative(name):
    p = made(name)
    lowest = np.linalg.eigvalsh(p.hess(points_near(p, 0, 1000)))[:, 0].min()
    assert p.convex == (lowest >= -1e-12 * (p.L or 1))
    assert (p.mu is None) == (not p.convex)


@every_problem
def test_nothing_is_lower_than_the_minimiser_and_the_gradient_vanishes_there(name):
    p = made(name)
    if p.minimiser is None:
        assert name == "separable logistic"
        return
    m = p.minimiser
    rounding = 1e-14 * (1 + np.abs(p.hess(m)).max() * (1 + np.abs(m).max()))
    assert np.linalg.norm(p.grad(m)) <= 100 * rounding
    assert (p.f(points_near(p, 1, 2000)) >= p.f(m) - 1e-12 * (1 + np.abs(p.f(m)))).all()


@every_problem
def test_scipy_finds_the_same_minimum(name):
    p = made(name)
    if p.dim == 1:  # every valley of a fine comb of them, and the lowest of all
        edges = np.linspace(*p.window[0], 200)
        found = min(
            optimize.minimize_scalar(lambda x: p.f(np.array([x])), bounds=ends, method="bounded").fun
            for ends in pairwise(edges)
        )
    else:
        start = p.x0 + (p.dim == 30)
        tight = {"gtol": 1e-9}
        found = optimize.minimize(
            p.f, start, jac=p.grad, hess=p.hess, method="trust-exact", options=tight
        ).fun
    if p.minimiser is None:
        assert 0 <= found < 1e-4  # separable: the loss can be brought as near to 0 as one likes
    else:
        assert p.f(p.minimiser) == pytest.approx(found, rel=1e-9, abs=1e-9)


@every_problem
def test_a_description_through_json_builds_the_same_problem_to_the_last_bit(name):
    p = made(name)
    plain = json.loads(json.dumps(p.description, default=np.ndarray.tolist))
    x = points_near(p, 0, 5)
    for description in (p.description, plain):
        q = problems.build(description)
        for attribute in ("name", "dim", "L", "mu", "window", "convex"):
            assert getattr(q, attribute) == getattr(p, attribute)
        np.testing.assert_array_equal(q.x0, p.x0)
        assert (q.minimiser is None) == (p.minimiser is None)
        assert p.minimiser is None or np.array_equal(q.minimiser, p.minimiser)
        for function in ("f", "grad", "hess"):
            np.testing.assert_array_equal(getattr(q, function)(x), getattr(p, function)(x))


@every_problem
def test_a_description_holds_numbers_arrays_and_strings_only(name):
    description = made(name).description
    assert set(description) == {"problem", "arguments"}
    for value in description["arguments"].values():
        assert isinstance(value, (int, float, str)) or (
            isinstance(value, np.ndarray) and value.dtype == float
        )


@every_problem
def test_the_window_shows_the_start_and_the_minimiser(name):
    p = made(name)
    assert p.x0.shape == (p.dim,)
    assert p.x0.dtype == float
    assert (p.window is None) == (p.dim > 2)
    for axis, (low, high) in enumerate(p.window or ()):
        assert low < p.x0[axis] < high
        assert p.minimiser is None or low < p.minimiser[axis] < high
    assert np.linalg.norm(p.grad(p.x0)) > 1e-3  # something happens from there


@every_problem
def test_whole_numbers_and_lists_are_points_too(name):
    p = made(name)
    whole = np.arange(p.dim)
    for function in (p.f, p.grad, p.hess):
        np.testing.assert_array_equal(function(whole), function(whole.astype(float)))
        np.testing.assert_array_equal(function(whole.tolist()), function(whole.astype(float)))


@every_problem
def test_points_where_a_run_has_diverged_to_raise_no_warning(name):
    p = made(name)
    for size in (1e160, 1e300, np.inf, np.nan):
        x = np.full((2, p.dim), size)
        assert (p.f(x).shape, p.grad(x).shape, p.hess(x).shape) == ((2,), (2, p.dim), (2, p.dim, p.dim))


@every_problem
def test_functions_leave_their_point_alone_and_the_problem_cannot_be_changed(name):
    p = made(name)
    x = points_near(p, 0, 4)
    before = x.copy()
    p.f(x), p.grad(x), p.hess(x)
    np.testing.assert_array_equal(x, before)
    for array in (p.x0, p.minimiser, *p.description["arguments"].values()):
        if isinstance(array, np.ndarray):
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
