"""A map with its heights written on it, and arrows that move: what one needs to read a slope off a map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from helpers.draw import style
from helpers.draw.artists import Window, arrow, put
from helpers.draw.canvas import Canvas


class HeightLines:
    """The static lines of equal height of f over a window at the given heights, each with its number on it.

    f takes points (n, n, 2). Evenly spaced heights make the distance of two lines the inverse of the slope, which
    `Contours`, with its evenly spaced rings, does not.
    """

    def __init__(
        self, canvas: Canvas, axes: Axes, f: Callable, window: Window, heights: Sequence[float], named=None
    ) -> None:
        (left, right), (low, high) = window
        x, y = np.linspace(left, right, 121), np.linspace(low, high, 121)
        height = f(np.stack(np.meshgrid(x, y), axis=-1))
        edges = [min(height.min(), heights[0]) - 1, *heights, max(height.max(), heights[-1]) + 1]
        with canvas.building():
            axes.contourf(
                x, y, height, edges, colors=style.HEIGHT(np.linspace(0, 1, len(edges) - 1)), zorder=0
            )
            lines = axes.contour(
                x, y, height, heights, colors=style.PAPER, linewidths=1.0, linestyles="solid", zorder=0.5
            )
            named = heights if named is None else named
            words = axes.clabel(
                lines, [h for h in heights if h in named], fontsize=7.5, colors=style.SOFT, fmt=in_words
            )
            for word in words:
                word.set_path_effects([withStroke(linewidth=2.0, foreground=style.PAPER, alpha=0.7)])
            axes.set(xlim=(left, right), ylim=(low, high))
            axes.grid(False)


def in_words(height: float) -> str:
    return f"{height:g}".replace("-", "−")


class Arrow:
    """An arrow from a moving place along a moving vector, out of the axes too; too short to see, it is not drawn."""

    def __init__(
        self, canvas: Canvas, axes: Axes, colour=style.MEASURED, width=2.2, dashes="-", head=9.0, zorder=5.0
    ) -> None:
        self.axes, self.size = axes, axes.get_position().size * (canvas.width, canvas.height)
        with canvas.building():
            (self.shaft,) = axes.plot([], [], color=colour, lw=width, ls=dashes, zorder=zorder, clip_on=False)
            (self.tip,) = axes.plot([], [], "o", color=colour, ms=head, mew=0, zorder=zorder, clip_on=False)
        canvas.moving(self.shaft, self.tip)

    def set(self, place: np.ndarray, vector: np.ndarray) -> None:
        """Draw from `place` (2,) to `place` + `vector` (2,), in data coordinates."""
        ranges = [np.ptp(self.axes.get_xlim()), np.ptp(self.axes.get_ylim())]
        heading = vector * self.size / ranges  # in pixels
        length = np.linalg.norm(heading)
        if not (np.isfinite(length) and length > 2):
            self.hide()
            return
        end = place + vector
        # The tip's marker is centred: pull it, and the shaft, back by half of its length.
        back = vector * min(1.0, self.tip.get_markersize() * 0.55 / length)
        put(self.shaft, *np.stack([place, end - back], axis=-1))
        put(self.tip, *(end - back)[:, None])
        self.tip.set_marker(arrow(heading))

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        put(self.shaft, (), ())
        put(self.tip, (), ())
