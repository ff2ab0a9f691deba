"""Curves, points, contour fields and paths, made once and then updated: each has `set(...)` and `hide()`.

An artist declares its moving parts to the canvas when it is made. `set` only ever sets data, so a frame
costs what the moving parts cost to draw.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.path import Path as MarkerPath

from helpers.draw import style
from helpers.draw.canvas import DPI, Canvas
from helpers.draw.words import Words

Window = tuple[tuple[float, float], tuple[float, float]]
FAR = 1e5  # half windows: points further out than this are drawn at this distance, in their own direction


class Curve:
    """A line through points: solid for what is, dashed for what theory says (`dashes=style.DASHES`)."""

    def __init__(
        self, canvas: Canvas, axes: Axes, colour=style.FUNCTION, width=1.8, dashes="-", zorder=3.0, **line
    ) -> None:
        with canvas.building():
            (self.line,) = axes.plot([], [], color=colour, lw=width, ls=dashes, zorder=zorder, **line)
        canvas.moving(self.line)

    def set(self, x: np.ndarray, y: np.ndarray) -> None:
        """Draw through these points; what is not finite is left out."""
        put(self.line, x, y)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        put(self.line, (), ())


class Dots:
    """Points without a line: what was measured. Values beyond the y-limits sit on the edge as small arrows."""

    def __init__(self, canvas: Canvas, axes: Axes, colour=style.MEASURED, size=4.5, zorder=4.0) -> None:
        self.axes = axes
        with canvas.building():
            self.inside, self.above, self.below = (
                axes.plot([], [], marker, color=colour, ms=ms, mew=0, zorder=zorder, clip_on=False)[0]
                for marker, ms in (("o", size), ("^", 1.4 * size), ("v", 1.4 * size))
            )
        canvas.moving(self.inside, self.above, self.below)

    def set(self, x: np.ndarray, y: np.ndarray) -> None:
        """Show these points; inf counts as above, nan is left out."""
        low, high = self.axes.get_ylim()
        for artist, there in (
            (self.inside, (y >= low) & (y <= high)),
            (self.above, y > high),
            (self.below, y < low),
        ):
            put(artist, x[there], np.clip(y[there], low, high))

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.set(np.empty(0), np.empty(0))


class Contours:
    """The static contour field of f over a window: low is pale, a cross marks the minimiser if it is known.

    f takes points (n, n, 2). The levels sit at squared shares of the heights in view, which spaces the
    rings of a quadratic evenly and still shows the floor of a valley.
    """

    def __init__(
        self, canvas: Canvas, axes: Axes, f: Callable, window: Window, minimiser=None, levels: int = 13
    ) -> None:
        (left, right), (low, high) = window
        x, y = np.linspace(left, right, 121), np.linspace(low, high, 121)
        height = f(np.stack(np.meshgrid(x, y), axis=-1))
        shares = np.linspace(0, 1, levels) ** 2
        edges = np.unique(np.quantile(height, shares))
        with canvas.building():
            shades = style.HEIGHT(np.linspace(0, 1, len(edges)))
            axes.contourf(x, y, height, edges, colors=shades, zorder=0)
            axes.contour(
                x, y, height, edges, colors="#ffffff", linewidths=0.9, linestyles="solid", zorder=0.5
            )
            if minimiser is not None:
                axes.plot(*minimiser, "+", color=style.INK, ms=10, mew=1.6, zorder=2, label="minimiser")
            axes.set(xlim=(left, right), ylim=(low, high))
            axes.grid(False)


class Path:
    """The iterates of a run: joined dots, the first ones numbered, a ring at the start, a square at the end.

    A run that leaves the window keeps its shape: it is drawn to the edge, where an arrow shows that it
    went on.
    """

    def __init__(self, canvas: Canvas, axes: Axes, colour=style.MEASURED, numbers: int = 6) -> None:
        self.canvas, self.axes = canvas, axes
        self._half = axes.get_position().size * (canvas.width, canvas.height) / 2  # in pixels
        with canvas.building():
            (self.line,) = axes.plot([], [], color=colour, lw=1.3, alpha=0.75, zorder=4)
            (self.points,) = axes.plot([], [], "o", color=colour, ms=4.2, mew=0, zorder=5)
            (self.end,) = axes.plot([], [], "s", color=colour, ms=6.5, mec=style.PAPER, mew=0.8, zorder=6)
            (self.start,) = axes.plot([], [], "o", mfc=style.PAPER, mec=style.INK, ms=9, mew=2, zorder=7)
            (self.exit,) = axes.plot(
                [], [], color=colour, ms=13, mec=style.PAPER, mew=1, zorder=8, clip_on=False
            )
        self.labels = [Words(canvas, axes, size=8, clip=True) for _ in range(numbers)]
        canvas.moving(self.line, self.points, self.end, self.start, self.exit)

    def set(self, points: np.ndarray) -> int | None:
        """Draw the path `points` (n, 2); return the step at which it left the window for good, or None."""
        window = (self.axes.get_xlim(), self.axes.get_ylim())
        shown = drawable(points, window)
        gone, where, heading = way_out(shown, window)
        shown = shown[: None if gone is None else gone + 1]
        put(self.line, *shown.T)
        put(self.points, *shown[1:].T)
        put(self.start, *shown[:1].T)
        put(self.end, *shown[-1 if gone is None else len(shown) :].T)
        put(self.exit, *where[:, None][:, : gone is not None])
        if gone is not None:
            self.exit.set_marker(arrow(heading * self._half))
        self._number(shown)
        return gone

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        for artist in (self.line, self.points, self.start, self.end, self.exit):
            put(artist, (), ())
        self._number(np.empty((0, 2)))

    def _number(self, points: np.ndarray) -> None:
        """Write the step beside the first points, outside of the path's corners, where there is room for it."""
        first = points[: 4 * len(self.labels)]
        places = self.axes.transData.transform(first) * (DPI / self.canvas.figure.dpi)  # in CSS pixels
        labels = iter(self.labels)
        for k in range(1, len(places)):
            if np.min(np.abs(places[:k] - places[k]).max(axis=1)) < 14:
                continue
            label = next(labels, None)
            if label is None:
                return
            label.set(str(k), x=points[k, 0], y=points[k, 1], offset=11 * outward(places, k))
        for label in labels:
            label.hide()


