"""Words that move: drawn to a small picture once, and pasted from then on.

Laying out and rasterising a text costs matplotlib a millisecond, pasting its picture a few microseconds. A
frame with a dozen labels is therefore only fast with these.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Transform

from helpers.draw import style
from helpers.draw.canvas import DPI, Canvas

ALIGN = {"left": 0.0, "bottom": 0.0, "center": 0.5, "right": 1.0, "top": 1.0}


class Words(Artist):
    """A text at a place of `axes`, on request on a white card; `set` changes words, place and colour.

    The place is in the coordinates of `transform` (data, unless given) plus `offset` in CSS pixels. Outside of
    the axes nothing is shown if `clip` is set.
    """

    def __init__(
        self,
        canvas: Canvas,
        axes: Axes,
        text: str = "",
        x: float = 0.0,
        y: float = 0.0,
        *,
        transform: Transform | None = None,
        size: float = 9.0,
        colour: str = style.INK,
        bold: bool = False,
        ha: str = "center",
        va: str = "center",
        card: bool = False,
        clip: bool = False,
        zorder: float = 9.0,
    ) -> None:
        super().__init__()
        self.text, self.place, self.offset, self.colour = text, (x, y), (0.0, 0.0), colour
        self._transform_of_place = transform or axes.transData
        self._look = (size, bold, card)
        self._align = np.array([ALIGN[ha], ALIGN[va]])
        self._box = axes.bbox if clip else None
        self.set_zorder(zorder)
        axes.figure.add_artist(self)
        canvas.moving(self)

    def set(self, text=None, *, x=None, y=None, offset=None, colour=None) -> None:
        """Change what is given."""
        self.text = self.text if text is None else text
        self.place = (self.place[0] if x is None else x, self.place[1] if y is None else y)
        self.offset = self.offset if offset is None else offset
        self.colour = self.colour if colour is None else colour

    def hide(self) -> None:
        """Draw nothing until the next `set` of a text."""
        self.text = ""

    def draw(self, renderer: RendererAgg) -> None:
        """Paste the words."""
        if not self.text:
            return
        at = self._transform_of_place.transform(self.place) + np.multiply(self.offset, renderer.dpi / DPI)
        if self._box is not None and not self._box.contains(*at):
            return
        picture = drawn(self.text, *self._look, self.colour, renderer.dpi)
        size = np.array(picture.shape[1::-1])
        x, y = np.round(at - self._align * size)
        renderer.draw_image(renderer.new_gc(), x, y, picture)


@lru_cache(maxsize=1024)
def drawn(text: str, size: float, bold: bool, card: bool, colour: str, dpi: float) -> np.ndarray:
    """Return the picture of a text (height, width, 4), lowest row first, as the renderer pastes it."""
    words, renderer = stage(size, bold, dpi)
    pad = (4 if card else 1) * dpi / DPI
    with style.look():
        words.set(text=text, color=colour, position=(0, 0))
        box = words.get_window_extent(renderer)
        width, height = (int(np.ceil(side + 2 * pad)) for side in (box.width, box.height))
        words.set_position((pad - box.x0, pad - box.y0))
        if width > renderer.width or height > renderer.height:
            renderer = RendererAgg(width, height, dpi)
        renderer.clear()
        words.draw(renderer)
    picture = np.array(np.asarray(renderer.buffer_rgba())[-height:, :width])
    if card:  # the words over white, nearly opaque
        over = picture[:, :, 3:] / 255.0
        picture[:, :, :3] = np.round(255 - over * (255 - picture[:, :, :3].astype(float)))
        picture[:, :, 3] = np.maximum(picture[:, :, 3], 225)
    return np.ascontiguousarray(picture[::-1])


@lru_cache(maxsize=32)
def stage(size: float, bold: bool, dpi: float) -> tuple[Text, RendererAgg]:
    """Return a text to be filled in, and a renderer with room for all but very long ones.

    matplotlib remembers the widths of words for each renderer, so one that measures and draws saves half.
    """
    with style.look():
        figure = Figure(dpi=dpi)
        FigureCanvasAgg(figure)
        words = figure.text(
            0, 0, "", transform=None, fontsize=size, linespacing=1.35,
            fontweight="bold" if bold else "normal",
        )  # fmt: skip
    return words, RendererAgg(round(4 * dpi), round(0.6 * dpi), dpi)
