"""The subgradient method on |Ax - b|: steps that shrink, and the best point so far."""

import numpy as np

from helpers.exercises import hints, paths
from helpers.exercises.drawing import redrawn, telling, tenths
from helpers.exercises.smoothness import subgradient_descent_answers as written
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees_uncut
from helpers.smoothness import subgradient_descent


def _run(A, b, x0, alpha0, n_steps):
    return {"A": A, "b": b, "x0": x0, "alpha0": alpha0, "n_steps": n_steps}


def _case(inputs, note=""):
    """Return the case, and show what decides which point is the best."""
    path, _ = subgradient_descent(*inputs.values())
    return Case(inputs, note, shown={"|Ax - b| along the path": _lengths(path, inputs)})


def _lengths(path, inputs):
    return np.linalg.norm(path @ inputs["A"].T - inputs["b"], axis=-1)


def _clear(inputs):
    """Whether the best point is the best by far enough, and no point is nearly a solution."""
    path, _ = subgradient_descent(*inputs.values())
    values = np.sort(_lengths(path, inputs))
    return values[0] > 0.02 * values[-1] and (len(values) < 2 or values[1] > 1.01 * values[0])


def _drawn(draw, *functions):
    return redrawn(lambda: telling(draw, *functions), _clear)


def _system(rng, m, d):
    A = tenths(rng, (m, d), -2.0, 2.0)
    A[np.arange(min(m, d)), np.arange(min(m, d))] += 2.0
    return A.round(1), tenths(rng, m)


def _runs(rng):
    # Square first: there even a forgotten transpose gives numbers. In the long ones another measure of Ax - b finds
    # another point the best; which one is decided before the mistakes are tried, because it is rare.
    for m, d, measure in (
        (2, 2, None),
        (3, 1, None),
        (4, 3, written.least_sum),
        (6, 3, written.least_entry),
        (3, 5, written.flattest),
    ):

        def draw(m=m, d=d, measure=measure):
            A, b = _system(rng, m, d)
            n_steps = 3 if m == d else int(rng.integers(4, 9))  # the square one is for redoing by hand
            return _run(A, b, tenths(rng, d, 1.0, 4.0), tenths(rng, (), 0.6, 1.9), n_steps)

        def disagrees(inputs, measure=measure):
            return measure is None or not np.array_equal(
                measure(*inputs.values())[1], subgradient_descent(*inputs.values())[1]
            )

        mistakes = (
            written.MISTAKES_IN_A_SQUARE if m == d else (*written.MISTAKES, *([measure] if measure else []))
        )
        yield _case(
            _drawn(lambda draw=draw, good=disagrees: redrawn(draw, good), subgradient_descent, *mistakes)
        )

    b, off = rng.integers(-5, 6, 2).astype(float), float(rng.integers(3, 6))
    yield _case(
        _run(np.eye(2), b, b + np.array([off, 0.0]), 0.7, 3),
        "one row is solved at the start, the other is not",
    )


def _best_at_an_end(rng):
    def draw_nearly_there():
        A, _ = _system(rng, 2, 2)
        x = tenths(rng, 2)
        return _run(A, (A @ x).round(2), (x + np.array([0.1, -0.1])).round(1), 2.0, 3)

    yield _case(
        _drawn(draw_nearly_there, subgradient_descent, written.best_without_the_start),
        "the start is nearly a solution, and the best point",
    )

    def draw(long):
        A, b = _system(rng, 3, 2)
        x0 = np.linalg.lstsq(A, b, rcond=None)[0].round(1) + (0.1 if long else 5.0)
        return _run(A, b, x0, 4.0 if long else 0.2, 3)

    yield _case(
        _drawn(lambda: draw(True), subgradient_descent, written.best_without_the_start),
        "the start is the best point",
    )
    yield _case(
        _drawn(lambda: draw(False), subgradient_descent, written.best_without_the_end),
        "the end is the best point",
    )


def _solutions(rng):
    A, x = rng.integers(1, 5, (2, 2)) + 4 * np.eye(2), rng.integers(-8, 9, 2) / 4
    yield Case(_run(A, A @ x, x, 1.0, 3), "x0 solves Ax = b: the subgradient is 0, the path stays")
    alpha0, b = 0.25 * rng.integers(1, 9), float(rng.integers(-5, 6))
    inputs = _run(np.array([[1.0]]), np.array([b]), np.array([b + alpha0]), float(alpha0), 3)
    yield Case(inputs, "the first step lands on the solution")


def _no_steps(rng):
    A, b = _system(rng, 3, 2)
    yield Case(
        _run(A, b, tenths(rng, 2, 1.0, 3.0), 0.5, 0), "no steps: the path is the start, and the best is too"
    )


