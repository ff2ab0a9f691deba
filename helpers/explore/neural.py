"""Chapter 09: a decision boundary that forms, and residual layers along a flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.applications import (
    mlp_gradient,
    mlp_loss,
    mlp_score,
    mlp_start,
    residual_forward,
    train_mlp,
    unpacked,
)
from helpers.draw import Badge, Canvas, Curve, Dots, Path, key, style
from helpers.draw.graphs import Bundle, Shade
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Choice, Count, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner, Trouble
from helpers.explore.words import count, place, say
from helpers.flow import rk4
from helpers.problems import logistic
from helpers.problems.regression import standardised

__all__ = ["boundary_forming", "residual_polygon"]

UNITS = ("1", "2", "3", "4", "8")
N_STEPS, ALPHA = 300, 1.0
WINDOW = ((-2.0, 2.1), (-1.9, 2.1))
GRID = np.stack(np.meshgrid(np.linspace(*WINDOW[0], 66), np.linspace(*WINDOW[1], 65)), axis=-1)


def petals() -> tuple[np.ndarray, np.ndarray]:
    """Return length and width of 150 iris petals, standardised, and +1 for versicolor, -1 for the two others."""
    X, kind = standardised("iris", 4)
    return X[:, 2:], np.where(kind == 1, 1.0, -1.0)


def boundary_forming(n_hidden: int = 2, k: int = 45, method: Callable = mlp_gradient) -> LiveFigure:
    """Return the figure of a small network learning which iris is a versicolor, from two lengths of a petal.

    The shades are the score, blue below 0 and orange above; a dotted line is where a hidden unit is 0. Right: the
    loss, beside the best that one straight line can do. Controls `n_hidden` (1, 2, 3, 4 or 8) and `k`, the step of
    training that is shown (draggable). The training is done beforehand. `method(W1, b1, w2, b2, X, y)` may be your
    own gradient. Raises ValueError if a start is out of its range or `method` is no function.

    >>> boundary_forming(k=0)
    A boundary forms. 2 hidden units after 0 steps ...

    Source: Rumelhart, Hinton and Williams 1986, Nature 323; Fisher 1936, Annals of Eugenics 7 (the flowers).
    """
    X, y = petals()
    line = straight_line(X, y)
    steps = np.arange(N_STEPS + 1)
    controls = {
        "n_hidden": Choice("hidden units", UNITS, start="2"),
        "k": Count("step k", 0, N_STEPS, start=55),
    }

    def whole_training(X: np.ndarray, y: np.ndarray, n_hidden: int) -> np.ndarray:
        start = mlp_start(n_hidden, 2, np.random.default_rng(0))
        return train_mlp(start, X, y, ALPHA, N_STEPS, gradient=fitting(method))

    # A learner's gradient is called inside of one guarded call for a whole training, not in 300 of them.
    run = Runner(whole_training, ours=whole_training if method is mlp_gradient else mlp_gradient)
    if not callable(method):
        raise ValueError(f"method must be a function such as mlp_gradient, got {method!r}")

    @lru_cache
    def trained(units: str) -> Mapping:
        h = int(units)
        path = run({"X": X, "y": y, "n_hidden": h}, shape=(N_STEPS + 1, 4 * h + 1))
        if not np.isfinite(path).all():
            raise Trouble("Training with your gradient ran off to infinity.")
        losses = np.array([mlp_loss(*unpacked(x, 2), X, y) for x in path])
        return {"path": path, "losses": losses}

    def compute(n_hidden: str, k: int) -> Mapping:
        training = trained(n_hidden)
        W1, b1, w2, b2 = unpacked(training["path"][k], 2)
        scores = mlp_score(W1, b1, w2, b2, X)
        wrong = scores * y <= 0
        return {
            "units": int(n_hidden), "k": k, "losses": training["losses"], "W1": W1, "b1": b1, "wrong": wrong,
            "field": mlp_score(W1, b1, w2, b2, GRID), "line": line,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58,
                48,
                384,
                344,
                xlabel="petal length (standard deviations)",
                ylabel="petal width (standard deviations)",
            )
            chart = canvas.axes(
                458, 48, 704, 312, xlim=(-6, N_STEPS + 6), ylim=(0, 0.8), xlabel="step k", ylabel="loss",
            )  # fmt: skip
        shade = Shade(canvas, map_, WINDOW)
        with canvas.building():
            for marker, colour, label in (("o", style.VERMILLION, 1), ("s", style.BLUE, -1)):
                map_.plot(
                    *X[y == label].T,
                    marker,
                    color=colour,
                    ms=4.6,
                    mec=style.PAPER,
                    mew=0.5,
                    zorder=4,
                    animated=True,
                )
        canvas.moving(*map_.lines)
        folds = Bundle(canvas, map_, style.SOFT, 1.2, zorder=2)
        folds.lines.set_linestyle(style.DOTS)
        with canvas.building():
            (missed,) = map_.plot([], [], "o", ms=9, mfc="none", mec=style.INK, mew=1.3, zorder=5)
        canvas.moving(missed)
        curve, best = (
            Curve(canvas, chart, style.MEASURED, 1.6),
            Curve(canvas, chart, style.THEORY, 1.4, style.DASHES),
        )
        here, note = Dots(canvas, chart, size=8), Badge(canvas, map_, 0.02, 0.98)
        key(
            canvas, map_,
            [("versicolor", {**MEASURED, "color": style.VERMILLION}),
             ("another iris", {"color": style.BLUE, "marker": "s", "ms": 4.6, "ls": "none"}),
             ("wrong", {"color": style.INK, "marker": "o", "ms": 8, "mfc": "none", "ls": "none"})],
            y=1.0,
        )  # fmt: skip
        key(
            canvas,
            chart,
            [("the network", {"color": style.MEASURED}), ("best straight line", THEORY)],
            y=1.01,
        )

        def update(data: Mapping) -> None:
            shade.set(data["field"])
            folds.set(fold_lines(data["W1"], data["b1"]))
            missed.set_data(*X[data["wrong"]].T)
            curve.set(steps, data["losses"])
            best.set(np.array([-6, N_STEPS + 6]), np.full(2, data["line"]))
            here.set(np.array([data["k"]]), data["losses"][[data["k"]]])
            n = int(data["wrong"].sum())
            note.set(f"{n} of 150 wrong", colour=style.GREEN if n < 10 else style.INK)

        return Scene(update, Drag(chart, lambda d: (d["k"], d["losses"][d["k"]]), x="k", label="step"))

    def describe(data: Mapping) -> str:
        return (
            f"{count(data['units'], 'hidden unit')} after {count(data['k'], 'step')} of training: loss "
            f"{say(data['losses'][data['k']])}, {int(data['wrong'].sum())} of 150 flowers on the wrong side. The best "
            f"straight line has loss {say(data['line'])}."
        )

    def again() -> None:
        run.try_again()
        trained.cache_clear()

    figure = LiveFigure(
        "A boundary forms", starting(controls, n_hidden=str(n_hidden), k=k), compute, build, describe,
        size=(720, 372), on_reset=again,
    )  # fmt: skip
    return figure


def fitting(method: Callable) -> Callable:
    """Return `method` with a plain sentence for a gradient that does not fit the parameters."""

    def gradient(W1, b1, w2, b2, X, y):
        parts = method(W1, b1, w2, b2, X, y)
        if not isinstance(parts, (tuple, list)) or len(parts) != 4:
            raise ValueError("the gradient must be the four parts (dW1, db1, dw2, db2)")
        for name, part, parameter in zip(("dW1", "db1", "dw2", "db2"), parts, (W1, b1, w2, b2), strict=True):
            if np.shape(part) != np.shape(parameter):
                raise ValueError(f"{name} must have shape {np.shape(parameter)}, got shape {np.shape(part)}")
        return parts

    return gradient if method is not mlp_gradient else method


def straight_line(X: np.ndarray, y: np.ndarray) -> float:
    """Return the lowest logistic loss of a straight line: a network without a hidden layer."""
    problem = logistic(np.column_stack([X, np.ones(len(X))]), y)
    return float(problem.f(problem.minimiser))


def fold_lines(W1: np.ndarray, b1: np.ndarray) -> np.ndarray:
    """Return the lines W1[j]'x + b1[j] = 0 as pairs of points far outside of the window, (n_hidden, 2, 2)."""
    square = np.maximum(np.sum(W1**2, axis=1), 1e-12)
    foot = -(b1 / square)[:, None] * W1
    along = 20 * np.stack([-W1[:, 1], W1[:, 0]], axis=-1) / np.sqrt(square)[:, None]
    return np.stack([foot - along, foot + along], axis=1)


