"""Back-propagation against finite differences, the complex step and scikit-learn; residual layers against Euler."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from scipy import integrate
from sklearn.neural_network import MLPClassifier

from helpers.applications.neural import (
    mlp_gradient,
    mlp_loss,
    mlp_score,
    mlp_start,
    packed,
    residual_forward,
    train_mlp,
    unpacked,
)
from helpers.flow import euler, observed_order
from helpers.problems.regression import standardised
from tests.instances import often, seeds


def random_network(seed):
    """Parameters of a network with one to five hidden units, and examples for it."""
    rng = np.random.default_rng(seed)
    n, d, h = (int(k) for k in rng.integers(1, 6, 3))
    X, y = rng.standard_normal((n, d)), rng.choice([-1.0, 1.0], n)
    return (*mlp_start(h, d, rng)[:3], float(rng.standard_normal())), X, y


def complex_loss(x, d, X, y):
    """The loss in complex arithmetic, written without the functions under test."""
    h = (len(x) - 1) // (d + 2)
    W1, b1, w2, b2 = x[: h * d].reshape(h, d), x[h * d : h * d + h], x[h * d + h : -1], x[-1]
    scores = [sum(w2[i] * np.tanh(np.sum(W1[i] * row) + b1[i]) for i in range(h)) + b2 for row in X]
    return sum(np.log(1 + np.exp(-label * s)) for s, label in zip(scores, y, strict=True)) / len(y)


# Back-propagation --------------------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_the_gradient_is_the_complex_step_to_rounding(seed):
    parameters, X, y = random_network(seed)
    x, g = packed(*parameters), packed(*mlp_gradient(*parameters, X, y))
    step = 1e-30j  # no difference is taken, so nothing cancels: exact to rounding
    exact = [complex_loss(x + step * e, X.shape[1], X, y).imag / 1e-30 for e in np.eye(len(x))]
    np.testing.assert_allclose(g, exact, rtol=1e-10, atol=1e-14)


@given(seed=seeds)
@often
def test_the_gradient_is_the_finite_difference_of_the_loss(seed):
    parameters, X, y = random_network(seed)
    x, g, d = packed(*parameters), packed(*mlp_gradient(*parameters, X, y)), X.shape[1]
    h = 1e-5
    differences = [
        (mlp_loss(*unpacked(x + h * e, d), X, y) - mlp_loss(*unpacked(x - h * e, d), X, y)) / (2 * h)
        for e in np.eye(len(x))
    ]
    np.testing.assert_allclose(g, differences, atol=1e-8)


@given(seed=seeds)
@often
def test_each_part_has_the_shape_of_its_parameter(seed):
    parameters, X, y = random_network(seed)
    for part, gradient in zip(parameters, mlp_gradient(*parameters, X, y), strict=True):
        assert np.shape(gradient) == np.shape(part)


def test_scikit_learn_finds_the_same_gradient():
    rng = np.random.default_rng(3)
    (W1, b1, w2, b2), X = mlp_start(4, 3, rng), rng.standard_normal((20, 3))
    y = np.where(np.arange(20) < 8, -1, 1)
    theirs = MLPClassifier((4,), activation="tanh", solver="sgd", alpha=0.0, batch_size=20, momentum=0.0,
                           learning_rate_init=1.0, max_iter=1)  # fmt: skip
    theirs.partial_fit(X, y, classes=[-1, 1])
    theirs.coefs_, theirs.intercepts_ = [W1.T.copy(), w2[:, None].copy()], [b1.copy(), np.array([b2])]
    theirs._optimizer.params = theirs.coefs_ + theirs.intercepts_
    theirs._optimizer.velocities = [np.zeros_like(p) for p in theirs._optimizer.params]
    theirs.partial_fit(X, y)  # one step of length 1 along minus the gradient, over the whole batch
    dW1, db1, dw2, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    np.testing.assert_allclose(theirs.coefs_[0].T, W1 - dW1, atol=1e-12)
    np.testing.assert_allclose(theirs.coefs_[1][:, 0], w2 - dw2, atol=1e-12)
    np.testing.assert_allclose(theirs.intercepts_[0], b1 - db1, atol=1e-12)
    np.testing.assert_allclose(theirs.intercepts_[1], [b2 - db2], atol=1e-12)
    np.testing.assert_array_equal(
        theirs.predict(X), np.where(mlp_score(W1 - dW1, b1 - db1, w2 - dw2, b2 - db2, X) > 0, 1, -1)
    )


if find_spec("torch"):  # where it is installed, automatic differentiation is asked as well

    def test_pytorch_finds_the_same_gradient():
        import torch

        parameters, X, y = random_network(5)
        leaves = [
            torch.tensor(np.array(part), dtype=torch.float64, requires_grad=True) for part in parameters
        ]
        W1, b1, w2, b2 = leaves
        score = torch.tanh(torch.tensor(X) @ W1.T + b1) @ w2 + b2
        torch.nn.functional.softplus(-torch.tensor(y) * score).mean().backward()
        for leaf, part in zip(leaves, mlp_gradient(*parameters, X, y), strict=True):
            np.testing.assert_allclose(leaf.grad.numpy(), part, atol=1e-12)


def test_huge_scores_neither_overflow_nor_warn():
    parameters = (np.eye(2), np.zeros(2), np.array([5e3, 5e3]), 0.0)
    X, y = np.full((2, 2), 9.0), np.array([1.0, -1.0])
    assert mlp_loss(*parameters, X, y) == pytest.approx(5e3)
    np.testing.assert_allclose(mlp_gradient(*parameters, X, y)[2], [0.5, 0.5])
    np.testing.assert_array_equal(mlp_gradient(*parameters, X, y)[3], 0.5)


def test_equal_hidden_units_get_equal_gradients():
    W1, b1, w2, b2 = mlp_start(1, 2, np.random.default_rng(0))
    X, y = np.random.default_rng(1).standard_normal((6, 2)), np.array([1, 1, -1, 1, -1, -1])
    dW1, db1, dw2, _ = mlp_gradient(np.repeat(W1, 3, axis=0), np.repeat(b1, 3), np.repeat(w2, 3), b2, X, y)
    np.testing.assert_allclose([np.ptp(dW1, axis=0).max(), np.ptp(db1), np.ptp(dw2)], 0, atol=1e-15)


@given(seed=seeds)
@often
def test_packing_and_unpacking_is_the_identity(seed):
    parameters, X, _ = random_network(seed)
    for part, again in zip(parameters, unpacked(packed(*parameters), X.shape[1]), strict=True):
        np.testing.assert_array_equal(part, again)


# Training ----------------------------------------------------------------------------------------------


def iris():
    X, kind = standardised("iris", 4)
    return X[:, 2:], np.where(kind == 1, 1, -1)


def test_training_on_the_iris_petals_separates_what_no_line_can():
    X, y = iris()
    path = train_mlp(mlp_start(4, 2, np.random.default_rng(0)), X, y, 1.0, 400)
    losses = [mlp_loss(*unpacked(x, 2), X, y) for x in path]
    assert (np.diff(losses) < 0).all()  # every step of this length goes down
    assert np.mean(mlp_score(*unpacked(path[-1], 2), X) * y > 0) > 0.95
    # the best straight line, by Newton's method on the logistic loss
    Z, w = np.column_stack([X, np.ones(len(y))]), np.zeros(3)
    for _ in range(20):
        p = 1 / (1 + np.exp(y * (Z @ w)))
        w += np.linalg.solve((Z.T * (p * (1 - p))) @ Z, Z.T @ (y * p))
    assert np.mean((Z @ w) * y > 0) < 0.75
    assert losses[-1] < 0.3 * np.mean(np.log1p(np.exp(-y * (Z @ w))))


def test_training_is_repeatable_and_takes_another_gradient():
    X, y = iris()
    start = mlp_start(3, 2, np.random.default_rng(1))
    asked = []

    def counting(*given):
        asked.append(len(given))
        return mlp_gradient(*given)

    path = train_mlp(start, X, y, 0.5, 10, gradient=counting)
    np.testing.assert_array_equal(path, train_mlp(start, X, y, 0.5, 10))
    assert asked == [6] * 10
    np.testing.assert_array_equal(path[0], packed(*start))


# Residual layers ---------------------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_equal_layers_are_eulers_polygon(seed):
    rng = np.random.default_rng(seed)
    d, layers = int(rng.integers(1, 5)), int(rng.integers(0, 9))
    W, x, h = rng.standard_normal((d, d)), rng.standard_normal(d), float(rng.uniform(0.05, 1))
    ours = residual_forward(x, np.array([W] * layers).reshape(layers, d, d), h)
    np.testing.assert_allclose(ours, euler(lambda x: np.tanh(x @ W.T), x, h, layers), atol=1e-14)


def test_each_layer_uses_its_own_weights():
    rng = np.random.default_rng(0)
    weights, x = rng.standard_normal((3, 2, 2)), rng.standard_normal(2)
    path = residual_forward(x, weights, 0.5)
    for k in range(3):
        np.testing.assert_allclose((path[k + 1] - path[k]) / 0.5, np.tanh(weights[k] @ path[k]), atol=1e-14)


def test_a_deep_network_follows_the_flow_with_order_one():
    W, x, end = np.array([[-0.3, -1.5], [1.5, -0.3]]), np.array([1.0, 0.5]), 2.0
    flow = integrate.solve_ivp(lambda _, x: np.tanh(W @ x), (0, end), x, rtol=1e-11, atol=1e-12).y[:, -1]
    layers = np.array([64, 128, 256, 512])
    errors = [np.linalg.norm(residual_forward(x, np.array([W] * n), end / n)[-1] - flow) for n in layers]
    assert observed_order(end / layers, errors) == pytest.approx(1, abs=0.03)


def test_a_step_too_long_makes_the_layers_jump_from_side_to_side():
    def layers(h):
        return residual_forward(np.array([1e-3]), -np.ones((60, 1, 1)), h)[:, 0]

    assert np.abs(layers(1.9)[-1]) < 1e-5
    tail = layers(2.5)[-10:]
    assert (np.sign(tail[1:]) == -np.sign(tail[:-1])).all()
    assert np.abs(tail).min() > 0.5  # tanh keeps it from running off to infinity


def test_many_inputs_pass_at_once():
    rng = np.random.default_rng(2)
    x, weights = rng.standard_normal((4, 5, 3)), rng.standard_normal((2, 3, 3))
    together = residual_forward(x, weights, 0.3)
    assert together.shape == (3, 4, 5, 3)
    np.testing.assert_allclose(together[:, 1, 2], residual_forward(x[1, 2], weights, 0.3), atol=1e-14)


# What is refused ---------------------------------------------------------------------------------------

GOOD = ([[1.0, 0.0]], [0.0], [2.0], 0.0)
X1, Y1 = [[1.0, 2.0]], [1]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mlp_score([1.0], [0.0], [2.0], 0.0, X1), "W1 must have 2 axes"),
        (lambda: mlp_score([[1.0, 0.0]], [0.0, 1.0], [2.0], 0.0, X1), r"b1 must have shape \(1,\)"),
        (lambda: mlp_score([[1.0, 0.0]], [0.0], [2.0, 1.0], 0.0, X1), r"w2 must have shape \(1,\)"),
        (lambda: mlp_score([[1.0, 0.0]], [0.0], [2.0], [0.0], X1), "b2 must be one number"),
        (lambda: mlp_score(*GOOD, [[1.0, 2.0, 3.0]]), r"X must have shape \(..., 2\)"),
        (lambda: mlp_loss(*GOOD, X1, [0]), r"y must hold the labels \+1 and -1, got 0"),
        (lambda: mlp_gradient(*GOOD, X1, [1, 1]), r"y must have shape \(1,\)"),
        (lambda: mlp_start(0, 2, np.random.default_rng(0)), "n_hidden must be a whole number >= 1"),
        (lambda: unpacked(np.ones(6), 2), "parameters must have shape"),
        (lambda: unpacked(np.ones(1), 2), "parameters must have shape"),
        (lambda: train_mlp(GOOD, X1, Y1, -1.0, 2), "alpha must be finite and >= 0"),
        (lambda: residual_forward([1.0, 2.0], np.ones((3, 2)), 0.1), "weights must have shape"),
        (lambda: residual_forward([1.0, 2.0], np.ones((1, 3, 3)), 0.1), "weights must have shape"),
        (lambda: residual_forward([1.0], np.ones((1, 1, 1)), -0.1), "h must be finite and >= 0"),
        (lambda: residual_forward([1.0], np.ones((1, 1, 1)), [0.1]), "h must be one number"),
    ],
)
def test_bad_input_is_told_by_name(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
