"""Bad input to the algorithms is refused by name, with what was expected and what came, in one line."""

from __future__ import annotations

import numpy as np
import pytest

from helpers import problems
from helpers.conditioning import (
    condition_number,
    contraction_factor,
    exact_line_search,
    mode_errors,
    optimal_step,
    steps_to_tolerance,
    symmetric,
)
from helpers.descent import (
    backtracking_descent,
    backtracking_step,
    critical_step,
    gradient_descent,
    gradient_step,
    limit_of_descent,
    predicted_change,
    step_regime,
)
from helpers.flow import (
    backward_euler,
    euler,
    euler_step,
    gradient_flow,
    observed_order,
    relaxation_range,
    richardson,
    rk4,
    stability_limit,
)
from helpers.regularization import (
    choose_ridge,
    early_stopping_filter,
    is_linear,
    minimum_norm_limit,
    ridge_constants,
    ridge_filter,
    ridge_gradient,
    ridge_loss,
)
from helpers.smoothness import (
    empirical_smoothness,
    gradient_ratios,
    logistic_gradient,
    logistic_loss,
    logistic_smoothness,
    majorizer,
    quadratic_smoothness,
    subgradient_descent,
    two_cycle_amplitude,
)

ONE, SKEW, ONES = np.eye(2), [[1.0, 0.5], [0.0, 1.0]], np.ones(2)
STILL = np.zeros_like
grad = problems.parabola().grad

DESCENT = [
    (lambda: gradient_step(grad, 1.0, 0.1), r"x must have shape \(..., d\), coordinates last, got 1.0"),
    (lambda: gradient_step(grad, [1.0], -0.1), "alpha must be finite and >= 0, got -0.1"),
    (
        lambda: gradient_step(lambda x: x[..., 0], [1.0], 0.1),
        r"grad\(x\) must have the shape of x, \(1,\)",
    ),
    (
        lambda: gradient_step(grad, np.ones((2, 1)), [0.1] * 3),
        r"x and alpha must .* x \(2,\) and alpha \(3,\)",
    ),
    (lambda: gradient_descent(grad, ["a"], 0.1, 2), "x0 must be an array of numbers, got"),
    (lambda: gradient_descent(grad, [1.0], np.nan, 2), "alpha must be finite and >= 0, got nan"),
    (lambda: gradient_descent(grad, [1.0], [0.1, np.inf], 2), "alpha must be finite and >= 0, got inf"),
    (lambda: gradient_descent(grad, [1.0], 0.1, -1), "n_steps must be a whole number >= 0, got -1"),
    (lambda: gradient_descent(grad, [1.0], 0.1, 2.0), "n_steps must be a whole number >= 0, got 2.0"),
    (
        lambda: gradient_descent(grad, [1.0], 0.1, "ten"),
        "n_steps must be a whole number >= 0, got 'ten'",
    ),
    (
        lambda: predicted_change([1.0], [[1.0, 0.0]], 0.1),
        r"H must have shape \(..., 1, 1\) to fit g, got",
    ),
    (lambda: predicted_change([1.0], [[1.0]], -1), "alpha must be finite and >= 0, got -1.0"),
    (lambda: predicted_change(np.ones((2, 1)), [[1.0]], [1, 2, 3]), "g and H and alpha must broadcast"),
    (lambda: critical_step([1.0, 2.0], [[1.0]]), r"H must have shape \(..., 2, 2\) to fit g, got"),
    (lambda: step_regime(0.0, 1.0), "alpha must be a number > 0, got 0.0"),
    (lambda: step_regime(0.1, -1.0), "curvature must be a number > 0, got -1.0"),
    (lambda: limit_of_descent(grad, [1.0], 0.1, 2, np.nan), "tol must be a number >= 0, got nan"),
    (lambda: limit_of_descent(grad, [1.0], 0.1, -2, 1.0), "n_steps must be a whole number >= 0, got -2"),
    (
        lambda: backtracking_step(abs, grad, [1.0], -1, 0.5, 0.5),
        "alpha0 must be finite and >= 0, got -1",
    ),
    (lambda: backtracking_step(abs, grad, [1.0], 1, 0, 0.5), "c must be a number > 0 and < 1, got 0"),
    (
        lambda: backtracking_step(abs, grad, [1.0], 1, 0.5, 1),
        "shrink must be a number > 0 and < 1, got 1",
    ),
    (lambda: backtracking_descent(abs, grad, [1.0], 1, 0.5, 0.5, 1.5), "n_steps must be a whole number"),
]

