"""L of logistic regression: a quarter of the largest eigenvalue of X'X/n."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.smoothness import logistic_smoothness


def _data(rng):
    for n, d in ((3, 2), (5, 2), (5, 3), (9, 4)):

        def draw(n=n, d=d):
            return {"X": (tenths(rng, (n, d), -3.0, 3.0) + tenths(rng, d, -2.0, 2.0)).round(1)}

        yield Case(telling(draw, logistic_smoothness, *_MISTAKES))


def _wide(rng):
    for n, d in ((2, 3), (3, 6)):
        yield Case({"X": tenths(rng, (n, d), 0.5, 3.0)}, "more columns than rows")


def _one_column(rng):
    yield Case({"X": tenths(rng, (4, 1), 0.5, 3.0)}, "one column")


def _one_example(rng):
    yield Case({"X": tenths(rng, (1, 3), 0.5, 3.0)}, "one example")


def _whole(rng):
    yield Case({"X": rng.integers(-5, 6, (4, 2)) + 6 * np.eye(4, 2, dtype=int)}, "whole numbers")


def _without_quarter(X):
    return np.linalg.norm(X, 2) ** 2 / len(X)


def _half(X):
    return np.linalg.norm(X, 2) ** 2 / (2 * len(X))


def _without_n(X):
    return np.linalg.norm(X, 2) ** 2 / 4


def _not_squared(X):
    return np.linalg.norm(X, 2) / (4 * len(X))


def _trace(X):
    return np.sum(X * X) / (4 * len(X))


def _columns_for_n(X):
    return np.linalg.norm(X, 2) ** 2 / (4 * X.shape[1])


def _smallest(X):
    return np.linalg.eigvalsh(X.T @ X)[0] / (4 * len(X))


def _longest_example(X):
    return np.max(np.sum(X * X, axis=1)) / 4


def _centred(X):
    return np.linalg.norm(X - X.mean(axis=0), 2) ** 2 / (4 * len(X))


def _step(X):
    return 4 * len(X) / np.linalg.norm(X, 2) ** 2


def _root_of_n(X):
    return np.linalg.norm(X, 2) ** 2 / (4 * np.sqrt(len(X)))


_MISTAKES = (
    _without_quarter, _half, _without_n, _not_squared, _trace, _columns_for_n, _smallest,
    _longest_example, _centred, _step, _root_of_n,
)  # fmt: skip


def _by_gram_matrix(X):
    return float(np.linalg.eigvals(X @ X.T).real.max()) / len(X) / 4


def _by_hessian_at_zero(X):
    p = 1 / (1 + np.exp(X @ np.zeros(X.shape[1])))
    H = sum(np.outer(x, x) * p_i * (1 - p_i) for x, p_i in zip(X, p, strict=True)) / len(X)
    return max(np.linalg.eigvalsh(H))


EXERCISE = Exercise(
    id="logistic-smoothness",
    chapter="02-l-smoothness",
    points=2,
    signature="logistic_smoothness(X)",
    reference=logistic_smoothness,
    alternatives=(
        _by_gram_matrix,
        _by_hessian_at_zero,
        lambda X: np.array(np.linalg.svd(X.astype(np.float32) / 2)[1][0] ** 2 / len(X)),
    ),
    misconceptions={
        "1/4 missing": Misconception(
            _without_quarter,
            "Your factor is not 1/4. lambda_max(X'X)/n alone is the constant of least squares; a logistic example bends by "
            "p(1 - p), which is 1/4 at the most: divide by 4n.",
            also=(_half,),
        ),
        "1/n missing": Misconception(
            _without_n,
            "Divide by the number of examples n: the loss is a mean over them, and so is its curvature.",
            also=(lambda X: np.linalg.eigvalsh(X.T @ X)[-1] / 4, _root_of_n),
        ),
        "singular value not squared": Misconception(
            _not_squared,
            "You use the largest singular value of X. The eigenvalues of X'X are its squares.",
        ),
        "trace": Misconception(
            _trace,
            "You add up all eigenvalues of X'X (their sum is the sum of all squared entries). Only the largest counts.",
            also=(lambda X: np.linalg.norm(X) ** 2 / (4 * len(X)),),
        ),
        "columns instead of rows": Misconception(
            _columns_for_n,
            "You divide by the number of columns d. The mean is over the n examples, the rows of X.",
        ),
        "smallest eigenvalue": Misconception(
            _smallest,
            "You take the smallest eigenvalue, which is mu at best. eigvalsh sorts upwards: the largest is the last.",
        ),
        "longest example": Misconception(
            _longest_example,
            "You take the longest example, |x_i|^2/4: the constant of that one example. The mean over all of them "
            "bends less: lambda_max(X'X)/(4n).",
        ),
        "centred data": Misconception(
            _centred,
            "You subtract the column means (np.cov does so too). Nobody subtracts them in the loss: use X as it is.",
            also=(lambda X: np.linalg.eigvalsh(np.cov(X.T, bias=True))[-1] / 4,
                  lambda X: np.linalg.eigvalsh(np.cov(X.T))[-1] / 4),
        ),
        "the step instead of L": Misconception(
            _step, "You return 1/L, the safe step. Asked for is L itself: more data spread, larger L.",
        ),
        "largest entry": Misconception(
            lambda X: np.max(X.T @ X) / (4 * len(X)),
            "You take the largest entry of X'X. The largest eigenvalue is what counts, and it is larger: np.linalg.eigvalsh.",
            also=(lambda X: np.max(np.diag(X.T @ X)) / (4 * len(X)),),
        ),
        "brackets missing": Misconception(
            lambda X: np.linalg.eigvalsh(X.T @ X)[-1] / 4 * len(X),
            hints.brackets("/ (4 * len(X))"),
        ),
    },
    claims=(
        Claim("L of random data", 3, _data),
        Claim("more columns than rows", 1, _wide),
        Claim("one column", 0.5, _one_column),
        Claim("one example", 0.5, _one_example),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)  # fmt: skip
