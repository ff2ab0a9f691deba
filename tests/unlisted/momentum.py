"""Unlisted mistakes of chapter 07: the heavy ball, Nesterov's method, the matrix behind them."""

import math

import numpy as np

from tests.unlisted.parts import right, steps


def with_memory(step, first=lambda x0: x0):
    """Return a method whose step sees the point before: step(grad, x, previous, alpha, beta, k)."""

    def method(grad, x0, alpha, beta, n_steps):
        x0 = np.array(x0, dtype=float)
        path = [first(x0), x0]
        for k in range(n_steps):
            path.append(step(grad, path[-1], path[-2], alpha, beta, k))
        return np.array(path[1:])

    return method


def averaged_end(method):
    """Return the method with the mean of the path so far in every row."""

    def mean(*given):
        path = np.asarray(method(*given))
        return np.cumsum(path, axis=0) / np.arange(1, len(path) + 1)[:, None]

    return mean


def ahead_with_first_gradient(grad, x0, alpha, beta, n_steps):
    g = grad(x0)
    return right("nesterov")(lambda x: g, x0, alpha, beta, n_steps)


def restarted(grad, x, previous, alpha, beta, k):
    g = grad(x)
    return x - alpha * g + (beta * (x - previous) if g @ (x - previous) < 0 else 0)


def coordinates_in_turn(grad, x, previous, alpha, beta, k):
    new = x.copy()
    for i in range(len(x)):
        new[i] += beta * (x[i] - previous[i]) - alpha * grad(new)[i]
    return new


def of_rows(row):
    return lambda alpha, beta, lam: np.array([row(alpha, beta, lam), [1, 0]])


def power_of_ten(M):
    return np.linalg.norm(np.linalg.matrix_power(np.asarray(M, dtype=float), 10)) ** 0.1


def counts(plain, heavy, start=0):
    def saved(kappa, eps):
        if kappa == 1:
            return 1
        found = []
        for rate in (plain(kappa), heavy(kappa)):
            k = start
            while rate**k > eps:
                k += 1
            found.append(k - start)
        return found[0] / found[1]

    return saved


def rate(kappa):
    return (kappa - 1) / (kappa + 1)


