"""Live figures: any way to a setting gives the same pixels; learners' functions cannot break them."""

import asyncio
import base64
import io
import itertools
import textwrap
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from PIL import Image

from helpers import explore
from helpers.descent import critical_step, gradient_descent, predicted_change
from helpers.draw import Dots
from helpers.explore import live, runs
from helpers.explore.controls import Choice, Count, LogSlider, Slider, starting
from helpers.explore.live import LiveFigure, Scene
from helpers.explore.step_size import altitude_change, contour_walk, parabola_steps, where_you_end
from helpers.explore.words import say
from helpers.problems import parabola, quadratic_with_spectrum, rosenbrock, wavy
from tests.figures import FIGURES

with_every_figure = pytest.mark.parametrize("name", FIGURES)
RUN_A_METHOD = [parabola_steps, contour_walk, where_you_end]
with_every_method = pytest.mark.parametrize("make", RUN_A_METHOD)


def size(png):
    return Image.open(io.BytesIO(png)).size


@with_every_figure
@pytest.mark.parametrize("scale", [1, 2])
def test_a_figure_moved_through_many_settings_equals_a_fresh_one_pixel_for_pixel(name, scale):
    make, wandering, end = FIGURES[name]
    moved, fresh = make(), make()
    for setting in wandering:
        moved.set(**setting)
        moved.png(1)
    moved.set(**end)
    fresh.set(**end)
    assert moved.state == fresh.state
    assert moved.caption == fresh.caption
    np.testing.assert_array_equal(moved.canvas.pixels(scale), fresh.canvas.pixels(scale))


@with_every_figure
def test_every_control_changes_pixels_and_words(name):
    make, _, end = FIGURES[name]
    figure = make().set(**end)
    for control, value in end.items():
        before, words = figure.canvas.pixels(1), figure.caption
        figure.set(**{control: figure._specs[control].nudged(value, 9)})
        assert (figure.canvas.pixels(1) != before).any(), control
        assert figure.caption != words, control
        figure.set(**{control: value})


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=True)
    return type(a) is type(b) and (a == b or not isinstance(a, (float, int, str)))


@with_every_figure
def test_compute_gives_the_same_arrays_for_the_same_controls(name):
    make, wandering, end = FIGURES[name]
    figure = make()
    first = figure.compute(**figure.state | end)
    for setting in wandering:
        figure.compute(**figure.state | setting)
    assert same(first, figure.compute(**figure.state | end))


@with_every_figure
def test_reset_brings_back_the_first_picture(name):
    make, wandering, _ = FIGURES[name]
    figure = make()
    state, words, pixels = figure.state, figure.caption, figure.canvas.pixels(2)
    for setting in wandering:
        figure.set(**setting)
    figure.reset()
    assert (figure.state, figure.caption) == (state, words)
    np.testing.assert_array_equal(figure.canvas.pixels(2), pixels)


# What the figures say is true ------------------------------------------------------------------------


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


# How a figure shows ------------------------------------------------------------------------------------


@with_every_figure
def test_a_figure_displays_as_widget_picture_and_one_line(name):
    figure = FIGURES[name][0]()
    data, metadata = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == figure.surface.model_id
    assert metadata == {"image/png": {"width": figure.canvas.width, "height": figure.canvas.height}}
    assert size(base64.b64decode(data["image/png"])) == (2 * figure.canvas.width, 2 * figure.canvas.height)
    assert "\n" not in data["text/plain"]
    assert any(letter.isdigit() for letter in data["text/plain"]), "key numbers"


@with_every_figure
def test_two_fresh_figures_print_the_same_line_and_picture(name):
    make = FIGURES[name][0]
    assert repr(make()) == repr(make())
    assert make().png() == make().png()


@with_every_figure
def test_the_text_alternative_is_title_and_caption(name):
    figure = FIGURES[name][0]()
    assert figure._overlay.alt == f"{figure.title}. {figure.caption}"
    assert bool(figure._overlay.label) == (figure._scene.drag is not None), (
        "a point that can be dragged has a name"
    )


def test_the_text_alternative_follows_the_controls():
    figure = parabola_steps()
    figure.set(alpha=3.0)
    assert "diverges" in figure._overlay.alt
    assert "diverges" in figure._line.value


