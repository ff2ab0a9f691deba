"""Live figures in a real browser: keys and mouse change pixels, and a broken function breaks nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import NotebookDriver, signed_in_page
from tests.browser.jupyterlab import write_notebook

IMPORTS = "from helpers.explore.step_size import *"
BROKEN = """def mine(grad, x0, alpha, n_steps):
    if alpha > 1.9:
        raise ValueError("too bold")
    return gradient_descent(grad, x0, alpha, n_steps)"""


@pytest.fixture
def shown(notebook, lab):
    """Return a function that shows the value of the last of these cells and gives its figure."""

    def show(*cells):
        write_notebook(lab.root / "figures.ipynb", IMPORTS, *cells)
        notebook.open_notebook("figures.ipynb")
        notebook.run_all()
        return notebook.figure()

    return show


def test_a_key_on_a_slider_changes_pixels_and_caption(shown):
    figure = shown("parabola_steps(alpha=1.0)")
    before, words = figure.shown(), figure.caption
    figure.slider("step size").focus()
    figure.page.keyboard.press("ArrowRight")
    assert figure.wait_other(before)[0] == 1440, "sharp once it rests"
    assert words.startswith("Curvature 1, step 1: one-step.")
    expect(figure.words).to_contain_text("Curvature 1, step 1.09: oscillates.")
    expect(figure.readout("step size")).to_have_text("1.09")


def test_dragging_the_start_moves_sliders_pixels_and_handle(shown):
    figure = shown("contour_walk()")
    before = figure.shown()
    figure.drag(figure.grip(), (0.4, 0.5))
    expect(figure.readout("start x")).to_have_text("9.70")
    expect(figure.readout("start y")).to_have_text("−5.40")
    figure.wait_grip((0.4, 0.5))
    figure.wait_other(before)
    expect(figure.words).to_contain_text("from (9.7, −5.4)")


def test_a_click_on_the_map_puts_the_start_there(shown):
    figure = shown("contour_walk()")
    figure.drag((0.3, 0.3), (0.3, 0.3))
    figure.wait_grip((0.3, 0.3))
    expect(figure.readout("start x")).to_have_text("6.40")


def test_the_last_position_of_a_wild_drag_wins(shown):
    figure = shown("contour_walk()")
    start = figure.grip()
    for steps in (1, 60, 3):
        figure.drag(figure.grip(), (0.4, 0.5), steps=steps)
        figure.wait_grip((0.4, 0.5))
        expect(figure.readout("start x")).to_have_text("9.70")
        figure.drag(figure.grip(), start, steps=steps)
        figure.wait_grip(start)
        expect(figure.readout("start x")).to_have_text("1.00")


def test_arrow_keys_move_the_start_and_a_ring_shows_the_focus(shown):
    figure = shown("contour_walk()")
    before = figure.shown()
    figure.handle.focus()
    for _ in range(3):
        figure.page.keyboard.press("ArrowRight")
    figure.page.keyboard.press("Shift+ArrowDown")
    figure.wait_other(before)
    expect(figure.readout("start x")).to_have_text("1.30")
    expect(figure.readout("start y")).to_have_text("−1.00")
    style = figure.handle.evaluate("grip => getComputedStyle(grip).outline")
    assert "3px" in style


def test_reset_brings_back_the_first_picture(shown):
    figure = shown("parabola_steps()")
    first = figure.shown()
    figure.slider("step size").focus()
    figure.page.keyboard.press("ArrowLeft")
    moved = figure.wait_other(first)
    figure.root.get_by_role("button", name="Reset").click()
    assert figure.wait_other(moved) == first


def test_the_picture_has_words_for_those_who_cannot_see_it(shown):
    figure = shown("parabola_steps()")
    assert figure.picture.get_attribute("alt") == f"Steps on a parabola. {figure.caption}"
    status = figure.root.get_by_role("status")
    assert status.get_attribute("aria-live") == "polite"
    assert status.inner_text().strip() == figure.caption
    assert figure.handle.get_attribute("aria-label") == "start point, arrow keys move it"


def test_a_learners_function_that_raises_shows_its_sentence_and_recovers(shown):
    figure = shown(
        "from helpers.descent import gradient_descent", BROKEN, "parabola_steps(method=mine, alpha=1.0)"
    )
    good = figure.shown()
    figure.slider("step size").focus()
    figure.page.keyboard.press("End")
    bad = figure.wait_other(good)
    expect(figure.words).to_have_text("Your function raised ValueError: too bold.")
    figure.root.get_by_role("button", name="Reset").click()
    assert figure.wait_other(bad) == good


def test_without_the_front_end_for_dragging_the_sliders_still_work(shown, page):
    page.route("**/anywidget/**", lambda route: route.abort())
    figure = shown("parabola_steps()")
    assert figure.handle.count() == 0
    before = figure.shown()
    figure.slider("step size").focus()
    page.keyboard.press("ArrowLeft")
    figure.wait_other(before)
    # That something is missing here is what this test is about.
    page.console_errors.clear()


def test_a_saved_figure_is_seen_again_before_it_is_run_again(shown, notebook, page):
    figure = shown("contour_walk()")
    figure.slider("step size").focus()
    before = figure.shown()
    page.keyboard.press("ArrowLeft")
    left = figure.wait_other(before)
    words = figure.caption
    notebook.menu("File", "Save Notebook")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    notebook.menu("Kernel", "Shut Down Kernel")
    expect(page.locator("#jp-main-statusbar")).to_contain_text("No Kernel")
    notebook.open_notebook("figures.ipynb")
    again = notebook.figure()
    assert again.shown() == left
    assert again.caption == words


def test_a_finger_drags_the_point_by_its_handle(browser, lab):
    write_notebook(lab.root / "touch.ipynb", IMPORTS, "contour_walk()")
    with signed_in_page(browser, lab, has_touch=True) as page:
        notebook = NotebookDriver(page, lab)
        notebook.open_notebook("touch.ipynb")
        notebook.run_all()
        figure = notebook.figure()
        figure.handle.scroll_into_view_if_needed()
        box, grip = figure.picture.bounding_box(), figure.handle.bounding_box()
        finger = page.context.new_cdp_session(page)

        def touch(kind, *points):
            places = [{"x": x, "y": y} for x, y in points]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        touch("touchStart", (x, y))
        touch("touchMove", (x + box["width"] / 10, y + box["height"] / 10))
        touch("touchMove", (box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"]))
        touch("touchEnd")
        expect(figure.readout("start x")).to_have_text("9.70")
        expect(figure.readout("start y")).to_have_text("−5.40")
        assert page.console_errors == []
