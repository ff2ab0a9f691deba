"""Unlisted mistakes of chapter 04: ridge, filters, linear or not."""

import numpy as np

from tests.unlisted.parts import right


def tail_counted_from_one(gaps):
    log_gap = np.log(gaps[len(gaps) // 2 :])
    k = np.arange(1, len(log_gap) + 1)

    def misfit(x):
        return np.sum((log_gap - np.polyval(np.polyfit(x, log_gap, 1), x)) ** 2)

    return bool(misfit(k) < misfit(np.log(k)))


def constants_that_call_zero(below):
    def constants(A, lam):
        values = np.linalg.eigvalsh(A.T @ A / len(A))
        values = np.where(values < below * values[-1], 0, values)
        L, mu = values[-1] + lam, values[0] + lam
        return L, mu, L / mu if mu > 0 else np.inf

    return constants


def ratio_of_half(gaps):
    ratios = gaps[1:] / gaps[:-1]
    return bool(abs(ratios[-1] - ratios[len(ratios) // 2]) < 1e-3)


def weights_on_some_columns(A, b):
    """Return a solution with as few weights as the rank asks for, those of the last columns first."""
    kept = []
    for j in reversed(range(A.shape[1])):
        if np.linalg.matrix_rank(A[:, [*kept, j]]) > len(kept):
            kept.append(j)
    w = np.zeros(A.shape[1])
    w[kept] = np.linalg.lstsq(A[:, kept], b, rcond=None)[0]
    return w


MISTAKES = {
    "ridge-loss": [
        lambda w, A, b, lam: np.sum((A @ w - b) ** 2) / (2 * len(w)) + lam * (w @ w) / 2,
        lambda w, A, b, lam: np.sum((A @ w - b) ** 2) / (2 * len(b)) - lam * (w @ w) / 2,
        lambda w, A, b, lam: np.sum((A @ w + b) ** 2) / (2 * len(b)) + lam * (w @ w) / 2,
        lambda w, A, b, lam: np.sum((A @ w - b) ** 2) / (2 * len(b)) + lam**2 * (w @ w) / 2,
        lambda w, A, b, lam: (1 - lam) * np.sum((A @ w - b) ** 2) / (2 * len(b)) + lam * (w @ w) / 2,
    ],
    "ridge-gradient": [
        lambda w, A, b, lam: A.T @ (A @ w - b) / len(w) + lam * w,
        lambda w, A, b, lam: A.T @ (A @ w - b) / len(b) + lam,
        lambda w, A, b, lam: A.T @ (A @ w - b) / len(b) + lam**2 * w,
        (
            lambda w, A, b, lam: right("ridge-gradient")(w, A, b, lam).astype(w.dtype),
            "whole numbers cut off",
        ),
        lambda w, A, b, lam: A.T @ np.sign(A @ w - b) / len(b) + lam * w,
        lambda w, A, b, lam: A.T @ (A @ w + b) / len(b) + lam * w,
    ],
    "ridge-constants": [
        lambda A, lam: (
            np.trace(A.T @ A) / len(A) + lam,
            lam,
            (np.trace(A.T @ A) / len(A) + lam) / lam if lam else np.inf,
        ),
        lambda A, lam: right("ridge-constants")(A / np.sqrt(len(A[0]) / len(A)), lam),
        lambda A, lam: right("ridge-constants")(A, lam**2),
        lambda A, lam: right("ridge-constants")(A - A.mean(axis=0), lam),
        lambda A, lam: right("ridge-constants")(A, lam)[:2],
        constants_that_call_zero(1e-10),
        constants_that_call_zero(1e-15),
    ],
    "choose-ridge": [
        (lambda L, mu, kappa: max(0, L / kappa - mu), "L stays"),
        (lambda L, mu, kappa: max(0, (L - kappa * mu) / (1 - kappa)), "formula inverted"),
        (lambda L, mu, kappa: (L - mu) / (kappa - 1), "the new mu"),
        lambda L, mu, kappa: max(0, round((L - kappa * mu) / (kappa - 1), 2)),
        lambda L, mu, kappa: np.sqrt(max(0, (L - kappa * mu) / (kappa - 1))),
        lambda L, mu, kappa: L if mu == 0 else max(0, (L - kappa * mu) / (kappa - 1)),
    ],
    "is-linear": [
        ratio_of_half,
        lambda gaps: bool(gaps[-1] < gaps[len(gaps) // 2] ** 2),
        (lambda gaps: bool(np.corrcoef(np.arange(len(gaps)), np.log(gaps))[0, 1] < -0.99), "whole curve"),
        (tail_counted_from_one, "any decrease"),
        (lambda gaps: bool(np.log(gaps[-1] / gaps[0]) < -0.01 * len(gaps)), "last ratio only"),
        lambda gaps: bool(np.std(np.diff(np.log(gaps))[len(gaps) // 2 :]) < 1e-2),
    ],
    "early-stopping-filter": [
        lambda s, alpha, n_steps: 1 - (1 - alpha * s**2 / 2) ** n_steps,
        (lambda s, alpha, n_steps: np.clip(1 - (1 - alpha * s**2) ** n_steps, 0, 1), "absolute value"),
        lambda s, alpha, n_steps: (1 - (1 - alpha * s**2) ** n_steps) / np.where(s > 0, s, 1),
        (lambda s, alpha, n_steps: (alpha * s**2) ** n_steps, "power on the product"),
    ],
    "ridge-filter": [
        lambda s, lam: s**2 / (s**2 + lam + 1e-3) * (s > 0),
        lambda s, lam: np.where(s > 0, s**2 / (s**2 + lam + 1), 0),
        lambda s, lam: 1 / (1 + lam) * (s > 0),
        lambda s, lam: np.exp(-lam / np.where(s > 0, s, np.inf) ** 2) * (s > 0),
        lambda s, lam: np.sqrt(right("ridge-filter")(s, lam)),
    ],
    "minimum-norm-limit": [
        lambda A, b: np.linalg.pinv(A, rcond=1e-2) @ b,
        lambda A, b: np.linalg.pinv(A.T) @ (np.ones(len(A[0])) if len(b) != len(A[0]) else b),
        lambda A, b: np.linalg.pinv(A) @ (b - b.mean()),
        lambda A, b: np.zeros(A.shape[1]),
        lambda A, b: np.round(np.linalg.pinv(A) @ b, 2),
        lambda A, b: right("minimum-norm-limit")(A, b) / 2,
        (weights_on_some_columns, "start ignored"),
        (
            lambda A, b: np.linalg.solve(A.T @ A / len(A) + 1e-5 * np.eye(A.shape[1]), A.T @ b / len(A)),
            "tiny ridge",
        ),
        lambda A, b: np.abs(np.linalg.pinv(A) @ b),
    ],
}
