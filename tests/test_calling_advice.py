"""What to do about an error is said where beginners meet it, for the errors that Python and NumPy really raise."""

import numpy as np
import pytest

from helpers.calling import call
from helpers.calling.advice import ADVICE, advice

ARRAY, TWO_ROWS = np.ones(3), np.ones((2, 3))


def grown_in_place(x):
    x += 0.5
    return x


MISTAKES = {
    "shape in two": (lambda x: np.zeros(2, 3), "in brackets of its own"),
    "hat of numbers": (lambda x: 3.0 ^ 2, "written **"),
    "hat of arrays": (lambda x: ARRAY ^ 2, "written **"),
    "product without its sign": (lambda x: x(x), "a product needs its *"),
    "number called": (lambda x: len(x)(2), "a product needs its *"),
    "rows of different lengths": (lambda x: np.array([[1.0], [1.0, 2.0]]), "the same shape"),
    "star for @": (lambda x: TWO_ROWS * np.ones(2), "The matrix product is @"),
    "not transposed": (lambda x: TWO_ROWS @ np.ones(2), "A.T is A"),
    "if of an array": (lambda x: 1 if x > 0 else 2, "np.where"),
    "max of two arrays": (lambda x: max(x, TWO_ROWS[0]), "np.maximum"),
    "no return": (lambda x: (lambda y: None)(x) + 1, "without a `return`"),
    "append to an array": (lambda x: x.append(1), "np.array(rows)"),
    "eigh divided": (lambda x: np.linalg.eigh(np.eye(2)) / 2, "two parts"),
    "eig divided": (lambda x: np.linalg.eig(np.eye(2)) / 2, "two parts"),
    "half a range": (lambda x: range(len(x) / 2), "n // 2"),
    "half a place": (lambda x: x[len(x) / 2], "n // 2"),
    "added to whole numbers": (lambda x: grown_in_place(np.arange(3)), "dtype=float"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_sentence_on_an_error_says_what_to_do(name):
    function, words = MISTAKES[name]
    outcome = call(function, {"x": ARRAY.copy()})
    assert outcome.trouble == "raised"
    assert words in outcome.sentence
    assert not outcome.sentence.endswith(".")  # the card puts it there
    assert ".." not in outcome.sentence.replace("...", "")


def test_every_advice_has_its_mistake():
    said = [call(function, {"x": ARRAY.copy()}).sentence for function, _ in MISTAKES.values()]
    assert all(any(words in sentence for sentence in said) for _, words in ADVICE)


@pytest.mark.parametrize("function", [lambda x: x[7], lambda x: 1 / 0, lambda x: {}["a"]])
def test_of_other_errors_python_s_own_words_are_enough(function):
    outcome = call(function, {"x": ARRAY.copy()})
    assert outcome.trouble == "raised"
    assert advice(outcome.sentence) == ""
