"""Drawing: updated artists give the pixels of a plain static plot, and nobody's matplotlib settings change."""

import io
import itertools
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from helpers.draw import (
    Badge,
    Bands,
    Canvas,
    Contours,
    Curve,
    Dots,
    MarkedLine,
    Notice,
    Path,
    Strip,
    Ticks,
    Words,
    style,
)
from helpers.draw.artists import drawable, outward, way_out
from helpers.draw.canvas import encode_png
from helpers.explore.step_size import REGIMES
from helpers.explore.walks import VALLEYS

WAVE = np.linspace(0, 1, 50)
WINDOW = ((-1.0, 1.0), (-1.0, 1.0))


def canvas_with_axes(**limits):
    canvas = Canvas(300, 200)
    axes = canvas.axes(40, 30, 280, 180, **({"xlim": (0, 1), "ylim": (0, 1)} | limits))
    return canvas, axes


def picture(canvas, scale=1):
    return canvas.pixels(scale)


@pytest.mark.parametrize("scale", [1, 2])
def test_a_moved_curve_has_the_pixels_of_a_plain_static_plot(scale):
    canvas, axes = canvas_with_axes()
    curve = Curve(canvas, axes, colour="#0072b2", width=1.8)
    for power in (5, 1, 3, 2):
        curve.set(WAVE, WAVE**power)
        canvas.png(1)

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style.RC)
        plain = Figure(figsize=(3, 2), dpi=100 * scale)
        drawn = FigureCanvasAgg(plain)
        plain_axes = plain.add_axes((40 / 300, 30 / 200, 240 / 300, 150 / 200), xlim=(0, 1), ylim=(0, 1))
        plain_axes.plot(WAVE, WAVE**2, color="#0072b2", lw=1.8, zorder=3)
        drawn.draw()
    np.testing.assert_array_equal(picture(canvas, scale), np.asarray(drawn.buffer_rgba()))


PATH = np.array([[0.2, 0.9], [0.7, 0.3], [0.4, 0.5]])
PLACES = np.linspace(0, 1, 20)
ZONES = (0.1, 1, 10), ("low", "high"), ("#0072b2", "#c84e00"), ((1, "1"),)
# name: how to make it, and two settings
ARTISTS = {
    "Curve": (Curve, (WAVE, WAVE), (WAVE, WAVE**2)),
    "Dots": (Dots, (WAVE, 3 * WAVE - 1), (WAVE[:7], WAVE[:7])),
    "Path": (Path, (PATH,), (2 * PATH,)),
    "MarkedLine": (lambda *on: MarkedLine(*on, "1/κ"), (0.3,), (7.0,)),
    "Badge": (lambda *on: Badge(*on, 0.1, 0.9), ("diverges",), ("crawls",)),
    "Words": (lambda *on: Words(*on, x=0.5, y=0.5), ("7",), ("12",)),
    "Bands": (
        lambda *on: Bands(*on, 0.0, 0.2, VALLEYS),
        (PLACES, np.repeat([0, 1], 10), "AB"),
        (PLACES, np.repeat([-1, 2, 0, 1], 5), "ABC"),
    ),
    "Strip": (lambda *on: Strip(*on, *ZONES), (0.5,), (5.0,)),
}


@pytest.mark.parametrize("name", ARTISTS)
def test_an_artist_set_to_and_fro_looks_as_if_set_once(name):
    canvas, axes = canvas_with_axes()
    make, a, b = ARTISTS[name]
    artist = make(canvas, axes)
    artist.set(*a)
    once = picture(canvas)
    artist.set(*b)
    other = picture(canvas)
    artist.set(*a)
    np.testing.assert_array_equal(picture(canvas), once)
    assert (other != once).any()


@pytest.mark.parametrize("name", ARTISTS)
def test_a_hidden_artist_leaves_no_pixel(name):
    canvas, axes = canvas_with_axes()
    make, a, _ = ARTISTS[name]
    artist = make(canvas, axes)
    artist.hide()
    empty = picture(canvas)
    artist.set(*a)
    assert (picture(canvas) != empty).any()
    artist.hide()
    np.testing.assert_array_equal(picture(canvas), empty)


def test_moving_ticks_tell_their_place_times_the_scale():
    canvas, axes = canvas_with_axes()
    ticks = Ticks(canvas, axes, x=(0, 0.5, 1), y=(-1, 0))
    ticks.set(x=0.2, y=50)
    assert [label.text for label in ticks.labels["x"]] == ["0", "0.1", "0.2"]
    assert [label.text for label in ticks.labels["y"]] == ["−50", "0"]
    ticks.hide()
    assert {label.text for label in ticks.labels["x"]} == {""}


