"""An instructor's button in the real formgrader: one submission graded in the sandbox, by the judge."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import signed_in_page
from tests.browser.jupyterlab import running_lab
from tests.grading.classroom import ASSIGNMENT, Classroom, answered
from tests.requirements import need

# Wrong, and it says the opposite where somebody runs it unguarded.
WRONG = "def gradient_step(grad, x, alpha):\n    return x\nget_ipython().displayhook(12.0)"
POINTS = "11 / 12"


@pytest.fixture
def course(tmp_path):
    """Return a course with two submissions, not graded yet."""
    need("bwrap")
    room = Classroom.founded(tmp_path / "course", tmp_path / "package")
    for student in ("ada", "bob"):
        room.hand_in(student, answered(room.notebook(), gradient_step_code=WRONG))
    return room


def test_the_autograde_button_grades_one_submission_and_shows_its_score(browser, course, tmp_path):
    with (
        running_lab(tmp_path / "lab", root=course.folder, started_in=course.folder) as lab,
        signed_in_page(browser, lab) as page,
    ):
        page.goto(f"{lab.url}/formgrader/manage_submissions/{ASSIGNMENT}")
        ada, bob = (page.locator("#main-table tr").filter(has_text=student) for student in ("ada", "bob"))
        expect(ada.locator(".status")).to_have_text("needs autograding")
        ada.locator(".autograde a").click()
        expect(page.locator("#success-modal")).to_contain_text("Successfully autograded")
        expect(ada.locator(".score")).to_have_text(POINTS)
        expect(ada.locator(".status")).to_have_text("graded")
        expect(bob.locator(".status")).to_have_text("needs autograding")
        assert page.console_errors == []
    assert course.totals() == {"ada": 11.0}
    verdicts = course.graded("ada")["metadata"]["downhill"]["verdicts"]
    assert verdicts["gradient-step"]["points"] == 0.0
    assert verdicts["gradient-step"]["attempted"] is True
