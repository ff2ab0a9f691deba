"""The figures of networks and neural networks: what they say is true, and the first view shows what it is there for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from helpers.applications import (
    best_consensus_weight,
    graph_laplacian,
    karate_club,
    mlp_gradient,
    mlp_loss,
    unpacked,
)
from helpers.draw import Canvas
from helpers.draw.graphs import OPINION, Bundle, Network, Shade
from helpers.explore.networks import GRAPHS, STARTS, colours_agree, prepared
from helpers.explore.neural import DEPTHS, boundary_forming, fold_lines, petals, residual_polygon
from helpers.flow import observed_order

made = cache(lambda make: make())


# Consensus ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", GRAPHS)
@pytest.mark.parametrize("start", STARTS)
def test_the_mean_is_kept_and_the_slowest_modes_are_what_remains(network, start):
    data = made(colours_agree).compute(network=network, start=start, share=1.0, k=0)
    np.testing.assert_allclose(data["path"].mean(axis=1), 0, atol=1e-12)
    seen = data["gap"] > 1e-9
    assert (data["theory"] <= data["gap"] * (1 + 1e-6))[seen].all()
    assert (data["gap"] <= data["promise"] * (1 + 1e-9))[seen].all()
    assert data["theory"][-1] == pytest.approx(data["gap"][-1], rel=0.15, abs=1e-9)


def test_the_predicted_modes_take_over_at_any_weight_in_the_long_run():
    for share in (0.5, 1.0, 1.08):
        data = made(colours_agree).compute(network="karate club", start="random", share=share, k=0)
        assert data["theory"][-1] == pytest.approx(data["gap"][-1], rel=0.1)


def test_the_best_weight_of_the_figure_is_that_of_the_course():
    data = made(colours_agree).compute(network="path of 10", start="two camps", share=1.0, k=0)
    assert (data["best_alpha"], data["best_rate"]) == best_consensus_weight(data["laplacian"])
    assert data["factor"] == pytest.approx(0.951057, abs=5e-7)


def test_squares_are_those_who_went_with_the_officers():
    adjacency, side = karate_club()
    graph = prepared("karate club")
    np.testing.assert_array_equal(graph["squares"], side > 0)
    np.testing.assert_array_equal(graph["laplacian"], graph_laplacian(adjacency))
    assert len(graph["ends"]) == 78


def test_a_learners_step_and_weight_are_used():
    def half_as_far(laplacian, x, alpha):
        return x - alpha / 2 * laplacian @ x

    slow = colours_agree(method=half_as_far, weight=lambda laplacian: (0.2, 0.9))
    data = slow.compute(network="path of 10", start="random", share=0.5, k=0)
    ours = made(colours_agree).compute(network="path of 10", start="random", share=0.1, k=0)
    assert (data["best_alpha"], data["best_rate"]) == (0.2, 0.9)
    np.testing.assert_allclose(data["path"], ours["path"], atol=1e-12)
    assert "no step can be made" in colours_agree(weight=lambda laplacian: (-1.0, 0.9)).caption


# The boundary ------------------------------------------------------------------------------------------


def test_at_first_the_boundary_is_forming_and_at_the_end_it_stands():
    figure = made(boundary_forming)
    begun, now, done = (figure.compute(n_hidden="2", k=k) for k in (0, figure.state["k"], 300))
    assert begun["wrong"].sum() > 50
    assert done["losses"][300] < 0.2 * done["line"] < now["losses"][now["k"]]
    assert now["losses"][now["k"]] < now["line"]
    assert done["wrong"].sum() < 10


def test_one_hidden_unit_makes_a_straight_boundary_that_cannot_do():
    data = made(boundary_forming).compute(n_hidden="1", k=300)
    assert data["wrong"].sum() > 30


def test_the_losses_are_those_of_the_path_and_a_learners_gradient_is_trained_with():
    X, y = petals()
    scaled = boundary_forming(method=lambda *given: tuple(0.5 * part for part in mlp_gradient(*given)))
    slow, ours = (
        figure.compute(n_hidden="2", k=300)["losses"] for figure in (scaled, made(boundary_forming))
    )
    assert ours[100] < slow[150] < ours[60]
    start = np.zeros(9)
    assert mlp_loss(*unpacked(start, 2), X, y) == pytest.approx(np.log(2))


def test_trouble_in_a_learners_gradient_is_said_in_one_sentence():
    def forgot(W1, b1, w2, b2, X, y):
        return None

    def unfinished(W1, b1, w2, b2, X, y):
        raise NotImplementedError

    def turned(W1, b1, w2, b2, X, y):
        dW1, *rest = mlp_gradient(W1, b1, w2, b2, X, y)
        return dW1.T, *rest

    assert "not attempted yet" in boundary_forming(method=unfinished).caption
    assert "four parts (dW1, db1, dw2, db2)" in boundary_forming(method=forgot).caption
    assert "dW1 must have shape (3, 2), got shape (2, 3)" in boundary_forming(3, method=turned).caption
    with pytest.raises(ValueError, match="method must be a function"):
        boundary_forming(method=3)


def test_dotted_lines_are_where_hidden_units_are_zero():
    rng = np.random.default_rng(0)
    W1, b1 = rng.standard_normal((4, 2)), rng.standard_normal(4)
    ends = fold_lines(W1, b1)
    np.testing.assert_allclose(np.einsum("jd,jed->je", W1, ends) + b1[:, None], 0, atol=1e-12)


# Residual layers ---------------------------------------------------------------------------------------


def test_the_errors_on_the_right_have_order_one():
    data = made(residual_polygon).compute(layers=6, turn=110.0, x=1.8, y=0.9)
    assert observed_order(4 / DEPTHS[-2:], data["errors"][-2:]) == pytest.approx(1, abs=0.15)
    assert data["gap"] == pytest.approx(data["errors"][list(DEPTHS).index(6)])
    np.testing.assert_array_equal(data["passed"][0], data["flow"][0])


# The artists -------------------------------------------------------------------------------------------


def test_artists_draw_what_is_set_and_nothing_when_hidden():
    canvas = Canvas(200, 200)
    axes = canvas.axes(10, 10, 190, 190, xlim=(-1, 1), ylim=(-1, 1))
    network, bundle = Network(canvas, axes), Bundle(canvas, axes)
    shade = Shade(canvas, axes, ((-1, 1), (-1, 1)))
    shade.hide()
    empty = canvas.pixels(1)
    places = np.array([[-0.5, 0.0], [0.5, 0.0]])
    for artist, given in (
        (network, (places, np.array([[0, 1]]), np.array([-1.0, np.inf]), np.array([True, False]))),
        (bundle, ([np.array([[-1.0, -1.0], [1.0, 1.0]])], OPINION([0.0]))),
        (shade, (np.array([[-1.0, 1.0], [-1.0, 1.0]]),)),
    ):
        artist.set(*given)
        assert (canvas.pixels(1) != empty).any()
        artist.hide()
        np.testing.assert_array_equal(canvas.pixels(1), empty)
