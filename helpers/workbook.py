"""A learner's own copies of the assignments: `workbook/`, filled from `release/` and never overwritten.

`workbook/.copied.json` remembers the hash of each release file that was copied. It tells a release that
changed since from a learner who has worked: the first is news, the second is what the copies are for.
"""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import DownhillError

MANIFEST = ".copied.json"


@dataclass(frozen=True)
class Copied:
    """One file that was put into the workbook; `beside` is the learner's own file that stayed as it is."""

    path: Path
    beside: Path | None = None

    def sentence(self, root: Path) -> str:
        """Return what to tell the learner.

        >>> Copied(Path("c/workbook/a/a.ipynb")).sentence(Path("c"))
        'New in your workbook: workbook/a/a.ipynb'
        """
        name = self.path.relative_to(root).as_posix()
        if self.beside is None:
            return f"New in your workbook: {name}"
        return (
            f"{self.beside.relative_to(root).as_posix()} has a newer version: it is beside yours, as {name}; "
            "your own file is untouched."
        )


def fill(root: Path) -> list[Copied]:
    """Copy the assignments missing in `root/workbook` from `root/release`; return what was put there.

    A learner's file is never overwritten. Where the release changed since it was copied, the new one is put
    beside it as `<name>-revised.ipynb` (`-revised-2`, ... if that exists), once.
    Raises `DownhillError` where the workbook cannot be read or written.
    """
    release, workbook = root / "release", root / "workbook"
    try:
        workbook.mkdir(exist_ok=True)
        known = _read_manifest(workbook / MANIFEST)
        copied = []
        for source in sorted(path for path in release.rglob("*") if _is_handed_out(path)):
            name = source.relative_to(release).as_posix()
            current = hashlib.sha256(source.read_bytes()).hexdigest()
            own = workbook / name
            if not own.exists():
                copied.append(Copied(_copy(source, own)))
            elif known.get(name, current) != current:
                copied.append(Copied(_copy(source, _free_name(own)), beside=own))
            known[name] = current
        _write_manifest(workbook / MANIFEST, known)
    except OSError as error:
        raise DownhillError(
            f"Your workbook cannot be written ({error.strerror}: {error.filename}): make that place writable, "
            "then start again."
        ) from error
    return copied


def _is_handed_out(path: Path) -> bool:
    return path.is_file() and not any(part.startswith(".") for part in path.parts[-2:])


def _copy(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    # A copy that was interrupted must not be taken for the learner's file the next time.
    unfinished = target.with_name(target.name + ".part")
    shutil.copyfile(source, unfinished)
    os.replace(unfinished, target)
    return target


def _free_name(own: Path) -> Path:
    candidate, count = own.with_name(f"{own.stem}-revised{own.suffix}"), 1
    while candidate.exists():
        count += 1
        candidate = own.with_name(f"{own.stem}-revised-{count}{own.suffix}")
    return candidate


def _read_manifest(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise DownhillError(
            f"{path} is damaged: delete it and start again; your notebooks are not touched."
        ) from error


def _write_manifest(path: Path, known: dict[str, str]) -> None:
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(unfinished, path)
