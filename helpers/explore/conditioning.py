"""Chapter 03: narrow valleys, seen on the map and along their eigenvectors; constant steps against line search."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.conditioning import contraction_factor, exact_line_search, mode_errors, optimal_step
from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, Path, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.draw.valleys import Rings, SignedDots
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.rates import best_step, steps_against_kappa
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.problems import quadratic_with_spectrum

__all__ = ["best_step", "fixed_or_exact", "steps_against_kappa", "valley_modes"]

FLAT, STEEP = style.BLUE, style.PURPLE
EDGE = 3.0  # the map shows -EDGE to EDGE


def valley(kappa: float, angle: float):
    """Return the quadratic with L = 1 and mu = 1/kappa whose flat direction is at `angle` (degrees)."""
    return quadratic_with_spectrum([1 / kappa, 1.0], angle=np.radians(angle))


def valley_modes(
    kappa: float = 16.0,
    angle: float = 30.0,
    alpha: float = 1.75,
    x0=(-2.5, 0.1),
    n_steps: int = 40,
    method: Callable = mode_errors,
) -> LiveFigure:
    """Return the figure of a walk in a valley with L = 1, and beside it the error along each eigenvector.

    Controls `kappa`, `angle` (degrees), `alpha`, `x`, `y` (draggable) and `n_steps`. The dots are the walk of
    gradient descent in the eigenbasis, hollow where the sign has changed; the dashed curves are
    `method(Q, x0, alpha, n_steps)`, which may be your own. Raises ValueError if a start is out of its range or
    `method` is no function.

    >>> valley_modes(alpha=1.0)
    Two directions, two speeds. Condition number 16, step 1: ...

    Source: Polyak 1987, Introduction to Optimization, section 1.4; Goh 2017, Why Momentum Really Works, Distill.
    """
    run = Runner(method, ours=mode_errors)
    controls = {
        "kappa": LogSlider("condition κ", 1, 1024, start=16.0, per_octave=4),
        "angle": Slider("rotation °", -90, 90, 5, start=30.0, readout=".0f"),
        "alpha": Slider("step size α", 0.05, 2.2, 0.01, start=1.0),
        "n_steps": Count("steps", 0, 60, start=40),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }

    def compute(kappa: float, angle: float, alpha: float, n_steps: int, x: float, y: float) -> Mapping:
        problem, x0 = valley(kappa, angle), np.array([x, y])
        Q = np.array(problem.hess(x0))
        V = np.linalg.eigh(Q)[1]
        path = gradient_descent(problem.grad, x0, alpha, n_steps)
        inputs = {"Q": Q, "x0": x0, "alpha": alpha, "n_steps": n_steps}
        return {
            "Q": Q, "V": V, "path": path, "kappa": kappa, "alpha": alpha, "steps": np.arange(n_steps + 1),
            "measured": path @ V, "theory": run(inputs, shape=(n_steps + 1, 2)),
            "factors": 1 - alpha * np.array([1 / kappa, 1.0]), "best": float(optimal_step(1.0, 1 / kappa)),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(-1, 61), ylim=(1e-6, 30), xlabel="step k",
                ylabel="error along the eigenvector",
            )  # fmt: skip
        rings = Rings(canvas, map_)
        lines = [Curve(canvas, map_, colour, 1.5, style.DOTS, zorder=2) for colour in (FLAT, STEEP)]
        walk, note = Path(canvas, map_), Badge(canvas, map_, 0.02, 0.02, va="bottom")
        theory = [Curve(canvas, chart, style.THEORY, 1.3, style.DASHES, zorder=5) for _ in range(2)]
        dots = [SignedDots(canvas, chart, colour) for colour in (FLAT, STEEP)]
        legend = Badge(canvas, chart, 0.02, 0.03, size=8.5, va="bottom", bold=False)
        key(
            canvas, chart,
            [("flat μ", {**MEASURED, "color": FLAT}), ("steep L", {**MEASURED, "color": STEEP}),
             ("|(1 − αλ)ᵏ·c|", THEORY)],
            y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            rings.set(data["Q"])
            gone = walk.set(data["path"])
            note.set("" if gone is None else f"leaves the map with step {gone}", colour=style.MEASURED)
            legend.set("hollow: on the other side of 0")
            for i in range(2):
                lines[i].set(*np.outer(data["V"][:, i], [-2 * EDGE, 2 * EDGE]))
                theory[i].set(data["steps"], np.abs(data["theory"][:, i]))
                dots[i].set(data["steps"], data["measured"][:, i])

        return Scene(update, Drag(map_, lambda data: tuple(data["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        flat, steep = data["factors"]
        left = np.abs(data["measured"][-1])
        return (
            f"Condition number {say(data['kappa'])}, step {say(data['alpha'])}: a step multiplies the error by "
            f"1 − αμ = {say(flat)} along the valley and by 1 − αL = {say(steep)} across it. After "
            f"{count(len(data['steps']) - 1, 'step')} {say(left[0])} and {say(left[1])} are left. "
            f"Best step {say(data['best'])}."
        )

    return LiveFigure(
        "Two directions, two speeds",
        starting(controls, kappa=kappa, angle=angle, alpha=alpha, n_steps=n_steps, x=x0[0], y=x0[1]),
        compute, build, describe, size=(720, 356), on_reset=run.try_again,
    )  # fmt: skip


def fixed_or_exact(
    kappa: float = 2**2.5, x0=(-2.8, 0.9), n_steps: int = 30, method: Callable = exact_line_search
) -> LiveFigure:
    """Return the figure of the best constant step against exact line search, on the map and in altitude.

    The dashed line is the bound of both, ((kappa - 1)/(kappa + 1))^2 a step. Controls `kappa`, `x`, `y`
    (draggable) and `n_steps`. `method(Q, b, x0, n_steps)` may be your own. Raises ValueError if a start is out
    of its range or `method` is no function.

    >>> fixed_or_exact(kappa=16.0)
    Fixed step or line search. Condition number 16: ...

    Source: Akaike 1959, Ann. Inst. Statist. Math. 11; Boyd and Vandenberghe 2004, section 9.3.
    """
    run = Runner(method, ours=exact_line_search)
    controls = {
        "kappa": LogSlider("condition κ", 1, 256, start=16.0, per_octave=4),
        "n_steps": Count("steps", 0, 60, start=30),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }

    def compute(kappa: float, n_steps: int, x: float, y: float) -> Mapping:
        problem, x0 = valley(kappa, 0.0), np.array([x, y])
        Q = np.array(problem.hess(x0))
        alpha = optimal_step(1.0, 1 / kappa)
        exact = run({"Q": Q, "b": np.zeros(2), "x0": x0, "n_steps": n_steps}, shape=(n_steps + 1, 2))
        fixed = gradient_descent(problem.grad, x0, alpha, n_steps)
        ratio = float(contraction_factor(alpha, 1.0, 1 / kappa)) ** 2
        steps = np.arange(n_steps + 1)
        with np.errstate(over="ignore", invalid="ignore"):
            heights = {"exact": problem.f(exact), "fixed": problem.f(fixed)}
        return {
            "Q": Q, "kappa": kappa, "exact": exact, "fixed": fixed, "steps": steps, "heights": heights,
            "ratio": ratio, "bound": problem.f(x0) * ratio**steps,
            # What one step leaves of the altitude in the long run, as far as rounding lets it be seen.
            "lasting": {name: lasting_ratio(h) for name, h in heights.items()},
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(-1, 61), ylim=(1e-12, 30), xlabel="step k",
                ylabel="altitude above the lowest point",
            )  # fmt: skip
        rings = Rings(canvas, map_)
        slow = Path(canvas, map_, colour=style.BLUE, numbers=0)
        walk = Path(canvas, map_, numbers=4)
        bound = Curve(canvas, chart, style.THEORY, 1.3, style.DASHES, zorder=5)
        dots = {"fixed": Dots(canvas, chart, style.BLUE, 4), "exact": Dots(canvas, chart, style.MEASURED, 4)}
        key(
            canvas, chart,
            [("2/(L + μ)", {**MEASURED, "color": style.BLUE}), ("line search", MEASURED), ("bound", THEORY)],
            y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            rings.set(data["Q"])
            slow.set(data["fixed"])
            walk.set(data["exact"])
            bound.set(data["steps"], data["bound"])
            for name, artist in dots.items():
                artist.set(data["steps"], data["heights"][name])

        return Scene(update, Drag(map_, lambda data: tuple(data["exact"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        ends = {name: say(heights[-1]) for name, heights in data["heights"].items()}
        lasting = data["lasting"]["exact"]
        words = (
            f"Condition number {say(data['kappa'])}: from {place(data['exact'][0])}, "
            f"{count(len(data['steps']) - 1, 'step')} lead down to {ends['fixed']} with the best constant step and to "
            f"{ends['exact']} with line search. The bound for both is {say(data['ratio'])} a step"
        )
        return f"{words}; line search keeps {say(lasting)}." if np.isfinite(lasting) else f"{words}."

    return LiveFigure(
        "Fixed step or line search",
        starting(controls, kappa=kappa, n_steps=n_steps, x=x0[0], y=x0[1]),
        compute, build, describe, size=(720, 356), on_reset=run.try_again,
    )  # fmt: skip


def lasting_ratio(heights: np.ndarray) -> float:
    """Return the factor per step over the second half of `heights`, nan where too few of them are above rounding.

    >>> lasting_ratio(0.25 ** np.arange(9.0))
    0.25
    """
    seen = np.flatnonzero(heights > 1e-25)
    if len(seen) < 3 or seen[-1] != len(seen) - 1:
        return float("nan")
    half, last = len(seen) // 2, len(seen) - 1
    return float((heights[last] / heights[half]) ** (1 / (last - half)))
