"""A matplotlib figure that turns into PNG bytes in milliseconds: the background is kept, movers are redrawn.

What never moves (axes, grid, words, contours) is drawn once for each scale and saved. A frame restores the
saved pixels, draws the moving artists over them and encodes one PNG. matplotlib tells us when the saved
pixels are out of date: a change of an artist makes the figure stale unless the artist is `animated`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from helpers.draw.quick import Quick
from helpers.draw.style import look

DPI = 100.0  # at scale 1: a figure of width 720 is 7.2 inches wide


class Canvas:
    """A figure of `width` x `height` CSS pixels, drawn at scale 1 (fast) or 2 (sharp).

    Build axes and artists inside `with canvas.building():`, hand what will move to `moving`, then call `png`
    as often as you like. The PNG depends on the artists' present data alone, never on how they got there.

    >>> canvas = Canvas(200, 100)
    >>> with canvas.building():
    ...     (line,) = canvas.figure.add_subplot().plot([0, 1], [0, 1])
    ...     _ = canvas.moving(line)
    >>> before = canvas.png()
    >>> line.set_ydata([1, 0])
    >>> canvas.png() == before
    False
    """

    def __init__(self, width: int = 720, height: int = 340) -> None:
        self.width, self.height = width, height
        with look():
            self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
            FigureCanvasAgg(self.figure)
        self.only: tuple[Artist, ...] = ()  # if not empty, the only moving artists that are drawn
        self._movers: list[Artist] = []
        self._in_order: list[Artist] | None = None
        self._layer: list[Artist] = []
        self._backgrounds: dict[int, object] = {}
        self._layers: dict[int, object] = {}  # the backgrounds with the layer on them
        self._quick = Quick()

    def building(self):
        """Return a context in which matplotlib has the look of the course; the reader's rcParams stay."""
        return look()

    def axes(self, left: float, bottom: float, right: float, top: float, **properties) -> Axes:
        """Return new axes between these pixels, counted from the lower left corner of the figure."""
        box = (
            left / self.width,
            bottom / self.height,
            (right - left) / self.width,
            (top - bottom) / self.height,
        )
        with look():
            axes = self.figure.add_axes(box)
            axes.set(**properties)
            axes.minorticks_off()  # they would be invisible, and are half of the time it takes to make a figure
        return axes

    def moving(self, *artists: Artist) -> tuple[Artist, ...]:
        """Declare artists that change from frame to frame; they are drawn last, by their zorder."""
        for artist in artists:
            artist.set_animated(True)
        self._movers.extend(artists)
        self._in_order = None
        return artists

    def layer(self, *artists: Artist) -> tuple[Artist, ...]:
        """Declare moving artists that lie below all others and often rest: they are only drawn when they were set."""
        for artist in artists:
            artist.set_animated(True)
        self._layer.extend(artists)
        return artists

    def pixels(self, scale: int = 1) -> np.ndarray:
        """Return the frame as bytes of shape (height * scale, width * scale, 4)."""
        return self._draw(scale).copy()

    def png(self, scale: int = 1) -> bytes:
        """Return the frame as the bytes of a PNG file."""
        return encode_png(self._draw(scale))

    def _draw(self, scale: int) -> np.ndarray:
        """Return a view of the drawn frame, which the next frame of any canvas overwrites."""
        if self.figure.stale:  # a static artist changed: what was saved, at any scale, is out of date
            self._backgrounds.clear()
            self._quick.forget()
        if self.figure.stale or any(artist.stale for artist in self._layer):
            self._layers.clear()
        if self.figure.dpi != DPI * scale:
            self.figure.dpi = DPI * scale
        renderer = shared_renderer(self.width * scale, self.height * scale, DPI * scale)
        if scale in self._layers and not self.only:
            renderer.restore_region(self._layers[scale])
        elif scale in self._backgrounds:
            renderer.restore_region(self._backgrounds[scale])
        else:
            renderer.clear()
            with look():  # matplotlib makes ticks only now, and would dress them in the reader's rcParams
                self.figure.draw(renderer)
            self._backgrounds[scale] = renderer.copy_from_bbox(self.figure.bbox)
        self.figure.stale = False
        if self._layer and not self.only and scale not in self._layers:
            for artist in self._layer:
                artist.draw(renderer)
            self._layers[scale] = renderer.copy_from_bbox(self.figure.bbox)
        for artist in self.only or self._sorted():
            self._quick.draw(artist, renderer)
        return np.asarray(renderer.buffer_rgba())

    def fraction(self, axes: Axes, x: float, y: float) -> tuple[float, float]:
        """Return where the point (x, y) of `axes` lies on the figure: from the left, from the top, 0 to 1."""
        across, up = self.figure.transFigure.inverted().transform(axes.transData.transform((x, y)))
        return float(across), float(1 - up)

    def data(self, axes: Axes, across: float, down: float) -> tuple[float, float]:
        """Return the data point of `axes` at this place of the figure, the inverse of `fraction`."""
        x, y = axes.transData.inverted().transform(self.figure.transFigure.transform((across, 1 - down)))
        return float(x), float(y)

    def _sorted(self) -> Iterable[Artist]:
        if self._in_order is None:
            self._in_order = sorted(self._movers, key=lambda artist: artist.zorder)
        return self._in_order


@lru_cache(maxsize=16)
def shared_renderer(width: int, height: int, dpi: float) -> RendererAgg:
    """Return the one renderer of this size: its pixels only live as long as a frame takes to encode."""
    return RendererAgg(width, height, dpi)


def encode_png(pixels: np.ndarray) -> bytes:
    """Return the PNG file of opaque `pixels` (height, width, 4), written for speed.

    No row filter and the lightest compression: half the time of Pillow at its fastest, and smaller files,
    since flat areas need no filter. Raises ValueError unless the pixels are bytes of that shape.

    Source: ISO/IEC 15948:2004, Portable Network Graphics.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8:
        raise ValueError(
            f"pixels must be bytes of shape (height, width, 4), got {pixels.dtype} {pixels.shape}"
        )
    height, width = pixels.shape[:2]
    rows = np.empty((height, 1 + 3 * width), np.uint8)
    rows[:, 0] = 0  # filter type "none" of each row
    for channel in range(3):  # four times as fast as one copy of pixels[:, :, :3]
        rows[:, 1 + channel :: 3] = pixels[:, :, channel]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits of red, green and blue
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
