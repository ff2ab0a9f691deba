"""`downhill grade`: only what is new, nothing twice, nothing stale, whatever happens in between."""

import datetime
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from nbgrader.api import Gradebook

from helpers.grading.seeds import course_secret
from tests.grading.classroom import ASSIGNMENT, FULL, NOTEBOOK, Classroom, answered

WRONG = "def gradient_step(grad, x, alpha):\n    return x"
STUDENTS = ("ada", "bob", "cem", "dua")


@pytest.fixture(scope="module")
def small_class(founded, tmp_path_factory):
    """Return a course with four submissions, not graded yet."""
    room = founded.copied(tmp_path_factory.mktemp("small") / "course")
    course_secret(room.folder / ".downhill")
    for number, student in enumerate(STUDENTS):
        notebook = room.notebook("release" if number == 3 else "source")
        room.hand_in(student, answered(notebook, gradient_step_code=WRONG) if number == 1 else notebook)
    return room


@pytest.fixture(scope="module")
def undisturbed(small_class, tmp_path_factory):
    """Return the small class, graded in one go by one worker."""
    room = small_class.copied(tmp_path_factory.mktemp("undisturbed") / "course")
    room.report = room.grade("--workers", "1")
    return room


def audit(room: Classroom) -> list[dict]:
    lines = (room.folder / ".downhill" / f"{ASSIGNMENT}.audit.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def contents(room: Classroom) -> dict[str, bytes]:
    files = sorted((room.folder / "autograded").rglob("*"))
    return {str(path.relative_to(room.folder)): path.read_bytes() for path in files if path.is_file()}


def states(report: dict) -> dict[str, str]:
    return {line["student"]: line["state"] for line in report["students"]}


def test_everybody_is_graded_with_one_audit_line_each(undisturbed):
    assert undisturbed.totals() == {"ada": FULL, "bob": FULL - 1, "cem": FULL, "dua": 0}
    assert sorted(entry["student"] for entry in audit(undisturbed)) == list(STUDENTS)


def test_a_second_run_grades_nothing(undisturbed, tmp_path):
    room = undisturbed.copied(tmp_path / "course")
    before = contents(room)
    assert set(states(room.grade()).values()) == {"kept"}
    assert contents(room) == before
    assert len(audit(room)) == len(STUDENTS)


def test_only_the_resubmission_is_graded_again_and_keeps_no_stale_points(undisturbed, tmp_path):
    room = undisturbed.copied(tmp_path / "course")
    room.hand_in("ada", answered(room.notebook(), gradient_step_code=WRONG))
    assert states(room.grade("--workers", "1")) == {
        "ada": "graded",
        "bob": "kept",
        "cem": "kept",
        "dua": "kept",
    }
    assert room.totals()["ada"] == FULL - 1


def test_what_somebody_changed_in_gradebook_or_folder_is_graded_again(undisturbed, tmp_path):
    room = undisturbed.copied(tmp_path / "course")
    with room.gradebook() as gradebook:
        gradebook.find_grade("gradient-step", NOTEBOOK, ASSIGNMENT, "dua").auto_score = 1.0
        gradebook.db.commit()
    graded = room.folder / "autograded" / "cem" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    graded.chmod(0o644)
    graded.write_bytes(graded.read_bytes() + b"\n")
    assert states(room.grade("--workers", "1")) == {
        "ada": "kept",
        "bob": "kept",
        "cem": "graded",
        "dua": "graded",
    }
    assert room.scores() == undisturbed.scores()


def test_two_workers_give_the_scores_and_notebooks_of_one(small_class, undisturbed, tmp_path):
    room = small_class.copied(tmp_path / "course")
    room.grade("--workers", "2")
    assert room.scores() == undisturbed.scores()
    assert without_times(contents(room)) == without_times(contents(undisturbed))


def without_times(files: dict[str, bytes]) -> dict[str, object]:
    """Return graded notebooks without what differs from run to run: nothing does."""
    return {name: json.loads(content) for name, content in files.items()}


@pytest.fixture
def scheduler(founded, tmp_path):
    """Start a dask scheduler and one worker, in another folder than the course, and return its address."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    address = place / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(founded.package)}
    options = ["--scheduler-file", str(address), "--no-dashboard"]
    commands = [
        ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *options],
        ["distributed.cli.dask_worker", "--nthreads", "1", "--host", "127.0.0.1", *options],
    ]
    processes = []
    try:
        for command in commands:
            with open(place / f"{len(processes)}.log", "wb") as log:
                processes.append(
                    subprocess.Popen(
                        [sys.executable, "-W", "ignore", "-m", *command],
                        cwd=place, env=environment, stdout=log, stderr=log,
                    )
                )  # fmt: skip
            wait_for(address.is_file, processes[0])
        wait_for(lambda: b"Registered to" in (place / "1.log").read_bytes(), processes[1])
        yield json.loads(address.read_text())["address"]
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(timeout=60)


def wait_for(condition, process: subprocess.Popen, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, f"it ended with {process.returncode} before that"
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_remote_worker_gives_the_same_scores(small_class, undisturbed, scheduler, tmp_path):
    room = small_class.copied(tmp_path / "course")
    room.grade("--scheduler", scheduler)
    assert room.scores() == undisturbed.scores()


@pytest.mark.parametrize("lines", [0, 1, 3])
def test_killed_anywhere_and_started_again_ends_as_if_undisturbed(small_class, undisturbed, tmp_path, lines):
    room = small_class.copied(tmp_path / "course")
    room.hand_in("ada", room.notebook())
    running = subprocess.Popen(
        [sys.executable, "-m", "helpers.cli", "grade", ASSIGNMENT, "--workers", "2"],
        cwd=room.folder, env={**os.environ, "PYTHONPATH": str(room.package)}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    log = room.folder / ".downhill" / f"{ASSIGNMENT}.audit.jsonl"
    # With no line yet: as soon as the first notebook is written, which is before the gradebook is.
    first = room.folder / "autograded"
    wait_for(log.exists, running)
    wait_for(lambda: len(audit(room)) >= lines and (lines or list(first.glob("*"))), running)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    room.grade("--workers", "1")
    assert room.scores() == undisturbed.scores()
    assert contents(room) == contents(undisturbed)
    last = {entry["student"]: entry["scores"] for entry in audit(room)}
    assert last == {entry["student"]: entry["scores"] for entry in audit(undisturbed)}


# As on a full disk, a file that grows beyond so many bytes meets a refusal.
FULL_DISK = (
    "import resource, sys; from helpers.cli import main; "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2); main()"
)


def test_on_a_full_disk_it_stops_with_a_sentence_and_goes_on_when_there_is_room(
    small_class, undisturbed, tmp_path
):
    room = small_class.copied(tmp_path / "course")
    room_left = min(map(len, contents(undisturbed).values())) // 2
    done = room.run("-c", FULL_DISK, str(room_left), "grade", ASSIGNMENT, "--workers", "1", expect=2)
    sentence = r"The .* could not be written \(.*\)\. .* run the same command again\."
    assert re.fullmatch(sentence, done.stderr.strip()), done.stderr
    assert len(audit(room)) < len(STUDENTS)
    room.grade("--workers", "1")
    assert room.scores() == undisturbed.scores()
    assert contents(room) == contents(undisturbed)
    assert sorted(entry["student"] for entry in audit(room)) == list(STUDENTS)


def test_what_a_gradebook_refuses_for_one_student_costs_nobody_a_grade(small_class, undisturbed, tmp_path):
    room = small_class.copied(tmp_path / "course")
    with room.gradebook() as gradebook, gradebook.engine.begin() as database:
        database.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON student WHEN NEW.id = 'cem' "
            "BEGIN SELECT RAISE(ABORT, 'there is no room'); END"
        )
    done = room.run("-m", "helpers.cli", "grade", ASSIGNMENT, "--workers", "1", expect=2)
    assert "The grade of cem could not be written" in done.stderr
    assert "there is no room" in done.stderr
    before = {entry["student"] for entry in audit(room)}
    assert "cem" not in before
    assert {student: room.scores()[student] for student in before} == {
        student: undisturbed.scores()[student] for student in before
    }
    with room.gradebook() as gradebook, gradebook.engine.begin() as database:
        database.exec_driver_sql("DROP TRIGGER full")
    again = states(room.grade("--workers", "1"))
    assert {student for student, state in again.items() if state == "kept"} == before
    assert room.scores() == undisturbed.scores()
    assert contents(room) == contents(undisturbed)


def test_a_torn_audit_line_costs_that_grade_only(undisturbed, tmp_path):
    room = undisturbed.copied(tmp_path / "course")
    log = room.folder / ".downhill" / f"{ASSIGNMENT}.audit.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) - 100])
    torn = json.loads(whole.splitlines()[-1])["student"]
    assert [s for s, state in states(room.grade("--workers", "1")).items() if state == "graded"] == [torn]
    assert room.scores() == undisturbed.scores()


def test_manual_grades_comments_and_extensions_survive_and_penalties_follow(small_class, tmp_path):
    room = small_class.copied(tmp_path / "course")
    late = "2026-01-02 00:00:00 UTC"
    for student in STUDENTS:
        room.hand_in(student, room.notebook(), timestamp__txt=late)
    config = room.folder / "nbgrader_config.py"
    (room.folder / "lateness.py").write_text(
        "from nbgrader.plugins import LateSubmissionPlugin\n"
        "class OnePoint(LateSubmissionPlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late): return 1.0\n"
    )
    config.write_text(
        config.read_text()
        + "import sys; sys.path.insert(0, c.CourseDirectory.root)\n"
        + "c.AssignLatePenalties.plugin_class = 'lateness.OnePoint'\n"
    )
    with room.gradebook() as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-01-01 00:00:00 UTC")
    room.grade("--workers", "1")
    with room.gradebook() as gradebook:
        found = gradebook.find_submission(ASSIGNMENT, "ada")
        assert (found.late_submission_penalty, found.total_seconds_late) == (1.0, 86400.0)
        gradebook.find_grade("gradient-step", NOTEBOOK, ASSIGNMENT, "ada").manual_score = 0.5
        gradebook.find_comment("gradient-step-code", NOTEBOOK, ASSIGNMENT, "ada").manual_comment = "well done"
        gradebook.db.commit()
        gradebook.grant_extension(ASSIGNMENT, "bob", days=2)
    room.hand_in("ada", answered(room.notebook(), gradient_step_code=WRONG))
    room.grade("--workers", "1")
    with room.gradebook() as gradebook:
        grade = gradebook.find_grade("gradient-step", NOTEBOOK, ASSIGNMENT, "ada")
        assert (grade.auto_score, grade.manual_score, grade.score, grade.needs_manual_grade) == (
            0,
            0.5,
            0.5,
            True,
        )
        comment = gradebook.find_comment("gradient-step-code", NOTEBOOK, ASSIGNMENT, "ada")
        assert comment.comment == "well done"
        bob = gradebook.find_submission(ASSIGNMENT, "bob")
        assert (bob.extension, bob.late_submission_penalty) == (datetime.timedelta(days=2), 0)
        assert gradebook.find_submission(ASSIGNMENT, "cem").late_submission_penalty == 1.0


def test_missing_notebooks_and_links_are_a_zero_and_the_class_goes_on(small_class, tmp_path):
    room = small_class.copied(tmp_path / "course")
    (room.folder / "submitted" / "bob" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").unlink()
    linked = room.folder / "submitted" / "cem" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    linked.unlink()
    linked.symlink_to(room.folder / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    report = room.grade("--workers", "1", expect=1)
    assert room.totals() == {"ada": FULL, "bob": 0, "cem": 0, "dua": 0}
    attention = {line["student"]: line["attention"] for line in report["students"]}
    assert attention["bob"] == [f"{NOTEBOOK} is missing"]
    assert attention["cem"] == [f"{NOTEBOOK} is missing", f"{NOTEBOOK}.ipynb is a link or a device"]


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        ("nothing-like-it", "Nobody has handed in"),
        ("not-released", "run `nbgrader generate_assignment not-released --force`"),
    ],
)
def test_what_cannot_be_graded_is_refused_with_a_sentence_and_code_2(
    small_class, tmp_path, assignment, sentence
):
    room = small_class.copied(tmp_path / "course")
    room.hand_in("ada", room.notebook(), assignment="not-released")
    assert sentence in room.grade(assignment=assignment, expect=2)["said"]


def test_the_command_it_names_puts_an_assignment_that_is_released_already_into_a_new_gradebook(
    small_class, tmp_path
):
    room = small_class.copied(tmp_path / "course")
    (room.folder / "gradebook.db").unlink()
    (command,) = re.findall("`nbgrader (.+)`", room.grade(expect=2)["said"])
    room.nbgrader(*command.split())
    assert states(room.grade("--student", "ada")) == {"ada": "graded"}


def test_without_bubblewrap_it_refuses_and_names_the_command_to_install_it(small_class, tmp_path):
    room = small_class.copied(tmp_path / "course")
    arguments = ("-m", "helpers.cli", "grade", ASSIGNMENT)
    empty = tmp_path / "no-programs"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=room.folder, capture_output=True, text=True, check=False,
        env={"PATH": str(empty), "PYTHONPATH": str(room.package), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "sudo apt install bubblewrap" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (room.folder / "autograded").exists()


def test_files_of_the_assignment_take_the_place_of_the_students(small_class, tmp_path):
    room = small_class.copied(tmp_path / "course")
    (room.folder / "source" / "by-hand" / "factor.txt").write_text("2")
    answer = "def double(x):\n    return int(open('factor.txt').read()) * x + int(open('own.txt').read())"
    notebook = answered(room.notebook("release", "by-hand", "by-hand"), answer=answer)
    room.hand_in("ada", notebook, assignment="by-hand", name="by-hand", factor__txt="3", own__txt="0")
    room.grade("--workers", "1", assignment="by-hand")
    assert room.scores("by-hand")["ada"]["hidden-test"] == 1
    kept = room.folder / "autograded" / "ada" / "by-hand"
    assert {path.name: path.read_text() for path in kept.glob("*.txt")} == {"factor.txt": "2", "own.txt": "0"}


def test_a_single_student_can_be_graded(small_class, tmp_path):
    room = small_class.copied(tmp_path / "course")
    room.grade("--student", "bob", "--workers", "1")
    assert list(room.totals()) == ["bob"]


def test_postgresql_holds_the_same_grades(small_class, undisturbed, tmp_path, postgresql):
    room = small_class.copied(tmp_path / "course")
    room.nbgrader("generate_assignment", ASSIGNMENT, "--force", f"--db={postgresql}")
    room.grade("--workers", "1", "--db", postgresql)
    with Gradebook(postgresql, "downhill") as gradebook:
        found = {s: gradebook.find_submission(ASSIGNMENT, s).score for s in STUDENTS}
    assert found == undisturbed.totals()
    assert set(states(room.grade("--db", postgresql)).values()) == {"kept"}
