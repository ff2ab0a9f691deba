"""The one look of the course: colours that colour-blind readers can tell apart, sizes that read.

The hues are those of Okabe and Ito (2008). Nothing is told by hue alone: what is measured is solid with
dots, what theory says is dashed, a start is a ring, an end a filled square, a minimiser a cross.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import matplotlib
from matplotlib.colors import LinearSegmentedColormap

INK = "#1b2733"  # words, axes, the function itself
SOFT = "#5d6b78"  # second-rank words: 5.4 to 1 on white
HAIR = "#d5dce3"  # grid and frames
PAPER = "#ffffff"  # a figure is a white card on any theme
BLUE = "#0072b2"
VERMILLION = "#c84e00"  # Okabe-Ito's D55E00, darker by a little so that words in it read on white
GREEN = "#00785a"
ORANGE = "#e69f00"
SKY = "#56b4e9"
PURPLE = "#a8467e"

MEASURED = VERMILLION
THEORY = INK
FUNCTION = BLUE

HEIGHT = LinearSegmentedColormap.from_list("height", ["#f7fbfe", "#dbe9f4", "#b9d3e8", "#93b9d8"])
"""Low is light and high is blue-grey: pale enough for a path to stand out on it."""

DASHES = (0, (4.5, 2.5))  # theory
DOTS = (0, (1.2, 1.8))  # a second theory

RC = {
    "axes.axisbelow": True,
    "axes.edgecolor": SOFT,
    "axes.facecolor": PAPER,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelpad": 3.0,
    "axes.labelsize": 9.5,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlepad": 7.0,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.unicode_minus": True,
    "figure.facecolor": PAPER,
    "font.family": ["sans-serif"],
    # matplotlib brings this font along, so every machine draws the same pixels
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "grid.color": HAIR,
    "grid.linewidth": 0.6,
    "lines.solid_capstyle": "round",
    "mathtext.fontset": "dejavusans",
    "text.antialiased": True,
    "text.color": INK,
    "xtick.color": SOFT,
    "xtick.direction": "out",
    "xtick.labelcolor": SOFT,
    "xtick.labelsize": 8.5,
    "xtick.major.size": 3.0,
    "xtick.minor.size": 0.0,
    "ytick.color": SOFT,
    "ytick.direction": "out",
    "ytick.labelcolor": SOFT,
    "ytick.labelsize": 8.5,
    "ytick.major.size": 3.0,
    "ytick.minor.size": 0.0,
}


@contextmanager
def look() -> Iterator[None]:
    """Build figures in the look of the course, whatever the reader's own rcParams say; they stay as they are.

    >>> before = matplotlib.rcParams["axes.grid"]
    >>> with look():
    ...     matplotlib.rcParams["axes.grid"]
    True
    >>> matplotlib.rcParams["axes.grid"] == before
    True
    """
    ours = settings()
    before = {name: value for name, value in dict.items(matplotlib.rcParams) if name in ours}
    # checked when they were first set, so dict's own update will do: `rc_context` takes fifty times as long
    dict.update(matplotlib.rcParams, ours)
    try:
        yield
    finally:
        dict.update(matplotlib.rcParams, before)


@lru_cache(maxsize=1)
def settings() -> dict[str, object]:
    """Return every rcParam of the look, matplotlib's own defaults and ours; the backend is the reader's."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        return {name: value for name, value in dict.items(matplotlib.rcParams) if name != "backend"}
