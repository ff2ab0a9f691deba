"""Stop a call that takes too long, and leave the process usable.

What counts is the processor time of the process, so that a machine with other work to do costs nobody an answer;
a call that sleeps or waits is stopped after `PATIENCE` times as long on the clock.

Three ways, because no single one works everywhere:

* the main thread on Linux and macOS: an interval timer sends `SIGALRM`, whose handler raises. It also
  wakes a `time.sleep` or a blocking read;
* the main thread on Windows, which has no interval timer: a second thread asks the interpreter to run the
  `SIGBREAK` handler (`_thread.interrupt_main`), which raises the same way as soon as Python code goes on;
* any other thread: a second thread raises in it with `PyThreadState_SetAsyncExc`.

`TooSlow` derives from `BaseException`, so a learner's `except Exception` does not swallow it. A bare
`except:` inside a loop does; the attempt is therefore repeated, and on the main thread, where Jupyter runs
cells, it then raises a second time at the next line, that is in the `except:` itself. Code that swallows it
and returns all the same is too slow too. What none of this can stop is one single call into compiled code
that never comes back to Python, and in a thread that is not the main one code that swallows in two layers: the
sandbox's own limits are for that.

The exception may only ever appear inside the block. Every attempt therefore looks at the frames first: it
does nothing while the block is being entered or left, and puts itself away if the block is gone.
"""

import _thread
import _weakrefset
import ctypes
import signal
import sys
import threading
import time
import weakref
from types import FrameType, TracebackType

# Whose functions are called when something is gone, in the middle of anything: what they raise is printed and lost.
CALLED_BACK = (weakref.__file__, _weakrefset.__file__)
REPEAT = 0.1  # seconds between two attempts on code that swallows the first, or has time left
PATIENCE = 3.0  # seconds on the clock for each of processor time


class TooSlow(BaseException):
    """The time limit of `time_limit` has passed."""


class Stopwatch:
    """Seconds that count against a limit since it was made: processor time, or a third of the clock's if that is more.

    >>> Stopwatch().seconds() < 1
    True
    """

    def __init__(self) -> None:
        self.clock, self.processor = time.monotonic(), time.process_time()

    def seconds(self) -> float:
        """Return what counts until now."""
        return max(time.process_time() - self.processor, (time.monotonic() - self.clock) / PATIENCE)


def time_limit(seconds: float) -> "_Limit":
    """Return a context manager that raises `TooSlow` in its block once `seconds` of `Stopwatch` have passed.

    For a `with` statement of its own (an ExitStack would hide which frames are inside). Blocks may be nested:
    the outer limit waits for the inner block to end. Raises ValueError unless seconds > 0.

    >>> import contextlib
    >>> with contextlib.suppress(TooSlow), time_limit(0.05):
    ...     while True:
    ...         pass

    Source: Python's manual, modules signal and _thread (2024).
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be > 0, got {seconds}")
    if threading.current_thread() is not threading.main_thread():
        return _RaiseInThread(seconds)
    return _IntervalTimer(seconds) if hasattr(signal, "setitimer") else _InterruptMain(seconds)


class _Limit:
    """What the three ways have in common; each says how to `start` and how to `stop`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.attempts = 0
        self.armed = False

    def __enter__(self) -> None:
        self.owner: FrameType | None = sys._getframe(1)
        self.tracer = sys.gettrace()
        self.armed = True
        self.watch = Stopwatch()
        self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.armed = False
        self.stop()
        self.owner = None
        if self.attempts:
            sys.settrace(self.tracer)
            if kind is None or not issubclass(kind, (TooSlow, KeyboardInterrupt)):
                raise TooSlow from error

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def due(self) -> bool:
        """Whether the time is over. It has been asked for by the clock, which runs faster than the time that counts."""
        return self.attempts > 0 or self.watch.seconds() >= self.seconds

    def frames_inside(self, frame: FrameType | None) -> list[FrameType] | None:
        """The frames from `frame` out to the block, without the block's own; None if the block is gone."""
        frames = []
        while frame is not self.owner:
            if frame is None:
                return None
            frames.append(frame)
            frame = frame.f_back
        return frames

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Raise in the interrupted frame; from the second time on, raise again at its next line."""
        frames = self.frames_inside(frame) if self.armed else None
        if frames is None:
            self.stop()
            return
        if _at_a_bad_moment(frames) or not self.due():
            return
        self.attempts += 1
        if self.attempts > 1 and frames:
            self.outermost = frames[-1]
            for inside in frames:
                inside.f_trace = self.raise_at_line
            sys.settrace(self.raise_at_line)
        raise TooSlow

    def raise_at_line(self, frame: FrameType, event: str, argument: object):
        """Trace function. Python puts it away when it raises, so the next attempt installs it again."""
        caller: FrameType | None = frame
        while caller is not self.outermost:  # what cleans up behind the learner's function is not in it
            if caller is None:
                return None
            caller = caller.f_back
        if self.armed and event in ("line", "call"):
            raise TooSlow
        return self.raise_at_line


def _at_a_bad_moment(frames: list[FrameType]) -> bool:
    """Whether the block is being entered or left, or Python would only print what is raised: the next attempt is soon."""
    if frames and frames[0].f_code.co_filename in CALLED_BACK:
        return True
    return any(frame.f_code.co_filename == __file__ for frame in frames)


class _IntervalTimer(_Limit):
    def start(self) -> None:
        self.previous = signal.signal(signal.SIGALRM, self.handle)
        self.began = time.monotonic()
        self.outer, self.outer_repeat = signal.setitimer(signal.ITIMER_REAL, self.seconds, REPEAT)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if self.previous is None else self.previous)
        if self.outer:  # somebody else's timer, or an outer limit, goes on
            left = self.outer - (time.monotonic() - self.began)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-3), self.outer_repeat)


class _Watched(_Limit):
    """A second thread calls `attempt` after the limit, then every REPEAT until the block ends or is gone."""

    def start(self) -> None:
        self.target = threading.get_ident()
        self.done = threading.Event()
        self.watcher = threading.Thread(target=self.wait, daemon=True)
        self.watcher.start()

    def wait(self) -> None:
        wait = self.seconds
        while not self.done.wait(wait):
            frames = self.frames_inside(sys._current_frames().get(self.target))
            if frames is None:
                return
            if not _at_a_bad_moment(frames) and self.due():
                self.attempt()
            wait = REPEAT

    def attempt(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        self.done.set()
        if self.watcher is not threading.current_thread():
            self.watcher.join()


class _InterruptMain(_Watched):
    # SIGUSR1 is where the tests try this way on Linux and macOS.
    number = getattr(signal, "SIGBREAK", None) or signal.SIGUSR1

    def start(self) -> None:
        self.previous = signal.signal(self.number, self.handle)
        super().start()

    def attempt(self) -> None:
        _thread.interrupt_main(self.number)

    def stop(self) -> None:
        super().stop()
        signal.signal(self.number, signal.SIG_DFL if self.previous is None else self.previous)


class _RaiseInThread(_Watched):
    def attempt(self) -> None:
        self.attempts += 1
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.target), ctypes.py_object(TooSlow))

    def stop(self) -> None:
        while True:
            try:
                super().stop()
                # One that was asked for and not raised yet is raised at the next turn of a loop. It must not be
                # called off instead: that leaves a mark in Python 3.11, which then never ends under a tracer.
                for _ in range(3):
                    pass
                return
            except TooSlow:
                continue
