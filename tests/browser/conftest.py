"""What the browser tests share: one JupyterLab, one Chromium, a page that must not complain.

lab        a running JupyterLab: `lab.url`, `lab.root` (put notebooks there), `lab.token`
page       a signed-in page; the test fails if the browser's console showed an error
notebook   `open_notebook(path)`, `run_all()`, `wait_idle()`, `figure(n)`, `menu(name, item)` on that page

Nothing here sleeps: every wait is for a condition. Playwright's event loop runs in this thread as long as the
browser does, so it lives no longer than this folder's tests.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.driver import MINUTE, NotebookDriver, chromium, signed_in_page
from tests.browser.jupyterlab import running_lab
from tests.requirements import need


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    need("chromium")
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="package")
def browser():
    expect.set_options(timeout=MINUTE)  # how long a busy machine may take; a condition met is not waited for
    with chromium(need("chromium")) as running:
        yield running


@pytest.fixture
def page(browser, lab):
    with signed_in_page(browser, lab) as opened:
        yield opened
        assert opened.console_errors == [], "the browser's console shows errors"


@pytest.fixture
def notebook(page, lab):
    return NotebookDriver(page, lab)
