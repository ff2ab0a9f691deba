"""What we put together by hand is what nbformat would have made, and as valid."""

import nbformat
import pytest
from nbformat import v4

from helpers.grading import cells

DATA = {
    "text/plain": "a\nb",
    "text/html": "<b>ü</b>\n",
    "image/png": "iVBOR\nw0=",
    "image/svg+xml": "<svg/>\n",
}


def full():
    """Return a notebook with every kind of cell and output."""
    ran = cells.code_cell('print("é\u2028")\n\n1', "ran", {"nbgrader": {"grade_id": "x", "points": 1.5}})
    ran.outputs = [
        nbformat.from_dict({"output_type": "stream", "name": "stdout", "text": "a\n\tb\x00\n"}),
        cells.result(DATA),
        cells.display({**DATA, "application/json": {"a": [1, None, {}], "b": []}}),
        cells.error("E", 'of "it"', ["line 1", "\x1b[31mline 2"]),
    ]
    made = cells.notebook(
        [cells.markdown_cell("# A\n\ntext", "m"), ran, cells.raw_cell("", "r"), cells.code_cell("", "c")]
    )
    made.metadata["downhill"] = nbformat.from_dict({"facts": {"zwei": 2, "eins": [True, 1e-9]}})
    return made


def test_it_is_valid():
    nbformat.validate(full(), relax_add_props=False)


def test_it_is_written_as_nbformat_writes_it():
    assert cells.written(full()) == nbformat.writes(full(), version=4) + "\n"
    assert nbformat.reads(cells.written(full()), as_version=4) == full()


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_a_cell_is_the_one_that_nbformat_makes(kind):
    makers = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
    tags = {"tags": ["t"]}
    assert cells.MAKE[kind]("x = 1", id="one", metadata=tags) == makers[kind](
        "x = 1", id="one", metadata=tags
    )


def test_outputs_are_those_that_nbformat_makes():
    assert cells.result(DATA) == v4.new_output("execute_result", data=DATA)
    assert cells.display(DATA) == v4.new_output("display_data", data=DATA)
    assert cells.error("E", "v", ["t"]) == v4.new_output("error", ename="E", evalue="v", traceback=["t"])
    assert cells.notebook() == v4.new_notebook()
