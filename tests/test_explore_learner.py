"""A learner's own function in a live figure: drawn where it works, one plain sentence where it does not."""

from functools import cache

import numpy as np
import pytest

from helpers.explore import runs
from helpers.explore.conditioning import best_step, fixed_or_exact, steps_against_kappa, valley_modes
from helpers.explore.gradient_flow import (
    euler_against_flow,
    orders,
    richardson_over_descent,
    stability_regions,
    stiff_valley,
)
from helpers.explore.momentum import momentum_race, momentum_valley, stability_plane, three_cycle
from helpers.explore.regularization import filter_curves, floor_to_bowl, rate_switch
from helpers.explore.step_size import contour_walk, parabola_steps, where_you_end

# The figures of the later chapters with a function that may be the learner's.
LATER = [
    valley_modes, fixed_or_exact, best_step, steps_against_kappa, floor_to_bowl, filter_curves,
    rate_switch, euler_against_flow, stiff_valley, orders, stability_regions, richardson_over_descent, momentum_valley,
    momentum_race, stability_plane, three_cycle,
]  # fmt: skip
RUN_A_METHOD = [parabola_steps, contour_walk, where_you_end]
with_every_method = pytest.mark.parametrize("make", RUN_A_METHOD)


@cache
def first_picture(make):
    return make().canvas.pixels(1)


def student_descent(grad, x0, alpha, n_steps):
    path = [x0]
    for _ in range(n_steps):
        path.append(path[-1] - alpha * grad(path[-1]))
    return np.array(path)


def forgets_the_start(grad, x0, alpha, n_steps):
    return student_descent(grad, x0, alpha, n_steps)[1:]


def raises(grad, x0, alpha, n_steps):
    raise KeyError("alpha <b>& $x$")


def not_written_yet(*given):
    raise NotImplementedError


BROKEN = {
    "raises": (raises, "Your function raised KeyError"),
    "not written yet": (not_written_yet, "This part is not attempted yet."),
    "no return": (lambda grad, x0, alpha, n_steps: None, "Your function returned None"),
    "start missing": (forgets_the_start, "Your function returned an array of shape"),
    "words": (
        lambda grad, x0, alpha, n_steps: "a path",
        "Your function returned a text, which cannot be read",
    ),
    "ragged": (
        lambda grad, x0, alpha, n_steps: [[1.0], [2.0, 3.0]],
        "Your function returned a list, which cannot",
    ),
    "functions": (
        lambda grad, x0, alpha, n_steps: [grad],
        "Your function returned a list, which cannot be read",
    ),
    "complex": (
        lambda grad, x0, alpha, n_steps: np.array([1j]),
        "Your function returned an array, which cannot",
    ),
    "wrong signature": (lambda x: x, "Your function takes 1 argument"),
    "exits": (lambda grad, x0, alpha, n_steps: exit(), "Your function raised SystemExit"),
}


@with_every_method
def test_a_learners_right_function_draws_the_same_picture_as_ours(make):
    np.testing.assert_array_equal(make(method=student_descent).canvas.pixels(2), make().canvas.pixels(2))


@pytest.mark.parametrize("mistake", BROKEN)
@with_every_method
def test_a_broken_function_shows_one_plain_sentence(make, mistake):
    function, sentence = BROKEN[mistake]
    figure = make(method=function)
    assert figure.caption.startswith(sentence)
    assert "\n" not in figure.caption
    assert "Traceback" not in figure.caption
    assert figure._overlay.handle == []
    data, _ = figure._repr_mimebundle_()
    assert sentence in data["text/plain"]
    assert (figure.canvas.pixels(1) != first_picture(make)).any()


@pytest.mark.parametrize("make", LATER)
def test_a_figure_says_what_is_missing_in_a_function_of_the_learner(make):
    assert "not attempted yet" in make(method=not_written_yet).caption
    with pytest.raises(ValueError, match="method must be a function"):
        make(method=3)


@pytest.mark.parametrize("make", LATER)
def test_a_figure_says_that_a_function_of_the_learner_returned_nothing(make):
    assert "None" in make(method=lambda *given: None).caption


def test_an_error_message_cannot_write_html_into_the_page():
    figure = parabola_steps(method=raises)
    assert "<b>" in figure.caption
    assert "<b>" not in figure._line.value
    assert "&lt;b&gt;&amp;" in figure._line.value


def test_a_function_that_breaks_at_some_settings_recovers_at_others():
    def fragile(grad, x0, alpha, n_steps):
        if alpha > 1.9:
            raise ValueError("too bold")
        return student_descent(grad, x0, alpha, n_steps)

    figure = parabola_steps(method=fragile)
    good = figure.canvas.pixels(1)
    figure.set(alpha=2.5)
    assert figure.caption == "Your function raised ValueError: too bold."
    figure.set(alpha=2 ** (7 / 8))
    np.testing.assert_array_equal(figure.canvas.pixels(1), good)
    assert figure._overlay.handle != []


def test_an_endless_loop_is_stopped_once_and_tried_again_after_reset(monkeypatch):
    monkeypatch.setattr(runs, "SECONDS", 0.2)
    calls, cured = [], []

    def endless(grad, x0, alpha, n_steps):
        calls.append(alpha)
        while not cured:
            pass
        return student_descent(grad, x0, alpha, n_steps)

    figure = parabola_steps(method=endless)
    assert "a loop that never ends" in figure.caption
    figure.set(alpha=0.5)
    assert len(calls) == 1, "moving a slider must not wait for it again"
    assert "press Reset" in figure.caption
    cured.append(True)
    figure.reset()
    assert "oscillates" in figure.caption


def test_a_function_that_diverges_or_changes_its_arguments_is_drawn_all_the_same():
    def in_place(grad, x0, alpha, n_steps):
        path = np.empty((n_steps + 1, len(x0)))
        for k in range(n_steps + 1):
            path[k] = x0
            x0 -= 1e200 * alpha * grad(x0)
        return path

    figure = contour_walk(method=in_place)
    assert "beyond all numbers" in figure.caption or "not a number" in figure.caption
    assert (figure.state["x"], figure.state["y"]) == (1.0, 1.0)


@with_every_method
def test_while_nbgrader_runs_the_notebook_the_learners_function_is_not_called(make, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    called = []
    assert set(make(method=called.append)._repr_mimebundle_()[0]) == {"text/plain"}
    assert called == []
