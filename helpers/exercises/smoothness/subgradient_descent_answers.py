"""What is written for the subgradient method: one part of it done otherwise, and right answers."""

import numpy as np

from helpers.smoothness import subgradient_descent


def subgradient(A, b, x):
    r = A @ x - b
    size = np.linalg.norm(r)
    return A.T @ r / size if size > 0 else np.zeros(len(x))


def unguarded_direction(A, b, x):
    return A.T @ (A @ x - b) / np.linalg.norm(A @ x - b)


def method(
    subgradient=subgradient,
    step=lambda alpha0, k: alpha0 / np.sqrt(k + 1),
    best=lambda path, values: path[np.argmin(values)],
):
    """Return the method with one of its three parts exchanged."""

    def run(A, b, x0, alpha0, n_steps):
        path = np.empty((n_steps + 1, len(x0)))
        path[0] = x0
        for k in range(n_steps):
            path[k + 1] = path[k] - step(alpha0, k) * subgradient(A, b, path[k])
        return path, best(path, np.linalg.norm(path @ A.T - b, axis=1))

    return run


def best_by(measure):
    """Return the method that takes another measure of Ax - b for its length when it looks for the best point."""

    def run(A, b, x0, alpha0, n_steps):
        path, _ = subgradient_descent(A, b, x0, alpha0, n_steps)
        return path, path[np.argmin(measure(A, path @ A.T - b))]

    return run


def truncating(A, b, x0, alpha0, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(n_steps):
        path[k + 1] = path[k] - alpha0 / np.sqrt(k + 1) * subgradient(A, b, path[k])
    return path, path[np.argmin(np.linalg.norm(path @ A.T - b, axis=1))]


squared = method(lambda A, b, x: 2 * A.T @ (A @ x - b))
half_squared = method(lambda A, b, x: A.T @ (A @ x - b))
constant = method(step=lambda alpha0, k: alpha0)
harmonic = method(step=lambda alpha0, k: alpha0 / (k + 1))
late = method(step=lambda alpha0, k: alpha0 / np.sqrt(k + 2))
last = method(best=lambda path, values: path[-1])
worst = method(best=lambda path, values: path[np.argmax(values)])
shortest = method(best=lambda path, values: path[np.argmin(np.linalg.norm(path, axis=1))])
value = method(best=lambda path, values: values.min())
index = method(best=lambda path, values: np.argmin(values))
unguarded = method(unguarded_direction)
unit = method(lambda A, b, x: A.T @ (A @ x - b) / np.linalg.norm(A.T @ (A @ x - b)))
untransposed = method(lambda A, b, x: A @ (A @ x - b) / np.linalg.norm(A @ x - b))
chainless = method(lambda A, b, x: (A @ x - b) / np.linalg.norm(A @ x - b))
uphill = method(lambda A, b, x: -subgradient(A, b, x))
without_b = method(lambda A, b, x: subgradient(A, 0 * b, x))
best_without_the_start = method(
    best=lambda path, values: path[1:][np.argmin(values[1:])] if len(path) > 1 else path[0]
)
best_without_the_end = method(
    best=lambda path, values: path[np.argmin(values[:-1])] if len(path) > 1 else path[0]
)

MISTAKES = (
    squared, half_squared, constant, harmonic, late, last, worst, value, index, unit,
    uphill, without_b,
)  # fmt: skip
MISTAKES_IN_A_SQUARE = (*MISTAKES, untransposed, chainless, shortest)
least_sum = best_by(lambda A, residuals: np.abs(residuals).sum(axis=1))
least_entry = best_by(lambda A, residuals: np.abs(residuals).max(axis=1))
flattest = best_by(lambda A, residuals: np.linalg.norm(residuals @ A, axis=1))


def in_place(A, b, x0, alpha0, n_steps):
    x = x0.copy()
    path = [x.copy()]
    for k in range(n_steps):
        x -= alpha0 / np.sqrt(k + 1) * subgradient(A, b, x)
        path.append(x.copy())
    return path, min(path, key=lambda x: np.linalg.norm(A @ x - b))


def as_lists(A, b, x0, alpha0, n_steps):
    x = [float(value) for value in x0]
    path, best, lowest = [x], x, np.inf
    for k in range(n_steps + 1):
        r = [sum(a * v for a, v in zip(row, x, strict=True)) - right for row, right in zip(A, b, strict=True)]
        size = sum(value**2 for value in r) ** 0.5
        if size < lowest:
            best, lowest = x, size
        if k < n_steps:
            g = [sum(A[i][j] * r[i] for i in range(len(r))) / (size or 1) for j in range(len(x))]
            x = [v - alpha0 * (k + 1) ** -0.5 * slope for v, slope in zip(x, g, strict=True)]
            path.append(x)
    return [path, best]


def by_columns(A, b, x0, alpha0, n_steps):
    columns = np.zeros((len(x0), n_steps + 1), order="F")
    columns[:, 0] = x0
    for k in range(1, n_steps + 1):
        r = A.dot(columns[:, k - 1]) - b
        g = np.zeros(len(x0)) if not r.any() else r.dot(A) / np.sqrt(r.dot(r))
        columns[:, k] = columns[:, k - 1] - alpha0 * g / k**0.5
    residuals = A.dot(columns) - np.asarray(b)[:, None]
    return columns.T, columns[:, np.argmin(np.sum(residuals**2, axis=0))]