SMOOTHNESS = [
    (lambda: quadratic_smoothness([[1.0, 2.0], [0.0, 1.0]]), "Q must be a symmetric matrix"),
    (lambda: quadratic_smoothness([[1.0, 2.0, 3.0]]), r"Q must have shape \(d, d\), got shape \(1, 3\)"),
    (lambda: quadratic_smoothness([[1.0, 0.0], [0.0, -2.0]]), "Q must be positive semidefinite, .* -2"),
    (lambda: quadratic_smoothness([[np.nan]]), "Q must be finite, got nan"),
    (lambda: logistic_loss([0.0], [[1.0]], [0]), r"y must hold the labels \+1 and -1, got 0"),
    (lambda: logistic_loss([0.0, 1.0], [[1.0]], [1]), r"w must have shape \(..., 1\) to fit X, got shape"),
    (lambda: logistic_gradient([0.0], [[1.0], [2.0]], [1]), r"y must have shape \(2,\), got shape \(1,\)"),
    (lambda: logistic_gradient([0.0], [[np.inf]], [1]), "X must be finite, got inf"),
    (lambda: logistic_smoothness(np.zeros((0, 3))), "X must not be empty"),
    (lambda: logistic_smoothness([1.0, 2.0]), r"X must have 2 axes, got shape \(2,\)"),
    (lambda: empirical_smoothness(np.sin, [[1.0], [1.0]]), "points must hold two different rows, got"),
    (lambda: empirical_smoothness(np.sin, [[1.0]]), "points must hold two different rows, got"),
    (lambda: gradient_ratios(np.sin, [1.0, 2.0]), "points must have 2 axes"),
    (lambda: majorizer(np.sum, np.sin, [1.0], -1.0, [2.0]), "L must be finite and >= 0, got -1"),
    (lambda: majorizer(np.sum, np.sin, [1.0], 1.0, [2.0, 3.0]), "y must have 1 coordinates as x has"),
    (lambda: subgradient_descent([[1.0]], [1.0, 2.0], [0.0], 1.0, 2), r"b must have shape \(1,\), got shape"),
    (
        lambda: subgradient_descent([[1.0]], [1.0], [0.0, 1.0], 1.0, 2),
        r"x0 must have shape \(..., 1\) to fit",
    ),
    (lambda: subgradient_descent([[1.0]], [1.0], [0.0], -1.0, 2), "alpha0 must be finite and >= 0, got -1"),
    (lambda: subgradient_descent([[1.0]], [1.0], [0.0], 1.0, 2.5), "n_steps must be a whole number >= 0"),
    (lambda: two_cycle_amplitude(-0.1), "alpha must be finite and >= 0, got -0.1"),
    (lambda: problems.residual_norm([[0.0]], [1.0]), r"A must not be zero, got \[\[0.0\]\]"),
    (lambda: problems.residual_norm([[1.0]], [1.0, 2.0]), r"b must have shape \(1,\), got shape \(2,\)"),
]

