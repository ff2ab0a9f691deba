"""One step of gradient descent."""

import numpy as np

from helpers import problems
from helpers.descent import (
    gradient_step,
)
from helpers.exercises.drawing import (
    away_from_zero,
    bowl,
    given,
    redrawn,
    share_of,
    tenths,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off


def _step(problem, x, alpha, note=""):
    return Case({"grad": given("grad", problem), "x": x, "alpha": alpha}, note)


def _far_from_zero(rng, d, draw):
    """Draw (problem, x, alpha) until the step does not end close to 0, where float32 has few digits left."""

    def is_far(drawn):
        problem, x, alpha = drawn
        return np.linalg.norm(x - alpha * problem.grad(x)) > 0.2 * np.linalg.norm(x)

    return redrawn(lambda: draw(bowl(rng, d)), is_far)


def _steps(rng):
    yield _step(*_far_from_zero(rng, 2, lambda _: (problems.cost_surface(), tenths(rng, 2), 0.1)))

    def anywhere(problem):
        x = problem.minimiser.round(1) + away_from_zero(rng, problem.dim)
        return problem, x, share_of(rng, 1 / problem.L, 0.3, 3)

    def close_to_the_minimiser(problem):
        # The gradient is short here: cutting it to length 1 elsewhere looks like taking its sign.
        x = (problem.minimiser + np.array([0.1, -0.2]) * rng.choice([-1, 1], 2)).round(2)
        return problem, x, share_of(rng, 1 / problem.L, 0.3, 3)

    for d in (1, 2, 3, 6):
        yield _step(*_far_from_zero(rng, d, anywhere))
    yield _step(*_far_from_zero(rng, 2, close_to_the_minimiser))
    yield _step(problems.rosenbrock(), tenths(rng, 2, 0.3, 0.9), 0.001)


def _whole_steps(rng):
    def whole(problem):
        return problem, rng.integers(1, 9, problem.dim) * rng.choice([-1, 1], problem.dim), 0.1

    for d in (1, 2, 4):
        yield _step(*_far_from_zero(rng, d, whole), "x holds whole numbers")


def _step_from_the_bottom(rng):
    problem = problems.quadratic_with_spectrum(tenths(rng, 2, 0.5, 3.0), minimiser=tenths(rng, 2))
    yield _step(problem, np.array(problem.minimiser), 0.25, "x is the minimiser")


def _uphill_step(grad, x, alpha):
    return x + alpha * grad(x)


def _step_without_x(grad, x, alpha):
    return -alpha * grad(x)


def _step_without_alpha(grad, x, alpha):
    return x - grad(x)


def _normalised_step(grad, x, alpha):
    g = grad(x)
    return x - alpha * g / np.linalg.norm(g)


def _normalised_step_with_guard(grad, x, alpha):
    g = grad(x)
    return x - alpha * g / np.linalg.norm(g) if np.any(g) else x


def _step_in_place(grad, x, alpha):
    x -= alpha * grad(x)
    return x


def _step_written_into_x(grad, x, alpha):
    x[:] = x - alpha * grad(x)
    return x


def _step_by_coordinates(grad, x, alpha):
    g = grad(x)
    for i in range(len(x)):
        x[i] = x[i] - alpha * g[i]
    return x


def _step_by_sign(grad, x, alpha):
    return x - alpha * np.sign(grad(x))


def _step_by_list(grad, x, alpha):
    return [float(x_i) - alpha * float(g_i) for x_i, g_i in zip(x, grad(x), strict=True)]


def _step_in_float32(grad, x, alpha):
    x = np.asarray(x, dtype=np.float32)
    return x - np.float32(alpha) * grad(x).astype(np.float32)


EXERCISE = Exercise(
    id="gradient-step",
    chapter="01-step-size-and-curvature",
    points=1,
    signature="gradient_step(grad, x, alpha)",
    reference=gradient_step,
    alternatives=(
        _step_by_list,
        _step_in_float32,
        lambda grad, x, alpha: np.add(x, np.multiply(-alpha, grad(x))),
    ),
    misconceptions={
        "uphill": Misconception(
            _uphill_step,
            "The gradient points uphill. To go down, subtract alpha times the gradient; you added it.",
        ),
        "forgets x": Misconception(
            _step_without_x,
            "You return the step itself. The new point is where you stood, and the step from there: begin with x.",
            also=(lambda grad, x, alpha: alpha * grad(x),),
        ),
        "forgets alpha": Misconception(
            _step_without_alpha,
            "You subtract the whole gradient. Multiply it by the step size alpha first.",
        ),
        "normalises the gradient": Misconception(
            _normalised_step,
            "You divide the gradient by its length, so every step is alpha long. Use the gradient as it is: "
            "long steps where it is steep, short ones near the bottom.",
            also=(_normalised_step_with_guard,),
        ),
        "only the sign of the gradient": Misconception(
            _step_by_sign,
            "You use only the sign of each gradient entry. Its size matters too: multiply alpha by the entry.",
        ),
        "changes x in place": Misconception(
            _step_in_place,
            "x -= ... and x[i] = ... write the new point into the caller's array. Make a new array instead: "
            "x_new = x - ..., and return that.",
            also=(_step_written_into_x, _step_by_coordinates),
        ),
        **cut_off(gradient_step, 1, "x"),
    },
    claims=(
        Claim("one step on random landscapes", 3, _steps),
        Claim("whole numbers as input", 1, _whole_steps),
        Claim("at the minimiser it stays there", 0.5, _step_from_the_bottom),
        Claim("x itself is left as it was", 0.5, _steps, leaves_arguments_alone),
    ),
)
