"""A small neural network with its back-propagation, and residual layers as steps of Euler along a flow.

The network has one hidden layer: score(x) = w2'tanh(W1 x + b1) + b2. Its parameters travel as the tuple
(W1, b1, w2, b2) of shapes (n_hidden, d), (n_hidden,), (n_hidden,) and (), or packed into one vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import gradient_descent


def mlp_score(W1: ArrayLike, b1: ArrayLike, w2: ArrayLike, b2: float, X: ArrayLike) -> np.ndarray:
    """Return w2'tanh(W1 x + b1) + b2 for the examples X (..., d): positive means label +1, shape (...).

    W1 is (n_hidden, d), b1 and w2 (n_hidden,), b2 a number. Raises ValueError if the shapes do not fit.

    >>> mlp_score([[1.0, 0.0]], [0.0], [2.0], -1.0, [[0.0, 5.0]])
    array([-1.])

    Source: Rumelhart, Hinton and Williams 1986, Nature 323.
    """
    W1, b1, w2, b2 = _parameters(W1, b1, w2, b2)
    X = arguments.points("X", X)
    if X.shape[-1] != W1.shape[1]:
        raise ValueError(f"X must have shape (..., {W1.shape[1]}) to fit W1, got shape {X.shape}")
    return np.tanh(X @ W1.T + b1) @ w2 + b2


def mlp_loss(W1: ArrayLike, b1: ArrayLike, w2: ArrayLike, b2: float, X: ArrayLike, y: ArrayLike) -> float:
    """Return mean_i log(1 + exp(-y_i score(x_i))), the logistic loss of the network, for X (n, d) and y (n,).

    The labels are +1 and -1; scores of any size are safe. Raises ValueError if labels or shapes do not fit.

    >>> round(mlp_loss([[1.0, 0.0]], [0.0], [2.0], 0.0, [[0.0, 5.0]], [1]), 6)
    0.693147

    Source: Cox 1958, J. R. Statist. Soc. B 20 (the loss); Rumelhart, Hinton and Williams 1986, Nature 323.
    """
    X, y = _examples(X, y)
    return float(np.mean(np.logaddexp(0, -y * mlp_score(W1, b1, w2, b2, X))))


def mlp_gradient(
    W1: ArrayLike, b1: ArrayLike, w2: ArrayLike, b2: float, X: ArrayLike, y: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return (dW1, db1, dw2, db2), the gradient of `mlp_loss`, each of the shape of its parameter.

    Back-propagation: with a = tanh(W1 x + b1), d loss/d score = -y/(1 + exp(y score))/n flows back through w2 and
    through tanh, whose derivative is 1 - a^2. X is (n, d), y (n,) of +1 and -1. Raises ValueError if labels or
    shapes do not fit.

    >>> mlp_gradient([[0.0]], [0.0], [1.0], 0.0, [[3.0]], [1])
    (array([[-1.5]]), array([-0.5]), array([0.]), -0.5)

    Source: Rumelhart, Hinton and Williams 1986, Learning representations by back-propagating errors, Nature 323.
    """
    W1, b1, w2, b2 = _parameters(W1, b1, w2, b2)
    X, y = _examples(X, y)
    a = np.tanh(X @ W1.T + b1)  # (n, n_hidden), kept for the way back
    score = a @ w2 + b2
    with np.errstate(over="ignore"):  # exp may be inf: that example then pulls with weight 0
        ds = -y / (1 + np.exp(y * score)) / len(y)  # d loss / d score
    dz = np.outer(ds, w2) * (1 - a**2)  # through w2, then through tanh
    return dz.T @ X, dz.sum(axis=0), a.T @ ds, float(ds.sum())