def put(line: Line2D, x: np.ndarray, y: np.ndarray) -> None:
    """Set the data of a line; an empty one is not even visited when a frame is drawn."""
    line.set_data(x, y)
    line.set_visible(len(x) > 0)


def outward(path: np.ndarray, k: int) -> np.ndarray:
    """Return the unit vector that points out of the corner of `path` (n, 2) at k; up where it is straight.

    >>> outward(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]]), 1)
    array([0., 1.])
    """
    came, goes = path[k] - path[k - 1], path[min(k + 1, len(path) - 1)] - path[k]
    way = came - goes
    if np.linalg.norm(way) < 0.5 * np.linalg.norm(came + goes):
        way = np.array([-1, 1]) * (came + goes)[::-1]
        way = way if way[1] > 0 else -way
    return way / max(np.linalg.norm(way), 1e-9)


def drawable(points: np.ndarray, window: Window) -> np.ndarray:
    """Return the path `points` (n, 2) up to its first nan or inf, far points pulled in on a straight line.

    >>> drawable(np.array([[0.0, 0.0], [1e300, 0.0], [np.nan, 0.0]]), ((-1, 1), (-1, 1)))
    array([[     0.,      0.],
           [100000.,      0.]])
    """
    points = np.asarray(points, dtype=float)
    bad = ~np.isfinite(points).all(axis=1)
    points = points[: np.argmax(bad)] if bad.any() else points
    centre, half = np.mean(window, axis=1), np.ptp(window, axis=1) / 2
    offset = (points - centre) / half
    distance = np.max(np.abs(offset), axis=1, keepdims=True)
    return centre + half * offset * np.minimum(1, FAR / np.maximum(distance, 1))


def way_out(points: np.ndarray, window: Window) -> tuple[int | None, np.ndarray, np.ndarray]:
    """Return when `points` (n, 2) leave the window for good, where they cross its edge, and which way.

    The step is None for a path that ends inside. The way is in half windows.

    >>> way_out(np.array([[0.0, 0.0], [4.0, 0.0]]), ((-1, 1), (-2, 2)))
    (1, array([1., 0.]), array([4., 0.]))
    """
    centre, half = np.mean(window, axis=1), np.ptp(window, axis=1) / 2
    offset = (points - centre) / half
    outside = np.max(np.abs(offset), axis=1) > 1 + 1e-9
    if not len(points) or not outside[-1]:
        return None, centre, np.zeros(2)
    inside = np.flatnonzero(~outside)
    step = int(inside[-1]) + 1 if len(inside) else 0
    a, b = (offset[step - 1], offset[step]) if step else (np.zeros(2), offset[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = np.where(b != a, (np.sign(b - a) - a) / (b - a), np.inf)
    edge = a + np.clip(np.min(crossings), 0, 1) * (b - a)
    return step, centre + half * edge, b - a


def arrow(heading: np.ndarray) -> MarkerPath:
    """Return a slim arrow head that points along `heading` (2,), as a marker."""
    x, y = heading / np.linalg.norm(heading)
    shape = np.array([(1, 0), (-0.8, 0.62), (-0.35, 0), (-0.8, -0.62), (1, 0)])
    return MarkerPath(shape @ np.array([(x, y), (-y, x)]), closed=True)
