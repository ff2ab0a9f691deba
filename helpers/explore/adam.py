"""Chapter 08: what Adam remembers and the step it makes of it, and a sum of functions on which it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.adam import adam, amsgrad, bias_correction, moments, remembering, uncorrected_adam
from helpers.draw import Badge, Canvas, Contours, Curve, Dots, Path, Ticks, key, style
from helpers.draw.heights import Arrow
from helpers.draw.marks import THEORY
from helpers.explore.controls import Choice, Count, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import place, say
from helpers.problems import cost_surface, quadratic_in_turns

STEPS = 40  # of a walk whose state is shown
EPS = 1e-8
PERIODS, OURS, OTHER = 60, style.GREEN, style.VERMILLION  # of the counterexample
NICE = np.array([1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0])
SQUARE = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1], [1, 1]]) * 1.0


def adam_state(
    correction: str = "on", k: int = 12, alpha: float = 0.5, beta2: float = 0.999, method: Callable = adam
) -> LiveFigure:
    """Return the figure of one step of Adam: what it remembers, and the step that it makes of it.

    Drawn downhill, as minus the gradient: m_hat is an arrow, sqrt(v_hat) half the sides of a box. Stretching the box
    to a square with sides 2 alpha makes the step of the arrow. Below, the longest coordinate of every step. Controls
    `k`, `correction` ("on" or "off"), `alpha`, `beta1`, `beta2`, `x` and `y` (draggable). With the correction on,
    `method(grad, x0, alpha, beta1, beta2, eps, n_steps)` may be your own. Raises ValueError if a start is out of
    its range or `method` is no function.

    >>> adam_state()
    One step of Adam. Step 13 of 40 with bias correction: ...

    Source: Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, algorithm 1.
    """
    problem, run = cost_surface(), Runner(method, ours=adam)
    (left, right), (low, high) = problem.window
    controls = {
        "k": Count("step", 0, STEPS - 1, start=12),
        "correction": Choice("correction", ("on", "off"), start="on"),
        "alpha": LogSlider("step size α", 1 / 16, 2, start=0.5, per_octave=4),
        "beta1": Slider("β₁", 0.0, 0.98, 0.02, start=0.9),
        "beta2": Slider("β₂", 0.8, 0.999, 0.001, start=0.999, readout=".3f"),
        "x": Slider("start x", left, right, 0.1, start=float(problem.x0[0])),
        "y": Slider("start y", low, high, 0.1, start=float(problem.x0[1])),
    }

    def compute(
        k: int, correction: str, alpha: float, beta1: float, beta2: float, x: float, y: float
    ) -> Mapping:
        x0 = np.array([x, y])
        if correction == "on":
            inputs = {
                "grad": problem.grad, "x0": x0, "alpha": alpha, "beta1": beta1, "beta2": beta2, "eps": EPS,
                "n_steps": STEPS,
            }  # fmt: skip
            path = run(inputs, shape=(STEPS + 1, 2))
        else:
            path = uncorrected_adam(lambda x, t: problem.grad(x), x0, alpha, beta1, beta2, EPS, STEPS)
        g = problem.grad(path[: k + 1])
        m, v = (moment[-1] for moment in moments(g, beta1, beta2))
        if correction == "on":
            m, v = bias_correction(m, beta1, k + 1), bias_correction(v, beta2, k + 1)
        return {
            "k": k, "path": path, "g": g[-1], "m": m, "root": np.sqrt(v), "step": (path[k + 1] - path[k]) / alpha,
            "longest": np.abs(np.diff(path, axis=0)).max(axis=1) / alpha, "on": correction == "on",
            "first": 1.0 if correction == "on" else (1 - beta1) / np.sqrt(1 - beta2),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(52, 48, 342, 338, xlabel="x", ylabel="y")
            memory = canvas.axes(404, 194, 540, 330, xlim=(-1, 1), ylim=(-1, 1), title="memory")
            made = canvas.axes(572, 194, 708, 330, xlim=(-1, 1), ylim=(-1, 1), title="step / α")
            chart = canvas.axes(
                404, 48, 704, 132, xlim=(-1, STEPS), ylim=(0, 5.6), xlabel="step k", ylabel="length / α"
            )
            for axes in (memory, made):
                axes.axhline(0, color=style.HAIR, lw=1)
                axes.axvline(0, color=style.HAIR, lw=1)
                axes.grid(False)
            chart.set_yticks([0, 1, 3, 5])
            chart.axhline(1, color=style.THEORY, lw=1.2, ls=style.DASHES)
        Contours(canvas, map_, problem.f, problem.window, problem.minimiser)
        walk, now = Path(canvas, map_, numbers=0), Arrow(canvas, map_, style.INK, 2.4, zorder=8)
        scale, unit = (Ticks(canvas, axes, [-0.8, 0.8], [-0.8, 0.8]) for axes in (memory, made))
        slope, average = Arrow(canvas, memory, style.SOFT, 1.3, head=7), Arrow(canvas, memory, style.PURPLE)
        box, square = Curve(canvas, memory, style.GREEN, 2.0), Curve(canvas, made, style.GREEN, 2.0)
        step, outside = Arrow(canvas, made, style.INK, 2.4), Badge(canvas, made, 0.03, 0.98, 8)
        lengths, here = Dots(canvas, chart, style.INK, 3.6), Dots(canvas, chart, style.VERMILLION, 7, 6)
        names = [("−g", {"color": style.SOFT, "lw": 1.3}), ("−m", {"color": style.PURPLE, "lw": 2.2})]
        key(canvas, memory, [*names, ("√v", {"color": style.GREEN, "lw": 2})], x=-0.06, y=-0.36)
        key(canvas, made, [("step", {"color": style.INK, "lw": 2.4})], x=0.2, y=-0.36)

        def update(data: Mapping) -> None:
            k, path = data["k"], data["path"]
            walk.set(path)
            now.set(path[k], path[k + 1] - path[k])
            whole = nice(max(np.abs([data["g"], data["m"], data["root"]]).max(), 1e-300)) / 0.8
            slope.set(np.zeros(2), -data["g"] / whole)
            average.set(np.zeros(2), -data["m"] / whole)
            box.set(*(SQUARE * data["root"] / whole).T)
            scale.set(x=whole, y=whole)
            wide = nice(max(1.0, np.abs(data["step"]).max())) / 0.8
            square.set(*(SQUARE / wide).T)
            step.set(np.zeros(2), data["step"] / wide)
            unit.set(x=wide, y=wide)
            outside.set(
                "longer than α" if np.abs(data["step"]).max() > 1.001 else "", colour=style.VERMILLION
            )
            lengths.set(np.arange(STEPS), data["longest"])
            here.set(np.array([k]), data["longest"][[k]])

        return Scene(update, Drag(map_, lambda data: tuple(data["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        with_, hat = ("with", "̂") if data["on"] else ("without", "")
        return (
            f"Step {data['k'] + 1} of {STEPS} {with_} bias correction: m{hat} = {place(data['m'])}, "
            f"√v{hat} = {place(data['root'])}, so the step is {place(data['step'])} times α. The first step is "
            f"{say(data['first'])} α long in each coordinate. From {place(data['path'][0])} the walk ends at "
            f"{place(data['path'][-1])}."
        )

    return LiveFigure(
        "One step of Adam", starting(controls, k=k, correction=correction, alpha=alpha, beta2=beta2), compute,
        build, describe, size=(720, 372), on_reset=run.try_again,
    )  # fmt: skip


def nice(size: float) -> float:
    """Return the smallest round number that is not below `size`.

    >>> nice(2.6), nice(0.011)
    (3.0, 0.015)
    """
    power = 10.0 ** np.floor(np.log10(size))
    return float(min(n for n in (*(NICE * power), 10 * power) if n >= size * (1 - 1e-12)))


def counterexample(
    large: float = 3.0, beta2: float = 0.1, alpha: float = 0.06, method: Callable = amsgrad
) -> LiveFigure:
    """Return the figure of Adam and AMSGrad on C x, -x, -x in turn, and the steps of one period of three.

    The mean slope is (C - 2)/3 > 0, so the best point of [-1, 1] is -1. Controls `large` (C), `beta1`, `beta2`,
    `alpha` (constant) and `x0`. On the right the steps of a late period without the walls, and their sum.
    `method(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds)` may be your own AMSGrad. Raises ValueError if a
    start is out of its range or `method` is no function.

    >>> counterexample()
    Where Adam goes the wrong way. Slopes 3, −1, −1 in turn, on average 0.333; ...

    Source: Reddi, Kale and Kumar 2018, On the Convergence of Adam and Beyond, theorem 1.
    """
    run, n_steps = Runner(method, ours=amsgrad), 3 * PERIODS
    controls = {
        "large": Slider("steep slope C", 1.0, 10.0, 0.25, start=3.0),
        "beta2": Slider("β₂", 0.0, 0.99, 0.01, start=0.1),
        "beta1": Slider("β₁", 0.0, 0.9, 0.05, start=0.0),
        "alpha": LogSlider("step size α", 1 / 128, 1 / 4, start=0.06),
        "x0": Slider("start x", -1.0, 1.0, 0.05, start=0.0),
    }
    t = np.arange(n_steps + 1)

    @lru_cache(maxsize=64)
    def in_turns(large: float) -> Callable:
        return quadratic_in_turns([[0.0]], [[1.0], [-large], [1.0]]).grad_t

    @lru_cache(maxsize=64)
    def averages(large: float, beta1: float, beta2: float) -> tuple[np.ndarray, np.ndarray]:
        return moments(np.tile([[large], [-1.0], [-1.0]], (PERIODS, 1)), beta1, beta2)

    def compute(large: float, beta2: float, beta1: float, alpha: float, x0: float) -> Mapping:
        inputs = {
            "grad_t": in_turns(large), "x0": np.array([x0]), "alpha": alpha, "beta1": beta1, "beta2": beta2,
            "eps": EPS, "n_steps": n_steps, "bounds": (-1.0, 1.0),
        }  # fmt: skip
        if method is amsgrad:
            both = remembering(**inputs | {"x0": np.array([[x0], [x0]])}, memory=[0.0, 1.0])
            walks = dict(zip(("Adam", "AMSGrad"), both[:, :, 0].T, strict=True))
        else:
            theirs = run(inputs, shape=(n_steps + 1, 1))
            walks = {"Adam": uncorrected_adam(*inputs.values())[:, 0], "AMSGrad": theirs[:, 0]}
        m, v = averages(large, beta1, beta2)
        late = slice(n_steps - 3, n_steps)
        steps = {
            "Adam": -m[late, 0] / (np.sqrt(v[late, 0]) + EPS),
            "AMSGrad": -m[late, 0] / (np.sqrt(np.maximum.accumulate(v)[late, 0]) + EPS),
        }
        return {"large": large, "beta2": beta2, "walks": walks, "steps": steps, "mean": (large - 2) / 3}

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                58, 48, 404, 300, xlim=(-3, n_steps + 3), ylim=(-1.15, 1.15), xlabel="step t", ylabel="x"
            )
            bars = canvas.axes(
                478, 48, 704, 300, xlim=(-0.6, 3.6), ylim=(-2.2, 2.2), ylabel="step / α", xlabel="slope"
            )
            bars.axhline(0, color=style.SOFT, lw=1)
            bars.axvline(2.5, color=style.HAIR, lw=1)
            bars.set_xticks(range(4), ["C", "−1", "−1", "sum"])
            bars.grid(False, axis="x")
        looks = {"Adam": (OTHER, -0.14), "AMSGrad": (OURS, 0.14)}
        best = Curve(canvas, chart, style.THEORY, 1.4, style.DASHES, zorder=2)
        walks = {name: Curve(canvas, chart, colour, 2.0, zorder=4) for name, (colour, _) in looks.items()}
        ends = {name: Dots(canvas, chart, colour, 8, 6) for name, (colour, _) in looks.items()}
        columns = {
            name: [Curve(canvas, bars, colour, 9, solid_capstyle="butt") for _ in range(4)]
            for name, (colour, _) in looks.items()
        }
        key(
            canvas, chart,
            [*((name, {"color": colour, "lw": 2}) for name, (colour, _) in looks.items()), ("best point", THEORY)],
            y=1.01,
        )  # fmt: skip
        verdict = Badge(canvas, bars, 0.0, 1.03, 9, va="bottom")

        def update(data: Mapping) -> None:
            lowest = -np.sign(data["mean"])
            best.set(np.array([-3, n_steps + 3]), np.full(2, lowest if lowest else np.nan))
            for name, (_, shift) in looks.items():
                walks[name].set(t, data["walks"][name])
                ends[name].set(t[-1:], data["walks"][name][-1:])
                heights = [*data["steps"][name], data["steps"][name].sum()]
                for place_, (column, height) in enumerate(zip(columns[name], heights, strict=True)):
                    column.set(np.full(2, place_ + shift), np.array([0.0, height]))
            wrong = data["steps"]["Adam"].sum() * data["mean"] > 1e-9
            words, colour = ("wrong way", style.VERMILLION) if wrong else ("right way", style.GREEN)
            verdict.set(f"Adam: the {words}", colour=colour)

        return Scene(update, Drag(chart, lambda data: (0.0, data["walks"]["Adam"][0]), y="x0"))

    def describe(data: Mapping) -> str:
        sums = {name: steps.sum() for name, steps in data["steps"].items()}
        ends = {name: walk[-1] for name, walk in data["walks"].items()}
        return (
            f"Slopes {say(data['large'])}, −1, −1 in turn, on average {say(data['mean'])}; β₂ = {say(data['beta2'])}. "
            f"From {say(data['walks']['Adam'][0])}, {n_steps} steps take Adam to {say(ends['Adam'], 2)} and AMSGrad to "
            f"{say(ends['AMSGrad'], 2)}. Over a late period the three steps add up to {say(sums['Adam'], 2)} α for "
            f"Adam and {say(sums['AMSGrad'], 2)} α for AMSGrad."
        )

    return LiveFigure(
        "Where Adam goes the wrong way", starting(controls, large=large, beta2=beta2, alpha=alpha), compute, build,
        describe, size=(720, 340), on_reset=run.try_again,
    )  # fmt: skip
