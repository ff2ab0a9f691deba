"""The way round the sandbox, for an instructor who asks for it: a plain kernel with the grader's own rights."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from jupyter_client.connect import write_connection_file

from helpers.grading.guard import guard
from helpers.grading.limits import Limits, Stop, stopped
from helpers.grading.parcel import pack, unpack
from helpers.grading.sandbox import COURSE

START = (
    "import socket, sys; sys.path[0] = {course!r}; from helpers.grading.inside.direct import connected; "
    "connected(socket.socket(fileno=int(sys.argv[1]))).start()"
)
WARNING = "NOT SANDBOXED: this notebook ran with the grader's own rights (--unsafe-no-sandbox)."


class Unconfined:
    """One kernel without walls, with the interface of `Confined`; of the limits only those on time hold."""

    def __init__(self, folder: Path | None, limits: Limits, key: str | None = None):
        self.limits, self.key, self.note = limits, key, WARNING
        self.ready: Future[None] = Future()
        self.ended: Future[int] = Future()
        self.stop: Stop | None = None
        self.interruptions: list[Stop] = []
        self.folder = Path(tempfile.mkdtemp(prefix=f"downhill-{os.getpid()}-"))
        parcel, self.left_out = pack(folder, limits.disk_bytes // 2, limits.files // 2)
        unpack(parcel, str(self.folder / "work"))
        self.started, self.killed = time.monotonic(), False
        self.end: socket.socket | None = None
        self.transport, self.ip, self.ports = "tcp", "", {}
        self.sent, self.busy_since, self.interrupted = 0, None, False
        (self.folder / "work").mkdir(exist_ok=True)
        if key is None:
            self.start_directly()
        else:
            self.start_for_jupyter()
        self.ready.set_result(None)
        guard().call(lambda: guard().watched.add(self)).result()

    def start_directly(self) -> None:
        """Start the same kernel as in a sandbox, with a socket to the grader."""
        self.end, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with inner:
            self.run("-c", START.format(course=str(COURSE)), str(inner.fileno()), pass_fds=[inner.fileno()])

    def start_for_jupyter(self) -> None:
        """Start IPython's kernel as Jupyter does."""
        name, connection = write_connection_file(str(self.folder / "kernel.json"), key=self.key.encode())
        self.transport, self.ip = connection["transport"], connection["ip"]
        self.ports = {name: port for name, port in connection.items() if name.endswith("_port")}
        self.run("-m", "ipykernel_launcher", "-f", name)

    def run(self, *arguments: str, pass_fds=()) -> None:
        """Start Python in the copy of the folder."""
        self.program = subprocess.Popen(
            [sys.executable, *arguments], pass_fds=pass_fds,
            cwd=self.folder / "work", env={**os.environ, "NBGRADER_EXECUTION": "autograde"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def asked_something(self) -> None:
        """Note that the kernel was asked, and has its time from now on."""
        self.busy_since, self.interrupted = time.monotonic(), False

    def was_answered(self) -> None:
        """Note that nothing is asked any more."""
        self.busy_since = None

    def look(self) -> None:
        """End the kernel when its time is over, and notice its end; called at every tick."""
        now, since = time.monotonic(), self.busy_since
        if now - self.started > self.limits.notebook_seconds and not self.killed:
            self.overrun("notebook_seconds")
        elif since is not None and now - since > self.limits.cell_seconds + self.limits.grace_seconds:
            self.overrun("cell_seconds")
        elif since is not None and now - since > self.limits.cell_seconds and not self.interrupted:
            self.interrupted = True
            self.interruptions.append(stopped("cell_seconds", self.limits, fatal=False))
            self.interrupt()
        code = self.program.poll()
        if code is None:
            return
        if self.stop is None and not self.killed:
            self.stop = stopped("died", self.limits)
        shutil.rmtree(self.folder, ignore_errors=True)
        guard().watched.discard(self)
        self.ended.set_result(code)

    def overrun(self, limit: str) -> None:
        """End the kernel because of a limit."""
        self.stop = self.stop or stopped(limit, self.limits)
        self.kill()

    def interrupt(self, number: int = 2) -> None:
        """Send the kernel a signal; nothing if it is gone."""
        with suppress(OSError):
            self.program.send_signal(number)

    def close(self, *, await_end: bool = True) -> None:
        """End the kernel, wait for that, and hang up."""
        self.kill()
        if await_end:
            self.ended.result()
        if self.end is not None:
            self.end.close()

    def kill(self) -> None:
        """End the kernel now; what it started may live on, for nothing holds it."""
        self.killed = True
        self.program.kill()
