"""A live figure: controls -> compute -> artists -> pixels -> the page, one frame in milliseconds.

Three parts meet here and know nothing of each other: `compute(**controls)` is pure and returns arrays, the
`Scene` sets them on artists that were made once, and the surface (a picture, sliders, a caption line) shows
the result. The picture is an `ipywidgets.Image`, which needs no front end of ours; `Overlay` adds dragging
where anywidget's front end is there.
"""

from __future__ import annotations

import asyncio
import base64
import html
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ipywidgets
from matplotlib.axes import Axes

from helpers.draw import Canvas, Notice
from helpers.explore.controls import Control
from helpers.explore.overlay import Overlay
from helpers.explore.runs import Trouble

REST = 0.15  # seconds without a change, after which a frame is drawn sharp


def grading() -> bool:
    """Return whether nbgrader is executing the notebook; then figures neither compute nor draw.

    nbgrader sets NBGRADER_EXECUTION to "autograde" or "validate" while it runs a notebook.
    """
    return bool(os.environ.get("NBGRADER_EXECUTION"))


@dataclass(frozen=True)
class Drag:
    """A point of `axes` that the reader can take: its coordinates set the controls `x` and `y` (None: fixed).

    `at` takes what compute returned and gives the place of the point in data coordinates.
    """

    axes: Axes
    at: Callable[[Mapping], tuple[float, float]]
    x: str | None = None
    y: str | None = None
    label: str = "start point"


@dataclass(frozen=True)
class Scene:
    """What `build` made: `update` takes what compute returned and sets it on the artists."""

    update: Callable[[Mapping], None]
    drag: Drag | None = None


