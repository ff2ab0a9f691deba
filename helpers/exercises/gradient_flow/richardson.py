"""Richardson's iteration on the normal equations."""

import numpy as np

from helpers.exercises import hints, paths
from helpers.exercises.drawing import away_from_zero, share_of, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.flow import relaxation_range, richardson


def matrix(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Return an A (n, d) with one decimal, no entry 0, far from symmetric, its largest singular value not near 1."""
    while True:
        A = away_from_zero(rng, n * d, 0.4, 2.0).reshape(n, d)
        singular = np.linalg.svd(A, compute_uv=False)
        skew = n != d or np.abs(A - A.T)[~np.eye(n, dtype=bool)].min() > 0.3
        if skew and singular[0] > 1.4 and (min(n, d) == 1 or singular[0] > 1.5 * singular[-1] > 0.3):
            return A


def _walk(A, b, x0, omega, n_steps, note=""):
    inputs = {"A": A, "b": b, "x0": x0, "omega": omega, "n_steps": n_steps}
    return Case(inputs, note, shown={"b - A x0": b - A @ x0, "A'(b - A x0)": A.T @ (b - A @ x0)})


def _setting(rng, n, d, low=0.2, high=0.7):
    A = matrix(rng, n, d)
    omega = share_of(rng, relaxation_range(A)[1], low, high)
    return A, away_from_zero(rng, n, 1.0), away_from_zero(rng, d, 1.0), omega


def _walks(rng):
    # square ones, where a forgotten transpose still gives numbers, and tall ones
    for n, d, n_steps in ((2, 2, 3), (3, 3, 3), (4, 2, 4), (5, 3, 3)):
        yield _walk(*_setting(rng, n, d), n_steps)


def _wide_walks(rng):
    yield _walk(*_setting(rng, 2, 3), 3, "fewer equations than unknowns")
    yield _walk(*_setting(rng, 1, 2), 3, "a single equation")


def _whole_walks(rng):
    A = np.array([[1, 2], [3, 1], [0, int(rng.integers(2, 5))]])
    yield _walk(
        A, rng.integers(2, 9, 3), rng.integers(2, 9, 2), 0.05, 3, "everything is a whole number but omega"
    )


def _no_steps(rng):
    yield _walk(*_setting(rng, 3, 2), 0, "no steps: the path is x0")


def _divergence(rng):
    yield _walk(*_setting(rng, 3, 2, 1.5, 2.0), 8, "omega is beyond the range: the path diverges")


def _one_unknown(rng):
    A = tenths(rng, (3, 1), 0.5, 2.0)
    yield _walk(A, away_from_zero(rng, 3), tenths(rng, 1, 3.0, 5.0), 0.05, 3, "one unknown")


def _iterate(change):
    """Return a path that moves by `change(A, b, x, omega, x0)` each time."""

    def walk(A, b, x0, omega, n_steps):
        path = [np.array(x0, dtype=float)]
        for _ in range(n_steps):
            path.append(path[-1] + change(A, b, path[-1], omega, path[0]))
        return np.array(path)

    return walk


def _truncated(A, b, x0, omega, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for k in range(n_steps):
        path[k + 1] = path[k] + omega * A.T @ (b - A @ path[k])
    return path


def _by_normal_equations(A, b, x0, omega, n_steps):
    N, c, rows = A.T @ A, A.T @ b, [np.asarray(x0, dtype=float)]
    for _ in range(n_steps):
        rows.append(rows[-1] - omega * (N @ rows[-1]) + omega * c)
    return [row.tolist() for row in rows]


def _by_updated_residuals(A, b, x0, omega, n_steps):
    x, r = np.array(x0, dtype=float), b - A @ x0
    columns = np.empty((len(x), n_steps + 1), order="F")
    for k in range(n_steps + 1):
        columns[:, k] = x
        step = omega * np.einsum("ij,i->j", A, r)
        x, r = x + step, r - A @ step
    return columns.T


def _by_singular_values(A, b, x0, omega, n_steps):
    U, s, Vt = np.linalg.svd(A)
    s = np.append(s, np.zeros(len(x0) - len(s))) if len(s) < len(x0) else s
    right = np.zeros(len(x0))
    right[: min(A.shape)] = (U.T @ b)[: min(A.shape)]
    y, path = Vt @ x0, []
    for _ in range(n_steps + 1):
        path.append(Vt.T @ y)
        y = y + omega * s * (right - s * y)
    return np.array(path)


EXERCISE = Exercise(
    id="richardson",
    chapter="05-gradient-flow",
    points=2,
    signature="richardson(A, b, x0, omega, n_steps)",
    reference=richardson,
    alternatives=(_by_normal_equations, _by_updated_residuals, _by_singular_values),
    misconceptions={
        "A instead of A'A": Misconception(
            _iterate(lambda A, b, x, omega, x0: omega * (A.T @ b - A @ x)),
            "You subtract Ax from A'b. On the normal equations the matrix is A'A: the residual is A'b - A'Ax.",
        ),
        "A' missing": Misconception(
            _iterate(lambda A, b, x, omega, x0: omega * (b - A @ x)),
            "A' is missing, before the residual or before b alone. On the normal equations the whole residual b - Ax is "
            "multiplied by A', which also makes the shapes fit.",
            also=(_iterate(lambda A, b, x, omega, x0: omega * (b - A.T @ A @ x)),),
        ),
        "A for A'": Misconception(
            _iterate(lambda A, b, x, omega, x0: omega * A @ (b - A @ x)),
            "You multiply the residual by A. It has to be the transpose, A.T: the gradient of |Ax - b|^2/2 is A'(Ax - b).",
            also=(_iterate(lambda A, b, x, omega, x0: omega * A @ (b - A.T @ x)),),
        ),
        "sign of the residual": Misconception(
            _iterate(lambda A, b, x, omega, x0: omega * A.T @ (A @ x - b)),
            "You add omega A'(Ax - b), which climbs. The residual is what is missing: b - Ax.",
        ),
        "divided by n": Misconception(
            _iterate(lambda A, b, x, omega, x0: omega * A.T @ (b - A @ x) / len(b)),
            "You divide by the number of equations, as for a mean loss. Here omega multiplies A'(b - Ax) itself.",
        ),
        "factor 2": Misconception(
            _iterate(lambda A, b, x, omega, x0: 2 * omega * A.T @ (b - A @ x)),
            "There is a 2 too many, from the derivative of |Ax - b|^2. Richardson's iteration adds omega A'(b - Ax).",
        ),
        "residual of the start": Misconception(
            _iterate(lambda A, b, x, omega, x0: omega * A.T @ (b - A @ x0)),
            "Every step uses the residual at the start. Compute b - Ax again at each new point.",
        ),
        "omega missing": Misconception(
            _iterate(lambda A, b, x, omega, x0: A.T @ (b - A @ x)),
            "You add A'(b - Ax) as it is. Multiply it by the relaxation parameter omega.",
        ),
        "x missing": Misconception(
            lambda A, b, x0, omega, n_steps: _iterate(lambda A, b, x, omega, x0: omega * A.T @ (b - A @ x) - x)(
                A, b, x0, omega, n_steps),
            "Each row is only the correction. The new point is the old one plus the correction.",
        ),
        "start missing": Misconception(
            lambda A, b, x0, omega, n_steps: richardson(A, b, x0, omega, n_steps)[1:],
            hints.START_MISSING,
            also=(lambda A, b, x0, omega, n_steps: richardson(A, b, x0, omega, n_steps + 1)[1:],),
        ),
        "integer start truncates": Misconception(
            _truncated,
            hints.WHOLE_NUMBERS,
        ),
        "last point only": Misconception(
            lambda A, b, x0, omega, n_steps: richardson(A, b, x0, omega, n_steps)[-1],
            "You return where the iteration ends. Keep every point: the result has n_steps + 1 rows.",
        ),
        "brackets missing": Misconception(
            _iterate(lambda A, b, x, omega, x0: omega * A.T @ b - A @ x),
            hints.brackets("A.T @ (b - A @ x)"),
        ),
        **paths.mistakes(richardson, 2, "start ignored", "one step short", "all rows are the last point"),
    },
    claims=(
        Claim("the whole path on random equations", 3, _walks),
        Claim("fewer equations than unknowns", 0.5, _wide_walks),
        Claim("whole numbers as input", 0.5, _whole_walks),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("a path that diverges keeps its shape", 0.5, _divergence),
        Claim("one unknown", 0.5, _one_unknown),
    ),
)  # fmt: skip
