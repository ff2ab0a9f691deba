"""Chapter 05: Richardson's iteration on the normal equations drawn over gradient descent on the mean loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Contours, Curve, Dots, MarkedLine, Path, key, style
from helpers.draw.marks import MEASURED
from helpers.explore.controls import Count, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.flow import relaxation_range, richardson
from helpers.problems import least_squares
from helpers.problems.regression import standardised

COLUMNS = [2, 8]  # body mass index, and the logarithm of the triglycerides
SHARES = np.linspace(0.02, 2.6, 130)  # omega lambda_max of the runs on the right


def richardson_over_descent(
    share: float = 1.7, x0=(-0.4, 0.9), n_steps: int = 20,
    method: Callable = richardson, limits: Callable = relaxation_range,
) -> LiveFigure:  # fmt: skip
    """Return the figure of Richardson's points inside of the rings of gradient descent, on two columns of diabetes.

    Gradient descent runs on |Ax - b|^2/(2n) with alpha = n omega. On the right, what n_steps leave of the
    distance, against omega, and the ends of the range. Controls `share` (omega times lambda_max), `x`, `y`
    (draggable) and `n_steps`. `method(A, b, x0, omega, n_steps)` and `limits(A)` may be your own. Raises
    ValueError if a start is out of its range or a method is no function.

    >>> richardson_over_descent(share=1.0)
    Richardson is gradient descent. ω = 1/λmax = 0.00156, α = nω = 0.691: ...

    Source: Richardson 1911, Phil. Trans. R. Soc. A 210; Saad 2003, Iterative Methods, section 4.2.
    """
    run, ends = Runner(method, ours=richardson), Runner(limits, ours=relaxation_range)
    A, target = standardised("diabetes", 10)
    A, b = np.array(A[:, COLUMNS]), (target - target.mean()) / target.std()
    problem, n = least_squares(A, b), len(b)
    top = n * problem.L  # the largest eigenvalue of A'A
    window = ((-0.6, 1.2), (-0.6, 1.2))
    controls = {
        "share": Slider("ω·λmax", 0.05, 2.5, 0.01, start=1.0),
        "n_steps": Count("steps", 0, 60, start=20),
        "x": Slider("start w₁", *window[0], 0.01, start=0.0),
        "y": Slider("start w₂", *window[1], 0.01, start=0.0),
    }

    def compute(share: float, n_steps: int, x: float, y: float) -> Mapping:
        w0, omega = np.array([x, y]), share / top
        points = run({"A": A, "b": b, "x0": w0, "omega": omega, "n_steps": n_steps}, shape=(n_steps + 1, 2))
        descent = gradient_descent(problem.grad, w0, n * omega, n_steps)
        many = gradient_descent(problem.grad, w0, SHARES * n / top, n_steps)[-1]
        with np.errstate(over="ignore", invalid="ignore"):
            left = np.linalg.norm(many - problem.minimiser, axis=-1)
            here = np.linalg.norm(points[-1] - problem.minimiser)
            apart = np.max(np.abs(points - descent))
        low, high = (float(end) * top for end in ends({"A": A}, shape=(2,)))
        return {"share": share, "omega": omega, "points": points, "descent": descent, "left": left, "here": float(here),
                "apart": float(apart), "low": low, "high": high}  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="weight of body mass index", ylabel="weight of triglycerides"
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(-0.1, 2.6), ylim=(1e-9, 1e3), xlabel="ω times λmax(A′A)",
                ylabel="distance left",
            )  # fmt: skip
        Contours(canvas, map_, problem.f, window, problem.minimiser)
        with canvas.building():
            (rings,) = map_.plot([], [], "o", ms=10, mfc="none", mec=style.BLUE, mew=1.6, zorder=4)
        canvas.moving(rings)
        walk, note = Path(canvas, map_, numbers=4), Badge(canvas, map_, 0.02, 0.02, va="bottom")
        curve, dot = Curve(canvas, chart, style.BLUE), Dots(canvas, chart, size=8)
        low, high = (MarkedLine(canvas, chart, name, style.INK, style.DASHES) for name in ("low", "high"))
        key(
            canvas, map_,
            [("Richardson", MEASURED), ("gradient descent", {"color": style.BLUE, "marker": "o", "ms": 9, "mfc": "none", "ls": "none"})],
            y=1.0,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            gone = walk.set(data["points"])
            inside = (np.abs(data["descent"] - 0.3) <= 0.9).all(axis=1)
            rings.set_data(*data["descent"][inside].T)
            note.set("" if gone is None else f"leaves the map with step {gone}", colour=style.MEASURED)
            curve.set(SHARES, data["left"])
            dot.set(np.array([data["share"]]), np.array([data["here"]]))
            low.set(data["low"])
            high.set(data["high"])

        return Scene(update, Drag(map_, lambda data: tuple(data["points"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        times = "" if data["share"] == 1 else f"{say(data['share'])}"
        same = (
            "the same points"
            if data["apart"] < 1e-9 * (1 + np.abs(data["points"]).max())
            else f"other points, {say(data['apart'])} apart"
        )
        return (
            f"ω = {times or '1'}/λmax = {say(data['omega'])}, α = nω = {say(n * data['omega'])}: from "
            f"{place(data['points'][0])} {count(len(data['points']) - 1, 'step')} of Richardson and of gradient descent "
            f"are {same}; {say(data['here'])} is left. The range ends at {say(data['high'])}/λmax."
        )

    return LiveFigure(
        "Richardson is gradient descent", starting(controls, share=share, n_steps=n_steps, x=x0[0], y=x0[1]),
        compute, build, describe, size=(720, 356), on_reset=lambda: (run.try_again(), ends.try_again()),
    )  # fmt: skip
