"""Chapter 09: atoms that fold into a cluster, and the longest step for a pair of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import numpy as np

from helpers.applications.chemistry import (
    BOND,
    MINIMA,
    critical_pair_step,
    lennard_jones_energy,
    lennard_jones_gradient,
    pair_energy,
    scattered_atoms,
)
from helpers.descent import gradient_descent
from helpers.draw import Badge, Canvas, Curve, Dots, key, style
from helpers.draw.atoms import Atoms
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Choice, LogSlider, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.playing import PlayingFigure
from helpers.explore.runs import Runner
from helpers.explore.stepwise import Stepwise
from helpers.explore.words import count, say

ALPHA, MOST = 0.002, 1024
STARTS = {
    3: 31,
    4: 30,
    7: 12,
    13: 26,
}  # seeds of scattered atoms from which plain descent finds the lowest minimum
SHOWN = np.unique(np.round(2.0 ** np.arange(0, 10.01, 0.25)).astype(int))  # the steps whose energy is drawn
CLOSE = 1.25  # pairs within this distance get a stick


def cluster_folding(
    atoms: str = "13",
    n_steps: float = 1024.0,
    turn: float = 20.0,
    method: Callable = lennard_jones_gradient,
    energy: Callable = lennard_jones_energy,
) -> LiveFigure:
    """Return the figure of scattered atoms that gradient descent folds into the lowest cluster that is published.

    Beside it the energy against the steps. Controls `atoms`, `n_steps` and `turn`, in degrees; the button plays the
    folding. `method(x)` is the gradient and `energy(x)` the energy; both may be your own. Raises ValueError if a
    start is out of its range or a method is no function.

    >>> cluster_folding("7")
    Atoms fold. 7 atoms, 1024 steps: ...

    Source: Wales and Doye 1997, J. Phys. Chem. A 101 (the published minima).
    """
    slope, height = Runner(method, ours=lennard_jones_gradient), Runner(energy, ours=lennard_jones_energy)
    controls = {
        "atoms": Choice("atoms", tuple(map(str, MINIMA)), start="13"),
        "n_steps": LogSlider("steps k", 1, MOST, start=1024.0, per_octave=4, readout=".0f"),
        "turn": Slider("turn", -180, 180, 5, start=20, readout=".0f"),
    }
    walk, energies = Stepwise(), {}

    def path_and_heights(n: int, k: int) -> tuple:
        """The atoms after k steps, and the energies at those SHOWN steps that are no later."""
        path, measured = folded(n)
        shown = SHOWN[k >= SHOWN]
        if slope.method is not lennard_jones_gradient:
            path = walk.upto(k, n, path[0], lambda x: x - ALPHA * slope({"x": x}, shape=x.shape))
        elif height.method is lennard_jones_energy:
            return path[k], shown, measured[: len(shown)]
        for at in shown:
            if (n, at) not in energies:
                energies[n, at] = float(height({"x": path[at]}, shape=()))
        return path[k], shown, np.array([energies[n, at] for at in shown])

    def compute(atoms: str, n_steps: float, turn: float) -> Mapping:
        n, k = int(atoms), round(n_steps)
        x, shown, heights = path_and_heights(n, k)
        i, j = np.triu_indices(n, k=1)
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.linalg.norm(x[i] - x[j], axis=1) < CLOSE
            wide = reach(folded(n)[0][0]), min(reach(x), 100.0)  # at the start, and now
        return {
            "n": n, "k": k, "bonds": np.stack([i, j], axis=1)[near], "zoom": 2.35 / np.sqrt(np.prod(wide)),
            "places": (x - x.mean(axis=0)) @ upright(n) @ turned(turn), "shown": shown, "heights": heights,
            "here": heights[-1], "lowest": MINIMA[n], "turn": turn,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            space = canvas.axes(8, 8, 348, 348, xlim=(-2.6, 2.6), ylim=(-2.6, 2.6))
            space.set_axis_off()
            chart = canvas.axes(
                436, 50, 704, 306, xscale="log", xlim=(0.9, MOST * 1.12), xlabel="step k", ylabel="energy"
            )
            chart.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
            chart.minorticks_off()
        published = Curve(canvas, chart, style.THEORY, 1.5, style.DASHES)
        balls = Atoms(canvas, space)
        line, dots = Curve(canvas, chart, style.MEASURED, 1.6), Dots(canvas, chart, size=4)
        here = Dots(canvas, chart, size=9)
        note = Badge(canvas, chart, 0.98, 0.97, ha="right")
        key(canvas, chart, [("measured", MEASURED), ("published minimum", THEORY)], y=1.01)

        def update(data: Mapping) -> None:
            low, high = 1.1 * data["lowest"], -0.06 * data["lowest"]
            if chart.get_ylim() != (
                low,
                high,
            ):  # draws a new background, which setting the same ones would do too
                chart.set_ylim(low, high)
            balls.set(data["zoom"] * data["places"], data["bonds"], 0.33 * data["zoom"])
            published.set(np.array(chart.get_xlim()), np.full(2, data["lowest"]))
            line.set(data["shown"], np.clip(data["heights"], 2 * low, -2 * low))
            dots.set(data["shown"], data["heights"])
            here.set(data["shown"][-1:], data["heights"][-1:])
            note.set(f"{data['here']:.6f}".replace("-", "−"), colour=style.MEASURED)

        return Scene(update)

    def describe(data: Mapping) -> str:
        away = data["here"] - data["lowest"]
        words = (
            "the lowest minimum that is published"
            if abs(away) < 1e-6
            else f"{say(away, 2)} above the published minimum"
        )
        return (
            f"{data['n']} atoms, {count(data['k'], 'step')}: energy {say(data['here'], 6)}, {words}. "
            f"{count(len(data['bonds']), 'pair')} within {say(CLOSE)}, seen from {say(data['turn'])} degrees."
        )

    def play(atoms: str, n_steps: float, turn: float) -> Iterator[Mapping]:
        for octave in np.arange(0, 10.5, 0.5):
            yield {"n_steps": float(2.0**octave), "turn": float(-180 + (turn + 180 + 10 * octave) % 360)}

    def again() -> None:
        walk.forget()
        energies.clear()
        slope.try_again()
        height.try_again()

    return PlayingFigure(
        "Atoms fold", starting(controls, atoms=atoms, n_steps=n_steps, turn=turn), compute, build, describe,
        size=(720, 356), on_reset=again, play=play, label="Fold",
    )  # fmt: skip


@lru_cache(maxsize=4)
def folded(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the course's own path (MOST + 1, n, 3) for n atoms, and the energies at the SHOWN steps."""
    x0 = scattered_atoms(n, np.random.default_rng(STARTS[n]))
    path = gradient_descent(lennard_jones_gradient, x0, ALPHA, MOST)
    return path, lennard_jones_energy(path[SHOWN])


