"""What is written for back-propagation: the mistakes, and two other ways to the gradient."""

import numpy as np

from helpers.applications import mlp_gradient


def _parts(W1, b1, w2, b2, X, y, pull=None, bend=lambda z, a: 1 - a**2):
    """Return what back-propagation needs: z, a, d loss/d score and d loss/d z, with two places to go wrong."""
    z = X @ W1.T + b1
    a = np.tanh(z)
    score = a @ w2 + b2
    with np.errstate(over="ignore"):
        ds = (pull or (lambda s, y: -y / (1 + np.exp(y * s))))(score, y) / len(y)
    return z, a, ds, np.outer(ds, w2) * bend(z, a)


def _assembled(**changes):
    """Return the gradient with another pull on the score or another derivative of tanh."""

    def gradient(W1, b1, w2, b2, X, y):
        _, a, ds, dz = _parts(W1, b1, w2, b2, X, y, **changes)
        return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds.sum()

    return gradient


def _scaled(factor):
    def gradient(W1, b1, w2, b2, X, y):
        return tuple(factor(len(y)) * part for part in mlp_gradient(W1, b1, w2, b2, X, y))

    return gradient


def unscaled_below(W1, b1, w2, b2, X, y):
    dW1, db1, dw2, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return len(y) * dW1, len(y) * db1, dw2, db2


def transposed(W1, b1, w2, b2, X, y):
    dW1, *rest = mlp_gradient(W1, b1, w2, b2, X, y)
    return dW1.T, *rest


def without_b1(W1, b1, w2, b2, X, y):
    return mlp_gradient(W1, 0 * b1, w2, b2, X, y)


def without_b2(W1, b1, w2, b2, X, y):
    return mlp_gradient(W1, b1, w2, 0.0, X, y)


def without_both(W1, b1, w2, b2, X, y):
    return mlp_gradient(W1, 0 * b1, w2, 0.0, X, y)


def still_biases(W1, b1, w2, b2, X, y):
    dW1, _, dw2, _ = mlp_gradient(W1, b1, w2, b2, X, y)
    return dW1, np.zeros(len(b1)), dw2, 0.0


def still_b1(W1, b1, w2, b2, X, y):
    dW1, _, dw2, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return dW1, np.zeros(len(b1)), dw2, db2


def still_b2(W1, b1, w2, b2, X, y):
    return *mlp_gradient(W1, b1, w2, b2, X, y)[:3], 0.0


def out_first(W1, b1, w2, b2, X, y):
    dW1, db1, dw2, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return dw2, db2, dW1, db1


def b2_in_an_array(W1, b1, w2, b2, X, y):
    *parts, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return *parts, np.array([db2])


def w2_left_out(W1, b1, w2, b2, X, y):
    _, a, ds, _ = _parts(W1, b1, w2, b2, X, y)
    dz = ds[:, None] * (1 - a**2)
    return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds.sum()


def before_tanh(W1, b1, w2, b2, X, y):
    z, _, ds, dz = _parts(W1, b1, w2, b2, X, y)
    return dz.T @ X, dz.sum(axis=0), z.T @ ds, ds.sum()


def pulls_of_each(W1, b1, w2, b2, X, y):
    _, a, ds, dz = _parts(W1, b1, w2, b2, X, y)
    return dz.T @ X, dz, a.T @ ds, ds


def only_b2_of_each(W1, b1, w2, b2, X, y):
    _, a, ds, dz = _parts(W1, b1, w2, b2, X, y)
    return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds


def _fraction(s, y):
    e = np.exp(-y * s)
    return -y * e / (1 + e)


def mean_of_a_part(W1, b1, w2, b2, X, y):
    """As without_brackets, where dividing by n comes last and reaches the exponential alone."""
    _, a, _, _ = _parts(W1, b1, w2, b2, X, y)
    with np.errstate(over="ignore", invalid="ignore"):
        ds = -y + np.exp(y * (a @ w2 + b2)) / len(y)
        dz = np.outer(ds, w2) * (1 - a**2)
        return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds.sum()


def bend_without_brackets(W1, b1, w2, b2, X, y):
    _, a, ds, _ = _parts(W1, b1, w2, b2, X, y)
    dz = np.outer(ds, w2) * 1 - a**2
    return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds.sum()


uphill = _scaled(lambda n: -1)
summed = _scaled(lambda n: n)
twice_a_mean = _scaled(lambda n: 1 / n)
without_brackets = _assembled(pull=lambda s, y: -y / 1 + np.exp(y * s))
of_z = _assembled(bend=lambda z, a: 1 - z**2)
of_tanh_twice = _assembled(bend=lambda z, a: 1 - np.tanh(a) ** 2)
as_sigmoid = _assembled(bend=lambda z, a: a * (1 - a))
root_missing = _assembled(bend=lambda z, a: 1 - a)
straight = _assembled(bend=lambda z, a: np.ones_like(a))
zero_one = _assembled(pull=lambda s, y: 1 / (1 + np.exp(-s)) - y)
right_label = _assembled(pull=lambda s, y: -y / (1 + np.exp(-y * s)))
no_label = _assembled(pull=lambda s, y: -1 / (1 + np.exp(y * s)))
squares = _assembled(pull=lambda s, y: s - y)
overflowing = _assembled(pull=_fraction)
MISTAKES = (
    uphill, summed, twice_a_mean, unscaled_below, of_z, of_tanh_twice, as_sigmoid, root_missing, straight,
    zero_one, right_label, no_label, squares, without_b1, without_b2, without_both, still_biases, still_b1,
    still_b2, w2_left_out, before_tanh,
)  # fmt: skip


def example_by_example(W1, b1, w2, b2, X, y):
    dW1, db1, dw2, db2 = np.zeros(np.shape(W1)), np.zeros(len(b1)), np.zeros(len(w2)), 0.0
    for x_i, y_i in zip(X, y, strict=True):
        a = np.tanh(W1 @ x_i + b1)
        margin = float(y_i * (w2 @ a + b2))
        ds = -y_i * (1 - np.tanh(margin / 2)) / 2 / len(y)
        dz = ds * w2 * (1 - a * a)
        dW1, db1 = dW1 + np.outer(dz, x_i), db1 + dz
        dw2, db2 = dw2 + ds * a, db2 + ds
    return [dW1.tolist(), db1.tolist(), dw2.tolist(), db2]


def by_columns(W1, b1, w2, b2, X, y):
    """Examples in columns, the constant 1 as one more feature, 1/cosh(z)^2 for the derivative."""
    rows = np.vstack([np.asarray(X, float).T, np.ones(len(y))])
    z = np.column_stack([W1, b1]) @ rows
    a = np.vstack([np.tanh(z), np.ones(len(y))])
    ds = -y * np.exp(-np.logaddexp(0, y * (np.append(w2, b2) @ a))) / len(y)
    both = (np.asarray(w2)[:, None] * ds / np.cosh(z) ** 2) @ rows.T
    out = a @ ds
    return both[:, :-1], both[:, -1], out[:-1], out[-1]
