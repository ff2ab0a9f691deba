"""The slope of the ridge loss."""

import numpy as np

from helpers.exercises.drawing import redrawn, telling
from helpers.exercises.regularization.ridge_data import ridge_inputs, whole_inputs
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off
from helpers.regularization import ridge_gradient


def _gradients(rng):
    # One square A among them: there a forgotten transpose gives wrong numbers and not only an error.
    for n, d in ((3, 2), (3, 3), (5, 3), (4, 2), (4, 6)):
        yield Case(telling(lambda n=n, d=d: ridge_inputs(rng, n, d), ridge_gradient, *KNOWN))


def _at_zero(rng):
    for n, d in ((3, 2), (4, 3)):
        yield Case({**ridge_inputs(rng, n, d), "w": np.zeros(d)}, "w = 0")


def _without_ridge(rng):
    yield Case({**ridge_inputs(rng, 3, 2), "lam": 0.0}, "lam = 0: plain least squares")


def _whole(rng):
    # No entry of the result is whole: one that is cut off shows.
    inputs = redrawn(
        lambda: whole_inputs(rng), lambda inputs: (np.abs(ridge_gradient(**inputs) % 1 - 0.5) < 0.4).all()
    )
    yield Case(inputs, "whole numbers")


def _with(data, penalty):
    """Return a gradient of A, the residual r and n rows, plus one of w and lam."""
    return lambda w, A, b, lam: data(A, A @ w - b, len(b)) + penalty(w, lam)


def _mean(A, r, n):
    return A.T @ r / n


def _pull(w, lam):
    return lam * w


TWO_LAM = _with(_mean, lambda w, lam: 2 * lam * w)
LAM_MISSING = _with(_mean, lambda w, lam: 0)
N_MISSING = _with(lambda A, r, n: A.T @ r, _pull)
TWICE = _with(lambda A, r, n: 2 * A.T @ r / n, _pull)
HALVES = _with(lambda A, r, n: A.T @ r / (2 * n), lambda w, lam: lam * w / 2)
HALF = _with(lambda A, r, n: A.T @ r / (2 * n), _pull)
SIGN = _with(lambda A, r, n: -A.T @ r / n, _pull)
UPHILL = _with(_mean, lambda w, lam: -lam * w)
DIRECTION = _with(_mean, lambda w, lam: lam * w / np.linalg.norm(w))


def _n_on_both(w, A, b, lam):
    return (A.T @ (A @ w - b) + lam * w) / len(b)


def _without_b(w, A, b, lam):
    return A.T @ (A @ w) / len(b) + lam * w


def _not_transposed(w, A, b, lam):
    return A @ (A @ w - b) / len(b) + lam * w


def _not_transposed_dot(w, A, b, lam):
    return np.dot(A, np.dot(A, w) - b) / len(b) + lam * w


def _in_place(w, A, b, lam):
    r = A @ w - b
    w *= lam
    w += A.T @ r / len(b)
    return w


def _residual_in_place(w, A, b, lam):
    b -= A @ w
    return lam * w - A.T @ b / len(b)


KNOWN = (
    TWO_LAM,
    LAM_MISSING,
    N_MISSING,
    TWICE,
    HALVES,
    HALF,
    SIGN,
    UPHILL,
    DIRECTION,
    _n_on_both,
    _without_b,
)


def _by_rows(w, A, b, lam):
    g = [lam * float(v) for v in w]
    for row, target in zip(A, b, strict=True):
        residual = float(np.dot(row, w)) - float(target)
        g = [g_j + residual * float(a) / len(b) for g_j, a in zip(g, row, strict=True)]
    return g


def _by_the_hessian(w, A, b, lam):
    H = np.einsum("ij,ik->jk", A, A, dtype=float) / len(A) + lam * np.eye(A.shape[1])
    return (H @ w - np.einsum("ij,i->j", A, b) / len(A)).astype(np.float32)


