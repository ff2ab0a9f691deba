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
from helpers.draw.words import Words


class MarkedLine:
    """A vertical line at a moving place with its name on top: a limit, an optimum, the present setting."""

    def __init__(
        self, canvas: Canvas, axes: Axes, text: str, colour=style.INK, dashes="-", level=1.03
    ) -> None:
        self.axes, self.text = axes, text
        with canvas.building():
            self.line = axes.axvline(0, color=colour, lw=1.3, ls=dashes, zorder=3.5)
        canvas.moving(self.line)
        transform = axes.get_xaxis_transform()
        self.label = Words(
            canvas, axes, y=level, transform=transform, size=9.5, colour=colour, card=level < 1
        )

    def set(self, x: float) -> None:
        """Put the line at x; outside of the axes it is not shown."""
        low, high = sorted(self.axes.get_xlim())
        seen = bool(low <= x <= high)
        self.line.set_visible(seen)
        self.line.set_xdata([x, x] if seen else [low, low])
        self.label.set(self.text if seen else "", x=x if seen else low)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.set(np.nan)


class Badge(Words):
    """A few words on a white card at a fixed place of the axes (fractions of it), such as a regime."""

    def __init__(
        self, canvas: Canvas, axes: Axes, x: float, y: float, size=9.5, ha="left", va="top", bold=True
    ) -> None:
        super().__init__(
            canvas, axes, "", x, y, transform=axes.transAxes, size=size, bold=bold, ha=ha, va=va, card=True,
            zorder=10,
        )  # fmt: skip


class Ticks:
    """Moving tick labels of axes that are drawn from 0 to 1 (or -1 to 1): each tells its place times a scale.

    Changing the limits of axes costs a new background; changing these words costs nothing.
    """

    def __init__(self, canvas: Canvas, axes: Axes, x: Sequence[float] = (), y: Sequence[float] = ()) -> None:
        self.places = {"x": x, "y": y}
        with canvas.building():
            if len(x):  # the blanks keep the axes' own names at their distance
                axes.set_xticks(x, [" "] * len(x))
            if len(y):
                axes.set_yticks(y, ["      "] * len(y))
        below, beside = axes.get_xaxis_transform(), axes.get_yaxis_transform()
        look = {"size": 8.5, "colour": style.SOFT}
        self.labels = {
            "x": [Words(canvas, axes, "", place, -0.045, transform=below, **look) for place in x],
            "y": [
                Words(canvas, axes, "", -0.025, place, transform=beside, ha="right", **look) for place in y
            ],
        }

    def set(self, **scales: float) -> None:
        """Label the ticks of `x` or `y` with their places times this scale."""
        for axis, scale in scales.items():
            for place, label in zip(self.places[axis], self.labels[axis], strict=True):
                label.set(f"{place * scale:.4g}".replace("-", "−"))

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        for label in (*self.labels["x"], *self.labels["y"]):
            label.hide()


class Bands:
    """A coloured band along the x-axis with a letter in each stretch: places that belong together."""

    def __init__(
        self, canvas: Canvas, axes: Axes, low: float, high: float, colours: Sequence[str], most: int = 12
    ) -> None:
        self.low, self.high, self.colours = low, high, colours
        self.width = np.ptp(axes.get_xlim())
        across = axes.get_xaxis_transform()
        with canvas.building():
            self.band = PolyCollection([], transform=across, edgecolors=style.PAPER, linewidths=1, zorder=2)
            axes.add_collection(self.band, autolim=False)
        canvas.moving(self.band)
        self.letters = [
            Words(
                canvas,
                axes,
                "",
                0,
                (low + high) / 2,
                transform=across,
                colour=style.PAPER,
                bold=True,
                zorder=3,
            )
            for _ in range(most)
        ]

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
            if i is None:
                label.hide()
            else:
                label.set(names[kinds[i]], x=(left[i] + right[i]) / 2)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.band.set_verts([])
        for label in self.letters:
            label.hide()


def signs(canvas: Canvas, axes: Axes, x: np.ndarray, direction: np.ndarray, level: float) -> None:
    """Draw a fixed row of small arrows at the places x: right where `direction` is positive, else left."""
    with canvas.building():
        for marker, there in ((">", direction > 0), ("<", direction < 0)):
            axes.plot(
                x[there], np.full(there.sum(), level), marker, ms=7, mew=0, color=style.SOFT,
                transform=axes.get_xaxis_transform(), zorder=3,
            )  # fmt: skip


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
            self.zones = []
            for low, high, x, name, colour in zip(edges, edges[1:], middles, names, colours, strict=False):
                axes.axvspan(low, high, fc=style.HAIR, ec=style.PAPER, lw=2, alpha=0.6, zorder=1)
                axes.text(x, 0.47, name, ha="center", va="center", fontsize=9, color=style.SOFT, zorder=2)
                self.zones.append(axes.axvspan(low, high, fc=colour, ec=style.PAPER, lw=2, zorder=3))
            (self.pointer,) = axes.plot(
                [], [], "v", color=style.INK, ms=10, mec=style.PAPER, mew=1, zorder=6, clip_on=False
            )
        canvas.moving(*self.zones, self.pointer)
        self.names = names
        self.words = [Words(canvas, axes, "", x, 0.5, colour=style.PAPER, bold=True) for x in middles]

    def set(self, value: float, zone: int | None = None) -> None:
        """Point at `value` and colour the zone it falls in, or `zone` where the caller knows better."""
        held = float(np.clip(value, self.edges[0], self.edges[-1]))
        if zone is None:
            zone = int(np.clip(np.searchsorted(self.edges, held, side="right") - 1, 0, len(self.zones) - 1))
        for i, (patch, words) in enumerate(zip(self.zones, self.words, strict=True)):
            patch.set_visible(i == zone)
            words.set(self.names[i] if i == zone else "")
        self.pointer.set_data([held], [1.15])

    def hide(self) -> None:
        """Draw no pointer and colour no zone until the next `set`."""
        for patch, words in zip(self.zones, self.words, strict=True):
            patch.set_visible(False)
            words.hide()
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
