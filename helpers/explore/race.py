"""A race of the methods of the course over a menu of landscapes, with every question to the landscape counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.adam import adam, amsgrad, rmsprop
from helpers.descent import backtracking_descent, gradient_descent
from helpers.draw import Canvas, Contours, Curve, Words, style
from helpers.draw.graphs import Bundle
from helpers.explore.controls import Choice, Count, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import place, say
from helpers.momentum import heavy_ball, nesterov
from helpers.problems import Problem, breast_cancer_logistic, quadratic_with_spectrum, rosenbrock

CALLS = 50  # that every method may make
SHARES = 2.0 ** np.arange(-14, 3, 0.5)  # of 1/L: the steps that are tried out beforehand
EPS = 1e-8
BETA = 0.8  # of heavy ball and Nesterov
LOWEST = 1e-12
THIN = 1.1  # dots or dashes would tell the lines apart as well, but take ten times as long to draw
UNIT = ((0.0, 1.0), (0.0, 1.0))
PLACE, PITCH = 26.0, 99.0  # of the columns of the ranking, in pixels
SAMPLE = np.array([[PLACE, 50.0], [PLACE + 66.0, 50.0]])  # of a line, above the name in the first column
START = (0.14, 0.68)  # in shares of the map


class Racer(NamedTuple):
    """A method as run(f, grad, x0, alpha, n_steps), the look of its line, and whether its steps shrink with L."""

    run: Callable
    colour: str
    width: float = 2.4
    scaled: bool = True


RACERS = {
    "descent": Racer(lambda f, grad, x0, a, n: gradient_descent(grad, x0, a, n), style.BLUE),
    "backtracking": Racer(
        lambda f, grad, x0, a, n: backtracking_descent(f, grad, x0, a, 0.3, 0.5, n), style.BLUE, THIN
    ),
    "heavy ball": Racer(lambda f, grad, x0, a, n: heavy_ball(grad, x0, a, BETA, n), style.GREEN),
    "Nesterov": Racer(lambda f, grad, x0, a, n: nesterov(grad, x0, a, BETA, n), style.GREEN, THIN),
    "RMSprop": Racer(
        lambda f, grad, x0, a, n: rmsprop(grad, x0, a, 0.9, EPS, n), style.PURPLE, THIN, scaled=False
    ),
    "Adam": Racer(
        lambda f, grad, x0, a, n: adam(grad, x0, a, 0.9, 0.999, EPS, n), style.VERMILLION, scaled=False
    ),
    "AMSGrad": Racer(
        lambda f, grad, x0, a, n: amsgrad(lambda x, t: grad(x), x0, a, 0.9, 0.999, EPS, n),
        style.PURPLE,
        scaled=False,
    ),
}


class Landscape(NamedTuple):
    """A problem in two dimensions, its lowest altitude, the scale of its curvature, and the best step of each racer."""

    problem: Problem
    floor: float
    L: float
    steps: Mapping[str, float]


MENU = {
    "valley along the axes": lambda: quadratic_with_spectrum([1.0, 64.0]),
    "turned valley": lambda: quadratic_with_spectrum([1.0, 64.0], angle=np.pi / 4),
    "round bowl": lambda: quadratic_with_spectrum([1.0, 2.0], angle=0.5),
    "bent valley": lambda: rosenbrock(b=10.0),
    "real data": lambda: breast_cancer_logistic(2, ridge=0.01),
}


@lru_cache(maxsize=8)
def landscape(name: str) -> Landscape:
    """Return a landscape of the menu, with the step of each method that is best after CALLS calls from START."""
    problem = MENU[name]()
    L = problem.L or float(np.linalg.eigvalsh(problem.hess(problem.x0))[-1])
    floor = float(problem.f(problem.minimiser))
    x0, steps = on_the_map(problem, np.array(START)), {}
    for racer, (run, _, _, scaled) in RACERS.items():
        tried = SHARES / L if scaled else SHARES * np.abs(problem.x0 - problem.minimiser).max()
        if racer == "backtracking":  # it finds its steps by itself, from a generous first guess
            steps[racer] = 4 / L
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            late = problem.f(run(problem.f, problem.grad, x0, tried, CALLS)[-10:])
        worst = np.max(np.where(np.isfinite(late), late, np.inf), axis=0)  # one lucky step wins nothing
        steps[racer] = float(tried[np.argmin(worst)])
    return Landscape(problem, floor, L, steps)


def on_the_map(problem: Problem, shares: np.ndarray) -> np.ndarray:
    """Return the points (..., 2) at these shares of the window of a problem."""
    low, high = np.array(problem.window).T
    return low + shares * (high - low)


def counted(problem: Problem, x0: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the path of backtracking from x0, and how many calls it had made when it came to each row.

    A question that was asked before, of f or of grad at the same point, is not counted again: one would remember.
    """
    asked, made = set(), []

    def f(x):
        asked.add(("f", x.tobytes()))
        return problem.f(x)

    def grad(x):
        question = ("grad", x.tobytes())
        if question not in asked:  # a step begins
            made.append(len(asked))
            asked.add(question)
        return problem.grad(x)

    path, before = [x0], -1
    while before < len(asked) <= CALLS:  # at rest nothing new is asked any more
        before = len(asked)
        path.extend(RACERS["backtracking"].run(f, grad, path[-1], alpha, 4)[1:])
    return np.array(path[: len(made)]), np.array(made)


