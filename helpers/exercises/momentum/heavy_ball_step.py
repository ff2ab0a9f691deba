"""One step of the heavy ball."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import away_from_zero, redrawn, tenths
from helpers.exercises.momentum.walks import momentum
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off
from helpers.momentum import heavy_ball_step


def _inputs(x, previous, g, alpha, beta):
    return {"x": x, "x_previous": previous, "g": g, "alpha": alpha, "beta": beta}


def _step(rng, d):
    """Draw a step whose parts are all of a size, so that none of them can be left out unnoticed."""

    def draw():
        x = away_from_zero(rng, d)
        step, g = away_from_zero(rng, d, 0.5, 2.0), away_from_zero(rng, d)
        alpha = float(rng.choice([0.2, 0.3, 0.4, 0.7]))
        return _inputs(x, np.round(x - step, 1), g, alpha, momentum(rng))

    def apart(inputs):
        moved = heavy_ball_step(**inputs)
        return np.linalg.norm(moved) > 0.3 and abs(inputs["alpha"] - inputs["beta"]) > 0.05

    return redrawn(draw, apart)


def _steps(rng):
    for d in (2, 1, 3, 5, 2):
        yield Case(_step(rng, d))


def _whole_steps(rng):
    for d in (2, 3):
        x, previous, g = (rng.integers(1, 9, d) * rng.choice([-1, 1], d) for _ in range(3))
        yield Case(_inputs(x, previous, g, 0.3, 0.6), "whole numbers")


def _at_rest(rng):
    x, g = away_from_zero(rng, 3), away_from_zero(rng, 3)
    yield Case(_inputs(x, x.copy(), g, 0.3, momentum(rng)), "it stood still: a step of gradient descent")


def _level(rng):
    x, previous = away_from_zero(rng, 2), tenths(rng, 2, 4.0, 6.0)
    yield Case(_inputs(x, previous, np.zeros(2), 0.3, momentum(rng)), "no slope: the ball rolls on")


def _in_place(x, x_previous, g, alpha, beta):
    x += beta * (x - x_previous) - alpha * g
    return x


def _written_into_x(x, x_previous, g, alpha, beta):
    x[:] = heavy_ball_step(x, x_previous, g, alpha, beta)
    return x


def _in_place_by_turns(x, x_previous, g, alpha, beta):
    inertia = beta * (x - x_previous)
    x -= alpha * g
    x += inertia
    return x


def _by_velocity(x, x_previous, g, alpha, beta):
    """The form of PyTorch: v = beta v + g, and the step is -alpha v."""
    v = (np.asarray(x_previous) - x) / alpha
    return x - alpha * (beta * v + g)


EXERCISE = Exercise(
    id="heavy-ball-step",
    chapter="07-momentum",
    points=1,
    signature="heavy_ball_step(x, x_previous, g, alpha, beta)",
    reference=heavy_ball_step,
    alternatives=(
        _by_velocity,
        lambda x, x_previous, g, alpha, beta: [
            (1 + beta) * a - beta * b - alpha * c for a, b, c in zip(x, x_previous, g, strict=True)
        ],
        lambda x, x_previous, g, alpha, beta: (
            np.float32([1 + beta, -beta, -alpha]) @ np.float32([x, x_previous, g])
        ),
    ),
    misconceptions={
        "damped": Misconception(
            lambda x, x_previous, g, alpha, beta: x - alpha * (1 - beta) * g + beta * (x - x_previous),
            "You multiply the gradient by 1 - beta. That is the damped form, an average of gradients; in this course "
            "the gradient enters in full, alpha * g.",
        ),
        "sign of the inertia": Misconception(
            lambda x, x_previous, g, alpha, beta: x - alpha * g - beta * (x - x_previous),
            "Your inertia pulls back. The last step was x - x_previous, and the ball keeps going in this direction: "
            "add beta times it.",
            also=(lambda x, x_previous, g, alpha, beta: x - alpha * g + beta * (x_previous - x),),
        ),
        "beta on the gradient": Misconception(
            lambda x, x_previous, g, alpha, beta: x - alpha * beta * g + (x - x_previous),
            "beta multiplies the gradient in your step. It belongs to the inertia x - x_previous, and to nothing else.",
            also=(lambda x, x_previous, g, alpha, beta: x + beta * (x - x_previous - alpha * g),),
        ),
        "alpha and beta exchanged": Misconception(
            lambda x, x_previous, g, alpha, beta: x - beta * g + alpha * (x - x_previous),
            "alpha and beta have changed places. alpha is how far to go along the gradient, beta the share of the last step "
            "that is kept.",
        ),
        "no inertia": Misconception(
            lambda x, x_previous, g, alpha, beta: x - alpha * g,
            "This is a step of gradient descent. What is missing is the memory: beta times the last step, "
            "x - x_previous.",
        ),
        "inertia in full": Misconception(
            lambda x, x_previous, g, alpha, beta: x - alpha * g + (x - x_previous),
            "You repeat the whole last step. Only the share beta of it is kept; without friction the ball never "
            "comes to rest.",
        ),
        "uphill": Misconception(
            lambda x, x_previous, g, alpha, beta: x + alpha * g + beta * (x - x_previous),
            "The gradient points uphill, so subtract alpha * g. The sign of the inertia is right.",
        ),
        "alpha on the inertia": Misconception(
            lambda x, x_previous, g, alpha, beta: x - alpha * (g - beta * (x - x_previous)),
            "alpha multiplies the inertia too. The last step is already a step, with its alpha in it: add "
            "beta * (x - x_previous) as it is.",
        ),
        "inertia after the gradient": Misconception(
            lambda x, x_previous, g, alpha, beta: (1 + beta) * (x - alpha * g) - beta * x_previous,
            "You step along the gradient first, and measure the last step from there. The inertia is that of the step "
            "before: x - x_previous, with the x you were given.",
        ),
        "forgets x": Misconception(
            lambda x, x_previous, g, alpha, beta: beta * (x - x_previous) - alpha * g,
            "You return the step itself. The new point is where you stood plus the step.",
        ),
        "starts from the previous point": Misconception(
            lambda x, x_previous, g, alpha, beta: x_previous - alpha * g + beta * (x - x_previous),
            "You start from x_previous. The ball is at x now; x_previous only tells where it came from.",
        ),
        "changes x in place": Misconception(
            _in_place,
            "You write the new point into the caller's array. Make a new array instead: x_new = x - ...",
            also=(_written_into_x, _in_place_by_turns),
        ),
        "brackets missing": Misconception(
            lambda x, x_previous, g, alpha, beta: x - alpha * g + beta * x - x_previous,
            hints.brackets("beta * (x - x_previous)"),
        ),
        **cut_off(heavy_ball_step, 0, "x"),
    },
    claims=(
        Claim("one step, at random", 3, _steps),
        Claim("whole numbers as input", 0.5, _whole_steps),
        Claim("from rest it is a step of gradient descent", 0.5, _at_rest),
        Claim("without a slope the ball rolls on", 0.5, _level),
        Claim("x itself is left as it was", 0.5, _steps, leaves_arguments_alone),
    ),
)
