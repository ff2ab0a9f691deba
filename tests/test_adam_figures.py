"""The figures of chapter 08: what they say is true, and the first view shows what they are there for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from helpers.adam import adam, amsgrad, effective_hessian
from helpers.descent import backtracking_descent
from helpers.explore import race as racing
from helpers.explore.adam import adam_state, counterexample, nice
from helpers.explore.race import (
    CALLS,
    MENU,
    RACERS,
    START,
    counted,
    landscape,
    race,
    up_to_the_way_out,
)
from helpers.explore.scaling import hessians, turning_valley
from helpers.problems import quadratic_with_spectrum

made = cache(lambda make: make())  # for what is only computed: a figure takes its time to build
STATE = {"k": 12, "correction": "on", "alpha": 0.5, "beta1": 0.9, "beta2": 0.999, "x": 1.0, "y": 1.0}
HESSIANS = {"kappa": 16.0, "angle": 0.0, "alpha": 0.0625, "beta1": 0.9, "x": -2.2, "y": 2.2}


# One step of Adam ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("correction", ["on", "off"])
@pytest.mark.parametrize("k", [0, 1, 12, 39])
def test_the_step_is_the_arrow_stretched_with_its_box(k, correction):
    data = made(adam_state).compute(**STATE | {"k": k, "correction": correction})
    np.testing.assert_allclose(data["step"], -data["m"] / (data["root"] + 1e-8), rtol=1e-7)


def test_the_first_step_is_alpha_long_and_without_correction_longer_by_the_root_of_ten():
    on, off = (made(adam_state).compute(**STATE | {"k": 0, "correction": c}) for c in ("on", "off"))
    np.testing.assert_allclose(np.abs(on["step"]), on["first"], rtol=1e-6)
    np.testing.assert_allclose(np.abs(off["step"]), off["first"], rtol=1e-6)
    assert (on["first"], off["first"]) == (1.0, pytest.approx(np.sqrt(10)))


def test_at_first_arrow_and_gradient_differ_and_the_box_is_no_square():
    data = made(adam_state).compute(**made(adam_state).state)
    assert np.linalg.norm(data["m"] - data["g"]) > 0.2 * np.linalg.norm(data["m"])
    assert data["root"].max() > 1.5 * data["root"].min()


@pytest.mark.parametrize("size", [1.0, 1.01, 0.3, 7.0, 9.99, 123.0, 1e-12])
def test_a_round_number_is_not_below_and_not_far_above(size):
    assert size * (1 - 1e-9) <= nice(size) <= 1.51 * size


# The valley that turns -----------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [-90.0, -30.0, 0.0, 45.0])
def test_the_dots_lie_on_the_dashed_lines_and_that_of_descent_is_level(angle):
    data = made(turning_valley).compute(angle=angle, kappa=32.0, alpha=0.125, n_steps=30)
    at = round((angle + 90) / 5)
    for name in ("Adam", "descent"):
        assert data["altitude"][name] == pytest.approx(data["all"][name][at], rel=1e-6)
    assert np.ptp(data["all"]["descent"]) < 1e-9 * data["all"]["descent"][0]


def test_at_first_adam_loses_by_the_turn_and_gains_along_the_axes():
    data = made(turning_valley).compute(**made(turning_valley).state)
    assert data["altitude"]["Adam"] > 2 * data["altitude"]["descent"]
    assert data["all"]["Adam"][18] < 0.2 * data["altitude"]["descent"]  # not turned


# The effective Hessian -----------------------------------------------------------------------------------


def test_from_equal_errors_along_the_axes_the_ratio_is_that_of_the_true_diagonal():
    data = made(hessians).compute(**HESSIANS)
    np.testing.assert_allclose(data["H"][:, 1] / data["H"][:, 0], 16.0, rtol=1e-4)


def test_from_other_errors_or_turned_it_is_not():
    for change in ({"y": 0.5}, {"angle": 30.0}):
        data = made(hessians).compute(**HESSIANS | change)
        true = data["Q"][1, 1] / data["Q"][0, 0]
        assert abs(np.log(data["H"][0, 1] / data["H"][0, 0] / true)) > 0.1


def test_the_diagonal_gives_the_steps_of_the_walk():
    data = made(hessians).compute(**HESSIANS | {"angle": 20.0, "alpha": 0.25})
    path = data["path"]
    steps = -0.25 * (path[:-1] @ data["Q"]) / data["H"]
    np.testing.assert_allclose(steps, np.diff(path, axis=0), rtol=1e-6, atol=1e-9)


# The counterexample --------------------------------------------------------------------------------------


def test_at_first_adam_ends_at_the_worst_point_and_amsgrad_at_the_best():
    data = made(counterexample).compute(**made(counterexample).state)
    assert data["mean"] > 0
    assert data["walks"]["Adam"][-1] > 0.9
    assert data["walks"]["AMSGrad"][-1] < -0.9


def test_between_the_walls_three_steps_add_up_to_the_sum_shown():
    data = made(counterexample).compute(large=3.0, beta2=0.1, beta1=0.0, alpha=1 / 128, x0=0.0)
    for name in ("Adam", "AMSGrad"):
        walk = data["walks"][name]
        assert np.abs(walk).max() < 1
        assert (walk[-1] - walk[-4]) * 128 == pytest.approx(data["steps"][name].sum(), rel=1e-6)


# The race ------------------------------------------------------------------------------------------------


def test_a_question_asked_again_is_not_counted_again():
    p = quadratic_with_spectrum([2.0, 2.0])
    path, calls = counted(p, p.x0, 0.5)  # one step arrives, with f and grad at the start, and f at its end
    np.testing.assert_array_equal(path, [p.x0, p.minimiser])
    assert calls.tolist() == [0, 3]


def test_the_counted_walk_is_that_of_backtracking_and_its_calls_are_those_of_its_tries():
    p, alpha0 = quadratic_with_spectrum([1.0, 7.3], angle=0.3), 0.9
    path, calls = counted(p, p.x0, alpha0)
    whole = backtracking_descent(p.f, p.grad, p.x0, alpha0, 0.3, 0.5, len(path) - 1)
    np.testing.assert_allclose(path, whole, rtol=1e-12, atol=1e-12)
    g = p.grad(path[:-1])
    alphas = np.linalg.norm(np.diff(path, axis=0), axis=1) / np.linalg.norm(g, axis=1)
    tries = 1 + np.round(np.log2(alpha0 / alphas))
    np.testing.assert_array_equal(
        np.diff(calls), 1 + tries + (np.arange(len(tries)) == 0)
    )  # f at the start once
    assert calls[-1] >= CALLS - 2


@pytest.mark.parametrize("name", MENU)
def test_every_method_gets_down_on_every_landscape_from_the_start(name):
    data = made(race).compute(landscape=name, share=1.0, calls=CALLS, x=START[0], y=START[1])
    for racer, run in data["runs"].items():
        assert run["calls"][-1] <= CALLS
        assert run["altitude"][-1] < run["altitude"][0], racer
        assert (np.diff(run["calls"]) >= 1).all()
    assert set(data["order"]) == set(RACERS)


@pytest.mark.parametrize("racer", [name for name in RACERS if name != "backtracking"])
def test_its_step_is_better_than_twice_and_half_of_it(racer):
    found = landscape("turned valley")
    p, alpha = found.problem, found.steps[racer]
    x0 = racing.on_the_map(p, np.array(START))
    worst = [
        np.nan_to_num(p.f(RACERS[racer].run(p.f, p.grad, x0, alpha * share, CALLS)[-10:]), nan=np.inf).max()
        for share in (0.5, 1.0, 2.0)
    ]
    assert worst[1] == min(worst)


def test_turning_the_valley_costs_rmsprop_most():
    ends = [
        made(race).compute(landscape=name, share=1.0, calls=CALLS, x=START[0], y=START[1])["ends"]
        for name in ("valley along the axes", "turned valley")
    ]
    lost = {racer: ends[1][racer] / ends[0][racer] for racer in RACERS}
    assert max(lost, key=lost.get) == "RMSprop"


def test_a_path_is_drawn_up_to_the_row_that_leaves_and_never_with_nan():
    path = np.array([[0.5, 0.5], [0.6, np.inf], [np.nan, np.nan]])
    np.testing.assert_array_equal(up_to_the_way_out(path)[0], path[0])
    assert np.isfinite(up_to_the_way_out(path)).all()
    np.testing.assert_array_equal(up_to_the_way_out(path[:1]), path[:1])


# A learner's own function --------------------------------------------------------------------------------


def my_adam(grad, x0, alpha, beta1, beta2, eps, n_steps):
    return adam(grad, x0, alpha, beta1, beta2, eps, n_steps).tolist()


def my_amsgrad(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
    return list(amsgrad(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds))


def my_hessian(m_hat, v_hat, g, eps):
    return [float(H) for H in effective_hessian(m_hat, v_hat, g, eps)]


@pytest.mark.parametrize(
    ("make", "method"),
    [
        (adam_state, my_adam),
        (turning_valley, my_adam),
        (race, my_adam),
        (counterexample, my_amsgrad),
        (hessians, my_hessian),
    ],
)
def test_a_learners_right_function_draws_the_same_picture_and_a_broken_one_a_sentence(make, method):
    ours = make()
    np.testing.assert_array_equal(make(method=method).canvas.pixels(1), ours.canvas.pixels(1))
    broken = make(method=lambda *given: None)
    assert broken.caption.startswith("Your function returned None")
    with pytest.raises(ValueError, match="method must be a function"):
        make(method="adam")
