"""Compare what a learner's function returned with what was expected, and say the difference in words.

A returned value may be a Python number, a NumPy scalar, a list, a tuple or an array: whatever holds the right
numbers in the right shape is right.
"""

from dataclasses import dataclass

import numpy as np

from helpers.plain import Odd, Oversized

RTOL = 1e-5  # leaves room for float32 and for another order of summation; a mistake is far larger


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: `kind` for the machine, `sentence` for the learner."""

    kind: str
    sentence: str


def compare(returned: object, expected: object, rtol: float = RTOL) -> Fault | None:
    """Return None where `returned` agrees with `expected`, else the `Fault`.

    Numbers agree when |returned - expected| <= rtol * max|expected| + 1e-12 in every entry, and where both
    are the same infinity; nan agrees with nan only. Texts, truth values and whole numbers must be equal. A
    tuple or list expects its parts in order, from any list, tuple or array.

    >>> compare([1, 2], np.array([1.0, 2.0]))
    >>> compare(np.ones(3), np.ones(2)).sentence
    'the result has shape (3,), and it should be (2,)'
    """
    if returned is None:
        return Fault("none", "your function returned None: does it end with a `return`?")
    if isinstance(expected, str):
        return _compare_text(returned, expected)
    if isinstance(expected, (bool, np.bool_)):
        return _compare_truth(returned, bool(expected))
    if isinstance(expected, (tuple, list)):
        return _compare_parts(returned, expected, rtol)
    if isinstance(expected, (int, np.integer)):
        rtol = 0.0  # a count is right or wrong, however large
    return _compare_numbers(returned, np.asarray(expected, dtype=float), rtol)


def as_numbers(returned: object) -> np.ndarray | Fault:
    """Return the numbers in `returned` as a float array, or the `Fault` that says why there are none.

    >>> as_numbers([1, [2, 3]]).sentence
    'the result cannot be read as an array of numbers: its rows have different lengths or types'
    """
    if returned is None:
        return Fault("none", "your function returned None: does it end with a `return`?")
    if isinstance(returned, Oversized):
        return Fault("size", f"the result is far larger than it should be: {returned.shown}")
    if isinstance(returned, Odd) and returned.kind in MEANT:
        return Fault("type", f"the result is a {returned.kind}: {MEANT[returned.kind]}")
    if isinstance(returned, (Odd, str, bytes, dict, set)) or callable(returned):
        return Fault("type", f"the result is {a_kind(returned)}, and numbers are expected")
    try:
        array = np.array(returned)
        if array.dtype.kind == "O":
            if any(item is None for item in array.flat):  # which astype would turn into nan
                return Fault("type", "the result has None in it, and numbers are expected")
            array = array.astype(float)
    except (TypeError, ValueError):
        return Fault(
            "type",
            "the result cannot be read as an array of numbers: its rows have different lengths or types",
        )
    if array.dtype.kind == "b":
        return Fault("type", "the result is True or False, and numbers are expected")
    if array.dtype.kind == "c":
        return Fault("complex", "the result is complex, and real numbers are expected")
    if array.dtype.kind not in "iuf":
        return Fault("type", "the result holds texts, and numbers are expected")
    return array.astype(float)


def a_kind(thing: object) -> str:
    """Return what a thing is, in words.

    >>> a_kind(np.ones(2)), a_kind("one"), a_kind({})
    ('an array', 'a text', 'a dict')
    """
    for kind, words in KINDS.items():
        if isinstance(thing, kind):
            return words
    kind = thing.kind if isinstance(thing, Odd) else type(thing).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


KINDS = {
    type(None): "None",
    str: "a text",
    (bool, np.bool_): "True or False",
    (int, float, np.number): "a number",
    np.ndarray: "an array",
}


MEANT = {
    "function": "call it, and return what it gives",
    "generator": "return a list or an array of what it yields",
    "coroutine": "write def, not async def",
}


def _compare_text(returned: object, expected: str) -> Fault | None:
    if isinstance(returned, np.ndarray) or not isinstance(returned, str):
        return Fault("type", f"the result is {a_kind(returned)}, and one of the names is expected")
    if returned == expected:
        return None
    sentence = f'the answer is "{expected}", and yours is "{returned[:60]}"'
    if _letters(returned) == _letters(expected):
        sentence += ": capital letters, hyphens and spaces count"
    return Fault("value", sentence)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _compare_truth(returned: object, expected: bool) -> Fault | None:
    if isinstance(returned, np.ndarray) and returned.shape == ():
        returned = returned[()]
    if not isinstance(returned, (bool, np.bool_)):
        return Fault("type", f"the result is {a_kind(returned)}, and True or False is expected")
    return None if bool(returned) == expected else Fault("value", f"the answer is {expected}")


def _compare_parts(returned: object, expected: tuple | list, rtol: float) -> Fault | None:
    if not isinstance(returned, (list, tuple, np.ndarray)):
        return Fault("type", f"the result is {a_kind(returned)}, and {len(expected)} values are expected")
    count = 1 if isinstance(returned, np.ndarray) and returned.ndim == 0 else len(returned)
    if count != len(expected):
        return Fault("shape", f"the result has {count} values, and {len(expected)} are expected")
    for place, (part, right) in enumerate(zip(returned, expected, strict=True), start=1):
        fault = compare(part, right, rtol)
        if fault:
            return Fault(f"{fault.kind}-{place}", f"value {place} of {len(expected)}: {fault.sentence}")
    return None


def _compare_numbers(returned: object, expected: np.ndarray, rtol: float) -> Fault | None:
    numbers = as_numbers(returned)
    if isinstance(numbers, Fault):
        return numbers
    if numbers.shape != expected.shape:
        return Fault("shape", _shapes(numbers.shape, expected.shape))
    if np.isnan(numbers).any() and not np.isnan(expected).any():
        return Fault("nan", "the result has nan in it (0/0, inf - inf, or the root of a negative number)")
    if agree(numbers, expected, rtol):
        return None
    return Fault("value", _first_difference(numbers, expected, rtol))


def agree(numbers: np.ndarray, expected: np.ndarray, rtol: float = RTOL) -> bool:
    """Return whether two float arrays of one shape agree, as `compare` defines it."""
    return bool(_agreeing(numbers, expected, rtol).all())


def _agreeing(numbers: np.ndarray, expected: np.ndarray, rtol: float) -> np.ndarray:
    finite = expected[np.isfinite(expected)]
    tolerance = rtol * np.abs(finite).max(initial=0.0) + 1e-12
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(numbers - expected) <= tolerance
    same = (numbers == expected) | (np.isnan(numbers) & np.isnan(expected))
    return np.where(np.isfinite(expected), close, same)


def _shapes(got: tuple, wanted: tuple) -> str:
    if wanted == ():
        return f"the result has shape {got}, and it should be one number"
    if got == ():
        return f"the result is one number, and it should be an array of shape {wanted}"
    return f"the result has shape {got}, and it should be {wanted}"


def _first_difference(numbers: np.ndarray, expected: np.ndarray, rtol: float) -> str:
    place = tuple(int(i) for i in np.argwhere(~_agreeing(numbers, expected, rtol))[0])
    subject = f"entry [{', '.join(map(str, place))}]" if place else "the result"
    got, wanted = _apart(float(numbers[place]), float(expected[place]))
    return f"{subject} is {got}, and it should be {wanted}"


def _apart(got: float, wanted: float) -> tuple[str, str]:
    """Both numbers, with so many digits that they look different."""
    short = f"{got:.8g}", f"{wanted:.8g}"
    return short if short[0] != short[1] else (repr(got), repr(wanted))
