"""What every method of the course promises on every landscape: one line in METHODS holds it to all of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pytest

from helpers import problems
from helpers.adam import adam, adamw, amsgrad, rmsprop, uncorrected_adam
from helpers.descent import backtracking_descent, gradient_descent
from helpers.momentum import heavy_ball, nesterov
from tests.test_problems import PROBLEMS, made
from tests.trajectories import make_trajectories


@dataclass(frozen=True)
class Method:
    """A method as a function of (problem, x0, alpha, n_steps), and what holds for it but not for all.

    `safe` is a step size, in units of 1/L, at which it converges on every smooth and strongly convex problem,
    within 15 kappa steps to ten digits; None for the Adam family, whose constant steps never settle. `as_torch` calls it with the settings of a row of tests/trajectories;
    it is None if PyTorch has no such method.
    """

    run: Callable
    safe: float | None
    as_torch: Callable | None = None


def timed(grad):
    """The gradient as one that is told the step, which it does not need."""
    return lambda x, t: grad(x)


METHODS = {
    "gradient_descent": Method(
        lambda p, x0, alpha, n_steps: gradient_descent(p.grad, x0, alpha, n_steps),
        safe=1.0,
        as_torch=lambda p, x0, n_steps, alpha: gradient_descent(p.grad, x0, alpha, n_steps),
    ),
    "backtracking_descent": Method(
        lambda p, x0, alpha, n_steps: backtracking_descent(p.f, p.grad, x0, alpha, 0.3, 0.5, n_steps),
        safe=1.0,
    ),
    "heavy_ball": Method(
        lambda p, x0, alpha, n_steps: heavy_ball(p.grad, x0, alpha, 0.1, n_steps),
        safe=1.0,
        as_torch=lambda p, x0, n_steps, alpha, beta: heavy_ball(p.grad, x0, alpha, beta, n_steps),
    ),
    "nesterov": Method(
        lambda p, x0, alpha, n_steps: nesterov(p.grad, x0, alpha, 0.5, n_steps),
        safe=1.0,
        as_torch=lambda p, x0, n_steps, alpha, beta: nesterov(p.grad, x0, alpha, beta, n_steps),
    ),
    "adam": Method(
        lambda p, x0, alpha, n_steps: adam(p.grad, x0, alpha, 0.9, 0.99, 1e-3, n_steps),
        safe=None,
        as_torch=lambda p, x0, n_steps, alpha, beta1, beta2, eps: adam(
            p.grad, x0, alpha, beta1, beta2, eps, n_steps
        ),
    ),
    "adamw": Method(
        lambda p, x0, alpha, n_steps: adamw(p.grad, x0, alpha, 0.9, 0.99, 1e-3, 0.01, n_steps),
        safe=None,
        as_torch=lambda p, x0, n_steps, alpha, beta1, beta2, eps, weight_decay: adamw(
            p.grad, x0, alpha, beta1, beta2, eps, weight_decay, n_steps
        ),
    ),
    "rmsprop": Method(
        lambda p, x0, alpha, n_steps: rmsprop(p.grad, x0, alpha, 0.9, 1e-3, n_steps),
        safe=None,
        as_torch=lambda p, x0, n_steps, alpha, beta, eps: rmsprop(p.grad, x0, alpha, beta, eps, n_steps),
    ),
    "amsgrad": Method(
        lambda p, x0, alpha, n_steps: amsgrad(timed(p.grad), x0, alpha, 0.9, 0.99, 1e-3, n_steps),
        safe=None,
        # PyTorch corrects the bias of both moments: with eps out of the way, that is a schedule.
        as_torch=lambda p, x0, n_steps, alpha, beta1, beta2, eps: amsgrad(
            timed(p.grad), x0, alpha, beta1, beta2, eps, n_steps,
            schedule=lambda t: np.sqrt(1 - beta2**t) / (1 - beta1**t),
        ),
    ),
    "uncorrected_adam": Method(
        lambda p, x0, alpha, n_steps: uncorrected_adam(timed(p.grad), x0, alpha, 0.9, 0.99, 1e-3, n_steps),
        safe=None,
    ),
}  # fmt: skip

every_method = pytest.mark.parametrize("method", METHODS)
every_settling_method = pytest.mark.parametrize("method", [name for name, m in METHODS.items() if m.safe])
every_problem = pytest.mark.parametrize("name", PROBLEMS)


def steps_around(problem, n):
    """Step sizes from crawling to diverging."""
    return np.geomspace(0.01, 10, n) / (problem.L or 1000.0)


@every_method
@every_problem
def test_many_step_sizes_at_once_are_the_same_runs_one_by_one(method, name):
    run, p = METHODS[method].run, made(name)
    alphas = steps_around(p, 5)
    together = run(p, p.x0, alphas, 12)
    assert together.shape == (13, 5, p.dim)
    for i, alpha in enumerate(alphas):
        assert_same_run(together[:, i], run(p, p.x0, alpha, 12))


@every_method
@every_problem
def test_many_starts_at_once_are_the_same_runs_one_by_one(method, name):
    run, p = METHODS[method].run, made(name)
    starts = p.x0 + 0.1 * np.random.default_rng(0).standard_normal((2, 3, p.dim))
    alpha = steps_around(p, 5)[1]
    together = run(p, starts, alpha, 12)
    assert together.shape == (13, 2, 3, p.dim)
    for i in np.ndindex(2, 3):
        assert_same_run(together[(slice(None), *i)], run(p, starts[i], alpha, 12))


@every_method
@every_problem
def test_starts_and_step_sizes_broadcast_against_each_other(method, name):
    run, p = METHODS[method].run, made(name)
    starts = p.x0 + 0.1 * np.random.default_rng(0).standard_normal((3, 1, p.dim))
    alphas = steps_around(p, 4)
    together = run(p, starts, alphas, 6)
    assert together.shape == (7, 3, 4, p.dim)
    assert_same_run(together[:, 2, 1], run(p, starts[2, 0], alphas[1], 6))


def assert_same_run(one, other):
    """Equal up to rounding, which sums of another order may change and divergence may amplify."""
    assert one.shape == other.shape
    size = np.abs(other[np.isfinite(other)]).max()
    np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-9 * size)


@every_method
@every_problem
def test_the_path_starts_at_the_start_and_no_steps_is_only_the_start(method, name):
    run, p = METHODS[method].run, made(name)
    alpha = steps_around(p, 5)[1]
    np.testing.assert_array_equal(run(p, p.x0, alpha, 0), [p.x0])
    np.testing.assert_array_equal(run(p, p.x0, alpha, 5)[:3], run(p, p.x0, alpha, 2))


@every_settling_method
@every_problem
def test_the_minimiser_is_a_fixed_point(method, name):
    p = made(name)
    if p.minimiser is None:
        assert name == "separable logistic"
        return
    alpha = METHODS[method].safe / (p.L or 1000.0)
    path = METHODS[method].run(p, p.minimiser, alpha, 50)
    # Rounding leaves a gradient of this size; no run may make more of it than it does in 50 steps.
    residue = 50 * alpha * np.linalg.norm(p.grad(p.minimiser)) + 1e-13 * (1 + np.abs(p.minimiser).max())
    np.testing.assert_allclose(path, np.broadcast_to(p.minimiser, path.shape), rtol=0, atol=residue)


@every_method
@every_problem
def test_whole_number_starts_are_not_truncated_and_arguments_are_left_alone(method, name):
    run, p = METHODS[method].run, made(name)
    whole, alphas = np.ones(p.dim, dtype=int), steps_around(p, 3)
    kept = alphas.copy()
    path = run(p, whole, alphas, 4)
    assert path.dtype == float
    np.testing.assert_array_equal(path, run(p, whole.astype(float), alphas, 4))
    path[...] = 7
    np.testing.assert_array_equal(whole, 1)
    np.testing.assert_array_equal(alphas, kept)


@every_method
@every_problem
def test_divergence_keeps_its_shape_stays_silent_and_stays_in_its_run(method, name):
    run, p = METHODS[method].run, made(name)
    alphas = np.array([0.5, 1e4, 1e9]) / (p.L or 1000.0)
    path = run(p, p.x0, alphas, 40)  # pytest turns any warning into an error
    assert path.shape == (41, 3, p.dim)
    assert_same_run(path[:, 0], run(p, p.x0, alphas[0], 40))


def test_a_constant_step_that_is_too_long_reaches_inf_and_nan():
    p = made("turned valley")
    path = gradient_descent(p.grad, p.x0, 1e3, 300)
    assert np.isfinite(path[10]).all()
    assert not np.isfinite(path[-1]).any()


@every_settling_method
@every_problem
def test_strong_convexity_makes_the_safe_step_arrive(method, name):
    p = made(name)
    if p.L is None or not p.mu or 200 * p.mu < p.L:
        return  # no rate is promised there
    n_steps = int(np.ceil(15 * p.L / p.mu)) + 1
    path = METHODS[method].run(p, p.x0, METHODS[method].safe / p.L, n_steps)
    gap = p.f(path) - p.f(p.minimiser)
    assert gap[-1] <= 1e-10 * gap[0]


@every_method
@pytest.mark.parametrize(
    ("x0", "alpha", "n_steps", "sentence"),
    [
        ([1.0, 1.0], -0.1, 3, "alpha0? must be finite and >= 0, got -0.1"),
        ([1.0, 1.0], np.nan, 3, "alpha0? must be finite and >= 0, got nan"),
        ([1.0, 1.0], 0.1, -1, "n_steps must be a whole number >= 0, got -1"),
        ([1.0, 1.0], 0.1, 1.5, "n_steps must be a whole number >= 0, got 1.5"),
        (1.0, 0.1, 3, "x0 must have shape"),
        (np.ones((2, 2)), [0.1, 0.2, 0.3], 3, r"x0 and alpha0? must broadcast .* x0 \(2,\)"),
    ],
)
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(method, x0, alpha, n_steps, sentence):
    with pytest.raises(ValueError, match=sentence):
        METHODS[method].run(made("cost surface"), x0, alpha, n_steps)


TABLE = json.loads(make_trajectories.TABLE.read_text())
COMPARED = [row for row in TABLE["rows"] if row["method"] in METHODS]


def row_name(row):
    return f"{row['method']} on {row['problem']['problem']} with {row['settings']}"


@pytest.mark.parametrize("row", COMPARED, ids=row_name)
def test_pytorch_takes_the_same_path(row):
    assert_agrees_with_torch(row, row["path"])


if find_spec("torch"):  # where it is installed, the committed table is held to a fresh run as well

    @pytest.mark.parametrize("row", TABLE["rows"], ids=row_name)
    def test_pytorch_run_now_takes_the_path_of_the_table(row):
        given = {key: row[key] for key in ("method", "settings", "problem", "x0", "n_steps")}
        live = make_trajectories.trajectory(**given)
        np.testing.assert_allclose(live, row["path"], rtol=1e-12, atol=1e-13)
        if row in COMPARED:
            assert_agrees_with_torch(row, live)


def assert_agrees_with_torch(row, path):
    p = problems.build(row["problem"])
    ours = METHODS[row["method"]].as_torch(p, row["x0"], row["n_steps"], **row["settings"])
    np.testing.assert_allclose(ours, path, rtol=1e-11, atol=1e-12)


def test_the_table_is_what_the_script_would_write_and_covers_every_method_pytorch_has():
    names = ("method", "settings", "problem", "x0", "n_steps")
    rows = [dict(zip(names, row, strict=True)) for row in make_trajectories.ROWS]
    assert rows == [{name: row[name] for name in names} for row in TABLE["rows"]]
    assert all(np.shape(row["path"]) == (row["n_steps"] + 1, len(row["x0"])) for row in TABLE["rows"])
    assert {row["method"] for row in COMPARED} == {name for name, m in METHODS.items() if m.as_torch}