def reach(x: np.ndarray) -> float:
    """Return the distance of the outermost atom from the middle, and a bit more for its ball; 100 where it is lost."""
    away = np.linalg.norm(x - x.mean(axis=0), axis=1).max()
    return float(away) + 0.4 if np.isfinite(away) else 100.0


@lru_cache(maxsize=4)
def upright(n: int) -> np.ndarray:
    """Return the rotation (3, 3) after which a corner of the folded cluster points up."""
    end = folded(n)[0][-1]
    end = end - end.mean(axis=0)
    away = np.linalg.norm(end, axis=1)
    # The bipyramid of seven has its tips nearest to the middle; elsewhere any corner will do.
    up = end[np.argmin(away)] if n == 7 else end[np.argmax(away)]
    up = up / np.linalg.norm(up)
    across = np.cross(up, end[np.argmin(np.abs(end @ up) - 1e-3 * away)])
    across = across / np.linalg.norm(across)
    return np.stack([across, up, np.cross(across, up)], axis=1)


def turned(degrees: float) -> np.ndarray:
    """Return the rotation (3, 3) about the vertical by so many degrees, then a little towards the eye."""
    a, b = np.radians(degrees), np.radians(18)
    about = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), np.sin(b)], [0, -np.sin(b), np.cos(b)]])
    return about @ nod


WHO = ("one atom moves", "both move")


