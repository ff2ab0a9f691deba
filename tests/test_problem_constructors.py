"""Each constructor makes the landscape that its name and its source promise, and refuses what does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from sklearn.linear_model import LogisticRegression, Ridge

from helpers import problems
from tests.instances import seeds
from tests.test_problems import overlapping, quickly


@given(seed=seeds, d=st.integers(1, 8))
@quickly
def test_a_spectrum_is_the_spectrum_asked_for_in_every_basis(seed, d):
    rng = np.random.default_rng(seed)
    lam, m = rng.uniform(0, 10, d), rng.standard_normal(d)
    for p in (
        problems.quadratic_with_spectrum(lam, rng=rng, minimiser=m),
        problems.quadratic_with_spectrum(lam, minimiser=m),
    ):
        np.testing.assert_allclose(np.linalg.eigvalsh(p.hess(m)), np.sort(lam), atol=1e-12)
        assert (p.L, p.mu) == (lam.max(), lam.min())
        np.testing.assert_array_equal(p.minimiser, m)


@given(seed=seeds, angle=st.floats(-np.pi, np.pi))
@quickly
def test_the_angle_turns_the_first_eigenvector_that_far_from_the_first_axis(seed, angle):
    lam = np.random.default_rng(seed).uniform(0, 10, 2)
    Q = problems.quadratic_with_spectrum(lam, angle=angle).hess(np.zeros(2))
    first = np.array([np.cos(angle), np.sin(angle)])
    np.testing.assert_allclose(Q @ first, lam[0] * first, atol=1e-12)


def test_a_basis_drawn_from_rng_prefers_no_direction():
    rng = np.random.default_rng(0)
    drawn = [
        problems.quadratic_with_spectrum(np.ones(3), rng=rng).description["arguments"]["basis"]
        for _ in range(2000)
    ]
    # Each entry has mean 0 and variance 1/3 under the uniform distribution: 5 standard errors are room enough.
    error = 1 / np.sqrt(3 * len(drawn))
    assert np.abs(np.mean(drawn, axis=0)).max() < 5 * error
    assert np.abs(np.mean(np.square(drawn), axis=0) - 1 / 3).max() < 5 * error


@given(seed=seeds)
@quickly
def test_a_quadratic_falls_forever_exactly_where_b_leaves_the_range_of_Q(seed):
    rng = np.random.default_rng(seed)
    half = rng.standard_normal((2, 4))
    Q = half.T @ half
    Q = (Q + Q.T) / 2
    b = Q @ rng.standard_normal(4)
    p = problems.quadratic(Q, b)
    np.testing.assert_allclose(p.minimiser, np.linalg.pinv(Q, rcond=1e-10) @ b, atol=1e-8)
    assert p.mu == 0
    away = np.linalg.svd(half)[2][3]  # Q does not reach there
    assert problems.quadratic(Q, b + away).minimiser is None


def test_the_cost_surface_has_the_worked_numbers():
    p = problems.cost_surface()
    assert p.f(np.array([1.0, 1.0])) == 14
    np.testing.assert_array_equal(p.grad(np.array([1.0, 1.0])), [-6, 6])
    np.testing.assert_array_equal(p.grad(p.minimiser), [0, 0])
    assert p.f(p.minimiser) == -31
    np.testing.assert_allclose(np.linalg.eigvalsh(p.hess(p.x0)), (p.mu, p.L), rtol=1e-14)


@given(seed=seeds)
@quickly
def test_wavy_names_the_lowest_of_its_valleys(seed):
    c, a, w = np.random.default_rng(seed).uniform([0.05, 0.2, 0.5], [1, 2, 4])
    p = problems.wavy(c, a, w)
    reach = np.sqrt(2 * a / c)  # f(0) = 0, and f > 0 further out
    assert p.f(np.linspace(-reach, reach, 20001)[:, None]).min() >= p.f(p.minimiser) - 1e-12


def test_wavy_has_several_valleys_in_its_window():
    p = problems.wavy()
    g = p.grad(np.linspace(*p.window[0], 2001)[:, None])[:, 0]
    assert np.sum((g[:-1] < 0) & (g[1:] > 0)) >= 3


@given(seed=seeds)
@quickly
def test_logistic_smoothness_is_a_quarter_of_the_mean_square_and_holds_with_equality_at_zero(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((12, 3)), rng.choice([-1.0, 1.0], 12)
    p = problems.logistic(X, y)
    expected = np.linalg.norm(X, ord=2) ** 2 / (4 * 12)
    assert pytest.approx(expected, rel=1e-13) == p.L
    assert np.linalg.eigvalsh(p.hess(np.zeros(3)))[-1] == pytest.approx(expected, rel=1e-13)


def test_margins_of_ten_thousand_neither_overflow_nor_vanish():
    p = problems.logistic([[1e4], [1e4]], [1, -1])
    w = np.array([[1.0], [-1.0]])
    np.testing.assert_allclose(p.f(w), 5e3, rtol=1e-15)
    np.testing.assert_allclose(p.grad(w)[:, 0], [5e3, -5e3], rtol=1e-15)
    right = problems.logistic([[1.0]], [1])
    assert right.f(np.array([700.0])) == pytest.approx(np.exp(-700.0), rel=1e-12)  # small, and still right
    assert right.grad(np.array([700.0]))[0] == pytest.approx(-np.exp(-700.0), rel=1e-12)


@given(seed=seeds)
@settings(max_examples=200, deadline=None)
def test_logistic_has_no_minimiser_exactly_where_linear_programming_separates_the_labels(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(2, 9)
    X, y = rng.integers(-2, 3, (n, 2)), rng.choice([-1, 1], n)
    X[0] = 1  # some data have to be there
    Z = y[:, None] * X
    # The loss falls forever along w exactly if no margin Zw is negative and one is positive.
    best = optimize.linprog(-Z.sum(axis=0), A_ub=-Z, b_ub=np.zeros(n), bounds=[(-1, 1)] * 2)
    assert (problems.logistic(X, y).minimiser is None) == (best.fun < -1e-9)
    assert problems.logistic(X, y, ridge=1e-3).minimiser is not None


@pytest.mark.parametrize("ridge", [1e-3, 1.0])
def test_scikit_learn_fits_the_same_weights(ridge):
    X, benign = problems.regression.standardised("breast_cancer", 30)
    n = len(X)
    theirs = LogisticRegression(C=1 / (n * ridge), fit_intercept=False, tol=1e-12, max_iter=10000)
    ours = problems.breast_cancer_logistic(ridge=ridge).minimiser
    np.testing.assert_allclose(theirs.fit(X, benign).coef_[0], ours, atol=1e-5)
    X, y = problems.regression.standardised("diabetes", 10)
    theirs = Ridge(alpha=len(X) * ridge, fit_intercept=False)
    ours = problems.diabetes_least_squares(ridge=ridge).minimiser
    np.testing.assert_allclose(theirs.fit(X, (y - y.mean()) / y.std()).coef_, ours, rtol=1e-9)


def test_columns_that_repeat_each_other_leave_a_flat_direction_until_a_ridge_bends_it():
    X, y = overlapping(9, 2)
    repeated = np.column_stack([X, X.sum(axis=1)])
    assert problems.least_squares(repeated, y).mu == 0
    assert problems.least_squares(repeated, y, ridge=0.5).mu == 0.5
    np.testing.assert_allclose(problems.least_squares(repeated, y).minimiser, np.linalg.pinv(repeated) @ y)


def test_real_data_are_standardised_whatever_columns_are_used():
    for data_set in ("breast_cancer", "diabetes"):
        X, _ = problems.regression.standardised(data_set, 7)
        assert X.shape[1] == 7
        np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
        np.testing.assert_allclose(X.std(axis=0), 1, rtol=1e-12)


def test_the_three_parabolas_join_without_a_jump_and_keep_their_constants():
    p = problems.three_parabolas()
    x = np.linspace(-3, 5, 3201)[:, None]  # corners at grid points
    slope = p.grad(x)[:, 0]
    rise = np.diff(slope) / np.diff(x[:, 0])
    assert rise.min() == pytest.approx(p.mu, rel=1e-9)
    assert rise.max() == pytest.approx(p.L, rel=1e-9)
    trapezoid = np.concatenate([[0], np.cumsum((slope[1:] + slope[:-1]) / 2 * np.diff(x[:, 0]))])
    np.testing.assert_allclose(p.f(x) - p.f(x[0]), trapezoid, atol=1e-9)
    inside = np.array([[0.0], [1.5], [3.0]])
    np.testing.assert_array_equal(p.hess(inside)[:, 0, 0], [25.0, 1.0, 25.0])
    assert np.isnan(p.hess(np.array([np.nan]))).all()
    assert problems.build(p.description).name == p.name
    assert p.f(p.minimiser) == 0
    assert p.grad(p.minimiser) == 0


def test_the_gradients_of_a_problem_in_turns_have_the_gradient_as_their_mean():
    p = problems.quadratic_in_turns([[3.0, 1.0], [1.0, 2.0]], [[1.0, -1.0], [2.0, 0.5], [0.0, 3.0]])
    x = np.random.default_rng(0).standard_normal((4, 2))
    for first in (1, 2, 7):
        mean = np.mean([p.grad_t(x, t) for t in range(first, first + 3)], axis=0)
        np.testing.assert_allclose(mean, p.grad(x), atol=1e-13)


BAD = [
    (lambda: problems.quadratic([[1.0, 2.0], [0.0, 1.0]]), "Q must be a symmetric"),
    (lambda: problems.quadratic([[1.0, 2.0, 3.0]]), r"Q must have shape \(d, d\), got shape \(1, 3\)"),
    (lambda: problems.quadratic([1.0, 2.0]), r"Q must have 2 axes, got shape \(2,\)"),
    (lambda: problems.quadratic([[1.0, 0.0], [0.0, -1.0]]), "Q must be positive semidefinite, .* -1"),
    (lambda: problems.quadratic([[np.nan]]), "Q must be finite, got nan"),
    (lambda: problems.quadratic(np.zeros((0, 0))), "Q must not be empty"),
    (lambda: problems.quadratic("hill"), "Q must be an array of numbers, got 'hill'"),
    (lambda: problems.quadratic(np.eye(2), [1.0, 2.0, 3.0]), r"b must have shape \(2,\), got shape \(3,\)"),
    (lambda: problems.quadratic_with_spectrum([1.0, -2.0]), "eigenvalues must be >= 0, got -2"),
    (
        lambda: problems.quadratic_with_spectrum([1.0, 2.0, 3.0], angle=0.1),
        "angle must be 0 .* got 0.1 for 3",
    ),
    (lambda: problems.quadratic_with_spectrum([1.0], basis=[[2.0]]), "basis must be an orthogonal matrix"),
    (
        lambda: problems.quadratic_with_spectrum([1.0, 2.0], minimiser=[1.0]),
        r"minimiser must have shape \(2,\)",
    ),
    (
        lambda: problems.quadratic_with_spectrum([1.0, 2.0], angle=0.1, rng=np.random.default_rng(0)),
        "one of angle, rng and basis",
    ),
    (lambda: problems.parabola(0.0), "curvature must be a number > 0, got 0.0"),
    (lambda: problems.parabola([1.0, 2.0]), "curvature must be a number > 0, got"),
    (lambda: problems.saddle(steep=0), "steep must be a number > 0, got 0"),
    (lambda: problems.saddle(fall=-1), "fall must be a number > 0, got -1"),
    (lambda: problems.quadratic_in_turns([[1.0]], [1.0, 2.0]), "b must have 2 axes"),
    (lambda: problems.wavy(amplitude=-1.0), "amplitude must be a number >= 0, got -1.0"),
    (lambda: problems.rosenbrock(a=np.inf), "a must be a finite number, got inf"),
    (lambda: problems.logistic([[1.0], [2.0]], [0, 1]), r"y must hold the labels \+1 and -1, got 0"),
    (lambda: problems.logistic([[1.0], [2.0]], [1, -1, 1]), r"y must have shape \(2,\), got shape \(3,\)"),
    (lambda: problems.logistic([[1.0], [2.0]], [1, -1], ridge=-0.1), "ridge must be a number >= 0, got -0.1"),
    (lambda: problems.least_squares(np.zeros((0, 2)), []), "X must not be empty"),
    (lambda: problems.least_squares([[1.0], [np.inf]], [1, 2]), "X must be finite, got inf"),
    (lambda: problems.breast_cancer_logistic(31), "n_features must be a whole number from 1 to 30, got 31"),
    (lambda: problems.diabetes_least_squares(2.5), "n_features must be a whole number >= 1, got 2.5"),
    (lambda: problems.build({"problem": "hill", "arguments": {}}), "problem must be one of .*, got 'hill'"),
    (lambda: problems.build({"problem": ["hill"], "arguments": {}}), "problem must be one of"),
    (lambda: problems.build({"problem": "parabola"}), "description must have the keys"),
    (lambda: problems.build("parabola"), "description must have the keys"),
    (
        lambda: problems.build({"problem": "parabola", "arguments": {"curve": 1.0}}),
        "arguments of parabola must be curvature, got",
    ),
    (
        lambda: problems.build({"problem": "quadratic", "arguments": {}}),
        "arguments of quadratic must be Q, b, got",
    ),
]


@pytest.mark.parametrize(("call", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence) as told:
        call()
    assert "\n" not in str(told.value)
