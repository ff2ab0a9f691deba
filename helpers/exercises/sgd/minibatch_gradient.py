"""The gradient of least squares, estimated from a batch of the rows."""

import numpy as np

from helpers.exercises.drawing import away_from_zero, redrawn, telling
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.exercises.whole import cut_off
from helpers.stochastic import minibatch_gradient


def _rows(rng, n, d, batch):
    return {
        "w": away_from_zero(rng, d),
        "X": away_from_zero(rng, n * d).reshape(n, d),
        "y": away_from_zero(rng, n),
        "batch": np.asarray(batch),
    }


def _case(inputs, note=""):
    """Return a case whose card shows the residuals as well."""
    w, X, y, batch = inputs.values()
    return Case(
        inputs, note, shown={"x_i'w - y_i of the rows in the batch": np.round(X[batch] @ w - y[batch], 6)}
    )


def _drawn(rng, n, d, size, note=""):
    def draw():
        return _rows(rng, n, d, rng.permutation(n)[:size])

    return _case(telling(draw, minibatch_gradient, *KNOWN), note)


def _batches(rng):
    # The first rows are never the batch, and never is the batch half of the rows.
    for n, d, size in ((5, 2, 2), (7, 3, 3), (4, 2, 3), (9, 5, 4), (6, 1, 4)):
        yield _drawn(rng, n, d, size)


def _single(rng):
    # Nothing to average, so a sum is right here: only what is wrong for other reasons fails.
    for d in (2, 3):
        yield Case(_rows(rng, 5, d, [int(rng.integers(1, 5))]), "a batch of one row")


def _everything(rng):
    yield Case(_rows(rng, 5, 2, rng.permutation(5)), "the batch holds every row: the full gradient")


def _repeated(rng):
    def draw():
        a, b = (int(row) for row in rng.permutation(5)[:2])
        return _rows(rng, 5, 2, [a, b, a])

    inputs = telling(draw, minibatch_gradient, _each_once, _mask)
    yield _case(inputs, "a row that was drawn twice counts twice")


def _whole(rng):
    def draw():
        return {
            "w": rng.integers(1, 5, 2),
            "X": rng.integers(1, 6, (4, 2)) * rng.choice([-1, 1], (4, 2)),
            "y": rng.integers(-9, -3, 4),
            "batch": rng.permutation(4)[:3],
        }

    # the sum over three rows is no multiple of 3, so the mean is not whole
    inputs = redrawn(draw, lambda inputs: (np.rint(3 * minibatch_gradient(*inputs.values())) % 3).any())
    yield Case(inputs, "whole numbers")


def _scaled(factor):
    """Return the gradient times a factor of the batch's length and n."""
    return lambda w, X, y, batch: factor(len(batch), len(y)) * minibatch_gradient(w, X, y, batch)


def _whole_data(w, X, y, batch):
    return X.T @ (X @ w - y) / len(y)


def _whole_data_over_batch(w, X, y, batch):
    return X.T @ (X @ w - y) / len(batch)


def _first_rows(w, X, y, batch):
    B = len(batch)
    return X[:B].T @ (X[:B] @ w - y[:B]) / B


def _without_y(w, X, y, batch):
    return X[batch].T @ (X[batch] @ w) / len(batch)


def _targets_of_the_first_rows(w, X, y, batch):
    return X[batch].T @ (X[batch] @ w - y[: len(batch)]) / len(batch)


def _residuals_only(w, X, y, batch):
    return np.mean(X[batch] @ w - y[batch])


def _mean_row(w, X, y, batch):
    return X[batch].mean(axis=0) * np.mean(X[batch] @ w - y[batch])


def _each_once(w, X, y, batch):
    return minibatch_gradient(w, X, y, np.unique(batch))


def _mask(w, X, y, batch):
    chosen = np.isin(np.arange(len(y)), batch)
    return X[chosen].T @ (X[chosen] @ w - y[chosen]) / len(batch)


