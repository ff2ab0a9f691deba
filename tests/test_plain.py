"""Whatever a function returns, what goes on from there is plain data that runs nobody's code."""

import collections
import decimal
import fractions
import math

import numpy as np
import pytest

from helpers.plain import MOST, Odd, Oversized, plain


class AlwaysEqual:
    def __eq__(self, other):
        return True

    __hash__ = None


class Frame:
    """Like a pandas object: holds an array and is none."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype=dtype)


class Broken:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array today")

    def __repr__(self):
        raise RuntimeError("no text today")


class Units(float):
    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        (True, True),
        (np.True_, True),
        (3, 3),
        (np.int64(3), 3),
        (2.5, 2.5),
        (np.float32(0.5), 0.5),
        (np.longdouble(0.5), 0.5),
        (Units(2.0), 2.0),
        (1 + 2j, 1 + 2j),
        (fractions.Fraction(1, 4), 0.25),
        (decimal.Decimal("0.5"), 0.5),
        (10**400, math.inf),
        (-(10**400), -math.inf),
        ("monotone", "monotone"),
        (np.str_("monotone"), "monotone"),
        ((1, [2.0, (3,)]), (1, [2.0, (3,)])),
        (range(3), [0, 1, 2]),
        (np.array([1.0, None]), [1.0, None]),
        (np.array(fractions.Fraction(1, 2)), 0.5),
        (collections.deque([1.0, 2.0]), [1.0, 2.0]),
        (collections.namedtuple("Pair", "L mu")(2.0, 1.0), (2.0, 1.0)),
    ],
)
def test_numbers_texts_and_sequences_become_pythons_own(value, read):
    got = plain(value)
    assert type(got) is type(read)
    assert got == read


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, 2.0]),
        np.array([1.0, 2.0], dtype=np.longdouble),
        np.array([0.0, 1.0, 2.0, 9.0], order="F")[1:3],
        Frame([1.0, 2.0]),
    ],
)
def test_array_likes_become_arrays(value):
    got = plain(value)
    assert type(got) is np.ndarray
    assert got.dtype == float
    assert got.tolist() == [1.0, 2.0]


def test_kinds_of_arrays_become_plain_ones():
    assert type(plain(np.array([[1.0, 2.0]]).view(np.matrix))) is np.ndarray
    masked = plain(np.ma.masked_array([1.0, 2.0], mask=[True, False]))
    assert type(masked) is np.ndarray
    assert np.array_equal(masked, [np.nan, 2.0], equal_nan=True)


def test_array_is_copied():
    x = np.zeros(2)
    kept = plain(x)
    kept_inside = plain([x])[0]
    x += 1
    assert kept.tolist() == kept_inside.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"x": 1}, "dict"),
        ({1, 2}, "set"),
        (b"1", "bytes"),
        ((k for k in range(3)), "generator"),
        (map(abs, [1]), "map"),
        (AlwaysEqual(), "AlwaysEqual"),
        (Broken(), "Broken"),
        (len, "function"),
        (plain, "function"),
        (np.add, "function"),
        (Frame, "class"),
        (..., "ellipsis"),
        (np, "module"),
        (np.array(["2024-01-01"], dtype="datetime64[D]"), "array of datetime64[D]"),
        (np.array([{}, 1], dtype=object)[0], "dict"),
    ],
)
def test_what_holds_no_numbers_is_named(value, kind):
    got = plain(value)
    assert isinstance(got, Odd)
    assert got.kind == kind
    assert len(repr(got)) <= 400


def test_coroutine_is_closed():
    async def step():
        return 1.0

    assert plain(step()).kind == "coroutine"  # a forgotten one would warn, which is an error here


@pytest.mark.parametrize(
    "value",
    [
        np.broadcast_to(0.0, MOST + 1),
        np.broadcast_to(0.0, (10**5, 10**5)),
        [0.0] * 10**7,
        [[0.0] * 1000] * 1000,
        range(10**12),
    ],
)
def test_what_is_far_too_large_is_not_read(value):
    assert isinstance(plain(value), Oversized)
    assert isinstance(plain((value, 1)), Oversized)


def test_list_that_holds_itself_is_not_read():
    endless = []
    endless.append(endless)
    assert isinstance(plain(endless), Oversized)
