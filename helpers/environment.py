"""Look whether everything the lessons need is there, and say what to do about what is not.

Nothing here names a version that is fine: what is printed is the same on every machine on which the course works.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from jupyter_core.paths import jupyter_path
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from helpers.check import check
from helpers.draw import Canvas
from helpers.exercises import EXERCISES

AGAIN = (
    "stop JupyterLab (Ctrl+C in its terminal) and start it with `make lab`, which installs what is missing"
)


@dataclass(frozen=True)
class Part:
    """One thing the course needs: its name, how it is, and what to do, in words, if it is not fine."""

    name: str
    words: str
    remedy: str = ""

    @property
    def fine(self) -> bool:
        """Whether nothing has to be done."""
        return not self.remedy


@dataclass(frozen=True)
class Environment:
    """What was found, part by part; shows as one line for each."""

    parts: tuple[Part, ...]

    @property
    def fine(self) -> bool:
        """Whether every part is."""
        return all(part.fine for part in self.parts)

    def __repr__(self) -> str:
        width = max(len(part.name) for part in self.parts)
        lines = [f"{'ok ' if part.fine else '-> '} {part.name:{width}}  {part.words}" for part in self.parts]
        todo = [f"   {part.name}: {part.remedy}." for part in self.parts if not part.fine]
        if not todo:
            return "\n".join([*lines, "", "Everything is there."])
        return "\n".join([*lines, "", "To do:", *todo, "Then restart the kernel and run this cell again."])


def check_environment() -> Environment:
    """Return whether Python, packages, sliders, dragging, drawing and the check are as the course needs them.

    >>> check_environment().fine
    True
    """
    about = metadata.metadata("downhill")
    return Environment(
        (
            python(about["Requires-Python"], platform.python_version()),
            packages(metadata.requires("downhill") or ()),
            front_end("sliders", "@jupyter-widgets/jupyterlab-manager", "figures stay still"),
            front_end("dragging", "anywidget", "sliders work, dragging a point does not"),
            drawing(),
            checking(),
        )
    )


def python(wanted: str, version: str) -> Part:
    """Return whether this version of Python is one of those that are wanted, such as ">=3.11"."""
    if SpecifierSet(wanted).contains(version, prereleases=True):
        return Part("Python", "new enough")
    return Part(
        "Python", f"{version} is too old", f"install Python {wanted} and run `make lab PYTHON=/path/to/it`"
    )


def packages(wanted: Iterable[str]) -> Part:
    """Return whether the packages are installed, each in a version that is wanted, such as "numpy>=2.1"."""
    missing, old, extra = [], [], {"extra": ""}
    for requirement in map(Requirement, wanted):
        if requirement.marker and not requirement.marker.evaluate(extra):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            missing.append(requirement.name)
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            old.append(f"{requirement.name} {version} ({requirement.specifier} is needed)")
    if not missing and not old:
        return Part("packages", "all there, all new enough")
    words = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"too old: {', '.join(old)}"] * bool(old)
    return Part(
        "packages", "; ".join(words), f"{AGAIN}. With conda: `conda env update -f environment.yml` instead"
    )


def front_end(name: str, extension: str, otherwise: str, folders: Iterable[str] | None = None) -> Part:
    """Return whether JupyterLab has this extension, in one of its folders of extensions."""
    folders = jupyter_path("labextensions") if folders is None else folders
    if any((Path(folder) / extension / "package.json").is_file() for folder in folders):
        return Part(name, "ready")
    return Part(name, f"not ready: {otherwise}", f"{AGAIN}, then reload the page in the browser")


def drawing() -> Part:
    """Return whether a picture can be drawn."""
    if Canvas(40, 40).png().startswith(b"\x89PNG"):
        return Part("drawing", "ready")
    return Part("drawing", "no picture came out", AGAIN)


def checking() -> Part:
    """Return whether the check tells a right answer from a wrong one."""
    exercise = next(iter(EXERCISES.values()))
    wrong = next(iter(exercise.misconceptions.values())).function
    if check(exercise.id, exercise.reference).passed and not check(exercise.id, wrong).passed:
        return Part("the check", "tells right from wrong")
    return Part(
        "the check", "does not tell right from wrong", "clone or unpack the course again: files differ"
    )
