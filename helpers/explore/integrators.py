"""Chapter 05: the order of three integrators, measured, and where in the plane of h lambda they are stable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, key, style
from helpers.draw.marks import MEASURED
from helpers.explore.controls import LogSlider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import say
from helpers.flow import backward_euler, euler, gradient_flow, observed_order, rk4, stability_limit
from helpers.problems import diabetes_least_squares, quadratic_with_spectrum

NAMES = {"forward": "forward Euler", "backward": "backward Euler", "rk4": "Runge-Kutta 4"}
COLOURS = {"forward": style.MEASURED, "backward": style.GREEN, "rk4": style.PURPLE}
HALVINGS = 5  # steps in one fit: h, h/2, ..., h/16
STEPS = 2.0 ** -np.arange(13)  # all that are measured
FACTORS = {
    "forward": lambda z: 1 + z,
    "backward": lambda z: 1 / (1 - z),
    "rk4": lambda z: 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24,
}


def runs(problem, x0, h, n_steps: int) -> dict[str, np.ndarray]:
    """Return the path of each method along the flow of a quadratic with its minimiser at 0."""

    def field(x):
        return -problem.grad(x)

    Q = problem.hess(problem.x0)
    return {
        "forward": euler(field, x0, h, n_steps),
        "backward": backward_euler(Q, np.zeros(len(Q)), x0, h, n_steps),
        "rk4": rk4(field, x0, h, n_steps),
    }


@lru_cache(maxsize=1)
def errors_at_one() -> dict[str, np.ndarray]:
    """Return the error of each method at t = 1 for every step of STEPS, on a valley with eigenvalues 1 and 4."""
    problem, x0 = quadratic_with_spectrum([1.0, 4.0], angle=0.5), np.array([2.0, 1.0])
    end = gradient_flow(problem.hess(x0), np.zeros(2), x0, [1.0])[0]
    errors = {name: [] for name in NAMES}
    for h in STEPS:
        for name, path in runs(problem, x0, h, round(1 / h)).items():
            errors[name].append(np.linalg.norm(path[-1] - end))
    return {name: np.array(values) for name, values in errors.items()}


def orders(h: float = 0.25, method: Callable = observed_order) -> LiveFigure:
    """Return the figure of the error at t = 1 against the step, log-log, for three methods on a valley with L = 4.

    Five steps, h and its halves, give an order each: the slope `method(h, errors)`, which may be your own.
    Control `h` (draggable). Raises ValueError if h is out of its range or `method` is no function.

    >>> orders()
    Orders, measured. Steps from 0.25 down to 0.0156: ...

    Source: Hairer, Nørsett and Wanner 1993, Solving Ordinary Differential Equations I, section II.4.
    """
    run = Runner(method, ours=observed_order)
    table = errors_at_one()
    controls = {"h": LogSlider("largest step h", 2.0**-8, 1, start=0.25, per_octave=1)}

    def compute(h: float) -> Mapping:
        first = round(-np.log2(h))
        used = slice(first, first + HALVINGS)
        slopes, lines = {}, {}
        for name, errors in table.items():
            inputs = {"h": STEPS[used], "errors": errors[used]}
            slopes[name] = float(run(inputs, shape=()))
            middle = np.exp(np.mean(np.log(errors[used]))), np.exp(np.mean(np.log(STEPS[used])))
            lines[name] = middle[0] * (STEPS[used] / middle[1]) ** slopes[name]
        return {"h": STEPS[used], "slopes": slopes, "lines": lines, "errors": table}

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                70, 48, 704, 316, xscale="log", yscale="log", xlim=(1.8e-4, 1.4), ylim=(1e-17, 1e2),
                xlabel="step h", ylabel="error at t = 1",
            )  # fmt: skip
        all_, used, lines, badges = {}, {}, {}, {}
        for i, name in enumerate(NAMES):
            all_[name] = Dots(canvas, chart, COLOURS[name], 3.2)
            used[name] = Dots(canvas, chart, COLOURS[name], 10 if name == "forward" else 6)
            lines[name] = Curve(canvas, chart, style.THEORY, 1.3, style.DASHES, zorder=5)
            badges[name] = Badge(canvas, chart, 0.98, 0.23 - 0.1 * i, size=10, ha="right", va="bottom")
        key(canvas, chart, [(NAMES[n], {**MEASURED, "color": COLOURS[n]}) for n in NAMES], y=1.01)

        def update(data: Mapping) -> None:
            for name in NAMES:
                errors = data["errors"][name]
                all_[name].set(STEPS, errors)
                used[name].set(data["h"], errors[np.isin(STEPS, data["h"])])
                lines[name].set(data["h"], data["lines"][name])
                badges[name].set(f"{NAMES[name]}: slope {say(data['slopes'][name])}", colour=COLOURS[name])

        return Scene(
            update,
            Drag(
                chart, lambda data: (data["h"][0], data["lines"]["forward"][0]), x="h", label="largest step"
            ),
        )

    def describe(data: Mapping) -> str:
        slopes = ", ".join(f"{NAMES[name]} {say(slope)}" for name, slope in data["slopes"].items())
        return f"Steps from {say(data['h'][0])} down to {say(data['h'][-1])}: the slopes are {slopes}."

    return LiveFigure(
        "Orders, measured", starting(controls, h=h), compute, build, describe, size=(720, 350),
        on_reset=run.try_again,
    )  # fmt: skip


def stability_regions(h: float = 2.0**-0.875, method: Callable = stability_limit) -> LiveFigure:
    """Return the figure of the stability regions of three methods with -h lambda of the diabetes data as dots.

    A region holds the z with |R(z)| <= 1, where R is what a step makes of x' = lambda x, z = h lambda. Below,
    the length of the measured runs. The marked line is the limit that `method(Q, name)` gives, times the largest
    eigenvalue; it may be your own. Control `h`. Raises ValueError if h is out of its range or `method` is no
    function.

    >>> stability_regions(h=0.25)
    Stability regions. h = 0.25: ...

    Source: Hairer and Wanner 1996, Solving Ordinary Differential Equations II, sections IV.2 and IV.3.
    """
    run = Runner(method, ours=stability_limit)
    problem, n_steps = diabetes_least_squares(), 30
    Q = np.array(problem.hess(problem.x0))
    centred = quadratic_with_spectrum(
        np.linalg.eigvalsh(Q)
    )  # the same curvatures, axes along the eigenvectors
    lam = np.linalg.eigvalsh(Q)
    x0, steps = np.ones(len(lam)) / np.sqrt(len(lam)), np.arange(n_steps + 1)
    controls = {"h": LogSlider("step h", 1 / 32, 2, start=0.5)}

    def compute(h: float) -> Mapping:
        limits = {name: float(run({"Q": Q, "method": name}, shape=())) for name in NAMES}
        paths = runs(centred, x0, h, n_steps)
        with np.errstate(over="ignore", invalid="ignore"):
            lengths = {name: np.linalg.norm(path, axis=-1) for name, path in paths.items()}
        z = -h * lam
        stable = {name: np.abs(factor(z)) <= 1 for name, factor in FACTORS.items()}
        return {"h": h, "z": z, "limits": limits, "lengths": lengths, "stable": stable}

    def build(canvas: Canvas) -> Scene:
        dots, out, marks, curves, names = {}, {}, {}, {}, {}
        grid = np.add.outer(1j * np.linspace(-3.4, 3.4, 161), np.linspace(-4.6, 2.6, 161))
        for name, left in zip(NAMES, (62, 292, 522), strict=True):
            with canvas.building():
                plane = canvas.axes(
                    left, 222, left + 178, 386, xlim=(-4.6, 2.6), ylim=(-3.2, 3.2), xlabel="real part of z",
                )  # fmt: skip
                growth = np.abs(FACTORS[name](grid))
                plane.contourf(grid.real, grid.imag, growth, [0, 1], colors=[style.HEIGHT(0.55)], zorder=0)
                plane.contour(grid.real, grid.imag, growth, [1], colors=[style.SOFT], linewidths=1, zorder=1)
                plane.axhline(0, color=style.SOFT, lw=0.8, zorder=1)
                plane.axvline(0, color=style.SOFT, lw=0.8, zorder=1)
                plane.set_title(NAMES[name], pad=16, color=COLOURS[name])
                chart = canvas.axes(
                    left, 46, left + 178, 168, yscale="log", xlim=(-1, n_steps + 1), ylim=(1e-2, 1e6), xlabel="step k",
                )  # fmt: skip
                if name == "forward":
                    plane.set_ylabel("imaginary part")
                    chart.set_ylabel("length of x")
            dots[name] = Dots(canvas, plane, style.BLUE, 5)
            out[name] = Dots(canvas, plane, style.VERMILLION, 7)
            marks[name] = MarkedLine(canvas, plane, "limit", style.INK, style.DASHES, level=1.05)
            curves[name] = Dots(canvas, chart, COLOURS[name], 4)
            names[name] = Badge(canvas, chart, 0.98, 0.86, size=8.5, ha="right")

        def update(data: Mapping) -> None:
            for name in NAMES:
                stable, z = data["stable"][name], np.maximum(data["z"], -4.6)
                dots[name].set(z[stable], np.zeros(stable.sum()))
                out[name].set(z[~stable], np.zeros((~stable).sum()))
                limit = -data["limits"][name] * lam[-1]
                marks[name].set(limit if np.isfinite(limit) else np.nan)
                curves[name].set(steps, data["lengths"][name])
                grows = "grows" if not stable.all() else "shrinks"
                names[name].set(grows, colour=style.VERMILLION if grows == "grows" else style.BLUE)

        return Scene(update)

    def describe(data: Mapping) -> str:
        said = []
        for name in NAMES:
            outside, limit = int((~data["stable"][name]).sum()), data["limits"][name]
            bound = f"limit {say(limit)}" if np.isfinite(limit) else "no limit"
            said.append(f"{NAMES[name]} has {outside} of {len(lam)} dots outside ({bound})")
        return f"h = {say(data['h'])}: {'; '.join(said)}. The steepest dot is at −hλ = {say(data['z'][-1])}."

    return LiveFigure(
        "Stability regions", starting(controls, h=h), compute, build, describe, size=(720, 420),
        on_reset=run.try_again,
    )  # fmt: skip
