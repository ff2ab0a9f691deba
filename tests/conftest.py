"""How the tests are spread over workers, and what is said about the ones that could not run."""

import os
from collections import Counter

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.requirements import MARK, NO_SKIP, REQUIREMENTS


class BrowserTestsTogether(LoadFileScheduling):
    """One file on one worker, and all browser tests on the same one: two browsers would slow each other down."""

    def _split_scope(self, nodeid):
        return "browser" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Spread whole files: the cells of a notebook share a kernel, and a classroom is graded once for its file.

    The groups of `--dist loadgroup` would say the same with marks, but pytest 9.2 ignores them.
    """
    return BrowserTestsTogether(config, log) if config.getoption("dist") == "loadfile" else None


def reasons_of_skips(reporter):
    """Return how many tests were not run for each reason; an expected failure counts as not run."""
    skipped = (report.longrepr[2].removeprefix("Skipped: ") for report in reporter.stats.get("skipped", []))
    return Counter([*skipped, *("expected failure" for _ in reporter.stats.get("xfailed", []))])


def in_one_line(reasons):
    """Return the line that says what was not tested here and how to enable it.

    >>> in_one_line({"needs torch: pip install torch": 3})
    'Not tested here: torch (3 tests): pip install torch.'
    """
    parts = []
    for reason, count in reasons.items():
        what, _, how = reason.removeprefix(MARK).partition(": ")
        tests = "1 test" if count == 1 else f"{count} tests"
        parts.append(f"{what} ({tests}){': ' if how else ''}{how}")
    return f"Not tested here: {'; '.join(parts)}."


def forbidden(reasons):
    """Return the reasons that may not keep a test from running where nothing may be skipped."""
    optional = {requirement.reason for requirement in REQUIREMENTS.values() if requirement.optional}
    return set(reasons) - optional if os.environ.get(NO_SKIP) == "1" else set()


def pytest_sessionfinish(session):
    """Let the run fail if something was skipped that may not be."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.exitstatus == pytest.ExitCode.OK and forbidden(reasons_of_skips(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    """Say in one line what was skipped, and in another that it may not be."""
    reasons = reasons_of_skips(terminalreporter)
    if reasons:
        terminalreporter.write_line(in_one_line(reasons))
    if forbidden(reasons):
        terminalreporter.write_line(f"This run fails, because {NO_SKIP}=1 forbids to skip tests.", red=True)