SUM = _scaled(lambda B, n: B)
OVER_N = _scaled(lambda B, n: B / n)
TWICE = _scaled(lambda B, n: 2)
HALF = _scaled(lambda B, n: 1 / 2)
SIGN = _scaled(lambda B, n: -1)
KNOWN = (
    SUM, OVER_N, TWICE, HALF, SIGN, _whole_data, _whole_data_over_batch, _first_rows, _without_y, _mean_row,
    _targets_of_the_first_rows,
)  # fmt: skip


def _row_by_row(w, X, y, batch):
    total = [0.0] * len(w)
    for i in batch:
        residual = sum(float(a) * float(b) for a, b in zip(X[i], w, strict=True)) - float(y[i])
        total = [t + residual * float(a) for t, a in zip(total, X[i], strict=True)]
    return [t / len(batch) for t in total]


def _by_counts(w, X, y, batch):
    share = np.bincount(batch, minlength=len(y)) / len(batch)
    return np.einsum("i,ij,i->j", share, X, X @ w - y).astype(np.float32)


EXERCISE = Exercise(
    id="minibatch-gradient",
    chapter="06-sgd",
    points=2,
    signature="minibatch_gradient(w, X, y, batch)",
    reference=minibatch_gradient,
    alternatives=(_row_by_row, _by_counts),
    misconceptions={
        "sum": Misconception(
            SUM,
            "You add the gradients of the batch up. Take their mean: divide by the length of the batch, or a larger "
            "batch makes longer steps.",
        ),
        "divides by n": Misconception(
            OVER_N,
            "You divide by n, the number of all rows. The estimate is the mean over the *batch*: divide by len(batch).",
        ),
        "whole data": Misconception(
            _whole_data,
            "You use all rows. Use only those in the batch: X[batch] and y[batch].",
            also=(_whole_data_over_batch,),
        ),
        "first rows": Misconception(
            _first_rows,
            "You take the first rows of X or of y. The batch says which: X[batch] and y[batch] pick the rows with these "
            "numbers.",
            also=(_targets_of_the_first_rows,),
        ),
        "factor of two": Misconception(
            TWICE,
            "Your result is off by a factor of 2. The loss is |Xw - y|^2/(2n): the 2 from the square cancels with the "
            "2 below.",
            also=(HALF,),
        ),
        "sign": Misconception(
            SIGN,
            "Your gradient points downhill. The residual is Xw - y, prediction minus target; the minus sign comes "
            "later, in the step.",
        ),
        "y missing": Misconception(
            _without_y,
            "The targets y do not appear. The residual of a row is x_i'w - y_i.",
        ),
        "mean of parts": Misconception(
            _mean_row,
            "You multiply the mean row by the mean residual. Multiply row by row, x_i times its own residual, and take "
            "the mean of the products.",
        ),
        "residual only": Misconception(
            _residuals_only,
            "You return the mean residual, one number. Each residual multiplies its row x_i: the gradient has shape (d,).",
            also=(lambda w, X, y, batch: X[batch] @ w - y[batch],),
        ),
        "repeated rows dropped": Misconception(
            _each_once,
            "The batch holds a row twice, and you count it once. Draws with replacement repeat rows; index with "
            "X[batch], which keeps repetitions.",
            also=(_mask,),
        ),
        **cut_off(minibatch_gradient, 0, "w"),
        "mean over everything": Misconception(
            lambda w, X, y, batch: np.mean(X[batch] * (X[batch] @ w - y[batch])[:, None]),
            "You return one number: np.mean without an axis takes the mean over the coordinates too. Over the rows alone it "
            "is np.mean(..., axis=0).",
            also=(lambda w, X, y, batch: np.mean(X[batch].T @ (X[batch] @ w - y[batch])),),
        ),
    },
    claims=(
        Claim("the mean over random batches", 10, _batches),
        Claim("a batch of one row", 2, _single),
        Claim("the batch of all rows gives the full gradient", 2, _everything),
        Claim("a row that comes twice counts twice", 3, _repeated),
        Claim("whole numbers as input", 3, _whole),
    ),
)  # fmt: skip
