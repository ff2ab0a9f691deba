"""Steepest descent that takes the best step each time."""

import numpy as np

from helpers.conditioning import exact_line_search
from helpers.exercises import hints, paths
from helpers.exercises.conditioning.matrices import skew_bowl
from helpers.exercises.drawing import away_from_zero, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees_uncut


def _search(Q, b, x0, n_steps, note=""):
    g = Q @ x0 - b
    first = {"g at x0": g, "g'g": g @ g, "g'Qg": g @ Q @ g}
    return Case({"Q": Q, "b": b, "x0": x0, "n_steps": n_steps}, note, shown=first)


def _searches(rng):
    for d, n_steps in ((2, 3), (2, 4), (3, 5), (5, 4)):
        Q, b = skew_bowl(rng, d), away_from_zero(rng, d)
        lam, V = np.linalg.eigh(Q)
        # A start between the extreme eigenvectors of the bowl zig-zags: no step size is the same as the one before.
        offset = 2 * V @ (rng.uniform(0.7, 1.3, d) * lam[-1] ** 0.5 / lam**0.5)
        yield _search(Q, b, np.round(np.linalg.solve(Q, b) + offset, 1), n_steps)
    Q, b = np.array([[2.0, 1.0], [1.0, 1.0]]), rng.integers(1, 9, 2).astype(float)
    g = np.array([2.0 * rng.integers(1, 5), 0.0])
    x0 = np.array([[1.0, -1.0], [-1.0, 2.0]]) @ (b + g)  # the inverse of Q, exactly
    yield _search(Q, b, x0, 3, "one entry of the first gradient is 0, the gradient is not")


def _whole_searches(rng):
    for a, c in (rng.integers(3, 6, 2), rng.integers(3, 6, 2)):
        Q = np.array([[a, 1], [1, c + 3]])
        yield _search(Q, rng.integers(1, 5, 2), rng.integers(6, 10, 2), 3, "everything is a whole number")


def _searches_at_rest(rng):
    for d in (2, 3):
        Q = np.diag(rng.integers(2, 6, d)) + np.ones((d, d), dtype=int)
        m = rng.integers(1, 6, d) * rng.choice([-1, 1], d)
        yield _search(Q.astype(float), (Q @ m).astype(float), m.astype(float), 3, "x0 is the minimiser")


def _no_steps(rng):
    yield _search(skew_bowl(rng, 2), away_from_zero(rng, 2), tenths(rng, 2), 0, "no steps: the path is x0")


def _searches_in_one_dimension(rng):
    curvature = 2.0 ** rng.integers(-1, 3)
    b, x0 = np.array([float(rng.integers(2, 6))]), np.array([float(rng.integers(6, 10)) * 2])
    yield _search(np.array([[curvature]]), b, x0, 1, "one coordinate: the first step arrives")


def _walk(step, gradient=lambda Q, b, x: Q @ x - b):
    """Return a line search with steps `step(Q, g, first, last)` for the gradients now, at first and last time."""

    def search(Q, b, x0, n_steps):
        path = [np.array(x0, dtype=float)]
        first = last = gradient(Q, b, path[0])
        for _ in range(n_steps):
            g = gradient(Q, b, path[-1])
            path.append(path[-1] - (step(Q, g, first, last) if np.any(g) else 0) * g)
            last = g
        return np.array(path)

    return search


def _best(Q, g, first, last):
    return (g @ g) / (g @ Q @ g)


def _of_the_last(Q, g, first, last):
    return (last @ last) / (last @ Q @ last)


