"""How much more the steepest direction curves than the flattest."""

import numpy as np

from helpers.agreement import Fault, as_numbers
from helpers.conditioning import condition_number
from helpers.exercises.conditioning.matrices import skew_bowl
from helpers.exercises.drawing import tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _bowls(rng):
    for d in (2, 2, 3, 5):
        while True:
            Q = skew_bowl(rng, d)
            diagonal = np.diag(Q)
            kappa = condition_number(Q)
            others = (diagonal.max() / diagonal.min(), np.linalg.norm(Q), np.trace(Q), np.sqrt(kappa))
            if np.abs(np.array(others) - kappa).min() > 0.01 * kappa:
                break
        yield Case({"Q": Q})


def _round_bowls(rng):
    c = tenths(rng, (), 2.0, 9.0)
    yield Case({"Q": c * np.eye(2)}, "the same curvature in every direction: kappa = 1")
    yield Case({"Q": np.array([[c]])}, "one dimension: kappa = 1")


def _whole_bowls(rng):
    a, c = (int(n) for n in rng.integers(3, 9, 2))
    yield Case({"Q": np.array([[a, 2], [2, c]])}, "whole numbers")


def _flat_valleys(rng):
    """Matrices of deficient rank, whose smallest eigenvalue comes out as rounding and not as exactly 0."""
    for rows, d, sign in ((1, 2, 1), (2, 3, -1), (2, 3, 1), (2, 4, -1)):
        while True:
            A = tenths(rng, (rows, d), 0.3, 3.0)
            Q = A.T @ A
            Q = (Q + Q.T) / 2
            lam, singular = np.linalg.eigvalsh(Q), np.linalg.svd(Q, compute_uv=False)
            clear = lam[0] * sign > 0 and singular[-1] != 0 and lam[d - rows] > 1e-3 * lam[-1]
            if clear and np.abs(lam[: d - rows]).max() < 1e-14 * lam[-1]:
                break
        yield Case({"Q": Q}, "Q is singular: a direction without curvature")
    yield Case({"Q": np.diag([tenths(rng, (), 2.0, 9.0), 0.0])}, "Q is singular")
    yield Case({"Q": np.diag([1e-9, 1e4])}, "1e-13 of the largest eigenvalue: counts as 0")


def _infinite(case, outcome, expected):
    """Judge by the value; whatever comes in place of inf is one kind of fault."""
    numbers = as_numbers(outcome.returned)
    if isinstance(numbers, np.ndarray) and numbers.shape:
        return Fault("shape", f"the result has shape {numbers.shape}, and it should be one number")
    if isinstance(numbers, np.ndarray) and numbers == np.inf:
        return None
    return Fault(
        "value: not infinite", f"Q is singular, so the result should be inf, and it is {outcome.returned}"
    )


def _tiny_bowls(rng):
    c = tenths(rng, (), 3.0, 9.0)
    yield Case({"Q": 1e-9 * np.diag([1.0, c])}, f"Q is 1e-9 times diag(1, {c}): small, and not singular")
    yield Case({"Q": np.diag([1e5, 1e-4])}, "badly conditioned, and not singular")
    yield Case({"Q": np.diag([1e-6, 1e5])}, "1e-11 of the largest eigenvalue: not below 1e-12 of it")


def _kappa_by_division(Q):
    lam = np.linalg.eigvalsh(Q)
    return lam[-1] / lam[0]


def _kappa_guarding(zero):
    """Return a condition number that calls the smallest eigenvalue zero where `zero(smallest, largest)` says so."""

    def kappa(Q):
        lam = np.linalg.eigvalsh(Q)
        return np.inf if zero(lam[0], lam[-1]) else lam[-1] / lam[0]

    return kappa


def _kappa_by_python_numbers(Q):
    lam = np.linalg.eigvalsh(Q).tolist()
    return lam[-1] / lam[0]


def _kappa_or_nan(Q):
    kappa = condition_number(Q)
    return np.nan if np.isinf(kappa) else kappa


def _kappa_upside_down(Q):
    lam = np.linalg.eigvalsh(Q)
    return lam[0] / lam[-1]


def _kappa_of_the_diagonal(Q):
    entries = np.diag(Q)
    return entries.max() / entries.min() if entries.min() > 0 else np.inf


def _kappa_of_the_entries(Q):
    return np.max(np.abs(Q)) / np.min(np.abs(Q))


def _kappa_by_svd(Q):
    s = np.linalg.svd(np.asarray(Q, dtype=float), compute_uv=False)
    return float("inf") if s[-1] < 1e-12 * s[0] else float(s[0] / s[-1])


def _kappa_by_norms(Q):
    lam, V = np.linalg.eigh(Q)
    if lam[0] < 1e-12 * lam[-1]:
        return np.array(np.inf)
    inverse = (V / lam) @ V.T
    return np.array(np.linalg.norm(Q, 2) * np.linalg.norm(inverse, 2))


