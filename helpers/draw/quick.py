"""Moving lines drawn in a third of matplotlib's time, the same pixels.

`Line2D.draw` works everything out again for each frame: units, masks, colours, transforms. Here matplotlib draws a
line once, what it asks its renderer for is noted down, and the next frames ask for the same with other points.
"""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.transforms import Affine2DBase


class Quick:
    """Draws the moving artists of a canvas; what it has noted down holds until the axes change."""

    def __init__(self) -> None:
        self._notes: dict[tuple[Artist, float], tuple[tuple, Notes]] = {}

    def forget(self) -> None:
        """Note everything down again: the axes have changed."""
        self._notes.clear()

    def draw(self, artist: Artist, renderer: RendererAgg) -> None:
        """Draw a plain line quickly, any other artist as matplotlib does."""
        if type(artist) is not Line2D or not plain(artist):
            artist.draw(renderer)
        elif artist.get_visible() and len(
            artist.get_xdata(orig=True)
        ):  # of no points there is nothing to note
            look, at = look_of(artist), (artist, renderer.dpi)
            seen, notes = self._notes.get(at, (None, None))
            if seen != look:
                notes = Notes(renderer.dpi)
                artist.draw(notes)
                self._notes[at] = look, notes
            again(artist, notes, renderer)


def plain(line: Line2D) -> bool:
    """Whether a line goes straight from point to point, with the same marker at each of them."""
    return (
        line.get_drawstyle() == "default"
        and line.get_markevery() is None
        and line.get_gapcolor() is None
        and line.get_sketch_params() is None
        and not line.get_path_effects()
    )


def look_of(line: Line2D) -> tuple:
    """Return all that a line's look depends on and that somebody here changes; a transform is told by its identity."""
    return (
        line.get_color(), line.get_alpha(), line.get_linewidth(), line.get_linestyle(), line.get_marker(),
        line.get_markersize(), line.get_markeredgewidth(), line.get_markeredgecolor(), line.get_markerfacecolor(),
        line.get_clip_on(), id(line.get_transform()),
    )  # fmt: skip


class Notes(RendererBase):
    """A renderer that draws nothing and keeps how a line wants to be drawn."""

    def __init__(self, dpi: float) -> None:
        super().__init__()
        self.dpi = dpi
        self.path: tuple | None = None  # graphics context
        self.markers: tuple | None = None  # graphics context, marker, its transform, colour inside
        self.affine: np.ndarray | None = None

    def points_to_pixels(self, points: float) -> float:
        """Return a length in points as pixels, as the renderer that draws will."""
        return points * self.dpi / 72

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Affine2DBase, rgbFace=None) -> None:
        """Note a line."""
        self.path, self.affine = gc, transform

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None) -> None:
        """Note its markers."""
        self.markers, self.affine = (gc, marker_path, marker_trans.frozen(), rgbFace), trans


def again(line: Line2D, notes: Notes, renderer: RendererAgg) -> None:
    """Draw a line as noted with the points it has now."""
    x, y = line.get_data(orig=True)
    points = np.empty((len(x), 2))
    points[:, 0], points[:, 1] = x, y
    transform = line.get_transform()
    if not transform.is_affine:
        points = transform.transform_non_affine(points)
    path = Path(points)
    if notes.path is not None:
        renderer.draw_path(notes.path, path, notes.affine)
    if notes.markers is not None:
        gc, marker, marker_transform, inside = notes.markers
        renderer.draw_markers(gc, marker, marker_transform, path, notes.affine, inside)