MISTAKES = {
    "heavy-ball-step": [
        lambda x, x_previous, g, alpha, beta: x - alpha * g + beta * np.abs(x - x_previous),
        lambda x, x_previous, g, alpha, beta: x - alpha * g + beta * x_previous,
        lambda x, x_previous, g, alpha, beta: x - alpha * g + beta * x,
        lambda x, x_previous, g, alpha, beta: x - alpha * g + (1 - beta) * (x - x_previous),
        lambda x, x_previous, g, alpha, beta: x - alpha * g + beta**2 * (x - x_previous),
        lambda x, x_previous, g, alpha, beta: x - alpha * g / np.linalg.norm(g) + beta * (x - x_previous),
        lambda x, x_previous, g, alpha, beta: (1 - beta) * (x - alpha * g) + beta * x_previous,
        lambda x, x_previous, g, alpha, beta: (x - alpha * g + beta * (x - x_previous), x),
    ],
    "heavy-ball": [
        with_memory(
            lambda grad, x, previous, alpha, beta, k: x - alpha * grad(previous) + beta * (x - previous)
        ),
        with_memory(lambda grad, x, previous, alpha, beta, k: x - alpha * grad(x) + beta**k * (x - previous)),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: x - alpha * grad(x) + (1 - beta) * (x - previous)
        ),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: x - alpha * (grad(x) + beta * grad(previous) * (k > 0))
        ),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: x - alpha * grad(x) / (k + 1) + beta * (x - previous)
        ),
        with_memory(restarted),
        with_memory(coordinates_in_turn),
        averaged_end(right("heavy-ball")),
        lambda *given: right("heavy-ball")(*given)[::-1],
        lambda grad, x0, alpha, beta, n_steps: steps(
            x0, lambda x, k: x - alpha / (1 - beta) * grad(x), n_steps
        ),
    ],
    "momentum-matrix": [
        of_rows(lambda alpha, beta, lam: [1 + beta - (alpha * lam) ** 2, -beta]),
        of_rows(lambda alpha, beta, lam: [1 + beta - alpha * lam / 2, -beta]),
        of_rows(lambda alpha, beta, lam: [1 + beta - alpha * lam, -(beta**2)]),
        of_rows(lambda alpha, beta, lam: [1 + beta - lam, -beta]),
        of_rows(lambda alpha, beta, lam: [1 + beta - alpha / lam, -beta]),
        of_rows(lambda alpha, beta, lam: [1 + beta - alpha * lam, -beta * alpha * lam]),
        lambda alpha, beta, lam: np.array([1 + beta - alpha * lam, -beta, 1, 0]),
        lambda alpha, beta, lam: np.array([[1 + beta - alpha * lam, -beta], [1, 0]]) @ [1.0, 1.0],
        lambda alpha, beta, lam: np.linalg.eigvals(right("momentum-matrix")(alpha, beta, lam)),
    ],
    "spectral-radius": [
        lambda M: np.abs(M).max(),
        lambda M: abs(np.linalg.eigvals(M)[len(M) // 2]),
        lambda M: np.linalg.norm(M, 1),
        lambda M: np.linalg.norm(M, np.inf),
        lambda M: np.abs(np.diag(M)).max(),
        lambda M: np.abs(np.linalg.eigvals(M)).mean(),
        lambda M: np.abs(np.linalg.eigvals(M)).sum(),
        lambda M: np.abs(np.linalg.eigvalsh((M + M.T) / 2)).max(),
        lambda M: abs(np.linalg.det(M)) ** (1 / len(M)),
        lambda M: sum(np.abs([np.linalg.eigvals(M)[0].real, np.linalg.eigvals(M)[0].imag])),
        lambda M: min(1.0, np.abs(np.linalg.eigvals(M)).max()),
        power_of_ten,
    ],
    "critical-damping": [
        lambda alpha, lam: math.sqrt(1 - min(alpha * lam, 1)),
        lambda alpha, lam: (1 - math.sqrt(alpha * lam)) / (1 + math.sqrt(alpha * lam)),
        lambda alpha, lam: 1 - math.sqrt(alpha * lam) ** 2 / 4,
        lambda alpha, lam: (1 - math.sqrt(alpha) * math.sqrt(lam) / 2) ** 2,
        lambda alpha, lam: max(0.0, 1 - math.sqrt(alpha * lam)) ** 2,
        lambda alpha, lam: min((1 - math.sqrt(alpha * lam)) ** 2, 0.9),
        lambda alpha, lam: (2 - math.sqrt(alpha * lam)) ** 2 / 4,
    ],
    "optimal-heavy-ball": [
        lambda L, mu: (4 / (L + mu) ** 2, right("optimal-heavy-ball")(L, mu)[1]),
        lambda L, mu: ((1 / (L**0.5 + mu**0.5)) ** 2, right("optimal-heavy-ball")(L, mu)[1]),
        (
            lambda L, mu: (2 / (L**0.5 + mu**0.5) ** 2, right("optimal-heavy-ball")(L, mu)[1]),
            "brackets missing",
        ),
        lambda L, mu: (
            right("optimal-heavy-ball")(L, mu)[0],
            (L**0.5 - mu**0.5) ** 2 / (L**0.5 + mu**0.5),
        ),
        lambda L, mu: (right("optimal-heavy-ball")(L, mu)[0], (1 - mu / L) ** 2),
        lambda L, mu: (right("optimal-heavy-ball")(L, mu)[0], (1 - (mu / L) ** 0.5) ** 2),
        lambda L, mu: (1 / L, right("critical-damping")(1 / L, mu)),
        lambda L, mu: right("optimal-heavy-ball")(L, mu)[0],
        lambda L, mu: (right("optimal-heavy-ball")(mu, L)[0], -right("optimal-heavy-ball")(L, mu)[1]),
    ],
    "nesterov": [
        with_memory(
            lambda grad, x, previous, alpha, beta, k: (
                x + beta * (x - previous) - alpha * (grad(x) + grad(x + beta * (x - previous))) / 2
            )
        ),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: (
                x + beta * (x - previous) - alpha * grad(previous + beta * (x - previous))
            )
        ),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: (
                x - alpha * grad(x) + beta * (x - alpha * grad(x) - previous + alpha * grad(previous))
            )
        ),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: (
                x + beta**2 * (x - previous) - alpha * grad(x + beta**2 * (x - previous))
            )
        ),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: (
                x + beta * (x - previous) - alpha * grad(x - alpha * grad(x) + beta * (x - previous))
            )
        ),
        with_memory(
            lambda grad, x, previous, alpha, beta, k: (
                x + beta * (x - previous) - alpha * beta * grad(x + beta * (x - previous))
            )
        ),
        averaged_end(right("nesterov")),
        ahead_with_first_gradient,
    ],
    "steps-saved": [
        counts(rate, lambda kappa: rate(kappa**0.5), start=-1),
        # one short is what rounding down gives
        (counts(rate, lambda kappa: rate(kappa**0.5), start=1), "floor"),
        counts(rate, lambda kappa: rate(kappa) ** 0.5),
        counts(rate, lambda kappa: rate(kappa) ** 2),
        counts(lambda kappa: 1 - 1 / kappa, lambda kappa: 1 - 1 / kappa**0.5),
        lambda kappa, eps: (
            math.ceil(kappa * math.log(1 / eps) / 2) / math.ceil(kappa**0.5 * math.log(1 / eps) / 2)
        ),
        lambda kappa, eps: (kappa + 1) / (2 * kappa**0.5),
        lambda kappa, eps: math.sqrt(right("steps-saved")(kappa, eps)),
        lambda kappa, eps: round(right("steps-saved")(kappa, eps), 2),
    ],
}