def mlp_start(
    n_hidden: int, d: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return random parameters (W1, b1, w2, b2) to start from: deviation 1/sqrt(inputs of the layer), b2 = 0.

    Equal hidden units would get equal gradients and stay equal, so the start has to be random. Raises ValueError if
    n_hidden or d is not a whole number >= 1.

    >>> [np.shape(part) for part in mlp_start(3, 2, np.random.default_rng(0))]
    [(3, 2), (3,), (3,), ()]

    Source: LeCun, Bottou, Orr and Müller 1998, Efficient BackProp (the deviation of the weights).
    """
    n_hidden, d = arguments.whole_number("n_hidden", n_hidden, low=1), arguments.whole_number("d", d, low=1)
    W1, b1 = rng.standard_normal((n_hidden, d)) / np.sqrt(d), rng.standard_normal(n_hidden) / np.sqrt(d)
    return W1, b1, rng.standard_normal(n_hidden) / np.sqrt(n_hidden), 0.0


def packed(W1: ArrayLike, b1: ArrayLike, w2: ArrayLike, b2: float) -> np.ndarray:
    """Return the parameters, or their gradients, as one vector (n_hidden (d + 2) + 1,) for a method of the course.

    Raises ValueError if the shapes do not fit.

    >>> packed([[1, 2]], [3], [4], 5)
    array([1., 2., 3., 4., 5.])

    Source: the course's own.
    """
    W1, b1, w2, b2 = _parameters(W1, b1, w2, b2)
    return np.concatenate([W1.ravel(), b1, w2, [b2]])


def unpacked(parameters: ArrayLike, d: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return (W1, b1, w2, b2) from the vector that `packed` made, for examples with d features.

    Raises ValueError if the length does not fit n_hidden (d + 2) + 1.

    >>> unpacked([1.0, 2.0, 3.0, 4.0, 5.0], 2)
    (array([[1., 2.]]), array([3.]), array([4.]), 5.0)

    Source: the course's own.
    """
    d, x = arguments.whole_number("d", d, low=1), arguments.points("parameters", parameters)
    h, rest = divmod(len(x) - 1, d + 2)
    if x.ndim != 1 or rest or h < 1:
        raise ValueError(f"parameters must have shape (n_hidden ({d} + 2) + 1,), got shape {x.shape}")
    return x[: h * d].reshape(h, d), x[h * d : h * d + h], x[h * d + h : -1], float(x[-1])


def train_mlp(
    start: Sequence, X: ArrayLike, y: ArrayLike, alpha: float, n_steps: int, gradient: Callable = mlp_gradient
) -> np.ndarray:
    """Return the path of gradient descent on `mlp_loss` over the packed parameters, (n_steps + 1, n_parameters).

    `start` is (W1, b1, w2, b2), X (n, d), y (n,) of +1 and -1; every step uses all the examples. Another `gradient`
    with the signature of `mlp_gradient` may be given. Raises ValueError if labels or shapes do not fit, or if alpha
    or n_steps is no step size or number of steps.

    >>> train_mlp(([[0.0]], [0.0], [1.0], 0.0), [[3.0]], [1], 0.5, 1)
    array([[0.  , 0.  , 1.  , 0.  ],
           [0.75, 0.25, 1.  , 0.25]])

    Source: Rumelhart, Hinton and Williams 1986, Nature 323.
    """
    X, y = _examples(X, y)
    d = X.shape[1]
    return gradient_descent(
        lambda x: packed(*gradient(*unpacked(x, d), X, y)), packed(*start), alpha, n_steps
    )


def residual_forward(x: ArrayLike, weights: ArrayLike, h: ArrayLike) -> np.ndarray:
    """Return what passes through residual layers: x[k + 1] = x[k] + h tanh(W_k x[k]), from x[0] = x.

    x is (..., d), weights (layers, d, d), h a number; the result has shape (layers + 1, ..., d). A layer is one
    step of forward Euler along x'(t) = tanh(W(t) x). Raises ValueError if h is negative or not finite, or if the
    shapes do not fit.

    >>> residual_forward([1.0, 0.0], [[[0.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]], 0.5)
    array([[1., 0.],
           [1., 0.],
           [1., 0.]])

    Source: He, Zhang, Ren and Sun 2016, CVPR (the residual block); E 2017, Commun. Math. Stat. 5 (as Euler's step).
    """
    x, h = arguments.points("x", x), arguments.step_sizes("h", h)
    weights = np.asarray(weights, dtype=float)
    d = x.shape[-1]
    if weights.ndim != 3 or weights.shape[1:] != (d, d):
        raise ValueError(f"weights must have shape (layers, {d}, {d}) to fit x, got shape {weights.shape}")
    if h.ndim:
        raise ValueError(f"h must be one number, got shape {h.shape}")
    path = np.empty((len(weights) + 1, *x.shape))
    path[0] = x
    for k, W in enumerate(weights):
        path[k + 1] = path[k] + h * np.tanh(path[k] @ W.T)
    return path


def _parameters(W1, b1, w2, b2):
    W1 = arguments.points("W1", W1)
    if W1.ndim != 2:
        raise ValueError(f"W1 must have 2 axes, got shape {W1.shape}")
    b1, w2 = arguments.points("b1", b1), arguments.points("w2", w2)
    for name, part in (("b1", b1), ("w2", w2)):
        if part.shape != W1.shape[:1]:
            raise ValueError(f"{name} must have shape {W1.shape[:1]} to fit W1, got shape {part.shape}")
    b2 = np.asarray(b2, dtype=float)
    if b2.shape != ():
        raise ValueError(f"b2 must be one number, got shape {b2.shape}")
    return W1, b1, w2, b2


def _examples(X, y):
    X = arguments.array("X", X, ndim=2)
    y = arguments.array("y", y, shape=(len(X),))
    if not np.isin(y, (-1, 1)).all():
        raise ValueError(f"y must hold the labels +1 and -1, got {y[~np.isin(y, (-1, 1))][0]:g} in it")
    return X, y
