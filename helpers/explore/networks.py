"""Chapter 09: opinions on a network that become one, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.applications import (
    best_consensus_weight,
    consensus,
    consensus_step,
    graph_laplacian,
    karate_club,
    path_graph,
    ring_graph,
    star_graph,
    stress_layout,
)
from helpers.draw import Badge, Canvas, Curve, Dots, MarkedLine, Words, key, style
from helpers.draw.graphs import OPINION, Bundle, Network
from helpers.draw.marks import MEASURED, THEORY
from helpers.explore.controls import Choice, Count, Slider, starting
from helpers.explore.live import Drag, LiveFigure, Scene
from helpers.explore.runs import Runner, Trouble
from helpers.explore.words import count, say

__all__ = ["colours_agree"]

N_STEPS = 100
STARTS = ("random", "one voice", "two camps", "left to right")


def colours_agree(
    network: str = "karate club",
    start: str = "random",
    share: float = 0.5,
    k: int = 6,
    method: Callable = consensus_step,
    weight: Callable = best_consensus_weight,
) -> LiveFigure:
    """Return the figure of a network whose nodes take over each other's colours until all have the mean.

    Controls `network`, `start` (random opinions, one voice against all, two camps, by place), `share` (alpha in units of the
    best weight) and `k`, the step that is shown (draggable). Dashed is what the modes of lam_2 and lam_n keep of the
    disagreement, which is all that is left in the end; dotted the best rate to the power k. `method(laplacian, x, alpha)` makes one step, `weight(laplacian)` gives the
    best weight and its rate; both may be your own. Raises ValueError if a start is out of its range or one of
    them is no function.

    >>> colours_agree("path of 10", share=1.0)
    Opinions become one. path of 10, ...

    Source: Xiao and Boyd 2004, Systems & Control Letters 53; Zachary 1977, J. Anthropol. Research 33 (the club).
    """
    step, best = Runner(method, ours=consensus_step), Runner(weight, ours=best_consensus_weight)
    controls = {
        "network": Choice("network", tuple(GRAPHS), start="karate club"),
        "start": Choice("opinions", STARTS, start="random"),
        "share": Slider("α / best α", 0.05, 1.1, 0.01, start=0.5),
        "k": Count("step k", 0, N_STEPS, start=6),
    }

    def walk(laplacian: np.ndarray, x0: np.ndarray, alpha: float) -> np.ndarray:
        if method is consensus_step:  # in one go, which checks the Laplacian once and not in every step
            return consensus(laplacian, x0, alpha, N_STEPS)
        path = [x0]
        for _ in range(N_STEPS):
            path.append(step({"laplacian": laplacian, "x": path[-1], "alpha": alpha}, shape=x0.shape))
        return np.array(path)

    def compute(network: str, start: str, share: float, k: int) -> Mapping:
        graph = prepared(network)
        x0, steps = graph["starts"][start], np.arange(N_STEPS + 1)
        best_alpha, best_rate = (float(v) for v in best({"laplacian": graph["laplacian"]}, shape=(2,)))
        alpha = share * best_alpha
        if not 0 <= alpha < np.inf:
            raise Trouble(f"Your best weight is {say(best_alpha)}: no step can be made with it.")
        path = walk(graph["laplacian"], x0, alpha)
        with np.errstate(over="ignore", invalid="ignore"):
            gap = np.linalg.norm(path - x0.mean(), axis=1) / np.linalg.norm(x0 - x0.mean())
            factor = float(np.abs(1 - alpha * graph["lam"][[1, -1]]).max())
            kept = (1 - alpha * graph["lam"][graph["slowest"]]) ** steps[:, None] * graph["shares"][start]
            theory, promise = np.linalg.norm(kept, axis=1), np.abs(best_rate) ** steps
        return {
            **graph, "name": network, "share": share, "alpha": alpha, "best_alpha": best_alpha, "best_rate": best_rate,
            "factor": factor, "k": k, "path": path, "gap": gap, "theory": theory, "promise": promise, "steps": steps,
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        for name in GRAPHS:
            prepared(name)  # before anybody moves a slider
        with canvas.building():
            map_ = canvas.axes(8, 8, 372, 372, xlim=(-1.08, 1.08), ylim=(-1.08, 1.08))
            lines = canvas.axes(
                436, 222, 704, 362, xlim=(-1, N_STEPS + 1), ylim=(-1.15, 1.15), ylabel="opinion",
            )  # fmt: skip
            chart = canvas.axes(
                436, 46, 704, 168, yscale="log", xlim=(-1, N_STEPS + 1), ylim=(1e-3, 3), xlabel="step k",
                ylabel="disagreement",
            )  # fmt: skip
            lines.set_yticks([-1, 0, 1], ["−1", "mean", "1"])
            lines.tick_params(labelbottom=False)
        drawn, bundle = Network(canvas, map_), Bundle(canvas, lines, width=1.2)
        names = [Words(canvas, map_, size=8, bold=True, zorder=4) for _ in range(2)]
        now = [MarkedLine(canvas, axes, "", style.INK) for axes in (lines, chart)]
        theory = Curve(canvas, chart, style.THEORY, 1.4, style.DASHES, zorder=5)
        promise = Curve(canvas, chart, style.GREEN, 1.6, style.DOTS, zorder=3.2)
        gap, here = Dots(canvas, chart, size=3.2), Dots(canvas, chart, size=9, zorder=6)
        note = Badge(canvas, map_, 0.0, 1.0)
        key(
            canvas, chart,
            [("measured", {**MEASURED, "ms": 3.5}), ("modes 2 and n", THEORY),
             ("best rate", {"color": style.GREEN, "ls": style.DOTS})],
            x=-0.22, y=1.0,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            k, x = data["k"], np.clip(data["path"], -1e3, 1e3)
            drawn.set(data["places"], data["ends"], x[k], data["squares"])
            for words, (text, node) in zip(names, data["named"], strict=True):
                dark = abs(x[k][node]) > 0.55
                words.set(
                    text, x=data["places"][node, 0], y=data["places"][node, 1],
                    colour=style.PAPER if dark else style.INK,
                )  # fmt: skip
            inside = np.abs(x).max(axis=1) < 1.5  # a run that diverges is drawn until it has left the picture
            seen = slice(0, N_STEPS + 1 if inside.all() else int(np.argmin(inside)) + 1)
            along = np.broadcast_to(data["steps"][seen], x[seen].T.shape)
            bundle.set(np.stack([along, x[seen].T], axis=-1), OPINION((1 + x[0]) / 2))
            for line in now:
                line.set(k)
            theory.set(data["steps"], np.clip(data["theory"], 1e-9, 1e9))
            promise.set(data["steps"], np.clip(data["promise"], 1e-9, 1e9))
            gap.set(data["steps"], np.where(data["gap"] < 1e-3, np.nan, data["gap"]))
            here.set(np.array([k]), data["gap"][[k]])
            text, colour = verdict(data)
            note.set(text, colour=colour)

        return Scene(update, Drag(chart, lambda data: (data["k"], 1.0), x="k", label="step"))

    def describe(data: Mapping) -> str:
        return (
            f"{data['name']}, α = {say(data['alpha'])}, {say(data['share'])} of the best {say(data['best_alpha'])}: after "
            f"{count(data['k'], 'step')} {say(100 * data['gap'][data['k']])}% of the disagreement is left. In the long run a "
            f"step leaves {say(data['factor'])} of it, with the best weight {say(data['best_rate'])}."
        )

    return LiveFigure(
        "Opinions become one", starting(controls, network=network, start=start, share=share, k=k), compute, build,
        describe, size=(720, 384), on_reset=lambda: (step.try_again(), best.try_again()),
    )  # fmt: skip


def verdict(data: Mapping) -> tuple[str, str]:
    """Return the words on the map and their colour."""
    left = float(np.abs(data["path"][data["k"]]).max())
    if data["factor"] > 1 + 1e-9:
        return "beyond 2/λₙ", style.VERMILLION
    if left < 0.02:
        return "agreed", style.GREEN
    return "", style.INK


def horseshoe(n: int) -> np.ndarray:
    turn = np.radians(np.linspace(234, -54, n))
    return np.stack([np.cos(turn), np.sin(turn)], axis=-1)


GRAPHS = {
    "karate club": (lambda: karate_club()[0], stress_layout),
    "path of 10": (lambda: path_graph(10), lambda adjacency: horseshoe(10)),
    "ring of 10": (lambda: ring_graph(10), lambda adjacency: horseshoe(10)),
    "star of 10": (lambda: star_graph(10), lambda adjacency: np.vstack([[0, 0.1], horseshoe(9)])),
}


@lru_cache
def prepared(network: str) -> Mapping:
    """Return what a network is drawn from: its Laplacian and eigenvalues, places, edges, starts and shapes."""
    make, layout = GRAPHS[network]
    adjacency = make()
    n, laplacian = len(adjacency), graph_laplacian(adjacency)
    club = network == "karate club"
    side = karate_club()[1] if club else np.where(np.arange(n) < n // 2, -1.0, 1.0)
    one = np.zeros(n)
    one[-1] = 1
    places = fitted(layout(adjacency))
    starts = {
        "random": np.random.default_rng(9).uniform(-1, 1, n),
        "one voice": one,
        "two camps": side,
        "left to right": places[:, 0],
    }
    for name, x in starts.items():
        starts[name] = (x - x.mean()) / np.abs(x - x.mean()).max()
    lam, V = np.linalg.eigh(laplacian)
    slowest = (np.abs(lam - lam[1]) < 1e-9) | (np.abs(lam - lam[-1]) < 1e-9)  # a ring has some of them twice
    shares = {name: x @ V[:, slowest] / np.linalg.norm(x) for name, x in starts.items()}
    return {
        "laplacian": laplacian, "lam": lam, "slowest": slowest, "shares": shares, "places": places,
        "ends": np.argwhere(np.triu(adjacency)), "starts": starts, "squares": (side > 0) & club,
        "named": (("1", 0), (str(n), n - 1)),
    }  # fmt: skip


def fitted(places: np.ndarray) -> np.ndarray:
    """Return the places moved and stretched into the square from -1 to 1."""
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    return (places - middle) / np.abs(places - middle).max(axis=0)
