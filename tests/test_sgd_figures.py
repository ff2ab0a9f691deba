"""The figures of chapter 06 say what is so: measured beside predicted, and the phenomenon in the first view."""

import numpy as np
import pytest

from helpers.explore.estimates import ESTIMATES, OUTWARD, SIZES, draws, patients, spreads
from helpers.explore.sgd import UPDATES, chebyshev_failures, gradient_cloud, saddle_escape, sgd_path
from helpers.problems import least_squares
from helpers.stochastic import chebyshev_batch_size, escape_steps, minibatch_gradient, sgd


def shown(figure, **controls):
    return figure.compute(**figure.state | controls)


def test_at_first_the_cloud_is_as_wide_as_predicted_and_some_of_it_points_the_wrong_way():
    data = shown(gradient_cloud())
    assert data["measured"] == pytest.approx(data["predicted"], rel=0.1)
    assert 0 < data["uphill"] < 0.2


@pytest.mark.parametrize("way", ["with replacement", "without"])
def test_the_cloud_is_as_wide_as_predicted_at_every_batch_size(way):
    data = shown(gradient_cloud(), way=way)
    predicted = data["with" if way == "with replacement" else "without"][SIZES - 1]
    np.testing.assert_allclose(data["spreads"], predicted, rtol=0.12)
    np.testing.assert_array_equal(data["spreads"], spreads(0.5, way))


def test_the_cloud_is_made_of_mini_batch_gradients_and_of_the_readers_own():
    X, y, lowest = patients()
    ours, own = gradient_cloud(), gradient_cloud(method=lambda *given: minibatch_gradient(*given))
    expected = [
        minibatch_gradient(lowest + 0.5 * OUTWARD, X, y, batch[:8]) for batch in draws("with replacement")
    ]
    np.testing.assert_allclose(shown(ours)["estimates"], expected, atol=1e-12)
    np.testing.assert_allclose(shown(own)["estimates"], expected, atol=1e-12)
    assert len(expected) == ESTIMATES


def test_at_the_minimiser_the_gradient_is_zero_and_the_estimates_are_not():
    data = shown(gradient_cloud(), distance=0.0)
    np.testing.assert_allclose(data["g"], 0, atol=1e-12)
    assert data["measured"] > 0.2


def test_a_predicted_spread_of_the_readers_own_is_the_one_that_is_drawn():
    figure = gradient_cloud(spread=lambda per_example, batch_size, replacement: 4.0)
    assert shown(figure)["predicted"] == 2.0


def test_chebyshevs_batch_fails_less_often_than_it_may_at_every_setting():
    figure = chebyshev_failures()
    for eps in (2.0**-2.5, 0.25, 0.5, 1.0):
        for delta in (2.0**-4, 0.25, 0.5):
            data = shown(figure, eps=eps, delta=delta)
            assert data["rate"] <= delta
            assert (data["rates"] <= data["bound"] + 0.01).all()
            assert data["enough"] <= data["B"]


def test_a_batch_size_that_makes_no_sense_is_told_in_a_sentence():
    assert "A batch of 0 was asked for" in chebyshev_failures(method=lambda sigma2, eps, delta: 0).caption
    assert "A batch of 2.5 was asked for" in chebyshev_failures(method=lambda sigma2, eps, delta: 2.5).caption
    ours = chebyshev_failures(method=lambda *given: chebyshev_batch_size(*given))
    assert shown(ours)["B"] == shown(chebyshev_failures())["B"]


def test_at_first_the_constant_step_settles_at_its_floor_and_the_decaying_one_below_it():
    data = shown(sgd_path())
    assert data["settled"] == pytest.approx(data["shuffled"], rel=0.5)
    assert data["left"] < data["settled"] / 10
    assert data["shuffled"] < data["floor"]


def test_over_many_draws_sgd_settles_at_the_reshuffled_floor():
    figure = sgd_path(alpha=0.0625)
    runs = [shown(figure, draw=draw, batch_size=32.0, x=0.42, y=0.36) for draw in range(21)]
    assert np.mean([run["settled"] for run in runs]) == pytest.approx(runs[0]["shuffled"], rel=0.25)
    assert runs[0]["shuffled"] < 0.6 * runs[0]["floor"]


def test_the_path_is_the_one_of_sgd_and_of_the_readers_own():
    X, y, _ = patients()
    ours, own = sgd_path(), sgd_path(method=lambda *given: sgd(*given))
    expected = sgd(X, y, [-0.3, 0.9], 0.25, 8, 4, np.random.default_rng(0))[: UPDATES + 1]
    np.testing.assert_allclose(shown(ours)["constant"], expected, atol=1e-14)
    np.testing.assert_allclose(shown(own)["constant"], expected, atol=1e-14)
    gap = least_squares(X, y).f(expected) - least_squares(X, y).f(patients()[2])
    np.testing.assert_allclose(shown(ours)["gap"], gap, atol=1e-14)


def test_at_first_plain_descent_freezes_on_the_saddle_and_noise_leaves_it_on_schedule():
    figure = saddle_escape()
    data = shown(figure)
    np.testing.assert_allclose(data["plain"][-1], 0, atol=1e-5)
    assert abs(data["noisy"][-1, 1]) > 0.8
    assert data["mean"] == pytest.approx(data["expected"], rel=0.1)
    np.testing.assert_allclose(data["staying"], data["predicted"], atol=0.15)
    assert "freezes" in figure.caption
    assert "reaches a valley" in saddle_escape(y0=0.2).caption


def test_the_escapes_may_be_counted_by_the_readers_own_function():
    ours = shown(saddle_escape())
    own = shown(saddle_escape(method=lambda *given: escape_steps(*given)))
    assert own["mean"] == pytest.approx(ours["mean"], rel=0.2)
    stuck = saddle_escape(method=lambda *given: -1)
    assert "100 runs did not" in stuck.caption


@pytest.mark.parametrize("make", [gradient_cloud, chebyshev_failures, sgd_path, saddle_escape])
def test_a_figure_says_what_is_wrong_with_a_function(make):
    assert "Your function returned None" in make(method=lambda *given: None).caption
    with pytest.raises(ValueError, match="method must be a function"):
        make(method=3)
