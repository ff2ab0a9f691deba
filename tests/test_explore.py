"""Live figures: any way to a setting gives the same pixels, and each shows as widget, picture and line."""

import base64
import io
import itertools
import textwrap
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from helpers import explore
from helpers.descent import gradient_descent
from helpers.draw import Dots
from helpers.explore import live, runs
from helpers.explore.controls import LogSlider, Slider, starting
from helpers.explore.live import LiveFigure, Scene
from helpers.explore.step_size import parabola_steps
from helpers.explore.words import say
from helpers.problems import parabola
from tests.figures import FIGURES

with_every_figure = pytest.mark.parametrize("name", FIGURES)


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
