"""Say what is wrong with an argument: its name, what was expected and what came.

Every numeric module checks what it is given here, so that the same mistake gets the same sentence everywhere.
"""

import operator

import numpy as np


def number(name, value, low=-np.inf, high=np.inf, open_low=False, open_high=False):
    """Return `value` as a float if it is one finite number in the interval from `low` to `high`.

    Raises ValueError with the name, what was expected and what came.

    >>> number("c", 0.5, 0, 1, open_low=True)
    0.5
    >>> number("ridge", -1, low=0)
    Traceback (most recent call last):
    ValueError: ridge must be a number >= 0, got -1
    """
    given = np.asarray(value)
    fits = given.ndim == 0 and given.dtype.kind in "biuf" and np.isfinite(given)
    fits = fits and (value > low if open_low else value >= low)
    fits = fits and (value < high if open_high else value <= high)
    if not fits:
        limits = [f"{'>' if open_low else '>='} {low}"] if low > -np.inf else []
        limits += [f"{'<' if open_high else '<='} {high}"] if high < np.inf else []
        raise ValueError(
            f"{name} must be {' '.join(['a number', ' and '.join(limits)]).strip()}, got {value!r}"
        )
    return float(value)


def whole_number(name, value, low=0):
    """Return `value` as an int if it is a whole number of at least `low`.

    Raises ValueError with the name, what was expected and what came.

    >>> whole_number("n_steps", np.int64(3))
    3
    >>> whole_number("n_steps", 2.5)
    Traceback (most recent call last):
    ValueError: n_steps must be a whole number >= 0, got 2.5
    """
    try:
        count = operator.index(value)
    except TypeError:
        count = low - 1
    if count < low:
        raise ValueError(f"{name} must be a whole number >= {low}, got {value!r}")
    return count


def array(name, value, ndim=None, shape=None):
    """Return `value` as a fresh read-only array of floats, all finite, of the number of axes or the shape asked for.

    Raises ValueError with the name, what was expected and what came.

    >>> array("b", [1, 2], shape=(2,))
    array([1., 2.])
    >>> array("b", [1, 2], shape=(3,))
    Traceback (most recent call last):
    ValueError: b must have shape (3,), got shape (2,)
    """
    try:
        values = np.array(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, got {value!r}") from None
    if ndim is not None and values.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} axes, got shape {values.shape}")
    if shape is not None and values.shape != tuple(shape):
        raise ValueError(f"{name} must have shape {tuple(shape)}, got shape {values.shape}")
    if values.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {values.shape}")
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must be finite, got {values[~np.isfinite(values)][0]} in it")
    values.setflags(write=False)
    return values


def point(name, value):
    """Return `value` as an array of floats of shape (..., d), nan and inf allowed: a run may have diverged.

    Raises ValueError with the name, what was expected and what came.

    >>> point("x", [1, 2])
    array([1., 2.])
    >>> point("x", 3)
    Traceback (most recent call last):
    ValueError: x must have shape (..., d), coordinates last, got a single number 3
    """
    try:
        x = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, got {value!r}") from None
    if x.ndim == 0:
        raise ValueError(f"{name} must have shape (..., d), coordinates last, got a single number {value!r}")
    return x


def step_sizes(name, value):
    """Return `value` as an array of step sizes, each >= 0 (inf and nan are refused).

    Raises ValueError with the name, what was expected and what came.

    >>> step_sizes("alpha", -0.1)
    Traceback (most recent call last):
    ValueError: alpha must be finite and >= 0, got -0.1
    """
    alpha = np.asarray(value, dtype=float)
    wrong = ~(np.isfinite(alpha) & (alpha >= 0))
    if wrong.any():
        raise ValueError(f"{name} must be finite and >= 0, got {alpha[wrong][0]}")
    return alpha
