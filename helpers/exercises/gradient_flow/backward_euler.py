"""The path of backward Euler: each step solves for the point it goes to."""

import numpy as np

from helpers.exercises import hints, paths
from helpers.exercises.conditioning.matrices import skew_bowl
from helpers.exercises.drawing import away_from_zero, share_of, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.flow import backward_euler


def _walk(Q, b, x0, h, n_steps, note=""):
    system = {"I + hQ": np.eye(len(Q)) + h * Q, "x0 + hb": x0 + h * b}
    return Case({"Q": Q, "b": b, "x0": x0, "h": h, "n_steps": n_steps}, note, shown=system)


def _setting(rng, d, low, high):
    """Return Q, b, x0, h with h between low and high times 1/L, no eigenvalue of hQ near 1 or 2, h not 1."""
    while True:
        Q, b = skew_bowl(rng, d), away_from_zero(rng, d)
        lam = np.linalg.eigvalsh(Q)
        h = share_of(rng, 1 / lam[-1], low, high)
        x0 = np.round(np.linalg.solve(Q, b) + away_from_zero(rng, d, 1.0, 3.0), 1)
        # at hL = 1 the matrix I - hQ would be singular
        if np.abs(h * lam - 1).min() > 0.15 and np.abs(h - 1) > 0.15 and np.linalg.norm(x0) > 0.5:
            return Q, b, x0, h


def _walks(rng):
    for d, n_steps in ((2, 3), (2, 4), (3, 3), (5, 3)):
        yield _walk(*_setting(rng, d, 0.4, 0.8), n_steps)


def _long_steps(rng):
    for d in (2, 3):
        yield _walk(*_setting(rng, d, 3.0, 9.0), 5, "h is far beyond 2/L")
    Q, b, x0, _ = _setting(rng, 2, 3.0, 9.0)
    yield _walk(Q, b, x0, 1000.0, 2, "h is enormous: nearly at the minimiser after one step")


def _whole_walks(rng):
    Q = np.array([[2, 1], [1, int(rng.integers(3, 6))]])
    yield _walk(Q, rng.integers(1, 5, 2), rng.integers(6, 10, 2), 1, 3, "everything is a whole number")


def _no_steps(rng):
    Q, b, x0, h = _setting(rng, 2, 0.4, 0.8)
    yield _walk(Q, b, x0, h, 0, "no steps: the path is x0")


def _one_coordinate(rng):
    lam = tenths(rng, (), 1.2, 3.0)
    yield _walk(np.array([[lam]]), away_from_zero(rng, 1), tenths(rng, 1, 4.0, 6.0), 0.5, 3, "one coordinate")


def _iterate(step):
    """Return a path of `step(Q, b, x, h, x0)`."""

    def walk(Q, b, x0, h, n_steps):
        path = [np.array(x0, dtype=float)]
        for _ in range(n_steps):
            path.append(step(Q, b, path[-1], h, path[0]))
        return np.array(path)

    return walk


def _matrix(Q, h):
    return np.eye(len(Q)) + h * Q


def _solve(Q, h, right):
    return np.linalg.solve(_matrix(Q, h), right)


def _trapezoid(Q, b, x, h, x0):
    return _solve(Q, h / 2, x - h / 2 * (Q @ x - b) + h / 2 * b)


