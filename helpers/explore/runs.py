"""Run a method for a figure: the course's own directly, a learner's safely, trouble as one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from helpers.agreement import a_kind
from helpers.calling import call

SECONDS = 2.0  # how long a figure waits for a learner's function


class Trouble(Exception):
    """There is nothing to draw; the text is the sentence for the reader, who may have written the function."""


class Runner:
    """Calls `method` for a figure; `ours` is the course's own function for the same task.

    A function that had to be stopped is not called again, which would freeze every move of a slider, until
    `try_again`, which Reset calls.

    >>> from helpers.descent import gradient_descent
    >>> runner = Runner(gradient_descent, ours=gradient_descent)
    >>> runner({"grad": lambda x: x, "x0": np.array([4.0]), "alpha": 0.5, "n_steps": 2}, shape=(3, 1))
    array([[4.],
           [2.],
           [1.]])
    """

    def __init__(self, method: Callable, ours: Callable) -> None:
        if not callable(method):
            raise ValueError(f"method must be a function such as {ours.__name__}, got {method!r}")
        self.method, self.ours = method, ours
        self._stopped = ""

    def __call__(self, inputs: Mapping[str, object], shape: tuple[int, ...]) -> np.ndarray:
        """Return what the method returns for these inputs, an array of this shape; raises `Trouble`."""
        if self.method is self.ours:
            return self.method(*inputs.values())
        if self._stopped:
            raise Trouble(self._stopped)
        outcome = call(self.method, inputs, seconds=SECONDS)
        if outcome.trouble == "too-slow":
            self._stopped = sentence(outcome.sentence) + " Then run this cell again, or press Reset to retry."
            raise Trouble(self._stopped)
        if not outcome.ok:
            raise Trouble(sentence(outcome.sentence))
        return as_path(outcome.returned, shape)

    def try_again(self) -> None:
        """Forget that the function had to be stopped."""
        self._stopped = ""


def as_path(returned: object, shape: tuple[int, ...]) -> np.ndarray:
    """Return what a learner's function gave back as a float array of this shape; raises `Trouble`."""
    if returned is None:
        raise Trouble("Your function returned None: does it end with a return?")
    try:
        path = np.array(returned)
    except (TypeError, ValueError):
        path = np.array(None)
    if path.dtype.kind not in "fiu":
        raise Trouble(f"Your function returned {a_kind(returned)}, which cannot be read as numbers.")
    if path.shape != shape:
        raise Trouble(f"Your function returned {in_words(path.shape)}; {wanted(shape)}.")
    return path.astype(float)


def in_words(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "one number"


def wanted(shape: tuple[int, ...]) -> str:
    if len(shape) < 2:
        return f"{in_words(shape)} is expected"
    return f"a path of {shape[0] - 1} steps has shape {shape}: the start, then one row for each step"


def sentence(words: str) -> str:
    """Return the words with a capital at the start and a full stop at the end.

    >>> sentence("not attempted yet")
    'Not attempted yet.'
    """
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else words + "."
