"""The warm process of this grader: started once, asked for a kernel many times."""

import os
import pkgutil
import select
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import helpers.explore
from helpers.grading.guard import guard
from helpers.grading.sandbox import KernelFailed, clean_environment, command

FIGURES = tuple(
    sorted(module.name for module in pkgutil.iter_modules(helpers.explore.__path__, "helpers.explore."))
)
# What notebooks import first, and what IPython imports while its kernel starts. None may start a thread.
PRELOAD = (
    "numpy", "matplotlib.pyplot", "matplotlib.backends.backend_agg", *FIGURES,
    "ipywidgets", "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "tornado.platform.asyncio", "ipykernel.ipkernel", "ipykernel.debugger",
    "helpers.grading.inside.direct", "helpers.grading.answering", "helpers.check", "helpers.descent",
)  # fmt: skip
START_SECONDS = 120
SCRATCH = 256 * 2**20  # bytes for its own files: matplotlib's list of fonts


class Forking:
    """What asks a warm process, by its socket `requests`, to fork.

    One process more is forked than is asked for: it waits in namespaces of its own for the next kernel's order, so that nobody
    has to wait for it. Each serves one student.
    """

    requests: socket.socket
    spare: socket.socket | None = None

    def __init__(self) -> None:
        self.one = threading.Lock()  # two threads may ask at once, and no process may get two orders

    def kernel(self) -> socket.socket:
        """Return the control socket of a process that will be one kernel. Raises OSError if the warm process is gone."""
        with self.one:
            forked, self.spare = self.spare, None
            # What it has to say before it got its order is that something is wrong.
            if forked is not None and heard(forked):
                forked.close()
                forked = None
            forked = forked or self.fork()
            try:
                self.spare = self.fork()
            except OSError:  # it has just ended, and what it forked before with it
                forked.close()
                raise
            return forked

    def fork(self) -> socket.socket:
        """Have a process forked and return the grader's end of its control socket."""
        outer, inner = control()
        with inner:
            try:
                socket.send_fds(self.requests, [b"k"], [inner.fileno()])
            except OSError:
                outer.close()
                raise
        return outer

    def dismiss(self) -> None:
        """Let the process that waits go."""
        if self.spare is not None:
            self.spare.close()
            self.spare = None


def heard(end: socket.socket) -> bool:
    """Whether something, or the end, is to be read."""
    poll = select.poll()  # which takes any descriptor: a server's may be beyond what `select` takes
    poll.register(end, select.POLLIN)
    return bool(poll.poll(0))


def control() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a control socket; the first one, the grader's, is told who writes at the other."""
    outer, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    outer.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return outer, inner


class WarmParent(Forking):
    """A preloaded process in a sandbox of its own, which forks kernels but runs none of their code.

    It ends with the thread that makes it. What it is asked before it is ready it does later.
    """

    def __init__(self, folders: Sequence[str], modules: tuple[str, ...]):
        super().__init__()
        self.requests, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.words = os.memfd_create("words")
        with inner:
            self.program = subprocess.Popen(
                command(inner.fileno(), folders, SCRATCH, modules),
                env={**clean_environment(), "HOME": "/student/tmp"}, pass_fds=[inner.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.words,
            )  # fmt: skip

    def await_warm(self) -> None:
        """Return when it has imported everything; raises KernelFailed, with what it wrote, if it does not come up."""
        self.requests.settimeout(START_SECONDS)
        try:
            answer = self.requests.recv(16)
        except TimeoutError:
            answer = b""
        if answer != b"warm":
            words = os.pread(self.words, 4000, 0).decode(errors="replace").strip()
            self.close()
            raise KernelFailed(f"the warm process did not start: {words}")
        self.requests.settimeout(None)

    @property
    def alive(self) -> bool:
        """Whether it can still fork."""
        return self.program.poll() is None

    def close(self) -> None:
        """End the process, and with it every kernel that was forked from it."""
        self.dismiss()
        self.requests.close()
        self.program.kill()
        self.program.wait()
        os.close(self.words)


class LentParent(Forking):
    """The warm process of the process that this one was forked from."""

    def __init__(self, parent: WarmParent):
        super().__init__()
        self.requests, self.alive = parent.requests, True


ONE = threading.Lock()
PARENTS: dict[tuple, WarmParent] = {}
LENT: dict[tuple, LentParent] = {}  # by folders; filled before workers are forked


@contextmanager
def lent(folders: Sequence[str]) -> Iterator[WarmParent]:
    """Yield a warm process that starts now, and is also that of every process forked from this one meanwhile."""
    parent = WarmParent(folders, PRELOAD)
    LENT[tuple(folders)] = LentParent(parent)
    try:
        yield parent
    finally:
        del LENT[tuple(folders)]
        parent.close()


def warm_parent(folders: Sequence[str]) -> WarmParent:
    """Return this process's warm parent, started on first use and again if it has died."""
    key = (os.getpid(), *folders)
    with ONE:
        parent = PARENTS.get(key)
        if parent is not None and not parent.alive:
            PARENTS.pop(key).close()
            parent = None
        if parent is None:
            # From the guard's thread, because die-with-parent means the thread.
            parent = guard().call(lambda: WarmParent(folders, PRELOAD)).result()
            parent.await_warm()
            PARENTS[key] = parent
            guard().at_close.append(lambda: close_warm(key))
        return parent


def forked(folders: Sequence[str]) -> socket.socket:
    """Return the control socket of a process forked for one kernel, from a new warm one if that has just died."""
    borrowed = LENT.get(tuple(folders))
    if borrowed is not None and borrowed.alive:
        try:
            return borrowed.kernel()
        except OSError:
            borrowed.alive = False
    parent = warm_parent(folders)
    try:
        return parent.kernel()
    except OSError:
        parent.program.kill()
        parent.program.wait()
        return warm_parent(folders).kernel()


def close_warm(key: tuple) -> None:
    parent = PARENTS.pop(key, None)
    if parent is not None:
        parent.close()
