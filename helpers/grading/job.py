"""Grade one submission: a pure function of plain data, run in any process that may start sandboxes."""

import logging
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.preprocessors import IgnorePattern, LimitOutput
from traitlets.config import Config

from helpers.grading.cells import written
from helpers.grading.execute import TrustedExecute
from helpers.grading.marks import Marks, marks_of
from helpers.grading.preprocessing import restored, submitted
from helpers.grading.seeds import seed_of
from helpers.grading.submissions import environment
from helpers.grading.table import NotebookTable

STEPS = (TrustedExecute, IgnorePattern, LimitOutput)
CONFIGURED = ("SandboxProvisioner", "NbGraderPreprocessor", *(step.__name__ for step in STEPS), "Execute")


@dataclass(frozen=True)
class Job:
    """All that grading a submission needs; it knows neither the gradebook nor the course's folder."""

    student: str
    assignment: str
    key: str
    tables: tuple[dict, ...]
    files: dict[str, bytes] = field(repr=False)
    left_out: tuple[str, ...]
    secret: str = field(repr=False)
    settings: dict
    environment: str


@dataclass(frozen=True)
class Graded:
    """A graded submission: its notebooks with outputs and cards, their marks, and what there is to tell."""

    student: str
    key: str
    notebooks: dict[str, str] = field(repr=False)
    marks: dict[str, Marks] = field(repr=False)
    facts: dict[str, dict]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    seconds: float
    log: tuple[str, ...] = ()


class OtherCode(RuntimeError):
    """A worker runs another version of the course or of a package than the one that asks it to grade."""


def grade(job: Job) -> Graded:
    """Return the graded submission. Raises `OtherCode`, and SandboxUnavailable where there is no sandbox."""
    if job.environment != environment():
        raise OtherCode("This worker has another version of the course, of Python or of a package.")
    started = time.monotonic()
    notebooks, marks, facts, missing = {}, {}, {}, []
    log, said = _logger()
    with tempfile.TemporaryDirectory(
        prefix=f"downhill-{os.getpid()}-"
    ) as folder:  # swept up if we are killed
        _lay_out(job, Path(folder))
        for table in map(NotebookTable.from_json, job.tables):
            content = job.files.get(f"{table.name}.ipynb")
            if content is None:
                missing.append(table.name)
                continue
            notebook = restored(submitted(content), table)
            seed = seed_of(job.secret, job.student, job.assignment, table.name)
            resources = {"downhill": {"table": table, "seed": seed}, "metadata": {"path": folder}}
            for step in STEPS:
                step = step(config=Config(job.settings))
                step.log = log
                notebook, resources = step.preprocess(notebook, resources)
            notebooks[table.name] = written(notebook)
            marks[table.name] = marks_of(notebook, Config(job.settings))
            facts[table.name] = dict(notebook.metadata["downhill"])
    seconds = time.monotonic() - started
    return Graded(
        job.student, job.key, notebooks, marks, facts, tuple(missing), job.left_out, seconds, tuple(said)
    )


def _logger() -> tuple[logging.Logger, list[str]]:
    """Return a logger whose warnings go into a list: they belong to the grade, not on this process's screen."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    handler.emit = lambda record: said.append(handler.format(record)[:4000])
    logger = logging.Logger("downhill.grading")
    logger.addHandler(handler)
    return logger, said


def _lay_out(job: Job, folder: Path) -> None:
    for name, content in job.files.items():
        place = folder / name
        if not place.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"the path {name!r} leads out of the submission")
        if place.suffix != ".ipynb":
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
