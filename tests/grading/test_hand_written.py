"""Tests that an instructor wrote run inside the sandbox, and feedback shows what it may."""

import json
import re

import pytest

from tests.grading.classroom import answered, code

OUT_OF_REACH = "def double(x):\n    import os\n    os._exit(0)"
ANSWERS = {  # student: (code, points of open-test, partial-test and hidden-test)
    "right": ("def double(x):\n    return 2 * x", (2, 1.5, 1)),
    "half": ("def double(x):\n    return 2", (0, 1.0, 0)),
    "guessed": ("def double(x):\n    return {1: 2, 2: 4}.get(x)", (2, 1.5, 0)),
    "noisy": ("import sys\ndef double(x):\n    print('hm', x, file=sys.stderr)\n    return 2 * x", (2, 1.5, 1)),
    "leaves": ("def double(x):\n    raise SystemExit", (0, 0, 0)),
    "kills": (OUT_OF_REACH, (0, 0, 0)),
    "hooked": ("import sys\nsys.displayhook = lambda v: None\nget_ipython().run_cell = lambda *a, **k: None", (0, 0, 0)),
    "asserts-removed": (
        "import ast\nclass Remove(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Remove())\ndef double(x): return 0",
        (0, 0, 0),
    ),
    "overpaid": ("class Big(float):\n    __rmul__ = __add__ = __radd__ = __mul__ = lambda *_: 99\n"
                 "class Yes:\n    __eq__ = lambda *_: Big(99)\ndef double(x): return Yes()", None),
}  # fmt: skip
SCRIPT = "<script>alert(1)</script>"
WRITTEN = f"My slopes {SCRIPT} <img src=x onerror=alert(2)> [go](javascript:alert(3))"


@pytest.fixture(scope="module")
def room(founded, tmp_path_factory):
    """Return a class that answered the hand-written assignment, graded by nbgrader, with feedback."""
    room = founded.copied(tmp_path_factory.mktemp("by-hand") / "course")
    release = room.notebook("release", "by-hand", "by-hand")
    for student, (answer, _) in ANSWERS.items():
        notebook = answered(release, answer=answer, essay=WRITTEN)
        shown = (
            f"from IPython.display import HTML, Javascript, display\nprint({SCRIPT!r})\n"
            f"display(HTML({SCRIPT!r} + '<b>bold</b>'), Javascript('alert(4)'))"
        )
        raw = {"cell_type": "raw", "id": "raw", "source": SCRIPT, "metadata": {"raw_mimetype": "text/html"}}
        notebook["cells"] += [code(shown), raw]
        room.hand_in(student, notebook, assignment="by-hand", name="by-hand")
    room.nbgrader("autograde", "by-hand")
    room.nbgrader("generate_feedback", "by-hand")
    return room


@pytest.mark.parametrize("student", [student for student, (_, points) in ANSWERS.items() if points])
def test_each_test_earns_what_it_proved(room, student):
    scores = room.scores("by-hand")[student]
    assert tuple(scores[name] for name in ("open-test", "partial-test", "hidden-test")) == ANSWERS[student][1]


def test_no_test_is_worth_more_than_its_points(room):
    scores = room.scores("by-hand")["overpaid"]
    assert scores["open-test"] <= 2
    assert scores["partial-test"] == 0


def test_a_written_answer_waits_for_a_person(room):
    assert room.scores("by-hand")["right"]["essay"] is None


def feedback(room, student):
    return (room.folder / "feedback" / student / "by-hand" / "by-hand.html").read_text()


def body(room, student):
    return feedback(room, student).split("<body>", 1)[1]


def test_no_script_of_a_student_is_in_the_feedback(room):
    page = body(room, "right")
    assert "<script>alert" not in page
    assert not re.search(r"<[^>]*\son\w+\s*=", page)
    assert "javascript:" not in page.lower()
    assert not any("alert" in script for script in re.findall(r"<script.*?</script>", page, re.DOTALL))
    assert "<b>bold</b>" in page


def test_printed_text_is_shown_as_text(room):
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body(room, "right")


def test_hidden_tests_and_what_they_say_are_not_in_the_feedback(room):
    for student in ("right", "guessed", "noisy"):
        page = feedback(room, student)
        assert "the secret" not in page
        assert "HIDDEN" not in page
        assert "21" not in re.sub(r"<[^>]*>", "", body(room, student))
    assert "0 of 1 points" in body(room, "guessed")


def test_the_instructors_own_copy_still_has_them(room):
    assert "the secret" in json.dumps(room.graded("guessed", "by-hand", "by-hand"))


def test_the_export_has_no_formulas(room):
    with room.gradebook() as gradebook:
        gradebook.update_or_create_student("right", first_name='=HYPERLINK("x","y")', last_name="O'Neill, A")
    room.nbgrader("export")
    lines = (room.folder / "grades.csv").read_text().splitlines()
    line = next(line for line in lines if line.startswith("by-hand") and ",right," in line)
    assert '"O\'Neill, A","\'=HYPERLINK(""x"",""y"")"' in line
    assert line.endswith(",4.5,0.0,4.5,7.5")
