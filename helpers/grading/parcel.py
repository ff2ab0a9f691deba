"""A submission's folder as one parcel of bytes: plain files only, nothing that leads out of the folder."""

import fnmatch
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

# A notebook beside the kernel may hold hidden tests, and no cell needs one.
LEFT_OUT = ("*.ipynb", ".ipynb_checkpoints", "__pycache__")


def plain_files(folder: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield (relative path, path) of every regular file below, and note what is not one."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if any(fnmatch.fnmatch(entry.name, pattern) for pattern in LEFT_OUT):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from ((f"{entry.name}/{name}", below) for name, below in plain_files(path, left_out))
        elif entry.is_file(follow_symlinks=False):
            yield entry.name, path
        else:
            left_out.append(f"{path.name} (a link or a device)")


def read_plain(path: Path, at_most: int) -> bytes | None:
    """Return the bytes of a regular file of at most so many bytes, or None; never follows a link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > at_most:
            return None
        data = file.read(at_most + 1)
    return data if len(data) <= at_most else None


def pack(folder: Path | None, at_most: int, files: int) -> tuple[int, list[str]]:
    """Return a descriptor of a nameless file with the folder's files in it, and what was left out and why.

    Links, devices, notebooks and what exceeds `at_most` bytes or `files` files in all are left out. The parcel is one
    JSON line of [path, size] pairs followed by the bytes. Raises OSError if the folder cannot be read.
    """
    left_out: list[str] = []
    contents: list[tuple[str, bytes]] = []
    room = at_most
    for name, path in plain_files(folder, left_out) if folder else ():
        data = read_plain(path, room) if len(contents) < files else None
        if data is None:
            left_out.append(f"{name} (too much)")
            continue
        room -= len(data)
        contents.append((name, data))
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps([(name, len(data)) for name, data in contents]).encode() + b"\n")
        file.writelines(data for _, data in contents)
        file.flush()
        return os.dup(file.fileno()), left_out


def unpack(parcel: int, into: str) -> None:
    """Write the files of a parcel below a folder and close the descriptor. Raises OSError."""
    with os.fdopen(parcel, "rb") as file:
        file.seek(0)
        for path, size in json.loads(file.readline()):
            place = os.path.join(into, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as copy:
                copy.write(file.read(size))