def pair_steps(
    alpha: float = 2.0**-5, r0: float = 1.3, who: str = WHO[0], method: Callable = critical_pair_step
) -> LiveFigure:
    """Return the figure of two atoms that look for their best distance, 2^(1/6), by gradient descent.

    The dashed line is the distance to it as the curvature there predicts, |1 - 2 alpha/critical|^k. Controls
    `alpha`, `r0` (draggable) and `who` moves. `method(epsilon, sigma)` gives the critical step for one moving atom
    and may be your own. Raises ValueError if a start is out of its range or `method` is no function.

    >>> pair_steps(alpha=0.01)
    Two atoms. Steps of 0.01, 0.286 of the critical 0.035: ...

    Source: Jones 1924, Proc. R. Soc. Lond. A 106.
    """
    limit_of, n_steps = Runner(method, ours=critical_pair_step), 40
    controls = {
        "alpha": LogSlider("step α", 2.0**-10, 2.0**-3, start=2.0**-5),
        "r0": Slider("start r", 1.0, 1.8, 0.01, start=1.3),
        "who": Choice("who", WHO, start=WHO[0]),
    }
    steps, r = np.arange(n_steps + 1), np.linspace(0.98, 2.0, 160)

    def compute(alpha: float, r0: float, who: str) -> Mapping:
        moves = np.array([[float(who == WHO[1])], [1.0]])
        x0 = np.array([[0.0, 0.0, 0.0], [r0, 0.0, 0.0]])
        path = gradient_descent(lambda x: moves * lennard_jones_gradient(x), x0, alpha, n_steps)
        at = path[:, 1, 0] - path[:, 0, 0]
        critical = float(limit_of({"epsilon": 1.0, "sigma": 1.0}, shape=())) / moves.sum()
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            theory = np.abs(r0 - BOND) * np.abs(1 - 2 * np.divide(alpha, critical)) ** steps
            heights = lennard_jones_energy(path)
        return {
            "alpha": alpha, "r": at, "heights": heights, "off": np.abs(at - BOND), "theory": theory,
            "critical": critical, "share": float(np.divide(alpha, critical)), "who": who,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            well = canvas.axes(
                58,
                48,
                344,
                300,
                xlim=(0.95, 2.0),
                ylim=(-1.15, 0.75),
                xlabel="distance r",
                ylabel="energy V(r)",
            )
            well.set_yticks([-1, -0.5, 0, 0.5], ["−1", "−0.5", "0", "0.5"])
            well.plot(r, pair_energy(r), color=style.FUNCTION, lw=1.8, zorder=3)
            well.plot(BOND, -1, "+", color=style.INK, ms=10, mew=1.6, zorder=3.5)
            well.text(BOND, -1.06, "2$^{1/6}$", ha="center", va="top", fontsize=8.5, color=style.SOFT)
            chart = canvas.axes(
                438, 48, 704, 300, yscale="log", xlim=(-1, n_steps + 1), ylim=(1e-7, 3), xlabel="step k",
                ylabel="distance to the best",
            )  # fmt: skip
        line, dots = Curve(canvas, well, style.MEASURED, 1.0), Dots(canvas, well, size=5)
        first = Dots(canvas, well, style.INK, 9)
        theory, off = Curve(canvas, chart, style.THEORY, 1.3, style.DASHES), Dots(canvas, chart)
        note = Badge(canvas, well, 0.98, 0.97, ha="right")
        key(canvas, chart, [("measured", MEASURED), ("by the curvature", THEORY)], y=1.01)

        def update(data: Mapping) -> None:
            line.set(data["r"], data["heights"])
            dots.set(data["r"][1:], np.where(data["r"][1:] < 2.0, data["heights"][1:], np.nan))
            first.set(data["r"][:1], data["heights"][:1])
            theory.set(steps, np.minimum(data["theory"], 1e3))
            off.set(steps, data["off"])
            note.set(
                f"α = {say(data['share'], 2)} × critical",
                colour=style.MEASURED if data["share"] > 1 else style.INK,
            )

        return Scene(update, Drag(well, lambda data: (data["r"][0], data["heights"][0]), x="r0"))

    def describe(data: Mapping) -> str:
        end = data["off"][-1]
        where = f"{say(end, 2)} from the best distance" if np.isfinite(end) else "nowhere"
        return (
            f"Steps of {say(data['alpha'])}, {say(data['share'])} of the critical {say(data['critical'])}: from "
            f"{say(data['r'][0])} the run is {where} after {n_steps} steps; {data['who']}."
        )

    return LiveFigure(
        "Two atoms", starting(controls, alpha=alpha, r0=r0, who=who), compute, build, describe, size=(720, 344),
        on_reset=limit_of.try_again,
    )  # fmt: skip
