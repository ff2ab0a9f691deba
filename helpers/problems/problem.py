"""What a problem is, how it is described in plain data, and how it is built again from its description."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

# A run that diverges reaches inf and nan: they are results here, not accidents, so no function warns of them.
silent = np.errstate(over="ignore", invalid="ignore")

CONSTRUCTORS: dict[str, Callable[..., Problem]] = {}


@dataclass(frozen=True, eq=False)
class Problem:
    """A function f to minimise, with |grad(x) - grad(y)| <= L |x - y| and what else is known about it.

    `f`, `grad` and `hess` take points of shape (..., d) and return (...), (..., d) and (..., d, d).
    `L` is None where the curvature has no bound. `mu` is the strong convexity constant, 0 for a convex
    function without it, None for a non-convex one. `minimiser` (d,) is None where there is none or it is not
    known; `window` ((low, high), ...) is a good view, None beyond two dimensions; `x0` (d,) is a start that
    shows something. `grad_t(x, t)` is there where each step t = 1, 2, ... sees another piece of f.

    >>> from helpers.problems import parabola
    >>> bowl = parabola(curvature=2.0)
    >>> bowl.f(np.array([3.0])), bowl.grad(np.array([3.0]))
    (np.float64(9.0), array([6.]))

    Source: Nesterov 2004, Introductory Lectures on Convex Optimization, section 2.1 (for L and mu).
    """

    name: str
    f: Callable = field(repr=False)
    grad: Callable = field(repr=False)
    hess: Callable | None = field(repr=False)
    dim: int
    L: float | None
    mu: float | None
    minimiser: np.ndarray | None = field(repr=False)
    window: tuple[tuple[float, float], ...] | None = field(repr=False)
    x0: np.ndarray = field(repr=False)
    convex: bool
    description: dict = field(repr=False)
    grad_t: Callable | None = field(default=None, repr=False)


def registered(constructor):
    CONSTRUCTORS[constructor.__name__] = constructor
    return constructor


def describe(constructor_name, **given):
    given = {name: value for name, value in given.items() if value is not None}
    return {"problem": constructor_name, "arguments": given}


def build(description: dict) -> Problem:
    """Return the problem f of a description, so that `build(p.description)` is p again, to the last bit.

    A description is {"problem": name of a constructor, "arguments": {name: number, array or string}}. Raises
    ValueError if it has another form, or a problem or an argument that is not known.

    >>> build({"problem": "parabola", "arguments": {"curvature": 4.0}}).L
    4.0
    >>> build({"problem": "hill", "arguments": {}})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: problem must be one of ..., got 'hill'
    """
    if not isinstance(description, dict) or set(description) != {"problem", "arguments"}:
        raise ValueError(f"description must have the keys 'problem' and 'arguments', got {description!r}")
    kind, given = description["problem"], description["arguments"]
    if not isinstance(kind, str) or kind not in CONSTRUCTORS:
        raise ValueError(f"problem must be one of {', '.join(sorted(CONSTRUCTORS))}, got {kind!r}")
    known, needed = _arguments(kind)
    if not isinstance(given, dict) or not needed <= set(given) <= set(known):
        raise ValueError(f"arguments of {kind} must be {', '.join(known) or 'none'}, got {given!r}")
    return CONSTRUCTORS[kind](**given)


@cache
def _arguments(kind: str) -> tuple[list[str], set[str]]:
    """Return the names of a constructor's arguments that a description may have, and those that it must have."""
    parameters = inspect.signature(CONSTRUCTORS[kind]).parameters.values()
    known = [parameter.name for parameter in parameters if parameter.name != "rng"]
    return known, {parameter.name for parameter in parameters if parameter.default is parameter.empty}


def frozen(values):
    values = np.array(values, dtype=float)
    values.setflags(write=False)
    return values


def away(d):
    """Where to start from a minimiser: far along the first axis, closer along the others."""
    return np.array([-3.0, *[1.5] * (d - 1)])


def view_around(centre, x0):
    """A square window about `centre` that shows `x0` with some room, where there are no more than two axes."""
    if len(centre) > 2:
        return None
    half = 1.4 * np.max(np.abs(x0 - centre))
    return tuple((float(c - half), float(c + half)) for c in centre)


def newton(grad, hess, x, most=60):
    """The zero of grad by Newton's method: a step is halved until |grad| falls, as far as rounding lets it."""
    for _ in range(most):
        g = grad(x)
        step = np.linalg.lstsq(hess(x), g, rcond=None)[0]
        while np.linalg.norm(grad(x - step)) >= np.linalg.norm(g):
            step = step / 2
            if np.linalg.norm(step) <= 1e-16 * np.linalg.norm(x):
                return frozen(x)
        x = x - step
    return frozen(x)
