"""Unlisted mistakes of chapter 05: Euler, the flow, stability, Richardson."""

import numpy as np

from tests.unlisted.parts import right, steps


def steps_of_euler(Q, b, x0, t, n=100):
    def at(time):
        return steps(x0, lambda x, k: x - time / n * (Q @ x - b), n)[-1]

    return np.array([at(time) for time in t])


def twice_as_fast(Q, b, x0, t):
    return right("gradient-flow")(2 * Q, 2 * np.asarray(b), x0, t)


def mean_rate(Q, b, x0, t):
    m, rate = np.linalg.solve(Q, b), np.trace(Q) / len(Q)
    return m + np.exp(-rate * np.asarray(t))[:, None] * (x0 - m)


def implicit(step):
    return lambda Q, b, x0, h, n_steps: steps(x0, lambda x, k: step(Q, b, x, h, np.eye(len(x))), n_steps)


MISTAKES = {
    "euler-step": [
        lambda field, x, h: x + h**2 * field(x),
        lambda field, x, h: x + h / 2 * field(x),
        lambda field, x, h: x + h * np.abs(field(x)),
        lambda field, x, h: x + h * np.clip(field(x), -1, 1),
        lambda field, x, h: [x, x + h * field(x)],
    ],
    "gradient-flow": [
        steps_of_euler,
        twice_as_fast,
        mean_rate,
        lambda Q, b, x0, t: right("gradient-flow")(Q, b, x0, np.sort(t)),
        lambda Q, b, x0, t: right("gradient-flow")(Q, b, x0, np.append(0, t))[1:] * 1.0001,
        lambda Q, b, x0, t: right("gradient-flow")(Q, b, x0, np.arange(len(t))),
    ],
    "backward-euler": [
        implicit(lambda Q, b, x, h, I: np.linalg.solve(I + h * Q / 2, x + h * b / 2)),
        implicit(lambda Q, b, x, h, I: np.linalg.solve(I + h * Q, x) + h * b),
        implicit(lambda Q, b, x, h, I: (I - h * Q + h**2 * Q @ Q) @ (x + h * b)),
        lambda Q, b, x0, h, n_steps: right("backward-euler")(Q, b, x0, h, n_steps)[::-1],
        lambda Q, b, x0, h, n_steps: right("backward-euler")(Q, b, x0, h, n_steps).T,
    ],
    "stability-limit": [
        lambda Q, method: (
            {"forward": 2, "backward": np.inf, "rk4": 2.785293563405282}[method]
            / np.linalg.eigvalsh(Q)[-1] ** 2
        ),
        lambda Q, method: (
            {"forward": 2, "backward": np.inf, "rk4": 2.785293563405282}[method]
            / np.linalg.eigvalsh(Q).mean()
        ),
        lambda Q, method: (
            {"forward": 2, "backward": 1e9, "rk4": 2.785293563405282}[method] / np.linalg.eigvalsh(Q)[-1]
        ),
        lambda Q, method: (
            {"forward": 2, "backward": np.inf, "rk4": 2 * np.sqrt(2)}[method] / np.linalg.eigvalsh(Q)[-1]
        ),
    ],
    "observed-order": [
        lambda h, errors: np.median(np.diff(np.log(errors)) / np.diff(np.log(h))),
        lambda h, errors: np.corrcoef(np.log(h), np.log(errors))[0, 1],
        lambda h, errors: np.polyfit(np.log(h), np.log(errors), 1)[0] - 1,
        lambda h, errors: np.polyfit(np.log(h), np.log(errors), 2)[1] if len(h) > 2 else 2.0,
        lambda h, errors: np.log2(errors[0] / errors[1]),
    ],
    "richardson": [
        lambda A, b, x0, omega, n_steps: steps(
            x0, lambda x, k: x + omega / (k + 1) * A.T @ (b - A @ x), n_steps
        ),
        lambda A, b, x0, omega, n_steps: steps(
            x0, lambda x, k: (1 - omega) * x + omega * A.T @ (b - A @ x), n_steps
        ),
        lambda A, b, x0, omega, n_steps: steps(
            x0, lambda x, k: x + omega * A.T @ np.sign(b - A @ x), n_steps
        ),
        lambda A, b, x0, omega, n_steps: right("richardson")(A, b, x0, omega, n_steps)[::-1],
    ],
    "relaxation-range": [
        lambda A: (0, 2 / np.linalg.norm(A, 1) ** 2),
        lambda A: (0, 2 / np.abs(A.T @ A).max()),
        lambda A: (0, 4 / np.linalg.norm(A, 2) ** 2),
        lambda A: (0, 2 / np.linalg.norm(A, 2) ** 3),
        lambda A: (0, np.inf),
    ],
}
