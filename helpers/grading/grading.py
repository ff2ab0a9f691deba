"""Grade an assignment: what is missing or has changed, in parallel, written down by this process alone."""

import datetime
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from helpers.errors import DownhillError
from helpers.grading import cluster, submissions
from helpers.grading.audit import Audit
from helpers.grading.books import Books, writing
from helpers.grading.course import load, plain
from helpers.grading.job import CONFIGURED, Graded, Job
from helpers.grading.nursery import Nursery
from helpers.grading.sandbox import require_sandbox
from helpers.grading.seeds import course_secret
from helpers.grading.submissions import Submission
from helpers.grading.table import from_gradebook


@dataclass(frozen=True)
class Options:
    """How to grade: see `downhill grade --help`."""

    workers: int | None = None
    scheduler: str | None = None
    db_url: str | None = None
    unsafe_no_sandbox: bool = False
    force: bool = False
    students: tuple[str, ...] = ()


@dataclass
class Line:
    """What became of one submission: `state` is "graded", "kept" (nothing had changed) or "failed"."""

    student: str
    state: str
    score: float | None = None
    maximum: float | None = None
    seconds: float = 0.0
    attention: list[str] = field(default_factory=list)
    entry: dict = field(default_factory=dict)


class Grading:
    """One run over one assignment. Making it raises `DownhillError` where it cannot be graded at all."""

    def __init__(self, root: Path, assignment: str, options: Options) -> None:
        self.assignment, self.options = assignment, options
        self.config, self.course = load(root, options.db_url)
        if options.unsafe_no_sandbox:
            self.config.SandboxProvisioner.unsafe_no_sandbox = True
        self.unsafe = bool(self.config.SandboxProvisioner.get("unsafe_no_sandbox", False))
        if not self.unsafe and not options.scheduler:  # a cluster's workers have their own machines
            require_sandbox()
        self.settings = plain(self.config, CONFIGURED)
        self.private = Path(self.course.root) / ".downhill"
        self.submissions = self._chosen(submissions.find(self.course, assignment))

    def _chosen(self, found: list[Submission]) -> list[Submission]:
        names = {submission.student for submission in found}
        unknown = [student for student in self.options.students if student not in names]
        if unknown:
            raise DownhillError(f"{unknown[0]} has not handed in {self.assignment}.")
        if not found:
            place = self.course.format_path(self.course.submitted_directory, "*", self.assignment)
            raise DownhillError(f"Nobody has handed in {self.assignment}: there is no {place}.")
        return [s for s in found if not self.options.students or s.student in self.options.students]

    def run(self, tell: Callable[[Line], None], nursery: Nursery | None = None) -> list[Line]:
        """Grade what has to be graded and return a line for every submission; `tell` gets each as it comes.

        A `nursery` forks the workers of this machine.
        """
        lines, self.nursery = [], nursery
        with ExitStack() as stack:
            with writing("The audit"):
                audit = stack.enter_context(Audit(self.private, self.assignment).held())
            gradebook = stack.enter_context(Gradebook(self.course.db_url, self.course.course_id))
            for line in self._lines(gradebook, audit, stack):
                tell(line)
                lines.append(line)
        return sorted(lines, key=lambda line: line.student)

    def _lines(self, gradebook: Gradebook, audit: Audit, stack: ExitStack) -> Iterator[Line]:
        source = Path(self.course.format_path(self.course.source_directory, ".", self.assignment))
        try:
            tables = from_gradebook(gradebook, self.assignment, source)
        except MissingEntry:
            raise DownhillError(
                f"The gradebook does not know {self.assignment}: "
                f"run `nbgrader generate_assignment {self.assignment} --force`."
            ) from None
        books = Books(gradebook, self.course, self.assignment, self.config)
        self.tables = tuple(table.as_json() for table in tables.values())
        self.given = submissions.plain_files(source)[0] if source.is_dir() else {}
        with writing("The course's secret"):
            self.secret = course_secret(self.private)
        waiting, last = {}, audit.last()
        for submission in self.submissions:
            job = self._job(submission)
            entry = last.get(submission.student)
            if not self.options.force and entry and entry["key"] == job.key and books.stands(entry):
                with writing(f"The late penalty of {submission.student}"):
                    books.refresh(submission.student)
                yield self._line(books, entry, "kept")
            else:
                waiting[submission.student] = submission
        if waiting:
            count, scheduler = self._count(len(waiting)), self.options.scheduler
            client = stack.enter_context(cluster.workers(count, scheduler, self.nursery))
            jobs = (self._job(submission) for submission in waiting.values())
            for job, result in cluster.grade_all(client, jobs, None if scheduler else count):
                yield self._finish(books, audit, waiting[job.student], job, result)

    def _count(self, jobs: int) -> int:
        return min(jobs, self.options.workers or os.cpu_count() or 1)

    def _job(self, submission: Submission) -> Job:
        kept = self.config.Autograde.get("exclude_overwriting", {}).get(self.assignment, [])
        given = {n: c for n, c in self.given.items() if not n.endswith(".ipynb") and n not in kept}
        tests = [self.tables, {name: submissions.hash_of(content) for name, content in given.items()}]
        return Job(
            submission.student,
            self.assignment,
            submissions.key_of(submission, tests, self.settings),
            self.tables,
            {**submission.files, **given},
            submission.left_out,
            self.secret,
            self.settings,
            submissions.environment(),
        )

    def _finish(self, books: Books, audit: Audit, submission, job: Job, result: Graded | Exception) -> Line:
        if isinstance(result, Exception):
            reason = f"could not be graded: {result}"
            return Line(submission.student, "failed", attention=[reason])
        known = {f"{table['name']}.ipynb" for table in self.tables}
        files = {name: content for name, content in job.files.items() if name not in known}
        with writing(f"The grade of {submission.student}"):
            written, scores = books.record(submission, result, files)
        entry = {
            "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "student": result.student,
            "assignment": self.assignment,
            "key": result.key,
            "scores": scores,
            "files": written,
            "seconds": round(result.seconds, 3),
            "sandbox": not self.unsafe,
            "missing": list(result.missing),
            "left_out": list(result.left_out),
            "notebooks": result.facts,
            "log": list(result.log),
        }
        with writing(f"The audit of {submission.student}"):
            audit.add(entry)
        return self._line(books, entry, "graded")

    def _line(self, books: Books, entry: dict, state: str) -> Line:
        score, maximum = books.total(entry["student"])
        attention = [f"{name} is missing" for name in entry["missing"]] + entry["left_out"]
        for facts in entry["notebooks"].values():
            attention += [facts["ended"]] * bool(facts["ended"]) + list(facts["attention"])
        return Line(entry["student"], state, score, maximum, entry["seconds"], attention, entry)
