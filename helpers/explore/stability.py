"""Chapter 07: the plane of step sizes and momenta, coloured by the spectral radius; critical damping."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke

from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, Words, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Choice, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import say
from helpers.momentum import (
    critical_damping,
    heavy_ball,
    momentum_matrix,
    momentum_rate,
    momentum_regime,
    optimal_heavy_ball,
)
from helpers.problems import parabola, quadratic_with_spectrum

FLAT, STEEP = style.BLUE, style.PURPLE
FAST_TO_SLOW = LinearSegmentedColormap.from_list(
    "rate", ["#fdf6d8", "#cfe3c9", "#8fbfc9", "#4c86b4", "#27507f"]
)
TURN = np.linspace(0, 2 * np.pi, 121)
N_STEPS = 60


def stability_plane(
    kappa: float = 1.0, alpha: float = 0.6, beta: float = 0.6, method: Callable = momentum_rate
) -> LiveFigure:
    """Return the figure of the (alpha, beta) plane, coloured by the spectral radius of the heavy ball, for L = 1.

    With kappa > 1 the colour is the larger radius of the two directions L = 1 and mu = 1/kappa. Beside the plane: the
    eigenvalues at the chosen point in the unit circle, and the errors of a run with the rate dashed. Controls `alpha`
    and `beta` (both by dragging the point). The rate is `method(alpha, beta, lam)`, which may be your own. Raises
    ValueError if kappa is below 1, a start is out of its range or `method` is no function.

    >>> stability_plane()
    Step size and momentum. α = 0.6, β = 0.6: ...

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    run = Runner(method, ours=momentum_rate)
    if kappa < 1:
        raise ValueError(f"kappa must be >= 1, got {kappa:g}")
    directions = {"steep": 1.0} if kappa == 1 else {"flat": 1 / kappa, "steep": 1.0}
    colours = {"flat": FLAT, "steep": STEEP if kappa > 1 else style.MEASURED}
    lam = np.array(list(directions.values()))
    best_alpha, best_beta = map(float, optimal_heavy_ball(1.0, 1 / kappa))
    least = float(np.sqrt(best_beta))
    controls = {
        "alpha": Slider("step size α", 0.02, 4.2, 0.02, start=0.6),
        "beta": Slider("momentum β", 0.0, 1.04, 0.01, start=0.6),
    }
    problem = quadratic_with_spectrum(lam)

    def compute(alpha: float, beta: float) -> Mapping:
        rates = [
            float(run({"alpha": alpha, "beta": beta, "lam": value}, shape=()))
            for value in directions.values()
        ]
        return {
            "alpha": alpha, "beta": beta, "rates": rates,
            "errors": heavy_ball(problem.grad, np.ones(len(lam)), alpha, beta, N_STEPS),
            "eigenvalues": np.linalg.eigvals(momentum_matrix(alpha, beta, lam)),
            "regimes": [momentum_regime(alpha, beta, value) for value in directions.values()],
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            plane = canvas.axes(
                58, 48, 400, 360, xlim=(0, 4.2), ylim=(0, 1.04), xlabel="step size α (in units of 1/L)",
                ylabel="momentum β", title=f"A step leaves {say(least, 2)} (pale) to 1 (dark)",
            )  # fmt: skip
            circle = canvas.axes(466, 226, 614, 374, xlim=(-1.3, 1.3), ylim=(-1.3, 1.3))
            circle.fill(np.cos(TURN), np.sin(TURN), fc=style.HEIGHT(0.2), ec=style.SOFT, lw=1, zorder=1)
            circle.axhline(0, color=style.SOFT, lw=0.8, zorder=1.5)
            circle.axvline(0, color=style.SOFT, lw=0.8, zorder=1.5)
            circle.set_title("eigenvalues", fontsize=9.5)
            circle.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
            chart = canvas.axes(
                466, 48, 704, 178, yscale="log", xlim=(-1, N_STEPS + 1), ylim=(1e-9, 1e3), xlabel="step k",
                ylabel="error",
            )  # fmt: skip
        paint(canvas, plane, lam, least, [colours[name] for name in directions], (best_alpha, best_beta))
        ring = Curve(
            canvas, plane, style.INK, 0, marker="o", ms=12, mfc="none", mec=style.INK, mew=2, zorder=8
        )
        dot = Curve(canvas, plane, style.INK, 0, marker="o", ms=8, mfc=style.PAPER, mec=style.PAPER, zorder=7)
        roots = {name: Dots(canvas, circle, colours[name], 8) for name in directions}
        measured = {name: Dots(canvas, chart, colours[name], 3.6) for name in directions}
        theory = {
            name: Curve(canvas, chart, style.THEORY, 1.2, style.DASHES, zorder=5) for name in directions
        }
        names = {
            name: Badge(canvas, circle, 1.02, 0.98 - 0.45 * i, size=8) for i, name in enumerate(directions)
        }
        key(
            canvas,
            chart,
            [("measured", MEASURED if kappa == 1 else {**MEASURED, "color": style.SOFT}), ("rateᵏ", THEORY)],
            y=1.0,
        )

        def update(data: Mapping) -> None:
            for artist in (ring, dot):
                artist.set(np.array([data["alpha"]]), np.array([data["beta"]]))
            steps = np.arange(N_STEPS + 1)
            for i, name in enumerate(directions):
                values = np.clip([data["eigenvalues"][i].real, data["eigenvalues"][i].imag], -1.3, 1.3)
                roots[name].set(*values)
                measured[name].set(steps, np.abs(data["errors"][:, i]))
                theory[name].set(steps, data["rates"][i] ** steps)
                who = "" if kappa == 1 else f"{name}\n"
                names[name].set(f"{who}{data['regimes'][i]}", colour=colours[name])

        return Scene(
            update,
            Drag(
                plane,
                lambda data: (data["alpha"], data["beta"]),
                x="alpha",
                y="beta",
                label="step and momentum",
            ),
        )

    def describe(data: Mapping) -> str:
        said = [
            f"{'' if kappa == 1 else f'{name}: '}{regime}, a step leaves {say(rate)}"
            for name, regime, rate in zip(directions, data["regimes"], data["rates"], strict=True)
        ]
        words = f"α = {say(data['alpha'])}, β = {say(data['beta'])}: {'; '.join(said)}."
        if kappa > 1:
            words += (
                f" The best pair is α = {say(best_alpha)}, β = {say(best_beta)}, which leaves {say(least)}."
            )
        return words

    return LiveFigure(
        "Step size and momentum", starting(controls, alpha=alpha, beta=beta), compute, build, describe,
        size=(720, 400), on_reset=run.try_again,
    )  # fmt: skip


def paint(
    canvas: Canvas, plane, lam: np.ndarray, least: float, colours: list, best: tuple[float, float]
) -> None:
    """Colour the plane by the computed radius, with its regimes, its limit and the lines of critical damping."""
    alphas, betas = np.linspace(0, 4.2, 211), np.linspace(0, 1.04, 131)
    radius = momentum_rate(alphas[:, None], betas[:, None, None], lam).max(axis=-1)
    levels = least + (1 - least) * np.linspace(0, 1, 11)
    levels[0] = 0
    halo = {
        "ha": "center", "va": "center", "fontsize": 9, "zorder": 4, "fontweight": "bold",
        "path_effects": [withStroke(linewidth=2.5, foreground=style.PAPER)],
    }  # fmt: skip
    with canvas.building():
        plane.grid(False)
        plane.set_facecolor("#f3e3dc")
        colourful = FAST_TO_SLOW(np.linspace(0, 1, len(levels) - 1))
        plane.contourf(alphas, betas, radius, levels, colors=colourful, zorder=0)
        lines = plane.contour(
            alphas, betas, radius, levels[2:-1:2], colors="#ffffff", linewidths=0.8, zorder=1
        )
        for words in plane.clabel(lines, fmt="%.2g", fontsize=7.5, colors=style.INK):
            words.set_path_effects([withStroke(linewidth=2, foreground=style.PAPER)])
        limit = np.array([0, 1.0])
        plane.plot(2 + 2 * limit, limit, color=style.VERMILLION, lw=2, zorder=3)
        plane.plot([0, 4.2], [1, 1], color=style.VERMILLION, lw=2, zorder=3)
        for value, colour in zip(lam, colours, strict=True):
            damped = critical_damping(alphas, value)
            plane.plot(
                alphas,
                damped,
                color=style.INK if len(lam) == 1 else colour,
                lw=1.8,
                ls=style.DASHES,
                zorder=3,
            )
        plane.text(3.55, 0.36, "diverges", color=style.VERMILLION, **halo)
        if len(lam) == 1:
            plane.text(1.5, 0.72, "under-damped", color=style.INK, **halo)
            small = {**halo, "fontsize": 7.5, "color": style.INK}
            plane.text(0.36, 0.06, "over-\ndamped", **small)
            plane.text(1.78, 0.035, "alternates", **small)
        else:
            plane.plot(*best, "*", color=style.ORANGE, ms=13, mec=style.INK, mew=0.8, zorder=5)


def damping(
    alpha: float = 0.1, beta: float = 0.1, optimum: str = "hidden", method: Callable = critical_damping
) -> LiveFigure:
    """Return the figure of the heavy ball on x^2/2: find the momentum that brings it to rest soonest, then see it.

    Left: the places x_k from 1. Right: what a step leaves in the long run, for this momentum; with the optimum
    "marked", for every momentum, with the line at `method(alpha, lam)`, which may be your own. Controls `beta`
    (draggable), `alpha` and `optimum`. Raises ValueError if a start is out of its range or `method` is no function.

    >>> damping(beta=0.0)
    Critical damping. Step 0.1, momentum 0: ...

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Goh 2017, Why Momentum Really Works, Distill.
    """
    run = Runner(method, ours=critical_damping)
    problem, betas = parabola(1.0), np.linspace(0, 1, 201)
    controls = {
        "beta": Slider("momentum β", 0.0, 0.99, 0.01, start=0.1),
        "alpha": Slider("step size α", 0.02, 1.6, 0.02, start=0.1),
        "optimum": Choice("the optimum", ("hidden", "marked"), start="hidden"),
    }

    def compute(beta: float, alpha: float, optimum: str) -> Mapping:
        rate = float(momentum_rate(alpha, beta, 1.0))
        # k rate^k, which is the slowest, stays below 1/1000 from where rate^k is a millionth, if k <= 1000
        enough = int(np.log(1e-6) / np.log(min(max(rate, 0.1), 0.999)))
        x = heavy_ball(problem.grad, np.array([1.0]), alpha, beta, min(max(enough, N_STEPS), 600))[:, 0]
        far = np.flatnonzero(np.abs(x) > 1e-3)
        return {
            "alpha": alpha, "beta": beta, "x": x[: N_STEPS + 1], "rate": rate,
            "needed": int(far[-1]) + 1, "shown": optimum == "marked", "regime": momentum_regime(alpha, beta, 1.0),
            "best": float(run({"alpha": alpha, "lam": 1.0}, shape=())) if optimum == "marked" else np.nan,
            "rates": momentum_rate(alpha, betas, 1.0) if optimum == "marked" else betas * np.nan,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                58, 48, 380, 300, xlim=(-1, N_STEPS + 1), ylim=(-1.1, 1.1), xlabel="step k", ylabel="x"
            )
            chart.axhline(0, color=style.SOFT, lw=0.9, zorder=1)
            chart.set_yticks([-1, -0.5, 0, 0.5, 1])
            right = canvas.axes(
                452, 48, 704, 300, xlim=(0, 1), ylim=(0, 1.04), xlabel="momentum β", ylabel="a step leaves"
            )
        steps = np.arange(N_STEPS + 1)
        line, dots = Curve(canvas, chart, style.MEASURED, 0.9), Dots(canvas, chart)
        upper, lower = (Curve(canvas, chart, style.THEORY, 1.2, style.DASHES) for _ in range(2))
        needed = Badge(canvas, chart, 0.98, 0.97, size=11, ha="right")
        regime = Badge(canvas, chart, 0.98, 0.05, ha="right", va="bottom")
        curve, root = (
            Curve(canvas, right, style.INK, 2.2),
            Curve(canvas, right, style.THEORY, 1.2, style.DASHES),
        )
        mark, dot = (
            MarkedLine(canvas, right, "critical", style.GREEN, style.DASHES),
            Dots(canvas, right, size=9, zorder=6),
        )
        name = Words(canvas, right, "", 0.25, 0.42, size=10)
        key(canvas, chart, [("measured", MEASURED), ("±rateᵏ", THEORY)], y=1.0)

        def update(data: Mapping) -> None:
            line.set(steps, data["x"])
            dots.set(steps, data["x"])
            envelope = data["rate"] ** steps if data["shown"] else steps * np.nan
            upper.set(steps, envelope)
            lower.set(steps, -envelope)
            needed.set(f"{data['needed']} steps to 1/1000")
            regime.set(data["regime"] if data["shown"] else "")
            curve.set(betas, data["rates"])
            root.set(betas, np.sqrt(betas) if data["shown"] else betas * np.nan)
            name.set("√β" if data["shown"] else "")
            mark.set(data["best"])
            dot.set(np.array([data["beta"]]), np.array([data["rate"]]))

        return Scene(
            update, Drag(right, lambda data: (data["beta"], data["rate"]), x="beta", label="momentum")
        )

    def describe(data: Mapping) -> str:
        words = (
            f"Step {say(data['alpha'])}, momentum {say(data['beta'])}: after {data['needed']} steps less than 1/1000 of "
            f"the error is left, for good; in the long run a step leaves {say(data['rate'])}."
        )
        if data["shown"]:
            words += f" Regime: {data['regime']}; critical damping is at β = {say(data['best'])}."
        return words

    return LiveFigure(
        "Critical damping", starting(controls, alpha=alpha, beta=beta, optimum=optimum), compute, build, describe,
        size=(720, 338), on_reset=run.try_again,
    )  # fmt: skip
