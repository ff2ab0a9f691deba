"""Chapter 04: a flat floor that a ridge tilts into a bowl, and the rate that changes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, Path, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.draw.valleys import Rings
from helpers.explore.controls import Count, Slider, starting
from helpers.explore.filters import filter_curves, train_and_test
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.problems import quadratic_with_spectrum
from helpers.regularization import is_linear, ridge_gradient, ridge_loss, ridge_weights

__all__ = ["filter_curves", "floor_to_bowl", "rate_switch", "train_and_test"]

EDGE = 3.0  # the map shows -EDGE to EDGE
A, B = (
    np.array([[1.2, 0.6], [0.8, 0.4]]),
    np.array([1.8, 1.2]),
)  # two rows that say the same: w is not settled
SEEN, UNSEEN = np.array([2.0, 1.0]) / np.sqrt(5), np.array([-1.0, 2.0]) / np.sqrt(5)
SHORTEST = np.array([1.2, 0.6])  # of all w with Aw = b
STEEP = 1.3  # the curvature across the valley
STARTS = np.array(
    [[-0.6, 2.2], [-1.4, -1.6], [2.7, 2.2], [2.9, -0.6], [-2.8, -1.2], [2.6, -1.6], [-2.7, 0.6]]
)


def floor_to_bowl(
    lam: float = 0.0, x0=(-1.6, 0.4), n_steps: int = 30, method: Callable = ridge_gradient
) -> LiveFigure:
    """Return the figure of least squares with a flat valley floor, and of the ridge that tilts it into a bowl.

    Eight walks of gradient descent with step 1/(L + lam): on the map, as heights above the floor, and as places
    along it. Controls `lam`, `x`, `y` (draggable) and `n_steps`. The coloured walk uses `method(w, A, b, lam)`,
    which may be your own. Raises ValueError if a start is out of its range or `method` is no function.

    >>> floor_to_bowl()
    A floor becomes a bowl. No ridge: ...

    Source: Tikhonov 1963, Soviet Math. Dokl. 4; Hoerl and Kennard 1970, Technometrics 12.
    """

    def walk(w: np.ndarray, lam: float, n_steps: int) -> np.ndarray:
        return gradient_descent(lambda w: np.asarray(method(w, A, B, lam)), w, 1 / (STEEP + lam), n_steps)

    run = Runner(
        walk if callable(method) else method, ours=walk if method is ridge_gradient else ridge_gradient
    )
    controls = {
        "lam": Slider("ridge λ", 0.0, 1.0, 0.01, start=0.0),
        "n_steps": Count("steps", 0, 120, start=30),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }
    along = np.linspace(-EDGE, EDGE, 61)

    def compute(lam: float, n_steps: int, x: float, y: float) -> Mapping:
        path = run({"w": np.array([x, y]), "lam": lam, "n_steps": n_steps}, shape=(n_steps + 1, 2))
        problem = quadratic_with_spectrum([lam, STEEP + lam], basis=np.stack([UNSEEN, SEEN], axis=-1))
        lowest = ridge_weights(A, B, lam)
        others = lowest + gradient_descent(problem.grad, STARTS - lowest, 1 / (STEEP + lam), n_steps)
        ends = np.concatenate([others[-1], path[-1:]])
        least = ridge_loss(lowest, A, B, lam)
        factor = 1 - lam / (STEEP + lam)
        steps = np.arange(n_steps + 1)
        return {
            "lam": lam, "path": path, "others": others, "lowest": lowest, "steps": steps,
            "Q": np.array(problem.hess(lowest)), "factor": factor,
            "profile": ridge_loss(lowest + along[:, None] * UNSEEN, A, B, lam) - least,
            "place": ends @ UNSEEN, "height": ridge_loss(np.nan_to_num(ends, nan=1e9), A, B, lam) - least,
            "own": path @ UNSEEN, "theirs": others @ UNSEEN, "theory": factor**steps * (path[0] @ UNSEEN),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 364, 354, xlabel="w₁", ylabel="w₂", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            profile = canvas.axes(
                452, 218, 704, 354, xlim=(-EDGE, EDGE), ylim=(-0.15, 2.0), xlabel="place along the floor",
                ylabel="height",
            )  # fmt: skip
            chart = canvas.axes(
                452, 48, 704, 140, xlim=(-1, 121), ylim=(-EDGE, EDGE), xlabel="step k",
                ylabel="place on floor",
            )  # fmt: skip
        rings = Rings(canvas, map_)
        floor = Curve(canvas, map_, style.GREEN, 1.6, style.DOTS, zorder=2)
        floor.set(*(SHORTEST[:, None] + np.outer(UNSEEN, [-9, 9])))
        tracks = Curve(canvas, map_, style.SOFT, 1.1, zorder=3)
        begun, ended = Dots(canvas, map_, style.SOFT, 3.5), Dots(canvas, map_, style.BLUE, 6.5, zorder=4.5)
        own = Path(canvas, map_, numbers=4)
        line = Curve(canvas, profile, style.GREEN, 2.2)
        here, mine = Dots(canvas, profile, style.BLUE, 6.5), Dots(canvas, profile, size=7.5, zorder=5)
        lines = Curve(canvas, chart, style.SOFT, 1.1, zorder=2)
        theory, dots = (
            Curve(canvas, chart, style.THEORY, 1.3, style.DASHES, zorder=5),
            Dots(canvas, chart, size=3.6),
        )
        note = Badge(canvas, map_, 0.02, 0.02, va="bottom")
        key(
            canvas, map_,
            [("floor of the data", {"color": style.GREEN, "ls": style.DOTS}),
             ("this walk", {**MEASURED, "marker": "s"}), ("end of others", {**MEASURED, "color": style.BLUE})],
        )  # fmt: skip
        key(canvas, profile, [("height along the floor", {"color": style.GREEN, "lw": 2.2})])
        key(canvas, chart, [("measured", MEASURED), ("(1 − αλ)ᵏ·start", THEORY)])

        def update(data: Mapping) -> None:
            rings.set(data["Q"], data["lowest"])
            tracks.set(*in_one(data["others"][..., 0], data["others"][..., 1]))
            lines.set(*in_one(data["steps"][:, None], data["theirs"]))
            begun.set(*STARTS.T)
            ended.set(*data["others"][-1].T)
            own.set(data["path"])
            line.set(along, data["profile"])
            here.set(data["place"][:-1], data["height"][:-1])
            mine.set(data["place"][-1:], data["height"][-1:])
            theory.set(data["steps"], data["theory"])
            dots.set(data["steps"], data["own"])
            note.set(
                "every point of the floor\nis a minimiser" if data["lam"] == 0 else "one minimiser",
                colour=style.GREEN,
            )

        return Scene(update, Drag(map_, lambda data: tuple(data["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        start, end, steps = (
            place(data["path"][0]),
            place(data["path"][-1]),
            count(len(data["steps"]) - 1, "step"),
        )
        if data["lam"] == 0:
            return (
                f"No ridge: from {start}, {steps} lead to {end} on the floor. No gradient points along it, so "
                "where you end depends on where you start."
            )
        return (
            f"Ridge {say(data['lam'])}: the floor has curvature {say(data['lam'])}, and one minimiser, "
            f"{place(data['lowest'])}. From {start}, {steps} lead to {end}; each leaves {say(data['factor'])} of "
            "the distance along the floor."
        )

    return LiveFigure(
        "A floor becomes a bowl", starting(controls, lam=lam, n_steps=n_steps, x=x0[0], y=x0[1]),
        compute, build, describe, size=(720, 400), on_reset=run.try_again,
    )  # fmt: skip


def in_one(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return many curves, the columns of x and y, as one with gaps: one artist draws them all.

    >>> in_one(np.array([[0.0], [1.0]]), np.array([[2.0, 4.0], [3.0, 5.0]]))[1]
    array([ 2.,  3., nan,  4.,  5., nan])
    """
    x, y = np.broadcast_arrays(np.asarray(x, dtype=float), y)
    gap = np.full((1, y.shape[1]), np.nan)
    return np.concatenate([x, gap]).T.ravel(), np.concatenate([y, gap]).T.ravel()


