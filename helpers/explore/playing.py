"""A figure that moves its own controls: a button sets them one after the other, as a reader would by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

import ipywidgets

from helpers.explore.live import LiveFigure
from helpers.explore.runs import Trouble

BEAT = 0.7  # seconds from one setting to the next: long enough to see what changed


class PlayingFigure(LiveFigure):
    """A live figure with one more button; pressing it plays the settings that `play(**controls)` yields.

    Each setting is a mapping from names of controls to values. Moving a control by hand, Reset and a second
    press stop it. Without an event loop (a script, a test) all settings are played at once.
    """

    def __init__(self, *arguments, play: Callable[..., Iterator[Mapping]], label: str, **keywords) -> None:
        self._play, self._settings = play, iter(())
        self._next: asyncio.TimerHandle | None = None
        super().__init__(*arguments, **keywords)
        if self.asleep:
            return
        button = ipywidgets.Button(
            description=label, icon="play", tooltip=f"{label}: the figure moves the sliders by itself"
        )
        button.on_click(lambda button: self.play())
        panel = self.surface.children[-1]
        panel.children = (*panel.children, button)

    def play(self) -> PlayingFigure:
        """Start from the present setting; raises nothing for what a learner's function does, the figure says it."""
        self.stop()
        try:
            self._settings = iter(list(self._play(**self.state)))
        except Trouble:
            self._refresh()  # runs into the same trouble, and shows the sentence
            return self
        self._beat()
        return self

    def stop(self) -> None:
        """Leave the controls where they are."""
        self._settings = iter(())
        if self._next:
            self._next.cancel()
            self._next = None

    def reset(self) -> PlayingFigure:
        """Stop, and go back to the settings at the start."""
        self.stop()
        return super().reset()

    def _changed(self) -> None:
        if not self._held:
            self.stop()
        super()._changed()

    def _beat(self) -> None:
        self._next = None
        for setting in self._settings:
            self.set(**setting)
            try:
                self._next = asyncio.get_running_loop().call_later(BEAT, self._beat)
            except RuntimeError:  # no loop, so nobody is watching: go on at once
                continue
            return
