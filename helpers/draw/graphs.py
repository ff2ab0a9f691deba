"""A network whose colours are numbers, bundles of lines, and a field of shades: what chapter 09 looks at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from PIL import Image

from helpers.draw import style
from helpers.draw.canvas import Canvas

OPINION = LinearSegmentedColormap.from_list(
    "opinion", ["#00507f", style.BLUE, "#8fc3e3", "#f3efe6", "#f2b87e", style.VERMILLION, "#8a3200"]
)
"""Below is blue, above is vermillion, the middle is pale: three lightnesses, so that grey tells the middle too."""

EDGE = "#aab5bf"


class Network:
    """Nodes in the colours of their values, on edges: circles, or squares where `squares` says so."""

    def __init__(self, canvas: Canvas, axes: Axes, size: float = 170.0) -> None:
        with canvas.building():
            axes.set_axis_off()
            self.edges = LineCollection([], colors=EDGE, linewidths=1.1, zorder=2)
            axes.add_collection(self.edges, autolim=False)
            self.round, self.square = (
                axes.scatter([], [], s=area, marker=marker, lw=1.3, edgecolors=style.INK, zorder=3)
                for marker, area in (("o", size), ("s", 0.85 * size))
            )
        canvas.moving(self.edges, self.round, self.square)

    def set(self, places: np.ndarray, ends: np.ndarray, values: np.ndarray, squares: np.ndarray) -> None:
        """Draw nodes at `places` (n, 2) joined as the pairs `ends` (m, 2) say, coloured by `values` (n,), -1 to 1."""
        self.edges.set_segments(places[ends])
        colours = OPINION(Normalize(-1, 1)(np.nan_to_num(values, posinf=1, neginf=-1)))
        for artist, there in ((self.round, ~squares), (self.square, squares)):
            artist.set_offsets(places[there])
            artist.set_facecolor(colours[there])

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.edges.set_segments([])
        for artist in (self.round, self.square):
            artist.set_offsets(np.empty((0, 2)))


class Bundle:
    """Many lines in one artist, each in its own colour or all in one."""

    def __init__(
        self, canvas: Canvas, axes: Axes, colour=style.SOFT, width=1.1, alpha=1.0, zorder=3.0
    ) -> None:
        with canvas.building():
            self.lines = LineCollection([], colors=colour, linewidths=width, alpha=alpha, zorder=zorder)
            axes.add_collection(self.lines, autolim=False)
        canvas.moving(self.lines)

    def set(self, lines: Sequence[np.ndarray], colours=None) -> None:
        """Draw these lines, each (n, 2); `colours` has one for each of them."""
        self.lines.set_segments(lines)
        if colours is not None:
            self.lines.set_color(colours)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.lines.set_segments([])


class Shade(Artist):
    """A field of numbers as two families of pale shades that meet where it is 0: below blue, above orange.

    The numbers are interpolated, then coloured, by Pillow and one table: a fifth of the time of matplotlib's images.
    """

    SHADES = LinearSegmentedColormap.from_list(
        "sides",
        [(0.0, "#9cc7e4"), (0.4999, "#dcebf5"), (0.5001, "#fce3c8"), (1.0, "#f2b473")],
        N=512,
    )

    def __init__(self, canvas: Canvas, axes: Axes, window, reach: float = 4.0) -> None:
        super().__init__()
        (left, right), (low, high) = window
        self.box, self.reach, self.values = axes.bbox, reach, None
        self.table = self.SHADES(np.arange(self.SHADES.N), bytes=True)
        self.set_zorder(0)
        with canvas.building():
            axes.set(xlim=(left, right), ylim=(low, high))
            axes.grid(False)
        axes.figure.add_artist(self)
        canvas.moving(self)

    def set(self, values: np.ndarray) -> None:
        """Show `values` (rows, columns), the lowest row first, all over the axes."""
        self.values = np.asarray(values, dtype=np.float32)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.values = None

    def draw(self, renderer: RendererAgg) -> None:
        """Paste the shades."""
        if self.values is None:
            return
        left, low, right, high = (round(side) for side in self.box.extents)
        shown = Image.fromarray(self.values).resize((right - left, high - low), Image.Resampling.BILINEAR)
        share = (np.asarray(shown) + self.reach) / (2 * self.reach)
        places = np.clip(np.nan_to_num(share, nan=0.5) * len(self.table), 0, len(self.table) - 1)
        renderer.draw_image(renderer.new_gc(), left, low, self.table[places.astype(np.intp)])
