"""Do in JupyterLab what a reader does: open a notebook, run all cells, move sliders, drag; wait on conditions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

from tests.browser.jupyterlab import Lab

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MINUTE = 60_000

# null, or "done" once every code cell has an execution count and the kernel is idle, or the text of the first
# error.
RUN_STATE = """() => {
  const panel = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");
  const error = panel.querySelector('[data-mime-type="application/vnd.jupyter.error"]');
  if (error) return "error: " + error.innerText;
  const cells = [...panel.querySelectorAll(".jp-CodeCell")]
    .filter(cell => cell.querySelector(".cm-content")?.innerText.trim());
  const count = cell => Number(/\\[(\\d+)\\]/.exec(cell.querySelector(".jp-InputPrompt").innerText)?.[1] ?? 0);
  const idle = panel.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
  return idle && cells.every(cell => count(cell) > 0) ? "done" : null;
}"""
# Hash what the picture shows, once it is decoded.
PICTURE = """async img => {
  await img.decode();
  const canvas = document.createElement("canvas");
  canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
  const pen = canvas.getContext("2d");
  pen.drawImage(img, 0, 0);
  const bytes = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  let hash = 0;
  for (let i = 0; i < bytes.length; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
  return [img.naturalWidth, hash];
}"""

WAIT_OTHER = f"""async (img, than) => {{
  const sharp = 2 * Number(img.getAttribute("width")), late = performance.now() + {MINUTE};
  while (performance.now() < late) {{
    try {{
      const [width, hash] = await ({PICTURE})(img);
      if (width === sharp && hash !== than) return [width, hash];
    }} catch (error) {{
      if (error.name !== "EncodingError") throw error; // replaced by the next frame while it was decoded
    }}
    await new Promise(requestAnimationFrame);
  }}
  throw new Error("the picture did not change");
}}"""


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Run the Chromium at `path`, headless, with a new profile of its own."""
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def signed_in_page(browser: Browser, lab: Lab, **options) -> Iterator[Page]:
    """Open a page that is signed in to `lab`; `page.console_errors` gathers what the browser complains of."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, base_url=lab.url, **options)
    context.set_default_timeout(MINUTE)
    # The token goes in a header and comes back as a cookie, so that no address ever contains it.
    answer = context.request.get(f"{lab.url}/lab", headers={"Authorization": f"token {lab.token}"})
    if not answer.ok:
        raise RuntimeError(f"JupyterLab answered {answer.status} to the sign-in")
    page = context.new_page()
    page.console_errors = []
    page.on("console", lambda said: complain(page, said))
    page.on("pageerror", lambda error: page.console_errors.append(f"uncaught {error}"))
    try:
        yield page
    finally:
        context.close()


def complain(page: Page, said) -> None:
    """Keep a console message if it is an error, with the place it comes from."""
    if said.type == "error":
        page.console_errors.append(f"{said.text} ({said.location.get('url', '')})")


class NotebookDriver:
    """One notebook of `lab` in `page`, driven as a reader would."""

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page, self.lab = page, lab

    @property
    def panel(self) -> Locator:
        """The notebook that is in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def open_notebook(self, path: str) -> None:
        """Open the notebook at `path`, relative to the lab's root, and wait until its kernel is idle."""
        self.page.goto(f"{self.lab.url}/lab/tree/{quote(path)}?reset")
        expect(self.panel.locator(".jp-Cell").first).to_be_visible(timeout=MINUTE)
        self.wait_idle()

    def wait_idle(self) -> None:
        """Wait until the kernel is there and has nothing to do."""
        # The circle in the notebook's own toolbar is idle before there is a kernel; the status bar is not.
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=2 * MINUTE)

    def menu(self, name: str, item: str) -> None:
        """Choose `item` from the menu `name`."""
        self.page.locator(".lm-MenuBar-itemLabel").get_by_text(name, exact=True).click()
        self.page.locator(".lm-Menu .lm-Menu-itemLabel").get_by_text(item, exact=True).click()

    def run_all(self, timeout: float = 3 * MINUTE) -> None:
        """Run all cells and wait until each has run; raises AssertionError with the text of a cell's error."""
        # A committed lesson carries the numbers of another run, which no new one would exceed.
        self.menu("Edit", "Clear Outputs of All Cells")
        self.menu("Run", "Run All Cells")
        state = self.page.wait_for_function(RUN_STATE, timeout=timeout).json_value()
        if state != "done":
            raise AssertionError(f"a cell raised an {state}")

    def figure(self, nth: int = 0) -> Figure:
        """Return the nth live figure of the notebook once it rests: a frame that comes late is no answer to a key."""
        figure = Figure(self.page, self.panel.locator(".downhill-figure").nth(nth))
        figure.picture.wait_for()
        figure.wait_other((0, None))
        return figure


class Figure:
    """A live figure in the page."""

    def __init__(self, page: Page, root: Locator) -> None:
        self.page, self.root = page, root

    @property
    def picture(self) -> Locator:
        """The `<img>`."""
        return self.root.locator("img")

    @property
    def handle(self) -> Locator:
        """The grip of the point that can be dragged."""
        return self.root.locator(".downhill-handle")

    @property
    def words(self) -> Locator:
        """Where the words below the picture are."""
        return self.root.locator(".downhill-caption .widget-html-content")

    @property
    def caption(self) -> str:
        """The words below the picture now."""
        return self.words.inner_text().strip()

    def slider(self, name: str) -> Locator:
        """The handle of the slider with this label, which takes the keyboard's focus."""
        return self.root.locator(".widget-slider").filter(has_text=name).locator(".noUi-handle")

    def readout(self, name: str) -> Locator:
        """The number beside the slider with this label: `expect(figure.readout(...)).to_have_text(...)`."""
        return self.root.locator(".widget-slider").filter(has_text=name).locator(".widget-readout")

    def grip(self) -> tuple[float, float]:
        """Where the handle is, as fractions of the picture."""
        left, top = self.handle.evaluate("grip => [parseFloat(grip.style.left), parseFloat(grip.style.top)]")
        return left / 100, top / 100

    def wait_grip(self, place: tuple[float, float], within: float = 0.01) -> None:
        """Wait until the handle is near `place`, fractions of the picture."""
        self.page.wait_for_function(
            """([grip, across, down, within]) =>
            Math.abs(parseFloat(grip.style.left) / 100 - across) < within &&
            Math.abs(parseFloat(grip.style.top) / 100 - down) < within""",
            arg=[self.handle.element_handle(), *place, within],
        )

    def shown(self) -> tuple[int, int]:
        """Return (width in pixels, hash) of what the picture shows now."""
        return tuple(self.picture.evaluate(PICTURE))

    def wait_other(self, than: tuple[int, int | None]) -> tuple[int, int]:
        """Wait until the picture rests, sharp and with other pixels than `than`; return them."""
        return tuple(self.picture.evaluate(WAIT_OTHER, than[1], timeout=MINUTE))

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 12) -> None:
        """Press at `start`, move to `end`, release; both are fractions of the picture."""
        self.picture.scroll_into_view_if_needed()
        box = self.picture.bounding_box()

        def at(place: tuple[float, float]) -> tuple[float, float]:
            return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]

        self.page.mouse.move(*at(start))
        self.page.mouse.down()
        self.page.mouse.move(*at(end), steps=steps)
        self.page.mouse.up()
