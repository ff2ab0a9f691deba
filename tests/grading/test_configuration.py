"""A mistake in a configuration file: nothing is graded by other settings, and whoever made it is told where."""

import json
import shutil
import tomllib
import urllib.error
import urllib.request

import pytest

from helpers.errors import DownhillError
from helpers.grading.course import load
from tests.browser.jupyterlab import running_lab
from tests.grading.classroom import ASSIGNMENT, FULL, ROOT, Classroom, hand_written

FILE = "nbgrader_config.py"
MISTAKES = {"syntax": ("configure(c\n", "SyntaxError"), "import": ("import not_there\n", "not_there")}


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """Put what pyproject.toml has for Jupyter's configuration where Jupyter looks, as the set-up does."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    folder = tmp_path / "prefix" / "etc" / "jupyter"
    folder.mkdir(parents=True)
    for source, place in shared.items():
        if place.startswith("etc/jupyter/"):
            shutil.copy(ROOT / source, tmp_path / "prefix" / place)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(folder))


@pytest.fixture
def room(founded, tmp_path):
    """Return a course with one student."""
    room = founded.copied(tmp_path / "course")
    room.hand_in("ada", room.notebook())
    return room


def spoil(room: Classroom, mistake: str) -> bytes:
    """Write a mistake into a course's configuration and return the gradebook as it is."""
    with (room.folder / FILE).open("a") as file:
        file.write(mistake)
    return (room.folder / "gradebook.db").read_bytes()


def nothing_was_done(room: Classroom, gradebook: bytes) -> bool:
    return (room.folder / "gradebook.db").read_bytes() == gradebook and not any(
        (room.folder / "autograded").rglob("*")
    )


# --- nbgrader ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mistake", "word"), MISTAKES.values(), ids=MISTAKES)
@pytest.mark.parametrize(
    "arguments",
    [("autograde", ASSIGNMENT), ("generate_assignment", ASSIGNMENT, "--force")],
    ids=lambda arguments: arguments[0],
)
def test_nbgrader_stops_at_a_mistake_in_the_course_s_configuration(set_up, room, arguments, mistake, word):
    gradebook = spoil(room, mistake)
    said = room.nbgrader(*arguments, expect=1)
    assert FILE in said
    assert word in said
    assert nothing_was_done(room, gradebook)


def test_nbgrader_stops_wherever_it_is_started(set_up, room, tmp_path):
    gradebook = spoil(room, MISTAKES["import"][0])
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Classroom(tmp_path / "elsewhere", room.package)
    said = elsewhere.nbgrader("autograde", ASSIGNMENT, f"--course-dir={room.folder}", expect=1)
    assert "not_there" in said
    assert nothing_was_done(room, gradebook)


@pytest.mark.parametrize("place", ["of one's own", "named"])
def test_nbgrader_stops_at_a_mistake_in_another_configuration_file(
    set_up, room, tmp_path, monkeypatch, place
):
    own = tmp_path / "own"
    own.mkdir()
    (own / FILE).write_text("import not_there\n")
    gradebook = (room.folder / "gradebook.db").read_bytes()
    arguments = [f"--NbGrader.config_file={own / 'nbgrader_config'}"] if place == "named" else []
    if not arguments:
        monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(own))
    assert "not_there" in room.nbgrader("autograde", ASSIGNMENT, *arguments, expect=1)
    assert nothing_was_done(room, gradebook)


def test_another_course_of_the_same_environment_is_graded_as_stock_nbgrader_grades_it(set_up, room):
    (room.folder / FILE).write_text('c = get_config()\nc.CourseDirectory.course_id = "downhill"\n')
    room.hand_in("ada", json.dumps(hand_written()).encode(), "by-hand", "by-hand")
    room.nbgrader("autograde", "by-hand")
    assert room.totals("by-hand") == {"ada": 4.5}
    assert "downhill" not in room.graded("ada", "by-hand", "by-hand")["metadata"]


def test_a_python_without_the_course_does_not_grade_it(room):
    gradebook = (room.folder / "gradebook.db").read_bytes()
    shutil.copy(ROOT / FILE, room.folder)
    (room.folder / "helpers.py").touch()  # found before the course's own, as another package could be
    said = room.nbgrader("autograde", ASSIGNMENT, expect=1)
    assert "does not have the course" in said
    assert nothing_was_done(room, gradebook)


# --- formgrader -------------------------------------------------------------------------------------


def press(lab) -> tuple[int, dict]:
    """Press the button of ada's submission; return the status of the answer, and what it says."""
    request = urllib.request.Request(
        f"{lab.url}/formgrader/api/submission/{ASSIGNMENT}/ada/autograde",
        method="POST",
        headers={"Authorization": f"token {lab.token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, {}


def test_formgrader_grades_nothing_while_there_is_a_mistake(set_up, room, tmp_path):
    right = (room.folder / FILE).read_text()
    with running_lab(tmp_path / "lab", root=room.folder, started_in=room.folder) as lab:
        gradebook = spoil(room, MISTAKES["import"][0])
        assert press(lab) == (500, {})
        assert nothing_was_done(room, gradebook)
        (room.folder / FILE).write_text(right)
        status, result = press(lab)
    assert (status, result["success"]) == (200, True)
    assert room.totals() == {"ada": FULL}


def test_formgrader_does_not_open_where_there_is_a_mistake_and_jupyterlab_does(set_up, room, tmp_path):
    gradebook = spoil(room, MISTAKES["import"][0])
    with running_lab(tmp_path / "lab", root=room.folder, started_in=room.folder) as lab:
        assert press(lab) == (404, {})
    assert nothing_was_done(room, gradebook)


# --- downhill grade ---------------------------------------------------------------------------------


def test_downhill_grade_says_in_one_sentence_where_the_mistake_is(room):
    lines = len((room.folder / FILE).read_text().splitlines())
    gradebook = spoil(room, "import not_there\n")
    assert room.grade(expect=2)["said"] == (
        f"{room.folder / FILE}, line {lines + 1}, cannot be read (ModuleNotFoundError: "
        "No module named 'not_there'), so nothing was graded: correct that line and run this again.\n"
    )
    assert nothing_was_done(room, gradebook)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("c = 1\nconfigure(c\n", "{file}, line 2, cannot be read (SyntaxError: '(' was never closed), so"),
        ("import other\n", "{file}, line 1, cannot be read (SyntaxError: invalid syntax (other.py, line 1))"),
        ("def f():\n    return 1 / 0\nf()\n", "{file}, line 2, cannot be read (ZeroDivisionError: division"),
        ("raise SystemExit('not\\nhere')\n", "{file}, line 1, cannot be read (SystemExit: not here), so"),
        ("\0", "{file}"),  # whether a line is named depends on the Python
        ("c.CourseDirectory.root = 5\n", f"{FILE} gives nbgrader something it cannot take (The 'root' trait"),
    ],
    ids=["syntax", "syntax of a module", "inside a function", "it exits", "no text", "wrong type"],
)
def test_every_mistake_is_one_sentence(tmp_path, monkeypatch, text, sentence):
    (tmp_path / FILE).write_text(text)
    (tmp_path / "other.py").write_text("x y\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(DownhillError) as refusal:
        load(tmp_path)
    said = str(refusal.value)
    assert said.startswith(sentence.format(file=tmp_path / FILE))
    assert said.endswith("and run this again.")
    assert "\n" not in said
