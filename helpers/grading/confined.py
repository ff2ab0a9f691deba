"""One student's kernel in its sandbox, as the grader holds it: start, interrupt, kill, and why it stopped."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from pathlib import Path

from helpers.grading.guard import Line, MessageCount, guard
from helpers.grading.limits import Limits, Stop, stopped
from helpers.grading.measure import claim_core, memory, tree
from helpers.grading.parcel import pack
from helpers.grading.sandbox import (
    KernelFailed,
    NotNested,
    clean_environment,
    command,
    require_sandbox,
    trees,
)
from helpers.grading.warm import control, forked

PORTS = {"shell": 1, "iopub": 2, "stdin": 3, "control": 4, "hb": 5}  # in the order that the guardian expects
LONGEST = 90  # of a socket's path; Linux allows 107 bytes


def short_folder() -> Path:
    """Return a new folder, closed to other users, whose path is short enough for sockets."""
    sweep()
    base = tempfile.gettempdir() if len(tempfile.gettempdir()) < LONGEST - 40 else "/tmp"
    return Path(tempfile.mkdtemp(prefix=f"downhill-{os.getpid()}-", dir=base))


@cache
def sweep() -> None:
    """Remove what graders of this user left behind when they were killed."""
    for folder in Path(tempfile.gettempdir()).glob("downhill-[0-9]*-*"):
        grader = int(folder.name.split("-")[1])
        if not os.path.exists(f"/proc/{grader}"):
            shutil.rmtree(folder, ignore_errors=True)  # another user's cannot be removed, and need not


def listening(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(16)
    return listener


class Confined:
    """One kernel; made and started in one step by `start`.

    `ready` and `ended` are futures: None once the kernel answers (or KernelFailed), and the exit code
    (negative: the signal) once all its processes are gone. `stop` says why it was stopped, None while it
    lives and if it was the grader who ended it; `interruptions` lists the cells that were cut short.

    The grader talks to it by `end`, one socket (`helpers.grading.line`). One that is started for Jupyter has the
    five channels of a Jupyter kernel instead: `ip` is jupyter_client's name for what the paths of its sockets begin with.
    """

    transport = "ipc"

    def __init__(self, limits: Limits, key: str | None):
        self.limits, self.key = limits, key
        self.ready: Future[None] = Future()
        self.ended: Future[int] = Future()
        self.stop: Stop | None = None
        self.interruptions: list[Stop] = []
        self.left_out: list[str] = []
        self.note: str | None = None
        self.folder: Path | None = None
        self.end: socket.socket | None = None
        self.ip, self.ports, self.doors = "", {}, []
        self.outer: socket.socket | None = None  # to the guardian
        self.core, self.claim = claim_core() if limits.one_core else (None, None)
        self.program: subprocess.Popen | None = None
        self.words: int | None = None  # descriptor of what bubblewrap and Python write to stderr
        self.pid = self.watch = self.code = None  # of the guardian, process 1 of the sandbox
        self.watching = (
            threading.Lock()
        )  # `watch` must not be closed, and its number reused, while it is used
        self.lines: list[Line] = []
        self.sent = 0  # bytes, by the kernel
        self.asked, self.answered, self.busy_since, self.interrupted = 0, 0, 0.0, False
        self.started, self.ready_at, self.killed = time.monotonic(), 0.0, False

    @classmethod
    def start(
        cls,
        folder: Path | None,
        limits: Limits,
        *,
        warm: bool,
        private: tuple[Path, ...] = (),
        key: str | None = None,
    ) -> "Confined":
        """Start a kernel that sees a copy of `folder`; returns before it is `ready`.

        With a `key` it is one for Jupyter clients, whose messages are signed with it.

        Raises SandboxUnavailable where there is no sandbox, OSError if the folder cannot be read.
        """
        require_sandbox()
        shown = trees(private)
        parcel, left_out = pack(folder, limits.disk_bytes // 2, limits.files // 2)
        confined = cls(limits, key)
        confined.left_out = left_out
        try:
            if warm:
                confined.outer = forked(shown)
                confined.give_order(parcel)
                guard().call(confined.enlist).result()
            else:
                confined.outer, inner = control()
                with inner:
                    confined.give_order(parcel)
                    guard().call(lambda: confined.enlist(inner, shown)).result()
        except BaseException:
            confined.kill()
            guard().call(confined.finish).result()
            confined.close()
            raise
        finally:
            os.close(parcel)
        return confined

    def give_order(self, parcel: int) -> None:
        """Put the order and its descriptors into the control socket, where only this kernel's guardian reads."""
        ends = self.open_channels() if self.key is not None else [self.open_end()]
        order = {
            "limits": self.limits.as_dict(),
            "jupyter": self.key is not None,
            "key": self.key,
            "env": clean_environment(),
            "cpu": self.core,
        }
        descriptors = [end.fileno() for end in ends]
        socket.send_fds(self.outer, [json.dumps(order).encode()], [*descriptors, parcel])
        for end in ends:
            end.close()

    def open_end(self) -> socket.socket:
        """Make the line between grader and kernel; return the kernel's end."""
        self.end, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return inner

    def open_channels(self) -> list[socket.socket]:
        """Open the doors that Jupyter clients knock at; return the sockets on which the kernel will listen."""
        self.folder = short_folder()
        self.ip = str(self.folder / "c")
        self.ports = {f"{channel}_port": number for channel, number in PORTS.items()}
        self.doors = [listening(self.folder / f"c-{number}") for number in PORTS.values()]
        return [listening(self.folder / f"k-{number}") for number in PORTS.values()]

    # What follows runs in the guard's thread, except `asked_something`, `was_answered`, `overrun`, `interrupt`, `kill`.

    def enlist(self, inner: socket.socket | None = None, shown: Sequence[str] = ()) -> None:
        """Have the guard look after this kernel; start bubblewrap for it, with its end of the control socket, if need be."""
        if inner is not None:
            self.words = os.memfd_create("words")
            # From this thread, because die-with-parent means the thread.
            self.program = subprocess.Popen(
                command(inner.fileno(), shown, self.limits.disk_bytes), env=clean_environment(), pass_fds=[inner.fileno()],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.words,
            )  # fmt: skip
        watchman = guard()
        watchman.watched.add(self)
        watchman.listen(self.outer, 1, self.hear)
        for channel, door in zip(PORTS, self.doors, strict=False):  # no doors but Jupyter's
            watchman.listen(door, 1, lambda door, _, channel=channel: self.open_line(door, channel))

    def hear(self, control: socket.socket, _: int) -> None:
        """Take one message of the guardian, or its end."""
        try:
            message, attached, _, _ = control.recvmsg(2**17, socket.CMSG_SPACE(12))
        except ConnectionResetError:  # it left with our order unread; its last words are still to come
            return
        if not message:
            guard().forget(control)
            if self.watch is None:
                self.finish()
            return
        news = json.loads(message)
        if self.watch is None and news["state"] == "ready":
            self.meet(struct.unpack("3i", attached[0][2])[0])
        if news["state"] == "ended":
            self.code = news["code"]
        elif news["state"] == "over":
            self.overrun(news["limit"])
        elif news["state"] == "ready":
            self.ready_at = time.monotonic()
            self.ready.set_result(None)
        else:
            self.fail(NotNested(news["why"]) if news["state"] == "unnested" else KernelFailed(news["why"]))

    def meet(self, pid: int) -> None:
        """Remember the guardian: Linux itself has written its number, as seen from here, on its message."""
        try:
            self.watch = os.pidfd_open(pid)
        except ProcessLookupError:  # gone already, and the control socket will say so
            return
        self.pid = pid
        guard().listen_to_descriptor(self.watch, lambda *_: self.finish())

    def fail(self, why: KernelFailed) -> None:
        if not self.ready.done():
            self.ready.set_exception(why)
        self.kill()

    def open_line(self, door: socket.socket, channel: str) -> None:
        """Connect a client to the kernel's own socket of one channel."""
        client, _ = door.accept()
        kernel = socket.socket(socket.AF_UNIX)
        try:
            kernel.connect(str(self.folder / f"k-{PORTS[channel]}"))
        except OSError:  # the kernel does not listen any more
            client.close()
            kernel.close()
            return
        counts = {False: MessageCount(), True: MessageCount()} if channel == "shell" else {}

        def carried(data: bytes, from_kernel: bool) -> bool:
            if counts:
                self.count(counts[from_kernel].feed(data), from_kernel)
            if from_kernel:
                self.sent += len(data)
                if self.sent > self.limits.output_bytes:
                    self.overrun("output_bytes")
                    return False
            return True

        self.lines = [line for line in self.lines if not line.closed]
        self.lines.append(Line(guard(), client, kernel, carried))

    def count(self, messages: int, from_kernel: bool) -> None:
        """Keep the time since the oldest request that is not answered: that is how long a cell has run."""
        if not messages:
            return
        self.asked, self.answered = (
            self.asked + messages * (not from_kernel),
            self.answered + messages * from_kernel,
        )
        if from_kernel or self.asked - self.answered == messages:
            self.busy_since, self.interrupted = time.monotonic(), False

    def asked_something(self) -> None:
        """Note that the kernel was asked by the line, and has its time from now on."""
        self.busy_since, self.interrupted = time.monotonic(), False
        self.asked += 1

    def was_answered(self) -> None:
        """Note that nothing is asked any more."""
        self.answered = self.asked

    def look(self) -> None:
        """Hold the kernel to its limits; called at every tick."""
        if self.ended.done():
            self.bury()
            return
        now, limits = time.monotonic(), self.limits
        if not self.ready.done():
            if now - self.started > limits.startup_seconds:
                self.overrun("startup_seconds")
            return
        if now - self.ready_at > limits.notebook_seconds:
            self.overrun("notebook_seconds")
        elif self.asked > self.answered:
            running = now - self.busy_since
            if running > limits.cell_seconds + limits.grace_seconds:
                self.overrun("cell_seconds")
            elif running > limits.cell_seconds and not self.interrupted:
                self.interrupted = True
                self.interruptions.append(stopped("cell_seconds", limits, fatal=False))
                self.interrupt()
        processes = tree(self.pid) if self.pid else []
        if sum(process.tasks for process in processes) > limits.processes + 1:  # the guardian is ours
            self.overrun("processes")
        elif memory(processes, limits.memory) > limits.memory:
            self.overrun("memory")

    def overrun(self, limit: str) -> None:
        """End the kernel because of a limit; the first reason counts."""
        if self.stop is None:
            self.stop = stopped(limit, self.limits)
        if not self.ready.done():
            self.ready.set_exception(KernelFailed(self.stop.sentence))
        self.kill()

    def finish(self) -> None:
        """Note that every process of the sandbox is gone, why, and close what belonged to it."""
        if self.ended.done():
            return
        if self.code is None:
            self.code = -signal.SIGKILL
        if self.stop is None and not self.killed:
            self.stop = stopped("cpu_seconds" if self.code == -signal.SIGXCPU else "died", self.limits)
        if not self.ready.done():
            self.ready.set_exception(
                KernelFailed(self.last_words() or "the sandbox ended before its kernel was up")
            )
        watchman = guard()
        for end in filter(None, (self.outer, *self.doors)):
            watchman.forget(end)
            end.close()
        with self.watching:
            if self.watch is not None:
                watchman.forget(self.watch)
                os.close(self.watch)
                self.watch = None
        if self.claim is not None:
            self.claim.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.ended.set_result(self.code)
        self.bury()

    def bury(self) -> None:
        """Forget this kernel once bubblewrap's own process is gone too and the last messages are delivered."""
        if self.program is not None and self.program.poll() is None:
            return
        if self.words is not None:
            os.close(self.words)
            self.words = None
        guard().watched.discard(self)

    def last_words(self) -> str:
        if self.words is None:
            return ""
        return os.pread(self.words, 4000, 0).decode(errors="replace").strip()

    def interrupt(self, number: int = signal.SIGINT) -> None:
        """Send the kernel and its children a signal, by way of the guardian; nothing if they are gone."""
        with suppress(OSError):
            self.outer.send(str(int(number)).encode())

    def close(self, *, await_end: bool = True) -> None:
        """End every process of the sandbox, wait until they are gone, and hang up."""
        self.kill()
        if await_end:
            self.ended.result()
        if self.end is not None:
            self.end.close()

    def kill(self) -> None:
        """End every process of the sandbox now; `ended` follows. More than once does no harm."""
        self.killed = True
        with suppress(OSError):  # each of these may be gone already
            if self.outer is not None:
                self.outer.shutdown(socket.SHUT_RDWR)
        with self.watching, suppress(OSError):
            if self.watch is not None:
                signal.pidfd_send_signal(self.watch, signal.SIGKILL)
        if self.program is not None:
            self.program.kill()
