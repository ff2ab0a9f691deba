"""Unlisted mistakes of chapter 02: L, logistic regression, searches and subgradients."""

import numpy as np

from tests.unlisted.parts import right, sigmoid, steps


def smoothness_by_gershgorin(Q):
    return max(np.diag(Q) + np.abs(Q).sum(axis=1) - np.abs(np.diag(Q)))


def hinge(w, X, y):
    return np.mean(np.maximum(0, 1 - y * (X @ w)))


def squared_hinge_gradient(w, X, y):
    return -X.T @ (y * np.maximum(0, 1 - y * (X @ w))) / len(y)


def ratios_of_distant_pairs(grad, points):
    pairs = [(a, b) for i, a in enumerate(points) for b in points[:i] if np.linalg.norm(a - b) > 0.1]
    return max(np.linalg.norm(grad(a) - grad(b)) / np.linalg.norm(a - b) for a, b in pairs)


def steps_down_from_one(f, grad, x, alpha0, c, shrink):
    return right("backtracking-step")(f, grad, x, 1.0, c, shrink)


def halving(f, grad, x, alpha0, c, shrink):
    return right("backtracking-step")(f, grad, x, alpha0, c, 0.5)


def at_most_two_turns(f, grad, x, alpha0, c, shrink):
    g, alpha = grad(x), alpha0
    for _ in range(2):
        if f(x - alpha * g) <= f(x) - c * alpha * g @ g:
            break
        alpha *= shrink
    return alpha


def gradient_at_the_new_point(f, grad, x, alpha0, c, shrink):
    alpha = alpha0
    for _ in range(200):
        new = x - alpha * grad(x)
        if f(new) <= f(x) - c * alpha * (grad(x) @ grad(new)):
            break
        alpha *= shrink
    return alpha


def subgradients(direction, best=None):
    def run(A, b, x0, alpha0, n_steps):
        path = steps(x0, lambda x, k: x - alpha0 / np.sqrt(k + 1) * direction(A, b, x), n_steps)
        values = np.linalg.norm(path @ A.T - b, axis=1)
        return path, path[np.argmin(values)] if best is None else best(path, values)

    return run


def subgradient(A, b, x):
    r = A @ x - b
    return A.T @ r / (np.linalg.norm(r) or 1)


def best_by(measure):
    def run(A, b, x0, alpha0, n_steps):
        path, _ = right("subgradient-descent")(A, b, x0, alpha0, n_steps)
        return path, path[np.argmin(measure(A, path @ A.T - b))]

    return run


def pairs_that_share_no_coordinate(grad, points):
    return max(
        np.linalg.norm(grad(a) - grad(b)) / np.linalg.norm(a - b)
        for i, a in enumerate(points)
        for b in points[:i]
        if (a != b).all()
    )


def stays_where_one_row_is_solved(A, b, x0, alpha0, n_steps):
    def step(x, k):
        r = A @ x - b
        return x if np.any(r == 0) else x - alpha0 / np.sqrt(k + 1) * A.T @ r / np.linalg.norm(r)

    path = steps(x0, step, n_steps)
    return path, path[np.argmin(np.linalg.norm(path @ A.T - b, axis=1))]


