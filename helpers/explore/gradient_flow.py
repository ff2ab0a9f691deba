"""Chapter 05: gradient descent along the exact flow, and a stiff valley where only the implicit method walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, Path, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.draw.valleys import Rings
from helpers.explore.controls import LogSlider, Slider, starting
from helpers.explore.integrators import orders, stability_regions
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.normal_equations import richardson_over_descent
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.flow import backward_euler, euler_step, gradient_flow
from helpers.problems import quadratic_with_spectrum

__all__ = ["euler_against_flow", "orders", "richardson_over_descent", "stability_regions", "stiff_valley"]

EDGE = 3.0  # the map shows -EDGE to EDGE
FLOW = style.BLUE


def euler_against_flow(
    h: float = 0.5, x0=(-2.6, 2.2), method: Callable = euler_step, flow: Callable = gradient_flow
) -> LiveFigure:
    """Return the figure of Euler's polygon against the exact flow of a valley with eigenvalues 1 and 3.

    Beside it the distance from the polygon's corners to the flow at the same time. Controls `h`, `x` and `y`
    (draggable). `method(field, x, h)` makes one step and `flow(Q, b, x0, t)` is the exact flow; both may be
    your own. Raises ValueError if a start is out of its range or a method is no function.

    >>> euler_against_flow(h=0.25)
    Euler's polygon and the flow. 16 steps of 0.25 from (−2.6, 2.2): ...

    Source: Hairer, Nørsett and Wanner 1993, Solving Ordinary Differential Equations I, section I.7.
    """
    step, exact = Runner(method, ours=euler_step), Runner(flow, ours=gradient_flow)
    problem, end = quadratic_with_spectrum([1.0, 3.0], angle=np.radians(-25)), 4.0
    Q, b = np.array(problem.hess(problem.x0)), np.zeros(2)
    controls = {
        "h": LogSlider("step h", 1 / 32, 1, start=0.5),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }

    def compute(h: float, x: float, y: float) -> Mapping:
        x0, n_steps = np.array([x, y]), int(np.floor(end / h + 1e-9))
        t, fine = h * np.arange(n_steps + 1), np.linspace(0, end, 121)
        polygon = [x0]
        for _ in range(n_steps):
            inputs = {"field": lambda x: -problem.grad(x), "x": polygon[-1], "h": h}
            polygon.append(step(inputs, shape=(2,)))
        polygon = np.array(polygon)
        times = np.concatenate([t, fine])
        line = exact({"Q": Q, "b": b, "x0": x0, "t": times}, shape=(len(times), 2))
        gap = np.linalg.norm(polygon - line[: len(t)], axis=1)
        lam, V = np.linalg.eigh(Q)
        factors = (1 - h * lam) ** np.arange(n_steps + 1)[:, None] - np.exp(-np.outer(t, lam))
        theory = np.linalg.norm(factors * (x0 @ V), axis=1)
        return {
            "h": h,
            "t": t,
            "polygon": polygon,
            "fine": line[len(t) :],
            "gap": gap,
            "theory": theory,
            "limit": 2 / 3,
        }

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(-0.1, 4.1), ylim=(1e-4, 30), xlabel="time t = kh",
                ylabel="distance to the flow",
            )  # fmt: skip
        Rings(canvas, map_).set(Q)
        line = Curve(canvas, map_, FLOW, 2.4, zorder=3.5)
        polygon, note = Path(canvas, map_, numbers=4), Badge(canvas, map_, 0.02, 0.02, va="bottom")
        theory = Curve(canvas, chart, style.THEORY, 1.3, style.DASHES)
        gap = Dots(canvas, chart)
        largest = Badge(canvas, chart, 0.98, 0.97, ha="right")
        key(canvas, map_, [("Euler's polygon", MEASURED), ("the flow", {"color": FLOW, "lw": 2.4})], y=1.0)
        key(canvas, chart, [("measured", MEASURED), ("(1 − hλ)ᵏ − exp(−λt)", THEORY)], y=1.01)

        def update(data: Mapping) -> None:
            line.set(*data["fine"].T)
            gone = polygon.set(data["polygon"])
            note.set("" if gone is None else f"leaves the map with step {gone}", colour=style.MEASURED)
            theory.set(data["t"][1:], data["theory"][1:])
            gap.set(data["t"][1:], data["gap"][1:])
            largest.set(f"largest {say(np.max(data['gap']))}", colour=style.MEASURED)

        return Scene(update, Drag(map_, lambda data: tuple(data["polygon"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        words = (
            f"{count(len(data['t']) - 1, 'step')} of {say(data['h'])} from {place(data['polygon'][0])}: the polygon is "
            f"at most {say(np.max(data['gap']))} off the flow, and {say(data['gap'][-1])} at the end."
        )
        if data["h"] > data["limit"]:
            return f"{words} Beyond h = 2/L = {say(data['limit'])} it leaves for good."
        return f"{words} Half the step, about half the distance."

    return LiveFigure(
        "Euler's polygon and the flow", starting(controls, h=h, x=x0[0], y=x0[1]), compute, build, describe,
        size=(720, 360), on_reset=lambda: (step.try_again(), exact.try_again()),
    )  # fmt: skip


def stiff_valley(
    h: float = 2.25, kappa: float = 32.0, x0=(-2.6, 0.6), method: Callable = backward_euler
) -> LiveFigure:
    """Return the figure of forward against backward Euler in a valley with L = 1: one explodes, one walks.

    The start lies near the floor, where the flow is slow and a long step would be accurate enough. Controls `h`,
    `kappa`, `x`, `y` (draggable). `method(Q, b, x0, h, n_steps)` may be your own. Raises ValueError if a start
    is out of its range or `method` is no function.

    >>> stiff_valley(h=4.0)
    A stiff valley. h = 4, 2 times the limit 2/L: ...

    Source: Curtiss and Hirschfelder 1952, PNAS 38; Hairer and Wanner 1996, section IV.1.
    """
    run = Runner(method, ours=backward_euler)
    n_steps = 40
    controls = {
        "h": LogSlider("step h", 1 / 4, 64, start=2.0),
        "kappa": LogSlider("stiffness κ", 1, 256, start=32.0, per_octave=4),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }
    steps = np.arange(n_steps + 1)

    def compute(h: float, kappa: float, x: float, y: float) -> Mapping:
        problem, x0 = quadratic_with_spectrum([1 / kappa, 1.0]), np.array([x, y])
        Q, b = np.array(problem.hess(x0)), np.zeros(2)
        implicit = run({"Q": Q, "b": b, "x0": x0, "h": h, "n_steps": n_steps}, shape=(n_steps + 1, 2))
        explicit = gradient_descent(problem.grad, x0, h, n_steps)  # forward Euler, under its other name
        exact = gradient_flow(Q, b, x0, h * steps)
        with np.errstate(over="ignore", invalid="ignore"):
            heights = {name: problem.f(path) for name, path in
                       (("explicit", explicit), ("implicit", implicit), ("exact", exact))}  # fmt: skip
        return {
            "Q": Q,
            "h": h,
            "kappa": kappa,
            "explicit": explicit,
            "implicit": implicit,
            "heights": heights,
        }

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(-1, n_steps + 1), ylim=(1e-9, 1e4), xlabel="step k",
                ylabel="altitude above the lowest point",
            )  # fmt: skip
        rings = Rings(canvas, map_)
        walk, blow = Path(canvas, map_, style.GREEN, numbers=0), Path(canvas, map_, numbers=4)
        note = Badge(canvas, map_, 0.02, 0.02, va="bottom")
        theory = Curve(canvas, chart, style.THEORY, 1.3, style.DASHES, zorder=5)
        dots = {"explicit": Dots(canvas, chart), "implicit": Dots(canvas, chart, style.GREEN)}
        key(
            canvas, chart,
            [("forward", MEASURED), ("backward", {**MEASURED, "color": style.GREEN}), ("the flow", THEORY)],
            y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            rings.set(data["Q"])
            walk.set(data["implicit"])
            gone = blow.set(data["explicit"])
            note.set("" if gone is None else f"forward leaves with step {gone}", colour=style.MEASURED)
            theory.set(steps, data["heights"]["exact"])
            for name, artist in dots.items():
                artist.set(steps, data["heights"][name])

        return Scene(update, Drag(map_, lambda data: tuple(data["implicit"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        ends = {name: say(heights[-1]) for name, heights in data["heights"].items()}
        return (
            f"h = {say(data['h'])}, {say(data['h'] / 2)} times the limit 2/L: {n_steps} steps from "
            f"{place(data['implicit'][0])} take forward Euler to altitude {ends['explicit']}, backward Euler to "
            f"{ends['implicit']}, the flow to {ends['exact']} (condition number {say(data['kappa'])})."
        )

    return LiveFigure(
        "A stiff valley", starting(controls, h=h, kappa=kappa, x=x0[0], y=x0[1]), compute, build, describe,
        size=(720, 356), on_reset=run.try_again,
    )  # fmt: skip
