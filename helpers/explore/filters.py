"""Chapter 04: what stopping early and a ridge let through, and what a ridge does to unseen data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, key, style
from helpers.draw.marks import MEASURED
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, say
from helpers.problems import diabetes_least_squares
from helpers.problems.regression import loaded
from helpers.regularization import early_stopping_filter, ridge_constants, ridge_filter, ridge_weights

MOST = 1024
RIDGE = style.BLUE


def filter_curves(
    n_steps: float = 64.0,
    lam: float = 2.0**-4,
    share: float = 1.0,
    method: Callable = early_stopping_filter,
    ridge_method: Callable = ridge_filter,
) -> LiveFigure:
    """Return the figure of two filters over the singular values: gradient descent stopped at k, and a ridge.

    The dots are measured on the diabetes data: each weight, along a singular vector, over that of the least
    squares solution. The lines are `method(s, alpha, n_steps)` and `ridge_method(s, lam)`, which may be your
    own. Controls `n_steps`, `lam` and `share`, of the step 1/L. Raises ValueError if a start is out of its
    range or a method is no function.

    >>> filter_curves()
    Two filters. 64 steps ...

    Source: Yao, Rosasco and Caponnetto 2007, Constr. Approx. 26; Landweber 1951, Amer. J. Math. 73.
    """
    stopping, shrinking = Runner(method, ours=early_stopping_filter), Runner(ridge_method, ours=ridge_filter)
    controls = {
        "n_steps": LogSlider("stop at k", 1, MOST, start=64.0, per_octave=1, readout=".0f"),
        "lam": LogSlider("ridge λ", 2.0**-10, 4, start=2.0**-4, per_octave=2),
        "share": Slider("step α·L", 0.1, 1.9, 0.1, start=1.0, readout=".1f"),
    }

    def compute(n_steps: float, lam: float, share: float) -> Mapping:
        k, (s, L, walk, solved, full) = round(n_steps), measured(round(share, 6))
        alpha = share / L
        grid = np.geomspace(
            0.05, s[0], 121
        )  # beyond the largest one a step may be too long, and nobody is there
        places = np.concatenate([grid, s])
        stopped = stopping({"s": places, "alpha": alpha, "n_steps": k}, shape=places.shape)
        kept = shrinking({"s": places, "lam": lam}, shape=places.shape)
        return {
            "k": k, "lam": lam, "grid": grid, "alpha": alpha, "s": s, "stopped": stopped[: len(grid)], "kept": kept[: len(grid)],
            "measured": walk[k] / full, "measured_ridge": solved(lam) / full, "match": 1 / (alpha * k),
            "apart": float(np.max(np.abs(stopped[: len(grid)] - kept[: len(grid)]))),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                66, 48, 704, 300, xscale="log", xlim=(0.05, 3), ylim=(-0.05, 1.35),
                xlabel="singular value s of A/√n, logarithmic", ylabel="share that is there",
            )  # fmt: skip
            chart.set_xticks([0.05, 0.1, 0.2, 0.5, 1, 2], ["0.05", "0.1", "0.2", "0.5", "1", "2"])
            chart.minorticks_off()
        lines = (
            Curve(canvas, chart, style.MEASURED, 1.7, style.DASHES),
            Curve(canvas, chart, RIDGE, 1.7, style.DASHES),
        )
        dots = Dots(canvas, chart, size=7.5), Dots(canvas, chart, RIDGE, 7.5)
        marks = (
            MarkedLine(canvas, chart, "1/√(αk)", style.MEASURED, style.DOTS, level=1.04),
            MarkedLine(canvas, chart, "√λ", RIDGE, style.DOTS, level=0.96),
        )
        note = Badge(canvas, chart, 0.015, 0.97)
        key(
            canvas, chart,
            [("descent stopped at k, measured", MEASURED), ("1 − (1 − αs²)ᵏ", {"color": style.MEASURED, "ls": style.DASHES}),
             ("ridge, solved", {**MEASURED, "color": RIDGE}), ("s²/(s² + λ)", {"color": RIDGE, "ls": style.DASHES})],
            y=1.08,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            lines[0].set(data["grid"], data["stopped"])
            lines[1].set(data["grid"], data["kept"])
            dots[0].set(data["s"], data["measured"])
            dots[1].set(data["s"], data["measured_ridge"])
            marks[0].set(np.sqrt(data["match"]))
            marks[1].set(np.sqrt(data["lam"]))
            note.set(f"1/(αk) = {say(data['match'])}\nλ = {say(data['lam'])}")

        return Scene(update)

    def describe(data: Mapping) -> str:
        first, last = data["measured"][0], data["measured"][-1]
        return (
            f"{count(data['k'], 'step')} of size {say(data['alpha'])} bring {say(first)} of the weight with the largest "
            f"singular value and {say(last)} of the one with the smallest; the ridge {say(data['lam'])} keeps "
            f"{say(data['measured_ridge'][0])} and {say(data['measured_ridge'][-1])}. 1/(αk) is {say(data['match'])}. "
            f"The two curves are at most {say(data['apart'], 2)} apart."
        )

    def again() -> None:
        stopping.try_again()
        shrinking.try_again()

    return LiveFigure(
        "Two filters", starting(controls, n_steps=n_steps, lam=lam, share=share), compute, build, describe,
        size=(720, 350), on_reset=again,
    )  # fmt: skip


@lru_cache(maxsize=32)
def measured(share: float) -> tuple:
    """Return s, L, the run of descent with step share/L, the ridge solution and the full one, along the vectors."""
    problem, A, b = diabetes()
    Vt = np.linalg.svd(A, full_matrices=False)[2]
    s = np.linalg.svd(A, compute_uv=False) / np.sqrt(len(A))
    walk = gradient_descent(problem.grad, np.zeros(problem.dim), share / problem.L, MOST) @ Vt.T
    H, c = A.T @ A / len(A), A.T @ b / len(A)

    def solved(lam: float) -> np.ndarray:
        return Vt @ np.linalg.solve(H + lam * np.eye(len(c)), c)

    return s, problem.L, walk, solved, Vt @ problem.minimiser


@lru_cache(maxsize=1)
def diabetes() -> tuple:
    problem = diabetes_least_squares()
    X, y = loaded("diabetes")
    return problem, (X - X.mean(axis=0)) / X.std(axis=0), (y - y.mean()) / y.std()


LAMS = 2.0 ** np.arange(-14, 6.01, 0.5)


def train_and_test(lam: float = 0.25, n_train: int = 80, draw: int = 0) -> LiveFigure:
    """Return the figure of the training and the test error against lam, on the diabetes data.

    The 10 columns and their 55 products and squares are standardised by the training rows, so that lam weighs
    no unit more than another and the test rows stay unseen. An error of 1 is that of always predicting the
    training mean. Controls `lam` (draggable), `n_train` and `draw`, which splits the rows in another way.
    Raises ValueError if a start is out of its range.

    >>> train_and_test()
    Training and test error. 80 training rows, ...

    Source: Hoerl and Kennard 1970, Technometrics 12; data of Efron, Hastie, Johnstone and Tibshirani 2004.
    """
    controls = {
        "lam": LogSlider("ridge λ", 2.0**-14, 64, start=0.25, per_octave=2),
        "n_train": Count("training rows", 20, 300, start=80),
        "draw": Count("split number", 0, 20, start=0),
    }

    def compute(lam: float, n_train: int, draw: int) -> Mapping:
        A, train, test = errors(n_train, draw)
        _, _, kappa = ridge_constants(A, lam)
        at = int(np.argmin(test))
        return {
            "lam": lam, "n_train": n_train, "train": train, "test": test, "kappa": float(kappa),
            "best": float(LAMS[at]), "least": float(test[at]), "here": int(np.argmin(np.abs(np.log(LAMS / lam)))),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                66, 48, 704, 300, xscale="log", yscale="log", xlim=(LAMS[0] / 1.2, LAMS[-1] * 1.2), ylim=(0.04, 12),
                xlabel="ridge λ, logarithmic", ylabel="mean squared error",
            )  # fmt: skip
            chart.set_yticks(
                [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10"]
            )
            chart.minorticks_off()
            chart.axhline(1, color=style.SOFT, lw=0.9, zorder=1)
            chart.text(
                LAMS[-1], 1.05, "as good as the mean", ha="right", va="bottom", fontsize=8, color=style.SOFT
            )
        lines = Curve(canvas, chart, style.BLUE, 1.6), Curve(canvas, chart, style.MEASURED, 1.6)
        dots = Dots(canvas, chart, style.BLUE, 4), Dots(canvas, chart, size=4)
        best, here = (
            MarkedLine(canvas, chart, "best", style.GREEN, style.DASHES),
            MarkedLine(canvas, chart, "λ"),
        )
        chosen = Dots(canvas, chart, style.BLUE, 9), Dots(canvas, chart, size=9)
        note = Badge(canvas, chart, 0.98, 0.97, ha="right")
        key(
            canvas, chart,
            [("test rows", MEASURED), ("training rows", {**MEASURED, "color": style.BLUE})],
            y=1.08,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            for i, name in enumerate(("train", "test")):
                lines[i].set(LAMS, data[name])
                dots[i].set(LAMS, data[name])
                chosen[i].set(LAMS[data["here"], None], data[name][data["here"], None])
            best.set(data["best"] if abs(np.log2(data["best"] / data["lam"])) > 0.9 else np.nan)
            here.set(data["lam"])
            words = (
                ("learns the noise by heart", style.MEASURED)
                if data["lam"] < data["best"] / 8
                else ("", style.INK)
            )
            words = ("hardly learns", style.BLUE) if data["lam"] > data["best"] * 8 else words
            note.set(words[0], colour=words[1])

        return Scene(
            update,
            Drag(chart, lambda data: (data["lam"], data["test"][data["here"]]), x="lam", label="ridge"),
        )

    def describe(data: Mapping) -> str:
        at = data["here"]
        return (
            f"{data['n_train']} training rows, 65 weights. Ridge {say(data['lam'])}: training error "
            f"{say(data['train'][at])}, test error {say(data['test'][at])}, condition number {say(data['kappa'])}. "
            f"The least test error, {say(data['least'])}, is at {say(data['best'])}."
        )

    return LiveFigure(
        "Training and test error", starting(controls, lam=lam, n_train=n_train, draw=draw), compute, build, describe,
        size=(720, 350),
    )  # fmt: skip


@lru_cache(maxsize=64)
def errors(n_train: int, draw: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the standardised training rows and the mean squared errors on training and test rows for LAMS."""
    columns, y = with_products()
    order = np.random.default_rng(draw).permutation(len(y))
    train, test = order[:n_train], order[n_train:]
    deviation = columns[train].std(axis=0)
    A = (columns - columns[train].mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    b = (y - y[train].mean()) / y[train].std()
    w = ridge_weights(A[train], b[train], LAMS)
    return A[train], *(np.mean((w @ A[rows].T - b[rows]) ** 2, axis=-1) for rows in (train, test))


@lru_cache(maxsize=1)
def with_products() -> tuple[np.ndarray, np.ndarray]:
    """Return the ten columns of the diabetes data with all their squares and products, and the target."""
    _, A, b = diabetes()
    i, j = np.triu_indices(A.shape[1])
    return np.hstack([A, A[:, i] * A[:, j]]), b
