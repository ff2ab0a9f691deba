"""Around a call: what is printed is kept, and whatever the notebook has set stays as it was."""

import contextlib
import io
import random
import sys
import warnings
from collections.abc import Iterator

import numpy as np

PRINTED = 2000  # characters of the learner's own printing that are kept


@contextlib.contextmanager
def random_state_kept() -> Iterator[None]:
    """Put the global random generators, NumPy's and Python's, back to where they were before the block.

    >>> random.seed(1)
    >>> with random_state_kept():
    ...     random.seed(2)
    >>> round(random.random(), 3)
    0.134
    """
    legacy = np.random.mtrand._rand  # the generator behind np.random.seed and np.random.rand
    numpy_state, python_state = legacy.get_state(), random.getstate()
    try:
        yield
    finally:
        legacy.set_state(numpy_state)
        random.setstate(python_state)


@contextlib.contextmanager
def settings_kept(printed: io.TextIOBase) -> Iterator[None]:
    """Keep what is printed in `printed`, and warning filters, NumPy's error and print settings as they are."""
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        np.printoptions(),
        _exit_raises(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _exit_raises() -> Iterator[None]:
    """In a notebook exit() raises nothing, but ends the kernel a moment later: let it raise as in a script."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        yield
        return
    shell.ask_exit = sys.exit
    try:
        yield
    finally:
        del shell.ask_exit


class FirstCharacters(io.StringIO):
    """A text stream that keeps its first characters and drops the rest: an endless print costs no memory."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.room = most

    def write(self, text: str) -> int:
        super().write(text[: self.room])
        self.room = max(0, self.room - len(text))
        return len(text)
