"""The figures of chapter 00: what they say is true, and a function of the learner's own drives them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from helpers.differences import cost_gradient, evaluate_cost, forward_difference_gradient
from helpers.draw import Canvas
from helpers.draw.heights import Arrow
from helpers.explore.start import H, difference_error, surface_walk

made = cache(lambda make: make())


@pytest.mark.parametrize(("x", "y"), [(1.0, 1.0), (10.0, -5.0), (7.0, -8.0), (-1.0, 4.0)])
def test_the_dashed_ring_is_all_at_the_height_of_the_point_and_square_to_the_arrow(x, y):
    data = made(surface_walk).compute(x=x, y=y)
    np.testing.assert_allclose(evaluate_cost(*data["level"].T), data["height"], rtol=1e-9, atol=1e-9)
    nearest = np.argsort(np.linalg.norm(data["level"] - data["point"], axis=1))[:2]
    along = np.diff(data["level"][nearest], axis=0)[0]
    # a chord of a ring of 81 corners is off the tangent by a few degrees at the most
    assert abs(along @ data["g"]) <= 0.1 * np.linalg.norm(along) * np.linalg.norm(data["g"])


def test_the_cuts_pass_through_the_point_and_the_caption_says_height_and_gradient():
    figure = surface_walk(x=1.0, y=1.0)
    data = figure.compute(x=1.0, y=1.0)
    assert (data["height"], *data["g"]) == (14, -6, 6)
    assert np.interp(1.0, np.linspace(-1, 13, 36), data["cut along x"]) == pytest.approx(14, abs=0.2)
    assert "the height is 14" in figure.caption
    assert "the gradient is (−6, 6)" in figure.caption


def test_a_learners_height_and_gradient_are_drawn_as_they_are():
    figure = surface_walk(cost=lambda x, y: 5.0, method=lambda x, y: (1.0, 2.0))
    data = figure.compute(x=0.0, y=0.0)
    assert data["height"] == 5
    np.testing.assert_array_equal(data["g"], [1, 2])


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"cost": lambda x, y: None}, "Your function returned None"),
        ({"method": lambda x, y: 3.0}, "one number"),
        ({"method": lambda x: x}, "takes 1 argument"),
    ],
)
def test_a_learners_mistake_becomes_one_sentence(broken, sentence):
    assert sentence in surface_walk(**broken).caption


@pytest.mark.parametrize("x", [-2.0, -0.75, 0.0, 0.7, 2.0])
def test_the_dots_follow_the_theory_down_both_sides_of_the_v(x):
    figure = made(difference_error)
    data = figure.compute(x=x, h=0.5)
    long, short = (H < 0.1) & (H > 3e-4), H < 1e-12
    for name in ("central", "one-sided"):
        theory = np.exp(
            np.interp(np.log(H), np.log(np.geomspace(H[-1], H[0], 160)), np.log(data[f"{name}, theory"]))
        )
        np.testing.assert_allclose(data[name][long], theory[long], rtol=0.06)
        assert (data[name][short] <= 2.1 * theory[short]).all()
        assert data[name][short].max() > 0.02 * theory[short].max()
    smallest = H[np.argmin(data["central"])]
    assert data["best"] / 30 < smallest < data["best"] * 30


def test_a_one_sided_function_of_the_learners_lands_on_the_other_theory():
    def mine(f, x, h):
        return forward_difference_gradient(f, x, h)

    data = difference_error(method=mine).compute(x=0.7, h=0.5)
    np.testing.assert_allclose(data["central"], data["one-sided"], rtol=1e-6)


def test_an_unfinished_function_is_told_so():
    def stub(f, x, h):
        raise NotImplementedError

    assert difference_error(method=stub).caption == "This part is not attempted yet."


def test_an_arrow_ends_where_its_vector_ends():
    canvas = Canvas(200, 200)
    with canvas.building():
        axes = canvas.axes(20, 20, 180, 180, xlim=(0, 10), ylim=(0, 10))
    arrow = Arrow(canvas, axes)
    arrow.set(np.array([2.0, 2.0]), np.array([4.0, 0.0]))
    (x,), (y,) = arrow.tip.get_data()
    assert 5.0 < x < 6.0  # the marker's middle: its point is at 6
    assert y == 2
    assert arrow.shaft.get_xdata()[0] == 2
    arrow.set(np.array([2.0, 2.0]), 1e-9 * cost_gradient(1, 1))
    assert not arrow.tip.get_visible()
    assert not arrow.shaft.get_visible()
