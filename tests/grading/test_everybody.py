"""Plain nbgrader and the formgrader: nobody is passed over, and nobody's folder stops a class."""

import datetime
import errno
import json
import os
import urllib.request

import pytest

from helpers.grading import submissions
from helpers.grading.parcel import read_plain
from helpers.grading.timestamps import MOST_BYTES, moment, moment_of
from tests.browser.jupyterlab import running_lab
from tests.grading.classroom import ASSIGNMENT, FULL, NOTEBOOK, cell

TEST = "gradient-step"
NOT_HANDED_IN = "The notebook was not handed in."
NO_DATES = {
    "words": b"yesterday evening",
    "no-text": b"yesterday \xff evening",
    "nothing": b"",
    "beyond-numbers": b"99999999999999999999123456785h",
    "too-far": b"9999999999999999999999",
    "first-day": b"0001-01-01 00:00:00 UTC",
    "last-day": b"9999-12-31 23:59:59 UTC",
    "zone-is-a-file": b"2026-11-02 18:00:00 /etc/hostname",
    "zone-is-a-file-too": b"2026-11-02 18:00:00 :/etc/hostname",
    "zone-climbs": b"2026-11-02 18:00:00 ../../../etc/hostname",
    "endless": b"1" * (MOST_BYTES + 1),
}


@pytest.fixture
def room(founded, tmp_path):
    """Return a course with one student who handed in everything and one who handed in a folder without a notebook."""
    room = founded.copied(tmp_path / "course")
    room.hand_in("ada", room.notebook())
    (room.hand_in("bob", room.notebook()) / f"{NOTEBOOK}.ipynb").unlink()
    return room


def card(room, student: str) -> str:
    """Return what the card of one test says in a student's graded notebook."""
    return "".join(cell(room.graded(student), TEST)["outputs"][0]["data"]["text/html"])


@pytest.mark.parametrize(
    "arguments",
    [(), ("--student", "bob"), ("--student", "bob", "--notebook", NOTEBOOK), ("--notebook", "step-*")],
    ids=["the class", "one student", "one student and notebook", "some notebooks"],
)
def test_a_missing_notebook_is_a_zero_with_the_reason_whoever_is_asked_for(room, arguments):
    said = room.nbgrader("autograde", ASSIGNMENT, *arguments)
    assert "No notebooks were matched" not in said
    assert room.totals() == {"bob": 0} if "bob" in arguments else {"ada": FULL, "bob": 0}
    assert NOT_HANDED_IN in card(room, "bob")
    assert room.graded("bob")["metadata"]["downhill"]["unreadable"] == NOT_HANDED_IN


@pytest.mark.parametrize(
    "arguments",
    [
        (ASSIGNMENT, "--student", "nobody"),
        (ASSIGNMENT, "--notebook", "another"),
        ("never-heard-of",),
        ("not-released",),
    ],
)
def test_what_nobody_was_asked_to_hand_in_is_still_refused(room, arguments):
    (room.folder / "submitted" / "ada" / "not-released").mkdir()
    assert "No notebooks were matched" in room.nbgrader("autograde", *arguments, expect=1)
    assert room.totals() == {}


def test_a_notebook_that_comes_later_takes_the_place_of_the_zero(room):
    room.nbgrader("autograde", ASSIGNMENT, "--student", "bob")
    room.hand_in("bob", room.notebook())
    room.nbgrader("autograde", ASSIGNMENT, "--student", "bob", "--force")
    assert room.totals() == {"bob": FULL}


def test_a_student_whose_name_begins_with_a_dot_is_graded_with_the_class(room):
    room.hand_in(".zoe", room.notebook())
    room.nbgrader("autograde", ASSIGNMENT)
    assert room.totals() == {".zoe": FULL, "ada": FULL, "bob": 0}


def test_what_lies_in_the_place_of_a_notebook_or_folder_is_a_zero_and_nothing_of_it_is_kept(room):
    source = room.folder / "source" / ASSIGNMENT
    (source.parent / "notes.txt").write_text("for the exam")
    places = {
        student: room.folder / "submitted" / student / ASSIGNMENT for student in ("cem", "dua", "eve", "fay")
    }
    for student in ("cem", "dua", "eve"):
        places[student].mkdir(parents=True)
    (places["cem"] / f"{NOTEBOOK}.ipynb").symlink_to("gone")
    (places["dua"] / f"{NOTEBOOK}.ipynb").mkdir()
    os.mkfifo(places["eve"] / f"{NOTEBOOK}.ipynb")
    (room.folder / "exam").mkdir()
    (room.folder / "exam" / "questions.txt").write_text("for the exam")
    (room.folder / "exam" / f"{NOTEBOOK}.ipynb").write_text(json.dumps(room.notebook()))
    places["fay"].parent.mkdir()
    places["fay"].symlink_to(room.folder / "exam")
    room.nbgrader("autograde", ASSIGNMENT)
    assert room.totals() == {"ada": FULL, "bob": 0, "cem": 0, "dua": 0, "eve": 0, "fay": 0}
    for student in places:
        assert "is a link, a device" in card(room, student)
    assert not list((room.folder / "autograded").rglob("questions.txt"))


