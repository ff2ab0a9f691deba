"""Lines drawn from notes have, to the last pixel, the look that matplotlib gives them, whatever was changed before."""

import numpy as np
import pytest
from matplotlib.transforms import blended_transform_factory

from helpers.draw import Canvas, Curve, style
from helpers.draw.quick import Quick
from tests.figures import FIGURES

WAVE = np.linspace(0, 1, 40)


def by_matplotlib(canvas, scale, monkeypatch):
    """Return the pixels that the canvas has if every artist draws itself."""
    with monkeypatch.context() as patched:
        patched.setattr(Quick, "draw", lambda self, artist, renderer: artist.draw(renderer))
        return canvas.pixels(scale)


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_matplotlibs_pixels_at_each_of_its_settings(name, monkeypatch):
    make, wandering, end = FIGURES[name]
    figure = make()
    for state in ({}, *wandering, end):
        figure.set(**state)
        scale = 1 if state else 2
        quick = figure.canvas.pixels(scale)
        np.testing.assert_array_equal(
            quick, by_matplotlib(figure.canvas, scale, monkeypatch), err_msg=f"{state}"
        )


def points(curve):
    curve.set(WAVE[:7], WAVE[:7] ** 2)


def with_gaps(curve):
    y = np.sin(7 * WAVE)
    y[[0, 5, 6, 39]] = np.nan
    curve.set(WAVE, y)


def far_outside(curve):
    curve.set(WAVE, 1e4 * np.sin(7 * WAVE))


def nothing(curve):
    curve.set([], [])


CHANGES = {
    "other points": points,
    "nan in them": with_gaps,
    "points far outside": far_outside,
    "no points": nothing,
    "colour": lambda curve: curve.line.set_color(style.GREEN),
    "alpha": lambda curve: curve.line.set_alpha(0.3),
    "width": lambda curve: curve.line.set_linewidth(4.5),
    "dashes": lambda curve: curve.line.set_linestyle((0, (3, 2))),
    "markers": lambda curve: curve.line.set(marker="s", markersize=7),
    "colour inside": lambda curve: curve.line.set(marker="o", markersize=9, markerfacecolor="white"),
    "not clipped": lambda curve: (far_outside(curve), curve.line.set_clip_on(False)),
    "limits": lambda curve: curve.line.axes.set(xlim=(-1, 3), ylim=(-4, 2)),
    "a logarithmic axis": lambda curve: curve.line.axes.set(yscale="log", ylim=(1e-4, 10)),
    "another transform": lambda curve: curve.line.set_transform(
        blended_transform_factory(curve.line.axes.transData, curve.line.axes.transAxes)
    ),
    "stairs": lambda curve: curve.line.set_drawstyle("steps-post"),
    "every third marker": lambda curve: curve.line.set(marker="o", markevery=3),
    "hidden": lambda curve: curve.hide(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("scale", [1, 2])
def test_a_line_changed_after_it_was_noted_looks_changed(change, scale, monkeypatch):
    canvas = Canvas(200, 150)
    with canvas.building():
        axes = canvas.axes(20, 20, 190, 130, xlim=(0, 1), ylim=(-1, 1))
    curve = Curve(canvas, axes, style.ORANGE, 2)
    curve.set(WAVE, np.sin(7 * WAVE))
    before = canvas.pixels(scale)
    CHANGES[change](curve)
    quick = canvas.pixels(scale)
    assert (quick != before).any()
    np.testing.assert_array_equal(quick, by_matplotlib(canvas, scale, monkeypatch))


@pytest.mark.parametrize("first", [points, with_gaps, nothing])
@pytest.mark.parametrize("second", [points, with_gaps, nothing])
def test_what_was_noted_of_some_points_holds_for_others(first, second, monkeypatch):
    canvas = Canvas(200, 150)
    with canvas.building():
        axes = canvas.axes(20, 20, 190, 130, xlim=(0, 1), ylim=(-1, 1))
    curve = Curve(canvas, axes, style.ORANGE, 2, marker="o")
    for change in (first, second):
        change(curve)
        np.testing.assert_array_equal(canvas.pixels(1), by_matplotlib(canvas, 1, monkeypatch))
