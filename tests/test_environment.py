"""The look at the environment finds what is missing, and says what to do in words."""

from __future__ import annotations

import re

import pytest

from helpers import environment
from helpers.environment import Environment, Part, check_environment, front_end, packages, python
from helpers.report import Report


def test_on_a_machine_that_runs_these_tests_everything_is_there():
    found = check_environment()
    assert found.fine, repr(found)
    assert repr(found).endswith("Everything is there.")
    assert len(found.parts) == 6


def test_what_is_fine_is_said_without_a_version_or_a_place_of_this_machine():
    assert not re.search(r"\d|/", repr(check_environment()))


@pytest.mark.parametrize(
    ("wanted", "version", "fine"),
    [(">=3.11", "3.11.0", True), (">=3.11", "3.14.0rc1", True), (">=3.11", "3.10.9", False)],
)
def test_an_old_python_is_noticed(wanted, version, fine):
    part = python(wanted, version)
    assert part.fine is fine
    assert fine or version in part.words


def test_missing_and_old_packages_are_named_and_optional_ones_are_not():
    part = packages(["numpy>=999", "no-such-thing-as-this", "ipywidgets", "nor-this; extra == 'dev'"])
    assert "missing: no-such-thing-as-this" in part.words
    assert re.search(r"too old: numpy [\d.]+ \(>=999 is needed\)", part.words)
    assert "ipywidgets" not in part.words
    assert "nor-this" not in part.words
    assert "`make lab`" in part.remedy


def test_a_missing_front_end_is_noticed(tmp_path):
    assert not front_end("dragging", "anywidget", "no dragging", [str(tmp_path)]).fine
    (tmp_path / "anywidget").mkdir()
    (tmp_path / "anywidget" / "package.json").touch()
    assert front_end("dragging", "anywidget", "no dragging", [str(tmp_path)]).fine


def test_a_check_that_lets_everything_pass_is_noticed(monkeypatch):
    monkeypatch.setattr(environment, "check", lambda *given: Report("any", 1, 1.0))
    assert not environment.checking().fine


def test_what_is_to_do_stands_below_the_parts():
    found = Environment((Part("Python", "new enough"), Part("sliders", "not ready", "run `make lab`")))
    assert not found.fine
    assert repr(found) == (
        "ok  Python   new enough\n"
        "->  sliders  not ready\n"
        "\n"
        "To do:\n"
        "   sliders: run `make lab`.\n"
        "Then restart the kernel and run this cell again."
    )
