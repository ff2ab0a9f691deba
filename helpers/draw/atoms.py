"""Balls and sticks: atoms in space as shaded discs, nearer ones larger and clearer, with bonds between them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from helpers.draw import style
from helpers.draw.canvas import DPI, Canvas

FAR_AWAY = 9.0  # the eye's distance from the middle of the axes, in data units
FOG = 0.62  # how much of its colour the hindmost loses
LEVELS = 24  # shades of fog
AS_IT_IS = IdentityTransform()


class Atoms(Artist):
    """Places (n, 3) seen along their third axis, the first two as x and y of `axes`, in perspective.

    Balls and sticks are pasted from the back to the front, so the
    nearer hide the farther. What lies outside of the axes is not drawn.
    """

    def __init__(self, canvas: Canvas, axes: Axes, colour: str = style.BLUE) -> None:
        super().__init__()
        self.axes, self.radius, self.colour = axes, 0.0, colour
        self.places, self.bonds = np.empty((0, 3)), np.empty((0, 2), dtype=int)
        self.depth = np.ptp(axes.get_xlim()) / 2
        self.set_zorder(4)
        axes.figure.add_artist(self)
        canvas.moving(self)

    def set(self, places: np.ndarray, bonds: np.ndarray, radius: float) -> None:
        """Show balls of this radius at `places` (n, 3) and a stick for each pair of rows in `bonds` (m, 2)."""
        self.radius = radius
        there = np.isfinite(places).all(axis=1)
        self.bonds = bonds[there[bonds].all(axis=1)] if len(bonds) else bonds
        self.places = np.where(there[:, None], places, np.inf)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.places, self.bonds = np.empty((0, 3)), np.empty((0, 2), dtype=int)

    def draw(self, renderer: RendererAgg) -> None:
        """Paste balls and sticks, the hindmost first."""
        z = self.places[:, 2]
        with np.errstate(invalid="ignore"):
            seen = np.isfinite(self.places).all(axis=1) & (z < 0.7 * FAR_AWAY)
            nearness, flat = self._projected(self.places)
        fog = np.clip(0.5 - z / (2 * self.depth), 0, 1)
        unit = np.diff(self.axes.transData.transform([(0, 0), (1, 0)])[:, 0])[0]  # pixels of one data unit
        bonds = self.bonds[seen[self.bonds].all(axis=1)]
        ends = self._sticks(bonds)
        order = [(z[i], 0, i) for i in np.flatnonzero(seen)]
        order += [(min(z[i], z[j]) + 1e-9, 1, k) for k, (i, j) in enumerate(bonds)]
        gc = renderer.new_gc()
        gc.set_clip_rectangle(self.axes.bbox)
        for _, stick, k in sorted(order):
            if stick:
                self._stick(renderer, gc, Path(ends[:, k]), fog[bonds[k]].mean())
            else:
                self._ball(renderer, gc, flat[k], self.radius * unit * nearness[k], fog[k])

    def _projected(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how much larger things look at these places (n, 3), and where on the screen they are (n, 2)."""
        nearness = 1 / (1 - places[:, 2] / FAR_AWAY)  # 1 in the middle
        return nearness, self.axes.transData.transform(places[:, :2] * nearness[:, None])

    def _sticks(self, bonds: np.ndarray) -> np.ndarray:
        """Return both ends (2, m, 2) of the sticks on the screen: they begin at the surface of a ball, not inside."""
        first, second = self.places[bonds[:, 0]], self.places[bonds[:, 1]]
        along = second - first
        inside = 0.92 * self.radius * along / np.maximum(np.linalg.norm(along, axis=1), 1e-9)[:, None]
        return np.array([self._projected(first + inside)[1], self._projected(second - inside)[1]])

    def _stick(self, renderer: RendererAgg, gc: GraphicsContextBase, path: Path, haze: float) -> None:
        """A thick line with a light one along it, so that it looks round."""
        level = round(haze * LEVELS) / LEVELS
        for width, colour in ((5.0, "#66788a"), (1.8, "#b5c1cc")):
            gc.set_foreground(misty(colour, level), isRGBA=True)
            gc.set_linewidth(width * renderer.dpi / DPI)
            renderer.draw_path(gc, path, AS_IT_IS)

    def _ball(
        self, renderer: RendererAgg, gc: GraphicsContextBase, at: np.ndarray, radius: float, haze: float
    ) -> None:
        picture = ball(max(2, round(radius)), self.colour, round(haze * LEVELS))
        box = self.axes.bbox
        if box.x0 <= at[0] <= box.x1 and box.y0 <= at[1] <= box.y1:
            renderer.draw_image(gc, *np.round(at - len(picture) / 2), picture)


@lru_cache(maxsize=512)
def ball(radius: int, colour: str, level: int) -> np.ndarray:
    """Return the picture (2 radius + 2, 2 radius + 2, 4) of a ball lit from the upper left, lowest row first."""
    axis = (np.arange(2 * radius + 2) - radius - 0.5) / radius
    x, y = axis[None, :], axis[:, None]
    away = np.sqrt(x**2 + y**2)
    z = np.sqrt(np.clip(1 - away**2, 0, 1))
    light = np.clip(-0.42 * x + 0.52 * y + 0.74 * z, 0, 1)  # y is up, for the lowest row comes first
    gleam = light**24
    shade = (0.38 + 0.62 * light)[..., None] * np.array(to_rgb(colour))
    shade = shade + 0.75 * gleam[..., None] * (1 - shade)
    shade = shade + FOG * level / LEVELS * (1 - shade)
    picture = np.empty((*away.shape, 4))
    picture[..., :3] = shade
    picture[..., 3] = np.clip((1 - away) * radius + 0.5, 0, 1)  # a soft edge of one pixel
    return np.ascontiguousarray(np.round(255 * picture).astype(np.uint8))


@lru_cache(maxsize=256)
def misty(colour: str, haze: float) -> tuple[float, float, float, float]:
    """Return the colour as it is seen through this share of the fog, opaque."""
    return (*(float(c + FOG * haze * (1 - c)) for c in to_rgb(colour)), 1.0)
