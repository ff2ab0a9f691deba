"""The card says in words what to change, shows nothing of the learner's unescaped, and is the same as text."""

import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from helpers import card, problems
from helpers.check import check, judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES

EVIL = "<script>alert(1)</script>&amp;\"'"


def stub(*given):
    raise NotImplementedError


def two_arguments(grad, x):
    return x


def evil_value(grad, x, alpha):
    return EVIL


def evil_error(grad, x, alpha):
    raise ValueError(EVIL)


def evil_print(grad, x, alpha):
    print(EVIL)
    return -x


def evil_name(grad, x, alpha):
    return type(EVIL, (), {})()


def uphill(grad, x, alpha):
    return x + alpha * grad(x)


def in_place(grad, x, alpha):
    x -= alpha * grad(x)
    return x


def truncating(grad, x, alpha):
    new = np.empty_like(x)
    new[:] = x - alpha * grad(x)
    return new


ANSWERS = [
    EXERCISES["gradient-step"].reference,
    stub,
    two_arguments,
    uphill,
    in_place,
    truncating,
    evil_value,
    evil_error,
    evil_print,
    evil_name,
    np.ones(2),
]
REPORTS = [check("gradient-step", answer, seed=1) for answer in ANSWERS]
REPORTS += [check(EVIL, uphill), check("gradient-stop", uphill)]


