"""The figures of chapter 05: what they say is true, and the first view shows what they are there for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from helpers.explore.gradient_flow import (
    euler_against_flow,
    orders,
    richardson_over_descent,
    stability_regions,
    stiff_valley,
)
from helpers.explore.integrators import FACTORS, STEPS
from helpers.flow import backward_euler, richardson
from helpers.problems import diabetes_least_squares
from tests.test_explore_learner import not_written_yet

made = cache(lambda make: make())  # for what is only computed: a figure takes its time to build


@pytest.mark.parametrize("h", [1 / 32, 0.25, 0.5, 1.0])
def test_the_measured_gap_lies_on_the_formula(h):
    data = made(euler_against_flow).compute(h=h, x=-2.6, y=2.2)
    np.testing.assert_allclose(data["gap"], data["theory"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(data["polygon"][0], data["fine"][0], rtol=1e-12)


@pytest.mark.parametrize("h", [1 / 8, 1 / 16])
def test_half_the_step_is_about_half_the_distance_as_the_caption_says(h):
    gaps = [made(euler_against_flow).compute(h=step, x=-2.6, y=2.2)["gap"].max() for step in (h, h / 2)]
    assert gaps[1] == pytest.approx(gaps[0] / 2, rel=0.15)


def test_eulers_polygon_leaves_for_good_beyond_the_limit_and_not_before():
    figure = made(euler_against_flow)
    limit = figure.compute(h=0.5, x=1.0, y=1.0)["limit"]
    before, beyond = (figure.compute(h=h, x=1.0, y=1.0) for h in (limit * 0.97, limit * 1.03))
    strides = [np.linalg.norm(np.diff(data["polygon"], axis=0), axis=1) for data in (before, beyond)]
    assert strides[0][-1] < strides[0][-2]
    assert strides[1][-1] > strides[1][-2]
    assert "leaves for good" in euler_against_flow(h=0.75).caption
    assert "leaves for good" not in euler_against_flow(h=0.625).caption


@pytest.mark.parametrize("h", [0.25, 2.0, 16.0, 64.0])
@pytest.mark.parametrize("kappa", [1.0, 32.0, 256.0])
def test_in_a_stiff_valley_each_mode_has_its_factor(h, kappa):
    data = made(stiff_valley).compute(h=h, kappa=kappa, x=-2.6, y=0.6)
    k, lam = np.arange(41)[:, None], np.array([1 / kappa, 1.0])
    np.testing.assert_allclose(data["implicit"], [-2.6, 0.6] / (1 + h * lam) ** k, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(data["explicit"], [-2.6, 0.6] * (1 - h * lam) ** k, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("h", [0.25, 4.0, 64.0])
def test_the_implicit_walk_never_climbs(h):
    heights = made(stiff_valley).compute(h=h, kappa=32.0, x=1.0, y=-2.0)["heights"]["implicit"]
    assert (np.diff(heights) <= 0).all()


@pytest.mark.parametrize(("name", "order"), [("forward", 1), ("backward", 1), ("rk4", 4)])
def test_the_slopes_approach_the_orders(name, order):
    figure = made(orders)
    off = [abs(figure.compute(h=h)["slopes"][name] - order) for h in (0.5, 0.0625)]
    assert off[1] < off[0] / 2
    assert off[1] < 0.1


def test_only_the_five_steps_of_the_slider_are_used():
    data = made(orders).compute(h=0.25)
    np.testing.assert_array_equal(data["h"], 0.25 * 0.5 ** np.arange(5))
    for name, line in data["lines"].items():
        used = data["errors"][name][np.isin(STEPS, data["h"])]
        assert np.mean(np.log(line)) == pytest.approx(np.mean(np.log(used)))  # a fit goes through the middle


@pytest.mark.parametrize("h", [1 / 16, 0.4, 0.55, 1.0, 2.0])
def test_dots_are_outside_exactly_where_the_step_is_beyond_the_limit(h):
    data = made(stability_regions).compute(h=h)
    for name, limit in data["limits"].items():
        assert data["stable"][name].all() == (h <= limit)
        np.testing.assert_array_equal(data["stable"][name], np.abs(FACTORS[name](data["z"])) <= 1)


@pytest.mark.parametrize("name", FACTORS)
def test_measured_lengths_are_those_of_the_factors(name):
    data = made(stability_regions).compute(h=0.4)
    factors = FACTORS[name](data["z"])
    lengths = np.linalg.norm(factors ** np.arange(31)[:, None], axis=1) / np.sqrt(len(factors))
    np.testing.assert_allclose(data["lengths"][name], lengths, rtol=1e-8)


def test_the_dots_are_the_eigenvalues_of_the_data():
    problem = diabetes_least_squares()
    z = made(stability_regions).compute(h=0.25)["z"]
    np.testing.assert_allclose(np.sort(-z / 0.25), np.linalg.eigvalsh(problem.hess(problem.x0)), rtol=1e-12)


@pytest.mark.parametrize("share", [0.05, 1.0, 1.9])
@pytest.mark.parametrize("n_steps", [0, 1, 60])
def test_richardson_and_descent_are_the_same_points(share, n_steps):
    data = made(richardson_over_descent).compute(share=share, n_steps=n_steps, x=-0.4, y=0.9)
    np.testing.assert_allclose(data["points"], data["descent"], rtol=1e-9, atol=1e-12)
    assert (data["low"], data["high"]) == pytest.approx((0, 2))


@pytest.mark.parametrize(("share", "closer"), [(0.5, True), (1.95, True), (2.1, False)])
def test_richardson_comes_closer_inside_of_the_range_and_leaves_outside(share, closer):
    figure = made(richardson_over_descent)
    start, end = (figure.compute(share=share, n_steps=n, x=-0.4, y=0.9)["here"] for n in (0, 60))
    assert (end < start) == closer


# The first view shows the phenomenon -------------------------------------------------------------------


def test_at_first_euler_cuts_the_corner_and_still_arrives():
    figure = made(euler_against_flow)
    data = figure.compute(**figure.state)
    assert data["h"] < data["limit"]
    assert data["gap"].max() > 0.2  # far enough to be seen on a map of 6 by 6
    assert np.linalg.norm(data["polygon"][-1]) < 0.1 * np.linalg.norm(data["polygon"][0])


def test_at_first_the_explicit_method_explodes_and_the_implicit_one_arrives():
    figure = made(stiff_valley)
    heights = figure.compute(**figure.state)["heights"]
    assert heights["explicit"][-1] > heights["explicit"][0]
    assert heights["implicit"][-1] < 0.1 * heights["implicit"][0]


def test_at_first_forward_euler_has_dots_outside_and_the_others_have_none():
    figure = made(stability_regions)
    stable = figure.compute(**figure.state)["stable"]
    assert not stable["forward"].all()
    assert stable["backward"].all()


# A learner's own function ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [lambda f: euler_against_flow(flow=f), lambda f: richardson_over_descent(limits=f)]
)
def test_the_second_function_of_a_figure_may_be_the_learners_too(make):
    assert "not attempted yet" in make(not_written_yet).caption
    with pytest.raises(ValueError, match="must be a function"):
        make(3)


def test_a_figure_draws_what_the_function_of_the_learner_returns():
    stays = euler_against_flow(method=lambda field, x, h: x)
    assert np.ptp(stays.compute(**stays.state)["polygon"], axis=0).max() == 0
    halved = stiff_valley(method=lambda Q, b, x0, h, n_steps: backward_euler(Q, b, x0, h / 2, n_steps))
    np.testing.assert_allclose(
        halved.compute(h=4.0, kappa=8.0, x=1.0, y=1.0)["implicit"],
        made(stiff_valley).compute(h=2.0, kappa=8.0, x=1.0, y=1.0)["implicit"],
    )
    assert "forward Euler 7, backward Euler 7" in orders(method=lambda h, errors: 7).caption
    assert "limit 9" in stability_regions(method=lambda Q, name: 9.0).caption
    twice = richardson_over_descent(method=lambda A, b, x0, omega, n: richardson(A, b, x0, 2 * omega, n))
    assert "other points" in twice.caption
    assert (
        "ends at 5/λmax"
        in richardson_over_descent(limits=lambda A: (0, 5 / np.linalg.norm(A, 2) ** 2)).caption
    )


def test_lists_of_the_learner_give_the_same_figure_as_ours():
    own = stiff_valley(method=lambda Q, b, x0, h, n: backward_euler(Q, b, x0, h, n).tolist())
    assert own.caption == stiff_valley().caption
    assert (own.canvas.pixels(1) == stiff_valley().canvas.pixels(1)).all()
