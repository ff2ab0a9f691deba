"""Chapter 06: SGD on real data down to its noise floor, and a saddle that only noise leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Contours, Curve, Dots, Path, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Count, LogSlider, Slider, starting
from helpers.explore.estimates import CIRCLE, chebyshev_failures, gradient_cloud, patients, together
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, place, say
from helpers.problems import least_squares, saddle
from helpers.stochastic import (
    decaying_steps,
    escape_steps,
    gradient_noise,
    noise_floor,
    noisy_descent,
    per_example_gradients,
    reshuffled_floor,
    sgd,
    staying_probability,
)

__all__ = ["chebyshev_failures", "gradient_cloud", "saddle_escape", "sgd_path"]

UPDATES = 220
WINDOW = ((-0.5, 1.1), (-0.5, 1.1))
RUNS, MOST_STEPS, MAP_STEPS = 100, 200, 100


def sgd_path(
    alpha: float = 0.25,
    batch_size: float = 8.0,
    tau: float = 16.0,
    x0=(-0.3, 0.9),
    method: Callable = sgd,
    floor: Callable = noise_floor,
    steps: Callable = decaying_steps,
) -> LiveFigure:
    """Return the figure of 220 updates of SGD, with constant and with decaying steps, and of the floor of the first.

    Least squares on two columns of the diabetes data. Controls `alpha`, `batch_size`, `tau` of the decay, `draw` (of
    the batches), `x` and `y` (the start, draggable). `method(X, y, w0, alpha, batch_size, n_epochs, rng)` makes the
    path with constant steps, `floor(alpha, lam, s2)` the dashed line, `steps(alpha0, tau, n_steps)` the decay; all
    may be your own. Raises ValueError if a start is out of its range or a method is no function.

    >>> sgd_path(batch_size=16)
    Down to the noise floor. 220 updates, batches of 16: ...

    Source: Robbins and Monro 1951, Ann. Math. Statist. 22; Mandt, Hoffman and Blei 2017, JMLR 18.
    """
    run, predict = Runner(method, ours=sgd), Runner(floor, ours=noise_floor)
    decay = Runner(steps, ours=decaying_steps)
    X, y, lowest = patients()
    problem, n = least_squares(X, y), len(y)
    lam, V = np.linalg.eigh(problem.hess(lowest))
    each_one = per_example_gradients(lowest, X, y) @ V  # at the minimiser, seen along the eigenvectors
    controls = {
        "alpha": LogSlider("step size α", 1 / 64, 0.5, start=0.25, per_octave=4),
        "batch_size": LogSlider("batch size B", 2, 128, start=8.0, per_octave=1, readout=".0f"),
        "tau": LogSlider("halved at τ", 4, 512, start=16.0, per_octave=1, readout=".0f"),
        "draw": Count("draw", 0, 20, start=0),
        "x": Slider("start w₁", *WINDOW[0], 0.01, start=0.0),
        "y": Slider("start w₂", *WINDOW[1], 0.01, start=0.0),
    }

    @lru_cache
    def noises(B: int) -> list[float]:
        return [gradient_noise(each_one[:, [i]], B, False) for i in range(2)]

    def compute(alpha: float, batch_size: float, tau: float, draw: int, x: float, y: float) -> Mapping:
        B, w0 = round(batch_size), np.array([x, y])
        per_epoch = -(-n // B)
        n_epochs = -(-UPDATES // per_epoch)
        inputs = {"X": X, "y": target, "w0": w0, "alpha": alpha, "batch_size": B, "n_epochs": n_epochs}
        alphas = np.array(decay({"alpha0": alpha, "tau": tau, "n_steps": UPDATES}, shape=(UPDATES,)))
        # The updates after these are not shown.
        alphas = np.pad(alphas, (0, n_epochs * per_epoch - UPDATES))
        alphas = np.maximum(alphas, 0)
        if method is sgd:  # both runs see the same batches, so they can be made at once
            both = {
                **inputs,
                "w0": np.stack([w0, w0]),
                "alpha": np.stack([np.full(len(alphas), alpha), alphas], 1),
            }
            constant, decaying = np.moveaxis(sgd(**both, rng=np.random.default_rng(draw)), 1, 0)
        else:
            shape = (len(alphas) + 1, 2)
            constant = run({**inputs, "rng": np.random.default_rng(draw)}, shape=shape)
            decaying = sgd(**{**inputs, "alpha": alphas}, rng=np.random.default_rng(draw))
        noise = noises(B)
        floors = [float(predict({"alpha": alpha, "lam": lam[i], "s2": noise[i]}, shape=())) for i in range(2)]
        shuffled = [reshuffled_floor(alpha, lam[i], noise[i], per_epoch) for i in range(2)]
        # f is quadratic: (w - w*)'H(w - w*)/2, without its 442 residuals
        with np.errstate(over="ignore", invalid="ignore"):
            gaps = [((path[: UPDATES + 1] - lowest) @ V) ** 2 @ lam / 2 for path in (constant, decaying)]
        return {
            "alpha": alpha, "B": B, "epochs": UPDATES / per_epoch, "constant": constant[: UPDATES + 1],
            "decaying": decaying[: UPDATES + 1], "gap": gaps[0], "calm_gap": gaps[1], "floor": lam @ floors / 2,
            "shuffled": lam @ shuffled / 2, "settled": float(np.mean(gaps[0][UPDATES // 2 :])),
            "left": float(np.mean(gaps[1][-UPDATES // 10 :])),
        }  # fmt: skip

    target = y

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlabel="weight of body mass index", ylabel="weight of triglycerides"
            )
            chart = canvas.axes(
                432, 48, 704, 306, yscale="log", xlim=(-8, UPDATES + 8), ylim=(1e-6, 30), xlabel="update k",
                ylabel="loss above the lowest",
            )  # fmt: skip
        Contours(canvas, map_, problem.f, WINDOW, lowest)
        with canvas.building():
            (ring,) = map_.plot([], [], "o", mfc=style.PAPER, mec=style.INK, ms=9, mew=2, zorder=7)
        canvas.moving(ring)
        walk = Curve(canvas, map_, style.MEASURED, 1.0, zorder=4, alpha=0.8)
        calm = Curve(canvas, map_, style.GREEN, 1.6, zorder=5)
        dots, calm_dots = Dots(canvas, chart, size=3), Dots(canvas, chart, style.GREEN, 3, zorder=4.2)
        settled = Curve(canvas, chart, style.MEASURED, 3.0, zorder=4.5, alpha=0.8)
        dashed = Curve(canvas, chart, style.THEORY, 1.5, style.DASHES, zorder=5)
        dotted = Curve(canvas, chart, style.THEORY, 1.6, style.DOTS, zorder=5)
        note = Badge(canvas, chart, 0.98, 0.97, ha="right")
        key(
            canvas, map_,
            [("constant α", {"color": style.MEASURED, "lw": 1.2}), ("α/(1 + k/τ)", {"color": style.GREEN, "lw": 1.8})], y=1.0,
        )  # fmt: skip
        key(
            canvas, chart,
            [("floor, independent batches", THEORY), ("reshuffled", {**THEORY, "ls": style.DOTS})], x=-0.16, y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            k = np.arange(0, UPDATES + 1, 2)  # every other update: enough to see, and quicker
            walk.set(*data["constant"].T)
            calm.set(*data["decaying"].T)
            ring.set_data(*data["constant"][:1].T)
            dots.set(k, data["gap"][k])
            calm_dots.set(k, data["calm_gap"][k])
            ends = np.array([0, UPDATES])
            settled.set(np.array([UPDATES / 2, UPDATES]), np.full(2, data["settled"]))
            dashed.set(ends, np.full(2, data["floor"]))
            dotted.set(ends, np.full(2, data["shuffled"]))
            epochs = say(data["epochs"], 2)
            note.set(f"{epochs} epoch" if epochs == "1" else f"{epochs} epochs")

        return Scene(update, Drag(map_, lambda data: tuple(data["constant"][0]), "x", "y"))

    def describe(data: Mapping) -> str:
        return (
            f"{UPDATES} updates, batches of {data['B']}: with α = {say(data['alpha'])} the last half is "
            f"{say(data['settled'], 2)} above the lowest loss on average, and {say(data['shuffled'], 2)} is predicted "
            f"({say(data['floor'], 2)} for independent batches). Decaying steps end {say(data['left'], 2)} above."
        )

    return LiveFigure(
        "Down to the noise floor",
        starting(controls, alpha=alpha, batch_size=batch_size, tau=tau, x=x0[0], y=x0[1]),
        compute, build, describe, size=(720, 360),
        on_reset=lambda: (run.try_again(), predict.try_again(), decay.try_again()),
    )  # fmt: skip


def saddle_escape(
    alpha: float = 0.125, noise: float = 2.0**-4, y0: float = 0.0, method: Callable = escape_steps
) -> LiveFigure:
    """Return the figure of a saddle on which plain gradient descent freezes, and which noise leaves.

    On the map both walks begin on the ridge, or `y0` beside it. On the right 100 walks begin on the saddle itself: the
    share that is still within the dashed circle, measured by `method(grad, x0, alpha, noise, radius, max_steps,
    rng)`, which may be your own, and predicted. Controls `alpha`, `noise`, `y0` (draggable) and `draw`. Raises
    ValueError if a start is out of its range or `method` is no function.

    >>> saddle_escape(noise=0.125)
    A saddle. From (−1.5, 0) plain gradient descent ...

    Source: Ge, Huang, Jin and Yuan 2015, COLT; Kramers 1940, Physica 7.
    """

    def each(grad, x0, alpha, noise, radius, max_steps, rng):
        return together([method(grad, start, alpha, noise, radius, max_steps, rng) for start in x0])

    if method is escape_steps or not callable(method):
        run = Runner(method, ours=escape_steps)
    else:
        run = Runner(each, ours=escape_steps)
    problem, radius, n_steps = saddle(), 0.3, MOST_STEPS
    shown = np.unique(np.geomspace(1, n_steps, 60).round().astype(int))
    controls = {
        "alpha": LogSlider("step size α", 2.0**-3.5, 0.5, start=0.125, per_octave=2),
        "noise": LogSlider("noise", 2.0**-7, 0.25, start=2.0**-4, per_octave=1),
        "y0": Slider("start beside", -0.4, 0.4, 0.01, start=0.0),
        "draw": Count("draw", 0, 20, start=0),
    }

    k = np.arange(n_steps + 1)

    @lru_cache(maxsize=64)
    def calm(alpha: float, y0: float) -> np.ndarray:
        return gradient_descent(problem.grad, np.array([-1.5, y0]), alpha, MAP_STEPS)

    @lru_cache(maxsize=64)
    def foretold(alpha: float, noise: float) -> np.ndarray:
        return staying_probability(alpha, 1.0, noise, radius, n_steps)

    @lru_cache(maxsize=64)
    def escapes(alpha: float, noise: float, draw: int) -> np.ndarray:
        rng = np.random.default_rng(draw)
        rng.standard_normal((MAP_STEPS, 2))  # those of the walk on the map
        inputs = {
            "grad": problem.grad, "x0": np.zeros((RUNS, 2)), "alpha": alpha, "noise": noise, "radius": radius,
            "max_steps": n_steps, "rng": rng,
        }  # fmt: skip
        return run(inputs, shape=(RUNS,))

    def compute(alpha: float, noise: float, y0: float, draw: int) -> Mapping:
        rng = np.random.default_rng(draw)
        noisy = noisy_descent(problem.grad, np.array([-1.5, y0]), alpha, noise, MAP_STEPS, rng)
        steps, predicted = escapes(alpha, noise, draw), foretold(alpha, noise)
        first = np.ceil(steps[(steps >= 0) & (steps <= n_steps)]).astype(int)
        left = np.cumsum(np.bincount(first, minlength=n_steps + 1))  # after k updates, for every k
        return {
            "alpha": alpha, "noise": noise, "plain": calm(alpha, y0), "noisy": noisy, "k": k,
            "staying": 1 - left / RUNS, "predicted": predicted, "expected": float(predicted.sum()),
            "mean": float(np.mean(np.where(steps > 0, steps, n_steps))), "stuck": int(np.sum(steps < 0)),
        }  # fmt: skip

    def again() -> None:
        run.try_again()
        escapes.cache_clear()

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(58, 48, 344, 334, xlabel="x", ylabel="y")
            chart = canvas.axes(
                432, 48, 704, 306, xscale="log", xlim=(0.9, 220), ylim=(-0.02, 1.04), xlabel="update k",
                ylabel="share still at the saddle",
            )  # fmt: skip
            chart.set_xticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
            chart.minorticks_off()
        Contours(canvas, map_, problem.f, problem.window, levels=17)
        with canvas.building():
            map_.plot(*(radius * CIRCLE), color=style.INK, lw=1.2, ls=style.DASHES, zorder=3)
            for valley in (1, -1):
                map_.plot(0, valley, "+", color=style.INK, ms=10, mew=1.6, zorder=2)
        plain = Path(canvas, map_, style.BLUE, numbers=0)
        noisy = Curve(canvas, map_, style.MEASURED, 1.4, zorder=5.5)
        end = Curve(canvas, map_, style.MEASURED, 0, "none", 6, marker="s", ms=6.5, mec=style.PAPER, mew=0.8)
        theory, dots = Curve(canvas, chart, style.THEORY, 1.5, style.DASHES), Dots(canvas, chart, size=4)
        note = Badge(canvas, chart, 0.02, 0.06, va="bottom")
        key(
            canvas,
            map_,
            [
                ("plain", {**MEASURED, "color": style.BLUE}),
                ("with noise", {"color": style.MEASURED, "lw": 1.6}),
            ],
            y=1.0,
        )
        key(canvas, chart, [(f"{RUNS} runs", MEASURED), ("predicted", THEORY)], y=1.01)

        def update(data: Mapping) -> None:
            noisy.set(*data["noisy"].T)
            end.set(*data["noisy"][-1:].T)
            plain.set(data["plain"][: MAP_STEPS // 2])  # it is hardly moving after that
            theory.set(data["k"][1:], data["predicted"][1:])
            dots.set(shown.astype(float), data["staying"][shown])
            note.set(f"mean {say(data['mean'], 2)}\npredicted {say(data['expected'], 2)}")

        return Scene(update, Drag(map_, lambda data: tuple(data["plain"][0]), y="y0", label="start"))

    def describe(data: Mapping) -> str:
        start, end = place(data["plain"][0]), data["plain"][-1]
        ends = "freezes on the saddle" if problem.f(end) > 0.2 else "reaches a valley"
        words = (
            f"From {start} plain gradient descent with α = {say(data['alpha'])} {ends}. Noise of {say(data['noise'])} "
            f"leaves the saddle after {say(data['mean'])} updates on average; {say(data['expected'])} are predicted."
        )
        return words if not data["stuck"] else f"{words} {count(data['stuck'], 'run')} did not."

    return LiveFigure(
        "A saddle", starting(controls, alpha=alpha, noise=noise, y0=y0), compute, build, describe, size=(720, 360),
        on_reset=again,
    )  # fmt: skip