def _unguarded(Q, b, x0, n_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = Q @ path[-1] - b
        path.append(path[-1] - (g @ g) / (g @ Q @ g) * g)
    return np.array(path)


def _unguarded_in_python(Q, b, x0, n_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = Q @ path[-1] - b
        path.append(path[-1] - float(g @ g) / float(g @ Q @ g) * g)
    return np.array(path)


def _rows_left_empty(Q, b, x0, n_steps):
    path = np.zeros((n_steps + 1, len(x0)))
    path[0] = x0
    for k in range(n_steps):
        g = Q @ path[k] - b
        if np.linalg.norm(g) < 1e-12:
            break
        path[k + 1] = path[k] - (g @ g) / (g @ Q @ g) * g
    return path


def _rows_cut_off(Q, b, x0, n_steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(n_steps):
        g = Q @ path[-1] - b
        if np.linalg.norm(g) < 1e-12:
            break
        path.append(path[-1] - (g @ g) / (g @ Q @ g) * g)
    return np.array(path)


def _truncated(Q, b, x0, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(n_steps):
        g = Q @ path[k] - b
        path[k + 1] = path[k] - (_best(Q, g, g, g) if np.any(g) else 0) * g
    return path


def _walk_in_place(Q, b, x0, n_steps):
    x = x0.copy()
    path = [x.copy()]
    for _ in range(n_steps):
        g = Q @ x - b
        if g.any():
            x -= _best(Q, g, g, g) * g
        path.append(x.copy())
    return np.array(path)


def _the_start_array(Q, b, x0, n_steps):
    path = [x0]
    for _ in range(n_steps):
        g = Q @ x0 - b
        if g.any():
            x0 -= _best(Q, g, g, g) * g
        path.append(x0)
    return np.array(path)


def _one_array(Q, b, x0, n_steps):
    return _the_start_array(Q, b, np.array(x0, dtype=float), n_steps)


def _by_updated_gradients(Q, b, x0, n_steps):
    x = np.asarray(x0, dtype=float)
    g, path = np.subtract(Q @ x, b), [x.tolist()]
    for _ in range(n_steps):
        Qg = Q @ g
        alpha = np.vdot(g, g) / np.vdot(g, Qg) if np.vdot(g, g) > 1e-25 else 0.0
        x, g = x - alpha * g, g - alpha * Qg
        path.append(x.tolist())
    return path


def _by_interpolation(Q, b, x0, n_steps):
    """Three heights along the line make the parabola, whose lowest point is the next row."""

    def height(x):
        return x @ Q @ x / 2 - b @ x

    columns = np.empty((len(x0), n_steps + 1), order="F")
    columns[:, 0] = x0
    for k in range(n_steps):
        x = columns[:, k]
        g = Q @ x - b
        bend = height(x + g) - 2 * height(x) + height(x - g)
        alpha = (height(x + g) - height(x - g)) / (2 * bend) if np.linalg.norm(g) > 1e-10 else 0.0
        columns[:, k + 1] = x - alpha * g
    return columns.T


def _by_recursion(Q, b, x0, n_steps):
    x = np.array(x0, dtype=float)
    if n_steps == 0:
        return [x]
    r = b - Q @ x
    with np.errstate(all="ignore"):
        alpha = np.nan_to_num(np.einsum("i,i", r, r) / np.einsum("i,ij,j", r, Q, r))
    return [x, *_by_recursion(Q, b, x + alpha * r, n_steps - 1)]


EXERCISE = Exercise(
    id="exact-line-search",
    chapter="03-conditioning",
    points=3,
    signature="exact_line_search(Q, b, x0, n_steps)",
    reference=exact_line_search,
    alternatives=(_by_updated_gradients, _by_interpolation, _by_recursion),
    misconceptions={
        "step from the previous gradient": Misconception(
            _walk(_of_the_last),
            "Your alpha comes from the gradient of the step before. Compute g at x[k] first, then alpha from this "
            "same g, then step.",
        ),
        "step of the first gradient for all": Misconception(
            _walk(lambda Q, g, first, last: _best(Q, first, first, first)),
            "You compute alpha once, at the start. Exact line search asks again at every point: move alpha into "
            "the loop.",
        ),
        "1/L": Misconception(
            _walk(lambda Q, g, first, last: 1 / np.linalg.eigvalsh(Q)[-1]),
            "Your step is the same each time: one over a curvature of Q as a whole, such as L. The best step depends on the "
            "direction: g'g / g'Qg, which is 1/L only along the steepest eigenvector.",
            also=(_walk(lambda Q, g, first, last: 1 / np.trace(Q)),),
        ),
        "2/(L + mu)": Misconception(
            _walk(lambda Q, g, first, last: 2 / (np.linalg.eigvalsh(Q)[-1] + np.linalg.eigvalsh(Q)[0])),
            "You step by 2/(L + mu), the best *constant* step. Here every step gets its own: g'g / g'Qg.",
        ),
        "gradient without b": Misconception(
            _walk(_best, lambda Q, b, x: Q @ x),
            "Your gradient is Qx, which leads to the origin. The gradient of x'Qx/2 - b'x is Qx - b.",
        ),
        "sign of b": Misconception(
            _walk(_best, lambda Q, b, x: Q @ x + b),
            "Your gradient is Qx + b. The function is x'Qx/2 - b'x, so b is subtracted.",
        ),
        "twice as long": Misconception(
            _walk(lambda Q, g, first, last: 2 * _best(Q, g, first, last)),
            "Your step is twice as long, and lands on the other side of the valley at the same height. The lowest "
            "point of the line is half way: g'g / g'Qg.",
        ),
        "half as long": Misconception(
            _walk(lambda Q, g, first, last: _best(Q, g, first, last) / 2),
            "Your step stops half way to the lowest point of the line. Differentiate f(x - alpha g) with respect "
            "to alpha: the halves cancel, and alpha = g'g / g'Qg.",
        ),
        "fraction upside down": Misconception(
            _walk(lambda Q, g, first, last: 1 / _best(Q, g, first, last)),
            "Your fraction is upside down: more curvature along g must give a shorter step. The curvature, g'Qg, "
            "belongs below.",
        ),
        "root of g'g": Misconception(
            _walk(lambda Q, g, first, last: np.linalg.norm(g) / (g @ Q @ g)),
            "You divide |g| by g'Qg. Both have to be quadratic in g, so that a longer g gives the same alpha: "
            "g'g / g'Qg.",
        ),
        "0/0 at the minimiser": Misconception(
            _unguarded,
            "At the minimiser g is 0 and your quotient is 0/0. Look at g before you divide: where it is 0, "
            "stay where you are.",
            also=(_unguarded_in_python,),
        ),
        "stops early": Misconception(
            _rows_left_empty,
            "You leave the loop where the gradient vanishes, and the rest of the path is missing. The path has "
            "n_steps + 1 rows: repeat the minimiser in them.",
            also=(_rows_cut_off,),
        ),
        "start missing": Misconception(
            lambda Q, b, x0, n_steps: exact_line_search(Q, b, x0, n_steps)[1:],
            hints.START_MISSING,
            also=(
                lambda Q, b, x0, n_steps: exact_line_search(Q, b, x0, n_steps + 1)[1:],
                lambda Q, b, x0, n_steps: np.vstack([0 * x0, exact_line_search(Q, b, x0, n_steps)[1:]]),
            ),
        ),
        "all rows are the last point": Misconception(
            _one_array,
            hints.ONE_ARRAY,
            also=(_the_start_array,),
        ),
        "integer start truncates": Misconception(
            _truncated,
            hints.WHOLE_NUMBERS,
            also=(_walk_in_place,),
        ),
        **paths.mistakes(exact_line_search, 2, "start ignored", "one step short", "only the last point"),
        "brackets missing": Misconception(
            _walk(lambda Q, g, first, last: g @ g / g @ Q @ g),
            hints.brackets("(g @ g) / (g @ Q @ g)"),
        ),
        "one entry is 0": Misconception(
            _walk(lambda Q, g, first, last: _best(Q, g, first, last) if g.all() else 0.0),
            hints.ONE_ENTRY_IS_ZERO,
        ),
    },
    claims=(
        Claim("the whole path in random bowls", 3, _searches),
        Claim("at the minimiser it stays there", 1, _searches_at_rest),
        Claim("whole numbers as input", 0.5, _whole_searches, agrees_uncut),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("one coordinate: the first step arrives", 0.5, _searches_in_one_dimension),
    ),
)
