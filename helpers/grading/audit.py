"""One line for every grade that was given: who, for which bytes, how many points, under which key."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import DownhillError


class Audit:
    """The lines of one assignment, in `folder`/ASSIGNMENT.audit.jsonl; the last one of a student counts."""

    def __init__(self, folder: Path, assignment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{assignment}.audit.jsonl"

    @contextmanager
    def held(self) -> Iterator["Audit"]:
        """Be the only one that grades this assignment; raises `DownhillError` if somebody else does."""
        with open(self.path, "ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DownhillError(
                    "This assignment is being graded already: wait until that is done."
                ) from None
            yield self

    def last(self) -> dict[str, dict]:
        """Return the last line of every student; a line that was cut short by the end of a process is none."""
        found = {}
        for line in self.path.read_bytes().splitlines() if self.path.exists() else ():
            try:
                entry = json.loads(line)
                found[entry["student"]] = entry
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def add(self, entry: dict) -> None:
        """Append one line and see it to the disk."""
        with open(self.path, "ab+") as file:
            file.seek(0, os.SEEK_END)
            cut_short = file.tell() > 0 and _last_byte(file) != b"\n"
            file.write(b"\n" * cut_short + json.dumps(entry, sort_keys=True).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def _last_byte(file) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)
