"""The figures of chapter 01: what they say is true, and the first view shows what they are there for."""

import numpy as np
import pytest

from helpers.descent import critical_step, gradient_descent, predicted_change
from helpers.explore.step_size import altitude_change, contour_walk, parabola_steps, where_you_end
from helpers.problems import parabola, quadratic_with_spectrum, rosenbrock, wavy


def test_the_parabola_shows_the_path_of_gradient_descent():
    figure = parabola_steps()
    data = figure.compute(curvature=2.0, alpha=0.7, x0=1.5)
    path = gradient_descent(parabola(2.0).grad, [1.5], 0.7, 16)
    np.testing.assert_array_equal(data["points"], np.stack([path[:, 0], path[:, 0] ** 2], axis=1))


@pytest.mark.parametrize("alpha", [0.05, 0.5, 1.0, 1.7, 2.0, 3.0])
def test_on_a_parabola_theory_and_measurement_agree(alpha):
    data = parabola_steps().compute(curvature=1.0, alpha=alpha, x0=-2.5)
    np.testing.assert_allclose(data["distance"], data["predicted"], rtol=1e-12)


def test_on_a_quadratic_map_theory_and_measurement_agree():
    problem = quadratic_with_spectrum([1.0, 7.0], angle=0.6)
    data = contour_walk(problem).compute(x=2.0, y=-1.0, alpha=0.2, n_steps=25)
    np.testing.assert_allclose(data["altitude"], data["predicted"], rtol=1e-9)


def test_where_there_is_no_theory_none_is_drawn():
    data = contour_walk(rosenbrock()).compute(x=0.0, y=0.0, alpha=0.001, n_steps=5)
    assert np.isnan(data["predicted"]).all()


def test_the_ties_of_the_parabola_are_met_at_every_curvature_of_the_slider():
    figure = parabola_steps()
    for step in range(-8, 9):
        curvature = figure._specs["curvature"].nudged(1.0, step)
        alpha = figure._specs["alpha"].nudged(1.0, -step)
        assert figure.compute(curvature, alpha, 1.0)["regime"] == "one-step"
        assert figure.compute(curvature, 2 * alpha, 1.0)["regime"] == "cycles"


def test_the_altitude_figure_marks_the_models_limit_and_its_best_step():
    problem, here = rosenbrock(b=2.0), np.array([-0.6, 1.4])
    data = altitude_change().compute(x=-0.6, y=1.4, alpha=0.1)
    g, H = problem.grad(here), problem.hess(here)
    assert data["limit"] == critical_step(g, H)
    assert predicted_change(g, H, data["limit"]) == pytest.approx(0)
    np.testing.assert_allclose(data["second"].min(), predicted_change(g, H, data["limit"] / 2), rtol=1e-3)
    assert data["change"] == pytest.approx(problem.f(here - 0.1 * g) - problem.f(here))


def test_at_a_minimiser_the_altitude_figure_says_that_nothing_changes():
    figure = altitude_change().set(x=1.0, y=1.0)
    assert "gradient is zero" in figure.caption


def test_the_bands_tell_where_each_start_ends():
    data = where_you_end().compute(x0=3.2, alpha=0.125, n_steps=60)
    problem = wavy()
    ends = gradient_descent(problem.grad, data["starts"][:, None], 0.125, 300)[-1]
    for valley in np.unique(data["wavy"]["basins"]):
        assert np.ptp(ends[data["wavy"]["basins"] == valley]) < 0.1
        assert valley >= 0
    assert np.unique(data["convex"]["basins"]).tolist() == [0]


# The first view shows the phenomenon -------------------------------------------------------------------


def test_at_first_the_parabola_oscillates():
    assert "oscillates" in parabola_steps().caption


def test_at_first_the_walk_turns_at_each_step_and_arrives():
    figure = contour_walk()
    path = figure.compute(**figure.state)["path"]
    grad = np.diff(path, axis=0)
    across = grad[:8] @ np.linalg.eigh([[4, 2], [2, 2]])[1][:, 1]
    assert (across[:-1] * across[1:] < 0).all(), "it zigzags across the valley"
    assert np.linalg.norm(path[-1] - [7, -8]) < 0.05


def test_at_first_the_models_differ_and_the_step_lies_between_best_and_limit():
    figure = altitude_change()
    data = figure.compute(**figure.state)
    assert data["limit"] / 2 < data["alpha"] < data["limit"]
    assert data["true"][-1] > data["second"][-1] > data["first"][-1]


def test_at_first_the_wavy_walk_ends_in_a_valley_that_is_not_the_lowest():
    figure = where_you_end()
    data = figure.compute(**figure.state)
    end = data["wavy"]["points"][-1]
    assert data["wavy"]["end"] >= 0
    assert end[1] > wavy().f(wavy().minimiser) + 0.1
    assert data["convex"]["end"] == 0
