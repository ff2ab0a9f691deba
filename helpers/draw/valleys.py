"""Valleys that move: the level sets of a quadratic that turns and narrows, and errors that change their sign."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from helpers.draw import style
from helpers.draw.artists import put
from helpers.draw.canvas import Canvas

CIRCLE = np.stack([np.cos(turn := np.linspace(0, 2 * np.pi, 91)), np.sin(turn)], axis=-1)
ORIGIN = np.zeros(2)
FLAT = 1e-6  # a curvature below this share of the largest is drawn as this share: straight lines in any view


class Rings:
    """The level sets of x'Qx/2 for a Q that changes: filled ellipses, low is pale, a cross in the middle.

    The heights lie at squared shares of the greatest one in view, as those of `Contours` do, so that the rings
    are evenly spaced.
    """

    def __init__(self, canvas: Canvas, axes: Axes, levels: int = 10) -> None:
        self.axes = axes
        self.shares = np.linspace(1, 0, levels, endpoint=False)[1:]
        with canvas.building():
            axes.grid(False)
            axes.set_facecolor(style.HEIGHT(1.0))
            self.rings = PolyCollection(
                [], facecolors=style.HEIGHT(self.shares - self.shares[-1]), edgecolors=style.PAPER,
                linewidths=0.9, zorder=0,
            )  # fmt: skip
            axes.add_collection(self.rings, autolim=False)
            (self.cross,) = axes.plot([], [], "+", color=style.INK, ms=10, mew=1.6, zorder=3)
        canvas.layer(self.rings)
        canvas.moving(self.cross)
        self._shown: tuple | None = None

    def set(self, Q: np.ndarray, centre: np.ndarray = ORIGIN) -> None:
        """Draw the ellipses of this Q (2, 2) around `centre` (2,); a flat direction makes them all but endless."""
        put(self.cross, *np.reshape(centre, (2, 1)))
        wanted = (
            np.array(Q).tobytes(),
            np.array(centre).tobytes(),
            self.axes.get_xlim(),
            self.axes.get_ylim(),
        )
        if wanted == self._shown:
            return
        self._shown = wanted
        lam, V = np.linalg.eigh(Q)
        lam = np.maximum(lam, FLAT * lam[-1])
        corners = np.array([(x, y) for x in self.axes.get_xlim() for y in self.axes.get_ylim()]) - centre
        # x'Qx/2 = h on the ellipse with half axes sqrt(2 h / lam), and sqrt(h) grows with the share
        reach = np.sqrt(np.max(np.sum(corners @ Q * corners, axis=1)))
        ellipse = CIRCLE * (reach / np.sqrt(lam)) @ V.T
        self.rings.set_verts(self.shares[:, None, None] * ellipse + centre)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self._shown = None
        self.rings.set_verts([])
        put(self.cross, (), ())


class SignedDots:
    """Sizes of numbers on a log axis: filled where the sign is that of the first one, hollow where it is not.

    What lies beyond the upper limit sits on the edge as an arrow; what lies below the lower one is left out.
    """

    def __init__(self, canvas: Canvas, axes: Axes, colour: str, size=4.6, zorder=4.0) -> None:
        self.axes = axes
        with canvas.building():
            self.same, self.other, self.above = (
                axes.plot(
                    [], [], marker, color=colour, ms=ms, mfc=fill, mew=1.1, zorder=zorder, clip_on=False
                )[0]
                for marker, ms, fill in (
                    ("o", size, colour),
                    ("o", size, style.PAPER),
                    ("^", 1.3 * size, colour),
                )
            )
        canvas.moving(self.same, self.other, self.above)

    def set(self, x: np.ndarray, y: np.ndarray) -> None:
        """Show |y| at x; inf counts as above, nan and 0 are left out."""
        low, high = self.axes.get_ylim()
        size, flipped = np.abs(y), np.sign(y) != np.sign(y[0])
        inside = (size >= low) & (size <= high)
        put(self.same, x[inside & ~flipped], size[inside & ~flipped])
        put(self.other, x[inside & flipped], size[inside & flipped])
        put(self.above, x[size > high], np.full(np.sum(size > high), high))

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        for artist in (self.same, self.other, self.above):
            put(artist, (), ())