class LiveFigure:
    """A figure that answers to its controls; display it by naming it on the last line of a cell.

    title     a few words, the beginning of the one-line text
    controls  name -> `Slider`, `LogSlider`, `Count` or `Choice`
    compute   compute(**controls) -> mapping of arrays and numbers; pure; raises `Trouble` with a sentence
    build     build(canvas) -> `Scene`: makes the artists once
    describe  describe(data) -> the caption: the key numbers in words, also the text alternative

    While nbgrader executes the notebook only the title is shown: nothing is computed or drawn.
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Control],
        compute: Callable[..., Mapping],
        build: Callable[[Canvas], Scene],
        describe: Callable[[Mapping], str],
        size: tuple[int, int] = (720, 340),
        on_reset: Callable[[], None] | None = None,
    ) -> None:
        self.title, self.compute = title, compute
        self.caption = ""
        self._specs = dict(controls)
        self._describe, self._on_reset = describe, on_reset
        self._held = False
        self._timer: asyncio.TimerHandle | None = None
        self._sharp: bytes | None = None  # the present state at scale 2, once it is drawn
        self.asleep = grading()
        self.controls: dict[str, ipywidgets.Widget] = {}
        self._values = {name: spec.start for name, spec in self._specs.items()}
        if self.asleep:
            self.caption = "Not drawn while the notebook is being graded."
            return
        self.canvas = Canvas(*size)
        self._scene = build(self.canvas)
        self._notice = Notice(self.canvas)
        self._make_surface()
        self._refresh(sharp=True)

    # What a cell can do ---------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, object]:
        """The present setting of every control."""
        return {name: widget.value for name, widget in self.controls.items()} or dict(self._values)

    def set(self, **controls: object) -> LiveFigure:
        """Set controls by name and redraw once; raises ValueError for an unknown name or a value out of range."""
        for name in controls:
            if name not in self._specs:
                raise ValueError(f"{name} is no control of this figure, which has {', '.join(self._specs)}")
        values = {name: self._specs[name].check(name, value) for name, value in controls.items()}
        self._assign(values)
        return self

    def reset(self) -> LiveFigure:
        """Go back to the settings at the start."""
        if self._on_reset:
            self._on_reset()
        self._assign({name: spec.start for name, spec in self._specs.items()}, anyway=True)
        return self

    def png(self, scale: int = 2) -> bytes:
        """Return the present picture as PNG bytes, `scale` pixels for each CSS pixel; empty while grading."""
        if self.asleep:
            return b""
        if scale == 2 and self._sharp is not None:
            return self._sharp
        return self.canvas.png(scale)

    # How it shows ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"{self.title}. {self.caption}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict, dict]:
        """Return the live widget, a picture of the present state, and one line of text, for whoever can show it."""
        data = {"text/plain": repr(self)}
        if self.asleep:
            return data, {}
        size = {"width": self.canvas.width, "height": self.canvas.height}
        data["image/png"] = base64.b64encode(self.png()).decode()
        data["application/vnd.jupyter.widget-view+json"] = {
            "version_major": 2,
            "version_minor": 0,
            "model_id": self.surface.model_id,
        }
        return data, {"image/png": size}

    def _make_surface(self) -> None:
        self._image = ipywidgets.Image(format="png", width=self.canvas.width, height=self.canvas.height)
        self._line = ipywidgets.HTML()
        self._line.add_class("downhill-caption")
        self._overlay = Overlay()
        self._overlay.observe(lambda change: self._dragged(*change["new"]), "pointer")
        self._overlay.observe(self._nudged, "nudge")
        stage = ipywidgets.Box([self._image, self._overlay])
        stage.add_class("downhill-stage")
        self.controls = {name: spec.widget() for name, spec in self._specs.items()}
        for widget in self.controls.values():
            widget.observe(lambda change: self._changed(), "value")
        again = ipywidgets.Button(
            description="Reset",
            icon="undo",
            tooltip="Back to the settings at the start",
            layout={"width": "7em"},
        )
        again.on_click(lambda button: self.reset())
        panel = ipywidgets.GridBox(
            [*self.controls.values(), again],
            layout={
                "grid_template_columns": "repeat(auto-fit, minmax(300px, 1fr))",
                "grid_gap": "2px 20px",
                "max_width": f"{self.canvas.width}px",
                "align_items": "center",
            },
        )
        self.surface = ipywidgets.VBox([stage, self._line, panel])
        self.surface.add_class("downhill-figure")

    # From a change to pixels ----------------------------------------------------------------------

    def _assign(self, values: Mapping[str, object], anyway: bool = False) -> None:
        before = self.state
        self._values.update(values)
        self._held = True
        try:
            for name, value in values.items():
                if name in self.controls:
                    self.controls[name].value = value
        finally:
            self._held = False
        if not self.asleep and (anyway or self.state != before):
            self._refresh()

    def _changed(self) -> None:
        if not self._held:
            self._refresh()

    def _refresh(self, sharp: bool = False) -> None:
        """Compute and draw the present state: fast if something may still move, sharp once it rests."""
        at, self._sharp = [], None
        try:
            data = self.compute(**self.state)
            self._scene.update(data)
            self.caption = self._describe(data)
            self.canvas.only = ()
            if self._scene.drag:
                drag = self._scene.drag
                at = [*self.canvas.fraction(drag.axes, *drag.at(data))]
        except Trouble as trouble:
            self.caption = str(trouble)
            self._notice.set(self.caption)
            self.canvas.only = self._notice.artists
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no loop, so nobody could draw it sharp later
            loop = None
        if self._timer:
            self._timer.cancel()
        if sharp or loop is None:
            self._rest()
        else:
            self._image.value = self.canvas.png(1)
            self._timer = loop.call_later(REST, self._rest)
        # a number and its power of ten stay on one line
        self._line.value = html.escape(self.caption).replace(" × ", "&nbsp;×&nbsp;")
        self._overlay.handle = at

    def _rest(self) -> None:
        self._timer = None
        self._sharp = self._image.value = self.canvas.png(2)
        # Once at rest, not for every frame: a screen reader would have to say them all.
        self._overlay.alt = repr(self)
        if drag := self._scene.drag:
            self._overlay.label = f"{drag.label}, arrow keys move it"
            self._overlay.area = self._area(drag.axes)

    def _area(self, axes: Axes) -> list[float]:
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        return [*self.canvas.fraction(axes, left, high), *self.canvas.fraction(axes, right, low)]

    # The point under the mouse --------------------------------------------------------------------

    def _dragged(self, across: float, down: float) -> None:
        """Move the point to this place of the picture, as near as the steps of its controls allow."""
        drag = self._scene.drag
        x, y = self.canvas.data(drag.axes, across, down)
        wanted = {drag.x: x, drag.y: y}
        self._assign({name: self._specs[name].nearest(v) for name, v in wanted.items() if name is not None})

    def _nudged(self, change: Mapping) -> None:
        drag, state = self._scene.drag, self.state
        moved = {}
        for name, before, now in zip((drag.x, drag.y), change["old"], change["new"], strict=True):
            if name is not None and now != before:
                moved[name] = self._specs[name].nudged(state[name], now - before)
        self._assign(moved)