CONDITIONING = [
    (lambda: condition_number(SKEW), "Q must be a symmetric matrix, got"),
    (lambda: condition_number(np.diag([1.0, -1.0])), "Q must be positive semidefinite, .* eigenvalue of -1"),
    (lambda: condition_number(np.ones((2, 3))), r"Q must have shape \(..., d, d\), got shape \(2, 3\)"),
    (lambda: condition_number(3.0), r"Q must have shape \(..., d, d\), got shape \(\)"),
    (lambda: condition_number([[np.nan]]), "Q must be finite, got nan"),
    (lambda: condition_number(np.ones((0, 0))), r"Q must not be empty, got shape \(0, 0\)"),
    (lambda: symmetric(np.ones((2, 2)), definite=True), "Q must be positive definite, got a smallest"),
    (lambda: optimal_step(0.0, 0.0), "L must be > 0, got 0"),
    (lambda: optimal_step(1.0, 2.0), "mu must be >= 0 and <= L, got mu = 2.0 with L = 1.0"),
    (lambda: optimal_step(1.0, -0.5), "mu must be >= 0 and <= L, got mu = -0.5"),
    (lambda: optimal_step(np.inf, 1.0), "L must be finite, got inf"),
    (lambda: optimal_step([1.0, 2.0], [1.0, 1.0, 1.0]), r"L and mu must broadcast .* L \(2,\) and mu \(3,\)"),
    (lambda: contraction_factor(-0.1, 2.0, 1.0), "alpha must be finite and >= 0, got -0.1"),
    (lambda: contraction_factor([0.1] * 2, [2.0] * 3, 1.0), "alpha and L and mu must broadcast"),
    (lambda: contraction_factor(0.1, 2.0, np.nan), "mu must be finite, got nan"),
    (lambda: steps_to_tolerance(0.5, 0.1), "kappa must be >= 1, got 0.5"),
    (lambda: steps_to_tolerance(np.inf, 0.1), "kappa must be finite, got inf"),
    (lambda: steps_to_tolerance(2.0, 0.0), "eps must be > 0 and < 1, got 0"),
    (lambda: steps_to_tolerance(2.0, 1.0), "eps must be > 0 and < 1, got 1"),
    (lambda: steps_to_tolerance([2.0] * 2, [0.1] * 3), "kappa and eps must broadcast"),
    (lambda: exact_line_search(SKEW, [0, 0], [1, 1], 2), "Q must be a symmetric matrix"),
    (lambda: exact_line_search(np.ones((2, 2)), [0, 0], [1, 1], 2), "Q must be positive definite"),
    (lambda: exact_line_search(ONE, [0, 0, 0], [1, 1], 2), r"b must have shape \(2,\), got shape \(3,\)"),
    (lambda: exact_line_search(ONE, [0, np.inf], [1, 1], 2), "b must be finite, got inf"),
    (lambda: exact_line_search(ONE, [0, 0], [1, 1, 1], 2), r"Q must have shape \(3, 3\), got shape \(2, 2\)"),
    (lambda: exact_line_search(ONE, [0, 0], [1, 1], 2.0), "n_steps must be a whole number >= 0, got 2.0"),
    (lambda: mode_errors(SKEW, [1, 1], 0.1, 2), "Q must be a symmetric matrix"),
    (lambda: mode_errors(ONE, [1, 1], -0.1, 2), "alpha must be finite and >= 0, got -0.1"),
    (lambda: mode_errors(ONE, 1.0, 0.1, 2), r"x0 must have shape \(..., d\), coordinates last, got 1.0"),
    (lambda: mode_errors(ONE, [1, 1], 0.1, -1), "n_steps must be a whole number >= 0, got -1"),
]

REGULARIZATION = [
    (lambda: ridge_loss(ONES, ONE, ONES, -0.1), "lam must be >= 0, got -0.1"),
    (lambda: ridge_loss(ONES, ONE, np.ones(3), 0.1), r"b must have shape \(2,\), got shape \(3,\)"),
    (
        lambda: ridge_gradient(np.ones(3), ONE, ONES, 0.1),
        r"w must have shape \(\.\.\., 2\) to fit A, got shape \(3,\)",
    ),
    (lambda: ridge_gradient(ONES, [[np.nan, 1.0]], [1.0], 0.1), "A must be finite, got nan in it"),
    (lambda: ridge_gradient(np.ones((3, 2)), ONE, ONES, [1.0, 2.0]), "w and lam must broadcast"),
    (lambda: ridge_constants(np.ones(3), 0.1), r"A must have 2 axes, got shape \(3,\)"),
    (lambda: ridge_constants(np.empty((0, 2)), 0.1), r"A must not be empty, got shape \(0, 2\)"),
    (lambda: choose_ridge(1.0, 0.0, 1.0), "kappa must be > 1, got 1"),
    (lambda: choose_ridge(0.0, 0.0, 2.0), "L must be > 0, got 0"),
    (lambda: choose_ridge(1.0, 2.0, 2.0), "mu must be >= 0 and <= L, got mu = 2.0 with L = 1.0"),
    (lambda: is_linear(np.ones(39)), "gaps must hold at least 40 values, got 39"),
    (lambda: is_linear(np.zeros(50)), "gaps must be > 0, got 0 in it"),
    (lambda: early_stopping_filter(-1.0, 0.1, 3), "s must be >= 0, got -1"),
    (lambda: early_stopping_filter(1.0, -0.1, 3), "alpha must be finite and >= 0, got -0.1"),
    (lambda: early_stopping_filter(1.0, 0.1, 2.5), "n_steps must be a whole number >= 0, got 2.5"),
    (lambda: ridge_filter(1.0, np.inf), "lam must be finite, got inf in it"),
    (lambda: minimum_norm_limit(ONE, np.ones(3)), r"b must have shape \(2,\), got shape \(3,\)"),
]

