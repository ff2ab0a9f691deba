"""The way round the sandbox, for an instructor who asks for it: a plain kernel with the grader's own rights."""

import os
import shutil
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

WARNING = "NOT SANDBOXED: this notebook ran with the grader's own rights (--unsafe-no-sandbox)."


class Unconfined:
    """One kernel without walls, with the interface of `Confined`; of the limits only the notebook's time holds."""

    def __init__(self, folder: Path | None, limits: Limits, key: str):
        self.limits, self.key, self.note = limits, key, WARNING
        self.ready: Future[None] = Future()
        self.ended: Future[int] = Future()
        self.stop: Stop | None = None
        self.interruptions: list[Stop] = []
        self.folder = Path(tempfile.mkdtemp(prefix=f"downhill-{os.getpid()}-"))
        parcel, self.left_out = pack(folder, limits.disk_bytes // 2, limits.files // 2)
        unpack(parcel, str(self.folder / "work"))
        self.started, self.killed = time.monotonic(), False
        self.start()

    def start(self) -> None:
        """Start IPython's kernel in the copy of the folder and have the guard look after it."""
        name, connection = write_connection_file(str(self.folder / "kernel.json"), key=self.key.encode())
        self.transport, self.ip = connection["transport"], connection["ip"]
        self.ports = {name: port for name, port in connection.items() if name.endswith("_port")}
        (self.folder / "work").mkdir(exist_ok=True)
        self.program = subprocess.Popen(
            [sys.executable, "-m", "ipykernel_launcher", "-f", name],
            cwd=self.folder / "work", env={**os.environ, "NBGRADER_EXECUTION": "autograde"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self.ready.set_result(None)
        guard().call(lambda: guard().watched.add(self)).result()

    def look(self) -> None:
        """End the kernel when its time is over, and notice its end; called at every tick."""
        if time.monotonic() - self.started > self.limits.notebook_seconds and not self.killed:
            self.overrun("notebook_seconds")
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

    def kill(self) -> None:
        """End the kernel now; what it started may live on, for nothing holds it."""
        self.killed = True
        self.program.kill()
