"""The student version of the assignments: `release/`, generated from `source/` and never edited by hand."""

import filecmp
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from helpers.errors import DownhillError
from helpers.notebooks import SOURCE, normalise, read, write


def regenerate(root: Path) -> list[str]:
    """Bring `source/` into canonical form and `release/` up to date with it; return the files that changed.

    nbgrader works in a temporary copy, so that no gradebook stays behind in the repository.
    Raises `DownhillError` with nbgrader's own last word where an assignment cannot be generated.
    """
    sources = sorted((root / "source").glob("*/*.ipynb"))
    if not sources:
        raise DownhillError(
            f"There is no assignment in {root / 'source'}: add source/<name>/<name>.ipynb first."
        )
    changed = [path for path in sources if write(normalise(read(path), SOURCE), path)]
    with tempfile.TemporaryDirectory() as place:
        copy_of_the_course(root, Path(place))
        nbgrader(Path(place), "generate_assignment", "*")
        changed += _bring_up_to_date(root / "release", Path(place) / "release")
    return [path.relative_to(root).as_posix() for path in changed]


def copy_of_the_course(root: Path, place: Path) -> None:
    """Copy what nbgrader needs to run the course in another place."""
    shutil.copy(root / "nbgrader_config.py", place)
    shutil.copytree(root / "source", place / "source", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))


def nbgrader(place: Path, *arguments: str) -> str:
    """Run one nbgrader command in a course folder and return what it printed.

    Raises `DownhillError` with the reason nbgrader gives if it fails.
    """
    command = [sys.executable, "-m", "nbgrader", *arguments]
    # nbgrader itself starts `alembic` by name, which an environment that is not activated does not find.
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=place,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DownhillError(f"nbgrader {' '.join(arguments)} failed: {_reason(done.stdout)}")
    return done.stdout


def _reason(printed: str) -> str:
    raised = re.findall(r"^\s*[\w.]*(?:Error|Exception): .*$", printed, re.MULTILINE)
    logged = re.findall(r"\| ERROR\] (.*)", printed)
    which = [line for line in logged if line.startswith("There was an error processing")][:1]
    return " - ".join(line.strip() for line in which + (raised[-1:] or logged[:1])) or printed[-200:].strip()


def _bring_up_to_date(release: Path, generated: Path) -> list[Path]:
    changed = []
    wanted = {path.relative_to(generated) for path in generated.rglob("*") if path.is_file()}
    for name in sorted(wanted):
        if not (release / name).is_file() or not filecmp.cmp(generated / name, release / name, shallow=False):
            (release / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(generated / name, release / name)
            changed.append(release / name)
    for path in sorted(release.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(release) not in wanted:
            path.unlink()
            changed.append(path)
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    return changed
