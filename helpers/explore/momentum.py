"""Chapter 07: the heavy ball in a valley, on the map, in each direction and in phase space; a race of three methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.conditioning import contraction_factor, optimal_step
from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, Path, key, style
from helpers.draw.marks import MEASURED, THEORY, Ticks
from helpers.draw.valleys import Rings, SignedDots
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.cycles import three_cycle
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.stability import damping, stability_plane
from helpers.explore.step_size import nice_limit
from helpers.explore.words import count, place, say
from helpers.momentum import (
    heavy_ball,
    momentum_modes,
    momentum_rate,
    momentum_regime,
    nesterov,
    nesterov_settings,
    optimal_heavy_ball,
)
from helpers.problems import quadratic_with_spectrum

__all__ = ["damping", "momentum_race", "momentum_valley", "stability_plane", "three_cycle"]

FLAT, STEEP = style.BLUE, style.PURPLE
EDGE = 3.0  # the map shows -EDGE to EDGE
ANGLE = np.radians(30)


def momentum_valley(
    kappa: float = 16.0,
    alpha: float = 0.7,
    beta: float = 0.8,
    x0=(-2.5, 0.1),
    n_steps: int = 60,
    method: Callable = heavy_ball,
) -> LiveFigure:
    """Return the figure of the heavy ball in a valley with L = 1: map, error along each eigenvector, phase portraits.

    A phase portrait shows the place c_k against the last step c_k - c_{k-1}, both as shares of the start. Dots are
    the walk, dashes the powers of the matrix and of its spectral radius. Controls `kappa`, `alpha`, `beta`, `n_steps`, `x` and `y` (draggable).
    `method(grad, x0, alpha, beta, n_steps)` may be your own. Raises ValueError if a start is out of its range or
    `method` is no function.

    >>> momentum_valley(beta=0.0)
    A heavy ball in a valley. Condition number 16, step 0.7, momentum 0: ...

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    run = Runner(method, ours=heavy_ball)
    controls = {
        "kappa": LogSlider("condition κ", 1, 256, start=16.0, per_octave=4),
        "alpha": Slider("step size α", 0.05, 4.0, 0.01, start=1.0),
        "beta": Slider("momentum β", 0.0, 0.99, 0.01, start=0.8),
        "n_steps": Count("steps", 0, 80, start=60),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }

    def compute(kappa: float, alpha: float, beta: float, n_steps: int, x: float, y: float) -> Mapping:
        problem, x0 = quadratic_with_spectrum([1 / kappa, 1.0], angle=ANGLE), np.array([x, y])
        Q = np.array(problem.hess(x0))
        V = np.linalg.eigh(Q)[1]
        inputs = {"grad": problem.grad, "x0": x0, "alpha": alpha, "beta": beta, "n_steps": n_steps}
        path = run(inputs, shape=(n_steps + 1, 2))
        lam, modes = np.array([1 / kappa, 1.0]), path @ V
        # Beside a direction that has exploded, the other is rounding and nothing else.
        size = np.max(np.abs(modes), axis=1, keepdims=True)
        modes = np.where(np.abs(modes) < 1e-11 * size, np.nan, modes)
        return {
            "Q": Q, "V": V, "path": path, "kappa": kappa, "alpha": alpha, "beta": beta, "steps": np.arange(n_steps + 1),
            "measured": modes, "theory": momentum_modes(Q, x0, alpha, beta, n_steps),
            "rates": momentum_rate(alpha, beta, lam),
            "regimes": [momentum_regime(alpha, beta, value) for value in lam],
            "best": optimal_heavy_ball(1.0, 1 / kappa),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 46, 338, 394, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE),
                ylim=(-EDGE * 348 / 280, EDGE * 348 / 280),
            )  # fmt: skip
            chart = canvas.axes(
                432, 256, 704, 394, yscale="log", xlim=(-1, 81), ylim=(1e-6, 30), xlabel="step k",
                ylabel="error",
            )  # fmt: skip
            planes = [
                canvas.axes(left, 46, left + 118, 184, xlim=(-1.25, 1.25), ylim=(-1.1, 1.1), xlabel="place")
                for left in (432, 586)
            ]
            planes[0].set_ylabel("last step")
            for plane in planes:
                plane.axhline(0, color=style.SOFT, lw=0.8, zorder=1)
                plane.axvline(0, color=style.SOFT, lw=0.8, zorder=1)
        rings = Rings(canvas, map_, levels=8)
        lines = [Curve(canvas, map_, colour, 1.5, style.DOTS, zorder=2) for colour in (FLAT, STEEP)]
        walk, note = Path(canvas, map_), Badge(canvas, map_, 0.02, 0.02, va="bottom")
        theory = [Curve(canvas, chart, style.THEORY, 1.2, style.DASHES, zorder=5) for _ in range(2)]
        dots = [SignedDots(canvas, chart, colour, 4) for colour in (FLAT, STEEP)]
        phase = [
            Curve(canvas, plane, colour, 1.0, marker="o", ms=4, mew=0)
            for plane, colour in zip(planes, (FLAT, STEEP), strict=True)
        ]
        rests = [
            Curve(canvas, plane, style.INK, 0, marker="o", ms=9, mfc=style.PAPER, mew=2, zorder=7)
            for plane in planes
        ]
        spiral = [Curve(canvas, plane, style.THEORY, 1.1, style.DASHES, zorder=6) for plane in planes]
        ticks = [Ticks(canvas, plane, (-1, 0, 1), (-1, 0, 1)) for plane in planes]
        names = [Badge(canvas, plane, -0.04, 1.02, size=8.5, va="bottom", bold=False) for plane in planes]
        key(
            canvas, chart,
            [("flat μ", {**MEASURED, "color": FLAT}), ("steep L", {**MEASURED, "color": STEEP}), ("rateᵏ", THEORY)],
            y=1.0,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            rings.set(data["Q"])
            gone = walk.set(data["path"])
            note.set("" if gone is None else f"leaves the map with step {gone}", colour=style.MEASURED)
            for i, colour in enumerate((FLAT, STEEP)):
                lines[i].set(*np.outer(data["V"][:, i], [-2 * EDGE, 2 * EDGE]))
                theory[i].set(data["steps"], np.abs(data["theory"][0, i]) * data["rates"][i] ** data["steps"])
                dots[i].set(data["steps"], data["measured"][:, i])
                spins = portrait(data["theory"][:, i])
                scale = np.array(
                    [nice_limit(min(4.0, np.max(np.abs(side), initial=0.0))) for side in spins.T]
                )
                ticks[i].set(x=scale[0], y=scale[1])
                shares = (portrait(data["measured"][:, i]) / scale).T
                phase[i].set(*shares)
                rests[i].set(*shares[:, :1])
                spiral[i].set(*(spins / scale).T)
                names[i].set(f"{('flat', 'steep')[i]}: {data['regimes'][i]}", colour=colour)

        return Scene(update, Drag(map_, lambda data: tuple(data["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        flat, steep = data["rates"]
        best_alpha, best_beta = data["best"]
        return (
            f"Condition number {say(data['kappa'])}, step {say(data['alpha'])}, momentum {say(data['beta'])}: in the "
            f"long run a step leaves {say(flat)} of the error along the valley ({data['regimes'][0]}) and {say(steep)} "
            f"across it ({data['regimes'][1]}). {count(len(data['steps']) - 1, 'step')} from {place(data['path'][0])} "
            f"end {say(np.linalg.norm(data['path'][-1]))} from the minimiser. Best pair: α = {say(best_alpha)}, "
            f"β = {say(best_beta)}."
        )

    return LiveFigure(
        "A heavy ball in a valley",
        starting(controls, kappa=kappa, alpha=alpha, beta=beta, n_steps=n_steps, x=x0[0], y=x0[1]),
        compute, build, describe, size=(720, 422), on_reset=run.try_again,
    )  # fmt: skip


def portrait(modes: np.ndarray) -> np.ndarray:
    """Return the states (place, last step) of a run c (n,) as shares of its start, shape (n, 2); none if it is 0."""
    if not modes[0]:
        return np.empty((0, 2))
    with np.errstate(over="ignore", invalid="ignore"):
        return np.stack([modes, np.diff(modes, prepend=modes[0])], axis=-1) / modes[0]


NAMES = {"plain": "gradient descent", "ahead": "Nesterov", "heavy": "heavy ball"}
COLOURS = {"plain": style.BLUE, "ahead": style.GREEN, "heavy": style.MEASURED}


def momentum_race(
    kappa: float = 64.0,
    x0=(-2.6, -1.3),
    n_steps: int = 80,
    method: Callable = heavy_ball,
    ahead: Callable = nesterov,
) -> LiveFigure:
    """Return the figure of a race in a valley with L = 1, each method at its best constant settings.

    On the right the distance to the minimiser against the calls of the gradient, which are counted, with each
    method's rate dashed. Controls `kappa`, `n_steps`, `x` and `y` (draggable). `method` is the heavy ball and `ahead`
    Nesterov's method, both of (grad, x0, alpha, beta, n_steps); they may be your own. Raises ValueError if a start is
    out of its range or a method is no function.

    >>> momentum_race(kappa=64.0)
    A race in a valley. Condition number 64, 80 steps each: ...

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Nesterov 1983, Soviet Math. Dokl. 27.
    """
    runners = {"heavy": Runner(method, ours=heavy_ball), "ahead": Runner(ahead, ours=nesterov)}
    controls = {
        "kappa": LogSlider("condition κ", 1, 1024, start=64.0, per_octave=4),
        "n_steps": Count("steps each", 0, 200, start=60),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }

    def compute(kappa: float, n_steps: int, x: float, y: float) -> Mapping:
        mu, x0 = 1 / kappa, np.array([x, y])
        problem = quadratic_with_spectrum([mu, 1.0], angle=ANGLE)
        grads, calls = zip(*(counted(problem.grad) for _ in NAMES), strict=True)
        grads = dict(zip(NAMES, grads, strict=True))
        paths = {"plain": gradient_descent(grads["plain"], x0, optimal_step(1.0, mu), n_steps)}
        for name, settings in (("heavy", optimal_heavy_ball(1.0, mu)), ("ahead", nesterov_settings(1.0, mu))):
            alpha, beta = map(float, settings)
            inputs = {"grad": grads[name], "x0": x0, "alpha": alpha, "beta": beta, "n_steps": n_steps}
            paths[name] = runners[name](inputs, shape=(n_steps + 1, 2))
        with np.errstate(over="ignore", invalid="ignore"):
            distances = {name: np.linalg.norm(path, axis=-1) for name, path in paths.items()}
        return {
            "Q": np.array(problem.hess(x0)), "kappa": kappa, "paths": paths, "distances": distances,
            "steps": np.arange(n_steps + 1), "calls": {name: n for name, (n,) in zip(NAMES, calls, strict=True)},
            "rates": {
                "plain": float(contraction_factor(optimal_step(1.0, mu), 1.0, mu)),
                "heavy": float(np.sqrt(optimal_heavy_ball(1.0, mu)[1])), "ahead": 1 - np.sqrt(mu),
            },
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                432, 48, 704, 256, yscale="log", xlim=(-2, 202), ylim=(1e-9, 30), xlabel="calls of the gradient",
                ylabel="distance to the minimiser",
            )  # fmt: skip
        rings = Rings(canvas, map_, levels=8)
        walks = {name: Path(canvas, map_, COLOURS[name], numbers=3 * (name == "heavy")) for name in NAMES}
        bounds = {name: Curve(canvas, chart, style.THEORY, 1.1, style.DASHES, zorder=5) for name in NAMES}
        dots = {name: Dots(canvas, chart, COLOURS[name], 3.4) for name in NAMES}
        table = [Badge(canvas, chart, -0.02, 1.42 - 0.1 * i, size=8.5) for i in range(3)]
        key(canvas, chart, [("measured", {**MEASURED, "color": style.SOFT}), ("rateᵏ", THEORY)], y=1.0)

        def update(data: Mapping) -> None:
            rings.set(data["Q"])
            for i, name in enumerate(NAMES):
                walks[name].set(data["paths"][name])
                spent = data["steps"] * data["calls"][name] / max(1, data["steps"][-1])
                dots[name].set(spent, data["distances"][name])
                bounds[name].set(
                    data["steps"], data["distances"][name][0] * data["rates"][name] ** data["steps"]
                )
                table[i].set(
                    f"{NAMES[name]}: {reached(spent, data['distances'][name])}", colour=COLOURS[name]
                )

        return Scene(update, Drag(map_, lambda data: tuple(data["paths"]["heavy"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        said = [
            f"{NAMES[name]} {count(data['calls'][name], 'call')} of the gradient, distance "
            f"{say(data['distances'][name][-1])}"
            for name in NAMES
        ]
        return (
            f"Condition number {say(data['kappa'])}, {count(len(data['steps']) - 1, 'step')} each: {'; '.join(said)}. "
            f"Steps leave {', '.join(say(data['rates'][name]) for name in NAMES)} in the long run."
        )

    def try_again() -> None:
        for runner in runners.values():
            runner.try_again()

    return LiveFigure(
        "A race in a valley", starting(controls, kappa=kappa, n_steps=n_steps, x=x0[0], y=x0[1]),
        compute, build, describe, size=(720, 356), on_reset=try_again,
    )  # fmt: skip


def counted(grad: Callable) -> tuple[Callable, list]:
    """Return the gradient as a function that counts how often it is asked, and the list that holds the count.

    >>> grad, calls = counted(lambda x: 2 * x)
    >>> grad(3.0), grad(4.0), calls
    (6.0, 8.0, [2])
    """
    calls = [0]

    def asked(x: np.ndarray) -> np.ndarray:
        calls[0] += 1
        return grad(x)

    return asked, calls


def reached(spent: np.ndarray, distances: np.ndarray) -> str:
    """Return in words after how many calls the distance is 1/1000 of what it was, for good."""
    if not distances[0]:
        return "there from the start"
    far = np.flatnonzero(~(distances <= 1e-3 * distances[0]))
    if far[-1] == len(distances) - 1:
        return "1/1000 not yet"
    return f"1/1000 after {count(round(spent[far[-1] + 1]), 'call')}"
