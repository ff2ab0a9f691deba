"""Chapter 02: what L promises, how it shows in pairs of gradients on real data, and what happens beyond 2/L."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.descent import gradient_descent, gradient_step
from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, Path, key, style
from helpers.draw.areas import Area
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.line_search import armijo_search
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.nonsmooth import norm_against_square, two_cycle
from helpers.explore.runs import Runner
from helpers.explore.words import count, say
from helpers.problems import breast_cancer_logistic, wavy
from helpers.problems.regression import standardised
from helpers.smoothness import empirical_smoothness, gradient_ratios, logistic_gradient, majorizer

__all__ = [
    "armijo_search",
    "majorizer_step",
    "norm_against_square",
    "slope_ratios",
    "training_steps",
    "two_cycle",
]


def majorizer_step(x: float = 3.3, L: float = 2**1.5, method: Callable = gradient_step) -> LiveFigure:
    """Return the figure of the parabola f(x) + f'(x)(y - x) + L (y - x)^2/2, whose minimiser is the next step.

    f has smoothness constant 2. Beside it: the real descent as a share of the descent that the parabola
    promises, for every L; from L = 2 on the share is 1 at least. Controls `x` (draggable) and `L`.
    `method(grad, x, alpha)` may be your own gradient step. Raises ValueError if a start is out of its range or
    `method` is no function.

    >>> majorizer_step()
    The parabola above f. ...

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, lemma 1.2.3.
    """
    run = Runner(method, ours=gradient_step)
    problem = wavy(curvature=0.5, amplitude=0.375, frequency=2.0)
    edge = 4.0
    grid = np.linspace(-edge, edge, 241)
    heights = problem.f(grid[:, None])
    constants = 2.0 ** np.linspace(-2, 4, 121)
    controls = {
        "x": Slider("point x", -edge, edge, 0.05, start=0.0),
        "L": LogSlider("constant L", 0.25, 16, start=1.0),
    }

    def compute(x: float, L: float) -> Mapping:
        here = np.array([x])
        g = float(problem.grad(here)[0])
        after = run({"grad": problem.grad, "x": here, "alpha": 1 / L}, shape=(1,))
        model = majorizer(problem.f, problem.grad, here, L, grid[:, None])
        promise = g * g / (2 * constants)
        falls = problem.f(here) - problem.f(here - g / constants[:, None])
        return {
            "here": np.array([x, problem.f(here)]), "L": L, "g": g, "model": model,
            "after": np.array([after[0], problem.f(after)]), "promise": g * g / (2 * L),
            "lowest": float(majorizer(problem.f, problem.grad, here, L, after)),
            "shares": falls / promise if g else np.full(len(constants), np.nan),
            "holds": bool(np.all(model >= heights - 1e-9)),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            left = canvas.axes(
                52, 48, 384, 310, xlim=(-edge, edge), ylim=(-1.2, 5.2), xlabel="x", ylabel="altitude"
            )
            right = canvas.axes(
                462, 48, 704, 310, xscale="log", xlim=(0.25, 16), ylim=(-1.5, 3), xlabel="constant L of the parabola",
                ylabel="descent / promised descent",
            )  # fmt: skip
            right.set_xticks([0.25, 0.5, 1, 2, 4, 8, 16], ["¼", "½", "1", "2", "4", "8", "16"])
            right.minorticks_off()
            right.axhline(0, color=style.SOFT, lw=0.9, zorder=1)
            right.axhspan(-1.5, 0, fc=style.HAIR, alpha=0.5, zorder=0)
            right.text(15, -0.1, "goes up", fontsize=8.5, color=style.SOFT, va="top", ha="right")
            left.plot(grid, heights, color=style.FUNCTION, lw=2.2, zorder=3)
        broken = Area(canvas, left)
        model = Curve(canvas, left, style.THEORY, 1.5, style.DASHES)
        drop = Curve(canvas, left, style.SOFT, 1.2, style.DOTS)
        step = Path(canvas, left, numbers=0)
        bottom = Dots(canvas, left, style.INK, size=5.5, zorder=5)
        badge = Badge(canvas, left, 0.5, 0.99, ha="center")
        promised = Curve(canvas, right, style.THEORY, 1.5, style.DASHES)
        real = Curve(canvas, right, style.FUNCTION, 2.2)
        enough, yours = (
            MarkedLine(canvas, right, "L of f", style.PURPLE, style.DASHES),
            MarkedLine(canvas, right, "yours", style.MEASURED, level=0.04),
        )
        dot = Dots(canvas, right, size=8)
        key(canvas, left, [("f", {"color": style.FUNCTION, "lw": 2.2}), ("parabola", THEORY),
                           ("its lowest point", {"color": style.INK, "marker": "o", "ms": 5.5, "ls": "none"}),
                           ("the step", {**MEASURED, "marker": "s", "ls": "-", "lw": 1.3})])  # fmt: skip

        def update(data: Mapping) -> None:
            broken.set(grid, data["model"], heights)
            model.set(grid, data["model"])
            drop.set(data["after"][[0, 0]], np.array([data["lowest"], data["after"][1]]))
            step.set(np.array([data["here"], data["after"]]))
            bottom.set(data["after"][:1], np.array([data["lowest"]]))
            if data["holds"]:
                badge.set("above f everywhere: the promise holds", colour=style.GREEN)
            else:
                badge.set("dips below f: no promise", colour=style.VERMILLION)
            promised.set(constants, np.ones(len(constants)))
            real.set(constants, data["shares"])
            enough.set(problem.L)
            yours.set(data["L"])
            share = (data["here"][1] - data["after"][1]) / data["promise"] if data["g"] else np.nan
            dot.set(np.array([data["L"]]), np.array([share]))

        return Scene(update, Drag(left, lambda data: tuple(data["here"]), x="x", label="point"))

    def describe(data: Mapping) -> str:
        fall = data["here"][1] - data["after"][1]
        verdict = "lies above f everywhere in view" if data["holds"] else "dips below f somewhere"
        return (
            f"From x = {say(data['here'][0])} with L = {say(data['L'])} the parabola {verdict}. Its lowest point is the "
            f"step to {say(data['after'][0])}: promised descent {say(data['promise'])}, real {say(fall)}. "
            f"f itself has L = {say(problem.L)}."
        )

    return LiveFigure(
        "The parabola above f", starting(controls, x=x, L=L), compute, build, describe, size=(720, 352),
        on_reset=run.try_again,
    )  # fmt: skip


def slope_ratios(
    spread: float = 1.0, aim: float = 0.0, n_points: int = 24, method: Callable = empirical_smoothness
) -> LiveFigure:
    """Return the figure of |grad(v) - grad(w)| / |v - w| for pairs of weights, under the bound L, on real data.

    Logistic regression on the breast cancer data, 30 standardised features. The points are drawn at random, with lengths
    from spread/30 to 30 spread, and turned towards the steepest direction by `aim` (1: all along it). A second
    bound, 2 G/|v - w| with |grad| <= G = mean |x_i|, takes over far apart. Beside it: the largest ratio so far. Controls `spread`, `aim`, `n_points` (draggable), `draw`. `method(grad, points)` may be your own.
    Raises ValueError if a start is out of its range or `method` is no function.

    >>> slope_ratios()
    Ratios under the bound. ...

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 1.2.
    """
    run = Runner(method, ours=empirical_smoothness)
    problem = breast_cancer_logistic()
    longest_slope = float(np.mean(np.linalg.norm(standardised("breast_cancer", 30)[0], axis=1)))
    steepest = np.linalg.eigh(problem.hess(np.zeros(30)))[1][:, -1]
    controls = {
        "spread": LogSlider("spread of w", 1 / 8, 16, start=1.0, per_octave=2),
        "aim": Slider("aim at steepest", 0.0, 1.0, 0.05, start=0.0),
        "n_points": Count("points", 2, 40, start=24),
        "draw": Count("another draw", 1, 20, start=1),
    }

    def compute(spread: float, aim: float, n_points: int, draw: int) -> Mapping:
        rng = np.random.default_rng(draw)
        anywhere = rng.standard_normal((40, 30)) / np.sqrt(30)
        along = rng.choice([-1.0, 1.0], (40, 1)) * steepest
        lengths = spread * 30 ** rng.uniform(-1, 1, (40, 1))
        points = (lengths * ((1 - aim) * anywhere + aim * along))[:n_points]
        i, j = np.triu_indices(n_points, k=1)
        later = np.argsort(j, kind="stable")  # in the order in which the points come
        ratios = gradient_ratios(problem.grad, points)[later] / problem.L
        largest = np.maximum.accumulate(ratios)[np.cumsum(np.arange(1, n_points)) - 1]
        return {
            "distances": np.linalg.norm(points[i] - points[j], axis=1)[later], "ratios": ratios, "largest": largest,
            "empirical": float(run({"grad": problem.grad, "points": points}, shape=())) / problem.L,
            "spread": spread, "n_points": n_points,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            left = canvas.axes(
                56, 48, 404, 310, xscale="log", xlim=(1e-3, 1e3), ylim=(0, 1.15),
                xlabel="distance |v − w| of a pair", ylabel="ratio / L",
            )  # fmt: skip
            right = canvas.axes(
                470, 48, 704, 310, xlim=(1, 41), ylim=(0, 1.15), xlabel="points so far", ylabel="largest ratio / L",
            )  # fmt: skip
            apart = np.geomspace(1, 1e3, 200)
            left.plot(apart, 2 * longest_slope / apart / problem.L, color=style.THEORY, lw=1.4, ls=style.DOTS)
            for axes in (left, right):
                axes.axhline(1, color=style.THEORY, lw=1.5, ls=style.DASHES, zorder=3)
        pairs = Dots(canvas, left, size=3.6)
        creeping = Curve(canvas, right, style.MEASURED, 1.8, drawstyle="steps-post")
        found = Dots(canvas, right, size=8)
        key(canvas, left, [("pairs", MEASURED), ("bound L", THEORY),
                           ("2G / distance", {"color": style.THEORY, "ls": style.DOTS})])  # fmt: skip
        key(canvas, right, [("largest so far", {"color": style.MEASURED}), ("bound L", THEORY)])

        def update(data: Mapping) -> None:
            seen = data["distances"] > 1e-3
            pairs.set(data["distances"][seen], data["ratios"][seen])
            creeping.set(np.arange(2, data["n_points"] + 1), data["largest"])
            found.set(np.array([data["n_points"]]), np.array([data["empirical"]]))

        last = Drag(
            right, lambda data: (data["n_points"], data["empirical"]), x="n_points", label="number of points"
        )
        return Scene(update, last)

    def describe(data: Mapping) -> str:
        return (
            f"{count(len(data['ratios']), 'pair')} of weights with spread {say(data['spread'])}: the largest ratio is "
            f"{say(data['empirical'] * problem.L)}, {say(100 * data['empirical'])}% of L = {say(problem.L)}. "
            "No pair lies above L."
        )

    return LiveFigure(
        "Ratios under the bound", starting(controls, spread=spread, aim=aim, n_points=n_points), compute, build,
        describe, size=(720, 352), on_reset=run.try_again,
    )  # fmt: skip


def training_steps(
    multiple: float = 8.0, n_steps: int = 60, method: Callable = logistic_gradient
) -> LiveFigure:
    """Return the figure of logistic regression trained on real data with steps in units of 1/L.

    The breast cancer data, ten standardised features, from w = 0. Left: the loss, beside what L guarantees
    below 2/L: a gap of at most 2 D R^2/(2 R^2 + k alpha (2 - alpha L) D), D the gap and R the distance at the
    start. Right: the curvature lambda_max(H) at the points of the path, and the limit 2/alpha that it may not
    pass for long. Controls `multiple` and `n_steps` (draggable). `method(w, X, y)` may be your own gradient. Raises
    ValueError if a start is out of its range or `method` is no function.

    >>> training_steps(multiple=1.0)
    Training on real data. ...

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, theorem 2.1.14; Cohen et al. 2021 for
    the limit 2/alpha along the way.
    """
    run = Runner(method, ours=logistic_gradient)
    problem = breast_cancer_logistic(10)
    X, benign = standardised("breast_cancer", 10)
    y = 2 * benign - 1
    start, lowest = np.zeros(10), float(problem.f(problem.minimiser))
    gap, R2 = float(problem.f(start)) - lowest, float(np.sum(problem.minimiser**2))
    controls = {
        "multiple": LogSlider("step α in 1/L", 1 / 8, 64, start=1.0, per_octave=4),
        "n_steps": Count("steps", 5, 100, start=60),
    }

    def compute(multiple: float, n_steps: int) -> Mapping:
        alpha = multiple / problem.L
        path = gradient_descent(lambda w: run({"w": w, "X": X, "y": y}, shape=(10,)), start, alpha, n_steps)
        steps = np.arange(n_steps + 1)
        some = np.unique(
            np.linspace(0, n_steps, 25).round().astype(int)
        )  # the curvature costs more than the path
        bound = np.full(n_steps + 1, np.nan)
        if multiple < 2:
            bound = lowest + 2 * gap * R2 / (2 * R2 + steps * alpha * (2 - multiple) * gap)
        losses = problem.f(path)
        return {
            "multiple": multiple, "steps": steps, "losses": losses, "bound": bound, "some": some,
            "curvatures": np.linalg.eigvalsh(problem.hess(path[some]))[:, -1] / problem.L,
            "rises": int(np.sum(np.diff(losses) > 0)),
            "right": float(np.mean((X @ path[-1] > 0) == (y > 0))),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            left = canvas.axes(
                56, 48, 376, 310, yscale="log", xlim=(-1, 101), ylim=(0.1, 2.2), xlabel="step k", ylabel="loss",
            )  # fmt: skip
            left.set_yticks([0.1, 0.2, 0.5, 1, 2], ["0.1", "0.2", "0.5", "1", "2"])
            left.minorticks_off()
            right = canvas.axes(
                448, 48, 704, 310, yscale="log", xlim=(-1, 101), ylim=(1e-2, 20), xlabel="step k",
                ylabel="curvature / L",
            )  # fmt: skip
            left.axhline(lowest, color=style.SOFT, lw=1, zorder=1)
            left.text(100, lowest * 0.97, "lowest", fontsize=8.5, color=style.SOFT, ha="right", va="top")
            right.axhline(1, color=style.PURPLE, lw=1.3, ls=style.DOTS, zorder=2)
        promise, loss = Curve(canvas, left, style.THEORY, 1.5, style.DASHES), Dots(canvas, left)
        limit, curvature = Curve(canvas, right, style.THEORY, 1.5, style.DASHES), Dots(canvas, right)
        badge = Badge(canvas, left, 0.98, 0.97, ha="right")
        key(canvas, left, [("loss", MEASURED), ("guaranteed by L", THEORY)])
        key(canvas, right, [("at the path", MEASURED), ("2/α", THEORY),
                            ("L", {"color": style.PURPLE, "ls": style.DOTS})])  # fmt: skip

        def update(data: Mapping) -> None:
            promise.set(data["steps"], data["bound"])
            loss.set(data["steps"], data["losses"])
            limit.set(np.array([-1, 101]), np.full(2, 2 / data["multiple"]))
            curvature.set(data["some"], data["curvatures"])
            if data["multiple"] < 2:
                badge.set("below 2/L: every step goes down", colour=style.GREEN)
            elif data["rises"]:
                badge.set(f"beyond 2/L: {count(data['rises'], 'step')} up", colour=style.VERMILLION)
            else:
                badge.set("beyond 2/L, and yet down every time", colour=style.PURPLE)

        last = Drag(
            left, lambda data: (data["steps"][-1], data["losses"][-1]), x="n_steps", label="last step"
        )
        return Scene(update, last)

    def describe(data: Mapping) -> str:
        return (
            f"{count(len(data['losses']) - 1, 'step')} of {say(data['multiple'])}/L bring the loss from "
            f"{say(data['losses'][0])} to {say(data['losses'][-1])} (lowest {say(lowest)}), up in "
            f"{count(data['rises'], 'step')}; {say(100 * data['right'])}% of the examples are on the right side. "
            f"The curvature has fallen to {say(data['curvatures'][-1])} L; the limit is 2/α = {say(2 / data['multiple'])} L."
        )

    return LiveFigure(
        "Training on real data", starting(controls, multiple=multiple, n_steps=n_steps), compute, build, describe,
        size=(720, 352), on_reset=run.try_again,
    )  # fmt: skip
