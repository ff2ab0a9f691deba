"""Unlisted mistakes of chapter 00: heights and slopes."""

import numpy as np

from tests.unlisted.parts import right


def five_points(f, x, h):
    g = np.zeros(len(x))
    for i, e in enumerate(np.eye(len(x))):
        g[i] = (f(x - 2 * h * e) - 8 * f(x - h * e) + 8 * f(x + h * e) - f(x + 2 * h * e)) / (12 * h)
    return g


def second_differences(f, x, h):
    return [(f(x + h * e) - 2 * f(x) + f(x - h * e)) / h**2 for e in np.eye(len(x))]


def first_two_coordinates(f, x, h):
    return [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))[:2]]


MISTAKES = {
    "evaluate-cost": [
        lambda x, y: 2 * (x - 3) ** 2 + (y + 1) ** 2 + 2 * (x + y),
        lambda x, y: 2 * (x - 3) ** 2 + y**2 + 1 + 2 * x * y,
        lambda x, y: abs(right("evaluate-cost")(x, y)),
        lambda x, y: round(right("evaluate-cost")(x, y), 1),
    ],
    "cost-gradient": [
        (lambda x, y: [4 * x - 3 + 2 * y, 2 * y + 1 + 2 * x], "brackets missing"),
        lambda x, y: [4 * (x - 3) + 2 * y, 2 * (y - 1) + 2 * x],
        lambda x, y: [4 * (x - 3), 2 * (y + 1), 2 * x * y],
        lambda x, y: right("cost-gradient")(x, y) / np.linalg.norm(right("cost-gradient")(x, y)),
    ],
    "finite-difference-gradient": [
        five_points,
        second_differences,
        first_two_coordinates,
        lambda f, x, h: [(f(x[i] + h) - f(x[i] - h)) / (2 * h) for i in range(len(x))],
        lambda f, x, h: [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in x],
        lambda f, x, h: right("finite-difference-gradient")(f, x, max(h, 0.01)),
        lambda f, x, h: np.abs(right("finite-difference-gradient")(f, x, h)),
        lambda f, x, h: right("finite-difference-gradient")(f, x, 2 * h),
        lambda f, x, h: right("finite-difference-gradient")(f, x, h).sum(),
    ],
}
