"""The classroom: founded once for all tests of grading, copied for those that write into it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.grading.classroom import Classroom
from tests.requirements import need


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """Return a course with released assignments and nobody's submissions; to be copied, not changed."""
    need("bwrap")
    # Not below /tmp, so that students' code finds its usual /tmp as well.
    with tempfile.TemporaryDirectory(prefix="downhill-", dir="/var/tmp") as package:
        yield Classroom.founded(tmp_path_factory.mktemp("classroom") / "course", Path(package))


@pytest.fixture
def postgresql():
    """Start a PostgreSQL server that only this test reaches, and return the URL of its empty database."""
    initdb = Path(need("initdb"))
    home = Path(tempfile.mkdtemp(prefix="pg-"))  # short enough for a socket, and no folder above it is closed
    data = home / "data"
    # PostgreSQL refuses to run as root.
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(home, "nobody", "nogroup")
    subprocess.run(
        [*user, initdb, "-D", data, "-U", "downhill", "-A", "trust"], check=True, capture_output=True
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    control = [*user, initdb.with_name("pg_ctl"), "-D", data, "-w", "-t", "300"]
    subprocess.run([*control, "-l", home / "log", "-o", options, "start"], check=True, capture_output=True)
    try:
        yield f"postgresql+psycopg2://downhill@/postgres?host={home}"
    finally:
        stopped = subprocess.run(
            [*control, "-m", "immediate", "stop"], check=False, capture_output=True, text=True
        )
        assert stopped.returncode == 0, stopped.stdout + stopped.stderr
        shutil.rmtree(home)
