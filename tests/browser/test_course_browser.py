"""A learner's evening in the real JupyterLab: the lesson, its figures, the assignment, the card, Validate."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from helpers.notebooks import read

ROOT = Path(__file__).parents[2]
LESSON = "course/01-step-size-and-curvature.ipynb"
ASSIGNMENT = "release/01-step-size-and-curvature/step-size-and-curvature.ipynb"
SOLVED = "source/01-step-size-and-curvature/step-size-and-curvature.ipynb"
RIGHT_STEP = "def gradient_step(grad, x, alpha):\n    return x - alpha * grad(x)"
UPHILL_STEP = "def gradient_step(grad, x, alpha):\n    return x + alpha * grad(x)"


@pytest.fixture
def opened(notebook, lab):
    """Return a function that puts a notebook of the course into the lab and opens it."""

    def open_copy(path):
        (lab.root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, lab.root / path)
        notebook.open_notebook(path)
        return notebook

    return open_copy


def cell_with(notebook, text):
    return notebook.panel.locator(".jp-CodeCell").filter(has_text=text).first


def rewrite(notebook, cell, source):
    """Replace the text of a cell as a person would: click, select all, type."""
    cell.locator(".cm-content").click()
    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.insert_text(source)


def run_cell(notebook, cell):
    cell.locator(".cm-content").click()
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    notebook.page.keyboard.press("Control+Enter")
    expect(prompt).not_to_have_text(before)
    notebook.wait_idle()


def validate(notebook):
    """Press Validate, which saves first, and return what the dialog says."""
    notebook.panel.get_by_role("button", name="Validate").click()
    dialog = notebook.page.locator(".jp-Dialog, .nbgrader-ErrorDialog, .nbgrader-SuccessDialog").first
    expect(dialog).to_contain_text("Validation", timeout=120_000)
    return dialog.inner_text()


def test_lesson_shows_its_pictures_before_anything_was_run(opened):
    notebook = opened(LESSON)
    saved = [
        output.get("data", {}) for cell in read(ROOT / LESSON).cells for output in cell.get("outputs", [])
    ]
    number = sum("image/png" in data for data in saved)
    assert number > 1
    pictures = notebook.panel.locator(".jp-OutputArea img")
    expect(pictures).to_have_count(number)
    for k in range(number):
        pictures.nth(k).scroll_into_view_if_needed()
        assert pictures.nth(k).evaluate("img => img.complete && img.naturalWidth") >= 1000


def test_lesson_runs_and_its_figures_answer_to_keys_and_mouse(opened):
    notebook = opened(LESSON)
    notebook.run_all()
    figure = notebook.figure(0)
    before = figure.shown()
    figure.slider("step").first.focus()
    notebook.page.keyboard.press("ArrowLeft")
    moved = figure.wait_other(before)
    caption = figure.caption
    box = figure.handle.bounding_box()
    picture = figure.picture.bounding_box()
    at = (
        (box["x"] + box["width"] / 2 - picture["x"]) / picture["width"],
        (box["y"] + box["height"] / 2 - picture["y"]) / picture["height"],
    )
    figure.drag(at, (at[0] + 0.1, at[1] + 0.2))
    figure.wait_other(moved)
    assert figure.caption != caption


def test_learner_solves_an_exercise_reads_the_card_and_validates(opened):
    notebook = opened(ASSIGNMENT)
    notebook.run_all(timeout=60_000)
    solution = cell_with(notebook, "def gradient_step")
    test = cell_with(notebook, 'check("gradient-step"')
    expect(test).to_contain_text("Not attempted yet")

    rewrite(notebook, solution, UPHILL_STEP)
    run_cell(notebook, solution)
    run_cell(notebook, test)
    expect(test).to_contain_text("known mistake: uphill")
    assert "failed" in validate(notebook).lower()
    notebook.page.keyboard.press("Escape")

    rewrite(notebook, solution, RIGHT_STEP)
    run_cell(notebook, solution)
    run_cell(notebook, test)
    expect(test).to_contain_text("Right: 1 of 1 point")


def test_validate_passes_a_solved_assignment(opened):
    said = validate(opened(SOLVED))
    assert "success" in said.lower()
    assert "failed" not in said.lower()
