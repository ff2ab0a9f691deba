"""The figures of chapter 02 show what the algorithms do, say what is true, and one moves its slider by itself."""

import asyncio

import numpy as np
import pytest

from helpers import problems
from helpers.descent import backtracking_step, gradient_descent
from helpers.explore import playing
from helpers.explore.smoothness import (
    armijo_search,
    majorizer_step,
    norm_against_square,
    slope_ratios,
    training_steps,
    two_cycle,
)
from helpers.smoothness import subgradient_descent, two_cycle_amplitude

ALL = [majorizer_step, slope_ratios, training_steps, two_cycle, norm_against_square, armijo_search]


def data_of(figure):
    return figure.compute(**figure.state)


# What is drawn is true ---------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [-3.9, -0.8, 1.0, 2.4, 3.3])
def test_the_parabola_lies_above_f_from_L_on_and_its_promise_is_kept(x):
    figure = majorizer_step()
    for L in (2.0, 3.0, 16.0):
        data = figure.compute(x=x, L=L)
        assert data["holds"]
        assert data["here"][1] - data["after"][1] >= data["promise"] - 1e-12
        assert data["lowest"] == pytest.approx(data["model"].min(), abs=2e-3 * L)
        assert data["lowest"] == pytest.approx(data["here"][1] - data["promise"])


def test_with_too_small_an_L_the_parabola_dips_below_f_and_breaks_its_promise():
    data = majorizer_step().compute(x=3.3, L=0.5)
    assert not data["holds"]
    assert data["here"][1] - data["after"][1] < data["promise"]


@pytest.mark.parametrize(("spread", "aim"), [(1.0, 0.0), (0.125, 1.0), (16.0, 0.5)])
def test_no_pair_lies_above_either_bound(spread, aim):
    data = slope_ratios().compute(spread=spread, aim=aim, n_points=40, draw=3)
    assert len(data["ratios"]) == 780
    assert data["ratios"].max() <= 1
    X = problems.regression.standardised("breast_cancer", 30)[0]
    longest = np.mean(np.linalg.norm(X, axis=1)) / problems.breast_cancer_logistic().L
    assert (data["ratios"] <= 2 * longest / data["distances"]).all()
    assert data["largest"][-1] == data["ratios"].max() == pytest.approx(data["empirical"])
    assert len(data["largest"]) == 39


def test_aimed_at_the_steepest_direction_the_bound_is_reached():
    data = slope_ratios().compute(spread=0.125, aim=1.0, n_points=10, draw=1)
    assert 0.999 < data["empirical"] <= 1


@pytest.mark.parametrize("multiple", [0.5, 1.0, 1.9])
def test_below_two_over_L_the_loss_falls_at_every_step_and_keeps_the_guarantee(multiple):
    data = training_steps().compute(multiple=multiple, n_steps=100)
    assert data["rises"] == 0
    assert (data["losses"] <= data["bound"] + 1e-12).all()
    assert data["curvatures"].max() <= 1 + 1e-12


def test_far_beyond_two_over_L_nothing_is_guaranteed_and_the_loss_climbs():
    data = training_steps().compute(multiple=64.0, n_steps=100)
    assert np.isnan(data["bound"]).all()
    assert data["rises"] > 10


@pytest.mark.parametrize("alpha", [1 / 16, 0.2, 1.0])
def test_the_walk_ends_in_the_cycle_that_is_drawn(alpha):
    data = two_cycle().compute(alpha=alpha, x0=-0.9)
    assert data["amplitude"] == two_cycle_amplitude(alpha)
    np.testing.assert_allclose(data["distance"][-4:], data["amplitude"], rtol=1e-6)
    assert (np.diff(np.sign(data["points"][-4:, 0])) != 0).all()


def test_the_norm_figure_shows_the_subgradient_path_and_its_best_point():
    figure = norm_against_square()
    data = figure.compute(x=-1.0, y=2.0, alpha0=0.5, n_steps=25)
    A, b = np.array([[0.8, -0.5], [0.6, 1.6]]), np.array([0.7, 0.3])
    path, best = subgradient_descent(A, b, [-1.0, 2.0], 0.5, 25)
    np.testing.assert_array_equal(data["path"], path)
    np.testing.assert_array_equal(data["best"], best)
    np.testing.assert_allclose(data["values"], np.linalg.norm(path @ A.T - b, axis=1))
    assert data["so_far"][-1] == pytest.approx(data["lowest"])
    assert data["square"][-1] < data["lowest"]


def test_the_search_tries_the_steps_of_backtracking_and_ends_at_its_result():
    figure = armijo_search()
    data = data_of(figure)
    problem = problems.rosenbrock(b=4.0)
    assert data["accepted"] == backtracking_step(problem.f, problem.grad, [-1.2, 0.5], 0.125, 0.3, 0.7)
    np.testing.assert_allclose(data["trials"], 0.125 * 0.7 ** np.arange(5))
    assert data["trials"][-1] == data["accepted"]
    assert data["change"] <= data["asked"]


# The first view shows the phenomenon -------------------------------------------------------------------


def test_first_views():
    assert data_of(majorizer_step())["holds"]
    assert data_of(training_steps())["rises"] == 0
    assert training_steps().state["multiple"] > 2
    assert "0.192" in two_cycle().caption
    rises = np.sum(np.diff(data_of(norm_against_square())["values"]) > 0)
    assert rises > 10
    assert "accepted" in armijo_search().caption


