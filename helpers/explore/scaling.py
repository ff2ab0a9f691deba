"""Chapter 08: steps that are scaled for each coordinate by itself: a valley that turns, the effective Hessian."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.adam import adam, bias_correction, effective_hessian, moments
from helpers.conditioning import optimal_step
from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, Path, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.draw.valleys import Rings, SignedDots
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.problems import Problem, quadratic_with_spectrum

STEPS = 40  # of the walk whose effective Hessian is shown
EPS = 1e-8
EDGE = 3.0  # half the width of a valley's map
FIRST, SECOND = style.BLUE, style.VERMILLION  # the two coordinates


def valley(kappa: float, angle: float) -> Problem:
    """Return the quadratic with curvatures 1/kappa and 1 whose flat axis points `angle` degrees up."""
    return quadratic_with_spectrum([1 / kappa, 1.0], np.radians(angle))


def turned_start(angle: float) -> np.ndarray:
    """Return the start that turns with the valley: always at the same place of it."""
    a = np.radians(angle)
    return np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) @ np.array([-2.4, 1.2])


def turning_valley(
    angle: float = 45.0, kappa: float = 32.0, alpha: float = 0.125, method: Callable = adam
) -> LiveFigure:
    """Return the figure of Adam and gradient descent in a valley that turns, and how low they get at every angle.

    Start and valley turn together, so that nothing changes but the direction of the axes. Controls `angle` (degrees),
    `kappa`, `alpha` (Adam's; gradient descent takes its best, 2/(L + mu)) and `n_steps`. The dashed lines are the
    course's own runs at every angle, the dots the walks shown; `method` may be your own Adam. Raises ValueError if
    a start is out of its range or `method` is no function.

    >>> turning_valley()
    A valley that turns. Turned by 45°: ...

    Source: Kingma and Ba 2015, Adam (the update is coordinate by coordinate).
    """
    run, angles = Runner(method, ours=adam), np.arange(-90.0, 91.0, 5.0)
    starts = np.array([turned_start(a) for a in angles])
    controls = {
        "angle": Slider("rotation °", -90, 90, 5, start=45.0, readout=".0f"),
        "kappa": LogSlider("condition κ", 1, 256, start=32.0, per_octave=2),
        "alpha": LogSlider("Adam's α", 1 / 64, 1, start=0.25, per_octave=4),
        "n_steps": Count("steps", 1, 60, start=30),
    }

    @lru_cache(maxsize=32)
    def matrices(kappa: float) -> np.ndarray:
        return np.array([valley(kappa, a).hess(np.zeros(2)) for a in angles])

    def compute(angle: float, kappa: float, alpha: float, n_steps: int) -> Mapping:
        problem, x0 = valley(kappa, angle), turned_start(angle)
        inputs = {
            "grad": problem.grad, "x0": x0, "alpha": alpha, "beta1": 0.9, "beta2": 0.999, "eps": EPS,
            "n_steps": n_steps,
        }  # fmt: skip
        walks = {
            "Adam": run(inputs, shape=(n_steps + 1, 2)),
            "descent": gradient_descent(problem.grad, x0, optimal_step(1.0, 1 / kappa), n_steps),
        }
        Q = matrices(kappa)

        def grad(x):
            return np.einsum("nij,nj->ni", Q, x)

        ends = {
            "Adam": adam(grad, starts, alpha, 0.9, 0.999, EPS, n_steps)[-1],
            "descent": gradient_descent(grad, starts, optimal_step(1.0, 1 / kappa), n_steps)[-1],
        }
        return {
            "Q": problem.hess(x0), "angle": angle, "n_steps": n_steps, "walks": walks,
            "altitude": {name: float(problem.f(walk[-1])) for name, walk in walks.items()},
            "all": {name: np.sum(grad(end) * end, axis=-1) / 2 for name, end in ends.items()},
        }  # fmt: skip

    colours = {"descent": style.BLUE, "Adam": style.MEASURED}

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(-95, 95), ylim=(1e-6, 30), xlabel="rotation of the valley, degrees",
                ylabel="altitude at the end",
            )  # fmt: skip
            chart.set_xticks([-90, -45, 0, 45, 90])
        rings = Rings(canvas, map_)
        paths = {name: Path(canvas, map_, colour, numbers=0) for name, colour in colours.items()}
        curves = {name: Curve(canvas, chart, colour, 1.6, style.DASHES) for name, colour in colours.items()}
        dots = {name: Dots(canvas, chart, colour, 9, 6) for name, colour in colours.items()}
        here = MarkedLine(canvas, chart, "now", style.SOFT, style.DOTS, level=0.05)
        entries = [(name, {**MEASURED, "color": c}) for name, c in colours.items()]
        key(canvas, chart, [*entries, ("all rotations", THEORY)], x=-0.1, y=1.01)

        def update(data: Mapping) -> None:
            rings.set(data["Q"])
            here.set(data["angle"])
            for name in colours:
                paths[name].set(data["walks"][name])
                curves[name].set(angles, data["all"][name])
                dots[name].set(np.array([data["angle"]]), np.array([data["altitude"][name]]))

        return Scene(update)

    def describe(data: Mapping) -> str:
        ends, every = data["altitude"], data["all"]
        return (
            f"Turned by {say(data['angle'])}°: {count(data['n_steps'], 'step')} bring gradient descent down to "
            f"{say(ends['descent'], 2)} and Adam to {say(ends['Adam'], 2)}. Over all rotations gradient descent "
            f"always ends there, and Adam between {say(every['Adam'].min(), 2)} and {say(every['Adam'].max(), 2)}."
        )

    return LiveFigure(
        "A valley that turns", starting(controls, angle=angle, kappa=kappa, alpha=alpha), compute, build, describe,
        size=(720, 356), on_reset=run.try_again,
    )  # fmt: skip


def hessians(
    angle: float = 0.0, kappa: float = 16.0, x0=(-2.2, 2.2), method: Callable = effective_hessian
) -> LiveFigure:
    """Return the figure of Adam's effective Hessian along a walk, beside the true diagonal of the Hessian.

    Controls `kappa`, `angle` (degrees), `beta1`, `alpha`, `x` and `y` (draggable). Hollow dots are negative: momentum
    still climbs there. `method(m_hat, v_hat, g, eps)` may be your own. Raises ValueError if a start is out of its
    range or `method` is no function.

    >>> hessians()
    The effective Hessian. The true diagonal is (0.0625, 1), ...

    Source: Kingma and Ba 2015, Adam; Becker and LeCun 1988, Improving the Convergence of Back-Propagation Learning.
    """
    run, t = Runner(method, ours=effective_hessian), np.arange(1, STEPS + 1)[:, None]
    controls = {
        "kappa": LogSlider("condition κ", 1, 256, start=16.0, per_octave=2),
        "angle": Slider("rotation °", -90, 90, 5, start=0.0, readout=".0f"),
        "alpha": LogSlider("step size α", 1 / 64, 1, start=0.0625, per_octave=4),
        "beta1": Slider("β₁", 0.0, 0.98, 0.02, start=0.9),
        "x": Slider("start x", -EDGE, EDGE, 0.05, start=0.0),
        "y": Slider("start y", -EDGE, EDGE, 0.05, start=0.0),
    }

    def diagonals(*moments_and_gradients: np.ndarray) -> np.ndarray:
        names = ("m_hat", "v_hat", "g")
        if run.method is run.ours:
            return run(dict(zip(names, moments_and_gradients, strict=True)) | {"eps": EPS}, shape=(STEPS, 2))
        rows = zip(*moments_and_gradients, strict=True)  # a learner's function takes one point at a time
        return np.array([run(dict(zip(names, row, strict=True)) | {"eps": EPS}, shape=(2,)) for row in rows])

    def compute(kappa: float, angle: float, alpha: float, beta1: float, x: float, y: float) -> Mapping:
        problem, x0 = valley(kappa, angle), np.array([x, y])
        path = adam(problem.grad, x0, alpha, beta1, 0.999, EPS, STEPS)
        g = problem.grad(path[:-1])
        m, v = moments(g, beta1, 0.999)
        m_hat, v_hat = bias_correction(m, beta1, t), bias_correction(v, 0.999, t)
        H = diagonals(m_hat, v_hat, g)
        return {"Q": problem.hess(x0), "path": path, "H": H, "alpha": alpha, "beta1": beta1}

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="x", ylabel="y", xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE)
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(0, STEPS + 1), ylim=(1e-3, 30), xlabel="step t",
                ylabel="entry of the diagonal",
            )  # fmt: skip
        rings, walk = Rings(canvas, map_), Path(canvas, map_, style.INK, numbers=0)
        truth = [Curve(canvas, chart, colour, 1.8, style.DASHES) for colour in (FIRST, SECOND)]
        dots = [SignedDots(canvas, chart, colour) for colour in (FIRST, SECOND)]
        note = Badge(canvas, chart, 0.98, 0.03, 8.5, "right", "bottom", bold=False)
        key(
            canvas, chart,
            [("effective, x", {**MEASURED, "color": FIRST}), ("y", {**MEASURED, "color": SECOND}), ("true", THEORY)],
            y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            rings.set(data["Q"])
            walk.set(data["path"])
            for i in range(2):
                truth[i].set(np.array([0, STEPS + 1]), np.full(2, data["Q"][i, i]))
                H = data["H"][:, i]
                dots[i].set(t[:, 0], np.where(np.isfinite(H), H, np.nan))
            note.set("hollow: negative, it climbs")

        return Scene(update, Drag(map_, lambda data: tuple(data["path"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        Q, H = data["Q"], data["H"]
        return (
            f"The true diagonal is {place(np.diag(Q))}, the ratio y to x {say(Q[1, 1] / Q[0, 0])}. From "
            f"{place(data['path'][0])} with α = {say(data['alpha'])} and β₁ = {say(data['beta1'])}, the effective "
            f"one is {place(H[0])} at the first step, ratio {say(H[0, 1] / H[0, 0])}, and {place(H[-1])} at the last."
        )

    return LiveFigure(
        "The effective Hessian", starting(controls, angle=angle, kappa=kappa, x=x0[0], y=x0[1]), compute, build,
        describe, size=(720, 356), on_reset=run.try_again,
    )  # fmt: skip
