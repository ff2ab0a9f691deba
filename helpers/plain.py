"""Turn whatever a learner's function returned into plain data: numbers, texts, arrays, lists and tuples of them.

Done right after the call, where time is limited: what is compared, shown and sent on afterwards cannot run the
learner's code any more, and cannot be changed by a later call.
"""

import collections
import decimal
import inspect
import numbers
import reprlib
import types
from dataclasses import dataclass

import numpy as np

MOST = 4_000_000  # numbers in an array; an exercise expects far fewer
MOST_LISTED = 400_000  # the same in lists, which are slower to read
DEEPEST = 32  # lists in lists


@dataclass(frozen=True)
class Odd:
    """Something that holds no numbers: `kind` says what it is, `shown` how it looks."""

    kind: str
    shown: str

    def __repr__(self) -> str:
        return self.shown


@dataclass(frozen=True)
class Oversized(Odd):
    """Something with far more in it than any exercise expects; it was not read."""


def plain(value: object) -> object:
    """Return `value` as None, a truth value, number, text or array, a list or tuple of them, or as `Odd`.

    Arrays are copied; kinds of arrays (matrix, masked, pandas, anything with `__array__`) become plain ones, masked
    entries nan. Numbers of other kinds (fractions, decimals) become floats.

    >>> from fractions import Fraction
    >>> plain((Fraction(1, 4), [np.float32(2), range(2)]))
    (0.25, [2.0, [0, 1]])
    >>> plain({"x": 1}).kind
    'dict'
    """
    return _Reader().read(value)


class _Reader:
    def __init__(self) -> None:
        self.room = MOST_LISTED

    def read(self, value: object, depth: int = 0) -> object:
        if value is None or isinstance(value, (bool, np.bool_)):
            return value if value is None else bool(value)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, np.ndarray):
            # An array of objects would turn None into nan by itself: read it object by object.
            return self.read(value.tolist(), depth) if value.dtype.kind == "O" else _array(value)
        if isinstance(value, (numbers.Number, np.number, decimal.Decimal)):
            return _number(value)
        if isinstance(value, (list, tuple, range, collections.deque)):
            return self.sequence(value, depth)
        if hasattr(type(value), "__array__"):
            return _converted(value)
        return _odd(value)

    def sequence(self, values: list | tuple | range | collections.deque, depth: int) -> object:
        self.room -= len(values)
        if self.room < 0 or depth > DEEPEST:
            return Oversized(type(values).__name__, f"<a {type(values).__name__} of {len(values)} items>")
        read = []
        for value in values:
            item = self.read(value, depth + 1)
            if isinstance(item, Oversized):
                return item
            read.append(item)
        return tuple(read) if isinstance(values, tuple) else read


def _number(value) -> object:
    if isinstance(value, (complex, np.complexfloating)):
        return complex(value)
    if isinstance(value, (int, np.integer)):
        whole = int(value)
        # Beyond any array's whole numbers; int() of it back would be a text of any length.
        return whole if abs(whole) < 2**63 else _as_float(whole)
    return _as_float(value)


def _as_float(value) -> object:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    except (TypeError, ValueError):
        return _odd(value)


def _array(values: np.ndarray) -> object:
    if values.size > MOST:
        return Oversized("array", f"<an array of shape {values.shape}>")
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(float), np.nan)
    kind = values.dtype.kind
    if kind in "biufc":
        copy = np.array(values)
        return copy.astype(float) if copy.dtype == np.longdouble else copy
    if kind == "U" and values.size <= MOST_LISTED:
        return values.tolist()
    return Odd(f"array of {values.dtype}", f"<an array of {values.dtype}, shape {values.shape}>")


def _converted(value) -> object:
    try:
        array = np.asarray(value)
    except Exception as error:  # the learner's own __array__ may raise anything: then these are no numbers
        return Odd(type(value).__name__, f"<{type(value).__name__}: {type(error).__name__} as an array>")
    return _array(array)


def _odd(value: object) -> Odd:
    kind = type(value).__name__
    if isinstance(value, type):
        kind = "class"
    elif isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc)):
        kind = "function"
    elif inspect.iscoroutine(value):
        value.close()  # else Python complains later that nobody waited for it
    try:
        shown = reprlib.repr(value)
    except Exception as error:  # the learner's own __repr__ may raise anything
        shown = f"<{kind}, and {type(error).__name__} when shown>"
    return Odd(kind, str(shown)[:400])