# A figure that moves by itself -------------------------------------------------------------------------


def watched(figure):
    seen = []
    figure.controls["alpha"].observe(lambda change: seen.append(change["new"]), "value")
    return seen


def test_search_moves_the_step_slider_from_alpha0_to_the_accepted_step():
    figure = armijo_search()
    seen = watched(figure)
    figure.play()
    np.testing.assert_allclose(seen, 0.125 * 0.7 ** np.arange(5))
    assert "accepted" in figure.caption


def test_search_takes_its_time_where_somebody_watches(monkeypatch):
    monkeypatch.setattr(playing, "BEAT", 0.01)

    async def press():
        figure = armijo_search()
        seen = watched(figure)
        figure.play()
        at_once = len(seen)
        while figure._next:
            await asyncio.sleep(0)
        return at_once, seen

    at_once, seen = asyncio.run(press())
    assert (at_once, len(seen)) == (1, 5)


@pytest.mark.parametrize(
    "interruption",
    [lambda figure: setattr(figure.controls["c"], "value", 0.5), lambda figure: figure.reset()],
    ids=["a slider moved by hand", "reset"],
)
def test_a_hand_stops_the_search(interruption):
    async def press():
        figure = armijo_search()
        figure.play()
        interruption(figure)
        return figure._next, next(figure._settings, None)

    assert asyncio.run(press()) == (None, None)


def test_a_search_that_a_learner_broke_says_so_and_moves_nothing():
    def broken(f, grad, x, alpha0, c, shrink):
        raise ZeroDivisionError("alpha")

    figure = armijo_search(method=broken)
    before = figure.state
    figure.play()
    assert figure.state == before
    assert figure.caption.startswith("Your function raised ZeroDivisionError")


def test_the_button_is_there_and_plays():
    figure = armijo_search()
    seen = watched(figure)
    button = figure.surface.children[-1].children[-1]
    assert button.description == "Search"
    button.click()
    assert len(seen) == 5


# A learner's own function ------------------------------------------------------------------------------


def my_subgradient_method(A, b, x0, alpha0, n_steps):
    rows = [x0]
    for k in range(n_steps):
        r = A @ rows[-1] - b
        rows.append(rows[-1] - alpha0 / np.sqrt(k + 1) * (A.T @ r) / np.linalg.norm(r))
    return rows, min(rows, key=lambda row: np.linalg.norm(A @ row - b))


def my_search(f, grad, x, alpha0, c, shrink):
    alpha, g = alpha0, grad(x)
    while not f(x - alpha * g) <= f(x) - c * alpha * (g @ g):
        alpha = alpha * shrink
    return alpha


MINE = [
    (majorizer_step, lambda grad, x, alpha: x - alpha * grad(x)),
    (slope_ratios, lambda grad, points: max(
        np.linalg.norm(grad(v) - grad(w)) / np.linalg.norm(v - w)
        for i, v in enumerate(points) for w in points[:i]
    )),
    (training_steps, lambda w, X, y: -(y / (1 + np.exp(y * (X @ w)))) @ X / len(y)),
    (two_cycle, lambda alpha: (2 * alpha / 3) ** 1.5),
    (norm_against_square, my_subgradient_method),
    (armijo_search, my_search),
]  # fmt: skip


@pytest.mark.parametrize(("make", "function"), MINE, ids=[make.__name__ for make, _ in MINE])
def test_a_right_function_draws_the_same_picture_as_ours(make, function):
    mine, ours = make(method=function), make()
    assert mine.caption == ours.caption
    different = np.mean(mine.canvas.pixels(1) != ours.canvas.pixels(1))
    assert different < 0.001  # another order of summation may move a pixel


@pytest.mark.parametrize("make", ALL)
def test_a_function_that_is_not_written_yet_gets_one_plain_sentence(make):
    def stub(*given):
        raise NotImplementedError

    assert "not attempted yet" in make(method=stub).caption
    assert make(method=lambda *given: None).caption.startswith("Your function returned None")
    assert make(method=lambda *given: "a step").caption.startswith("Your function r")


@pytest.mark.parametrize("make", ALL)
def test_a_method_that_is_no_function_is_refused(make):
    with pytest.raises(ValueError, match="method must be a function such as"):
        make(method=3)


def test_one_result_instead_of_two_is_told():
    figure = norm_against_square(method=lambda A, b, x0, alpha0, n_steps: np.zeros((n_steps + 1, 2)))
    assert "two results are expected, the path and the best point" in figure.caption


@pytest.mark.parametrize("make", ALL)
def test_while_nbgrader_runs_the_notebook_nothing_is_computed(make, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    called = []
    figure = make(method=lambda *given: called.append(given))
    assert set(figure._repr_mimebundle_()[0]) == {"text/plain"}
    assert called == []


def test_a_search_is_asleep_while_nbgrader_runs_the_notebook(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert armijo_search().png() == b""


def test_gradient_descent_on_the_square_converges_where_constant_steps_on_the_norm_do_not():
    data = norm_against_square().compute(x=2.0, y=1.0, alpha0=1.0, n_steps=60)
    cone = problems.residual_norm([[0.8, -0.5], [0.6, 1.6]], [0.7, 0.3])
    np.testing.assert_array_equal(data["constant"], cone.f(gradient_descent(cone.grad, [2.0, 1.0], 1.0, 60)))
    assert data["constant"][-1] > 0.1
    assert data["square"][-1] < 1e-6
