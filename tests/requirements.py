"""What some tests need beyond the Python packages, and the sentence that says how to get it.

`path = need("chromium")` returns where the thing is. Where it is missing the test is skipped with the way
to enable it; with `DOWNHILL_NO_SKIP=1`, as `.ci/run` sets it, the test fails instead. Only what is marked
optional may be missing even there.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

NO_SKIP = "DOWNHILL_NO_SKIP"
MARK = "needs "  # how a reason written here begins; tests/conftest.py gathers them into one line


@dataclass(frozen=True)
class Requirement:
    """A thing some tests need: how to find it, and how to get it."""

    name: str
    find: Callable[[], str | None]
    enable: str
    optional: bool = False

    @property
    def reason(self) -> str:
        """The reason of a skip, which is also what to do about it."""
        return f"{MARK}{self.name}: {self.enable}"


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome that is installed on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
    places = (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    )
    return next(filter(None, map(shutil.which, names + places)), None)


def find_bubblewrap() -> str | None:
    """Return the path of a bwrap that may really make namespaces here, or None."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return None
    # Installed is not enough: containers and hardened kernels may refuse the namespaces.
    trial = [bwrap, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-all", "true"]
    return bwrap if subprocess.run(trial, capture_output=True, check=False).returncode == 0 else None


def find_initdb() -> str | None:
    """Return the path of PostgreSQL's initdb, which Debian keeps out of PATH, or None."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return shutil.which("initdb") or next(map(str, newest_first), None)


def find_torch() -> str | None:
    """Return where PyTorch is installed, without importing it, or None."""
    spec = importlib.util.find_spec("torch")
    return spec.origin if spec else None


REQUIREMENTS = {
    requirement.name: requirement
    for requirement in (
        Requirement("chromium", find_chromium, "install Chromium or Chrome (Debian: apt install chromium)"),
        Requirement(
            "bwrap",
            find_bubblewrap,
            "install bubblewrap (Debian: apt install bubblewrap) on a Linux that allows user namespaces",
        ),
        Requirement("initdb", find_initdb, "install PostgreSQL's server (Debian: apt install postgresql)"),
        Requirement("torch", find_torch, "pip install torch into .venv", optional=True),
    )
}

found = cache(lambda name: REQUIREMENTS[name].find())


def need(name: str) -> str:
    """Return the path of a requirement; skip the test where it is missing (fail under DOWNHILL_NO_SKIP=1).

    May be called in a test, in a fixture, or at the top of a test module.
    """
    path = found(name)
    if path is not None:
        return path
    requirement = REQUIREMENTS[name]
    if os.environ.get(NO_SKIP) == "1" and not requirement.optional:
        pytest.fail(f"{requirement.reason} (nothing may be skipped: {NO_SKIP}=1)", pytrace=False)
    return pytest.skip(requirement.reason, allow_module_level=True)
