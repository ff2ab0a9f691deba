"""What is written for the capstone: the mistakes, and three methods as good as the course's own."""

import numpy as np

from helpers.applications.capstone import accelerated, capstone, shrinking_steps


def fixed(alpha):
    def capstone(oracle, x0, budget):
        x = np.array(x0, dtype=float)
        for _ in range(budget):
            x = x - alpha * oracle(x)
        return x

    return capstone


def _probed(oracle, x0):
    """The gradient at x0 and the curvature along it, for two calls."""
    x0 = np.array(x0, dtype=float)
    g = oracle(x0)
    length = np.linalg.norm(g)
    if length == 0:
        return x0, g, 0.0
    return x0, g, np.linalg.norm(oracle(x0 - 1e-4 * g / length) - g) / 1e-4


def plain_descent(factor):
    def capstone(oracle, x0, budget):
        x, g, L = _probed(oracle, x0)
        for _ in range(budget - 2):
            if not g.any():
                return x
            x = x - factor * g / L
            g = oracle(x)
        return x

    return capstone


def accelerates(oracle, x0, budget, steps=None):
    x, g, L = _probed(oracle, x0)
    return x if not g.any() else accelerated(oracle, x, g, L, steps or budget - 2)


def never_asks_twice(oracle, x0, budget):
    """Right where answers are exact, and blind to noise."""
    x, g, L = _probed(oracle, x0)
    if not g.any():
        return x
    if 1e-9 * np.linalg.norm(g) > 1e-4 * L:
        return shrinking_steps(oracle, x, 0.2, budget - 2)
    return accelerated(oracle, x, g, L, budget - 2)


def last_of_constant_steps(oracle, x0, budget):
    g, again = oracle(x0), oracle(x0)
    if not np.any(g != again):
        return never_asks_twice(oracle, x0, budget - 2)
    x, v, L = np.array(x0, dtype=float), 0.0 * g, np.linalg.norm(g) / 3
    for _ in range(budget - 2):
        v = 0.5 * v - oracle(x) / L
        x = x + v
    return x


def overspends(oracle, x0, budget):
    x = np.array(x0, dtype=float)
    for _ in range(budget):
        _, g, L = _probed(oracle, x)
        x = x - g / (L or 1)
    return x


def one_too_many(oracle, x0, budget):
    x, g, L = _probed(oracle, x0)
    return accelerated(oracle, x, g, L or 1, budget)


def goes_on_after_the_refusal(oracle, x0, budget):
    x, g, L = _probed(oracle, x0)
    try:
        while True:
            x = x - g / (L or 1)
            g = oracle(x)
    except RuntimeError:
        return x


def small_gradient(tolerance):
    def capstone(oracle, x0, budget):
        x, g, L = _probed(oracle, x0)
        for _ in range(budget - 2):
            if np.linalg.norm(g) < tolerance:
                return x
            x = x - g / L
            g = oracle(x)
        return x

    return capstone


def always(steps):
    return lambda oracle, x0, budget: accelerates(oracle, x0, budget, steps)


def whole_hessian(oracle, x0, budget):
    x = np.array(x0, dtype=float)
    while budget > 0:
        g = oracle(x)
        H = np.array([(oracle(x + 1e-4 * e) - g) / 1e-4 for e in np.eye(len(x))])
        x = x - np.linalg.lstsq(H, g, rcond=None)[0]
        budget -= 2 * (len(x) + 1)
    return x


def returns_the_start(oracle, x0, budget):
    capstone(oracle, x0, budget)
    return x0


def forgets_to_move(oracle, x0, budget):
    return np.array(x0)


def returns_the_path(oracle, x0, budget):
    path = [np.array(x0, dtype=float)]
    _, g, L = _probed(oracle, x0)
    for _ in range(budget - 2):
        path.append(path[-1] - g / (L or 1))
        g = oracle(path[-1])
    return np.array(path)


def uphill(alpha):
    return fixed(-alpha)


def uphill_by_curvature(oracle, x0, budget):
    return plain_descent(-1.0)(oracle, x0, budget)


def adam_with_shrinking_steps(oracle, x0, budget):
    """Adam from 0.3 down to 0, and the mean of its last quarter."""
    x, tail = np.array(x0, dtype=float), []
    m = v = np.zeros(len(x))
    for t in range(1, budget + 1):
        g = oracle(x)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        alpha = 0.3 * (1 - (t - 1) / budget)
        x = x - alpha * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-300)
        if t > 0.75 * budget:
            tail.append(x)
    return np.mean(tail, axis=0)


def barzilai_borwein(oracle, x0, budget):
    """The step that the last two gradients suggest (Barzilai and Borwein 1988), where they can be trusted."""
    x0, g, L = _probed(oracle, x0)
    if not g.any():
        return x0
    if np.any(oracle(x0) != g) or 1e-9 * np.linalg.norm(g) > 1e-4 * L:
        return shrinking_steps(oracle, x0, 0.15, budget - 3).tolist()
    x, alpha, enough = x0, 1 / L, 1e-10 * np.linalg.norm(g)
    for k in range(budget - 3):
        moved = -alpha * g
        x, last = x + moved, g
        g = oracle(x)
        change = g - last
        if np.linalg.norm(g) < enough:
            break
        along = abs(moved @ change)
        alpha = moved @ moved / along if k % 2 else along / (change @ change)
    return x


def heavy_ball_of_unit_steps(oracle, x0, budget):
    """The heavy ball with its velocity normalised: steps of 0.2 that shrink to 0, whatever the landscape's height."""
    x = np.asarray(x0, dtype=np.float64)
    m = 0 * x
    for k in range(budget):
        m = 0.65 * m + 0.35 * oracle(x)
        length = np.linalg.norm(m)
        if length > 0:
            x = x - 0.2 * (1 - k / budget) * m / length
    return x
