"""Chapter 07: the heavy ball that never arrives, on three parabolas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.draw import Badge, Bands, Canvas, Curve, Dots, Path, key, style
from helpers.draw.marks import MEASURED
from helpers.explore.controls import Count, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, say
from helpers.momentum import heavy_ball, optimal_heavy_ball
from helpers.problems import three_parabolas

LOW, HIGH = -3.5, 4.0
MOST = 60  # steps of the longest run


def three_cycle(x0: float = 3.3, n_steps: int = 45, method: Callable = heavy_ball) -> LiveFigure:
    """Return the figure of the heavy ball, at its best settings for quadratics, on three joined parabolas.

    The band shows which starts arrive (A) and which end in the cycle (C), by the course's own method. Controls `x0`
    (draggable) and `n_steps`. `method(grad, x0, alpha, beta, n_steps)` may be your own. Raises ValueError if a start
    is out of its range or `method` is no function.

    >>> three_cycle(x0=3.0)
    Three parabolas. From x = 3, 45 steps ...

    Source: Lessard, Recht and Packard 2016, SIAM J. Optim. 26.
    """
    run = Runner(method, ours=heavy_ball)
    problem = three_parabolas()
    alpha, beta = map(float, optimal_heavy_ball(problem.L, problem.mu))
    controls = {
        "x0": Slider("start x₀", LOW, HIGH, 0.05, start=3.3),
        "n_steps": Count("steps", 0, MOST, start=45),
    }
    starts = np.linspace(LOW, HIGH, 151)
    ends = heavy_ball(problem.grad, starts[:, None], alpha, beta, 300)[-3:, :, 0]
    arrives = np.max(np.abs(ends), axis=0) < 1e-6
    cycle = np.sort(ends[:, np.flatnonzero(~arrives)[0]])

    def compute(x0: float, n_steps: int) -> Mapping:
        inputs = {
            "grad": problem.grad,
            "x0": np.array([x0]),
            "alpha": alpha,
            "beta": beta,
            "n_steps": n_steps,
        }
        x = run(inputs, shape=(n_steps + 1, 1))
        return {"points": np.concatenate([x, problem.f(x)[:, None]], axis=1), "steps": np.arange(n_steps + 1)}

    def build(canvas: Canvas) -> Scene:
        x = np.linspace(LOW, HIGH, 301)
        with canvas.building():
            hill = canvas.axes(58, 48, 344, 306, xlim=(LOW, HIGH), ylim=(-34, 160), xlabel="x", ylabel="f(x)")
            hill.plot(x, problem.f(x[:, None]), color=style.FUNCTION, lw=2, zorder=2)
            for corner in (1.0, 2.0):
                hill.axvline(corner, color=style.SOFT, lw=0.9, ls=style.DOTS, zorder=1)
            chart = canvas.axes(
                420, 48, 704, 306, xlim=(-1, MOST + 1), ylim=(LOW, HIGH), xlabel="step k", ylabel="x"
            )
            for value in cycle:
                chart.axhline(value, color=style.THEORY, lw=1.3, ls=style.DASHES, zorder=1)
            chart.axhline(0, color=style.SOFT, lw=0.9, zorder=1)
        walk, band = (
            Path(canvas, hill, numbers=3),
            Bands(canvas, hill, 0.01, 0.1, (style.GREEN, style.VERMILLION)),
        )
        line, dots = Curve(canvas, chart, style.MEASURED, 0.9, zorder=3), Dots(canvas, chart)
        note = Badge(canvas, chart, 0.98, 0.98, size=11, ha="right")
        key(
            canvas,
            chart,
            [("measured", MEASURED), ("the cycle", {"color": style.THEORY, "ls": style.DASHES})],
            y=1.0,
        )
        key(
            canvas,
            hill,
            [
                ("A: arrives", {"color": style.GREEN, "lw": 6}),
                ("C: cycles", {"color": style.VERMILLION, "lw": 6}),
            ],
            y=1.0,
        )

        def update(data: Mapping) -> None:
            walk.set(data["points"])
            band.set(starts, (~arrives).astype(int), "AC")
            line.set(data["steps"], data["points"][:, 0])
            dots.set(data["steps"], data["points"][:, 0])
            note.set(verdict(data["points"][:, 0], cycle))

        return Scene(update, Drag(hill, lambda data: tuple(data["points"][0]), x="x0"))

    def describe(data: Mapping) -> str:
        x = data["points"][:, 0]
        last = ", ".join(say(value, 4) for value in x[-3:])
        return (
            f"From x = {say(x[0])}, {count(len(x) - 1, 'step')} with α = 1/9 and β = 4/9 end with {last}: "
            f"{verdict(x, cycle)}. The cycle is {', '.join(say(value, 4) for value in cycle)}."
        )

    return LiveFigure(
        "Three parabolas", starting(controls, x0=x0, n_steps=n_steps), compute, build, describe, size=(720, 344),
        on_reset=run.try_again,
    )  # fmt: skip


def verdict(x: np.ndarray, cycle: np.ndarray) -> str:
    """Return in words where the last three of the points x (n,) are."""
    if len(x) >= 3 and np.allclose(np.sort(x[-3:]), cycle, atol=0.05):
        return "in the cycle"
    if len(x) >= 3 and np.max(np.abs(x[-3:])) < 0.05:
        return "at the minimiser"
    return "on the way"
