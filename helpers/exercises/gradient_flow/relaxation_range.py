"""Between which relaxation parameters Richardson's iteration converges."""

import numpy as np

from helpers.exercises.drawing import redrawn
from helpers.exercises.gradient_flow.richardson import matrix
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.flow import relaxation_range


def _telling_matrix(rng, n, d):
    """Return an A whose entries, Frobenius norm and eigenvalues are clearly not its largest singular value."""
    while True:
        A = matrix(rng, n, d)
        top = np.linalg.norm(A, 2)
        others = [np.abs(A).max(), np.linalg.norm(A), np.linalg.norm(A, 1), np.linalg.norm(A, np.inf)]
        if n == d:
            others += [np.abs(np.linalg.eigvals(A)).max()]
        if np.abs(np.array(others) / top - 1).min() > 0.01 and np.abs(top - np.array([2.0, n])).min() > 0.1:
            return A


def _matrices(rng):
    for n, d in ((2, 2), (3, 2), (3, 3)):
        yield Case({"A": _telling_matrix(rng, n, d)})
    yield Case({"A": redrawn(lambda: _telling_matrix(rng, 6, 4), _largest_in_the_middle)})


def _largest_in_the_middle(A):
    """Whether np.linalg.eig, which does not sort, finds the largest eigenvalue neither first nor last."""
    return 0 < np.argmax(np.linalg.eigvals(A.T @ A)) < A.shape[1] - 1


def _wide_matrices(rng):
    yield Case({"A": _telling_matrix(rng, 2, 3)}, "fewer equations than unknowns")
    a, c = rng.integers(1, 4, 2)
    yield Case({"A": np.outer([1.0, 2.0, -1.0], [a, c])}, "the columns are multiples of each other")


def _whole_matrices(rng):
    yield Case({"A": np.array([[1, 2], [3, int(rng.integers(1, 4))], [0, 2]])}, "whole numbers")


def _one_unknown(rng):
    yield Case({"A": matrix(rng, 3, 1)}, "one unknown")


def _small(rng):
    yield Case({"A": 0.01 * matrix(rng, 3, 2)}, "small entries: a long range")


def _upto(high, low=0.0):
    """Return a range that ends at high(s, n) for the singular values s, descending, and the number of rows."""

    def range_(A):
        s = np.linalg.svd(A, compute_uv=False)
        with np.errstate(all="ignore"):
            return low, high(s, len(A))

    return range_


def _of_the_eigenvalues_of_A(A):
    return 0.0, 2 / np.abs(np.linalg.eigvals(A)).max()


def _of_the_smallest(A):
    with np.errstate(all="ignore"):
        return 0.0, 2 / np.linalg.eigvalsh(A.T @ A)[0]


def _as_array(A):
    return np.array([0, 2 / np.linalg.eigvalsh(np.asarray(A, dtype=float).T @ A).max()])


def _by_rows(A):
    return [0, 2 / float(np.linalg.eigvalsh(A @ A.T)[-1])]


def _by_bisection(A):
    """The omega at which I - omega A'A stops to be a contraction."""
    N = A.T @ A
    low, high = 0.0, 1.0
    while np.abs(np.linalg.eigvalsh(np.eye(len(N)) - high * N)).max() <= 1 + 1e-12:
        high *= 2
    for _ in range(70):
        middle = (low + high) / 2
        inside = np.linalg.eigvalsh(np.eye(len(N)) - middle * N)[0] > -1
        low, high = (middle, high) if inside else (low, middle)
    return 0, np.array(low)


EXERCISE = Exercise(
    id="relaxation-range",
    chapter="05-gradient-flow",
    points=1,
    signature="relaxation_range(A)",
    reference=relaxation_range,
    alternatives=(_as_array, _by_rows, _by_bisection),
    misconceptions={
        "singular value not squared": Misconception(
            _upto(lambda s, n: 2 / s[0]),
            "You divide by the largest singular value of A, or by an eigenvalue of A itself. The largest eigenvalue of A'A is "
            "the square of the largest singular value.",
            also=(_of_the_eigenvalues_of_A,),
        ),
        "1/lambda_max": Misconception(
            _upto(lambda s, n: 1 / s[0] ** 2),
            "1/lambda_max is the safe choice, not the end of the range. The factor 1 - omega lambda reaches -1 at "
            "twice that.",
        ),
        "smallest eigenvalue": Misconception(
            _upto(lambda s, n: 2 / s[-1] ** 2),
            "You divide by the smallest eigenvalue of A'A. The largest one makes the iteration diverge first.",
            also=(_of_the_smallest,),
        ),
        "best omega": Misconception(
            _upto(lambda s, n: 2 / (s[0] ** 2 + s[-1] ** 2)),
            "2/(lambda_max + lambda_min) is the best omega. The range ends later, at 2/lambda_max.",
        ),
        "another norm": Misconception(
            _upto(lambda s, n: 2 / np.sum(s**2)),
            "You divide by a Frobenius norm, of A, squared, or of A'A: it mixes all eigenvalues of A'A. Only the largest one "
            "counts, the square of np.linalg.norm(A, 2).",
            also=(lambda A: (0.0, 2 / np.linalg.norm(A)), lambda A: (0.0, 2 / np.linalg.norm(A.T @ A))),
        ),
        "divided by n": Misconception(
            _upto(lambda s, n: 2 * n / s[0] ** 2),
            "You have the limit of alpha for the mean loss |Ax - b|^2/(2n). For omega there is no n: the matrix is A'A.",
        ),
        "inverted": Misconception(
            _upto(lambda s, n: s[0] ** 2 / 2),
            "Your fraction is upside down: larger entries in A leave less room for omega.",
            also=(_upto(lambda s, n: s[0] ** 2),),
        ),
        "symmetric range": Misconception(
            lambda A: (-relaxation_range(A)[1], relaxation_range(A)[1]),
            "Your range begins below 0. A negative omega walks away from the solution: the lower end is 0.",
            also=(
                _upto(lambda s, n: 2 / s[0] ** 2, low=-1.0),
                _upto(lambda s, n: 2 / s[0] ** 2, low=-np.inf),
            ),
        ),
        "lower end above 0": Misconception(
            lambda A: (relaxation_range(A)[1] / 2, relaxation_range(A)[1]),
            "Your range begins above 0. Every positive omega below 2/lambda_max converges, however slowly: the lower "
            "end is 0.",
            also=(
                lambda A: (2 / np.sum(np.linalg.svd(A, compute_uv=False) ** 2), relaxation_range(A)[1]),
                lambda A: (1e-3, relaxation_range(A)[1]),
            ),
        ),
        "ends exchanged": Misconception(
            lambda A: relaxation_range(A)[::-1],
            "You return the upper end first. The result is (low, high).",
        ),
        "upper end only": Misconception(
            lambda A: relaxation_range(A)[1],
            "You return the upper end alone. The result has two numbers: low and high.",
        ),
    },
    claims=(
        Claim("the range of random matrices", 3, _matrices),
        Claim("matrices that leave a direction open", 0.5, _wide_matrices),
        Claim("whole numbers as input", 0.5, _whole_matrices),
        Claim("one unknown", 0.5, _one_unknown),
        Claim("small entries", 0.5, _small),
    ),
)
