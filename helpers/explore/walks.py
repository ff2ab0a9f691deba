"""Walks on a map and on a wavy line: where gradient descent goes from a start that the reader can drag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.descent import gradient_descent
from helpers.draw import Badge, Bands, Canvas, Contours, Curve, Dots, Path, key, signs, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.problems import Problem, cost_surface, wavy

VALLEYS = (style.BLUE, "#8a6100", style.GREEN, style.PURPLE, style.INK, style.VERMILLION)
LETTERS = "ABCDEFGHIJKL"


def contour_walk(
    problem: Problem | None = None,
    method: Callable = gradient_descent,
    x0=None,
    alpha: float | None = None,
    n_steps: int = 30,
) -> LiveFigure:
    """Return the figure of a walk on a contour map, with its altitude against k beside it.

    Controls `x`, `y` (the start, draggable), `alpha` and `n_steps`. On a quadratic the altitude that theory
    predicts is drawn beside the measured one: the sum of lam_i c_i^2 (1 - alpha lam_i)^(2k) / 2 over the
    eigendirections. `method(grad, x0, alpha, n_steps)` may be your own. Raises ValueError if the problem is
    not two-dimensional, `method` is no function, or a start is out of its range.

    >>> contour_walk(alpha=0.1)
    A walk on the cost surface. 30 steps ...

    Source: Polyak 1987, Introduction to Optimization, section 1.4.
    """
    problem = cost_surface() if problem is None else problem
    if problem.dim != 2:
        raise ValueError(f"problem must be two-dimensional, got {problem.name} in {problem.dim}")
    run = Runner(method, ours=gradient_descent)
    start = problem.x0 if x0 is None else x0
    steepest = problem.L or float(np.linalg.eigvalsh(problem.hess(problem.x0))[-1])
    (left, right), (low, high) = problem.window
    controls = {
        "x": Slider("start x", left, right, nice_step(left, right), start=0.0),
        "y": Slider("start y", low, high, nice_step(low, high), start=0.0),
        "alpha": LogSlider(
            "step size α", power_of_two(0.02 / steepest), power_of_two(4 / steepest), start=1.0
        ),
        "n_steps": Count("steps", 0, 60, start=30),
    }
    if alpha is None:
        alpha = controls["alpha"].nearest(1.85 / steepest)
    floor = floor_of(problem)
    spectrum = np.linalg.eigh(problem.hess(problem.x0)) if is_quadratic(problem) else None

    def compute(x: float, y: float, alpha: float, n_steps: int) -> Mapping:
        inputs = {"grad": problem.grad, "x0": np.array([x, y]), "alpha": alpha, "n_steps": n_steps}
        path = run(inputs, shape=(n_steps + 1, 2))
        steps = np.arange(n_steps + 1)
        predicted = np.full(n_steps + 1, np.nan)
        if spectrum:
            lam, V = spectrum
            c = (np.array([x, y]) - problem.minimiser) @ V
            with np.errstate(over="ignore", invalid="ignore"):
                predicted = np.sum(lam * c**2 * (1 - alpha * lam) ** (2 * steps[:, None]), axis=1) / 2
        with np.errstate(over="ignore", invalid="ignore"):
            altitude = problem.f(path) - floor
        return {"path": path, "alpha": alpha, "steps": steps, "altitude": altitude, "predicted": predicted}

    def build(canvas: Canvas) -> Scene:
        top = float(np.max(problem.f(corners(problem.window))) - floor)
        ceiling = 10.0 ** np.ceil(np.log10(top) + 0.5)
        with canvas.building():
            map_ = canvas.axes(58, 48, 358, 334, xlabel="x", ylabel="y")
            chart = canvas.axes(
                436, 48, 704, 334, yscale="log", xlim=(-1, 61), ylim=(ceiling * 1e-10, ceiling),
                xlabel="step k", ylabel="altitude above the lowest point",
            )  # fmt: skip
        Contours(canvas, map_, problem.f, problem.window, problem.minimiser)
        walk, note = Path(canvas, map_), Badge(canvas, map_, 0.0, 1.015, va="bottom")
        theory, measured = Curve(canvas, chart, style.THEORY, 1.4, style.DASHES), Dots(canvas, chart)
        key(canvas, chart, [("measured", MEASURED)] + [("theory", THEORY)] * bool(spectrum))

        def update(data: Mapping) -> None:
            gone = walk.set(data["path"])
            note.set("" if gone is None else f"leaves the map with step {gone}", colour=style.MEASURED)
            measured.set(data["steps"], data["altitude"])
            theory.set(data["steps"], data["predicted"])

        return Scene(update, Drag(map_, lambda data: tuple(data["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        path, altitude = data["path"], data["altitude"]
        walked = f"{count(len(path) - 1, 'step')} of size {say(data['alpha'])} from {place(path[0])}"
        words = f"{walked}: altitude {say(altitude[0])} becomes {say(altitude[-1])}."
        if problem.L and problem.convex:
            words += f" The limit is 2/L = {say(2 / problem.L)}."
        return words

    return LiveFigure(
        f"A walk on the {problem.name}",
        starting(controls, x=start[0], y=start[1], alpha=alpha, n_steps=n_steps),
        compute, build, describe, size=(720, 372), on_reset=run.try_again,
    )  # fmt: skip


def where_you_end(
    x0: float = 3.2, alpha: float = 2**-3, n_steps: int = 60, method: Callable = gradient_descent
) -> LiveFigure:
    """Return the figure of one start on a convex and on a wavy function: only on the first it does not matter.

    Arrows along the floor show the direction -f'(x) of a step; the band below shows in which valley a start
    ends. Controls `x0` (draggable), `alpha`, `n_steps`. `method(grad, x0, alpha, n_steps)` may be your own; the
    band is the course's gradient descent. Raises ValueError if `method` is no function or a start is out of
    its range.

    >>> where_you_end(x0=-4.0)
    Where you end. From x = −4, ...

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 2.1 (the sign argument).
    """
    problems = {"convex": wavy(0.6, 0.08, 2.0), "wavy": wavy()}
    run = Runner(method, ours=gradient_descent)
    edge = 5.5
    controls = {
        "x0": Slider("start x₀", -edge, edge, 0.05, start=0.0),
        "alpha": LogSlider("step size α", 1 / 64, 1, start=1.0),
        "n_steps": Count("steps", 0, 100, start=60),
    }
    starts = np.linspace(-edge, edge, 201)
    valleys = {name: minima(problem, edge) for name, problem in problems.items()}

    @lru_cache(maxsize=128)  # the band depends on alpha alone, and costs more than all the rest
    def basins(name: str, alpha: float) -> np.ndarray:
        ends = gradient_descent(problems[name].grad, starts[:, None], alpha, 300)[-1]
        return nearest(ends[:, 0], valleys[name])

    def compute(x0: float, alpha: float, n_steps: int) -> Mapping:
        data = {"x0": x0, "alpha": alpha, "n_steps": n_steps, "starts": starts}
        for name, problem in problems.items():
            inputs = {"grad": problem.grad, "x0": np.array([x0]), "alpha": alpha, "n_steps": n_steps}
            path = run(inputs, shape=(n_steps + 1, 1))
            data[name] = {
                "points": np.concatenate([path, problem.f(path)[:, None]], axis=1),
                "end": int(nearest(path[-1], valleys[name])[0]), "basins": basins(name, alpha),
            }  # fmt: skip
        return data

    def build(canvas: Canvas) -> Scene:
        titles = {"convex": "convex: one valley", "wavy": "wavy: the start decides"}
        x = np.linspace(-edge, edge, 401)
        places = np.linspace(-edge, edge, 25)[1::2]
        walks, bands, all_axes = {}, {}, {}
        for (name, problem), left in zip(problems.items(), (52, 400), strict=True):
            heights = problem.f(x[:, None])
            room = np.ptp(heights)
            with canvas.building():
                axes = canvas.axes(
                    left, 48, left + 304, 310, xlim=(-edge, edge), xlabel="x", title=titles[name],
                    ylim=(heights.min() - 0.42 * room, heights.max() + 0.06 * room),
                )  # fmt: skip
                axes.plot(x, heights, color=style.FUNCTION, lw=2, zorder=3)
                for letter, valley in zip(LETTERS, valleys[name], strict=False):
                    axes.annotate(
                        letter, (valley, float(problem.f(np.array([valley])))), (0, -14), fontweight="bold",
                        textcoords="offset points", ha="center", annotation_clip=True, color=VALLEYS[LETTERS.index(letter)],
                    )  # fmt: skip
            signs(canvas, axes, places, -problem.grad(places[:, None])[:, 0], 0.15)
            bands[name] = Bands(canvas, axes, 0.02, 0.1, VALLEYS)
            walks[name], all_axes[name] = Path(canvas, axes, numbers=3), axes

        def update(data: Mapping) -> None:
            for name in problems:
                walks[name].set(data[name]["points"])
                bands[name].set(data["starts"], data[name]["basins"], LETTERS)

        return Scene(update, Drag(all_axes["wavy"], lambda data: tuple(data["wavy"]["points"][0]), x="x0"))

    def describe(data: Mapping) -> str:
        def end(name: str) -> str:
            point, valley = data[name]["points"][-1], data[name]["end"]
            where = f"in valley {LETTERS[valley]}" if valley >= 0 else "not at rest"
            return f"at x = {say(point[0])}, {where}"

        lowest = LETTERS[int(np.argmin(problems["wavy"].f(valleys["wavy"][:, None])))]
        return (
            f"From x = {say(data['x0'])}, {count(data['n_steps'], 'step')} of size {say(data['alpha'])} end "
            f"{end('convex')}, on the convex function; {end('wavy')}, on the wavy one, "
            f"whose lowest valley is {lowest}."
        )

    return LiveFigure(
        "Where you end", starting(controls, x0=x0, alpha=alpha, n_steps=n_steps), compute, build, describe,
        size=(720, 344), on_reset=run.try_again,
    )  # fmt: skip


def minima(problem: Problem, edge: float) -> np.ndarray:
    """Return the places of the local minima of a one-dimensional problem between -edge and edge, ascending."""
    x = np.linspace(-edge, edge, 2001)
    slope = problem.grad(x[:, None])[:, 0]
    rising = np.flatnonzero((slope[:-1] < 0) & (slope[1:] >= 0))
    # the zero of the straight line through the two slopes
    return x[rising] - slope[rising] * (x[1] - x[0]) / (slope[rising + 1] - slope[rising])


def nearest(ends: np.ndarray, valleys: np.ndarray) -> np.ndarray:
    """Return for each end (n,) the index of the valley it lies at, within 0.05, or -1."""
    distance = np.abs(ends[:, None] - valleys)
    distance[np.isnan(distance)] = np.inf
    return np.where(distance.min(axis=1) < 0.05, distance.argmin(axis=1), -1)


def nice_step(low: float, high: float) -> float:
    """Return a round step that divides the range into 60 to 150 parts.

    >>> nice_step(-1, 13), nice_step(-2, 2)
    (0.1, 0.05)
    """
    raw = (high - low) / 150
    power = 10.0 ** np.floor(np.log10(raw))
    return float(f"{next(m for m in (1, 2, 5, 10) if m * power >= raw * 0.999) * power:.10g}")


def power_of_two(value: float) -> float:
    """Return the power of two nearest to `value`, on a ratio scale.

    >>> power_of_two(0.3)
    0.25
    """
    return 2.0 ** round(np.log2(value))


def corners(window) -> np.ndarray:
    """Return the four corners of a window as points (4, 2)."""
    (left, right), (low, high) = window
    return np.array([(x, y) for x in (left, right) for y in (low, high)])


def floor_of(problem: Problem) -> float:
    """Return the lowest altitude: at the minimiser if it is known, else on a grid over the window."""
    if problem.minimiser is not None:
        return float(problem.f(problem.minimiser))
    grid = np.meshgrid(*(np.linspace(*side, 101) for side in problem.window))
    return float(np.min(problem.f(np.stack(grid, axis=-1))))


def is_quadratic(problem: Problem) -> bool:
    """Return whether the Hessian is the same at the corners of the window as at the start."""
    if problem.hess is None or problem.minimiser is None:
        return False
    return bool(np.allclose(problem.hess(corners(problem.window)), problem.hess(problem.x0), rtol=1e-9))
