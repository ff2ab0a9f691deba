"""Any bytes in, a notebook in the released form out: questions to the reading and the repair."""

import copy
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.grading.preprocessing import restored, submitted
from helpers.grading.reading import Unreadable, read
from helpers.grading.table import NotebookTable, TrustedCell, question

CELLS = (
    TrustedCell("title", "markdown", "# Title", "c0", True, False, False, False, None),
    TrustedCell("answer", "code", "raise NotImplementedError", "c1", False, False, True, False, None),
    TrustedCell("test", "code", 'check("gradient-step", gradient_step)', "c2", True, True, False, False, 2.0),
    TrustedCell("essay", "markdown", "*Your answer*", "c3", False, True, True, False, 3.0),
)
TABLE = NotebookTable("n", {"name": "python3", "display_name": "Python 3", "language": "python"}, CELLS)


def notebook(*names):
    """Return a notebook with these cells of the table, or with own code where the name is not one."""
    cells = []
    for number, name in enumerate(names):
        trusted = TABLE.by_id.get(name)
        cell = {"cell_type": trusted.cell_type if trusted else "code", "id": f"c{number}", "metadata": {}}
        cell["source"] = trusted.source if trusted else name
        if trusted:
            cell["metadata"]["nbgrader"] = trusted.metadata()
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        cells.append(cell)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def repaired(data):
    fixed = restored(submitted(json.dumps(data).encode() if isinstance(data, dict) else data), TABLE)
    nbformat.validate(fixed)
    return fixed


def order(fixed):
    """Return the ids of known cells and the sources of others, in order, without the note on top."""
    cells = [cell for cell in fixed.cells if cell.id != "downhill-note"]
    return [cell.metadata.get("nbgrader", {}).get("grade_id") or cell.source for cell in cells]


def test_what_is_in_order_stays_as_it_is():
    fixed = repaired(notebook("title", "own()", "answer", "test", "essay"))
    assert order(fixed) == ["title", "own()", "answer", "test", "essay"]
    assert fixed.metadata.downhill.repairs == []


@pytest.mark.parametrize(
    ("given_order", "wanted"),
    [
        (("title", "test", "answer", "essay"), ["title", "answer", "test", "essay"]),
        (("essay", "test", "answer", "title"), ["title", "answer", "test", "essay"]),
        (("title", "answer", "essay"), ["title", "answer", "test", "essay"]),
        (("own()",), ["title", "test", "essay", "own()"]),
        (("title", "title", "answer", "test", "test", "essay"), ["title", "answer", "test", "essay"]),
        (("title", "test", "own()", "answer", "essay"), ["title", "own()", "answer", "test", "essay"]),
    ],
)
def test_known_cells_come_once_and_in_the_released_order(given_order, wanted):
    fixed = repaired(notebook(*given_order))
    assert sorted(order(fixed)) == sorted(wanted)
    known = [name for name in order(fixed) if name in TABLE.by_id]
    assert known == [name for name in wanted if name in TABLE.by_id]
    assert fixed.metadata.downhill.repairs


def test_of_an_answer_that_was_split_both_parts_run_and_the_last_is_graded():
    data = notebook("title", "answer", "answer", "test", "essay")
    data["cells"][1]["source"], data["cells"][2]["source"] = "first = 1", "second = 2"
    fixed = repaired(data)
    assert order(fixed) == ["title", "first = 1", "answer", "test", "essay"]
    assert fixed.cells[3].source == "second = 2"


def test_an_untouched_copy_of_an_answer_does_not_hide_the_edited_one():
    data = notebook("title", "answer", "answer", "test", "essay")
    data["cells"][1]["source"] = "mine = 1"
    assert [cell.source for cell in repaired(data).cells].count("raise NotImplementedError") == 0


def test_locked_text_points_type_and_tags_are_restored():
    data = notebook("title", "answer", "test", "essay")
    data["cells"][2] = {
        "cell_type": "markdown",
        "id": "x",
        "source": "2.0",
        "metadata": data["cells"][2]["metadata"],
    }
    data["cells"][2]["metadata"]["tags"] = ["skip-execution"]
    data["cells"][2]["metadata"]["nbgrader"]["points"] = 50
    fixed = repaired(data)
    test = next(cell for cell in fixed.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "test")
    assert (test.cell_type, test.source, test.metadata.nbgrader.points) == ("code", CELLS[2].source, 2.0)
    assert "tags" not in test.metadata
    assert len(fixed.metadata.downhill.repairs) == 4


def test_outputs_forged_beforehand_are_gone():
    data = notebook("title", "answer", "test", "essay")
    data["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    assert all(cell.outputs == [] for cell in repaired(data).cells if cell.cell_type == "code")


def test_a_deleted_answer_is_not_replaced_by_its_stub():
    data = notebook("title", "def gradient_step(): ...", "test", "essay")
    assert "raise NotImplementedError" not in [cell.source for cell in repaired(data).cells]


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda parts: (
            st.lists(parts, max_size=3)
            | st.dictionaries(
                st.sampled_from(["cells", "metadata", "source", "cell_type", "id", "nbgrader", "tags"]), parts
            )
        ),
        max_leaves=12,
    ).map(lambda data: json.dumps(data).encode())
)
def test_no_bytes_whatever_stop_the_repair(content):
    assert next(name for name in order(repaired(content)) if name in TABLE.by_id) == "title"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "single value"),
        (b"{}", "no list of cells"),
        (json.dumps({"cells": [{}] * 3000}).encode(), "more than 2000 cells"),
        (b" " * (64 * 2**20 + 1), "larger than 64 MiB"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(content, reason):
    with pytest.raises(Unreadable, match=reason):
        read(content)


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ('check("gradient-step", gradient_step)', True),
        ('from helpers.check import check\ncheck("gradient-step", gradient_step)', True),
        ('assert True\ncheck("gradient-step", gradient_step)', True),
        ('check("gradient-step", lambda x: x)', False),
        ('check("gradient-step", gradient_step, seed=1)', False),
        ('report = check("gradient-step", gradient_step)', False),
        ("assert gradient_step", False),
        ("%magic", False),
    ],
)
def test_only_a_check_in_the_last_line_is_the_judges(source, asked):
    assert (question(CELLS[2].__class__(**{**CELLS[2].__dict__, "source": source})) is not None) == asked


def test_a_table_survives_the_way_to_a_worker():
    assert NotebookTable.from_json(json.loads(json.dumps(copy.deepcopy(TABLE.as_json())))) == TABLE
