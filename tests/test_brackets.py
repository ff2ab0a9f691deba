"""Brackets that are left out: every solution without one pair of them, which Python then reads as another formula."""

import ast
import io
import itertools
import keyword
import tokenize
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from helpers.check import judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES

SOURCE = Path(__file__).parents[1] / "source"
SEEDS = (11, 12)
JUDGED_BY_CHANCE = ("epoch-batches", "sgd", "escape-steps", "capstone")  # calls by the hundred
# Without these Python reads another formula with the same value.
SAME_VALUE = {
    ("predicted-change", "(g @ g)"),
    ("predicted-change", "(g @ H @ g)"),
    ("critical-step", "(g @ g)"),
    ("backtracking-step", "(g @ g)"),
    ("ridge-loss", "(w @ w)"),
    ("is-linear", "(log_gap - np.polyval(np.polyfit(x, log_gap, 1), x))"),  # sum of squares of the fit alone
    ("chebyshev-batch-size", "(1 - 1e-12)"),  # less than 1 is taken off before rounding up
}
# Other names that say what such a formula does.
NAMES = {
    ("chebyshev-batch-size", "(eps**2 * delta)"): "delta on top",
    ("critical-pair-step", "(36 * epsilon)"): "epsilon multiplies",
    ("critical-damping", "(1 - np.sqrt(alpha * lam))"): "root missing",
    ("noise-floor", "(2 - alpha * lam)"): "2 - alpha",
    ("decaying-steps", "(1 + np.arange(n_steps) / tau)"): "brackets",
    ("adam", "(np.sqrt(v_hat) + eps)"): "eps added to the parameter",
}
UNNAMED = {
    ("gradient-flow", "(np.exp(-lam * time) * c)"),  # V @ e * c: the columns of V and the entries of x mixed
    ("lennard-jones-energy", "(x[i] - x[j])"),
}


@cache
def solutions():
    """Return exercise -> the text of its solution."""
    return {
        cell.id.removesuffix("-code"): cell.source
        for path in sorted(SOURCE.glob("*/*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def grouping(text):
    """Yield (start, end) of the brackets in a text that group, and do not call or index."""
    starts = [0, *itertools.accumulate(len(line) for line in text.splitlines(keepends=True))]
    opened, before = [], None
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        at = starts[token.start[0] - 1] + token.start[1]
        if token.string in ("(", "[", "{"):
            name = before and before.type == tokenize.NAME and not keyword.iskeyword(before.string)
            opened.append(
                (token.string == "(" and not name and (before and before.string) not in (")", "]"), at)
            )
        elif token.string in (")", "]", "}"):
            groups, start = opened.pop()
            if groups:
                yield start, at
        before = token


def without_a_pair(text):
    """Yield (brackets, text without them) for each pair whose absence makes another program."""
    for start, end in grouping(text):
        shorter = f"{text[:start]} {text[start + 1 : end]} {text[end + 1 :]}"
        try:
            tree = ast.parse(shorter)
        except SyntaxError:
            continue
        if ast.dump(tree) != ast.dump(ast.parse(text)):
            yield text[start : end + 1], shorter


def mistakes():
    for exercise, text in solutions().items():
        if exercise not in JUDGED_BY_CHANCE:
            for brackets, shorter in without_a_pair(text):
                if (exercise, brackets) not in SAME_VALUE:
                    yield pytest.param(exercise, brackets, shorter, id=f"{exercise} {brackets}")


def test_brackets_that_group_are_found():
    text = "f(x) ** (1 + 2) * [(3, 4)][(0)]"
    assert [text[start : end + 1] for start, end in grouping(text)] == ["(1 + 2)", "(3, 4)", "(0)"]
    assert [pair for pair, _ in without_a_pair("a = (1 + 2) * (3**4)")] == ["(1 + 2)"]


def test_what_is_listed_here_is_still_there():
    found = {
        (exercise, brackets) for exercise, text in solutions().items() for brackets, _ in without_a_pair(text)
    }
    assert found >= SAME_VALUE | set(NAMES) | UNNAMED


@pytest.mark.parametrize(("exercise", "brackets", "text"), list(mistakes()))
def test_a_formula_without_its_brackets_loses_points_and_is_told_so(exercise, brackets, text):
    space = {"np": np}
    exec(text, space)
    function = space[exercise.replace("-", "_")]
    for seed in SEEDS:
        report = judge_drawn(draw(EXERCISES[exercise], seed), lambda cases: run_here(function, cases))
        assert report.score == 0, str(report)
        named = NAMES.get((exercise, brackets), "brackets missing")
        raised = any(case.fault and case.fault.kind == "raised" for case in report.claims[0].cases)
        allowed = (None,) if (exercise, brackets) in UNNAMED else (None, named) if raised else (named,)
        assert report.misconception in allowed, str(report)
