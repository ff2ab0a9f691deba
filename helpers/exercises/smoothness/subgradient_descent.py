"""The subgradient method on |Ax - b|: steps that shrink, and the best point so far."""

import numpy as np

from helpers.exercises import hints, paths
from helpers.exercises.drawing import redrawn, telling, tenths
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
        (4, 3, _least_sum),
        (6, 3, _least_entry),
        (3, 5, _flattest),
    ):

        def draw(m=m, d=d, measure=measure):
            A, b = _system(rng, m, d)
            n_steps = 3 if m == d else int(rng.integers(4, 9))  # the square one is for redoing by hand
            return _run(A, b, tenths(rng, d, 1.0, 4.0), tenths(rng, (), 0.6, 1.9), n_steps)

        def disagrees(inputs, measure=measure):
            return measure is None or not np.array_equal(
                measure(*inputs.values())[1], subgradient_descent(*inputs.values())[1]
            )

        mistakes = _MISTAKES_IN_A_SQUARE if m == d else (*_MISTAKES, *([measure] if measure else []))
        yield _case(
            _drawn(lambda draw=draw, good=disagrees: redrawn(draw, good), subgradient_descent, *mistakes)
        )


def _best_at_an_end(rng):
    def draw_nearly_there():
        A, _ = _system(rng, 2, 2)
        x = tenths(rng, 2)
        return _run(A, (A @ x).round(2), (x + np.array([0.1, -0.1])).round(1), 2.0, 3)

    yield _case(
        _drawn(draw_nearly_there, subgradient_descent, _best_without_the_start),
        "the start is nearly a solution, and the best point",
    )

    def draw(long):
        A, b = _system(rng, 3, 2)
        x0 = np.linalg.lstsq(A, b, rcond=None)[0].round(1) + (0.1 if long else 5.0)
        return _run(A, b, x0, 4.0 if long else 0.2, 3)

    yield _case(
        _drawn(lambda: draw(True), subgradient_descent, _best_without_the_start),
        "the start is the best point",
    )
    yield _case(
        _drawn(lambda: draw(False), subgradient_descent, _best_without_the_end), "the end is the best point"
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

    yield _case(_drawn(draw, subgradient_descent, _last), "A, b and x0 are whole numbers")


def _subgradient(A, b, x):
    r = A @ x - b
    size = np.linalg.norm(r)
    return A.T @ r / size if size > 0 else np.zeros(len(x))


def _unguarded_direction(A, b, x):
    return A.T @ (A @ x - b) / np.linalg.norm(A @ x - b)


def _method(
    subgradient=_subgradient,
    step=lambda alpha0, k: alpha0 / np.sqrt(k + 1),
    best=lambda path, values: path[np.argmin(values)],
):
    """Return the method with one of its three parts exchanged."""

    def run(A, b, x0, alpha0, n_steps):
        path = np.empty((n_steps + 1, len(x0)))
        path[0] = x0
        for k in range(n_steps):
            path[k + 1] = path[k] - step(alpha0, k) * subgradient(A, b, path[k])
        return path, best(path, np.linalg.norm(path @ A.T - b, axis=1))

    return run


def _best_by(measure):
    """Return the method that takes another measure of Ax - b for its length when it looks for the best point."""

    def run(A, b, x0, alpha0, n_steps):
        path, _ = subgradient_descent(A, b, x0, alpha0, n_steps)
        return path, path[np.argmin(measure(A, path @ A.T - b))]

    return run


def _truncating(A, b, x0, alpha0, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(n_steps):
        path[k + 1] = path[k] - alpha0 / np.sqrt(k + 1) * _subgradient(A, b, path[k])
    return path, path[np.argmin(np.linalg.norm(path @ A.T - b, axis=1))]


_squared = _method(lambda A, b, x: 2 * A.T @ (A @ x - b))
_half_squared = _method(lambda A, b, x: A.T @ (A @ x - b))
_constant = _method(step=lambda alpha0, k: alpha0)
_harmonic = _method(step=lambda alpha0, k: alpha0 / (k + 1))
_late = _method(step=lambda alpha0, k: alpha0 / np.sqrt(k + 2))
_last = _method(best=lambda path, values: path[-1])
_worst = _method(best=lambda path, values: path[np.argmax(values)])
_shortest = _method(best=lambda path, values: path[np.argmin(np.linalg.norm(path, axis=1))])
_value = _method(best=lambda path, values: values.min())
_index = _method(best=lambda path, values: np.argmin(values))
_unguarded = _method(_unguarded_direction)
_unit = _method(lambda A, b, x: A.T @ (A @ x - b) / np.linalg.norm(A.T @ (A @ x - b)))
_untransposed = _method(lambda A, b, x: A @ (A @ x - b) / np.linalg.norm(A @ x - b))
_chainless = _method(lambda A, b, x: (A @ x - b) / np.linalg.norm(A @ x - b))
_uphill = _method(lambda A, b, x: -_subgradient(A, b, x))
_without_b = _method(lambda A, b, x: _subgradient(A, 0 * b, x))
_best_without_the_start = _method(
    best=lambda path, values: path[1:][np.argmin(values[1:])] if len(path) > 1 else path[0]
)
_best_without_the_end = _method(
    best=lambda path, values: path[np.argmin(values[:-1])] if len(path) > 1 else path[0]
)

_MISTAKES = (
    _squared, _half_squared, _constant, _harmonic, _late, _last, _worst, _value, _index, _unit,
    _uphill, _without_b,
)  # fmt: skip
_MISTAKES_IN_A_SQUARE = (*_MISTAKES, _untransposed, _chainless, _shortest)
_least_sum = _best_by(lambda A, residuals: np.abs(residuals).sum(axis=1))
_least_entry = _best_by(lambda A, residuals: np.abs(residuals).max(axis=1))
_flattest = _best_by(lambda A, residuals: np.linalg.norm(residuals @ A, axis=1))


def _in_place(A, b, x0, alpha0, n_steps):
    x = x0.copy()
    path = [x.copy()]
    for k in range(n_steps):
        x -= alpha0 / np.sqrt(k + 1) * _subgradient(A, b, x)
        path.append(x.copy())
    return path, min(path, key=lambda x: np.linalg.norm(A @ x - b))


def _as_lists(A, b, x0, alpha0, n_steps):
    x = [float(value) for value in x0]
    path, best, lowest = [x], x, np.inf
    for k in range(n_steps + 1):
        r = [sum(a * v for a, v in zip(row, x, strict=True)) - right for row, right in zip(A, b, strict=True)]
        size = sum(value**2 for value in r) ** 0.5
        if size < lowest:
            best, lowest = x, size
        if k < n_steps:
            g = [sum(A[i][j] * r[i] for i in range(len(r))) / (size or 1) for j in range(len(x))]
            x = [v - alpha0 * (k + 1) ** -0.5 * slope for v, slope in zip(x, g, strict=True)]
            path.append(x)
    return [path, best]


def _by_columns(A, b, x0, alpha0, n_steps):
    columns = np.zeros((len(x0), n_steps + 1), order="F")
    columns[:, 0] = x0
    for k in range(1, n_steps + 1):
        r = A.dot(columns[:, k - 1]) - b
        g = np.zeros(len(x0)) if not r.any() else r.dot(A) / np.sqrt(r.dot(r))
        columns[:, k] = columns[:, k - 1] - alpha0 * g / k**0.5
    residuals = A.dot(columns) - np.asarray(b)[:, None]
    return columns.T, columns[:, np.argmin(np.sum(residuals**2, axis=0))]


EXERCISE = Exercise(
    id="subgradient-descent",
    chapter="02-l-smoothness",
    points=3,
    signature="subgradient_descent(A, b, x0, alpha0, n_steps)",
    reference=subgradient_descent,
    alternatives=(_as_lists, _by_columns, _method()),
    misconceptions={
        "squared objective": Misconception(
            _squared,
            "Your slope is the one of |Ax - b|^2. Without the square it is A'(Ax - b) divided by |Ax - b|: it does not get "
            "shorter near the solution.",
            also=(_half_squared,),
        ),
        "constant step": Misconception(
            _constant,
            "All your steps are the same. Step k is alpha0/sqrt(k + 1): without shrinking the path jumps to and fro.",
        ),
        "another decay": Misconception(
            _harmonic,
            "Your steps shrink in another way. Step k (counted from 0) is alpha0/sqrt(k + 1), so the first one is alpha0.",
            also=(_late, _method(step=lambda alpha0, k: alpha0 / (k + 1) ** 2),
                  _method(step=lambda alpha0, k: alpha0 / (k + 2)), _method(step=lambda alpha0, k: alpha0 * 0.9**k)),
        ),
        "last instead of best": Misconception(
            _last,
            "You return the last point as the best. This method does not go down at every step: return the point of the path "
            "with the smallest |Ax - b|.",
        ),
        "not the smallest residual": Misconception(
            _worst,
            "Your best point is a row of the path, but not the one with the smallest |Ax - b|. Compute |Ax - b| for every "
            "row, then np.argmin.",
            also=(_shortest, _least_sum, _least_entry, _flattest),
        ),
        "value instead of point": Misconception(
            _value,
            "Your second result is one number, the smallest value or its place. Return the point itself: path[that place].",
            also=(_index,),
        ),
        "divides by zero at a solution": Misconception(
            _unguarded,
            "Where Ax = b you divide 0 by 0. The subgradient there is 0: test whether |Ax - b| is 0 first.",
            also=(
                _method(lambda A, b, x: (A @ x - b) / np.linalg.norm(A @ x - b) @ A),
                _method(_unguarded_direction, best=lambda path, values: path[np.nanargmin(values)]),
            ),
        ),
        "divides by the wrong length": Misconception(
            _unit,
            "You divide by the length of A'(Ax - b), so every subgradient has length 1. Divide by the length of the "
            "residual, |Ax - b|.",
        ),
        "transpose missing": Misconception(
            _untransposed,
            "The chain rule brings A transposed in front: A'(Ax - b)/|Ax - b|. For a square A the mistake gives "
            "numbers, for any other it gives an error.",
            also=(_chainless,),
        ),
        "uphill": Misconception(
            _uphill, "Your path climbs. The subgradient points uphill: subtract the step, do not add it.",
        ),
        "b forgotten": Misconception(
            _without_b, "Your subgradient is the one of |Ax|. The residual is Ax - b.",
            also=(_method(lambda A, b, x: A.T @ A @ x / np.linalg.norm(A @ x)),),
        ),
        "an end left out": Misconception(
            _best_without_the_end,
            "The best point is looked for among all points of the path. You leave out the start or the end.",
            also=(_best_without_the_start, _method(best=lambda path, values: path[:-1][np.argmin(values[:-1])])),
        ),
        "integer start truncates": Misconception(
            _truncating,
            hints.WHOLE_NUMBERS,
            also=(_in_place,),
        ),
        **paths.mistakes(subgradient_descent, 2, "start missing", "start ignored", "one step short", "only the last point", "all rows are the last point"),
    },
    claims=(
        Claim("path and best point on random systems", 3, _runs),
        Claim("the start or the end may be the best", 1, _best_at_an_end),
        Claim("at a solution it stays", 1, _solutions),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("whole numbers as input", 0.5, _whole, agrees_uncut),
    ),
)  # fmt: skip
