"""Numbers as a caption says them."""

from __future__ import annotations

import math

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def say(value: float, digits: int = 3) -> str:
    """Return a number with so many digits, without trailing zeros, powers of ten written out.

    >>> say(0.25), say(-1.0), say(310421.7), say(2.5e-7), say(float("inf"))
    ('0.25', '−1', '3.1 × 10⁵', '2.5 × 10⁻⁷', 'beyond all numbers')
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "beyond all numbers"
    size = abs(value)
    if size and not 1e-3 <= size < 1e5:
        mantissa, exponent = f"{value:.1e}".split("e")
        mantissa = mantissa.removesuffix(".0")
        return f"{mantissa} × 10{str(int(exponent)).translate(SUPERSCRIPT)}".replace("-", "−")
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:.10f}".rstrip("0").rstrip(".").replace("-", "−")


def count(n: int, thing: str) -> str:
    """Return "1 step", "2 steps".

    >>> count(1, "step"), count(20, "step")
    ('1 step', '20 steps')
    """
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def place(point) -> str:
    """Return the coordinates of a point in brackets.

    >>> place([1.0, -0.5])
    '(1, −0.5)'
    """
    return f"({', '.join(say(float(value)) for value in point)})"
