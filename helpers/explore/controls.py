"""What a reader can turn: the name, range, step and start of a control, its check, and its widget.

A control is a plain description, so that a figure can be computed, tested and graded without any widget.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace

import ipywidgets

STYLE = {"description_width": "7em"}
LAYOUT = {"width": "auto", "min_width": "0", "margin": "0"}


@dataclass(frozen=True)
class Slider:
    """A number between `low` and `high`; arrow keys and dragging move it by `step`.

    >>> Slider("start x", -3, 3, 0.1, start=2).check("x0", 2.5)
    2.5
    """

    label: str
    low: float
    high: float
    step: float
    start: float
    readout: str = ".2f"

    def check(self, name: str, value: object) -> float:
        """Return the value as a float; raises ValueError if it is no number within the range."""
        return number(name, value, self.low, self.high)

    def nearest(self, value: float) -> float:
        """Return the value on the grid of steps that lies nearest, within the range."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return min(self.high, round(self.low + steps * self.step, 10))

    def nudged(self, value: float, steps: int) -> float:
        """Return the value moved by so many steps, within the range."""
        return self.nearest(value + steps * self.step)

    def widget(self) -> ipywidgets.Widget:
        """Return a new slider at the start."""
        return ipywidgets.FloatSlider(
            value=self.start, min=self.low, max=self.high, step=self.step, description=self.label,
            readout_format=self.readout, continuous_update=True, style=STYLE, layout=LAYOUT,
        )  # fmt: skip


@dataclass(frozen=True)
class LogSlider:
    """A positive number on a grid of `per_octave` steps from one doubling to the next.

    The grid holds every power of two, so 1/kappa and 2/kappa are on it whenever kappa is.

    >>> LogSlider("step", 1 / 8, 4, start=1).check("alpha", 0.3)
    0.3
    """

    label: str
    low: float
    high: float
    start: float
    per_octave: int = 8
    readout: str = ".3g"

    def check(self, name: str, value: object) -> float:
        """Return the value as a float; raises ValueError if it is no number within the range."""
        return number(name, value, self.low, self.high)

    def nearest(self, value: float) -> float:
        """Return the value on the grid that lies nearest, within the range."""
        octaves = round(math.log2(min(max(value, self.low), self.high)) * self.per_octave) / self.per_octave
        return 2.0**octaves

    def nudged(self, value: float, steps: int) -> float:
        """Return the value moved by so many steps, within the range."""
        return self.nearest(value * 2 ** (steps / self.per_octave))

    def widget(self) -> ipywidgets.Widget:
        """Return a new slider at the start."""
        return ipywidgets.FloatLogSlider(
            value=self.start, base=2, min=math.log2(self.low), max=math.log2(self.high),
            step=1 / self.per_octave, description=self.label, readout_format=self.readout,
            continuous_update=True, style=STYLE, layout=LAYOUT,
        )  # fmt: skip


@dataclass(frozen=True)
class Count:
    """A whole number between `low` and `high`.

    >>> Count("steps", 0, 50, start=20).check("n_steps", 7)
    7
    """

    label: str
    low: int
    high: int
    start: int

    def check(self, name: str, value: object) -> int:
        """Return the value as an int; raises ValueError if it is no whole number within the range."""
        try:
            value = operator.index(value)
        except TypeError:
            raise ValueError(f"{name} must be a whole number, got {value!r}") from None
        return int(number(name, value, self.low, self.high))

    def nearest(self, value: float) -> int:
        """Return the whole number that lies nearest, within the range."""
        return round(min(max(value, self.low), self.high))

    def nudged(self, value: int, steps: int) -> int:
        """Return the value moved by so many steps, within the range."""
        return self.nearest(value + steps)

    def widget(self) -> ipywidgets.Widget:
        """Return a new slider at the start."""
        return ipywidgets.IntSlider(
            value=self.start, min=self.low, max=self.high, description=self.label, continuous_update=True,
            style=STYLE, layout=LAYOUT,
        )  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One of a few names.

    >>> Choice("surface", ("bowl", "valley"), start="bowl").check("surface", "valley")
    'valley'
    """

    label: str
    options: Sequence[str]
    start: str

    def check(self, name: str, value: object) -> str:
        """Return the value; raises ValueError if it is none of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(f"{name} must be one of {', '.join(map(repr, self.options))}, got {value!r}")
        return value

    def nudged(self, value: str, steps: int) -> str:
        """Return the option so many options on, the first one after the last."""
        return self.options[(self.options.index(value) + steps) % len(self.options)]

    def widget(self) -> ipywidgets.Widget:
        """Return a new drop-down at the start."""
        return ipywidgets.Dropdown(
            value=self.start, options=list(self.options), description=self.label, style=STYLE, layout=LAYOUT
        )


Control = Slider | LogSlider | Count | Choice


def starting(controls: dict[str, Control], **values: object) -> dict[str, Control]:
    """Return the controls with other starts; raises ValueError for a start out of its range.

    >>> starting({"n_steps": Count("steps", 0, 50, start=20)}, n_steps=5)["n_steps"].start
    5
    """
    changed = {
        name: replace(controls[name], start=controls[name].check(name, v)) for name, v in values.items()
    }
    return {**controls, **changed}


def number(name: str, value: object, low: float, high: float) -> float:
    """Return `value` as a float between `low` and `high`; raises ValueError otherwise."""
    try:
        if isinstance(value, str):
            raise TypeError
        as_number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number, got {value!r}") from None
    if not low <= as_number <= high:
        raise ValueError(f"{name} must be between {low:.4g} and {high:.4g}, got {as_number:.4g}")
    return as_number