FLOW = [
    (lambda: euler_step(STILL, [1.0, 1.0], -0.1), "h must be finite and >= 0, got -0.1"),
    (lambda: euler_step(lambda x: 1.0, [1.0, 1.0], 0.1), r"field\(x\) must have the shape of x, \(2,\), got"),
    (lambda: euler(STILL, [1.0], np.nan, 2), "h must be finite and >= 0, got nan"),
    (lambda: euler(STILL, 1.0, 0.1, 2), r"x0 must have shape \(..., d\), coordinates last, got 1.0"),
    (lambda: euler(STILL, [1.0], 0.1, -1), "n_steps must be a whole number >= 0, got -1"),
    (lambda: rk4(STILL, [1.0], 0.1, 1.5), "n_steps must be a whole number >= 0, got 1.5"),
    (lambda: rk4(STILL, np.ones((2, 2)), [0.1] * 3, 1), r"x0 and h must broadcast .* x0 \(2,\) and h \(3,\)"),
    (lambda: backward_euler(SKEW, [0, 0], [1, 1], 0.1, 2), "Q must be a symmetric matrix"),
    (lambda: backward_euler(-ONE, [0, 0], [1, 1], 0.1, 2), "Q must be positive semidefinite"),
    (lambda: backward_euler(ONE, [0, 0, 0], [1, 1], 0.1, 2), r"b must have shape \(2,\), got shape \(3,\)"),
    (lambda: backward_euler(ONE, [0, 0], [1, 1, 1], 0.1, 2), r"x0 must have shape \(..., 2\) to fit Q, got"),
    (lambda: backward_euler(ONE, [0, 0], [1, 1], -1, 2), "h must be finite and >= 0, got -1"),
    (lambda: gradient_flow(np.diag([1, 0]), [0, 0], [1, 1], [1.0]), "Q must be positive definite, got a sm"),
    (lambda: gradient_flow(SKEW, [0, 0], [1, 1], [1.0]), "Q must be a symmetric matrix"),
    (lambda: gradient_flow(ONE, [0, np.inf], [1, 1], [1.0]), "b must be finite, got inf"),
    (lambda: gradient_flow(ONE, [0, 0], [1, 1], [1.0, -0.5]), "t must be >= 0, got -0.5"),
    (lambda: gradient_flow(ONE, [0, 0], [1, 1], 1.0), r"t must have 1 axes, got shape \(\)"),
    (lambda: gradient_flow(ONE, [0, 0], [1, 1], []), r"t must not be empty, got shape \(0,\)"),
    (lambda: gradient_flow(ONE, [0, 0], [1], [1.0]), r"x0 must have shape \(..., 2\) to fit Q, got"),
    (lambda: stability_limit(ONE, "heun"), "method must be one of 'forward', 'backward', 'rk4', got 'heun'"),
    (lambda: stability_limit(SKEW, "rk4"), "Q must be a symmetric matrix"),
    (lambda: observed_order([0.1, 0.0], [1, 1]), "h must be > 0, got 0"),
    (lambda: observed_order([0.1, 0.2], [1, -1]), "errors must be > 0, got -1"),
    (lambda: observed_order([0.1, 0.2], [1, 1, 1]), r"errors must have shape \(2,\), got shape \(3,\)"),
    (lambda: observed_order([0.1, 0.1], [1, 2]), "h must hold at least two different steps, got"),
    (lambda: richardson(ONE, [0, 0], [1, 1], -0.1, 2), "omega must be finite and >= 0, got -0.1"),
    (lambda: richardson(ONE, [0, 0, 0], [1, 1], 0.1, 2), r"b must have shape \(2,\), got shape \(3,\)"),
    (lambda: richardson(np.ones((2, 3)), [0, 0], [1, 1], 0.1, 2), r"x0 must have shape \(..., 3\) to fit A"),
    (lambda: richardson([1.0, 2.0], [0, 0], [1, 1], 0.1, 2), r"A must have 2 axes, got shape \(2,\)"),
    (lambda: relaxation_range([[np.nan]]), "A must be finite, got nan"),
    (lambda: relaxation_range(np.ones((0, 2))), r"A must not be empty, got shape \(0, 2\)"),
]

TABLES = {
    "descent": DESCENT,
    "smoothness": SMOOTHNESS,
    "conditioning": CONDITIONING,
    "regularization": REGULARIZATION,
    "flow": FLOW,
}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        pytest.param(call, sentence, id=f"{module}: {sentence}")
        for module, rows in TABLES.items()
        for call, sentence in rows
    ],
)
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence) as told:
        call()
    assert "\n" not in str(told.value)