CURVATURES = np.append(0.0, 2.0 ** -np.arange(24.0))  # from 1 down to zero, one for each octave
MOST = 400
ROUNDING = 1e-24  # gaps below this share of the first are no longer those of the method


def rate_switch(lam: float = 0.0, method: Callable = is_linear) -> LiveFigure:
    """Return the figure of the gap against k, once log-log and once semilog, on a bowl that flattens out to mu = 0.

    Without a ridge the curve is straight on the left, like 1/k; with one it is straight on the right, a fixed
    factor a step. `method(gaps)` says which, and may be your own. Control `lam`. Raises ValueError if the start
    is out of its range or `method` is no function.

    >>> rate_switch(lam=0.0)
    Sublinear or linear. No ridge: ...

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 2.1; Drori and Teboulle 2014.
    """

    def as_number(gaps):
        """Return 1.0 and 0.0 for yes and no, which are no numbers, and anything else as it is."""
        linear = method(gaps)
        return float(linear) if isinstance(linear, (bool, np.bool_)) else linear

    run = Runner(as_number if callable(method) else method, ours=is_linear)
    controls = {"lam": Slider("ridge λ", 0.0, 0.1, 0.001, start=0.0, readout=".3f")}
    steps = np.arange(MOST + 1)
    shown = np.unique(np.geomspace(1, MOST, 60).round().astype(int))

    def compute(lam: float) -> Mapping:
        curvature = CURVATURES + lam
        lowest = CURVATURES / np.where(curvature > 0, curvature, 1)  # all ones, pulled to 0 by the ridge
        problem = quadratic_with_spectrum(curvature, minimiser=lowest, basis=np.eye(len(curvature)))
        path = gradient_descent(
            lambda x: curvature * (x - lowest), np.zeros(len(curvature)), 1 / problem.L, MOST
        )
        gaps = np.sum(curvature * (path - lowest) ** 2, axis=-1) / 2
        seen = int(np.sum(gaps > ROUNDING * gaps[0]))
        return {
            "lam": lam, "gaps": gaps, "linear": bool(run({"gaps": gaps[:seen]}, shape=())),
            "factor": (1 - lam / problem.L) ** 2, "sublinear_bound": problem.L * np.sum(lowest**2) / (4 * steps + 2),
            "linear_bound": gaps[0] * (1 - lam / problem.L) ** (2 * steps),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        limits = {"yscale": "log", "ylim": (1e-8, 30)}
        with canvas.building():
            left = canvas.axes(
                66, 48, 372, 296, xscale="log", xlim=(0.9, 500), xlabel="step k, logarithmic", ylabel="gap f − f*",
                **limits,
            )  # fmt: skip
            left.set_xticks([1, 10, 100], ["1", "10", "100"])
            right = canvas.axes(404, 48, 704, 296, xlim=(-5, MOST + 5), xlabel="step k", **limits)
            right.tick_params(labelleft=False)
        bound = [Curve(canvas, axes, style.BLUE, 1.5, style.DOTS) for axes in (left, right)]
        rate = [Curve(canvas, axes, style.THEORY, 1.4, style.DASHES) for axes in (left, right)]
        dots = [Dots(canvas, axes, size=4) for axes in (left, right)]
        notes = (
            Badge(canvas, left, 0.03, 0.04, va="bottom", size=10),
            Badge(canvas, right, 0.98, 0.98, ha="right", size=10),
        )
        key(
            canvas, left, [("measured", MEASURED), ("L·R²/(4k + 2)", {"color": style.BLUE, "ls": style.DOTS})]
        )
        key(canvas, right, [("(1 − αλ)²ᵏ·first gap", THEORY)])
        even = np.arange(0, MOST + 1, 8)

        def update(data: Mapping) -> None:
            for i, places in enumerate((shown, even)):
                inside = data["gaps"][places] >= 1e-8
                dots[i].set(places[inside], data["gaps"][places][inside])
                bound[i].set(places, data["sublinear_bound"][places])
                if data["lam"] > 0:
                    rate[i].set(places, data["linear_bound"][places])
                else:
                    rate[i].hide()
            notes[0].set("" if data["linear"] else "straight here:\nsublinear, like 1/k", colour=style.BLUE)
            notes[1].set("straight here:\nlinear" if data["linear"] else "", colour=style.INK)

        return Scene(update)

    def describe(data: Mapping) -> str:
        gaps, verdict = data["gaps"], "linear" if data["linear"] else "sublinear"
        if data["lam"] == 0:
            return (
                f"No ridge: curvatures run down to zero, and the gap is {say(gaps[100])} after 100 steps and "
                f"{say(gaps[400])} after 400: {say(gaps[100] / gaps[400])} times less for four times the steps. "
                f"Judged {verdict}."
            )
        return (
            f"Ridge {say(data['lam'])}: every step leaves at most {say(data['factor'], 4)} of the gap, which is "
            f"{say(gaps[100])} after 100 steps and {say(gaps[400])} after 400. Judged {verdict}."
        )

    return LiveFigure(
        "Sublinear or linear", starting(controls, lam=lam), compute, build, describe, size=(720, 346),
        on_reset=run.try_again,
    )  # fmt: skip
