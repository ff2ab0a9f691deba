"""The table of exercises in source/README.md is the one that `downhill exercises` writes."""

import re
from pathlib import Path

import pytest

from helpers import cli
from helpers.catalogue import BEGIN, END, bring_up_to_date, catalogue
from helpers.errors import DownhillError
from helpers.exercises import EXERCISES
from helpers.notebooks import read

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "source" / "README.md"
CHAPTERS = {exercise.chapter for exercise in EXERCISES.values()}
NUMBERS = [
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def test_page_is_what_the_command_writes():
    text = PAGE.read_text(encoding="utf-8")
    written = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert written == catalogue(EXERCISES.values()), (
        "source/README.md is behind the exercises: run `downhill exercises` (`make release` does it as well)"
    )


def rows(text):
    """The cells of each row, by exercise."""
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| **")]
    return {re.search(r"\*\*(.+?)\*\*", cells[0])[1]: [cell.strip() for cell in cells] for cells in lines}


def test_every_exercise_has_its_row():
    table = rows(catalogue(EXERCISES.values()))
    assert list(table) == list(EXERCISES)
    for name, (_, points, mistakes, answers) in table.items():
        found = EXERCISES[name]
        assert float(points) == found.points
        assert mistakes.replace("\\|", "|").split(": ", 1)[1].split("; ") == list(found.misconceptions)
        assert int(answers) == len(found.alternatives)


def test_chapters_come_in_order_and_once():
    headings = re.findall(r"^### (.+)$", catalogue(EXERCISES.values()), re.MULTILINE)
    assert headings == sorted(CHAPTERS)


def test_totals_add_up():
    text = catalogue(EXERCISES.values())
    of_chapters = re.findall(r"^Together: (\d+) exercises?, (\d+) points, (\d+) known", text, re.MULTILINE)
    whole = re.search(r"^In all: (\d+) exercises, (\d+) points, (\d+) known", text, re.MULTILINE).groups()
    assert [sum(map(int, column)) for column in zip(*of_chapters, strict=True)] == list(map(int, whole))


@pytest.fixture
def course(tmp_path):
    """A course with an empty page, for the command to fill."""
    (tmp_path / "course").mkdir()
    (tmp_path / "source").mkdir()
    (tmp_path / "nbgrader_config.py").write_text("")
    (tmp_path / "source" / "README.md").write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n")
    return tmp_path


def test_command_writes_between_the_markers_and_then_nothing_more(course, capsys):
    page = course / "source" / "README.md"
    for said in ("changed", "as it was"):
        with pytest.raises(SystemExit) as end:
            cli.main(["exercises", "--dir", str(course)])
        assert not end.value.code
        assert capsys.readouterr().out == f"source/README.md: {said}\n"
    text = page.read_text(encoding="utf-8")
    assert text == f"above\n{BEGIN}\n\n{catalogue(EXERCISES.values())}\n\n{END}\nbelow\n"


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_page_without_a_place_for_the_table_is_left_alone(tmp_path, text):
    page = tmp_path / "README.md"
    page.write_text(text)
    with pytest.raises(DownhillError, match="no place for the table"):
        bring_up_to_date(page, EXERCISES.values())
    assert page.read_text() == text


def test_page_that_is_missing_is_named(tmp_path):
    with pytest.raises(DownhillError, match=r"README\.md cannot be read"):
        bring_up_to_date(tmp_path / "README.md", EXERCISES.values())


@pytest.mark.parametrize("chapter", sorted(CHAPTERS & {path.name for path in (ROOT / "source").iterdir()}))
def test_assignment_announces_as_many_functions_and_points_as_it_has(chapter):
    those = [exercise for exercise in EXERCISES.values() if exercise.chapter == chapter]
    first = "".join(cell.source for cell in read(next((ROOT / "source" / chapter).glob("*.ipynb"))).cells[:2])
    count, points = re.search(r"(\w+) functions, (\d+) points", first).groups()
    assert NUMBERS.index(count.lower()) == len(those)
    assert int(points) == sum(exercise.points for exercise in those)
