"""Say what is wrong with an argument: its name, what was expected and what came.

Every numeric module checks what it is given here, so that the same mistake gets the same sentence everywhere.
"""

from __future__ import annotations

import operator

import numpy as np


def number(
    name: str,
    value: object,
    low: float = -np.inf,
    high: float = np.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> float:
    """Return `value` as a float if it is one finite number with low <= value <= high, or < where open.

    Raises ValueError with the name, what was expected and what came.

    >>> number("c", 0.5, 0, 1, open_low=True)
    0.5
    >>> number("ridge", -1, low=0)
    Traceback (most recent call last):
    ValueError: ridge must be a number >= 0, got -1
    """
    given = np.asarray(value)
    x = float(given) if given.ndim == 0 and given.dtype.kind in "iuf" else np.nan
    inside = (x > low if open_low else x >= low) and (x < high if open_high else x <= high)
    if not (inside and np.isfinite(x)):
        limits = [f"{'>' if open_low else '>='} {low:g}"] if low > -np.inf else []
        limits += [f"{'<' if open_high else '<='} {high:g}"] if high < np.inf else []
        expected = " ".join(["a number", " and ".join(limits)]) if limits else "a finite number"
        raise ValueError(f"{name} must be {expected}, got {value!r}")
    return x


def whole_number(name: str, value: object, low: int = 0) -> int:
    """Return `value` as an int if it is a whole number with value >= low; 3.0 is not one.

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
        count = None
    if count is None or count < low:
        raise ValueError(f"{name} must be a whole number >= {low}, got {value!r}")
    return count


def array(name: str, value: object, ndim: int | None = None, shape: tuple | None = None) -> np.ndarray:
    """Return `value` as a read-only copy of finite floats, with the number of axes or the shape asked for.

    Raises ValueError with the name, what was expected and what came.

    >>> array("b", [1, 2], shape=(2,))
    array([1., 2.])
    >>> array("b", [1, 2], shape=(3,))
    Traceback (most recent call last):
    ValueError: b must have shape (3,), got shape (2,)
    """
    values = np.array(_floats(name, value))
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


def semidefinite(
    name: str, value: object, d: int | None = None, definite: bool = False, many: bool = False
) -> np.ndarray:
    """Return `value` as a read-only symmetric matrix (d, d), positive semidefinite, or positive definite if asked for.

    With `many` it may be (..., d, d), a matrix for each run. Symmetric to 1e-12 of its largest entry; an eigenvalue
    below 1e-12 of the largest counts as 0. Raises ValueError with the name, what was expected and what came.

    >>> semidefinite("Q", [[2, 1], [1, 2]]).tolist()
    [[2.0, 1.0], [1.0, 2.0]]
    >>> semidefinite("Q", [[1, 2], [2, 1]])
    Traceback (most recent call last):
    ValueError: Q must be positive semidefinite, got a smallest eigenvalue of -1
    """
    return with_eigenvalues(name, value, d, definite, many)[0]


def with_eigenvalues(
    name: str, value: object, d: int | None = None, definite: bool = False, many: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return what `semidefinite` does, and the eigenvalues (..., d) in rising order.

    Raises ValueError as that does.

    >>> with_eigenvalues("Q", [[2, 1], [1, 2]])[1].round(12).tolist()
    [1.0, 3.0]
    """
    Q = array(name, value, ndim=None if many or d else 2, shape=None if d is None else (d, d))
    if Q.ndim < 2 or Q.shape[-1] != Q.shape[-2]:
        raise ValueError(f"{name} must have shape {'(..., d, d)' if many else '(d, d)'}, got shape {Q.shape}")
    if not np.array_equal(Q, Q.swapaxes(-1, -2)) and not _symmetric(Q):
        raise ValueError(f"{name} must be a symmetric matrix, got {Q.tolist()}")
    lam = np.linalg.eigvalsh(Q)
    smallest, zero = lam[..., 0], 1e-12 * np.max(np.abs(lam), axis=-1)
    if np.any(smallest <= zero if definite else smallest < -zero):
        kind = "definite" if definite else "semidefinite"
        raise ValueError(f"{name} must be positive {kind}, got a smallest eigenvalue of {smallest.min():g}")
    return Q, lam


def _symmetric(Q: np.ndarray) -> bool:
    apart = np.max(np.abs(Q - Q.swapaxes(-1, -2)), axis=(-2, -1))
    return bool(np.all(apart <= 1e-12 * np.max(np.abs(Q), axis=(-2, -1))))


def points(name: str, value: object) -> np.ndarray:
    """Return `value` as floats of shape (..., d); inf and nan may be where a run has diverged to.

    Raises ValueError with the name, what was expected and what came.

    >>> points("x", [1, 2])
    array([1., 2.])
    >>> points("x", 3)
    Traceback (most recent call last):
    ValueError: x must have shape (..., d), coordinates last, got 3
    """
    x = _floats(name, value)
    if x.ndim == 0:
        raise ValueError(f"{name} must have shape (..., d), coordinates last, got {value!r}")
    return x


def step_sizes(name: str, value: object) -> np.ndarray:
    """Return `value` as an array of step sizes, 0 <= alpha < inf.

    Raises ValueError with the name, what was expected and what came.

    >>> step_sizes("alpha", [0.1, -0.1])
    Traceback (most recent call last):
    ValueError: alpha must be finite and >= 0, got -0.1
    """
    alpha = _floats(name, value)
    fine = np.isfinite(alpha) & (alpha >= 0)
    if not fine.all():
        raise ValueError(f"{name} must be finite and >= 0, got {alpha[~fine][0]}")
    return alpha


def runs(shapes: dict[str, tuple]) -> tuple:
    """Return the one shape of runs that these shapes broadcast to, 1 standing for any length.

    Raises ValueError with the names and shapes if there is none.

    >>> runs({"x0": (5, 1), "alpha": (3,)})
    (5, 3)
    >>> runs({"x0": (5,), "alpha": (3,)})
    Traceback (most recent call last):
    ValueError: x0 and alpha must broadcast to one shape of runs, got x0 (5,) and alpha (3,)
    """
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        got = " and ".join(f"{name} {shape}" for name, shape in shapes.items())
        names = " and ".join(shapes)
        raise ValueError(f"{names} must broadcast to one shape of runs, got {got}") from None


def generator(name: str, value: object) -> np.random.Generator:
    """Return `value` if it is a random generator of NumPy's.

    Raises ValueError with the name, what was expected and what came.

    >>> generator("rng", 0)
    Traceback (most recent call last):
    ValueError: rng must be a numpy.random.Generator, got 0
    """
    if not isinstance(value, np.random.Generator):
        raise ValueError(f"{name} must be a numpy.random.Generator, got {value!r}")
    return value


def _floats(name, value):
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, got {value!r}") from None