def _whole(rng):
    def draw():
        A, b = rng.integers(1, 5, (3, 2)) + np.eye(3, 2, dtype=int), rng.integers(-5, 6, 3)
        return _run(A, b, rng.integers(2, 7, 2), 0.7, 4)

    yield _case(_drawn(draw, subgradient_descent, written.last), "A, b and x0 are whole numbers")


EXERCISE = Exercise(
    id="subgradient-descent",
    chapter="02-l-smoothness",
    points=3,
    signature="subgradient_descent(A, b, x0, alpha0, n_steps)",
    reference=subgradient_descent,
    alternatives=(written.as_lists, written.by_columns, written.method()),
    misconceptions={
        "squared objective": Misconception(
            written.squared,
            "Your slope is the one of |Ax - b|^2. Without the square it is A'(Ax - b) divided by |Ax - b|: it does not get "
            "shorter near the solution.",
            also=(written.half_squared,),
        ),
        "constant step": Misconception(
            written.constant,
            "All your steps are the same. Step k is alpha0/sqrt(k + 1): without shrinking the path jumps to and fro.",
        ),
        "another decay": Misconception(
            written.harmonic,
            "Your steps shrink in another way. Step k (counted from 0) is alpha0/sqrt(k + 1), so the first one is alpha0.",
            also=(
                written.late,
                written.method(step=lambda alpha0, k: alpha0 / (k + 1) ** 2),
                written.method(step=lambda alpha0, k: alpha0 / (k + 2)),
                written.method(step=lambda alpha0, k: alpha0 * 0.9**k),
            ),
        ),
        "last instead of best": Misconception(
            written.last,
            "You return the last point as the best. This method does not go down at every step: return the point of the path "
            "with the smallest |Ax - b|.",
        ),
        "not the smallest residual": Misconception(
            written.worst,
            "Your best point is a row of the path, but not the one with the smallest |Ax - b|. Compute |Ax - b| for every "
            "row, then np.argmin.",
            also=(written.shortest, written.least_sum, written.least_entry, written.flattest),
        ),
        "value instead of point": Misconception(
            written.value,
            "Your second result is one number, the smallest value or its place. Return the point itself: path[that place].",
            also=(written.index,),
        ),
        "divides by zero at a solution": Misconception(
            written.unguarded,
            "Where Ax = b you divide 0 by 0. The subgradient there is 0: test whether |Ax - b| is 0 first.",
            also=(
                written.method(lambda A, b, x: (A @ x - b) / np.linalg.norm(A @ x - b) @ A),
                written.method(written.unguarded_direction, best=lambda path, values: path[np.nanargmin(values)]),
            ),
        ),
        "divides by the wrong length": Misconception(
            written.unit,
            "You divide by the length of A'(Ax - b), so every subgradient has length 1. Divide by the length of the "
            "residual, |Ax - b|.",
        ),
        "transpose missing": Misconception(
            written.untransposed,
            "The chain rule brings A transposed in front: A'(Ax - b)/|Ax - b|. For a square A the mistake gives "
            "numbers, for any other it gives an error.",
            also=(written.chainless,),
        ),
        "uphill": Misconception(
            written.uphill, "Your path climbs. The subgradient points uphill: subtract the step, do not add it.",
        ),
        "b forgotten": Misconception(
            written.without_b, "Your subgradient is the one of |Ax|. The residual is Ax - b.",
            also=(written.method(lambda A, b, x: A.T @ A @ x / np.linalg.norm(A @ x)),),
        ),
        "an end left out": Misconception(
            written.best_without_the_end,
            "The best point is looked for among all points of the path. You leave out the start or the end.",
            also=(
                written.best_without_the_start,
                written.method(best=lambda path, values: path[:-1][np.argmin(values[:-1])]),
            ),
        ),
        "integer start truncates": Misconception(
            written.truncating,
            hints.WHOLE_NUMBERS,
            also=(written.in_place,),
        ),
        **paths.mistakes(
            subgradient_descent, 2,
            "start missing", "start ignored", "one step short", "only the last point", "all rows are the last point",
        ),
        "one entry is 0": Misconception(
            written.method(lambda A, b, x: written.subgradient(A, b, x) if (A @ x - b).all() else 0.0 * x),
            hints.ONE_ENTRY_IS_ZERO,
        ),
    },
    claims=(
        Claim("path and best point on random systems", 3, _runs),
        Claim("the start or the end may be the best", 1, _best_at_an_end),
        Claim("at a solution it stays", 1, _solutions),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("whole numbers as input", 0.5, _whole, agrees_uncut),
    ),
)  # fmt: skip
