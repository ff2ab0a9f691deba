"""Chapter 00: a cost surface to walk on, and the error of finite differences against h."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.differences import (
    best_difference_step,
    cost_gradient,
    evaluate_cost,
    finite_difference_gradient,
    forward_difference_gradient,
    truncation_and_rounding,
)
from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, key, style
from helpers.draw.heights import Arrow, HeightLines
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import place, say
from helpers.problems import cost_surface

ARROW = 0.12  # length on the map of a slope of 1
HEIGHTS = tuple(range(-20, 441, 20))
NAMED = (-20, 0, 20, 40, 80, 120, 160, 200, 240)
ALONG = {"x": style.BLUE, "y": style.GREEN}
ONE_SIDED = style.PURPLE
PER_OCTAVE = 0.7  # hardly any h is a power of two, for which x + h may need no rounding
H = 2.0 ** -(np.arange(36) / PER_OCTAVE)  # 1 down to 2^-50


def surface_walk(
    x: float = 10.0, y: float = -5.0, cost: Callable = evaluate_cost, method: Callable = cost_gradient
) -> LiveFigure:
    """Return the figure of a point on a map of C with its gradient, and the two cuts whose slopes make it up.

    Controls `x` and `y`, the point, draggable. The dashed ring is the level line through the point, from C's
    closed form. `cost(x, y)` and `method(x, y)`, the gradient, may be your own: the point in the cuts sits at your
    height, arrow and tangents follow your slopes. Raises ValueError if one of them is no function, or a start is
    out of its range.

    >>> surface_walk()
    A cost surface you can walk. At (10, −5) ...

    Source: the course's own example; Cauchy 1847, Comptes rendus 25.
    """
    surface = cost_surface()
    (left, right), (low, high) = surface.window
    heights, slopes = Runner(cost, ours=evaluate_cost), Runner(method, ours=cost_gradient)
    controls = {"x": Slider("x", left, right, 0.1, start=10.0), "y": Slider("y", low, high, 0.1, start=-5.0)}
    across, up = np.linspace(left, right, 36), np.linspace(low, high, 36)
    lam, V = np.linalg.eigh(surface.hess(surface.x0))
    turn = np.linspace(0, 2 * np.pi, 81)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    bottom = surface.f(surface.minimiser)

    def compute(x: float, y: float) -> Mapping:
        here = {"x": x, "y": y}
        climbed = max(surface.f(np.array([x, y])) - bottom, 0.0)
        return {
            "point": np.array([x, y]), "height": float(heights(here, shape=())), "g": slopes(here, shape=(2,)),
            "cut along x": evaluate_cost(across, y), "cut along y": evaluate_cost(x, up),
            # half of lam_i c_i^2 adds up to the height above the lowest point
            "level": surface.minimiser + np.sqrt(2 * climbed / lam) * circle @ V.T,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(52, 46, 354, 366, xlabel="x", ylabel="y", xticks=range(0, 17, 4))
            cuts = {
                "x": canvas.axes(440, 246, 704, 366, xlim=(left, right), ylabel="height C", xlabel="x"),
                "y": canvas.axes(
                    440,
                    46,
                    704,
                    166,
                    xlim=(low, high),
                    xticks=range(-12, 5, 4),
                    ylabel="height C",
                    xlabel="y",
                ),
            }
            for name, other in (("x", "y"), ("y", "x")):
                cuts[name].set(ylim=(-60, 345), yticks=range(0, 301, 100))
                cuts[name].set_title(f"cut along {name}, {other} fixed", color=ALONG[name])
        HeightLines(
            canvas, map_, surface.f, ((left, right + 3), (low, high)), HEIGHTS, NAMED
        )  # room for the arrow
        level = Curve(canvas, map_, style.INK, 1.2, style.DASHES, 3.0)
        legs = {name: Curve(canvas, map_, ALONG[name], 2.0, style.DOTS, 4.0) for name in ALONG}
        lines = {name: Curve(canvas, map_, ALONG[name], 1.0, "-", 2.0, alpha=0.6) for name in ALONG}
        gradient, point = Arrow(canvas, map_), Dots(canvas, map_, style.INK, 8.0, 6.0)
        key(
            canvas, map_, [("gradient", {"color": style.MEASURED, "lw": 2.2}), ("all at this height", THEORY)]
        )
        curves, tangents, dots, signs_ = {}, {}, {}, {}
        for name, axes in cuts.items():
            curves[name] = Curve(canvas, axes, style.SOFT, 1.6)
            tangents[name] = Curve(canvas, axes, ALONG[name], 2.4, zorder=4.0)
            dots[name] = Dots(canvas, axes, style.INK, 7.0, 6.0)
            signs_[name] = Badge(canvas, axes, 1.0, 1.03, ha="right", va="bottom")

        def update(data: Mapping) -> None:
            (x, y), g, height = data["point"], data["g"], data["height"]
            arrow = ARROW * g
            level.set(*data["level"].T)
            lines["x"].set(np.array([left, right + 3]), np.array([y, y]))
            lines["y"].set(np.array([x, x]), np.array([low, high]))
            legs["x"].set(np.array([x, x + arrow[0]]), np.array([y, y]))
            legs["y"].set(np.array([x + arrow[0]] * 2), np.array([y, y + arrow[1]]))
            gradient.set(data["point"], arrow)
            point.set(np.array([x]), np.array([y]))
            for name, t, places, slope in (("x", x, across, g[0]), ("y", y, up, g[1])):
                curves[name].set(places, data[f"cut along {name}"])
                reach = np.array([-1.0, 1.0]) * min(4.0, 110 / max(abs(slope), 1e-9))
                tangents[name].set(t + reach, height + slope * reach)
                dots[name].set(np.array([t]), np.array([height]))
                signs_[name].set(f"slope {say(slope)}", colour=ALONG[name])

        return Scene(update, Drag(map_, lambda data: tuple(data["point"]), "x", "y", label="point"))

    def describe(data: Mapping) -> str:
        return (
            f"At {place(data['point'])} the height is {say(data['height'])}. To the right it {going(data['g'][0])}, "
            f"upwards on the map it {going(data['g'][1])}: the gradient is {place(data['g'])}."
        )

    def try_again() -> None:
        heights.try_again()
        slopes.try_again()

    return LiveFigure(
        "A cost surface you can walk", starting(controls, x=x, y=y), compute, build, describe, size=(720, 400),
        on_reset=try_again,
    )  # fmt: skip


def going(slope: float) -> str:
    """Return what a slope does on the way, in words.

    >>> going(-8.0), going(0.0)
    ('falls by 8 a unit', 'stays level')
    """
    if abs(slope) < 1e-9:
        return "stays level"
    return f"{'rises' if slope > 0 else 'falls'} by {say(abs(slope))} a unit"


def difference_error(
    x: float = 0.7, h: float = 1.0, method: Callable = finite_difference_gradient
) -> LiveFigure:
    """Return the figure of a slope of e^x taken from two heights, and of its error against their distance.

    Controls `x` and `h`. The errors are relative to the slope, which is e^x too. Dots are measured; dashed is what
    theory says, truncation plus rounding: h^2/6 + eps (1 + |x|)/(2h) for central differences, h/2 + eps (1 + |x|)/h
    for one-sided ones. `method(f, x, h)` may be your own central difference. Raises ValueError if it is no
    function, or a start is out of its range.

    >>> difference_error()
    The error of a finite difference. ...

    Source: Nocedal and Wright 2006, Numerical Optimization, section 8.1.
    """
    run = Runner(method, ours=finite_difference_gradient)
    controls = {
        "x": Slider("x", -2.0, 2.0, 0.05, start=0.7),
        "h": LogSlider("distance h", 2.0**-50, 1.0, start=1.0, per_octave=PER_OCTAVE, readout=".1e"),
    }
    theory_h = np.geomspace(H[-1], H[0], 160)

    def exponential(p):
        return np.exp(np.asarray(p, dtype=float)[..., 0])

    @lru_cache(maxsize=256)  # for a learner's function these are 36 calls; h changes none of them
    def measured(x: float) -> np.ndarray:
        if run.method is run.ours:
            return run({"f": exponential, "x": np.array([x]), "h": H}, shape=(len(H), 1))[:, 0]
        return np.array(
            [run({"f": exponential, "x": np.array([x]), "h": h}, shape=(1,))[0] for h in H.tolist()]
        )

    def compute(x: float, h: float) -> Mapping:
        slope = np.exp(x)
        size = slope * (1 + abs(x))
        k = int(np.argmin(np.abs(np.log(H / h))))
        central = measured(x)
        one_sided = forward_difference_gradient(exponential, [x], H)[:, 0]
        data = {"x": x, "h": h, "slopes": (central[k], one_sided[k]), "slope": slope}
        for name, order, slopes in (("central", 2, central), ("one-sided", 1, one_sided)):
            data[name] = np.abs(slopes - slope) / slope
            data[f"{name}, theory"] = sum(truncation_and_rounding(theory_h, order, slope, size)) / slope
        data["at"], data["best"] = k, best_difference_step(2, slope, size)
        return data

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            graph = canvas.axes(
                52, 48, 306, 330, xlim=(-2.4, 3.0), ylim=(-1.5, 12), xlabel="x", ylabel="f(x) = eˣ"
            )
            chart = canvas.axes(
                404, 48, 704, 330, xscale="log", yscale="log", xlim=(2.0**-52, 8.0), ylim=(1e-16, 10),
                xlabel="distance h", ylabel="relative error of the slope",
            )  # fmt: skip
            t = np.linspace(-2.4, 3.0, 200)
            graph.plot(t, np.exp(t), color=style.FUNCTION, lw=2, zorder=2)
        key(
            canvas,
            graph,
            [
                ("central", {"color": style.MEASURED}),
                ("one-sided", {"color": ONE_SIDED}),
                ("true slope", THEORY),
            ],
        )
        key(
            canvas,
            chart,
            [("central", MEASURED), ("one-sided", MEASURED | {"color": ONE_SIDED}), ("theory", THEORY)],
        )
        chords = [Curve(canvas, graph, c, 1.8, zorder=4.0) for c in (style.MEASURED, ONE_SIDED)]
        ends = [Dots(canvas, graph, c, 6.0, 5.0) for c in (style.MEASURED, ONE_SIDED)]
        tangent, point = (
            Curve(canvas, graph, style.THEORY, 1.4, style.DASHES),
            Dots(canvas, graph, style.INK, 7.0, 6.0),
        )
        dots = {"central": Dots(canvas, chart), "one-sided": Dots(canvas, chart, ONE_SIDED, 3.6, 3.9)}
        theory = {name: Curve(canvas, chart, style.THEORY, 1.3, style.DASHES, 4.5) for name in dots}
        present = Curve(canvas, chart, style.SOFT, 1.0, "-", 2.0)
        rings = [
            Curve(canvas, chart, c, 0, marker="o", ms=9, mfc="none", mew=1.6, zorder=6)
            for c in (style.MEASURED, ONE_SIDED)
        ]
        best = MarkedLine(canvas, chart, "best h", style.GREEN, style.DOTS, level=0.04)

        def update(data: Mapping) -> None:
            x, h, slope = data["x"], data["h"], data["slope"]
            side = np.array([-1.9, 1.9])
            tangent.set(x + side, slope * (1 + side))
            # a chord through its two places, as long as the tangent or longer
            for chord, end, measured_slope, behind in zip(
                chords, ends, data["slopes"], (-h, 0.0), strict=True
            ):
                places = x + np.array([behind, h])
                base, far = np.exp(places[0]), np.array([min(x - 1.9, places[0]), max(x + 1.9, places[1])])
                chord.set(far, base + measured_slope * (far - places[0]))
                end.set(places, np.exp(places))
            point.set(np.array([x]), np.array([slope]))
            for name in dots:
                dots[name].set(H, data[name])
                theory[name].set(theory_h, data[f"{name}, theory"])
            present.set(np.array([h, h]), np.array([1e-16, 10]))
            low, high = chart.get_ylim()
            for ring, name in zip(rings, dots, strict=True):
                ring.set(H[[data["at"]]], np.clip(data[name][[data["at"]]], low, high))
            best.set(data["best"])

        return Scene(
            update, Drag(graph, lambda data: (data["x"], float(data["slope"])), x="x", label="point")
        )

    def describe(data: Mapping) -> str:
        central, one_sided = data["central"][data["at"]], data["one-sided"][data["at"]]
        return (
            f"At x = {say(data['x'])}, with h = {say(data['h'])}, the central difference is off by {say(central)} of the "
            f"slope, the one-sided by {say(one_sided)}. The best h for central ones is about {say(data['best'], 1)}."
        )

    return LiveFigure(
        "The error of a finite difference", starting(controls, x=x, h=h), compute, build, describe, size=(720, 368),
        on_reset=run.try_again,
    )  # fmt: skip