# Residual layers ---------------------------------------------------------------------------------------

EDGE, END = 2.6, 4.0
DEPTHS = np.array([1, 2, 3, 4, 6, 8, 16, 32, 64])
FINE = 48


def residual_polygon(
    layers: int = 6, turn: float = 110.0, x0=(1.8, 0.9), method: Callable = residual_forward
) -> LiveFigure:
    """Return the figure of inputs that pass through residual layers with one W: a polygon along the flow tanh(Wx).

    The layers share the time 4, so each has h = 4/layers. W turns by `turn` degrees; beyond 90 the flow goes
    inwards. The pale
    lines are the flow of 24 inputs, the thick one that of the draggable input. Right: how far the output is from the
    end of the flow, against the number of layers. Controls `layers`, `turn`, `x`, `y`. `method(x, weights, h)` may
    be your own. Raises ValueError if a start is out of its range or `method` is no function.

    >>> residual_polygon(layers=16)
    Layers are steps. 16 layers with h = 0.25 ...

    Source: He, Zhang, Ren and Sun 2016, CVPR; E 2017, Commun. Math. Stat. 5; Haber and Ruthotto 2017, Inverse Problems 34.
    """
    run = Runner(method, ours=residual_forward)
    controls = {
        "layers": Count("layers", 1, 64, start=6),
        "turn": Slider("turn of W °", 95, 180, 5, start=110, readout=".0f"),
        "x": Slider("input x", -2.4, 2.4, 0.05, start=0.0),
        "y": Slider("input y", -2.4, 2.4, 0.05, start=0.0),
    }
    seeds = 2.45 * np.stack([np.cos(a := np.linspace(0, 2 * np.pi, 24, endpoint=False)), np.sin(a)], axis=-1)

    @lru_cache(maxsize=64)
    def streams(turn: float) -> np.ndarray:
        return rk4(field(turn), seeds, END / 40, 40).swapaxes(0, 1)

    def compute(layers: int, turn: float, x: float, y: float) -> Mapping:
        W, x0, h = matrix(turn), np.array([x, y]), END / layers
        passed = run({"x": x0, "weights": np.array([W] * layers), "h": h}, shape=(layers + 1, 2))
        flow = rk4(field(turn), x0, END / FINE, FINE)
        errors = np.array(
            [np.linalg.norm(residual_forward(x0, np.array([W] * n), END / n)[-1] - flow[-1]) for n in DEPTHS]
        )
        return {
            "layers": layers, "turn": turn, "h": h, "passed": passed, "flow": flow, "errors": errors,
            "gap": float(np.linalg.norm(passed[-1] - flow[-1])), "streams": streams(turn),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 354, 344, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                438, 48, 704, 312, xscale="log", yscale="log", xlim=(0.9, 75), ylim=(5e-3, 8), xlabel="layers",
                ylabel="output to end of the flow",
            )  # fmt: skip
            map_.grid(False)
            map_.set_facecolor("#f7fbfe")
            chart.set_xticks([1, 2, 4, 8, 16, 32, 64], ["1", "2", "4", "8", "16", "32", "64"])
            chart.minorticks_off()
        others = Bundle(canvas, map_, "#b9d3e8", 1.5, zorder=2)
        flow, polygon = Curve(canvas, map_, style.BLUE, 2.6, zorder=3.5), Path(canvas, map_, numbers=4)
        note = Badge(canvas, map_, 0.02, 0.02, va="bottom")
        order = Curve(canvas, chart, style.THEORY, 1.4, style.DASHES, zorder=3)
        dots, here = Dots(canvas, chart), Dots(canvas, chart, size=9, zorder=6)
        key(canvas, map_, [("the layers", MEASURED), ("the flow", {"color": style.BLUE, "lw": 2.6})], y=1.0)
        key(canvas, chart, [("measured", MEASURED), ("order 1", THEORY)], y=1.01)

        def update(data: Mapping) -> None:
            others.set(data["streams"])
            flow.set(*data["flow"].T)
            gone = polygon.set(data["passed"])
            note.set("" if gone is None else f"leaves the map with layer {gone}", colour=style.MEASURED)
            order.set(DEPTHS, data["errors"][-1] * DEPTHS[-1] / DEPTHS)
            dots.set(DEPTHS, data["errors"])
            here.set(np.array([data["layers"]]), np.array([data["gap"]]))

        return Scene(update, Drag(map_, lambda data: tuple(data["passed"][0]), "x", "y", label="input"))

    def describe(data: Mapping) -> str:
        return (
            f"{count(data['layers'], 'layer')} with h = {say(data['h'])} take {place(data['passed'][0])} to "
            f"{place(data['passed'][-1])}, {say(data['gap'])} from the end of the flow at time {say(END)} "
            f"(W turns by {say(data['turn'])}°). With many layers, twice as many halve that."
        )

    return LiveFigure(
        "Layers are steps", starting(controls, layers=layers, turn=turn, x=x0[0], y=x0[1]), compute, build, describe,
        size=(720, 372), on_reset=run.try_again,
    )  # fmt: skip


def matrix(turn: float) -> np.ndarray:
    """Return 1.3 times the matrix that turns by so many degrees; beyond 90 it also pulls inwards."""
    angle = np.radians(turn)
    return 1.3 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def field(turn: float) -> Callable:
    W = matrix(turn)
    return lambda x: np.tanh(x @ W.T)
