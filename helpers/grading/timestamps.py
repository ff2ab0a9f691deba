"""When something was handed in, as the file timestamp.txt in its folder says: a moment or none, never a failure."""

import os
import re
from datetime import MAXYEAR, MINYEAR, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from helpers.grading.parcel import read_plain

NAME = "timestamp.txt"
MOST_BYTES = 200
# In place of a time zone's name nbgrader takes a path too, and would read that file.
PATH = re.compile(r"(^|[ :])/|\.\.")


def moment(content: bytes) -> datetime | None:
    """Return the moment in UTC that these bytes of a timestamp.txt say; None where they say none.

    >>> moment(b"2026-11-02 18:00:00 UTC")
    datetime.datetime(2026, 11, 2, 18, 0)
    >>> moment(b"yesterday evening") is None
    True
    """
    text = content[: MOST_BYTES + 1].decode("utf-8-sig", "replace").strip()
    if not text or len(content) > MOST_BYTES or PATH.search(text):
        return None
    try:
        said = parse_utc(text)
    except (ValueError, ArithmeticError, TypeError):
        return None
    # It is shown in the instructor's time zone, which may be on another day.
    return said if MINYEAR < said.year < MAXYEAR else None


def moment_of(folder: str | os.PathLike) -> datetime | None:
    """Return the moment that the timestamp.txt in this folder says; None without one, and for a link or a device."""
    try:
        content = read_plain(Path(folder, NAME), MOST_BYTES)
    except OSError:
        return None
    return None if content is None else moment(content)