class Page(HTMLParser):
    """The text of some HTML, and whether every tag that is opened is closed, in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.styles, self.words = [], set(), [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.tags.add(tag)
        self.styles.append(dict(attributes).get("style", ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data.split()


@pytest.mark.parametrize("report", REPORTS)
def test_card_is_well_formed_and_has_neither_scripts_nor_links(report):
    page = Page(card.as_html(report))
    assert page.tags <= {
        "div",
        "span",
        "b",
        "ul",
        "li",
        "table",
        "tr",
        "th",
        "td",
        "pre",
        "details",
        "summary",
    }
    assert "<script" not in card.as_html(report)


@pytest.mark.parametrize("answer", [evil_value, evil_error, evil_print, evil_name])
def test_what_the_learner_wrote_is_shown_as_it_is(answer):
    html = card.as_html(check("gradient-step", answer, seed=1))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in html


@pytest.mark.parametrize("report", REPORTS)
def test_text_says_everything_that_the_card_says(report):
    text = set(re.findall(r"[\w.]+", str(report).lower()))
    said = set(re.findall(r"[\w.]+", unescape(" ".join(Page(card.as_html(report)).words)).lower()))
    assert said - text <= {
        "your",
        "function",
        "the",
        "first",
        "time",
        "it",
        "anything",
    }  # title of the printing


@pytest.mark.parametrize("report", REPORTS)
def test_card_takes_ink_and_paper_from_the_page(report):
    """Else it would be dark on dark, or a lamp in a dark room: its own colours are for borders and marks only."""
    for style in Page(card.as_html(report)).styles:
        for name, value in re.findall(r"(?<![-\w])(color|background):([^;]+)", style):
            if name == "color":
                assert value in ("inherit", card.RIGHT, card.WRONG, card.HINT)
            else:
                assert value == "none" or value.startswith("rgba(") or value == f"{card.HINT}22"


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


@pytest.mark.parametrize("colour", [card.RIGHT, card.WRONG, card.HINT])
@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_marks_stand_out_on_light_and_on_dark_pages(colour, page):
    light, dark = sorted([luminance(colour), luminance(page)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_is_said_by_marks_alone(report):
    html = card.as_html(report)
    for mark in "✓✗…":
        assert html.count(mark) == len(re.findall(rf'aria-hidden="true"[^>]*>{mark}<', html))
    assert f'aria-label="{card.headline(report)}"' in html
    for claim in report.claims:
        if report.attempted:
            assert f"({'holds' if claim.passed else 'does not hold'}, " in html


@pytest.mark.parametrize("report", REPORTS[:6] + REPORTS[-1:])
def test_tone_is_calm(report):
    assert "!" not in str(report)


@pytest.mark.parametrize(
    ("answer", "headline"),
    [
        (ANSWERS[0], "Right: 1 of 1 point"),
        (stub, "Not attempted yet (0 of 1 point)"),
        (uphill, "Not yet: 0 of 1 point"),
        (truncating, "Partly right: 0.8 of 1 point"),
        (3, "The check could not run"),
    ],
)
def test_headline_sums_up(answer, headline):
    assert card.headline(check("gradient-step", answer, seed=1)) == headline


def test_stub_is_told_where_to_start():
    assert "Replace the line that raises NotImplementedError in gradient_step" in str(
        check("gradient-step", stub)
    )


def test_failing_case_can_be_redone_by_hand():
    text = str(check("gradient-step", uphill, seed=1))
    assert "grad: problems.cost_surface().grad" in text
    assert "alpha: 0.1\n" in text
    assert "grad(x): [" in text


def test_code_of_the_failing_case_gives_what_the_card_says():
    report = check("gradient-step", uphill, seed=1)
    code = card.as_text(report).split("run this case yourself: ")[1]
    *imports, call = [line.strip() for line in code.splitlines()]
    assert imports == ["import numpy as np", "from helpers import problems"]
    result = eval(call, {"np": np, "problems": problems, "gradient_step": uphill})
    assert np.array_equal(result, report.first_failure.returned)


def test_wrong_number_of_arguments_needs_no_case():
    text = str(check("gradient-step", two_arguments))
    assert "Your function takes 2 arguments, and the exercise gives it 3: grad, x, alpha." in text
    assert "returned" not in text
    assert "run this case" not in text


def test_changed_argument_shows_no_expected_value():
    failure = next(c for c in check("gradient-step", in_place).claims[3].cases if c.fault)
    assert "expected" not in dict(card._rows(failure))


def test_huge_results_are_cut():
    def huge(grad, x, alpha):
        return np.arange(10_000.0)

    def long_text(grad, x, alpha):
        return "x" * 10**6

    def long_list(grad, x, alpha):
        return [[1.0] * 1000] * 300

    for answer in (huge, long_text, long_list):
        report = check("gradient-step", answer)
        assert len(card.as_html(report)) < 20_000
        assert len(str(report)) < 20_000


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_known_mistake_has_a_card_that_says_what_to_change(exercise):
    drawn = draw(EXERCISES[exercise], seed=1)
    for name, misconception in EXERCISES[exercise].misconceptions.items():
        report = judge_drawn(drawn, lambda cases, f=misconception.function: run_here(f, cases))
        text, words = str(report), " ".join(Page(card.as_html(report)).words)
        assert f"This looks like a known mistake: {name}. {misconception.hint}" in text
        assert " ".join(misconception.hint.split()) in words
        assert report.first_failure.fault.kind != "not-run"
        assert len(text) < 6000, "the smallest failing case is too large to look at"


def numbers_in(text):
    return [float(number) for number in re.findall(r"[-+]?(?:inf|nan|[\d.]+(?:e[-+]?\d+)?)", text)]


@pytest.mark.parametrize(
    "array",
    [
        np.array([1e-9, 3.4e-9]),
        np.diag([1e5, 1e-4, 1e-7]),
        0.5 ** np.arange(40.0),
        np.array([1.6, -22.124, -2.1e8]),
        np.array([0.1, 1e-9], np.float32),
        np.array([np.nan, np.inf, -np.inf, 2e-7]),
    ],
)
def test_no_number_is_shown_as_zero_or_without_its_first_digits(array):
    assert np.allclose(numbers_in(card._value(array)), array.ravel(), rtol=1e-3, atol=0, equal_nan=True)


def test_what_rounding_leaves_of_a_zero_is_shown_as_zero():
    assert card._value(np.array([1.6, 6e-17])) == "[1.6, 0. ]"


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (np.array([0.000012341, 1e-5]), np.array([0.000012342, 1e-5])),
        (1.000000001, 1.0),
        (np.float64(1.0), 1.000000001),
        (1.000000001, np.array(1.0)),
        ((3.0, 1.000000001), (3.0, 1.0)),
        ((2, np.array([1e-6 + 1e-10])), (2, np.array([1e-6]))),
    ],
)
def test_what_differs_looks_different(returned, expected):
    assert card._value(returned, expected) != card._value(expected, returned)


def test_question_ends_with_its_own_mark():
    text = str(check("gradient-step", lambda grad, x, alpha: None))
    assert "does it end with a `return`?\n" in text


def test_expected_value_stands_beside_a_kind_of_its_own():
    """Eigenvectors have either sign, so mode-errors has a verify; there is one answer to show all the same."""
    for exercise in ("mode-errors", "quadratic-smoothness"):
        mistakes = EXERCISES[exercise].misconceptions
        for misconception in mistakes.values():
            failure = check(exercise, misconception.function, seed=1).first_failure
            assert "expected" in dict(card._rows(failure))


@pytest.mark.parametrize("array", [np.arange(44.0) / 7, 1e-9 * np.arange(44.0) / 7, np.ones((2, 7)) / 7])
def test_array_breaks_its_lines_itself(array):
    """A line that the page has to break loses its columns."""
    assert max(map(len, card._value(array).splitlines())) <= card.WIDEST
