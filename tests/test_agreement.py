"""What counts as the right answer, and what is said about a wrong one."""

import numpy as np
import pytest

from helpers.agreement import as_numbers, compare
from helpers.plain import plain

POINT = np.array([1.0, -2.0])


@pytest.mark.parametrize(
    "returned",
    [
        POINT,
        POINT.astype(np.float32),
        POINT.astype(int),
        POINT.astype(object),
        [1, -2],
        (1.0, -2.0),
        [np.float64(1), np.array(-2)],
        POINT + 1e-6,
        np.array([9.0, 1.0, 9.0, -2.0])[1::2],
    ],
)
def test_right_numbers_are_right_whatever_holds_them(returned):
    assert compare(returned, POINT) is None
    assert compare(plain(returned), POINT) is None


@pytest.mark.parametrize("returned", [3, 3.0, np.float32(3), np.array(3.0), np.int8(3), 3.0 + 2e-5])
def test_one_number_may_be_of_any_kind(returned):
    assert compare(plain(returned), 3.0) is None


@pytest.mark.parametrize(
    ("returned", "kind", "words"),
    [
        (None, "none", "returned None"),
        ([[1.0, -2.0]], "shape", "has shape (1, 2), and it should be (2,)"),
        ([1.0], "shape", "has shape (1,), and it should be (2,)"),
        (1.0, "shape", "is one number, and it should be an array of shape (2,)"),
        (np.array([[1.0, -2.0]]).view(np.matrix), "shape", "has shape (1, 2)"),
        (np.ma.masked_array([1.0, -2.0], [0, 1]), "nan", "has nan in it"),
        ([1.0, np.nan], "nan", "has nan in it"),
        ([1.0, np.inf], "value", "entry [1] is inf, and it should be -2"),
        ([1.0, -2.0 + 0j], "complex", "is complex"),
        ([[1.0], [2.0, 3.0]], "type", "rows have different lengths"),
        ([1.0, None], "type", "has None in it"),
        (np.array([1.0, None]), "type", "has None in it"),
        ([1.0, "two"], "type", "numbers are expected"),
        ("12", "type", "is a text, and numbers"),
        ([True, False], "type", "is True or False, and numbers"),
        ({"x": 1}, "type", "is a dict, and numbers"),
        (np.add, "type", "is a function: call it"),
        (iter([1.0]), "type", "is a list_iterator"),
        ((k for k in POINT), "type", "is a generator: return a list or an array of what it yields"),
        (np.zeros((1000, 10**5)), "size", "far larger"),
        ([1.0, -2.001], "value", "entry [1] is -2.001, and it should be -2"),
    ],
)
def test_every_wrong_array_has_its_own_words(returned, kind, words):
    fault = compare(plain(returned), POINT)
    assert fault.kind == kind
    assert words in fault.sentence


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ([3.0], "has shape (1,), and it should be one number"),
        (True, "is True or False, and numbers are expected"),
        (3.1, "the result is 3.1, and it should be 3"),
        (np.nan, "has nan in it"),
    ],
)
def test_one_number_is_expected_as_one_number(returned, words):
    assert words in compare(plain(returned), 3.0).sentence


def test_object_that_equals_everything_is_still_wrong():
    class AlwaysEqual:
        def __eq__(self, other):
            return True

        __hash__ = None

    for expected in (3.0, 3, "monotone", True, POINT, (1.0, 2.0)):
        assert compare(plain(AlwaysEqual()), expected).kind == "type"


def test_whole_numbers_are_exact():
    assert compare(100_000, 100_000) is None
    assert compare(100_000.0, 100_000) is None
    assert compare(100_001, 100_000).kind == "value"
    fault = compare(3.0000000001, 3)
    assert fault.sentence == "the result is 3.0000000001, and it should be 3.0"


def test_tolerance_is_relative_to_the_largest_entry():
    expected = np.array([1e6, 1.0])
    assert compare([1e6, 6.0], expected) is None
    assert compare([1e6, 21.0], expected).kind == "value"
    assert compare(1e-9 * (1 + 1e-6), 1e-9) is None
    assert compare(1.1e-9, 1e-9).kind == "value"
    assert compare(1e-13, 0.0) is None


def test_infinity_and_nan_agree_with_themselves_only():
    assert compare(np.inf, np.inf) is None
    assert compare(-np.inf, np.inf).kind == "value"
    assert compare(1e300, np.inf).kind == "value"
    assert compare([np.nan, 1.0], np.array([np.nan, 1.0])) is None
    assert compare([0.0, 1.0], np.array([np.nan, 1.0])).kind == "value"
    assert compare([np.inf, 2.0], np.array([np.inf, 1.0])).kind == "value"


def test_names_are_compared_as_they_are():
    assert compare("monotone", "monotone") is None
    assert compare(plain(np.array("monotone")), "monotone") is None
    assert compare("crawls", "monotone").sentence == 'the answer is "monotone", and yours is "crawls"'
    for spelt in ("One-step", "one step", "onestep", "one_step "):
        assert compare(spelt, "one-step").sentence == (
            f'the answer is "one-step", and yours is "{spelt}": capital letters, hyphens and spaces count'
        )
    assert compare(3.0, "monotone").kind == "type"


def test_truth_values_are_no_numbers():
    assert compare(np.True_, True) is None
    assert compare(np.array(False), False) is None
    assert compare(1, True).kind == "type"
    assert compare(True, False).sentence == "the answer is False"


def test_parts_are_compared_one_by_one():
    expected = (np.zeros((3, 2)), np.array([1.0, 2.0]), 4)
    assert compare([np.zeros((3, 2)), [1, 2], 4.0], expected) is None
    assert compare(np.array([1.0, 2.0]), (1.0, 2.0)) is None
    fault = compare((np.zeros((3, 2)), [1, 3], 4), expected)
    assert fault.kind == "value-2"
    assert fault.sentence == "value 2 of 3: entry [1] is 3, and it should be 2"
    assert compare((1.0, None), (1.0, 2.0)).kind == "none-2"
    assert compare((1.0,), (1.0, 2.0)).sentence == "the result has 1 values, and 2 are expected"
    assert compare(np.array(1.0), (1.0, 2.0)).kind == "shape"
    assert compare(1.0, (1.0, 2.0)).kind == "type"


def test_numbers_for_a_verifier_are_floats_or_a_fault():
    assert as_numbers([1, 2]).dtype == float
    assert as_numbers(plain(np.array([1, 2], dtype=np.uint8))).tolist() == [1.0, 2.0]
    assert as_numbers(None).kind == "none"
