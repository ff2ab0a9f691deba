"""Chapter 06: the cloud of gradient estimates around the true gradient, and how large a batch has to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, key, style
from helpers.draw.heights import Arrow
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Choice, LogSlider, Slider, starting
from helpers.explore.live import LiveFigure, Scene
from helpers.explore.runs import Runner, Trouble
from helpers.explore.words import count, say
from helpers.problems import least_squares
from helpers.problems.regression import standardised
from helpers.stochastic import (
    chebyshev_batch_size,
    gradient_noise,
    minibatch_gradient,
    per_example_gradients,
    running_estimates,
)

COLUMNS = [2, 8]  # body mass index, and the logarithm of the triglycerides
ESTIMATES = 300
SIZES = 2 ** np.arange(9)  # batch sizes that are measured: 1 to 256
VIEW = (-1.6, 2.4)  # of both coordinates of a gradient
CIRCLE = np.stack([np.cos(turn := np.linspace(0, 2 * np.pi, 91)), np.sin(turn)])
OUTWARD = np.array([0.8, 0.6])  # the way from the minimiser to w
WITH, WITHOUT = "with replacement", "without"
MOST, TRIALS, SHOWN = 1300, 1000, 400


@lru_cache(maxsize=1)
def patients() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return two standardised columns of the diabetes data, the target, and the minimiser of least squares."""
    X, y = standardised("diabetes", 10)
    X, y = np.array(X[:, COLUMNS]), (y - y.mean()) / y.std()
    return X, y, least_squares(X, y).minimiser


@lru_cache(maxsize=2)
def draws(way: str) -> np.ndarray:
    """Return the rows of ESTIMATES batches, of which the first B of each are a batch of B."""
    n, rng = len(patients()[1]), np.random.default_rng(6)
    if way == WITH:
        return rng.integers(n, size=(ESTIMATES, SIZES[-1]))
    return rng.permuted(np.tile(np.arange(n), (ESTIMATES, 1)), axis=1)[:, : SIZES[-1]]


@lru_cache(maxsize=64)
def spreads(distance: float, way: str) -> np.ndarray:
    """Return the root mean square distance of the estimates from the gradient, for every batch size of SIZES."""
    X, y, lowest = patients()
    w = lowest + distance * OUTWARD
    g = per_example_gradients(w, X, y).mean(axis=0)
    estimates = [minibatch_gradient(w, X, y, draws(way)[:, :size]) for size in SIZES]
    return np.array([root_mean_square(these - g) for these in estimates])


def root_mean_square(vectors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.sum(vectors**2, axis=-1))))


def together(results: list) -> np.ndarray | None:
    """Return the results of many calls as one array; None if a function forgot its return."""
    return None if any(result is None for result in results) else np.array(results)


def cloud(canvas: Canvas, axes, colour: str, size: float, alpha: float) -> Curve:
    """Return an artist for many points on a map; what lies outside of it is cut off."""
    return Curve(canvas, axes, colour, 0, "none", 3.5, marker="o", ms=size, mew=0, alpha=alpha)


