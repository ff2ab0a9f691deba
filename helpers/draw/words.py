"""Words that move: drawn to a small picture once, and pasted from then on.

Laying out and rasterising a text costs matplotlib two milliseconds, pasting its picture a few microseconds. A
frame with a dozen labels is therefore only fast with these. Even a text that was never shown before is quick:
its words and digits were.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
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
        self._align = (ALIGN[ha], ALIGN[va])
        self._gc = GraphicsContextBase()
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
        scale = renderer.dpi / DPI
        x, y = self._transform_of_place.transform(
            self.place
        ).tolist()  # plain numbers are quicker than arrays of two
        x, y = x + self.offset[0] * scale, y + self.offset[1] * scale
        if self._box is not None and not self._box.contains(x, y):
            return
        picture = drawn(self.text, *self._look, self.colour, renderer.dpi)
        height, width = picture.shape[:2]
        x, y = x - self._align[0] * width, y - self._align[1] * height
        if math.isfinite(x) and math.isfinite(y):
            renderer.draw_image(self._gc, round(x), round(y), picture)


@lru_cache(maxsize=1024)
def drawn(text: str, size: float, bold: bool, card: bool, colour: str, dpi: float) -> np.ndarray:
    """Return the picture of a text (height, width, 4), lowest row first, as the renderer pastes it.

    It is put together from its runs, each laid out and rasterised once and for all, on whole pixels: a number that
    changes from frame to frame is a few digits, which were all drawn before.
    """
    pad = (4 if card else 1) * dpi / DPI
    lines = [
        [run(piece, size, bold, dpi) for piece in ([line] if "$" in line else RUNS.findall(line))]
        for line in text.split("\n")
    ]
    high = line_height(size, bold, dpi)
    width = int(np.ceil(max(sum(piece.advance for piece in line) for line in lines) + 2 * pad))
    height = int(np.ceil(len(lines) * high + 2 * pad))
    ink = np.zeros((height, width), np.uint8)  # the uppermost row first
    for i, line in enumerate(lines):
        written = [piece for piece in line if piece.up > -piece.down]
        up, down = (max((getattr(p, side) for p in written), default=0.0) for side in ("up", "down"))
        lines_below = len(lines) - i - 0.5  # the ink is in the middle of its line
        base = round(height - pad - lines_below * high + (up - down) / 2)
        pen = pad
        for piece in line:
            put(ink, piece.ink, base - piece.base, round(pen) - 1)
            pen += piece.advance
    picture = np.empty((height, width, 4), np.uint8)
    picture[:, :, :3] = np.round(255 * np.array(to_rgb(colour)))
    picture[:, :, 3] = ink
    if card:  # the words over white, nearly opaque
        over = ink[:, :, None] / 255.0
        picture[:, :, :3] = np.round(255 - over * (255 - picture[:, :, :3].astype(float)))
        picture[:, :, 3] = np.maximum(ink, 225)
    return np.ascontiguousarray(picture[::-1])


RUNS = re.compile(r"[^\W\d_]+|.")  # a word keeps its kerning; digits, signs and blanks come one by one


class Run(NamedTuple):
    """A rasterised run: its ink (height, width), the row of its base line, and in pixels how far the pen goes on.

    `up` and `down` are how far the ink reaches from the base line.
    """

    ink: np.ndarray
    base: int
    advance: float
    up: float
    down: float


@lru_cache(maxsize=2048)
def run(text: str, size: float, bold: bool, dpi: float) -> Run:
    """Return a run with its origin in column 1."""
    words, renderer = stage(size, bold, dpi)
    with style.look():
        words.set(text=text)
        box = words.get_window_extent(renderer)
        if "$" in text:
            up, down = box.height + box.y0, -box.y0
        else:
            _, tall, down = renderer.get_text_width_height_descent(text, words.get_fontproperties(), False)
            up = tall - down
        width, below, above = (int(np.ceil(max(side, 0))) + 2 for side in (box.width, down, up))
        if width > renderer.width or below + above > renderer.height:
            renderer = RendererAgg(width, below + above, dpi)
        renderer.clear()
        words.set_position((1, below))
        words.draw(renderer)
        words.set_position((0, 0))
    ink = np.array(np.asarray(renderer.buffer_rgba())[-(below + above) :, :width, 3])
    return Run(ink, above, box.width, up, down)


@lru_cache(maxsize=32)
def line_height(size: float, bold: bool, dpi: float) -> float:
    """Return the height of a line, the same for every text."""
    words, renderer = stage(size, bold, dpi)
    with style.look():
        words.set(text="x")
        return float(words.get_window_extent(renderer).height)


def put(ink: np.ndarray, piece: np.ndarray, top: int, left: int) -> None:
    """Add the ink of a piece at this row and column, cut at the edges."""
    above, before = max(0, -top), max(0, -left)
    piece = piece[above : len(ink) - top, before : ink.shape[1] - left]
    part = ink[top + above :, left + before :][: len(piece), : piece.shape[1]]
    np.maximum(part, piece, out=part)


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
