"""Chapter 01: what the step size does, on a parabola, on a map, and against the altitude it was to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.ticker import MaxNLocator

from helpers.descent import critical_step, gradient_descent, predicted_change, step_regime
from helpers.draw import Badge, Canvas, Contours, Curve, Dots, MarkedLine, Path, Strip, Ticks, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.walks import contour_walk, nice_step, where_you_end
from helpers.explore.words import count, place, say
from helpers.problems import Problem, parabola, rosenbrock

__all__ = ["altitude_change", "contour_walk", "parabola_steps", "where_you_end"]

REGIMES = {
    "crawls": (style.PURPLE, "crawls: hardly any progress"),
    "monotone": (style.BLUE, "monotone: closer from one side"),
    "one-step": ("#8a6100", "one step: there at once"),
    "oscillates": (style.GREEN, "oscillates: overshoots, yet closer"),
    "cycles": (style.INK, "cycles: to and fro for ever"),
    "diverges": (style.VERMILLION, "diverges: further with each step"),
}
ZONES = ("crawls", "monotone", "oscillates", "diverges")


def parabola_steps(
    curvature: float = 1.0,
    alpha: float = 2 ** (7 / 8),
    x0: float = -2.5,
    n_steps: int = 16,
    method: Callable = gradient_descent,
) -> LiveFigure:
    """Return the figure of gradient descent on f(x) = curvature x^2/2: six regimes of alpha times curvature.

    Controls `curvature`, `alpha`, `x0` (draggable). Beside the walk: the distance to the minimiser after k
    steps, measured, and as theory has it, |1 - alpha curvature|^k |x0|. `method(grad, x0, alpha, n_steps)`
    may be your own. Raises ValueError if a start is out of its range or `method` is no function.

    >>> parabola_steps(alpha=1.0)
    Steps on a parabola. Curvature 1, step 1: one-step. ...

    Source: Polyak 1987, Introduction to Optimization, section 1.4.
    """
    run = Runner(method, ours=gradient_descent)
    controls = {
        "curvature": LogSlider("curvature κ", 0.5, 2, start=1.0),
        "alpha": LogSlider("step size α", 1 / 64, 4, start=1.0),
        "x0": Slider("start x₀", -2.8, 2.8, 0.05, start=-2.5),
    }

    def compute(curvature: float, alpha: float, x0: float) -> Mapping:
        problem = parabola(curvature)
        inputs = {"grad": problem.grad, "x0": np.array([x0]), "alpha": alpha, "n_steps": n_steps}
        path = run(inputs, shape=(n_steps + 1, 1))
        steps = np.arange(n_steps + 1)
        with np.errstate(over="ignore"):
            predicted = abs(x0) * abs(1 - alpha * curvature) ** steps
        return {
            "curvature": curvature, "alpha": alpha, "x0": x0, "problem": problem, "steps": steps,
            "points": np.concatenate([path, problem.f(path)[:, None]], axis=1),
            "distance": np.abs(path[:, 0]), "predicted": predicted,
            # The regime depends on the product alone; rounding makes the ties of the sliders exact.
            "regime": step_regime(round(alpha * curvature, 9), 1.0),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            ruler = canvas.axes(56, 340, 704, 366)
            left = canvas.axes(
                56, 44, 372, 282, xlim=(-3.2, 3.2), ylim=(-0.5, 8.2), xlabel="x", ylabel="altitude f(x)"
            )
            right = canvas.axes(
                452, 44, 704, 282, yscale="log", xlim=(-0.4, n_steps + 0.4), ylim=(1e-4, 1e3),
                xlabel="step k", ylabel="distance to the minimiser",
            )  # fmt: skip
            strip = Strip(
                canvas, ruler, (1 / 20, 0.1, 1, 2, 4), ZONES, [REGIMES[name][0] for name in ZONES],
                [(0.1, "ακ = 0.1"), (1, "1\none step"), (2, "2\ncycles")],
            )  # fmt: skip
        grid = np.linspace(-3.2, 3.2, 161)
        bowl, walk = Curve(canvas, left), Path(canvas, left)
        theory, measured = Curve(canvas, right, style.THEORY, 1.4, style.DASHES), Dots(canvas, right)
        badge = Badge(canvas, left, 0.5, 0.99, ha="center")
        key(canvas, right, [("measured", MEASURED), ("theory |1 − ακ|ᵏ·|x₀|", THEORY)])

        def update(data: Mapping) -> None:
            bowl.set(grid, data["problem"].f(grid[:, None]))
            walk.set(data["points"])
            theory.set(data["steps"], data["predicted"])
            measured.set(data["steps"], data["distance"])
            colour, words = REGIMES[data["regime"]]
            badge.set(words, colour=colour)
            zone = ZONES.index(data["regime"]) if data["regime"] in ZONES else -1
            strip.set(data["alpha"] * data["curvature"], zone)

        return Scene(update, Drag(left, lambda data: tuple(data["points"][0]), x="x0"))

    def describe(data: Mapping) -> str:
        alpha, curvature = data["alpha"], data["curvature"]
        return (
            f"Curvature {say(curvature)}, step {say(alpha)}: {data['regime']}. Each step multiplies the distance "
            f"by 1 − ακ = {say(1 - alpha * curvature)}; from {say(data['distance'][0])} away to "
            f"{say(data['distance'][-1])} after {count(n_steps, 'step')}."
        )

    return LiveFigure(
        "Steps on a parabola", starting(controls, curvature=curvature, alpha=alpha, x0=x0),
        compute, build, describe, size=(720, 384), on_reset=run.try_again,
    )  # fmt: skip


def altitude_change(
    problem: Problem | None = None, x0=None, alpha: float | None = None, method: Callable = critical_step
) -> LiveFigure:
    """Return the figure of f(x - alpha g) - f(x) against alpha, with the two models made at x.

    The first-order model is -alpha |g|^2, the second-order one adds alpha^2 g'Hg/2; kappa = g'Hg/g'g is the
    curvature along the gradient. Controls `x`, `y` (draggable) and `alpha`. `method(g, H)`, which gives 2/kappa,
    may be your own. Raises ValueError if the problem is not two-dimensional, a start is out of its range or
    `method` is no function.

    >>> altitude_change()
    Change in altitude. From ...

    Source: Boyd and Vandenberghe 2004, Convex Optimization, section 9.3.
    """
    problem = rosenbrock(b=2.0) if problem is None else problem
    if problem.dim != 2 or problem.hess is None:
        raise ValueError(f"problem must be two-dimensional and have a Hessian, got {problem.name}")
    (left, right), (low, high) = problem.window
    start = (-0.6, 1.4) if x0 is None else x0
    limit = critical_step(problem.grad(np.asarray(start)), problem.hess(np.asarray(start)))
    run = Runner(method, ours=critical_step)
    controls = {
        "x": Slider("x", left, right, nice_step(left, right), start=0.0),
        "y": Slider("y", low, high, nice_step(low, high), start=0.0),
        "alpha": LogSlider("step size α", 2.0**-11, 4, start=1.0),
    }
    if alpha is None:
        alpha = controls["alpha"].nearest(0.6 * limit)

    def compute(x: float, y: float, alpha: float) -> Mapping:
        here = np.array([x, y])
        g, H = problem.grad(here), problem.hess(here)
        limit = float(run({"g": g, "H": H}, shape=()))
        reach = nice_limit(1.3 * limit if np.isfinite(limit) else 2.5 * alpha)
        steps = np.linspace(0, reach, 161)
        altitude = problem.f(here)
        depth = nice_limit(float(g @ g) * (limit / 4 if np.isfinite(limit) else reach / 2) * 2)
        return {
            "here": here, "g": g, "alpha": alpha, "limit": limit, "reach": reach, "depth": depth,
            "steps": steps, "true": problem.f(here - steps[:, None] * g) - altitude,
            "first": -steps * float(g @ g), "second": predicted_change(g, H, steps),
            "change": float(problem.f(here - alpha * g) - altitude),
            "expected": float(predicted_change(g, H, alpha)),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(58, 48, 336, 326, xlabel="x", ylabel="y")
            chart = canvas.axes(
                416,
                48,
                692,
                300,
                xlabel="step size α",
                ylabel="change in altitude",
                xlim=(0, 1),
                ylim=(-1, 0.6),
            )
            for axis in (map_.xaxis, map_.yaxis):
                axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
            chart.axhline(0, color=style.SOFT, lw=0.9, zorder=1)
        Contours(canvas, map_, problem.f, problem.window, problem.minimiser)
        # The chart is drawn in units of its reach and depth, so that a new scale is only new words at its ticks.
        ticks = Ticks(canvas, chart, x=np.linspace(0, 1, 6), y=(-0.8, -0.4, 0, 0.4))
        ray = Curve(canvas, map_, style.INK, 1.2, style.DOTS)
        walk = Path(canvas, map_, numbers=0)
        true = Curve(canvas, chart, style.FUNCTION, 2.4)
        second, first = (Curve(canvas, chart, style.THEORY, 1.4, dash) for dash in (style.DASHES, style.DOTS))
        best = MarkedLine(canvas, chart, "1/κ", style.GREEN, style.DASHES)
        even = MarkedLine(canvas, chart, "2/κ", style.PURPLE, style.DASHES)
        chosen = MarkedLine(canvas, chart, "α", style.MEASURED, level=0.05)
        dot = Dots(canvas, chart, size=7)
        key(
            canvas, chart,
            [
                ("true change", {"color": style.FUNCTION, "lw": 2.4}), ("second order", THEORY),
                ("first order", {"color": style.THEORY, "ls": style.DOTS}),
            ],
            x=-0.14, y=1.045,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            here, g, reach, depth = data["here"], data["g"], data["reach"], data["depth"]
            ticks.set(x=reach, y=depth)
            ray.set(*(here - np.outer([0, reach], g)).T)
            walk.set(np.array([here, here - data["alpha"] * g]))
            steps = data["steps"] / reach
            for curve, name in ((true, "true"), (first, "first"), (second, "second")):
                curve.set(steps, data[name] / depth)
            best.set(data["limit"] / 2 / reach)
            even.set(data["limit"] / reach)
            chosen.set(data["alpha"] / reach)
            seen = data["alpha"] <= reach
            dot.set(np.array([data["alpha"] / reach] * seen), np.array([data["change"] / depth] * seen))

        return Scene(update, Drag(map_, lambda data: tuple(data["here"]), "x", "y", "point"))

    def describe(data: Mapping) -> str:
        if not data["g"].any():
            return f"At {place(data['here'])} the gradient is zero: no step changes anything."
        what = "down" if data["change"] < 0 else "up"
        limit = (
            f"The model breaks even at 2/κ = {say(data['limit'])} and gains most at 1/κ = {say(data['limit'] / 2)}."
            if np.isfinite(data["limit"])
            else "The ground curves down along the gradient, so the model sees no limit."
        )
        return (
            f"From {place(data['here'])}, step {say(data['alpha'])}: {what} by {say(abs(data['change']))}; "
            f"second-order model {say(data['expected'])}. {limit}"
        )

    return LiveFigure(
        "Change in altitude", starting(controls, x=start[0], y=start[1], alpha=alpha), compute, build, describe,
        size=(720, 356), on_reset=run.try_again,
    )  # fmt: skip


def nice_limit(value: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below `value`; 1 for 0.

    >>> nice_limit(0.034), nice_limit(6.2), nice_limit(2.0)
    (0.05, 10.0, 2.0)
    """
    if not 0 < value < np.inf:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(f"{next(m for m in (1, 2, 5, 10, 20) if m * power >= value * (1 - 1e-9)) * power:.6g}")