def test_while_nbgrader_runs_the_notebook_nothing_is_computed_or_drawn(monkeypatch):
    def never(*arguments, **controls):
        raise AssertionError("a figure worked during grading")

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figure = LiveFigure("A title", {"alpha": Slider("step", 0, 1, 0.1, 0.5)}, never, never, never)
    figure.set(alpha=0.7).reset().set(alpha=0.2)
    assert figure.state == {"alpha": 0.2}
    assert figure._repr_mimebundle_() == ({"text/plain": repr(figure)}, {})
    assert repr(figure).startswith("A title")
    assert figure.png() == b""
    with pytest.raises(ValueError, match="alpha must be between 0 and 1, got 2"):
        figure.set(alpha=2)


@with_every_method
def test_while_nbgrader_runs_the_notebook_the_learners_function_is_not_called(make, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    called = []
    assert set(make(method=called.append)._repr_mimebundle_()[0]) == {"text/plain"}
    assert called == []


# Controls ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("controls", "sentence"),
    [
        ({"beta": 1.0}, "beta is no control of this figure, which has x, y, alpha, n_steps"),
        ({"alpha": 99}, "alpha must be between 0.003906 and 1, got 99"),
        ({"alpha": float("nan")}, "alpha must be between 0.003906 and 1, got nan"),
        ({"alpha": "0.1"}, "alpha must be a number, got '0.1'"),
        ({"x": None}, "x must be a number, got None"),
        ({"n_steps": 2.5}, "n_steps must be a whole number, got 2.5"),
        ({"n_steps": 61}, "n_steps must be between 0 and 60, got 61"),
        ({"x": 3.0, "y": 99.0}, "y must be between -14 and 4, got 99"),
    ],
)
def test_set_refuses_bad_values_in_one_sentence_and_changes_nothing(controls, sentence):
    figure = contour_walk()
    before = figure.state
    with pytest.raises(ValueError, match="^" + sentence.replace("(", r"\(")):
        figure.set(**controls)
    assert figure.state == before


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (parabola_steps, {"alpha": 99}),
        (parabola_steps, {"method": 3}),
        (contour_walk, {"problem": wavy()}),
        (contour_walk, {"x0": (50, 0)}),
        (altitude_change, {"problem": wavy()}),
        (altitude_change, {"x0": (9, 9)}),
        (where_you_end, {"n_steps": -1}),
    ],
)
def test_a_figure_refuses_bad_starts(make, arguments):
    with pytest.raises(ValueError, match=r"must be"):
        make(**arguments)


def test_choice_takes_only_its_options():
    choice = Choice("surface", ("bowl", "valley"), "bowl")
    assert choice.widget().value == "bowl"
    with pytest.raises(ValueError, match="surface must be one of 'bowl', 'valley', got 'hill'"):
        choice.check("surface", "hill")


@pytest.mark.parametrize(
    "spec", [Slider("x", -1, 2, 0.1, 0), LogSlider("x", 1 / 8, 4, 1), Count("x", 0, 9, 3)]
)
def test_a_nudge_is_one_step_of_the_slider_and_stops_at_the_ends(spec):
    assert spec.nudged(spec.high, 1) == spec.high
    assert spec.nudged(spec.low, -1) == spec.low
    once = spec.nudged(spec.start, 1)
    assert once > spec.start
    assert spec.nudged(once, -1) == spec.start
    assert spec.nearest(1e9) == spec.high
    assert spec.widget().value == spec.start


def test_starting_keeps_the_other_controls():
    controls = {"a": Slider("a", 0, 1, 0.1, 0), "n": Count("n", 0, 9, 3)}
    changed = starting(controls, n=5)
    assert (changed["a"], changed["n"].start, controls["n"].start) == (controls["a"], 5, 3)


def test_moving_a_sliders_widget_redraws():
    figure = parabola_steps()
    before = figure._image.value
    figure.controls["alpha"].value = 0.5
    assert "monotone" in figure.caption
    assert figure._image.value != before


def test_setting_many_controls_computes_once():
    figure = contour_walk()
    original, calls = figure.compute, []
    figure.compute = lambda **controls: (calls.append(controls), original(**controls))[1]
    figure.set(x=2.0, y=-3.0, alpha=0.25, n_steps=7)
    assert calls == [{"x": 2.0, "y": -3.0, "alpha": 0.25, "n_steps": 7}]


