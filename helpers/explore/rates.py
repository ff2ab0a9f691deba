"""Chapter 03: what one step leaves of the distance, for every step size; what a condition number costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.conditioning import contraction_factor, optimal_step, steps_to_tolerance
from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import count, say
from helpers.problems import quadratic_with_spectrum

FLAT, STEEP = style.BLUE, style.PURPLE
KAPPAS = 2.0 ** np.arange(11)  # where steps are counted by running them
AROUND = np.stack([np.cos(turn := np.linspace(0, np.pi, 61)), np.sin(turn)], axis=-1)  # starts at distance 1
MOST = 8000  # steps of a counted run: enough for kappa = 1024 and 1e-6 at the best step


def one_by_one(method: Callable, ours: Callable) -> Callable:
    """Return a function of an array and more numbers that calls a learner's `method` for one entry at a time."""
    if method is ours or not callable(method):
        return method

    def each(values: np.ndarray, *others: float) -> list | None:
        results = [method(float(value), *others) for value in values]
        return None if any(result is None for result in results) else results

    return each


def best_step(kappa: float = 4.0, alpha: float = 1.25, method: Callable = contraction_factor) -> LiveFigure:
    """Return the figure of the contraction factor against alpha, with its kink at 2/(L + mu), for L = 1.

    Beside it: the distance of runs with the chosen alpha, from a start as far along each eigenvector, and
    factor^k. Controls `kappa` and `alpha` (draggable). `method(alpha, L, mu)` may be your own. Raises
    ValueError if a start is out of its range or `method` is no function.

    >>> best_step(kappa=4.0, alpha=1.6)
    The best constant step. Condition number 4, step 1.6: ...

    Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4; Polyak 1987, Introduction to Optimization, section 1.4.
    """
    run = Runner(one_by_one(method, contraction_factor), ours=contraction_factor)
    controls = {
        "kappa": LogSlider("condition κ", 1, 256, start=4.0, per_octave=4),
        "alpha": Slider("step size α", 0.0, 2.4, 0.01, start=1.0),
    }
    n_steps = 30
    steps = np.arange(n_steps + 1)

    def compute(kappa: float, alpha: float) -> Mapping:
        L, mu = 1.0, 1 / kappa
        best = float(optimal_step(L, mu))
        # Three special places: the present step, the kink, and 1/L, so that none falls between grid points.
        steps_tried = np.concatenate([[alpha, best, 1.0], np.linspace(0, 2.4, 97)])
        factors = run({"alpha": steps_tried, "L": L, "mu": mu}, shape=steps_tried.shape)
        order = np.argsort(steps_tried)
        problem = quadratic_with_spectrum([mu, L])
        path = gradient_descent(problem.grad, np.full(2, np.sqrt(0.5)), np.array([alpha, 1.0, best]), n_steps)
        after = gradient_descent(problem.grad, AROUND, alpha, 1)[1]
        return {
            "kappa": kappa, "mu": mu, "alpha": alpha, "best": best, "factor": float(factors[0]),
            "least": float(factors[1]), "alphas": steps_tried[order], "factors": factors[order],
            "distances": np.linalg.norm(path, axis=-1),
            "measured": float(np.max(np.linalg.norm(after, axis=-1))),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                58,
                48,
                372,
                296,
                xlim=(0, 2.4),
                ylim=(0, 1.4),
                xlabel="step size α",
                ylabel="factor of one step",
            )
            chart.axhline(1, color=style.SOFT, lw=0.9, zorder=1)
            right = canvas.axes(
                452, 48, 704, 296, yscale="log", xlim=(-0.5, n_steps + 0.5), ylim=(1e-6, 30), xlabel="step k",
                ylabel="distance to the minimiser",
            )  # fmt: skip
        flat, steep = (Curve(canvas, chart, colour, 1.5, style.DASHES) for colour in (FLAT, STEEP))
        whole = Curve(canvas, chart, style.INK, 2.6, zorder=2.8)
        marks = [
            MarkedLine(canvas, chart, "1/L", style.SOFT, style.DOTS),
            MarkedLine(canvas, chart, "2/(L + μ)", style.GREEN, style.DASHES),
            MarkedLine(canvas, chart, "2/L", style.INK, style.DOTS),
        ]
        dot = Dots(canvas, chart, size=8)
        note = Badge(canvas, chart, 0.03, 0.98)
        safe = Curve(canvas, right, style.SOFT, 1.6, style.DOTS)
        ideal = Curve(canvas, right, style.GREEN, 1.6, style.DASHES)
        theory, measured = Curve(canvas, right, style.THEORY, 1.2, style.DASHES), Dots(canvas, right)
        key(
            canvas, chart,
            [("measured", MEASURED),
             ("largest", {"color": style.INK, "lw": 2.6}), ("|1 − αμ|", {"color": FLAT, "ls": style.DASHES}),
             ("|1 − αL|", {"color": STEEP, "ls": style.DASHES})],
            y=1.07,
        )  # fmt: skip
        key(
            canvas, right,
            [("α", MEASURED), ("factorᵏ", THEORY), ("1/L", {"color": style.SOFT, "ls": style.DOTS}),
             ("best", {"color": style.GREEN, "ls": style.DASHES})],
            y=1.07,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            flat.set(data["alphas"], np.abs(1 - data["alphas"] * data["mu"]))
            steep.set(data["alphas"], np.abs(1 - data["alphas"]))
            whole.set(data["alphas"], data["factors"])
            for mark, place in zip(marks, (1.0, data["best"], 2.0), strict=True):
                # The kink moves from 1/L to 2/L: where two names would overlap, only its own is shown.
                mark.set(place if place == data["best"] or abs(place - data["best"]) > 0.3 else np.nan)
            dot.set(np.array([data["alpha"]]), np.array([data["measured"]]))
            words, colour = held_up_by(data)
            note.set(words, colour=colour)
            chosen, one_over_L, best = data["distances"].T
            safe.set(steps, one_over_L)
            ideal.set(steps, best)
            theory.set(steps, data["factor"] ** steps)
            measured.set(steps, chosen)

        return Scene(
            update, Drag(chart, lambda data: (data["alpha"], data["factor"]), x="alpha", label="step size")
        )

    def describe(data: Mapping) -> str:
        return (
            f"Condition number {say(data['kappa'])}, step {say(data['alpha'])}: one step leaves at most "
            f"{say(data['factor'])} of the distance. The best step is 2/(L + μ) = {say(data['best'])}, which leaves "
            f"{say(data['least'])}; 1/L leaves {say(1 - data['mu'])}, and 2/L = 2 is the limit."
        )

    return LiveFigure(
        "The best constant step", starting(controls, kappa=kappa, alpha=alpha), compute, build, describe,
        size=(720, 346), on_reset=run.try_again,
    )  # fmt: skip


def held_up_by(data: Mapping) -> tuple[str, str]:
    """Return in words which direction is the slower one, and its colour."""
    if abs(data["alpha"] - data["best"]) < 0.005:
        return "both directions\nequally fast", style.GREEN
    if data["alpha"] < data["best"]:
        return "slowest:\nthe flat direction", FLAT
    return "slowest:\nthe steep direction", STEEP


def steps_against_kappa(
    eps: float = 2.0**-10, kappa: float = 64.0, method: Callable = steps_to_tolerance
) -> LiveFigure:
    """Return the figure of the steps until the distance has fallen to eps, against kappa, both axes logarithmic.

    The dots are counted: runs of gradient descent from a start as far along each eigenvector, with the best
    step and with 1/L. The curve is `method(kappa, eps)` at the best step, which may be your own. Controls
    `kappa` (draggable) and `eps`. Raises ValueError if a start is out of its range or `method` is no function.

    >>> steps_against_kappa(eps=2.0**-10, kappa=64.0)
    What a condition number costs. ...

    Source: Polyak 1987, Introduction to Optimization, section 1.4.
    """
    run = Runner(one_by_one(method, steps_to_tolerance), ours=steps_to_tolerance)
    controls = {
        "kappa": LogSlider("condition κ", 1, 1024, start=64.0, per_octave=4),
        "eps": LogSlider("tolerance ε", 2.0**-20, 0.5, start=2.0**-10, per_octave=1, readout=".1e"),
    }
    curve = 2.0 ** np.linspace(0, 10, 41)

    def compute(kappa: float, eps: float) -> Mapping:
        inputs = {"kappa": np.append(curve, kappa), "eps": eps}
        needed = run(inputs, shape=(len(curve) + 1,))
        counted = first_below(eps)
        return {
            "kappa": kappa, "eps": eps, "curve": curve, "theory": needed[:-1], "steps": float(needed[-1]),
            "best": counted[0], "safe": counted[1],
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                72, 48, 704, 316, xscale="log", yscale="log", xlim=(0.85, 1300), ylim=(0.7, 3e4),
                xlabel="condition number κ = L/μ", ylabel="steps",
            )  # fmt: skip
            chart.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
            chart.set_yticks([1, 10, 100, 1000, 10000], ["1", "10", "100", "1000", "10 000"])
        theory = Curve(canvas, chart, style.THEORY, 1.5, style.DASHES)
        safe, best = Dots(canvas, chart, style.SOFT, 5), Dots(canvas, chart, style.MEASURED, 6)
        here, level = MarkedLine(canvas, chart, "κ", style.GREEN), Curve(canvas, chart, style.GREEN, 1.3)
        note = Badge(canvas, chart, 0.98, 0.05, size=11, ha="right", va="bottom")
        key(
            canvas, chart,
            [("counted, step 2/(L + μ)", MEASURED), ("counted, step 1/L", {**MEASURED, "color": style.SOFT}),
             ("theory for 2/(L + μ)", THEORY)],
            y=1.06,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            theory.set(data["curve"], data["theory"])
            for artist, counts in ((best, data["best"]), (safe, data["safe"])):
                seen = counts > 0
                artist.set(KAPPAS[seen], counts[seen])
            here.set(data["kappa"])
            level.set(np.array([0.85, data["kappa"]]), np.array([data["steps"]] * 2))
            note.set(count(round(data["steps"]), "step"), colour=style.GREEN)

        return Scene(
            update, Drag(chart, lambda data: (data["kappa"], data["steps"]), x="kappa", label="condition")
        )

    def describe(data: Mapping) -> str:
        kappa, eps = data["kappa"], data["eps"]
        words = (
            f"Condition number {say(kappa)}: {count(round(data['steps']), 'step')} of the best size until a distance "
            f"of 1 is at most {say(eps)}."
        )
        if kappa < 4:
            return words
        return (
            f"{words} For large κ that is about κ/2·ln(1/ε) = {say(kappa / 2 * np.log(1 / eps))}: twice the condition "
            "number, twice the steps. The step 1/L needs about twice as many."
        )

    return LiveFigure(
        "What a condition number costs", starting(controls, kappa=kappa, eps=eps), compute, build, describe,
        size=(720, 366), on_reset=run.try_again,
    )  # fmt: skip


@lru_cache(maxsize=1)
def distances() -> np.ndarray:
    """Return |x_k| / |x_0| of gradient descent, shape (2, kappas, MOST + 1), for the best step and for 1/L."""
    lam = np.stack([1 / KAPPAS, np.ones(len(KAPPAS))], axis=-1)
    alphas = np.stack([optimal_step(1.0, 1 / KAPPAS), np.ones(len(KAPPAS))])
    path = gradient_descent(lambda x: lam * x, np.full(lam.shape, np.sqrt(0.5)), alphas, MOST)
    return np.moveaxis(np.linalg.norm(path, axis=-1), 0, -1)


def first_below(eps: float) -> np.ndarray:
    """Return the first k with |x_k| <= eps |x_0| for each step size and kappa, shape (2, kappas); 0 if none."""
    # The relative 1e-12 is rounding: where the distance comes down to eps exactly, it has arrived.
    return np.argmax(distances() <= eps * (1 + 1e-12), axis=-1)
