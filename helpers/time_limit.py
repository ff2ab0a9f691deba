"""Stop a call that takes too long, and leave the process usable.

Three ways, because no single one works everywhere:

* the main thread on Linux and macOS: an interval timer sends `SIGALRM`, whose handler raises. It also
  wakes a `time.sleep` or a blocking read;
* the main thread on Windows, which has no interval timer: a second thread asks the interpreter to run the
  `SIGBREAK` handler (`_thread.interrupt_main`), which raises the same way;
* any other thread: a second thread raises in it with `PyThreadState_SetAsyncExc`.

`TooSlow` derives from `BaseException`, so a learner's `except Exception` does not swallow it. A bare
`except:` inside a loop does; the signal therefore repeats, and from the second time on every further line
of the interrupted code raises again, handlers included (on the main thread, where Jupyter runs cells). What none
of this can stop is one single call into compiled code that never comes back to Python: the sandbox's own
limits are for that.
"""

import _thread
import contextlib
import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

REPEAT = 0.1  # seconds between two attempts on code that swallows the first


class TooSlow(BaseException):
    """The time limit of `time_limit` has passed."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` inside the block once `seconds` have passed.

    Blocks do not nest. Source for the three mechanisms: Python's manual, modules signal and _thread (2024).

    >>> with contextlib.suppress(TooSlow), time_limit(0.05):
    ...     while True:
    ...         pass
    """
    if threading.current_thread() is not threading.main_thread():
        way = _interrupting_thread
    elif hasattr(signal, "setitimer"):
        way = _interval_timer
    else:
        way = _interrupted_main
    tracer = sys.gettrace()
    try:
        with way(seconds, _Interruption(sys._getframe(2))):
            yield
    finally:
        sys.settrace(tracer)


class _Interruption:
    """A signal handler that raises, and insists when the raised exception is swallowed."""

    def __init__(self, boundary: FrameType) -> None:
        self.boundary = boundary  # frames from here outwards are ours, not the learner's
        self.armed = True
        self.times = 0

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if not self.armed:
            return
        self.times += 1
        if self.times > 1:
            sys.settrace(self._raise_on_every_line)
            while frame is not None and frame is not self.boundary:
                frame.f_trace = self._raise_on_every_line
                frame = frame.f_back
        raise TooSlow

    def _raise_on_every_line(self, frame: FrameType, event: str, argument: object) -> Callable:
        if self.armed and event in ("line", "call") and frame.f_code.co_filename != __file__:
            raise TooSlow
        return self._raise_on_every_line


@contextlib.contextmanager
def _interval_timer(seconds: float, interruption: _Interruption) -> Iterator[None]:
    previous = signal.signal(signal.SIGALRM, interruption)
    signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT)
    try:
        yield
    finally:
        interruption.armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def _interrupted_main(seconds: float, interruption: _Interruption) -> Iterator[None]:
    number = getattr(signal, "SIGBREAK", signal.SIGINT)
    previous = signal.signal(number, interruption)
    try:
        with _after(seconds, lambda: _thread.interrupt_main(number)):
            yield
    finally:
        interruption.armed = False
        signal.signal(number, previous)


@contextlib.contextmanager
def _interrupting_thread(seconds: float, interruption: _Interruption) -> Iterator[None]:
    target = ctypes.c_ulong(threading.get_ident())
    raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def raise_again() -> None:
        if interruption.armed:
            raise_in_thread(target, ctypes.py_object(TooSlow))

    try:
        with _after(seconds, raise_again):
            yield
    finally:
        interruption.armed = False
        raise_in_thread(target, None)  # one that was asked for but not yet raised


@contextlib.contextmanager
def _after(seconds: float, action: Callable[[], object]) -> Iterator[None]:
    """Call `action` after `seconds` and then every REPEAT, from a second thread, until the block ends."""
    done = threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            action()
            wait = REPEAT

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
