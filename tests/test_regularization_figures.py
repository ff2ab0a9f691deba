"""The figures of chapter 04: what they say is true, and the first view shows what they are there for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from helpers import problems
from helpers.draw import Canvas
from helpers.draw.valleys import Rings
from helpers.explore.filters import LAMS, errors, with_products
from helpers.explore.regularization import (
    CURVATURES,
    STARTS,
    A,
    B,
    filter_curves,
    floor_to_bowl,
    in_one,
    rate_switch,
    train_and_test,
)
from helpers.regularization import early_stopping_filter, minimum_norm_limit, ridge_gradient

made = cache(lambda make: make())  # for what is only computed: a figure takes its time to build


@pytest.mark.parametrize("lam", [0.0, 0.01, 0.3, 1.0])
def test_all_walks_are_gradient_descent_on_the_landscape_with_the_ridge(lam):
    data = made(floor_to_bowl).compute(lam=lam, n_steps=20, x=1.5, y=-2.0)
    p = problems.least_squares(A, B, lam)
    np.testing.assert_allclose(data["lowest"], p.minimiser, atol=1e-12)
    np.testing.assert_allclose(data["Q"], p.hess(p.x0), atol=1e-12)
    for walk in (data["path"][:, None], data["others"]):
        np.testing.assert_allclose(walk[1:], walk[:-1] - p.grad(walk[:-1]) / p.L, atol=1e-12)
    np.testing.assert_allclose(data["own"], data["theory"], atol=1e-12)
    np.testing.assert_allclose(data["others"][0], STARTS, atol=1e-12)


def test_without_a_ridge_each_start_has_an_end_of_its_own_and_with_one_they_share_it():
    flat = made(floor_to_bowl).compute(lam=0.0, n_steps=120, x=-1.6, y=0.4)
    ends = flat["others"][-1]
    np.testing.assert_allclose(ends @ A.T, np.broadcast_to(B, (len(ends), 2)), atol=1e-9)
    assert np.ptp(flat["place"]) > 4
    assert (np.abs(ends) < 3).all()  # in the picture
    np.testing.assert_allclose(flat["height"], 0, atol=1e-12)
    bowl = made(floor_to_bowl).compute(lam=0.3, n_steps=120, x=-1.6, y=0.4)
    assert np.ptp(bowl["place"]) < 1e-6
    np.testing.assert_allclose(flat["lowest"], minimum_norm_limit(A, B), atol=1e-12)


@pytest.mark.parametrize("lam", [0.0, 0.001, 0.02, 0.1])
def test_the_gap_stays_below_both_guarantees(lam):
    data = made(rate_switch).compute(lam=lam)
    assert (data["gaps"] <= data["linear_bound"] * (1 + 1e-9) + 1e-28).all()
    assert (data["gaps"] <= data["sublinear_bound"] * (1 + 1e-9)).all()


def test_the_rate_switches_from_sublinear_to_linear_once():
    verdicts = [made(rate_switch).compute(lam=lam)["linear"] for lam in (0.0, 0.001, 0.02, 0.05, 0.1)]
    assert verdicts == [False, False, True, True, True]
    gaps = made(rate_switch).compute(lam=0.0)["gaps"]
    assert CURVATURES.min() == 0
    np.testing.assert_allclose(gaps[[50, 100, 200]] / gaps[[100, 200, 400]], 2, rtol=0.03)  # like 1/k
    gaps = made(rate_switch).compute(lam=0.05)["gaps"]
    np.testing.assert_allclose(gaps[201] / gaps[200], (1 - 0.05 / 1.05) ** 2, rtol=0.02)


@pytest.mark.parametrize("share", [0.1, 1.0, 1.9])
@pytest.mark.parametrize("k", [1, 8, 1024])
def test_the_measured_shares_lie_on_both_filters(share, k):
    data = made(filter_curves).compute(n_steps=float(k), lam=0.1, share=share)
    expected = early_stopping_filter(data["s"], data["alpha"], k)
    np.testing.assert_allclose(data["measured"], expected, atol=1e-8)
    np.testing.assert_allclose(data["measured_ridge"], data["s"] ** 2 / (data["s"] ** 2 + 0.1), atol=1e-8)
    assert data["grid"][-1] == data["s"][0]


def test_the_errors_are_those_of_scikit_learn():
    columns, y = with_products()
    order = np.random.default_rng(3).permutation(len(y))
    train, test = order[:120], order[120:]
    rows, on_train, on_test = errors(120, 3)
    scaled = (columns - columns[train].mean(axis=0)) / columns[train].std(axis=0)
    target = (y - y[train].mean()) / y[train].std()
    np.testing.assert_allclose(rows, scaled[train])
    for i in (10, 25):
        fit = Ridge(alpha=LAMS[i] * 120, fit_intercept=False).fit(scaled[train], target[train])
        for part, found in ((train, on_train[i]), (test, on_test[i])):
            assert found == pytest.approx(np.mean((fit.predict(scaled[part]) - target[part]) ** 2), rel=1e-6)


def test_more_ridge_never_lowers_the_training_error_and_some_ridge_lowers_the_test_error():
    for draw in range(5):
        _, train, test = errors(80, draw)
        assert (np.diff(train) >= -1e-12).all()
        assert test.min() < 0.7 * test[0]
        assert 0 < np.argmin(test) < len(test) - 1


# The first view ----------------------------------------------------------------------------------------


def test_the_first_views_show_what_they_are_for():
    assert "where you end depends on where you start" in made(floor_to_bowl).caption
    assert "Judged sublinear" in made(rate_switch).caption
    figure = made(filter_curves)
    data = figure.compute(**figure.state)
    assert data["match"] == pytest.approx(data["lam"], rel=0.01)
    assert data["apart"] < 0.21
    figure = made(train_and_test)
    data = figure.compute(**figure.state)
    assert data["test"][data["here"]] < 0.2 * data["test"][0]


# A learner's own function ------------------------------------------------------------------------------


def test_a_right_function_of_the_learner_gives_the_same_figure_as_ours():
    own = floor_to_bowl(method=lambda w, A, b, lam: (A.T @ (A @ w - b) / len(b) + lam * w).tolist())
    assert own.caption == floor_to_bowl().caption
    assert (own.canvas.pixels(1) == floor_to_bowl().canvas.pixels(1)).all()
    own = filter_curves(ridge_method=lambda s, lam: [v * v / (v * v + lam) for v in s])
    assert own.caption == filter_curves().caption


def test_a_wrong_function_of_the_learner_is_seen():
    own = floor_to_bowl(lam=0.3, method=lambda w, A, b, lam: ridge_gradient(w, A, b, 0.0))
    data = own.compute(**own.state)
    assert abs(data["own"][-1] - data["theory"][-1]) > 0.5
    assert "Judged linear" in rate_switch(method=lambda gaps: True).caption
    own = filter_curves(method=lambda s, alpha, n_steps: (1 - alpha * s**2) ** n_steps)
    data = own.compute(**own.state)
    assert np.max(np.abs(data["stopped"][0] - data["measured"][-1])) > 0.5


def test_a_function_that_returns_nothing_or_the_wrong_shape_gets_a_sentence():
    assert "None" in floor_to_bowl(method=lambda *given: None).caption
    assert "shape" in filter_curves(method=lambda s, alpha, n_steps: s[:3]).caption


# The artists -------------------------------------------------------------------------------------------


def test_many_curves_are_one_with_gaps():
    x, y = in_one(np.arange(3)[:, None], np.arange(6.0).reshape(3, 2))
    np.testing.assert_array_equal(x, [0, 1, 2, np.nan, 0, 1, 2, np.nan])
    np.testing.assert_array_equal(y, [0, 2, 4, np.nan, 1, 3, 5, np.nan])


def test_rings_around_another_centre_with_a_flat_direction_are_straight_lines_in_view():
    canvas = Canvas(200, 200)
    axes = canvas.axes(20, 20, 190, 190, xlim=(-3, 3), ylim=(-3, 3))
    rings = Rings(canvas, axes)
    Q, centre = np.array([[4.0, 2.0], [2.0, 1.0]]), np.array([1.0, -0.5])
    rings.set(Q, centre)
    for path in rings.rings.get_paths():
        offset = path.vertices - centre
        seen = offset[np.abs(offset @ [-1.0, 2.0]) < 20]  # near the view, along the flat direction
        across = np.abs(seen @ [2.0, 1.0])
        assert len(seen) < 2 or np.ptp(across) < 1e-2 * across.max()
