"""`downhill grade`: grade an assignment, show how far it is, and say what came out, to people and to programs."""

import json
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from helpers.errors import DownhillError

ALL_GRADED, ATTENTION, COULD_NOT = 0, 1, 2
UNSAFE = "NOT SANDBOXED: students' code ran with your own rights (--unsafe-no-sandbox)."


def grade(
    assignment: Annotated[str, typer.Argument(help="The assignment, as its folder in source/ is named.")],
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one per core.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="Address of a dask scheduler to use instead.")] = None,
    json_file: Annotated[
        str | None, typer.Option("--json", help="Also write the result here; - prints it.")
    ] = None,
    db: Annotated[str | None, typer.Option(help="URL of the gradebook, if not the configured one.")] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    force: Annotated[bool, typer.Option(help="Grade again even where nothing has changed.")] = False,
    unsafe_no_sandbox: Annotated[bool, typer.Option(help="Run students' code with your own rights.")] = False,
    directory: Annotated[Path | None, typer.Option("--dir", help="The course's folder.")] = None,
) -> int:
    """Grade what was handed in: in sandboxes, in parallel, and only what is new.

    The exit code is 0 if all is graded, 1 if something needs attention, 2 if nothing could be done.
    """
    from helpers.grading.ahead import forked_workers, import_everything, warm_process

    console = Console(stderr=True)
    with ExitStack() as stack:
        if scheduler is None and not unsafe_no_sandbox:
            stack.enter_context(warm_process())
        import_everything()
        from helpers.grading.cluster import OtherCode
        from helpers.grading.grading import Grading, Options
        from helpers.grading.sandbox import SandboxUnavailable

        options = Options(workers, scheduler, db, unsafe_no_sandbox, force, tuple(student or ()))
        try:
            grading = Grading((directory or Path.cwd()).absolute(), assignment, options)
            nursery = stack.enter_context(forked_workers()) if scheduler is None else None
            with _progress(console) as progress:
                task = progress.add_task(f"Grading {assignment}", total=len(grading.submissions))
                lines = grading.run(lambda line: progress.advance(task), nursery)
        except (DownhillError, SandboxUnavailable, OtherCode) as refusal:
            print(refusal, file=sys.stderr)
            return COULD_NOT
    report = as_json(assignment, lines, grading.unsafe)
    if json_file == "-":
        print(json.dumps(report, indent=1, sort_keys=True))
    elif json_file:
        Path(json_file).write_text(json.dumps(report, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    show(console, report)
    return ATTENTION if report["attention"] else ALL_GRADED


def as_json(assignment: str, lines: list, unsafe: bool) -> dict:
    """Return what came out as plain data: every submission, and what the class misunderstands."""
    students = [
        {
            "student": line.student,
            "state": line.state,
            "score": line.score,
            "maximum": line.maximum,
            "seconds": line.seconds,
            "attention": line.attention,
            "scores": line.entry.get("scores", {}),
            "notebooks": line.entry.get("notebooks", {}),
        }
        for line in lines
    ]
    verdicts = [
        (name, verdict)
        for one in students
        for facts in one["notebooks"].values()
        for name, verdict in facts["verdicts"].items()
    ]
    return {
        "assignment": assignment,
        "sandbox": not unsafe,
        "students": students,
        "graded": sum(line.state == "graded" for line in lines),
        "kept": sum(line.state == "kept" for line in lines),
        "failed": sum(line.state == "failed" for line in lines),
        "attention": sum(bool(line.attention) for line in lines),
        "misconceptions": _counted(
            f"{name}: {verdict['misconception']}"
            for name, verdict in verdicts
            if verdict.get("misconception")
        ),
        "redirected": _counted(name for name, verdict in verdicts if verdict.get("redirected")),
    }


def _counted(names) -> dict[str, int]:
    return dict(Counter(names).most_common())


def show(console: Console, report: dict) -> None:
    """Print the table for people."""
    table = Table(title=f"{escape(report['assignment'])}", title_justify="left")
    for column, justify in (("student", "left"), ("points", "right"), ("", "left"), ("to look at", "left")):
        table.add_column(column, justify=justify, overflow="fold")
    for line in report["students"]:
        points = "-" if line["score"] is None else f"{line['score']:g} of {line['maximum']:g}"
        remarks = "; ".join([*line["attention"], *_repairs(line)])
        table.add_row(escape(line["student"]), points, line["state"], escape(remarks[:300]))
    console.print(table)
    console.print(
        f"{report['graded']} graded, {report['kept']} kept as they were, {report['failed']} failed, "
        f"{report['attention']} to look at."
    )
    for name, count in list(report["misconceptions"].items())[:10]:
        console.print(f"  {count} x known mistake, {escape(name)}")
    for name, count in report["redirected"].items():
        console.print(f"  {count} x not written but called, {escape(name)}")
    if not report["sandbox"]:
        console.print(UNSAFE)


def _repairs(line: dict) -> list[str]:
    count = sum(len(facts.get("repairs", [])) for facts in line["notebooks"].values())
    return [f"{count} repair{'s' * (count > 1)}"] if count else []


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)
