"""The map of the course: ten chapters on a way downhill, and the idea that each adds to the one before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from helpers.draw import Canvas, Words, style
from helpers.explore.controls import Count
from helpers.explore.live import LiveFigure, Scene


class Chapter(NamedTuple):
    """A chapter: its file, its title, the question it asks, the idea it adds, and the chapters it builds on."""

    name: str
    title: str
    asks: str
    adds: str
    needs: tuple[int, ...]


CHAPTERS = (
    Chapter("00-start-here", "Start here", "how steep is it here?", "the gradient", ()),
    Chapter(
        "01-step-size-and-curvature",
        "Step size and curvature",
        "how far may I step?",
        "curvature limits the step",
        (0,),
    ),
    Chapter(
        "02-l-smoothness",
        "L-smoothness",
        "one step that is safe everywhere?",
        "a bound L on all curvatures",
        (1,),
    ),
    Chapter(
        "03-conditioning",
        "Conditioning",
        "why is it slow all the same?",
        "the ratio of largest to smallest curvature",
        (2,),
    ),
    Chapter(
        "04-regularization",
        "Regularization",
        "and if the smallest is zero?",
        "change the problem a little",
        (3,),
    ),
    Chapter(
        "05-gradient-flow",
        "Gradient flow",
        "what do the steps imitate?",
        "a differential equation, and its stability",
        (3,),
    ),
    Chapter(
        "06-sgd",
        "Stochastic gradient descent",
        "a gradient from a part of the data?",
        "noise, its price and its use",
        (3,),
    ),
    Chapter("07-momentum", "Momentum", "can a step remember the last one?", "inertia and damping", (3,)),
    Chapter(
        "08-adam",
        "Adam",
        "one step size for each coordinate?",
        "scaling by the gradients' own history",
        (6, 7),
    ),
    Chapter(
        "09-applications",
        "Applications",
        "what is it good for?",
        "images, molecules, networks, learning",
        (8,),
    ),
)
SIZE = (720, 320)
PLACES = np.stack(
    [np.linspace(40, 680, 10), 284 - 27.5 * np.arange(10)], axis=1
)  # pixels, from the lower left
TURN = 5  # from this chapter on the words stand below the slope, where there is room


def course_map(chapter: str = "00-start-here") -> LiveFigure:
    """Return the map of the course with a mark at `chapter`, such as "03-conditioning".

    The slider walks through the chapters. Raises ValueError for a name that is none of them.

    >>> course_map("07-momentum").caption
    'Chapter 7, Momentum, asks: can a step remember the last one? It adds: inertia and damping. It builds on chapter 3.'
    """
    names = [one.name for one in CHAPTERS]
    if chapter not in names:
        raise ValueError(f"chapter must be one of {', '.join(names)}, got {chapter!r}")
    controls = {"chapter": Count("chapter", 0, len(CHAPTERS) - 1, start=names.index(chapter))}
    return LiveFigure("The course", controls, lambda chapter: {"here": chapter}, _build, _describe, size=SIZE)


def _describe(data: dict) -> str:
    here = data["here"]
    chapter = CHAPTERS[here]
    needs = " and ".join(map(str, chapter.needs))
    base = f" It builds on chapter{'s' * (len(chapter.needs) > 1)} {needs}." if needs else ""
    return f"Chapter {here}, {chapter.title}, asks: {chapter.asks} It adds: {chapter.adds}.{base}"


def _build(canvas: Canvas) -> Scene:
    width, height = SIZE
    axes = canvas.axes(0, 0, width, height, xlim=(0, width), ylim=(0, height))
    x, y = PLACES.T
    with canvas.building():
        axes.axis("off")
        edge = np.concatenate([[y[0] + 17.2], y, [y[-1] - 17.2]]), np.concatenate([[0], x, [width]])
        axes.fill_between(edge[1], 0, edge[0], color=style.HEIGHT(0.28), lw=0, zorder=0)
        axes.plot(edge[1], edge[0], color=style.HEIGHT(0.9), lw=1.2, zorder=1)
        (walked,) = axes.plot([], [], color=style.BLUE, lw=2.6, zorder=2)
        ahead, passed, here = (
            axes.plot([], [], "o", ms=size, mfc=face, mec=line, mew=1.3, zorder=zorder)[0]
            for size, face, line, zorder in (
                (15, style.PAPER, style.SOFT, 3),
                (15, style.BLUE, style.BLUE, 3),
                (22, style.VERMILLION, style.PAPER, 4),
            )
        )
    canvas.moving(walked, ahead, passed, here)
    numbers = [Words(canvas, axes, str(k), *PLACES[k], size=9.5, bold=True) for k in range(len(CHAPTERS))]
    quiet, loud = ([_label(canvas, axes, k, bold) for k in range(len(CHAPTERS))] for bold in (False, True))

    def update(data: dict) -> None:
        k = data["here"]
        walked.set_data(x[: k + 1], y[: k + 1])
        ahead.set_data(x[k + 1 :], y[k + 1 :])
        passed.set_data(x[:k], y[:k])
        here.set_data(x[k : k + 1], y[k : k + 1])
        for j, chapter in enumerate(CHAPTERS):
            words = f"{chapter.title}: {chapter.adds}"
            numbers[j].set(colour=style.SOFT if j > k else style.PAPER)
            quiet[j].set("" if j == k else words, colour=style.INK if j < k else style.SOFT)
            loud[j].set(words if j == k else "", colour=style.VERMILLION)

    return Scene(update)


def _label(canvas: Canvas, axes: Axes, k: int, bold: bool) -> Words:
    """The words of a chapter: in the sky to the right of the first ones, in the ground to the left of the others."""
    x, y = PLACES[k]
    if k < TURN:
        return Words(canvas, axes, x=x + 20, y=y + 4, ha="left", va="bottom", size=9.5, bold=bold)
    return Words(canvas, axes, x=x - 20, y=y - 5, ha="right", va="top", size=9.5, bold=bold)
