"""Photographs that change: grey values pasted as they are, under a title."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from PIL import Image

from helpers.draw import style
from helpers.draw.canvas import DPI, Canvas
from helpers.draw.words import Words


class Picture(Artist):
    """A square of `side` CSS pixels from (left, bottom) of the figure that shows grey values (n, n), 0 black, 1 white.

    What lies beyond black and white is cut; what is not finite is mid grey. Where `side` is n, the fast frame shows
    the pixels as they are; other sizes are scaled by Pillow, in a tenth of the time of matplotlib's own images.
    `axes` are any of the figure's.
    """

    def __init__(
        self, canvas: Canvas, axes: Axes, left: float, bottom: float, side: int, colour: str = style.INK
    ) -> None:
        super().__init__()
        self.place, self.side, self.grey = (left, bottom), side, None
        self.set_zorder(2)
        canvas.figure.add_artist(self)
        canvas.moving(self)
        self.title = Words(
            canvas, axes, "", left / canvas.width, (bottom + side + 6) / canvas.height, size=9.5, colour=colour,
            transform=canvas.figure.transFigure, bold=True, ha="left", va="bottom",
        )  # fmt: skip

    def set(self, grey: np.ndarray, title: str = "") -> None:
        """Show these grey values under this title."""
        self.title.set(title)
        self.grey = np.round(255 * np.clip(np.nan_to_num(grey, nan=0.5), 0, 1)).astype(np.uint8)

    def hide(self) -> None:
        """Draw nothing until the next `set`."""
        self.grey = None
        self.title.hide()

    def draw(self, renderer: RendererAgg) -> None:
        """Paste the picture."""
        if self.grey is None:
            return
        scale = renderer.dpi / DPI
        size = round(self.side * scale)
        shown = self.grey
        if shown.shape != (size, size):
            shown = np.asarray(Image.fromarray(shown).resize((size, size), Image.Resampling.BICUBIC))
        pixels = np.full((size, size, 4), 255, np.uint8)
        pixels[:, :, :3] = shown[::-1, :, None]  # the renderer pastes the lowest row first
        renderer.draw_image(renderer.new_gc(), *np.multiply(self.place, scale).round(), pixels)