def test_of_the_files_beside_a_notebook_plain_ones_are_copied_and_nothing_else_is_touched(room):
    place = room.hand_in("ada", room.notebook(), **{"data__csv": "1,2"})
    (place / "more" / "__pycache__").mkdir(parents=True)
    for name in ("more/data.csv", "more/Untitled.ipynb", "more/__pycache__/x.py"):
        (place / name).write_text("3,4")
    (place / "gone").symlink_to("nowhere")
    (place / "exam").symlink_to(room.folder / "source")
    (place / "exam.csv").symlink_to(room.folder / "nbgrader_config.py")
    os.mkfifo(place / "pipe")
    room.nbgrader("autograde", ASSIGNMENT, "--student", "ada")
    said = room.nbgrader("autograde", ASSIGNMENT, "--student", "ada", "--notebook", NOTEBOOK, "--force")
    assert room.totals() == {"ada": FULL}
    kept = room.folder / "autograded" / "ada" / ASSIGNMENT
    files = {str(path.relative_to(kept)) for path in kept.rglob("*") if path.is_file()}
    assert files == {"data.csv", "more/data.csv", f"{NOTEBOOK}.ipynb"}
    assert (kept / "more" / "data.csv").read_text() == "3,4"
    for name in ("gone", "exam", "exam.csv", "pipe"):
        assert f"{name} is a link or a device and was left out" in said


def test_a_file_that_cannot_be_read_is_left_out_and_the_others_are_taken(tmp_path, monkeypatch):
    def as_a_user_who_may_not(path, at_most):
        if path.name == "closed.txt":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read_plain(path, at_most)

    for name in ("closed.txt", "open.txt"):
        (tmp_path / name).write_text("text")
    monkeypatch.setattr(submissions, "read_plain", as_a_user_who_may_not)  # root may read everything
    found = submissions.from_folder("ada", tmp_path)
    assert found.files == {"open.txt": b"text"}
    assert found.left_out == ("closed.txt cannot be read (Permission denied)",)


@pytest.mark.parametrize("content", NO_DATES.values(), ids=NO_DATES)
def test_a_timestamp_that_says_no_date_counts_as_none(content):
    assert moment(content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"2026-11-02 18:00:00.5 UTC\n",
        b"\xef\xbb\xbf2026-11-02 18:00:00.5",
        b"2026-11-02T13:00:00.5-05:00",
    ],
)
def test_a_timestamp_is_read_as_nbgrader_and_others_write_it(content):
    assert moment(content) == datetime.datetime(2026, 11, 2, 18, 0, 0, 500_000)


def test_a_timestamp_that_is_a_link_or_no_file_is_none_and_nobody_waits_for_it(tmp_path):
    (tmp_path / "date.txt").write_text("2026-11-02 18:00:00 UTC")
    for make in (
        lambda path: path.symlink_to(tmp_path / "date.txt"),
        lambda path: path.symlink_to("/dev/zero"),
        os.mkdir,
        os.mkfifo,
    ):
        folder = tmp_path / f"folder-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        make(folder / "timestamp.txt")
        assert moment_of(folder) is None
    assert moment_of(tmp_path) is None


def test_formgrader_lists_and_grades_those_without_a_date_and_without_a_notebook(room, tmp_path):
    for student, content in NO_DATES.items():
        (room.hand_in(student, b"{}") / "timestamp.txt").write_bytes(content)
    (room.folder / "submitted" / "ada" / ASSIGNMENT / "timestamp.txt").write_text("2026-11-02 18:00:00 UTC")
    config = room.folder / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.NbGraderAPI.timezone = "America/New_York"\n')
    graded = ("bob", "words", "beyond-numbers")
    with running_lab(tmp_path / "lab", root=room.folder, started_in=room.folder) as lab:

        def ask(path, method="GET"):
            address = f"{lab.url}/formgrader/api/{path}"
            request = urllib.request.Request(
                address, method=method, headers={"Authorization": f"token {lab.token}"}
            )
            with urllib.request.urlopen(request, timeout=120) as answer:
                assert answer.status == 200
                return json.load(answer)

        before = {line["student"]: line for line in ask(f"submissions/{ASSIGNMENT}")}
        done = {student: ask(f"submission/{ASSIGNMENT}/{student}/autograde", "POST") for student in graded}
        after = {line["student"]: line for line in ask(f"submissions/{ASSIGNMENT}")}
    assert set(before) == set(after) == {"ada", "bob", *NO_DATES}
    assert {line["timestamp"] for name, line in before.items() if name != "ada"} == {None}
    assert before["ada"]["display_timestamp"] == "2026-11-02 13:00:00 EST"
    assert all(result["success"] for result in done.values()), done
    assert [student for student, line in after.items() if line["autograded"]] == sorted(graded)
    assert room.totals() == dict.fromkeys(sorted(graded), 0)
    assert NOT_HANDED_IN in card(room, "bob")
