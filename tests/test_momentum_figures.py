"""The figures of chapter 07: what they say is true, and the first view shows what they are there for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from helpers.explore.cycles import verdict
from helpers.explore.momentum import (
    counted,
    damping,
    momentum_race,
    momentum_valley,
    portrait,
    reached,
    stability_plane,
    three_cycle,
)
from helpers.momentum import critical_damping, heavy_ball, momentum_rate, nesterov, optimal_heavy_ball
from tests.test_explore_learner import not_written_yet

made = cache(lambda make: make())  # for what is only computed: a figure takes its time to build


@pytest.mark.parametrize("kappa", [1.0, 16.0, 200.0])
@pytest.mark.parametrize(("alpha", "beta"), [(0.3, 0.0), (1.0, 0.8), (2.5, 0.4)])
def test_the_measured_modes_are_those_of_the_matrices(kappa, alpha, beta):
    data = made(momentum_valley).compute(kappa=kappa, alpha=alpha, beta=beta, n_steps=60, x=2.0, y=-0.5)
    seen = np.isfinite(data["measured"])
    size = np.abs(data["theory"]).max()
    np.testing.assert_allclose(data["measured"][seen], data["theory"][seen], atol=1e-11 * size)


def test_a_direction_that_is_only_rounding_beside_an_exploded_one_is_left_out():
    data = made(momentum_valley).compute(kappa=16.0, alpha=3.5, beta=0.5, n_steps=80, x=-2.5, y=0.1)
    assert np.isnan(data["measured"][-1, 0])
    assert np.isfinite(data["measured"][:20]).all()


def test_a_portrait_starts_at_rest_and_shows_steps():
    np.testing.assert_allclose(portrait(np.array([2.0, 1.0, 1.5])), [[1, 0], [0.5, -0.5], [0.75, 0.25]])
    assert portrait(np.zeros(3)).shape == (0, 2)


@pytest.mark.parametrize(("alpha", "beta"), [(0.6, 0.6), (0.1, 0.1), (1.8, 0.05)])
def test_beside_the_plane_the_run_decays_by_the_rate(alpha, beta):
    data = made(stability_plane).compute(alpha=alpha, beta=beta)
    assert data["rates"] == [momentum_rate(alpha, beta, 1.0)]
    assert np.abs(data["eigenvalues"]).max() == pytest.approx(data["rates"][0])
    envelope = np.abs(data["errors"][20:40, 0]).max() / np.abs(data["errors"][40:60, 0]).max()
    assert envelope == pytest.approx(data["rates"][0] ** -20, rel=0.6)


def test_the_plane_says_where_it_diverges():
    figure = made(stability_plane)
    assert figure.compute(alpha=3.4, beta=0.6)["regimes"] == ["diverges"]
    assert figure.compute(alpha=3.0, beta=0.6)["regimes"] == ["under-damped"]
    assert figure.compute(alpha=0.02, beta=0.02)["regimes"] == ["over-damped"]


def test_kappa_of_the_plane_must_be_at_least_1():
    with pytest.raises(ValueError, match=r"kappa must be >= 1, got 0\.5"):
        stability_plane(kappa=0.5)


@pytest.mark.parametrize("alpha", [0.02, 0.1, 0.5, 1.4])
def test_the_optimum_is_hidden_until_it_is_asked_for_and_then_is_the_lowest_point(alpha):
    figure = made(damping)
    hidden = figure.compute(beta=0.3, alpha=alpha, optimum="hidden")
    assert np.isnan(hidden["best"])
    assert np.isnan(hidden["rates"]).all()
    shown = figure.compute(beta=0.3, alpha=alpha, optimum="marked")
    assert shown["best"] == pytest.approx(critical_damping(alpha, 1.0))
    assert np.linspace(0, 1, 201)[np.argmin(shown["rates"])] == pytest.approx(shown["best"], abs=0.005)
    assert hidden["rate"] == shown["rate"] == momentum_rate(alpha, 0.3, 1.0)


def test_the_hidden_optimum_is_in_no_word_of_the_caption():
    figure = damping()
    assert "critical" not in figure.caption
    assert "critical" in figure.set(optimum="marked").caption


def test_each_method_of_the_race_calls_the_gradient_once_a_step():
    data = made(momentum_race).compute(kappa=64.0, n_steps=37, x=-2.0, y=1.0)
    assert set(data["calls"].values()) == {37}
    best = np.sqrt(optimal_heavy_ball(1.0, 1 / 64)[1])
    assert data["rates"]["heavy"] == pytest.approx(best)
    assert data["rates"]["ahead"] == pytest.approx(1 - 1 / 8)


def test_a_method_that_asks_twice_is_charged_twice():
    def wasteful(grad, x0, alpha, beta, n_steps):
        return heavy_ball(lambda x: (grad(x) + grad(x)) / 2, x0, alpha, beta, n_steps)

    own = momentum_race(method=wasteful)
    calls = own.compute(**own.state)["calls"]
    assert calls["heavy"] == 2 * calls["ahead"] == 2 * calls["plain"]
    grad, count = counted(lambda x: 2 * x)
    assert (grad(3.0), count) == (6.0, [1])


def test_a_share_counts_as_reached_when_it_stays_reached():
    spent = np.arange(5.0)
    assert reached(spent, np.array([1.0, 1e-4, 1.0, 1e-4, 1e-5])) == "1/1000 after 3 calls"
    assert reached(spent, np.array([1.0, 1e-4, 1e-4, 1e-4, 1.0])) == "1/1000 not yet"
    assert reached(spent, np.array([1.0, np.nan, np.nan, np.inf, np.inf])) == "1/1000 not yet"
    assert reached(spent, np.zeros(5)) == "there from the start"


# The first view shows the phenomenon -------------------------------------------------------------------


def test_at_first_the_ball_swings_in_both_directions():
    figure = made(momentum_valley)
    data = figure.compute(**figure.state)
    assert data["regimes"] == ["under-damped", "under-damped"]
    assert (np.ptp(np.sign(data["measured"]), axis=0) == 2).all()


def test_at_first_momentum_wins_the_race():
    figure = made(momentum_race)
    ends = {name: d[-1] for name, d in figure.compute(**figure.state)["distances"].items()}
    assert ends["heavy"] < 0.01 * ends["ahead"] < 0.01 * ends["plain"]


def test_at_first_the_ball_is_in_the_cycle_and_from_3_it_arrives():
    figure = three_cycle()
    assert "in the cycle" in figure.caption
    assert "at the minimiser" in figure.set(x0=3.0, n_steps=60).caption
    assert verdict(np.array([3.0, 1.0]), np.array([-1.8, 0.6, 2.1])) == "on the way"


# A learner's own function ------------------------------------------------------------------------------


def test_the_optimum_of_a_learner_is_asked_for_when_it_is_marked():
    assert "not attempted yet" not in damping(method=not_written_yet).caption
    assert "not attempted yet" in damping(method=not_written_yet, optimum="marked").caption
    assert "is at β = 0.25." in damping(method=lambda alpha, lam: 0.25, optimum="marked").caption


def test_a_figure_draws_what_the_function_of_the_learner_returns():
    def still(grad, x0, alpha, beta, n_steps):
        return np.tile(x0, (n_steps + 1, 1))

    for make in (momentum_valley, three_cycle):
        own = make(method=still)
        data = own.compute(**own.state)
        assert np.ptp(data["path"] if "path" in data else data["points"], axis=0).max() == 0
    race = momentum_race(method=still, ahead=nesterov)
    assert "heavy ball 0 calls" in race.caption
    assert "leaves 0.5." in stability_plane(method=lambda alpha, beta, lam: 0.5).caption
    with pytest.raises(ValueError, match="method must be a function"):
        momentum_race(ahead=3)
