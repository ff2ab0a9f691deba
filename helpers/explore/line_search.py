"""Chapter 02: Armijo's line search, which moves the step slider by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from helpers.descent import backtracking_step
from helpers.draw import Badge, Canvas, Contours, Curve, Dots, MarkedLine, Path, key, style
from helpers.draw.areas import Area
from helpers.draw.marks import Ticks
from helpers.explore.controls import LogSlider, Slider, starting
from helpers.explore.live import Drag, Scene
from helpers.explore.playing import PlayingFigure
from helpers.explore.runs import Runner
from helpers.explore.step_size import nice_limit
from helpers.explore.words import count, place, say
from helpers.problems import rosenbrock

SEARCHED = 1e-9  # a step this little above the accepted one is it, up to rounding


def armijo_search(
    x0=(-1.2, 0.5),
    alpha0: float = 0.125,
    c: float = 0.3,
    shrink: float = 0.7,
    method: Callable = backtracking_step,
) -> PlayingFigure:
    """Return the figure of f(x - alpha g) against alpha with Armijo's line f(x) - c alpha |g|^2.

    "Search" puts the step slider to alpha0 and multiplies it by `shrink` until the curve is below the line.
    Controls `x`, `y` (draggable), `alpha0`, `c`, `shrink`, and `alpha`, the step that is being tried.
    `method(f, grad, x, alpha0, c, shrink)` may be your own: it says where the search ends. Raises ValueError
    if a start is out of its range or `method` is no function.

    >>> armijo_search()
    Armijo's line search. ...

    Source: Armijo 1966, Pacific J. Math. 16.
    """
    run = Runner(method, ours=backtracking_step)
    problem = rosenbrock(b=4.0)
    (left, right), (low, high) = problem.window
    controls = {
        "x": Slider("x", left, right, 0.05, start=0.0),
        "y": Slider("y", low, high, 0.05, start=0.0),
        "alpha0": LogSlider("first step α₀", 1 / 64, 1, start=1.0, per_octave=4),
        "alpha": LogSlider("step α", 2.0**-14, 1, start=1.0),
        "c": Slider("share c", 0.02, 0.98, 0.02, start=0.3),
        "shrink": Slider("shrink", 0.1, 0.9, 0.05, start=0.5),
    }
    shares = np.linspace(0, 1, 161)

    def found(x: float, y: float, alpha0: float, c: float, shrink: float) -> float:
        inputs = {"f": problem.f, "grad": problem.grad, "x": np.array([x, y])}
        return float(run({**inputs, "alpha0": alpha0, "c": c, "shrink": shrink}, shape=()))

    def tried(alpha0: float, shrink: float, last: float) -> np.ndarray:
        """The steps of the search down to `last`, the way the search computes them."""
        steps = [alpha0]
        while steps[-1] * shrink >= last * (1 - SEARCHED) and len(steps) < 60:
            steps.append(steps[-1] * shrink)
        return np.array(steps)

    def compute(x: float, y: float, alpha0: float, alpha: float, c: float, shrink: float) -> Mapping:
        here = np.array([x, y])
        g = problem.grad(here)
        altitude, slope = float(problem.f(here)), float(g @ g)
        accepted = found(x, y, alpha0, c, shrink)
        reach = nice_limit(min(1.05 * alpha0, 8 * accepted))
        steps = reach * shares
        curve = problem.f(here - steps[:, None] * g) - altitude
        depth = nice_limit(max(-1.3 * float(curve.min()), c * slope * accepted))
        trials = tried(alpha0, shrink, alpha)
        return {
            "here": here, "g": g, "alpha": alpha, "c": c, "reach": reach, "depth": depth, "trials": trials,
            "accepted": accepted, "curve": curve / depth, "line": -c * steps * slope / depth,
            "tangent": -steps * slope / depth,
            "change": float(problem.f(here - alpha * g)) - altitude, "asked": -c * alpha * slope,
            "changes": (problem.f(here - trials[:, None] * g) - altitude) / depth,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(58, 48, 322, 312, xlabel="x", ylabel="y")
            chart = canvas.axes(
                402,
                48,
                696,
                312,
                xlim=(0, 1),
                ylim=(-1, 1),
                xlabel="step size α",
                ylabel="change in altitude",
            )
            chart.axhline(0, color=style.SOFT, lw=0.9, zorder=1)
        Contours(canvas, map_, problem.f, problem.window, problem.minimiser)
        ray, walk = Curve(canvas, map_, style.INK, 1.2, style.DOTS), Path(canvas, map_, numbers=0)
        good = Area(canvas, chart, style.GREEN, alpha=0.22)
        curve = Curve(canvas, chart, style.FUNCTION, 2.3)
        line = Curve(canvas, chart, style.THEORY, 1.5, style.DASHES)
        tangent = Curve(canvas, chart, style.THEORY, 1.2, style.DOTS)
        trials = Dots(canvas, chart, style.ORANGE, size=6)
        now = MarkedLine(canvas, chart, "α", style.MEASURED, level=0.03)
        dot = Dots(canvas, chart, size=9, zorder=6)
        badge = Badge(canvas, chart, 0.5, 0.99, ha="center")
        ticks = Ticks(canvas, chart, (0, 0.25, 0.5, 0.75, 1), (-1, -0.5, 0, 0.5, 1))
        key(canvas, chart, [("f along the step", {"color": style.FUNCTION, "lw": 2.3}),
                            ("slope", {"color": style.THEORY, "ls": style.DOTS}),
                            ("c · slope", {"color": style.THEORY, "ls": style.DASHES})])  # fmt: skip

        def update(data: Mapping) -> None:
            here, g, reach = data["here"], data["g"], data["reach"]
            ray.set(*(here - np.outer([0, reach], g)).T)
            walk.set(np.array([here, here - data["alpha"] * g]))
            good.set(shares, data["curve"], data["line"])
            curve.set(shares, data["curve"])
            line.set(shares, data["line"])
            tangent.set(shares, data["tangent"])
            seen = data["trials"] <= reach
            trials.set(data["trials"][seen] / reach, data["changes"][seen])
            now.set(data["alpha"] / reach)
            shown = data["alpha"] <= reach
            dot.set(
                np.array([data["alpha"] / reach] * shown), np.array([data["change"] / data["depth"]] * shown)
            )
            ticks.set(x=reach, y=data["depth"])
            if data["change"] <= data["asked"]:
                badge.set("accepted: falls far enough", colour=style.GREEN)
            elif data["change"] < 0:
                badge.set("refused: falls too little", colour=style.VERMILLION)
            else:
                badge.set("refused: goes up", colour=style.VERMILLION)

        return Scene(update, Drag(map_, lambda data: tuple(data["here"]), "x", "y", "point"))

    def describe(data: Mapping) -> str:
        verdict = "accepted" if data["change"] <= data["asked"] else "refused"
        return (
            f"At {place(data['here'])}, step {say(data['alpha'])}, {count(len(data['trials']), 'trial')} from "
            f"{say(data['trials'][0])} down: altitude changes by {say(data['change'])}, asked for is at most "
            f"{say(data['asked'])}: {verdict}. The search ends at {say(data['accepted'])}."
        )

    def play(x: float, y: float, alpha0: float, alpha: float, c: float, shrink: float) -> Iterator[Mapping]:
        for step in tried(alpha0, shrink, max(found(x, y, alpha0, c, shrink), controls["alpha"].low)):
            yield {"alpha": step}

    alpha = float(backtracking_step(problem.f, problem.grad, np.asarray(x0, dtype=float), alpha0, c, shrink))
    return PlayingFigure(
        "Armijo's line search", starting(controls, x=x0[0], y=x0[1], alpha0=alpha0, alpha=alpha, c=c, shrink=shrink),
        compute, build, describe, size=(720, 352), on_reset=run.try_again, play=play, label="Search",
    )  # fmt: skip
