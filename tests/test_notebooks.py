"""Notebooks have one form in git, and a lesson that is run is written in it."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.errors import DownhillError
from helpers.notebook_rules import problems_of
from helpers.notebooks import (
    COURSE,
    KINDS,
    RELEASE,
    SETUP,
    SETUP_ID,
    SOURCE,
    WIDGET_VIEW,
    execute,
    is_named,
    normalise,
    read,
    write,
    written,
)

PNG = "iVBORw0KGgo="


# --- the canonical form ---------------------------------------------------------------------------


def code(source="x = 1", cell_id="x-is-one", outputs=(), count=None, **metadata):
    """Return a code cell."""
    return new_code_cell(source, id=cell_id, outputs=list(outputs), execution_count=count, metadata=metadata)


def only_cell(cell, kind):
    """Return the canonical form of one cell."""
    return normalise(new_notebook(cells=[cell]), kind).cells[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_is_reached_at_once(kind):
    cells = [
        code(outputs=[new_output("stream", text="1\n")], count=7, scrolled=True),
        new_markdown_cell("## A"),
    ]
    once = normalise(new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), kind)
    assert written(normalise(once, kind)) == written(once)


def test_the_form_is_what_nbformat_itself_writes(tmp_path):
    notebook = normalise(new_notebook(cells=[code()]), SOURCE)
    write(notebook, tmp_path / "ours.ipynb")
    nbformat.validate(notebook)
    nbformat.write(notebook, tmp_path / "theirs.ipynb")
    assert (tmp_path / "ours.ipynb").read_bytes() == (tmp_path / "theirs.ipynb").read_bytes()


def test_metadata_is_what_means_something():
    cell = code(tags=["hide-input"], nbgrader={"grade": True}, editable=False, collapsed=True)
    metadata = {
        "jupytext": {},
        "widgets": {},
        "language_info": {"name": "python"},
        "kernelspec": {"name": "x", "display_name": "X"},
    }
    notebook = normalise(new_notebook(cells=[cell], metadata=metadata), SOURCE)
    assert notebook.cells[0].metadata == {"tags": ["hide-input"], "nbgrader": {"grade": True}}
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }


def test_a_release_keeps_the_locks_of_nbgrader_and_a_lesson_nothing_of_it():
    cell = code(nbgrader={"grade": True}, editable=False, deletable=False)
    assert set(only_cell(cell, RELEASE).metadata) == {"nbgrader", "editable", "deletable"}
    assert only_cell(cell, COURSE).metadata == {}


@pytest.mark.parametrize("kind", [SOURCE, RELEASE])
def test_assignments_carry_no_outputs_and_no_numbers(kind):
    cell = only_cell(code(outputs=[new_output("stream", text="1\n")], count=3), kind)
    assert cell.outputs == []
    assert cell.execution_count is None


def test_the_cells_of_a_lesson_that_ran_are_numbered_in_order():
    result = new_output("execute_result", data={"text/plain": "1"}, execution_count=12)
    cells = [
        code(cell_id="a", outputs=[result], count=12),
        code("", cell_id="b"),
        code(cell_id="c", count=31),
    ]
    tidy = normalise(new_notebook(cells=cells), COURSE)
    assert [cell.execution_count for cell in tidy.cells] == [1, None, 2]
    assert tidy.cells[0].outputs[0].execution_count == 1


def test_widget_views_go_and_their_picture_and_text_stay():
    data = {WIDGET_VIEW: {"model_id": "1f"}, "image/png": PNG + "\n", "text/plain": "kappa = 3"}
    metadata = {"image/png": {"width": 400}, WIDGET_VIEW: {}}
    figure = new_output("display_data", data=data, metadata=metadata)
    bare = new_output("display_data", data={WIDGET_VIEW: {"model_id": "2f"}})
    (output,) = only_cell(code(outputs=[figure, bare], count=1), COURSE).outputs
    assert output.data == {"image/png": PNG, "text/plain": "kappa = 3"}
    assert output.metadata == {"image/png": {"width": 400}}


def test_a_stream_is_one_output_however_it_arrived():
    pieces = [new_output("stream", text=text) for text in ("a\n", "b\n")]
    (output,) = only_cell(code(outputs=pieces, count=1), COURSE).outputs
    assert output.text == "a\nb\n"


def test_an_error_that_is_meant_keeps_its_message_and_no_frames():
    frames = ["\x1b[31mZeroDivisionError\x1b[0m", "File /somewhere/x.py"]
    error = new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=frames)
    (output,) = only_cell(code(outputs=[error], count=1), COURSE).outputs
    assert output.traceback == ["ZeroDivisionError: division by zero"]


def test_an_author_given_id_stays():
    assert only_cell(code(cell_id="two-over-L"), SOURCE).id == "two-over-L"


def test_a_random_id_becomes_the_first_words_of_the_cell_and_stays():
    cells = [new_markdown_cell("## Too large a step", id=name) for name in ("8cf1f4a2", "0f3c9d1e-7a54-4c1b")]
    tidy = normalise(new_notebook(cells=cells), SOURCE)
    assert [cell.id for cell in tidy.cells] == ["too-large-a-step", "too-large-a-step-2"]
    assert normalise(tidy, SOURCE) == tidy


@pytest.mark.parametrize(
    ("source", "name"),
    [("", "code"), ("α = 0.1", "code"), ("abcdef01 = 2", "cell-abcdef01"), ("x" * 99, "x" * 60)],
)
def test_any_cell_can_be_named(source, name):
    cell = only_cell(code(source, cell_id="8cf1f4a2"), SOURCE)
    assert cell.id == name
    assert is_named(cell.id)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind must be one of course, source, release, got 'lesson'"):
        normalise(new_notebook(), "lesson")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nbformat": 3, "worksheets": []}'])
def test_a_file_that_is_no_notebook_is_refused_by_name(tmp_path, text):
    path = tmp_path / "broken.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DownhillError, match=r"broken\.ipynb is not a notebook"):
        read(path)


# --- running a lesson -----------------------------------------------------------------------------


def lesson(folder, *cells):
    """Write a lesson and return its path."""
    (folder / "course").mkdir(exist_ok=True)
    path = folder / "course" / "00-a-lesson.ipynb"
    write(normalise(new_notebook(cells=[code(SETUP, SETUP_ID), *cells]), COURSE), path)
    return path


def test_a_lesson_runs_in_its_folder_and_is_then_held_by_nbval(tmp_path):
    figure = "from IPython.display import display\n"
    figure += f"display({{'{WIDGET_VIEW}': {{'model_id': '1'}}, 'text/plain': 'a figure'}}, raw=True)"
    path = lesson(
        tmp_path,
        code("from pathlib import Path\nprint(Path.cwd().name)\n1 + 1", "folder"),
        code(figure, "figure"),
        code("1 / 0", "meant", tags=["raises-exception"]),
    )
    assert execute(path)
    first = path.read_bytes()
    assert [output.get("text") or output.data["text/plain"] for output in read(path).cells[1].outputs] == [
        "course\n",
        "2",
    ]
    assert problems_of(path) == []
    assert not execute(path)
    assert path.read_bytes() == first

    path.with_name("wrong.ipynb").write_bytes(first.replace(b'"2"', b'"3"'))
    nbval = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-q",
        "course",
    ]
    done = subprocess.run(nbval, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "wrong.ipynb::Cell 1" in done.stdout
    assert "1 failed, 7 passed" in done.stdout


def test_a_lesson_that_fails_names_the_cell_and_stays_as_it_was(tmp_path):
    path = lesson(tmp_path, code("1 / 0", "too-far"))
    before = path.read_bytes()
    with pytest.raises(
        DownhillError, match=r"00-a-lesson\.ipynb, cell 'too-far': ZeroDivisionError: division"
    ):
        execute(path)
    assert path.read_bytes() == before


def test_a_cell_without_an_end_is_named(tmp_path):
    path = lesson(tmp_path, code("while True: pass", "for-ever"))
    with pytest.raises(DownhillError, match=r"cell 'for-ever': the cell did not come to its end"):
        execute(path, timeout=1)
