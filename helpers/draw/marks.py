"""Words and marks on a figure: marked lines, badges, arrows, a ruler of named zones, a notice.

Like all artists they are made once, declare their moving parts to the canvas, and have `set(...)` and
`hide()`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from helpers.draw import style
from helpers.draw.canvas import Canvas


class MarkedLine:
    """A vertical line at a moving place, with its name at the top: a limit, an optimum, the present setting."""

    def __init__(
        self, canvas: Canvas, axes: Axes, text: str, colour=style.INK, dashes="-", level=1.0
    ) -> None:
        self.axes = axes
        with canvas.building():
            self.line = axes.axvline(0, color=colour, lw=1.3, ls=dashes, zorder=3.5)
            self.label = axes.text(
                0, level, text, color=colour, fontsize=9, ha="center", va="bottom",
                transform=axes.get_xaxis_transform(), zorder=6,
            )  # fmt: skip
        canvas.moving(self.line, self.label)

    def set(self, x: float) -> None:
        """Put the line at x; outside of the axes it is not shown."""
        low, high = sorted(self.axes.get_xlim())
        seen = bool(low <= x <= high)
        self.line.set_visible(seen)
        self.label.set_visible(seen)
        if seen:
            self.line.set_xdata([x, x])
            self.label.set_x(x)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.set(np.nan)


class Badge:
    """A few words on a white card at a fixed place of the axes (fractions of it), such as a regime."""

    def __init__(
        self, canvas: Canvas, axes: Axes, x: float, y: float, size=9.5, ha="left", va="top", bold=True
    ) -> None:
        with canvas.building():
            self.text = axes.text(
                x, y, "", transform=axes.transAxes, ha=ha, va=va, fontsize=size, linespacing=1.35,
                fontweight="bold" if bold else "normal", zorder=10,
                bbox={"boxstyle": "round,pad=0.35", "fc": style.PAPER, "ec": "none", "alpha": 0.9},
            )  # fmt: skip
        canvas.moving(self.text)

    def set(self, words: str, colour: str = style.INK) -> None:
        """Show these words, or nothing for no words."""
        self.text.set(text=words, color=colour, visible=bool(words))

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.set("")


class Signs:
    """A row of small arrows along the x-axis: which way a step goes from each place."""

    def __init__(self, canvas: Canvas, axes: Axes, level: float, size=7.0, colour=style.SOFT) -> None:
        self.level = level
        with canvas.building():
            self.right, self.left = (
                axes.plot(
                    [],
                    [],
                    marker,
                    ms=size,
                    mew=0,
                    color=colour,
                    transform=axes.get_xaxis_transform(),
                    zorder=3,
                )[0]
                for marker in (">", "<")
            )
        canvas.moving(self.right, self.left)

    def set(self, x: np.ndarray, direction: np.ndarray) -> None:
        """Point right where `direction` is positive and left where it is negative."""
        for artist, there in ((self.right, direction > 0), (self.left, direction < 0)):
            artist.set_data(x[there], np.full(there.sum(), self.level))

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.set(np.empty(0), np.empty(0))


class Bands:
    """A coloured band along the x-axis with a letter in each stretch: places that belong together."""

    def __init__(
        self, canvas: Canvas, axes: Axes, low: float, high: float, colours: Sequence[str], most: int = 12
    ) -> None:
        self.low, self.high, self.colours = low, high, colours
        self.width = np.ptp(axes.get_xlim())
        transform = axes.get_xaxis_transform()
        with canvas.building():
            self.band = PolyCollection(
                [], transform=transform, edgecolors=style.PAPER, linewidths=1, zorder=2
            )
            axes.add_collection(self.band, autolim=False)
            self.letters = [
                axes.text(
                    0, (low + high) / 2, "", transform=transform, ha="center", va="center_baseline",
                    color=style.PAPER, fontsize=9, fontweight="bold", zorder=3, clip_on=True,
                )
                for _ in range(most)
            ]  # fmt: skip
        canvas.moving(self.band, *self.letters)

    def set(self, x: np.ndarray, kind: np.ndarray, names: Sequence[str]) -> None:
        """Colour the places x (n,), evenly spaced, by their kind (n,), a number; -1 is grey and has no name."""
        starts = np.flatnonzero(np.diff(kind, prepend=kind[0] - 1))
        half = (x[1] - x[0]) / 2
        left, right = x[starts] - half, np.append(x[starts[1:]] - half, x[-1] + half)
        kinds = kind[starts]
        self.band.set_verts(
            [
                [(a, self.low), (b, self.low), (b, self.high), (a, self.high)]
                for a, b in zip(left, right, strict=True)
            ]
        )
        self.band.set_facecolor([self.colours[k] if k >= 0 else style.HAIR for k in kinds])
        roomy = [i for i in range(len(kinds)) if kinds[i] >= 0 and right[i] - left[i] > 0.035 * self.width]
        for label, i in zip_longest(self.letters, roomy[: len(self.letters)]):
            label.set_text("" if i is None else names[kinds[i]])
            label.set_x(0 if i is None else (left[i] + right[i]) / 2)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.band.set_verts([])
        for label in self.letters:
            label.set_text("")


class Strip:
    """A ruler of named zones on a log scale with a pointer: where a number falls, and what lies beside it.

    `edges` are the n + 1 limits of the n `names`; the zone that holds the number is coloured.
    """

    def __init__(
        self,
        canvas: Canvas,
        axes: Axes,
        edges: Sequence[float],
        names: Sequence[str],
        colours: Sequence[str],
        ticks: Sequence[tuple[float, str]],
    ) -> None:
        self.edges = np.asarray(edges, dtype=float)
        with canvas.building():
            axes.set(xscale="log", xlim=(edges[0], edges[-1]), ylim=(0, 1), yticks=[])
            axes.set_xticks([x for x, _ in ticks], [words for _, words in ticks])
            axes.minorticks_off()
            axes.grid(False)
            axes.spines[["left", "bottom"]].set_visible(False)
            middles = np.sqrt(self.edges[1:] * self.edges[:-1])
            self.zones, self.words = [], []
            for low, high, x, name, colour in zip(edges, edges[1:], middles, names, colours, strict=False):
                axes.axvspan(low, high, fc=style.HAIR, ec=style.PAPER, lw=2, alpha=0.6, zorder=1)
                axes.text(x, 0.47, name, ha="center", va="center", fontsize=9, color=style.SOFT, zorder=2)
                self.zones.append(axes.axvspan(low, high, fc=colour, ec=style.PAPER, lw=2, zorder=3))
                self.words.append(
                    axes.text(
                        x, 0.47, name, ha="center", va="center", fontsize=9, color=style.PAPER,
                        fontweight="bold", zorder=4,
                    )
                )  # fmt: skip
            (self.pointer,) = axes.plot(
                [], [], "v", color=style.INK, ms=10, mec=style.PAPER, mew=1, zorder=6, clip_on=False
            )
        canvas.moving(*self.zones, *self.words, self.pointer)

    def set(self, value: float, zone: int | None = None) -> None:
        """Point at `value` and colour the zone it falls in, or `zone` where the caller knows better."""
        held = float(np.clip(value, self.edges[0], self.edges[-1]))
        if zone is None:
            zone = int(np.clip(np.searchsorted(self.edges, held, side="right") - 1, 0, len(self.zones) - 1))
        for i, (patch, words) in enumerate(zip(self.zones, self.words, strict=True)):
            patch.set_visible(i == zone)
            words.set_visible(i == zone)
        self.pointer.set_data([held], [1.0])

    def hide(self) -> None:
        """Draw no pointer and colour no zone until the next `set`."""
        for artist in (*self.zones, *self.words):
            artist.set_visible(False)
        self.pointer.set_data([], [])


def key(canvas: Canvas, axes: Axes, entries: Sequence[tuple[str, dict]], x=-0.02, y=0.985) -> None:
    """Name the lines of `axes` above it, from (x, y) in fractions of it: pairs of a name and a sample line's properties."""
    with canvas.building():
        samples = [Line2D([], [], label=name, **{"lw": 1.6, **look}) for name, look in entries]
        axes.legend(
            handles=samples, loc="lower left", bbox_to_anchor=(x, y), ncols=len(samples), frameon=False,
            fontsize=8.5, handlelength=1.8, columnspacing=1.2, handletextpad=0.5, borderaxespad=0.2,
        )  # fmt: skip


MEASURED = {"color": style.MEASURED, "marker": "o", "ms": 4.5, "ls": "none"}
THEORY = {"color": style.THEORY, "ls": style.DASHES}


class Notice:
    """One plain sentence on an otherwise empty figure; `artists` are what to draw then, and nothing else."""

    def __init__(self, canvas: Canvas) -> None:
        with canvas.building():
            self.card = FancyBboxPatch(
                (0.14, 0.33), 0.72, 0.34, boxstyle="round,pad=0,rounding_size=0.02",
                fc="#fff8ec", ec=style.ORANGE, lw=1.5, transform=canvas.figure.transFigure,
            )  # fmt: skip
            canvas.figure.add_artist(self.card)
            # a learner's error message may hold dollar signs, which are no mathematics here
            self.text = canvas.figure.text(
                0.5, 0.5, "", ha="center", va="center", fontsize=10.5, linespacing=1.5, parse_math=False
            )
        self.artists = (self.card, self.text)
        for artist in self.artists:
            artist.set_animated(True)

    def set(self, sentence: str) -> None:
        """Write the sentence, broken into lines that fit, the rest of a long one cut."""
        self.text.set_text("\n".join(textwrap.wrap(sentence, 62, max_lines=5, placeholder=" ...")))
