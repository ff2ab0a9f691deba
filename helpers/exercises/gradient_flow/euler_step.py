"""One step of forward Euler along a flow."""

import numpy as np

from helpers import problems
from helpers.exercises.conditioning.matrices import skew_bowl
from helpers.exercises.drawing import away_from_zero, given, share_of, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off
from helpers.flow import euler_step


def _bowl(rng, d):
    Q = skew_bowl(rng, d) if d > 1 else tenths(rng, (1, 1), 1.5, 3.0)
    return problems.quadratic(Q, away_from_zero(rng, d))


def _step(problem, x, h, note=""):
    return Case({"field": given("field", problem), "x": x, "h": h}, note)


def _steps(rng):
    for d in (2, 1, 3, 5):
        problem = _bowl(rng, d)
        x = problem.minimiser.round(1) + away_from_zero(rng, d, 1.0)
        # h up to 0.6/L: slopes at the start, half way and at the end differ clearly, and iterating settles
        yield _step(problem, x, share_of(rng, 1 / problem.L, 0.35, 0.6))
    yield _step(problems.wavy(), tenths(rng, 1, 2.0, 4.0), 0.2, "one coordinate, a wavy landscape")


def _whole_steps(rng):
    for d in (1, 2, 3):
        problem = problems.quadratic(
            np.diag(tenths(rng, d, 1.0, 3.0)) + 0.3 * (1 - np.eye(d)), away_from_zero(rng, d)
        )
        yield _step(problem, rng.integers(3, 9, d), 0.1, "x holds whole numbers")


def _steps_at_rest(rng):
    problem = problems.quadratic_with_spectrum(tenths(rng, 2, 0.5, 3.0), minimiser=away_from_zero(rng, 2))
    yield _step(problem, np.array(problem.minimiser), 0.25, "the field vanishes at x")
    yield _step(_bowl(rng, 2), away_from_zero(rng, 2), 0.0, "h = 0: no time passes")


def _fixed_point(times):
    """Return backward Euler by so many substitutions of the new point into the field."""

    def step(field, x, h):
        new = x + h * field(x)
        for _ in range(times):
            new = x + h * field(new)
        return new

    return step


def _midpoint(field, x, h):
    return x + h * field(x + h / 2 * field(x))


def _trapezoid(field, x, h):
    v = field(x)
    return x + h * (v + field(x + h * v)) / 2


def _runge_kutta(field, x, h):
    a = field(x)
    b = field(x + h / 2 * a)
    c = field(x + h / 2 * b)
    return x + h / 6 * (a + 2 * b + 2 * c + field(x + h * c))


def _normalised(field, x, h):
    v = field(x)
    length = np.linalg.norm(v)
    return x + h * v / length if length > 0 else x + 0.0


def _in_place(field, x, h):
    x += h * field(x)
    return x


def _written_into_x(field, x, h):
    x[:] = x + h * field(x)
    return x


def _by_list(field, x, h):
    return [float(a) + h * float(v) for a, v in zip(x, field(x), strict=True)]


def _in_float32(field, x, h):
    return np.asarray(x, dtype=np.float32) + np.float32(h) * np.asarray(field(x), dtype=np.float32)


EXERCISE = Exercise(
    id="euler-step",
    chapter="05-gradient-flow",
    points=1,
    signature="euler_step(field, x, h)",
    reference=euler_step,
    alternatives=(_by_list, _in_float32, lambda field, x, h: np.add(np.multiply(h, field(x)), x)),
    misconceptions={
        "backward": Misconception(
            _fixed_point(1),
            "You take the slope at the end of the step, which is backward Euler. Forward Euler asks the field once, "
            "at x, where the step begins.",
            also=tuple(_fixed_point(times) for times in (2, 3, 5, 10, 20, 50, 100)),
        ),
        "midpoint": Misconception(
            _midpoint,
            "You take the slope in the middle of the step, which is the midpoint method of order 2. Forward Euler "
            "asks the field once, at x.",
        ),
        "trapezoid": Misconception(
            _trapezoid,
            "You average the slopes at the beginning and at the end, which is Heun's method of order 2. Forward "
            "Euler uses the slope at x alone.",
        ),
        "Runge-Kutta": Misconception(
            _runge_kutta,
            "You mix four slopes, which is the Runge-Kutta method of order 4. Forward Euler asks the field once, at x.",
        ),
        "minus sign": Misconception(
            lambda field, x, h: x - h * field(x),
            "You subtract the field. It is the velocity, minus the gradient already: add h times it.",
        ),
        "forgets x": Misconception(
            lambda field, x, h: h * field(x),
            "You return the way covered in the time h. The new point is where you stood plus this way.",
            also=(lambda field, x, h: -h * field(x),),
        ),
        "forgets h": Misconception(
            lambda field, x, h: x + field(x),
            "You move by the whole velocity. In the time h the way is h times the velocity.",
        ),
        "normalises the field": Misconception(
            _normalised,
            "You divide the velocity by its length, so every step is h long. Use the field as it is.",
        ),
        "changes x in place": Misconception(
            _in_place,
            "x += ... writes the new point into the caller's array. Make a new array instead: x_new = x + ...",
            also=(_written_into_x,),
        ),
        **cut_off(euler_step, 1, "x"),
    },
    claims=(
        Claim("one step along random flows", 3, _steps),
        Claim("whole numbers as input", 1, _whole_steps),
        Claim("no field or no time: it stays there", 0.5, _steps_at_rest),
        Claim("x itself is left as it was", 0.5, _steps, leaves_arguments_alone),
    ),
)