def race(name: str = "valley along the axes", share: float = 1.0, method: Callable = adam) -> LiveFigure:
    """Return the figure of a race: the walks on the map, the altitude against the calls made, the ranking below.

    A call is one question to the landscape, for a gradient or a height at a point. Every method has the step that
    was best from the first start, times `share`. Controls `landscape`, `share`, `calls`, `x` and `y`
    (the start, in shares of the map). `method(grad, x0, alpha, beta1, beta2, eps, n_steps)` may be your own Adam.
    Raises ValueError if a start is out of its range or `method` is no function.

    >>> race()
    A race. On the valley along the axes, after 50 calls: ...

    Source: Nemirovski and Yudin 1983, Problem Complexity and Method Efficiency in Optimization (counting calls).
    """
    run_adam = Runner(method, ours=adam)
    controls = {
        "landscape": Choice("landscape", tuple(MENU), start=name),
        "share": LogSlider("best step ×", 1 / 16, 8, start=1.0, per_octave=2),
        "calls": Count("calls", 1, CALLS, start=CALLS),
        "x": Slider("start x", 0.0, 1.0, 0.01, start=START[0]),
        "y": Slider("start y", 0.0, 1.0, 0.01, start=START[1]),
    }

    @lru_cache(maxsize=64)
    def walks(name: str, share: float, x: float, y: float) -> Mapping[str, tuple]:
        problem, floor, _, steps = landscape(name)
        x0, found = on_the_map(problem, np.array([x, y])), {}
        low, high = np.array(problem.window).T
        pair = ("descent", "heavy ball")  # the first is the second without momentum
        at_once = heavy_ball(problem.grad, x0, [share * steps[racer] for racer in pair], [0.0, BETA], CALLS)
        at_once = dict(zip(pair, np.moveaxis(at_once, 1, 0), strict=True))
        for racer, (run, *_) in RACERS.items():
            alpha, calls = share * steps[racer], np.arange(CALLS + 1)
            if racer == "backtracking":
                path, calls = counted(problem, x0, alpha)
            elif racer == "Adam":
                inputs = {
                    "grad": problem.grad, "x0": x0, "alpha": alpha, "beta1": 0.9, "beta2": 0.999, "eps": EPS,
                    "n_steps": CALLS,
                }  # fmt: skip
                path = run_adam(inputs, shape=(CALLS + 1, 2))
            elif racer in at_once:
                path = at_once[racer]
            else:
                path = run(problem.f, problem.grad, x0, alpha, CALLS)
            with np.errstate(over="ignore", invalid="ignore"):
                found[racer] = (path - low) / (high - low), calls, problem.f(path) - floor
        return found

    def compute(landscape: str, share: float, calls: int, x: float, y: float) -> Mapping:
        runs = {}
        for racer, (path, made, altitude) in walks(landscape, share, x, y).items():
            seen = made <= calls
            runs[racer] = {"path": path[seen], "calls": made[seen], "altitude": altitude[seen]}
        ends = {racer: float(run["altitude"][-1]) for racer, run in runs.items()}
        order = sorted(
            ends, key=lambda racer: max(ends[racer], LOWEST) if np.isfinite(ends[racer]) else np.inf
        )
        start = np.array([x, y])
        return {
            "name": landscape,
            "start": start,
            "share": share,
            "calls": calls,
            "runs": runs,
            "ends": ends,
            "order": order,
        }

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(36, 100, 306, 370, xlabel="x", ylabel="y", xticks=[], yticks=[])
            chart = canvas.axes(
                400, 108, 704, 370, yscale="log", xlim=(-1, CALLS + 1), ylim=(LOWEST / 3, 1e3),
                xlabel="calls of the landscape", ylabel="altitude above the lowest point",
            )  # fmt: skip
            table = canvas.axes(0, 0, 720, 64, xlim=(0, 720), ylim=(0, 64))
            table.set_axis_off()
        fields = Maps(canvas, map_)
        colours, widths = [r.colour for r in RACERS.values()], np.array([r.width for r in RACERS.values()])
        tracks = Bundle(canvas, map_, colours, 0.8 * widths, zorder=4)
        with canvas.building():
            ends = map_.scatter(np.zeros(7), np.zeros(7), s=5.5**2, marker="s", c=colours, lw=1, zorder=6)
        canvas.moving(ends)
        start = Curve(canvas, map_, style.INK, 0, zorder=7, marker="o", ms=9, mfc=style.PAPER, mew=2)
        curves, samples = (Bundle(canvas, axes, colours, widths, zorder=4) for axes in (chart, table))
        names = [Words(canvas, table, "", PLACE + PITCH * i, 34, size=8.8, ha="left") for i in range(7)]
        scores = [
            Words(canvas, table, "", PLACE + PITCH * i, 16, size=8.5, colour=style.SOFT, ha="left")
            for i in range(7)
        ]

        def update(data: Mapping) -> None:
            fields.set(data["name"])
            runs = data["runs"].values()
            shown = [up_to_the_way_out(run["path"]) for run in runs]
            tracks.set(shown)
            ends.set_offsets([path[-1] for path in shown])
            curves.set(
                [np.stack([run["calls"], np.maximum(run["altitude"], LOWEST)], axis=1) for run in runs]
            )
            places = np.array([data["order"].index(n) for n in RACERS])
            samples.set(SAMPLE + np.stack([PITCH * places, np.zeros(len(places))], axis=1)[:, None])
            start.set(*data["runs"]["descent"]["path"][:1].T)
            for i, n in enumerate(data["order"]):
                names[i].set(f"{i + 1} {n}", colour=RACERS[n].colour)
                scores[i].set(ending(data["ends"][n]))

        return Scene(update, Drag(map_, lambda data: tuple(data["runs"]["descent"]["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        best, *others = data["order"]
        return (
            f"On the {data['name']}, after {data['calls']} calls: {best} is lowest, at {ending(data['ends'][best])}; then "
            + ", ".join(f"{n} {ending(data['ends'][n])}" for n in others)
            + f". Started at {place(data['start'])} of the map, with {say(data['share'])} times the best steps."
        )

    return LiveFigure(
        "A race", starting(controls, landscape=name, share=share), compute, build, describe, size=(720, 382),
        on_reset=run_adam.try_again,
    )  # fmt: skip


class Maps:
    """The contour fields of the menu, one of them on the map at a time."""

    def __init__(self, canvas: Canvas, axes) -> None:
        self.canvas, self.axes, self.shown = canvas, axes, None

    def set(self, name: str) -> None:
        """Show the landscape of this name, which draws a new background unless it is there already."""
        if name == self.shown:
            return
        self.shown, problem = name, landscape(name).problem
        for artist in (*self.axes.collections, *self.axes.lines):
            if not artist.get_animated():
                artist.remove()
        low, high = np.array(problem.window).T
        lowest = (problem.minimiser - low) / (high - low)
        Contours(self.canvas, self.axes, lambda u: problem.f(on_the_map(problem, u)), UNIT, lowest)


def up_to_the_way_out(path: np.ndarray) -> np.ndarray:
    """Return the rows of a path in shares of the map up to the first that is well outside of it.

    >>> up_to_the_way_out(np.array([[0.5, 0.5], [7.0, 0.5], [0.2, 0.5]]))
    array([[0.5, 0.5],
           [7. , 0.5]])
    """
    outside = ~(np.abs(path - 0.5).max(axis=1) < 1.5)  # nan as well
    last = int(np.argmax(outside)) if outside.any() else len(path) - 1
    return np.clip(np.nan_to_num(path[: last + 1], nan=0.5), -1e3, 1e3)


def ending(altitude: float) -> str:
    """Return an altitude as the ranking says it; where rounding decides it is only called below."""
    if not np.isfinite(altitude):
        return "diverged"
    return f"< {say(LOWEST)}" if altitude < LOWEST else say(float(altitude), 2)
