"""Down a landscape that nobody describes: the gap of every point a method asks about, against the number of calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.applications import capstone as landscapes
from helpers.applications.capstone import KINDS, Landscape, capstone
from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Choice, LogSlider, starting
from helpers.explore.live import LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.words import say
from helpers.oracle import asking

FIXED = 0.1  # the step size of the method that knows one step size
MOST = 300  # calls on the axis


@lru_cache(maxsize=32)
def drawn(kind: str, seed: int) -> tuple[Landscape, float]:
    """Return the landscape of this kind and seed, of steepness 1, and the share of the first gap to reach on it."""
    land = landscapes.draw(kind, np.random.default_rng(seed), (0.0, 0.0))
    return land, landscapes.bar(land)[0] / land.gap(land.x0)


def blind_descent(
    kind: str = "ill-conditioned", steepness: float = 1.0, method: Callable = capstone, seed: int = 1
) -> LiveFigure:
    """Return the figure of a method that finds its own way, beside one fixed step, in gap against calls.

    Controls `kind` and `steepness`. Every gap is a share of the first one; the dashed line is the share to reach.
    `method(oracle, x0, budget)` may be your own; `seed` gives other landscapes of the same kinds. Raises ValueError
    if `method` is no function or a start is out of its range.

    >>> blind_descent()
    Blind descent. An ill-conditioned landscape, ...

    Source: Nemirovski and Yudin 1983, Problem Complexity and Method Efficiency in Optimization (counting calls).
    """
    run = Runner(method, ours=capstone)
    controls = {
        "kind": Choice("landscape", tuple(KINDS), start="bowl"),
        "steepness": LogSlider("steepness", 1 / 64, 64, start=1.0),
    }
    for name in KINDS:  # here, not while a control moves
        drawn(name, seed)

    def compute(kind: str, steepness: float) -> Mapping:
        land, bar = drawn(kind, seed)
        first, ledger = land.gap(land.x0), land.oracle.open()
        oracle = asking(len(land.x0), lambda x: steepness * ledger.answer(x))
        end = run({"oracle": oracle, "x0": land.x0, "budget": land.budget}, shape=land.x0.shape)
        # What is no learner's need not be asked through the oracle, which checks and notes down every question.
        grad = land.oracle.open().answer if land.noise else land.problem.grad
        fixed = gradient_descent(grad, land.x0, FIXED * steepness, land.budget - 1)
        return {
            "kind": kind, "budget": land.budget, "calls": ledger.calls, "bar": bar,
            "asked": shares(land, np.array(ledger.points).reshape(-1, len(end)), first),
            "fixed": shares(land, fixed, first), "end": land.gap(end) / first,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            axes = canvas.axes(
                66, 46, 704, 308, yscale="log", xlim=(-4, MOST + 8), ylim=(1e-9, 100), xlabel="calls of the oracle",
                ylabel="gap, as a share of the first",
            )  # fmt: skip
        bar = Curve(canvas, axes, style.THEORY, 1.5, style.DASHES, zorder=5)
        fixed, asked = Dots(canvas, axes, style.BLUE, 3), Dots(canvas, axes, style.MEASURED, 3.5)
        end = Curve(canvas, axes, style.INK, 0, marker="o", ms=11, mfc="none", mew=2, zorder=6, clip_on=False)
        note = Badge(canvas, axes, 0.985, 0.96, ha="right")
        ring = {"marker": "o", "ms": 8, "mfc": "none", "mec": style.INK, "mew": 2, "lw": 0}
        key(
            canvas, axes,
            [("asked about", MEASURED), ("returned", ring), (f"fixed step {FIXED:g}", {**MEASURED, "color": style.BLUE}),
             ("to reach", THEORY)],
            y=1.01,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            low, high = axes.get_ylim()
            fixed.set(np.arange(len(data["fixed"])) + 1, data["fixed"])
            asked.set(np.arange(len(data["asked"])) + 1, data["asked"])
            bar.set(np.array([0, data["budget"]]), np.full(2, data["bar"]))
            share = data["end"] if np.isfinite(data["end"]) else high
            end.set(np.array([data["calls"]]), np.array([np.clip(share, low, high)]))
            reached = data["end"] <= data["bar"]
            note.set(
                "reached" if reached else "not reached", colour=style.BLUE if reached else style.VERMILLION
            )

        return Scene(update)

    def describe(data: Mapping) -> str:
        name = "round bowl" if data["kind"] == "bowl" else f"{data['kind']} landscape"
        return (
            f"{'An' if name[0] in 'aeiou' else 'A'} {name}, a budget of {data['budget']} calls. After {data['calls']} the "
            f"point that comes back has {share(data['end'])} of the first gap; {share(data['bar'])} is to be reached. The "
            f"step {FIXED:g} ends at {share(data['fixed'][-1])}."
        )

    return LiveFigure(
        "Blind descent", starting(controls, kind=kind, steepness=steepness), compute, build, describe,
        size=(720, 346), on_reset=run.try_again,
    )  # fmt: skip


def share(value: float) -> str:
    """Return a share in words; below 10^-12 rounding decides it."""
    return say(value) if value >= 1e-12 else "less than 10⁻¹²"


def shares(land: Landscape, points: np.ndarray, first: float) -> np.ndarray:
    """Return the gaps of points (n, d) as shares of the first; inf where a walk has left all numbers."""
    with np.errstate(all="ignore"):
        gaps = (land.problem.f(points) - land.problem.f(land.problem.minimiser)) / first
    return np.where(np.isfinite(gaps), np.maximum(gaps, 0), np.inf)
