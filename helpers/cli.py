"""The command `downhill`: open the course, and make what git keeps of its notebooks."""

import os
import re
import socket
import sys
import sysconfig
from pathlib import Path
from typing import Annotated

import typer

from helpers.errors import DownhillError
from helpers.grading.command import grade

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CourseFolder = Annotated[
    Path | None, typer.Option("--dir", help="The course's folder; the current one if that is it.")
]


def main(arguments: list[str] | None = None) -> None:
    """Run the command; a refusal is one sentence on stderr and exit code 1, wrong usage exit code 2."""
    try:
        # Without standalone mode typer hands its own errors over instead of drawing a box around them.
        code = app(arguments, prog_name="downhill", standalone_mode=False)
    except DownhillError as refusal:
        print(refusal, file=sys.stderr)
        code = 1
    except typer.TyperException as usage:
        message = usage.format_message()
        print(f"{message}{'' if message[-1] in '.?' else '.'} See `downhill --help`.", file=sys.stderr)
        code = 2
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    sys.exit(code)


@app.callback()
def help_without_a_command(context: typer.Context) -> None:
    """Downhill: a Jupyter course on gradient descent."""
    if context.invoked_subcommand is None:
        print(context.get_help())


app.command()(grade)


@app.command()
def lab(
    port: Annotated[
        int | None, typer.Option(help="The port to listen on; without it a free one.", min=1, max=65535)
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser, or only print the address.")] = True,
    directory: CourseFolder = None,
) -> None:
    """Copy missing assignments into workbook/ and open JupyterLab on the first lesson."""
    from helpers import workbook

    root = course_folder(directory)
    if port is not None:
        refuse_port_in_use(port)
    for copied in workbook.fill(root):
        print(copied.sentence(root))
    trust(sorted((root / "course").glob("*.ipynb")))
    open_jupyterlab(root, port, browser)


@app.command()
def course(
    lessons: Annotated[list[str] | None, typer.Argument(help="Names of lessons; all without any.")] = None,
    directory: CourseFolder = None,
) -> None:
    """Run the lessons from top to bottom and write them back in the form git keeps."""
    from helpers import notebooks

    root = course_folder(directory)
    paths = sorted((root / "course").glob("*.ipynb"))
    if lessons:
        unknown = set(lessons) - {path.stem for path in paths}
        if unknown:
            raise DownhillError(
                f"No lesson is named {sorted(unknown)[0]}; there are: {', '.join(path.stem for path in paths)}."
            )
        paths = [path for path in paths if path.stem in lessons]
    for path in paths:
        print(f"{path.name}: {'changed' if notebooks.execute(path) else 'as it was'}", flush=True)


@app.command()
def release(directory: CourseFolder = None) -> None:
    """Write release/ anew from source/, with nbgrader."""
    from helpers.release import regenerate

    changed = regenerate(course_folder(directory))
    print("\n".join(f"{name}: changed" for name in changed) or "release/ is up to date.")


@app.command()
def exercises(directory: CourseFolder = None) -> None:
    """Write the table of all exercises in source/README.md anew."""
    from helpers.catalogue import bring_up_to_date
    from helpers.exercises import EXERCISES

    changed = bring_up_to_date(course_folder(directory) / "source" / "README.md", EXERCISES.values())
    print(f"source/README.md: {'changed' if changed else 'as it was'}")


def course_folder(directory: Path | None) -> Path:
    """Return the folder of the course: the one named, else the current one, else where this package lies.

    Raises `DownhillError` where there is no course.
    """
    here = [directory] if directory else [Path.cwd(), Path(__file__).parent.parent]
    for folder in here:
        if (folder / "nbgrader_config.py").is_file() and (folder / "course").is_dir():
            return folder.absolute()
    raise DownhillError(
        f"There is no course in {here[0]}: run this in the folder you cloned, or name that folder with --dir."
    )


def refuse_port_in_use(port: int) -> None:
    """Raise `DownhillError` if something listens on this port of the own machine already."""
    with socket.socket() as trial:
        if (
            os.name == "posix"
        ):  # a port whose last connection is still dying down is free; on Windows it is not
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            raise DownhillError(
                f"Port {port} cannot be used ({error.strerror}): choose another one, "
                "or leave --port away and a free one is taken."
            ) from error


def trust(paths: list[Path]) -> None:
    """Sign the course's own notebooks, so that JupyterLab shows their outputs as they are.

    Raises `DownhillError` where Jupyter has no place of its own to write in.
    """
    from nbformat.sign import NotebookNotary

    from helpers import notebooks

    try:
        with NotebookNotary() as notary:
            for path in paths:
                notary.sign(notebooks.read(path))
    except OSError as error:
        raise DownhillError(
            f"Jupyter cannot write in its own folder ({error.strerror}: {error.filename}): "
            "set JUPYTER_DATA_DIR to a folder of yours and start again."
        ) from error


def first_page(root: Path) -> str:
    """Return the page to open, relative to the course's folder: course/index.*, else the first lesson."""
    pages = sorted((root / "course").glob("index.*")) or sorted(
        path for path in (root / "course").glob("*.ipynb") if re.match(r"\d\d-", path.name)
    )
    return pages[0].relative_to(root).as_posix() if pages else "course"


def open_jupyterlab(root: Path, port: int | None, browser: bool) -> None:
    """Run JupyterLab until it is stopped: on the loopback only, and asking nothing of the network."""
    from jupyterlab.labapp import LabApp

    os.chdir(root)  # nbgrader's extensions read nbgrader_config.py from the current folder
    # The formgrader and JupyterLab's terminals look for commands of an environment that nobody activated.
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    options = {
        "ServerApp.root_dir": root,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.allow_root": True,  # in a container there is often nobody else, and only this machine is let in
        "ServerApp.log_level": "WARN",  # the address is printed at any level
        "ServerApp.open_browser": browser,
        "LabApp.default_url": f"/lab/tree/{first_page(root)}",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    if port is not None:
        options |= {"ServerApp.port": port, "ServerApp.port_retries": 0}
    LabApp.launch_instance([f"--{name}={value}" for name, value in options.items()])


if __name__ == "__main__":
    main()
