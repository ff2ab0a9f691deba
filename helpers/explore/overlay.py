"""The front end of dragging: a small anywidget over the picture that speaks in fractions of it."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent


class Overlay(anywidget.AnyWidget):
    """Sits over the picture: reports where a point is dragged and nudged, holds the text alternative.

    Fractions count from the left and from the top. `pointer` is where the reader wants the point, `handle` where
    it is (empty: there is none), `area` the part of the picture it may be in, `nudge` how often the arrow
    keys asked for a step to the right and up, counted from the beginning.
    """

    _esm = (HERE / "overlay.js").read_text(encoding="utf-8")
    _css = (HERE / "overlay.css").read_text(encoding="utf-8")

    alt = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    handle = traitlets.List(traitlets.Float()).tag(sync=True)
    area = traitlets.List(traitlets.Float(), [0.0, 0.0, 1.0, 1.0]).tag(sync=True)
    pointer = traitlets.List(traitlets.Float()).tag(sync=True)
    nudge = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
