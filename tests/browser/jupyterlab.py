"""Start a real JupyterLab for tests and measurements, on loopback, in folders of its own; stop it by its id."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")  # jupyter-server logs it when it has chosen its port
PATIENCE = 120.0  # seconds; only reached when something is broken

SETTINGS = {
    # All cells in the page, also those out of sight: a test may look at any of them.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it answers, the folder it shows, and the token, which no repr gives away."""

    url: str
    root: Path
    token: str = field(repr=False)


@contextmanager
def running_lab(
    home: Path, root: Path | None = None, settings: dict | None = None, started_in: Path | None = None
) -> Iterator[Lab]:
    """Run JupyterLab on a free port with all its own files under `home`, and end it afterwards.

    It is started in the folder `started_in`, where nbgrader looks for its configuration. Raises RuntimeError with the server's last lines if it does not come up.
    """
    root = root or home / "root"
    root.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(16)
    environment = private_environment(home, settings or {}) | {"JUPYTER_TOKEN": token}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1"]
    command += ["--ServerApp.port=0", f"--ServerApp.root_dir={root}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in a container of a continuous integration
        command.append("--allow-root")
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=started_in
    )
    log = Log(server)
    try:
        log.ready.wait(PATIENCE)
        if log.address is None:
            raise RuntimeError("JupyterLab did not start:\n" + "".join(log.lines[-20:]).replace(token, "..."))
        wait_until_somebody_listens(int(log.address.rpartition(":")[2]), server)
        yield Lab(url=log.address, root=root, token=token)
    finally:
        server.send_signal(signal.SIGTERM)  # the server ends its kernels
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.reader.join()


def wait_until_somebody_listens(port: int, server: subprocess.Popen) -> None:
    """Return once the port takes a connection: JupyterLab prints its address a moment earlier.

    Raises RuntimeError if the server ends first.
    """
    while server.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("JupyterLab ended before it listened")


class Log:
    """Reads a server's lines as they come, so that its pipe never fills; `ready` is set once it tells its address."""

    def __init__(self, server: subprocess.Popen) -> None:
        self.lines: list[str] = []
        self.address: str | None = None
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self.read, args=(server.stderr,), daemon=True)
        self.reader.start()

    def read(self, stream) -> None:
        with stream:
            for line in stream:
                self.lines.append(line)
                if found := ADDRESS.search(line):
                    self.address = found.group()
                    self.ready.set()
        self.ready.set()  # the server ended: nobody waits in vain


def write_notebook(path: Path, *sources: str) -> None:
    """Write a notebook with these code cells, for the kernel of the package's own Python."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def private_environment(home: Path, settings: dict) -> dict[str, str]:
    """Return the environment of a server that neither reads nor writes anybody's Jupyter folders."""
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    for folder in folders.values():
        (home / folder).mkdir(parents=True, exist_ok=True)
    for plugin, values in (SETTINGS | settings).items():
        path = home / "settings" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    keep = {name: value for name, value in os.environ.items() if name != "NBGRADER_EXECUTION"}
    return keep | {name: str(home / folder) for name, folder in folders.items()}