MISTAKES = {
    "quadratic-smoothness": [
        (smoothness_by_gershgorin, "largest row sum"),
        lambda Q: np.abs(np.linalg.det(Q)),
        lambda Q: np.linalg.cond(Q) if np.linalg.matrix_rank(Q) == len(Q) else np.inf,
        lambda Q: np.ptp(np.linalg.eigvalsh(Q)),
        lambda Q: np.linalg.eigvalsh(Q)[1:2].sum() or np.linalg.eigvalsh(Q)[0],
    ],
    "logistic-loss": [
        hinge,
        lambda w, X, y: np.mean(np.logaddexp(0, -y * (X @ w))) + np.log(2),
        lambda w, X, y: np.mean(np.logaddexp(0, -y * (X @ w))[:-1]),
        lambda w, X, y: np.sum(np.logaddexp(0, -y * (X @ w))) / X.shape[1],
        lambda w, X, y: np.mean((y - (X @ w)) ** 2),
        lambda w, X, y: np.median(np.logaddexp(0, -y * (X @ w))),
    ],
    "logistic-gradient": [
        squared_hinge_gradient,
        lambda w, X, y: -X.T @ (y * sigmoid(-y * (X @ w))) / X.shape[1],
        lambda w, X, y: right("logistic-gradient")(w, X, y) / 2,
        lambda w, X, y: -X.T @ (y * (sigmoid(-y * (X @ w)) > 0.5)) / len(y),
        lambda w, X, y: np.abs(right("logistic-gradient")(w, X, y)),
    ],
    "logistic-smoothness": [
        lambda X: np.linalg.norm(X.T @ X) / (4 * len(X)),
        lambda X: np.linalg.eigvalsh(X.T @ X)[-1] / (4 * (len(X) - 1 or 1)),
        (lambda X: np.max(X.T @ X) / (4 * len(X)), "largest entry"),
        lambda X: np.linalg.eigvalsh(X.T @ X)[-1] / (4 * X.size),
        (lambda X: np.mean(np.sum(X**2, axis=1)) / 4, "trace"),
    ],
    "empirical-smoothness": [
        lambda grad, points: (
            np.linalg.norm(grad(points[0]) - grad(points[-1])) / (np.linalg.norm(points[0] - points[-1]) or 1)
        ),
        lambda grad, points: max(
            abs(np.dot(grad(a) - grad(b), a - b)) / np.linalg.norm(a - b)
            for i, a in enumerate(points)
            for b in points[:i]
            if (a != b).any()
        ),
        (
            lambda grad, points: right("empirical-smoothness")(
                grad, points[:4] if len(points) > 4 else points[:3]
            ),
            "not all pairs",
        ),
        ratios_of_distant_pairs,
        pairs_that_share_no_coordinate,
        lambda grad, points: np.round(right("empirical-smoothness")(grad, points), 1),
    ],
    "backtracking-step": [
        (
            lambda f, grad, x, alpha0, c, shrink: (
                alpha0 if 0 in grad(x) else right("backtracking-step")(f, grad, x, alpha0, c, shrink)
            ),
            "one entry is 0",
        ),
        steps_down_from_one,
        halving,
        at_most_two_turns,
        gradient_at_the_new_point,
        lambda f, grad, x, alpha0, c, shrink: right("backtracking-step")(f, grad, x, alpha0, c / 2, shrink),
        (
            lambda f, grad, x, alpha0, c, shrink: right("backtracking-step")(
                f, grad, x, alpha0, 1e-4, shrink
            ),
            "c ignored",
        ),
    ],
    "subgradient-descent": [
        (stays_where_one_row_is_solved, "one entry is 0"),
        subgradients(lambda A, b, x: A.T @ np.sign(A @ x - b)),
        subgradients(lambda A, b, x: 2 * subgradient(A, b, x)),
        subgradients(lambda A, b, x: subgradient(A, b, x) * (np.linalg.norm(A @ x - b) > 0.5)),
        subgradients(subgradient, lambda path, values: path.mean(axis=0)),
        subgradients(
            subgradient, lambda path, values: path[np.argmin(values**2 + values.max() * (values > 0))][::-1]
        ),
        (best_by(lambda A, residuals: np.abs(residuals).sum(axis=1)), "not the smallest residual"),
        (best_by(lambda A, residuals: np.abs(residuals).max(axis=1)), "not the smallest residual"),
        (best_by(lambda A, residuals: np.linalg.norm(residuals @ A, axis=1)), "not the smallest residual"),
        lambda A, b, x0, alpha0, n_steps: right("subgradient-descent")(A, b, x0, alpha0, n_steps)[0],
        lambda A, b, x0, alpha0, n_steps: right("subgradient-descent")(A, b, x0, alpha0, n_steps)[::-1],
    ],
    "two-cycle-amplitude": [
        lambda alpha: (8 * alpha / 9) ** 1.5,
        lambda alpha: (2 * alpha / 3) ** 1.4,
        lambda alpha: round((2 * alpha / 3) ** 1.5, 2),
        lambda alpha: (3 * alpha / 2) ** (2 / 3),
        lambda alpha: -((2 * alpha / 3) ** 1.5),
    ],
}