def test_a_moving_artist_does_not_redraw_the_background(monkeypatch):
    canvas, axes = canvas_with_axes()
    curve = Curve(canvas, axes)
    drawn = []
    original = canvas.figure.draw
    monkeypatch.setattr(canvas.figure, "draw", lambda renderer: (drawn.append(1), original(renderer)))
    for power in range(1, 6):
        curve.set(WAVE, WAVE**power)
        canvas.png(1)
        canvas.png(2)
    assert len(drawn) == 2, "one background for each scale"


@pytest.mark.parametrize(
    "change",
    [
        lambda axes: axes.set_xlim(0, 2),
        lambda axes: axes.set_title("new"),
        lambda axes: axes.lines[0].set_color("red"),
        lambda axes: axes.plot([0, 1], [1, 0]),
    ],
    ids=["limits", "title", "static line", "added line"],
)
def test_a_changed_static_artist_shows_at_every_scale(change):
    canvas, axes = canvas_with_axes()
    with canvas.building():
        axes.plot([0, 1], [0, 1])
    before = [picture(canvas, scale) for scale in (1, 2)]
    with canvas.building():
        change(axes)
    for scale, old in zip((1, 2), before, strict=True):
        assert (picture(canvas, scale) != old).any(), f"scale {scale} shows an old background"


def test_pixels_of_a_scale_do_not_depend_on_which_scale_came_first():
    first, second = (canvas_with_axes() for _ in range(2))
    for canvas, axes in (first, second):
        Badge(canvas, axes, 0.5, 0.5).set("the same")
    np.testing.assert_array_equal(picture(first[0], 1), (picture(second[0], 2), picture(second[0], 1))[1])
    np.testing.assert_array_equal(picture(first[0], 2), picture(second[0], 2))


def test_two_canvases_of_one_size_do_not_mix_their_pixels():
    (first, axes), (second, _) = canvas_with_axes(), canvas_with_axes()
    Curve(first, axes).set(WAVE, WAVE)
    mine, other = first.pixels(1), second.pixels(1)
    assert (mine != other).any()
    np.testing.assert_array_equal(mine, first.pixels(1))


def test_png_bytes_are_a_true_picture_of_the_pixels():
    canvas, axes = canvas_with_axes()
    Curve(canvas, axes).set(WAVE, WAVE)
    decoded = np.asarray(Image.open(io.BytesIO(canvas.png(2))))
    np.testing.assert_array_equal(decoded, canvas.pixels(2)[:, :, :3])


@pytest.mark.parametrize(
    "pixels", [np.zeros((3, 3, 3), np.uint8), np.zeros((3, 3, 4))], ids=["rgb", "floats"]
)
def test_encode_png_refuses_what_is_no_picture(pixels):
    with pytest.raises(ValueError, match="pixels must be bytes of shape"):
        encode_png(pixels)


def test_fraction_and_data_are_inverse_at_any_scale():
    canvas, axes = canvas_with_axes(xlim=(-3, 5), ylim=(10, 20))
    for scale in (1, 2):
        canvas.png(scale)
        across, down = canvas.fraction(axes, 1.0, 12.5)
        assert (across, down) == pytest.approx((160 / 300, 1 - 67.5 / 200))
        assert canvas.data(axes, across, down) == pytest.approx((1.0, 12.5))


def test_only_draws_those_artists_and_nothing_else_that_moves():
    canvas, axes = canvas_with_axes()
    curve, notice = Curve(canvas, axes), Notice(canvas)
    notice.set("your function returned None: is there a $return$?")
    canvas.only = notice.artists
    alone = picture(canvas)
    curve.set(WAVE, WAVE)
    np.testing.assert_array_equal(picture(canvas), alone)
    canvas.only = ()
    assert (picture(canvas) != alone).any()


def test_the_readers_own_rcparams_change_no_pixel():
    def draw():
        canvas, axes = canvas_with_axes()
        Curve(canvas, axes).set(WAVE, WAVE)
        Contours(canvas, axes, lambda x: np.sum(x**2, axis=-1), ((0.0, 1.0), (0.0, 1.0)), (0.5, 0.5))
        return picture(canvas)

    usual = draw()
    with matplotlib.rc_context(
        {"lines.linewidth": 9, "axes.facecolor": "k", "font.size": 30, "image.cmap": "jet"}
    ):
        np.testing.assert_array_equal(draw(), usual)


