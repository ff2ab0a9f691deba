"""The figures of chapter 03: what they say is true, and the first view shows what they are there for."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from helpers.conditioning import contraction_factor, exact_line_search, mode_errors, steps_to_tolerance
from helpers.draw import Canvas
from helpers.draw.valleys import Rings, SignedDots
from helpers.explore.conditioning import (
    best_step,
    fixed_or_exact,
    lasting_ratio,
    steps_against_kappa,
    valley_modes,
)
from helpers.explore.rates import KAPPAS, first_below

made = cache(lambda make: make())  # for what is only computed: a figure takes its time to build


@pytest.mark.parametrize("kappa", [1.0, 3.0, 16.0, 900.0])
@pytest.mark.parametrize("alpha", [0.05, 1.0, 1.9, 2.2])
def test_the_measured_modes_lie_on_the_formula(kappa, alpha):
    data = made(valley_modes).compute(kappa=kappa, angle=-35.0, alpha=alpha, n_steps=60, x=2.0, y=-0.5)
    size = np.abs(data["measured"]).max()
    np.testing.assert_allclose(data["measured"], data["theory"], rtol=1e-9, atol=1e-12 * size)
    ratio = data["measured"][1] / data["measured"][0]
    np.testing.assert_allclose(ratio, data["factors"], rtol=1e-9, atol=1e-12)


def test_turning_the_valley_and_the_start_with_it_changes_no_error():
    figure, sizes = made(valley_modes), []
    for angle in (0.0, 45.0, -90.0):
        turn = np.radians(angle)
        x, y = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ [-2.0, 0.5]
        data = figure.compute(kappa=16.0, angle=angle, alpha=1.7, n_steps=30, x=x, y=y)
        sizes.append(np.abs(data["measured"]))
    np.testing.assert_allclose(sizes[1], sizes[0], rtol=1e-9)
    np.testing.assert_allclose(sizes[2], sizes[0], rtol=1e-9)


@pytest.mark.parametrize("kappa", [1.0, 4.0, 100.0])
@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.0, 1.9, 2.4])
def test_the_dot_is_measured_and_rides_on_the_curve(kappa, alpha):
    data = made(best_step).compute(kappa=kappa, alpha=alpha)
    assert data["measured"] == pytest.approx(contraction_factor(alpha, 1.0, 1 / kappa), abs=1e-12)
    assert data["least"] == data["factors"].min()
    bound = data["factor"] ** np.arange(31)
    assert (data["distances"][:, 0] <= bound * (1 + 1e-9) + 1e-15).all()


@pytest.mark.parametrize("eps", 2.0 ** -np.arange(1, 21))
def test_the_counted_steps_are_those_of_the_formula(eps):
    best, safe = first_below(eps)
    np.testing.assert_array_equal(best[best > 0], steps_to_tolerance(KAPPAS, eps)[best > 0])
    assert (best > 0).all()
    seen = (safe > 0) & (KAPPAS >= 64) & (eps < 1e-3)
    np.testing.assert_allclose(safe[seen] / best[seen], 2, rtol=0.06)  # as the caption says, about twice


@pytest.mark.parametrize("kappa", [2.0, 11.0, 256.0])
def test_neither_walk_stays_above_the_bound(kappa):
    data = made(fixed_or_exact).compute(kappa=kappa, n_steps=60, x=-2.8, y=0.9)
    for heights in data["heights"].values():
        assert (heights <= data["bound"] * (1 + 1e-9) + 1e-25).all()


def test_from_the_worst_start_both_walks_are_the_same():
    data = made(fixed_or_exact).compute(kappa=8.0, n_steps=40, x=2.4, y=0.3)
    np.testing.assert_allclose(data["exact"], data["fixed"], atol=1e-12)
    assert data["lasting"]["exact"] == pytest.approx(data["ratio"], rel=1e-9)


def test_no_lasting_ratio_is_made_up_from_rounding():
    assert math.isnan(lasting_ratio(np.zeros(10)))
    assert math.isnan(lasting_ratio(np.array([1.0, 1e-30, 1e-30, 0.0])))
    assert lasting_ratio(0.5 ** np.arange(30)) == pytest.approx(0.5)


# The first view shows the phenomenon -------------------------------------------------------------------


def test_at_first_the_walk_zigzags_across_and_creeps_along():
    figure = made(valley_modes)
    data = figure.compute(**figure.state)
    flat, steep = data["measured"].T
    assert (np.diff(np.sign(steep)) != 0).all()
    assert (np.sign(flat) == np.sign(flat[0])).all()
    assert abs(flat[-1]) > 100 * abs(steep[-1])


def test_at_first_the_step_lies_left_of_the_kink():
    figure = made(best_step)
    data = figure.compute(**figure.state)
    assert 1 < data["alpha"] < data["best"]
    assert data["least"] < data["factor"] < 1 - data["mu"]


def test_at_first_line_search_is_ahead():
    figure = made(fixed_or_exact)
    heights = figure.compute(**figure.state)["heights"]
    assert heights["exact"][-1] < 0.1 * heights["fixed"][-1]


# A learner's own function ------------------------------------------------------------------------------


def test_a_figure_draws_what_the_function_of_the_learner_returns():
    def twice(Q, x0, alpha, n_steps):
        return 2 * mode_errors(Q, x0, alpha, n_steps)

    def start_again(Q, b, x0, n_steps):
        return np.tile(x0, (n_steps + 1, 1))

    own = valley_modes(method=twice)
    data = own.compute(**own.state)
    np.testing.assert_allclose(data["theory"], 2 * data["measured"], atol=1e-12)
    own = fixed_or_exact(method=start_again)
    data = own.compute(**own.state)
    assert np.ptp(data["exact"], axis=0).max() == 0
    assert "leaves 0.5;" not in best_step(method=lambda alpha, L, mu: alpha / 8).caption
    assert "Condition number 64: 7 steps" in steps_against_kappa(method=lambda kappa, eps: 7).caption


def test_a_scalar_function_of_the_learner_gives_the_same_figure_as_ours():
    own = best_step(method=lambda alpha, L, mu: max(abs(1 - alpha * L), abs(1 - alpha * mu)))
    assert own.caption == best_step().caption
    assert (own.canvas.pixels(1) == best_step().canvas.pixels(1)).all()
    path = fixed_or_exact(method=lambda Q, b, x0, n: exact_line_search(Q, b, x0, n).tolist())
    assert path.caption == fixed_or_exact().caption


# The artists -------------------------------------------------------------------------------------------


def window():
    canvas = Canvas(200, 200)
    axes = canvas.axes(20, 20, 190, 190, xlim=(-3, 3), ylim=(-3, 3))
    return canvas, axes


def test_rings_lie_at_one_height_each_and_these_heights_are_squares():
    canvas, axes = window()
    rings = Rings(canvas, axes)
    Q = np.array([[2.0, 0.5], [0.5, 1.0]])
    rings.set(Q)
    heights = [np.sum(path.vertices @ Q * path.vertices, axis=-1) / 2 for path in rings.rings.get_paths()]
    for ring in heights:
        np.testing.assert_allclose(ring, ring[0], rtol=1e-9)
    roots = np.sqrt([ring[0] for ring in heights])
    np.testing.assert_allclose(np.diff(roots), np.diff(roots)[0], rtol=1e-9)
    assert roots[0] < np.sqrt(2.0 * 9 / 2 + 0.5 * 9 + 1.0 * 9 / 2)  # below the corner (3, 3)


def test_dots_are_hollow_where_the_sign_has_changed():
    canvas, axes = window()
    axes.set(yscale="log", ylim=(1e-3, 10))
    dots = SignedDots(canvas, axes, "#0072b2")
    dots.set(np.arange(6), np.array([-1.0, 0.5, -0.1, 0.0, np.nan, np.inf]))
    assert dots.same.get_xdata().tolist() == [0, 2]
    assert dots.other.get_xdata().tolist() == [1]
    assert dots.above.get_xdata().tolist() == [5]


@pytest.mark.parametrize("make", [Rings, lambda canvas, axes: SignedDots(canvas, axes, "#0072b2")])
def test_a_hidden_artist_leaves_no_pixel(make):
    canvas, axes = window()
    artist = make(canvas, axes)
    artist.hide()
    empty = canvas.pixels(1).copy()
    artist.set(np.eye(2)) if isinstance(artist, Rings) else artist.set(np.arange(3), np.ones(3))
    assert (canvas.pixels(1) != empty).any()
    artist.hide()
    assert (canvas.pixels(1) == empty).all()