def gradient_cloud(
    batch_size: float = 8.0,
    distance: float = 0.5,
    way: str = WITH,
    method: Callable = minibatch_gradient,
    spread: Callable = gradient_noise,
) -> LiveFigure:
    """Return the figure of 300 mini-batch gradients around the true one, with measured and predicted spread.

    Least squares on two columns of the diabetes data, at a point `distance` from the minimiser. On the right the spread
    against the batch size. Controls `batch_size`, `distance` and `way` of drawing. `method(w, X, y, batch)` and
    `spread(per_example, batch_size, replacement)` may be your own. Raises ValueError if a start is out of its
    range or a method is no function.

    >>> gradient_cloud(batch_size=64)
    The cloud of estimates. Batches of 64. ...

    Source: Bottou, Curtis and Nocedal 2018, SIAM Review 60; Cochran 1977, Sampling Techniques (the spread).
    """

    def each(w, X, y, batches):
        return together([method(w, X, y, batch) for batch in batches])

    if method is minibatch_gradient or not callable(method):
        run = Runner(method, ours=minibatch_gradient)
    else:
        run = Runner(each, ours=minibatch_gradient)
    predict = Runner(spread, ours=gradient_noise)
    X, y, lowest = patients()
    controls = {
        "batch_size": LogSlider("batch size B", 1, int(SIZES[-1]), start=8.0, per_octave=1, readout=".0f"),
        "distance": Slider("distance", 0.0, 1.2, 0.05, start=0.5),
        "way": Choice("draws", (WITH, WITHOUT), start=WITH),
    }

    def compute(batch_size: float, distance: float, way: str) -> Mapping:
        B, w = round(batch_size), lowest + distance * OUTWARD
        inputs = {"w": w, "X": X, "y": y, "batch": draws(way)[:, :B]}
        estimates = run(inputs, shape=(ESTIMATES, 2))
        each_one = per_example_gradients(w, X, y)
        g = each_one.mean(axis=0)
        noise = predict({"per_example": each_one, "batch_size": B, "replacement": way == WITH}, shape=())
        sizes = np.arange(1, len(y))
        return {
            "B": B, "way": way, "distance": distance, "g": g, "estimates": estimates,
            "measured": root_mean_square(estimates - g), "predicted": float(np.sqrt(max(noise, 0.0))),
            "uphill": float(np.mean(estimates @ g <= 0)),
            "outside": int(np.sum(np.any((estimates < VIEW[0]) | (estimates > VIEW[1]), axis=1))), "spreads": spreads(distance, way), "sizes": sizes,
            "with": np.sqrt(gradient_noise(each_one, sizes, True)),
            "without": np.sqrt(gradient_noise(each_one, sizes, False)),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlim=VIEW, ylim=VIEW,
                xlabel="slope along weight of body mass", ylabel="slope along weight of triglycerides",
            )  # fmt: skip
            chart = canvas.axes(
                432, 48, 704, 306, xscale="log", yscale="log", xlim=(0.85, 500), ylim=(0.03, 4),
                xlabel="batch size B", ylabel="distance from the true gradient",
            )  # fmt: skip
            chart.set_xticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])
            chart.set_yticks([0.1, 1], ["0.1", "1"])
            chart.minorticks_off()
            map_.set(xticks=[-1, 0, 1, 2], yticks=[-1, 0, 1, 2])
            map_.axhline(0, color=style.SOFT, lw=0.8, zorder=1)
            map_.axvline(0, color=style.SOFT, lw=0.8, zorder=1)
        points = cloud(canvas, map_, style.MEASURED, 4.0, 0.45)
        ring = Curve(canvas, map_, style.THEORY, 1.5, style.DASHES, zorder=5)
        true = Arrow(canvas, map_, style.BLUE, zorder=4.5)
        end = Curve(canvas, map_, style.BLUE, 0, "none", 6, marker="+", ms=11, mew=2.2)
        note = Badge(canvas, map_, 0.02, 0.02, va="bottom")
        dashed = Curve(canvas, chart, style.THEORY, 1.4, style.DASHES)
        dotted = Curve(canvas, chart, style.THEORY, 1.6, style.DOTS)
        dots, here = Dots(canvas, chart, size=5), Dots(canvas, chart, size=9, zorder=5)
        key(
            canvas, map_,
            [("true gradient", {"color": style.BLUE, "lw": 2.2}), ("estimates", MEASURED), ("predicted", THEORY)],
            y=1.0,
        )  # fmt: skip
        key(
            canvas, chart,
            [("measured", MEASURED), ("with", THEORY), ("without replacement", {**THEORY, "ls": style.DOTS})],
            x=-0.2, y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            points.set(*data["estimates"].T)
            ring.set(*(data["g"][:, None] + data["predicted"] * CIRCLE))
            true.set(np.zeros(2), data["g"])
            end.set(*data["g"][:, None])
            words = (
                f"{data['uphill']:.0%} point the wrong way"
                if data["distance"] > 0
                else "the gradient is 0 here"
            )
            note.set(f"{words}\n{data['outside']} outside of the map" if data["outside"] else words)
            dashed.set(data["sizes"], data["with"])
            dotted.set(data["sizes"], data["without"])
            dots.set(SIZES, data["spreads"])
            here.set(np.array([data["B"]]), np.array([data["measured"]]))

        return Scene(update)

    def describe(data: Mapping) -> str:
        where = (
            "At the minimiser"
            if data["distance"] == 0
            else f"At distance {say(data['distance'])} from the minimiser"
        )
        how = "" if data["way"] == WITH else " without replacement"
        return (
            f"Batches of {data['B']}{how}. {where} {ESTIMATES} estimates are {say(data['measured'], 2)} off the true "
            f"gradient, of length {say(round(float(np.linalg.norm(data['g'])), 9), 2)}; predicted are {say(data['predicted'], 2)}."
        )

    return LiveFigure(
        "The cloud of estimates", starting(controls, batch_size=batch_size, distance=distance, way=way),
        compute, build, describe, size=(720, 360), on_reset=lambda: (run.try_again(), predict.try_again()),
    )  # fmt: skip


@lru_cache(maxsize=1)
def trials() -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """Return how far estimates are off the gradient (TRIALS, MOST, 2), sigma^2, some batch sizes, distances there."""
    X, y, lowest = patients()
    each_one = per_example_gradients(lowest + 0.5 * OUTWARD, X, y)
    off = running_estimates(each_one - each_one.mean(axis=0), MOST, TRIALS, np.random.default_rng(8))
    sizes = np.unique(np.geomspace(1, MOST, 45).round().astype(int))
    return (
        off.astype(np.float32),
        gradient_noise(each_one, 1, True),
        sizes,
        np.linalg.norm(off[:, sizes - 1], axis=-1),
    )


def chebyshev_failures(
    eps: float = 0.25, delta: float = 0.25, method: Callable = chebyshev_batch_size
) -> LiveFigure:
    """Return the figure of Chebyshev's batch size against how often batches of every size fail.

    An estimate fails if it is eps or more off the true gradient; delta of them may. Data as in `gradient_cloud`, at
    distance 0.5. Controls `eps` and `delta`. `method(sigma2, eps, delta)` may be your own. Raises ValueError if a
    start is out of its range or `method` is no function.

    >>> chebyshev_failures(eps=0.5)
    How large a batch. ε = 0.5, δ = 0.25: ...

    Source: Chebyshev 1867, J. Math. Pures Appl. 12.
    """
    run = Runner(method, ours=chebyshev_batch_size)
    controls = {
        "eps": LogSlider("tolerance ε", 2.0**-2.5, 1, start=0.25, per_octave=4),
        "delta": LogSlider("may fail δ", 2.0**-4, 0.5, start=0.25, per_octave=4),
    }

    def compute(eps: float, delta: float) -> Mapping:
        off, sigma2, sizes, distances = trials()
        B = float(run({"sigma2": sigma2, "eps": eps, "delta": delta}, shape=()))
        if round(B) != B or not 1 <= B <= MOST:
            raise Trouble(f"A batch of {B:g} was asked for; the figure has whole ones from 1 to {MOST}.")
        these = off[:, round(B) - 1]
        failed = np.linalg.norm(these, axis=-1) >= eps
        rates = np.mean(distances >= eps, axis=0)
        enough = np.flatnonzero(rates <= delta)
        return {
            "eps": eps, "delta": delta, "B": round(B), "these": these, "failed": failed, "sizes": sizes,
            "rates": rates, "bound": np.minimum(sigma2 / (sizes * eps**2), 1.0), "rate": float(failed.mean()),
            "enough": int(sizes[enough[0]]) if len(enough) else MOST,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            map_ = canvas.axes(
                58, 48, 344, 334, xlim=(-1.7, 1.7), ylim=(-1.7, 1.7), xlabel="off in coordinate 1, in units of ε",
                ylabel="off in coordinate 2, in units of ε",
            )  # fmt: skip
            chart = canvas.axes(
                432, 48, 704, 306, xscale="log", yscale="log", xlim=(0.85, 2500), ylim=(8e-4, 1.3),
                xlabel="batch size B", ylabel="share that fails",
            )  # fmt: skip
            chart.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
            chart.set_yticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
            chart.minorticks_off()
            map_.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        near = cloud(canvas, map_, style.BLUE, 3.4, 0.4)
        far = cloud(canvas, map_, style.MEASURED, 4.6, 0.9)
        ring = Curve(canvas, map_, style.THEORY, 1.6, zorder=5)
        note = Badge(canvas, map_, 0.02, 0.02, va="bottom")
        bound = Curve(canvas, chart, style.THEORY, 1.5, style.DASHES)
        allowed = Curve(canvas, chart, style.GREEN, 1.5, style.DOTS)
        dots = Dots(canvas, chart, size=4.5)
        asked = MarkedLine(canvas, chart, "", style.INK, level=0.06)
        key(canvas, map_, [("within ε", {**MEASURED, "color": style.BLUE}), ("fails", MEASURED)], y=1.0)
        key(
            canvas, chart,
            [("measured", MEASURED), ("σ²/(Bε²)", THEORY), ("δ", {"color": style.GREEN, "ls": style.DOTS})],
            y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            shown, failed = data["these"][:SHOWN] / data["eps"], data["failed"][:SHOWN]
            near.set(*shown[~failed].T)
            far.set(*shown[failed].T)
            ring.set(*CIRCLE)
            note.set(f"{failed.sum()} of these {SHOWN} fail", colour=style.MEASURED)
            bound.set(data["sizes"], data["bound"])
            allowed.set(np.array([0.85, 2500]), np.full(2, data["delta"]))
            dots.set(data["sizes"], np.where(data["rates"] > 0, data["rates"], np.nan))
            asked.text = f"B = {data['B']}"
            asked.set(data["B"])

        return Scene(update)

    def describe(data: Mapping) -> str:
        return (
            f"ε = {say(data['eps'])}, δ = {say(data['delta'])}: Chebyshev asks for {count(data['B'], 'row')}. Of such batches "
            f"{data['rate']:.1%} fail, and {data['delta']:.1%} may. Here about {data['enough']} would have been enough."
        )

    return LiveFigure(
        "How large a batch", starting(controls, eps=eps, delta=delta), compute, build, describe, size=(720, 360),
        on_reset=run.try_again,
    )  # fmt: skip