def test_importing_and_drawing_leaves_matplotlib_as_it_was():
    program = (
        # not dict(rcParams): asking for the backend would import pyplot
        "import sys, matplotlib; before = matplotlib.rcParams.copy();"
        "from helpers.draw import Canvas; from helpers.explore.step_size import parabola_steps;"
        "parabola_steps().png(1);"
        "assert matplotlib.rcParams.copy() == before, 'rcParams changed';"
        "assert 'matplotlib.pyplot' not in sys.modules, 'pyplot was imported'"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_a_diverging_path_is_drawn_up_to_its_first_nan_and_far_points_keep_their_direction():
    points = np.array([[0.0, 0.5], [1e200, 2e200], [np.inf, 0.0], [np.nan, np.nan]])
    shown = drawable(points, WINDOW)
    assert shown.shape == (2, 2)
    assert np.isfinite(shown).all()
    assert shown[1, 1] / shown[1, 0] == pytest.approx(2)


@pytest.mark.parametrize(
    ("points", "step"),
    [
        ([[0, 0], [0.5, 0.5]], None),
        ([[0, 0], [3, 0]], 1),
        ([[0, 0], [3, 0], [0.5, 0]], None),
        ([[0, 0], [3, 0], [0.5, 0], [0, -4], [9, 9]], 3),
        ([[5, 5], [6, 6]], 0),
    ],
    ids=["stays", "leaves", "comes back", "leaves for good later", "never in"],
)
def test_way_out_tells_the_step_after_which_a_path_stays_outside(points, step):
    assert way_out(np.array(points, dtype=float), WINDOW)[0] == step


def test_way_out_crosses_the_edge_on_the_line_between_the_points():
    _, where, way = way_out(np.array([[0.0, 0.0], [4.0, 2.0]]), WINDOW)
    np.testing.assert_allclose(where, [1.0, 0.5])
    np.testing.assert_allclose(way, [4.0, 2.0])


def test_path_tells_when_it_left_and_shows_no_end_inside():
    canvas, axes = canvas_with_axes(xlim=(-1, 1), ylim=(-1, 1))
    path = Path(canvas, axes)
    assert path.set(np.array([[0.0, 0.0], [5.0, 5.0]])) == 1
    assert len(path.end.get_xdata()) == 0
    assert path.set(np.array([[0.0, 0.0], [0.5, 0.5]])) is None
    assert len(path.exit.get_xdata()) == 0


def test_step_numbers_stand_outside_of_the_corners_of_a_zigzag():
    zigzag = np.array([[0.0, 0.0], [10.0, 1.0], [0.0, 2.0], [10.0, 3.0]])
    assert outward(zigzag, 1)[0] > 0.9
    assert outward(zigzag, 2)[0] < -0.9
    assert outward(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), 1)[1] == 1.0


def test_dots_beyond_the_limits_sit_on_the_edge_and_nan_is_left_out():
    canvas, axes = canvas_with_axes()
    dots = Dots(canvas, axes)
    dots.set(np.arange(5.0), np.array([0.5, np.inf, -2.0, np.nan, 1.0]))
    assert list(dots.above.get_ydata()) == [1.0]
    assert list(dots.below.get_ydata()) == [0.0]
    assert list(dots.inside.get_ydata()) == [0.5, 1.0]


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


@pytest.mark.parametrize(
    "colour",
    [style.INK, style.SOFT, style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, "#8a6100"],
)
def test_every_colour_that_words_are_written_in_reads_on_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5, "contrast asked for by WCAG 2.2 AA"


# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
COLOUR_BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
}  # fmt: skip


def lab(colour, seen_as):
    srgb = np.array(to_rgb(colour))
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(seen_as) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ linear / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", COLOUR_BLINDNESS)
@pytest.mark.parametrize(
    "palette",
    [VALLEYS[:4], [REGIMES[name][0] for name in ("crawls", "monotone", "oscillates", "diverges")],
     (style.FUNCTION, style.MEASURED, style.THEORY)],
    ids=["valleys", "regimes", "roles"],
)  # fmt: skip
def test_colours_side_by_side_differ_for_colour_blind_readers(palette, kind):
    for one, other in itertools.pairwise(palette):
        apart = np.linalg.norm(lab(one, COLOUR_BLINDNESS[kind]) - lab(other, COLOUR_BLINDNESS[kind]))
        assert apart > 12, f"{one} and {other} look alike"