def _truncated(Q, b, x0, h, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(n_steps):
        path[k + 1] = _solve(Q, h, path[k] + h * b)
    return path


def _one_step_all_the_way(Q, b, x0, h, n_steps):
    return np.array([_solve(Q, k * h, x0 + k * h * b) for k in range(n_steps + 1)])


def _by_inverse(Q, b, x0, h, n_steps):
    inverse = np.linalg.inv(np.eye(len(b)) + h * Q)
    rows = [np.asarray(x0, dtype=float).tolist()]
    for _ in range(n_steps):
        rows.append((inverse @ (np.array(rows[-1]) + h * b)).tolist())
    return rows


def _by_eigenvalues(Q, b, x0, h, n_steps):
    lam, V = np.linalg.eigh(Q)
    m = np.linalg.solve(Q, b)
    c = V.T @ (x0 - m)
    return np.asfortranarray([m + V @ (c / (1 + h * lam) ** k) for k in range(n_steps + 1)])


def _by_recursion(Q, b, x0, h, n_steps):
    """The change of x instead of x itself: (I + hQ) dx = -h (Qx - b)."""
    x = np.asarray(x0, dtype=float)
    if n_steps == 0:
        return x[None]
    return np.vstack([x, _by_recursion(Q, b, x - h * _solve(Q, h, Q @ x - b), h, n_steps - 1)])


EXERCISE = Exercise(
    id="backward-euler",
    chapter="05-gradient-flow",
    points=3,
    signature="backward_euler(Q, b, x0, h, n_steps)",
    reference=backward_euler,
    alternatives=(_by_inverse, _by_eigenvalues, _by_recursion),
    misconceptions={
        "I - hQ": Misconception(
            _iterate(lambda Q, b, x, h, x0: _solve(Q, -h, x + h * b)),
            "You solve with I - hQ. Move -hQ x_new to the left-hand side: it changes its sign and becomes I + hQ.",
            also=(_iterate(lambda Q, b, x, h, x0: _solve(Q, -h, x - h * b)),),
        ),
        "explicit": Misconception(
            _iterate(lambda Q, b, x, h, x0: x - h * (Q @ x - b)),
            "You take the slope at the old point, which is forward Euler. Here the slope belongs to the new point: "
            "solve a linear system for it in every step.",
        ),
        "old right side": Misconception(
            _iterate(lambda Q, b, x, h, x0: _solve(Q, h, x0 + h * b)),
            "Every step solves with the same right-hand side, x0 + hb, so only the first one moves. Put the "
            "present point x[k] into it.",
        ),
        "b missing": Misconception(
            _iterate(lambda Q, b, x, h, x0: _solve(Q, h, x)),
            "Your path leads to the origin: b is missing. The right-hand side is x[k] + hb.",
        ),
        "b without h": Misconception(
            _iterate(lambda Q, b, x, h, x0: _solve(Q, h, x + b)),
            "You add b to the right-hand side without the step: h multiplies the whole slope, and so b as well.",
        ),
        "sign of b": Misconception(
            _iterate(lambda Q, b, x, h, x0: _solve(Q, h, x - h * b)),
            "Your path leads to the solution of Qx = -b. The function is x'Qx/2 - b'x: the right-hand side is x[k] + hb.",
        ),
        "h missing in the matrix": Misconception(
            _iterate(lambda Q, b, x, h, x0: _solve(Q, 1, x + h * b)),
            "Your matrix is I + Q, whatever the step. h multiplies the slope, and so Q as well: I + hQ.",
        ),
        "multiplies instead of solving": Misconception(
            _iterate(lambda Q, b, x, h, x0: _matrix(Q, h) @ (x + h * b)),
            "You multiply by I + hQ. The equation says (I + hQ) x_new = x[k] + hb: solve it with np.linalg.solve.",
        ),
        "divides entry by entry": Misconception(
            _iterate(lambda Q, b, x, h, x0: (x + h * b) / (1 + h * np.diag(Q))),
            "You divide by 1 + h Q[i, i], coordinate by coordinate. The entries beside the diagonal couple the "
            "coordinates: solve the whole system.",
        ),
        "slope at Euler's point": Misconception(
            _iterate(lambda Q, b, x, h, x0: x - h * (Q @ (x - h * (Q @ x - b)) - b)),
            "You guess the new point by forward Euler and take the slope there. That is still explicit: the new "
            "point has to satisfy the equation itself, so solve for it.",
        ),
        "trapezoid": Misconception(
            _iterate(_trapezoid),
            "You average the slopes at both ends, which is the trapezoidal rule. Backward Euler uses the slope at "
            "the new point alone.",
        ),
        "one long step": Misconception(
            _one_step_all_the_way,
            "Row k is one step of length kh from the start. Take each step from the row before, with length h.",
        ),
        "start missing": Misconception(
            lambda Q, b, x0, h, n_steps: backward_euler(Q, b, x0, h, n_steps)[1:],
            hints.START_MISSING,
            also=(lambda Q, b, x0, h, n_steps: backward_euler(Q, b, x0, h, n_steps + 1)[1:],),
        ),
        "integer start truncates": Misconception(
            _truncated,
            hints.WHOLE_NUMBERS,
        ),
        "last point only": Misconception(
            lambda Q, b, x0, h, n_steps: backward_euler(Q, b, x0, h, n_steps)[-1],
            hints.LAST_POINT_ONLY,
        ),
        **paths.mistakes(backward_euler, 2, "start ignored", "one step short", "all rows are the last point"),
    },
    claims=(
        Claim("the whole path in random bowls", 3, _walks),
        Claim("steps far beyond the limit of forward Euler", 1, _long_steps),
        Claim("whole numbers as input", 0.5, _whole_walks),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("one coordinate", 0.5, _one_coordinate),
    ),
)
