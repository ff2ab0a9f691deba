"""The command `downhill` opens the course, and refuses in one sentence."""

import errno
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers import cli
from helpers.notebooks import COURSE, SETUP, SETUP_ID, normalise, write
from tests.browser.jupyterlab import wait_until_somebody_listens

ROOT = Path(__file__).parent.parent


@pytest.fixture
def course(tmp_path):
    """A course of one lesson with an output and one assignment, in a folder of its own."""
    root = tmp_path / "course-folder"
    (root / "course").mkdir(parents=True)
    (root / "release" / "00-a").mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    page = new_output("display_data", data={"text/html": "<b>card</b>", "text/plain": "card"})
    cells = [
        new_code_cell(SETUP, id=SETUP_ID),
        new_code_cell("card()", id="card", outputs=[page], execution_count=1),
    ]
    notebook = normalise(new_notebook(cells=cells), COURSE)
    write(notebook, root / "course" / "00-a.ipynb")
    write(notebook, root / "release" / "00-a" / "a.ipynb")
    return root


@pytest.fixture
def lab(course, tmp_path):
    """The address of a JupyterLab that `downhill lab` opened on the course, for somebody who is new to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    elsewhere = {
        name: str(tmp_path / name)
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")
    }
    command = [
        sys.executable,
        "-m",
        "helpers.cli",
        "lab",
        "--no-browser",
        "--port",
        str(port),
        "--dir",
        course,
    ]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **elsewhere, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if address := re.search(rf"http://127\.0\.0\.1:{port}(/\S*)\?token=(\w+)", line):
                break
        else:
            pytest.fail(f"JupyterLab ended before it gave an address:\n{''.join(said)}")

        wait_until_somebody_listens(port, process)

        def ask(path):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"token {address[2]}"}
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read().decode()

        ask.page, ask.said = address[1], said
        yield ask
    finally:
        process.terminate()
        process.communicate()


def test_lab_opens_the_first_lesson_with_outputs_that_are_trusted_and_asks_nothing_of_the_network(
    lab, course
):
    assert lab.said[0] == "New in your workbook: workbook/00-a/a.ipynb\n"
    assert (course / "workbook" / "00-a" / "a.ipynb").is_file()
    assert lab.page == "/lab/tree/course/00-a.ipynb"
    opened = json.loads(lab("/api/contents/course/00-a.ipynb"))["content"]
    assert [cell["metadata"]["trusted"] for cell in opened["cells"]] == [True, True]
    settings = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', lab("/lab"), re.DOTALL)
    settings = json.loads(settings[1])
    assert settings["news"] == {"disabled": True}
    assert settings["extensionManager"]["can_install"] is False
    assert json.loads(lab("/lab/api/update")) == {"notification": None}
    # nbgrader found the course from where JupyterLab was started.
    assert json.loads(lab("/formgrader/api/assignments")) == []


def refusal(capsys, *arguments):
    """Return the exit code and the one line that the command says when it refuses."""
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    (line,) = capsys.readouterr().err.splitlines()
    return stopped.value.code, line


def test_a_port_in_use_is_refused_before_anything_is_copied(capsys, tmp_path):
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "course").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code, line = refusal(capsys, "lab", "--port", str(port), "--dir", str(tmp_path))
    assert code == 1
    assert line == (
        f"Port {port} cannot be used ({os.strerror(errno.EADDRINUSE)}): choose another one, "
        "or leave --port away and a free one is taken."
    )
    assert not (tmp_path / "workbook").exists()


def test_a_port_that_nobody_uses_is_not_refused():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    cli.refuse_port_in_use(port)


def test_a_jupyter_that_cannot_write_is_said_in_one_sentence(capsys, course, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "file" / "below"))
    code, line = refusal(capsys, "lab", "--dir", str(course))
    assert code == 1
    assert re.fullmatch(
        r"Jupyter cannot write in its own folder \(.*file/below\): "
        r"set JUPYTER_DATA_DIR to a folder of yours and start again\.",
        line,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["lba"], 2, "No such command 'lba'. Did you mean 'lab'? See `downhill --help`."),
        (["lab", "--porto", "1"], 2, "No such option: --porto"),
        (["lab", "--port", "eighty"], 2, "Invalid value for '--port'"),
        (
            ["lab", "--dir", "no-course"],
            1,
            "There is no course in no-course: run this in the folder you cloned",
        ),
        (["course", "77-nothing"], 1, "No lesson is named 77-nothing; there are: 00-start-here"),
    ],
)
def test_wrong_usage_gets_one_sentence(capsys, arguments, code, sentence):
    found, line = refusal(capsys, *arguments)
    assert found == code
    assert line.startswith(sentence)


def test_the_command_alone_shows_what_it_can_do(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([])
    assert not stopped.value.code
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("lab", "course", "release"))


def test_the_course_is_found_from_anywhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert cli.course_folder(None) == ROOT


def test_the_first_page_is_the_index_and_else_the_first_lesson(tmp_path):
    (tmp_path / "course").mkdir()
    assert cli.first_page(tmp_path) == "course"
    for name in ("01-b.ipynb", "00-a.ipynb", "notes.ipynb"):
        (tmp_path / "course" / name).touch()
    assert cli.first_page(tmp_path) == "course/00-a.ipynb"
    (tmp_path / "course" / "index.md").touch()
    assert cli.first_page(tmp_path) == "course/index.md"
