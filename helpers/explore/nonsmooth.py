"""Chapter 02, where there is no L: the cycle of x^(4/3), and the norm against its square."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Contours, Curve, Dots, Path, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.problems import four_thirds, parabola, quadratic, residual_norm
from helpers.smoothness import subgradient_descent, two_cycle_amplitude


def two_cycle(alpha: float = 0.5, x0: float = 1.3, method: Callable = two_cycle_amplitude) -> LiveFigure:
    """Return the figure of gradient descent on |x|^(4/3): at every step size it ends jumping to and fro.

    Beside the walk: |x| after k steps on |x|^(4/3), measured, on x^2/2 with the same steps, and the amplitude
    (2 alpha/3)^(3/2) of the cycle. Controls `alpha` and `x0` (draggable). `method(alpha)` may be your own
    amplitude. Raises ValueError if a start is out of its range or `method` is no function.

    >>> two_cycle()
    A cycle that never dies. ...

    Source: derived in chapter 02; the bottom of x^(4/3) has unbounded curvature.
    """
    run = Runner(method, ours=two_cycle_amplitude)
    problem, bowl = four_thirds(), parabola(1.0)
    edge, n_steps = 1.6, 40
    steps, grid = np.arange(n_steps + 1), np.linspace(-edge, edge, 241)
    controls = {
        "alpha": LogSlider("step size α", 1 / 64, 1, start=1.0, per_octave=4),
        "x0": Slider("start x₀", -1.5, 1.5, 0.05, start=1.0),
    }

    def compute(alpha: float, x0: float) -> Mapping:
        path = gradient_descent(problem.grad, [x0], alpha, n_steps)
        return {
            "alpha": alpha, "x0": x0, "points": np.concatenate([path, problem.f(path)[:, None]], axis=1),
            "distance": np.abs(path[:, 0]), "bowl": np.abs(gradient_descent(bowl.grad, [x0], alpha, n_steps)[:, 0]),
            "amplitude": float(run({"alpha": alpha}, shape=())),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            left = canvas.axes(
                58, 48, 364, 310, xlim=(-edge, edge), ylim=(-0.12, 1.9), xlabel="x", ylabel="altitude"
            )
            right = canvas.axes(
                442, 48, 704, 310, yscale="log", xlim=(-1, n_steps + 1), ylim=(1e-4, 3), xlabel="step k",
                ylabel="distance |x| to the minimiser",
            )  # fmt: skip
            left.plot(grid, problem.f(grid[:, None]), color=style.FUNCTION, lw=2.2, zorder=3)
        walk = Path(canvas, left, numbers=3)
        cycle = Curve(canvas, left, style.THEORY, 2.2, style.DASHES, zorder=5)
        level = Curve(canvas, right, style.THEORY, 1.5, style.DASHES)
        smooth, measured = Curve(canvas, right, style.FUNCTION, 1.6), Dots(canvas, right)
        badge = Badge(canvas, left, 0.5, 0.99, ha="center")
        key(
            canvas,
            left,
            [("$|x|^{4/3}$", {"color": style.FUNCTION, "lw": 2.2}), ("cycle $\\pm(2α/3)^{3/2}$", THEORY)],
        )
        key(
            canvas,
            right,
            [("on $|x|^{4/3}$", MEASURED), ("cycle", THEORY), ("on x²/2", {"color": style.FUNCTION})],
        )

        def update(data: Mapping) -> None:
            walk.set(data["points"])
            ends = np.array([-1, 1]) * data["amplitude"]
            cycle.set(ends, problem.f(ends[:, None]))
            level.set(np.array([-1, n_steps + 1]), np.full(2, data["amplitude"]))
            smooth.set(steps, data["bowl"])
            measured.set(steps, data["distance"])
            badge.set(f"jumps between ±{say(data['distance'][-1])}" if data["x0"] else "0 is where it stays")

        return Scene(update, Drag(left, lambda data: tuple(data["points"][0]), x="x0"))

    def describe(data: Mapping) -> str:
        if data["x0"] == 0:
            return f"From 0, the minimiser, a step of {say(data['alpha'])} leads nowhere. Every other start leads to the cycle."
        return (
            f"Step {say(data['alpha'])} from x = {say(data['x0'])}: after {count(n_steps, 'step')} |x| = "
            f"{say(data['distance'][-1])}, the amplitude (2α/3)^(3/2) is {say(data['amplitude'])}. On x²/2 the same steps "
            f"come to {say(data['bowl'][-1])}."
        )

    return LiveFigure(
        "A cycle that never dies", starting(controls, alpha=alpha, x0=x0), compute, build, describe, size=(720, 352),
        on_reset=run.try_again,
    )  # fmt: skip


def norm_against_square(
    alpha0: float = 2.0, n_steps: int = 40, x0=(2.0, -2.0), method: Callable = subgradient_descent
) -> LiveFigure:
    """Return the figure of subgradient steps on |Ax - b|, and of gradient steps on |Ax - b|^2.

    On the map: the subgradient path with steps alpha0/sqrt(k + 1), its best point in purple. Beside it:
    |Ax - b| after k steps, best so far, with constant steps alpha0, and for gradient descent on the squared
    norm with its step 1/L. Controls `x`, `y` (draggable), `alpha0`, `n_steps`. `method(A, b, x0, alpha0,
    n_steps)` may be your own. Raises ValueError if a start is out of its range or `method` is no function.

    >>> norm_against_square()
    The norm and its square. ...

    Source: Shor 1985, Minimization Methods for Non-Differentiable Functions, chapter 2.
    """
    run = Runner(path_and_best(method), ours=subgradient_descent)
    A, b = np.array([[0.8, -0.5], [0.6, 1.6]]), np.array([0.7, 0.3])
    cone, square = residual_norm(A, b), quadratic(2 * A.T @ A, 2 * A.T @ b)
    edge = 2.6
    controls = {
        "x": Slider("start x", -edge, edge, 0.05, start=0.0),
        "y": Slider("start y", -edge, edge, 0.05, start=0.0),
        "alpha0": LogSlider("first step α₀", 1 / 16, 4, start=1.0, per_octave=4),
        "n_steps": Count("steps", 0, 60, start=40),
    }

    def compute(x: float, y: float, alpha0: float, n_steps: int) -> Mapping:
        start = np.array([x, y])
        inputs = {"A": A, "b": b, "x0": start, "alpha0": alpha0, "n_steps": n_steps}
        rows = run(inputs, shape=(n_steps + 2, 2))
        path, best = rows[:-1], rows[-1]
        values = cone.f(path)
        return {
            "path": path, "best": best, "alpha0": alpha0, "steps": np.arange(n_steps + 1), "values": values,
            "so_far": np.minimum.accumulate(values), "lowest": float(cone.f(best)),
            "constant": cone.f(gradient_descent(cone.grad, start, alpha0, n_steps)),
            "square": cone.f(gradient_descent(square.grad, start, 1 / square.L, n_steps)),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(58, 48, 346, 336, xlabel="x", ylabel="y")
            right = canvas.axes(
                424, 48, 704, 336, yscale="log", xlim=(-1, 61), ylim=(1e-3, 10), xlabel="step k", ylabel="|Ax − b|",
            )  # fmt: skip
        Contours(canvas, map_, cone.f, ((-edge, edge), (-edge, edge)), cone.minimiser)
        walk = Path(canvas, map_, numbers=4)
        best = Dots(canvas, map_, style.PURPLE, size=9, zorder=7)
        constant = Curve(canvas, right, style.ORANGE, 1.4, style.DOTS)
        square_ = Curve(canvas, right, style.FUNCTION, 1.8)
        so_far = Curve(canvas, right, style.PURPLE, 2.0, drawstyle="steps-post")
        measured = Dots(canvas, right)
        key(canvas, map_, [("subgradient steps", {**MEASURED, "ls": "-", "lw": 1.3}),
                           ("best point", {"color": style.PURPLE, "marker": "o", "ms": 7, "ls": "none"})])  # fmt: skip
        key(canvas, right, [("best so far", {"color": style.PURPLE, "lw": 2}),
                            ("constant", {"color": style.ORANGE, "ls": style.DOTS}),
                            ("squared", {"color": style.FUNCTION})])  # fmt: skip

        def update(data: Mapping) -> None:
            walk.set(data["path"])
            best.set(data["best"][:1], data["best"][1:])
            constant.set(data["steps"], data["constant"])
            square_.set(data["steps"], data["square"])
            so_far.set(data["steps"], data["so_far"])
            measured.set(data["steps"], data["values"])

        return Scene(update, Drag(map_, lambda data: tuple(data["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        rises = int(np.sum(np.diff(data["values"]) > 0))
        return (
            f"{count(len(data['values']) - 1, 'step')} from {place(data['path'][0])}, the first of size "
            f"{say(data['alpha0'])}: |Ax − b| goes up {rises} times, ends at {say(data['values'][-1])}, and is "
            f"{say(data['lowest'])} at best; constant steps end at {say(data['constant'][-1])}, the squared norm at "
            f"{say(data['square'][-1])}."
        )

    return LiveFigure(
        "The norm and its square", starting(controls, x=x0[0], y=x0[1], alpha0=alpha0, n_steps=n_steps), compute,
        build, describe, size=(720, 372), on_reset=run.try_again,
    )  # fmt: skip


def path_and_best(method: Callable) -> Callable:
    """Return a function that gives the path of `method` with its best point as one more row."""
    if not callable(method):
        return method

    def rows(*given: object) -> list | None:
        returned = method(*given)
        if returned is None:
            return None
        if not isinstance(returned, (tuple, list)) or len(returned) != 2:
            raise TypeError("two results are expected, the path and the best point: return path, best")
        return [*returned[0], returned[1]]

    return rows
