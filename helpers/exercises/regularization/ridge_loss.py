"""The mean squared residual and the price of long weights."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import telling
from helpers.exercises.regularization.ridge_data import ridge_inputs, whole_inputs
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.regularization import ridge_loss


def _losses(rng):
    for n, d in ((3, 2), (4, 2), (5, 3), (3, 3), (4, 6)):
        yield Case(telling(lambda n=n, d=d: ridge_inputs(rng, n, d), ridge_loss, *KNOWN))


def _without_ridge(rng):
    for n, d in ((3, 2), (5, 3)):
        yield Case({**ridge_inputs(rng, n, d), "lam": 0.0}, "lam = 0: plain least squares")


def _at_zero(rng):
    for n, d in ((3, 2), (4, 3)):
        yield Case({**ridge_inputs(rng, n, d), "w": np.zeros(d)}, "w = 0: there is no length to pay for")


def _one_column(rng):
    yield Case(ridge_inputs(rng, 3, 1), "one column")
    yield Case(ridge_inputs(rng, 1, 3), "one row")


def _whole(rng):
    yield Case(whole_inputs(rng), "whole numbers")


def _with(data, penalty):
    """Return a loss of the residual r and n rows, plus a penalty of w and lam."""
    return lambda w, A, b, lam: data(A @ w - b, len(b)) + penalty(w, lam)


def _half_mean(r, n):
    return r @ r / (2 * n)


def _half_square(w, lam):
    return lam * (w @ w) / 2


TWO_LAM = _with(_half_mean, lambda w, lam: lam * (w @ w))
LAM_MISSING = _with(_half_mean, lambda w, lam: 0.0)
N_MISSING = _with(lambda r, n: r @ r / 2, _half_square)
HALF_MISSING = _with(lambda r, n: r @ r / n, _half_square)
NO_HALVES = _with(lambda r, n: r @ r / n, lambda w, lam: lam * (w @ w))
NOT_SQUARED = _with(lambda r, n: np.linalg.norm(r) / (2 * n), _half_square)
LENGTH = _with(_half_mean, lambda w, lam: lam * np.linalg.norm(w) / 2)


def _n_on_both(w, A, b, lam):
    r = A @ w - b
    return (r @ r + lam * (w @ w)) / (2 * len(b))


KNOWN = (TWO_LAM, LAM_MISSING, N_MISSING, HALF_MISSING, NO_HALVES, NOT_SQUARED, LENGTH, _n_on_both)


def _by_loops(w, A, b, lam):
    squares = 0.0
    for row, target in zip(A, b, strict=True):
        squares += (sum(float(a) * float(v) for a, v in zip(row, w, strict=True)) - float(target)) ** 2
    return squares / (2 * len(b)) + lam / 2 * sum(float(v) ** 2 for v in w)


def _by_stacking(w, A, b, lam):
    # A ridge is more rows: sqrt(n lam) times the identity, with targets 0.
    n, d = A.shape
    more = np.vstack([A, np.sqrt(n * lam) * np.eye(d)])
    targets = np.append(b, np.zeros(d))
    return np.array(np.linalg.norm(more @ w - targets) ** 2 / (2 * n))


EXERCISE = Exercise(
    id="ridge-loss",
    chapter="04-regularization",
    points=1,
    signature="ridge_loss(w, A, b, lam)",
    reference=ridge_loss,
    alternatives=(
        _by_loops,
        _by_stacking,
        lambda w, A, b, lam: np.float32(np.mean((A @ w - b) ** 2) / 2 + lam * np.vdot(w, w) / 2),
    ),
    misconceptions={
        "2 lam": Misconception(
            TWO_LAM,
            "Your penalty is lam w'w, twice too large. This course writes lam |w|^2/2, so that its gradient is "
            "lam w and its curvature is lam.",
        ),
        "lam missing": Misconception(
            LAM_MISSING,
            "Your loss does not depend on lam. On top of plain least squares long weights have a price, and lam sets "
            "it: lam |w|^2/2.",
            also=(_with(_half_mean, lambda w, lam: w @ w / 2), _with(_half_mean, lambda w, lam: w @ w)),
        ),
        "1/n missing": Misconception(
            N_MISSING,
            "You add the squared residuals up and halve the sum. Divide by 2n, with n = len(b) rows: else more "
            "data would make the ridge count for less.",
        ),
        "1/n on both terms": Misconception(
            _n_on_both,
            "You divide the penalty by n as well. Only the squared residuals are averaged over the rows: "
            "lam |w|^2/2 stands outside.",
        ),
        "one half missing": Misconception(
            HALF_MISSING,
            "You divide the squared residuals by n. The formula divides them by 2n.",
        ),
        "both halves missing": Misconception(
            NO_HALVES,
            "Your value is exactly twice the loss of this course. Both terms carry a half: |Aw - b|^2/(2n) and "
            "lam |w|^2/2.",
        ),
        "penalty on |w|": Misconception(
            LENGTH,
            "Your penalty grows like the size of w, not like its square. Use w'w, the sum of the squared "
            "weights, without a root.",
            also=(
                _with(_half_mean, lambda w, lam: lam * np.linalg.norm(w)),
                _with(_half_mean, lambda w, lam: lam * np.abs(w).sum()),
                _with(_half_mean, lambda w, lam: lam * np.abs(w).sum() / 2),
            ),
        ),
        "residual not squared": Misconception(
            NOT_SQUARED,
            "You use the length of the residual without squaring it. The first term is the sum of the squared "
            "residuals, r'r, over 2n.",
        ),
        "brackets missing": Misconception(
            lambda w, A, b, lam: (A @ w - b) @ (A @ w - b) / 2 * len(b) + lam * (w @ w) / 2,
            hints.brackets("/ (2 * len(b))"),
        ),
    },
    claims=(
        Claim("the loss on random data", 3, _losses),
        Claim("lam = 0 is plain least squares", 0.5, _without_ridge),
        Claim("w = 0 pays no penalty", 0.5, _at_zero),
        Claim("one column, one row", 0.5, _one_column),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)
