"""Artists: made once, updated many times. No widgets and no algorithms live here.

`Canvas` turns a matplotlib figure into PNG bytes quickly: what never moves is drawn once and kept, what
moves is drawn over it. `artists` and `marks` hold what the chapters draw (a path, a contour field, a marked
line), `style` the one look of the course. Nothing here touches pyplot or the global rcParams.
"""

from helpers.draw.artists import Contours, Curve, Dots, Path
from helpers.draw.canvas import Canvas
from helpers.draw.marks import Badge, Bands, MarkedLine, Notice, Strip, Ticks, key, signs
from helpers.draw.words import Words

__all__ = [
    "Badge",
    "Bands",
    "Canvas",
    "Contours",
    "Curve",
    "Dots",
    "MarkedLine",
    "Notice",
    "Path",
    "Strip",
    "Ticks",
    "Words",
    "key",
    "signs",
]
