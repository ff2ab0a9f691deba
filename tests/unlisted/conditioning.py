"""Unlisted mistakes of chapter 03: condition numbers, steps and modes."""

import numpy as np

from tests.unlisted.parts import right, steps


def line_search(step):
    def walk(Q, b, x0, n_steps):
        def move(x, k):
            g = Q @ x - b
            return x - step(Q, b, x, g, k) * g if g.any() else x

        return steps(x0, move, n_steps)

    return walk


def all_or_nothing(Q, b, x0, n_steps):
    def step(x, k):
        g = Q @ x - b
        return x if 0 in g else x - (g @ g) / (g @ Q @ g) * g

    return steps(x0, step, n_steps)


MISTAKES = {
    "condition-number": [
        lambda Q: np.linalg.eigvalsh(Q)[-1] - np.linalg.eigvalsh(Q)[0],
        lambda Q: np.trace(Q) / len(Q) / max(np.linalg.det(Q), 1e-300) ** (1 / len(Q)),
        lambda Q: right("condition-number")(Q) - 1,
        lambda Q: (
            np.inf if np.linalg.eigvalsh(Q)[0] < 1e-10 * np.linalg.eigvalsh(Q)[-1] else np.linalg.cond(Q)
        ),
        lambda Q: np.linalg.cond(Q) if np.linalg.matrix_rank(Q) == len(Q) else np.inf,
        (lambda Q: np.inf if np.isclose(np.linalg.det(Q), 0) else np.linalg.cond(Q), "absolute threshold"),
        lambda Q: np.round(right("condition-number")(Q)),
        (lambda Q: min(right("condition-number")(Q), 1e12), "singular Q"),
        (lambda Q: right("condition-number")(Q) if np.linalg.eigvalsh(Q)[0] > 1e-15 else 0.0, "singular Q"),
    ],
    "optimal-step": [
        lambda L, mu: 2 / (L * mu),
        lambda L, mu: 2 / L + 2 / mu,
        lambda L, mu: 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2,
        lambda L, mu: (L - mu) / 2,
        lambda L, mu: 1.9 / L,
        lambda L, mu: min(1, 2 / (L + mu)),
        lambda L, mu: round(2 / (L + mu), 2),
    ],
    "contraction-factor": [
        lambda alpha, L, mu: abs(1 - alpha * L) + abs(1 - alpha * mu),
        lambda alpha, L, mu: min(1, max(abs(1 - alpha * mu), abs(1 - alpha * L))),
        (lambda alpha, L, mu: 1 - alpha * mu if alpha <= 1 / L else alpha * L - 1, "switches at 1/L"),
        lambda alpha, L, mu: np.hypot(1 - alpha * mu, 1 - alpha * L),
        lambda alpha, L, mu: max(abs(1 - mu), abs(1 - L)),
        lambda alpha, L, mu: max(1 - alpha * mu, alpha * L - 1) if alpha < 2 / L else np.inf,
    ],
    "steps-to-tolerance": [
        lambda kappa, eps: round(right("steps-to-tolerance")(kappa, eps), -1),
        lambda kappa, eps: int(np.ceil(np.log(1 / eps) * kappa)),
        lambda kappa, eps: int(np.ceil(kappa * (1 - eps))),
        lambda kappa, eps: min(right("steps-to-tolerance")(kappa, eps), 100),
        (lambda kappa, eps: 2 if kappa == 1 else right("steps-to-tolerance")(kappa, eps), "kappa = 1"),
        (lambda kappa, eps: right("steps-to-tolerance")(kappa, 1 - eps), "quotient upside down"),
        lambda kappa, eps: float(right("steps-to-tolerance")(kappa, eps)) + 0.5,
    ],
    "exact-line-search": [
        (all_or_nothing, "one entry is 0"),
        line_search(lambda Q, b, x, g, k: (g @ g) / (g @ Q @ g) / (k + 1)),
        line_search(lambda Q, b, x, g, k: (g @ x) / (g @ Q @ g)),
        line_search(lambda Q, b, x, g, k: -(g @ g) / (g @ Q @ g)),
        line_search(lambda Q, b, x, g, k: (g @ Q @ g) / (g @ Q @ Q @ g)),
        lambda Q, b, x0, n_steps: right("exact-line-search")(Q, b, x0, n_steps)[::-1],
        lambda Q, b, x0, n_steps: right("exact-line-search")(Q, b, x0, n_steps).T,
    ],
    "mode-errors": [
        lambda Q, x0, alpha, n_steps: np.linalg.eigvalsh(Q) * right("mode-errors")(Q, x0, alpha, n_steps),
        lambda Q, x0, alpha, n_steps: right("mode-errors")(Q, x0, alpha, n_steps) ** 2,
        lambda Q, x0, alpha, n_steps: right("mode-errors")(Q, x0, alpha, n_steps)[::-1],
        lambda Q, x0, alpha, n_steps: right("mode-errors")(Q, x0, alpha / 2, n_steps),
        lambda Q, x0, alpha, n_steps: right("mode-errors")(Q, np.ones(len(x0)), alpha, n_steps),
        lambda Q, x0, alpha, n_steps: right("mode-errors")(Q, x0 / np.linalg.norm(x0), alpha, n_steps),
    ],
}
