"""Areas between two curves: where something lies below what it should lie above."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from helpers.draw import style
from helpers.draw.canvas import Canvas


class Area:
    """The area between two curves wherever the first lies below the second; nothing where it does not."""

    def __init__(self, canvas: Canvas, axes: Axes, colour=style.MEASURED, alpha=0.3, zorder=2.5) -> None:
        with canvas.building():
            self.patches = PolyCollection(
                [], facecolors=colour, edgecolors="none", alpha=alpha, zorder=zorder
            )
            axes.add_collection(self.patches, autolim=False)
        canvas.moving(self.patches)

    def set(self, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Fill between `low` and `high` at the places x (n,), in every stretch where low < high."""
        inside = np.concatenate([[False], low < high, [False]])
        starts, ends = np.flatnonzero(inside[1:] & ~inside[:-1]), np.flatnonzero(inside[:-1] & ~inside[1:])
        self.patches.set_verts(
            [
                np.concatenate(
                    [np.stack([x[a:b], low[a:b]], axis=1), np.stack([x[a:b], high[a:b]], axis=1)[::-1]]
                )
                for a, b in zip(starts, ends, strict=True)
            ]
        )

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.patches.set_verts([])