def _kappa_by_general_eigenvalues(Q):
    lam = sorted(np.real(np.linalg.eigvals(Q)).tolist())
    return lam[-1] / lam[0] if lam[0] > 1e-12 * lam[-1] else np.inf


EXERCISE = Exercise(
    id="condition-number",
    chapter="03-conditioning",
    points=1,
    signature="condition_number(Q)",
    reference=condition_number,
    alternatives=(_kappa_by_svd, _kappa_by_norms, _kappa_by_general_eigenvalues),
    misconceptions={
        "inverted": Misconception(
            _kappa_upside_down,
            "You divide the smallest eigenvalue by the largest. Turn the fraction over: the condition number is "
            "at least 1, and large where the valley is narrow.",
        ),
        "squared": Misconception(
            lambda Q: condition_number(Q) ** 2,
            "Your ratio is squared. The eigenvalues of Q are the curvatures themselves. Only for a Hessian A'A, "
            "given A, would you square the ratio of the singular values of A.",
            also=(lambda Q: _kappa_by_division(Q @ Q),),
        ),
        "root of it": Misconception(
            lambda Q: np.sqrt(condition_number(Q)),
            "You took a root: sqrt(L/mu) is how many times longer than wide the level sets are. The condition "
            "number is L/mu itself.",
            also=(lambda Q: np.sqrt(np.linalg.cond(Q)),),
        ),
        "largest eigenvalue": Misconception(
            lambda Q: np.linalg.eigvalsh(Q)[-1],
            "You return the largest eigenvalue, L. Divide it by the smallest one: twice the matrix has twice the "
            "L, and the same condition number.",
            also=(lambda Q: np.linalg.norm(Q, 2),),
        ),
        "diagonal for eigenvalues": Misconception(
            _kappa_of_the_diagonal,
            "You compare the entries on the diagonal. They are the curvatures along the axes; the extreme "
            "curvatures are along the eigenvectors. Use the eigenvalues: np.linalg.eigvalsh(Q).",
            also=(lambda Q: np.diag(Q).max() / np.diag(Q).min(),),
        ),
        "entries for eigenvalues": Misconception(
            _kappa_of_the_entries,
            "You compare the largest entry of Q with the smallest one. The entries depend on the axes, the "
            "curvatures do not: use the eigenvalues, np.linalg.eigvalsh(Q).",
            also=(lambda Q: np.max(Q) / np.min(Q),),
        ),
        "another norm": Misconception(
            lambda Q: np.linalg.norm(Q) * np.linalg.norm(np.linalg.pinv(Q, hermitian=True)),
            "You multiply a norm of Q and of its inverse that is not the spectral one (Frobenius, row sums): it mixes the "
            "eigenvalues. Only the largest and the smallest count here.",
            also=(lambda Q: np.linalg.cond(Q, "fro"), lambda Q: np.linalg.cond(Q, 1)),
        ),
        "singular Q": Misconception(
            _kappa_by_division,
            "On a singular Q the smallest eigenvalue comes out as 0 or as a rounding error of either sign. Call "
            "it 0 if it is below 1e-12 of the largest, and return np.inf then.",
            also=(
                _kappa_or_nan,
                _kappa_by_python_numbers,
                lambda Q: np.linalg.norm(Q, 2) * np.linalg.norm(np.linalg.pinv(Q), 2),
                _kappa_guarding(lambda mu, L: 0 <= mu < 1e-12 * L),
                np.linalg.cond,
                lambda Q: np.linalg.norm(Q, 2) * np.linalg.norm(np.linalg.inv(Q), 2),
                _kappa_guarding(lambda mu, L: mu == 0),
                _kappa_guarding(lambda mu, L: mu < 0),
            ),
        ),
        "absolute threshold": Misconception(
            _kappa_guarding(lambda mu, L: mu < 1e-8),
            "You call an eigenvalue zero that is only small. Small against what? Compare it with the largest "
            "eigenvalue: it counts as 0 below 1e-12 of that.",
            also=(
                _kappa_guarding(lambda mu, L: np.isclose(mu, 0)),
                _kappa_guarding(lambda mu, L: mu < 1e-12 or mu < 1e-8 * L),
                _kappa_guarding(lambda mu, L: mu < 1e-8 * L),
            ),
        ),
    },
    claims=(
        Claim("the condition number of random bowls", 3, _bowls),
        Claim("a round bowl has condition number 1", 0.5, _round_bowls),
        Claim("whole numbers as input", 0.5, _whole_bowls),
        Claim("inf where Q is singular", 1, _flat_valleys, _infinite),
        Claim("small is not the same as singular", 0.5, _tiny_bowls),
    ),
)  # fmt: skip