# Fast while it moves, sharp once it rests ---------------------------------------------------------------


def test_without_an_event_loop_every_frame_is_sharp():
    figure = parabola_steps()
    figure.set(alpha=0.5)
    assert size(figure._image.value) == (1440, 768)


def test_frames_are_fast_while_it_moves_and_sharp_once_it_rests(monkeypatch):
    monkeypatch.setattr(live, "REST", 0.01)
    seen = []

    async def move():
        figure = parabola_steps()
        figure._image.observe(lambda change: seen.append(size(change["new"])[0]), "value")
        for alpha in (0.25, 0.5, 1.0, 1.5):
            figure.set(alpha=alpha)
        alt = figure._overlay.alt
        while figure._timer:
            await asyncio.sleep(0)
        return figure, alt

    figure, alt_while_moving = asyncio.run(move())
    assert seen == [720, 720, 720, 720, 1440], "one sharp frame, of the last position"
    assert figure._image.value == parabola_steps(alpha=1.5).png(2)
    assert "step 1.83" in alt_while_moving, "a screen reader is not told every frame"
    assert "step 1.5" in figure._overlay.alt


# The point under the mouse ------------------------------------------------------------------------------


def test_dragging_sets_both_controls_and_the_handle_follows():
    figure = contour_walk()
    axes = figure._scene.drag.axes
    figure._overlay.pointer = list(figure.canvas.fraction(axes, 4.04, -5.98))
    assert (figure.state["x"], figure.state["y"]) == (4.0, -6.0)
    assert figure._overlay.handle == pytest.approx(figure.canvas.fraction(axes, 4.0, -6.0))


def test_dragging_out_of_the_axes_stops_at_the_edge():
    figure = contour_walk()
    figure._overlay.pointer = [5.0, -5.0]
    assert (figure.state["x"], figure.state["y"]) == (13.0, 4.0)


def test_a_point_on_a_curve_follows_the_mouse_sideways_only():
    figure = parabola_steps()
    axes = figure._scene.drag.axes
    figure._overlay.pointer = list(figure.canvas.fraction(axes, 1.0, 7.0))
    assert figure.state["x0"] == 1.0
    assert figure._overlay.handle == pytest.approx(figure.canvas.fraction(axes, 1.0, 0.5))


def test_arrow_keys_move_the_point_by_the_steps_of_its_controls():
    figure = contour_walk()
    figure._overlay.nudge = [2, -1]
    assert (figure.state["x"], figure.state["y"]) == pytest.approx((1.2, 0.8))
    figure._overlay.nudge = [2, 9]
    assert (figure.state["x"], figure.state["y"]) == pytest.approx((1.2, 2.8))


def test_the_handle_may_only_be_within_the_axes():
    figure = contour_walk()
    left, top, right, bottom = figure._overlay.area
    axes = figure._scene.drag.axes
    assert (left, top) == pytest.approx(figure.canvas.fraction(axes, -1, 4))
    assert (right, bottom) == pytest.approx(figure.canvas.fraction(axes, 13, -14))


# A learner's own function -------------------------------------------------------------------------------


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


def not_written_yet(grad, x0, alpha, n_steps):
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


def test_a_figure_reports_our_own_mistakes_instead_of_hiding_them():
    def build(canvas):
        return Scene(update=lambda data: None)

    with pytest.raises(ZeroDivisionError):
        LiveFigure("broken", {}, lambda: 1 / 0, build, str)


def test_the_recipe_for_a_new_figure_works():
    lines = explore.__doc__.partition("::\n")[2].splitlines()
    recipe = "\n".join(itertools.takewhile(lambda line: not line or line.startswith("    "), lines))
    names = {
        "Callable": Callable, "np": np, "gradient_descent": gradient_descent, "parabola": parabola,
        "Runner": runs.Runner, "Slider": Slider, "LogSlider": LogSlider, "starting": starting, "say": say,
        "LiveFigure": LiveFigure, "Scene": Scene, "Drag": live.Drag, "Dots": Dots,
    }  # fmt: skip
    exec(textwrap.dedent(recipe), names)
    figure = names["halving"](alpha=1.0)
    assert repr(figure) == "Halving. 20 steps of size 1 end at 0."
    figure._overlay.nudge = [0, 3]
    assert figure.state["x0"] == 3.3
