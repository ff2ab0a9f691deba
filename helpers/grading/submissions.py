"""What was handed in for an assignment: plain files only, read once, and a key that changes when any of it does."""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import helpers
from helpers.grading.parcel import read_plain
from helpers.grading.reading import MOST_BYTES
from helpers.grading.timestamps import NAME, moment

MOST_FILES = 1_000
MOST_IN_ALL = 256 * 2**20
PACKAGES = ("nbgrader", "nbclient", "nbformat", "ipykernel", "ipython", "numpy", "scipy", "matplotlib")


@dataclass(frozen=True)
class Submission:
    """One student's files, by their path in the folder; `left_out` says what was there and is not taken."""

    student: str
    folder: Path
    files: dict[str, bytes] = field(repr=False)
    left_out: tuple[str, ...] = ()

    @property
    def timestamp(self) -> datetime | None:
        """When it was handed in, as the file timestamp.txt says; None where it does not say."""
        return moment(self.files.get(NAME, b""))

    def digest(self) -> str:
        """Return the hash of the student and of every file's path and bytes."""
        said = hashlib.sha256(self.student.encode())
        for name, content in sorted(self.files.items()):
            said.update(f"\0{name}\0{len(content)}\0".encode() + content)
        return said.hexdigest()


def find(course, assignment: str) -> list[Submission]:
    """Return the submissions of an assignment, by student, in order of their ids."""
    pattern = course.format_path(course.submitted_directory, "(?P<student_id>[^/]+)", assignment, escape=True)
    excluded = set(filter(None, course.student_id_exclude.split(",")))
    found = []
    for folder in sorted(Path(course.root).glob(_below(course, assignment))):
        match = re.fullmatch(pattern, str(folder))
        if match and folder.is_dir() and match["student_id"] not in excluded:
            found.append(from_folder(match["student_id"], folder))
    return found


def _below(course, assignment: str) -> str:
    path = course.format_path(course.submitted_directory, "*", assignment)
    return os.path.relpath(path, course.root)


def linked(folder: Path) -> bool:
    """Whether a student's folder for an assignment is a link, or lies in one: it may be anybody's."""
    return folder.is_symlink() or folder.parent.is_symlink()


def from_folder(student: str, folder: Path) -> Submission:
    """Return what a student handed in in this folder; a link is never followed."""
    if linked(folder):
        return Submission(student, folder, {}, (f"{folder.name} is a link to another folder",))
    files, left_out = plain_files(folder)
    return Submission(student, folder, files, tuple(left_out))


def plain_files(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Return the plain files of a folder by their path in it, and what was left out: links, devices, what cannot be read, too much."""
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    room = MOST_IN_ALL
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            left_out.append(f"{name} is a link or a device")
        elif path.is_file() and "/." not in f"/{name}":
            # One byte more than a notebook may have, so that it is told from one that has just as many.
            try:
                content = read_plain(path, min(room, MOST_BYTES + 1)) if len(files) < MOST_FILES else None
            except OSError as error:
                left_out.append(f"{name} cannot be read ({error.strerror})")
                continue
            if content is None:
                left_out.append(f"{name} is too large")
                continue
            room -= len(content)
            files[name] = content
    return files, left_out


@cache
def environment() -> str:
    """Return the hash of all that a grade depends on besides the submission and the assignment."""
    said = hashlib.sha256(platform.python_version().encode())
    for package in PACKAGES:
        said.update(f"\0{package} {_version(package)}".encode())
    package = Path(helpers.__file__).parent
    for path in sorted(path for path in package.rglob("*.py") if _decides(path.relative_to(package))):
        said.update(f"\0{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes())
    return said.hexdigest()


def _decides(path: Path) -> bool:
    """Whether this module of ours may make a difference to a grade; figures and the command line do not."""
    return path.parts[0] not in ("draw", "explore", "cli.py", "notebooks.py", "release.py", "workbook.py")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def key_of(submission: Submission, tests: object, settings: object) -> str:
    """Return what a grade is kept under: it changes with the submission, the tests, the settings, the environment."""
    said = [submission.digest(), json.dumps([tests, settings], sort_keys=True, default=str), environment()]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def hash_of(content: bytes) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(content).hexdigest()
