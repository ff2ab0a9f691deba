"""The controls of live figures: bounds, steps, mouse and arrow keys; fast while they move, sharp once they rest."""

import asyncio
import io

import pytest
from PIL import Image

from helpers.explore import live
from helpers.explore.controls import Choice, Count, LogSlider, Slider, starting
from helpers.explore.step_size import altitude_change, contour_walk, parabola_steps, where_you_end
from helpers.problems import wavy


def size(png):
    return Image.open(io.BytesIO(png)).size


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