EXERCISE = Exercise(
    id="ridge-gradient",
    chapter="04-regularization",
    points=2,
    signature="ridge_gradient(w, A, b, lam)",
    reference=ridge_gradient,
    alternatives=(_by_rows, _by_the_hessian),
    misconceptions={
        "2 lam": Misconception(
            TWO_LAM,
            "Your ridge adds 2 lam w. The penalty is lam |w|^2/2: the 2 from the square and the half cancel.",
        ),
        "lam missing": Misconception(
            LAM_MISSING,
            "Your gradient does not depend on lam. To the slope of plain least squares belongs that of the penalty, "
            "and lam sets how steep it is: lam |w|^2/2.",
            also=(_with(_mean, lambda w, lam: w),),
        ),
        "1/n missing": Misconception(
            N_MISSING,
            "Your first term is a sum over the rows. The loss averages over them: divide A'(Aw - b) by n, and "
            "leave the penalty as it is.",
        ),
        "1/n on both terms": Misconception(
            _n_on_both,
            "You divide everything by n. Only the first term is a mean over the rows; the penalty is not divided.",
        ),
        "factor 2 kept": Misconception(
            TWICE,
            "Your first term is twice too large. The loss has |Aw - b|^2/(2n): the 2 from the square cancels "
            "with the 2 below.",
        ),
        "half left": Misconception(
            HALF,
            "You kept a 2 under the residuals. Differentiating a square brings down a 2 that cancels it: "
            "A'(Aw - b)/n remains.",
        ),
        "half of the gradient": Misconception(
            HALVES,
            "Your vector is exactly half of the gradient. Each square brings down a factor 2 when it is "
            "differentiated, and cancels the half in front.",
        ),
        "sign of the residual": Misconception(
            SIGN,
            "Your residual is b - Aw, so the first term points the wrong way. With Aw - b it is uphill, as a "
            "gradient must be.",
        ),
        "sign of the penalty": Misconception(
            UPHILL,
            "You subtract the slope of the penalty. Longer weights cost more, so the gradient of the penalty "
            "points away from 0: add it.",
        ),
        "penalty on |w|": Misconception(
            DIRECTION,
            "The slope of your penalty does not grow with w, as if |w| were penalised and not its square. "
            "The gradient of lam |w|^2/2 is proportional to w itself, also at w = 0.",
            also=(
                _with(_mean, lambda w, lam: lam * np.sign(w)),
                _with(_mean, lambda w, lam: lam * np.sign(w) / 2),
                _with(_mean, lambda w, lam: lam * w / np.linalg.norm(w) / 2),
            ),
        ),
        "size of w": Misconception(
            _with(_mean, lambda w, lam: lam * np.linalg.norm(w)),
            "You add lam times the size of w, which has no sign. The slope of the penalty points the way w points: "
            "it is lam times w itself, coordinate by coordinate.",
            also=(
                _with(_mean, lambda w, lam: lam * np.abs(w)),
                _with(_mean, lambda w, lam: lam * (w @ w)),
                _with(_mean, lambda w, lam: lam * (w @ w) / 2),
            ),
        ),
        "b missing": Misconception(
            _without_b,
            "Your gradient vanishes at w = 0 whatever the data are: b is missing. The residual is Aw - b.",
        ),
        "transpose missing": Misconception(
            _not_transposed,
            "You multiply the residual by A. It has one entry for each row, and the gradient one for each "
            "column: multiply by A.T.",
            also=(_not_transposed_dot,),
        ),
        "changes an argument in place": Misconception(
            _in_place,
            "*=, += and -= write into the arrays of the caller, who still needs them. Compute with new arrays: "
            "r = A @ w - b.",
            also=(_residual_in_place,),
        ),
        **cut_off(ridge_gradient, 0, "w"),
    },
    claims=(
        Claim("the gradient on random data", 3, _gradients),
        Claim("at w = 0", 0.5, _at_zero),
        Claim("lam = 0 is plain least squares", 0.5, _without_ridge),
        Claim("whole numbers as input", 0.5, _whole),
        Claim("the arguments are left as they were", 0.5, _gradients, leaves_arguments_alone),
    ),
)
