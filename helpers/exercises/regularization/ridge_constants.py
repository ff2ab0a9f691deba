"""The extreme curvatures of the ridge loss and their ratio."""

import numpy as np

from helpers.exercises.drawing import tenths
from helpers.exercises.regularization.ridge_data import rows
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.regularization import ridge_constants


def _tall(rng, n, d):
    """Return a tall A whose extreme curvatures are told from their roots and from each other."""
    while True:
        A = rows(rng, n, d)
        s2 = np.linalg.svd(A, compute_uv=False) ** 2 / n
        if s2[-1] > 0.1 and s2[0] > 2 * s2[-1] and np.abs(s2 - 1).min() > 0.15:
            return A


def _tall_data(rng):
    for n, d in ((3, 2), (4, 2), (5, 3), (7, 4)):
        yield Case({"A": _tall(rng, n, d), "lam": tenths(rng, (), 0.2, 0.9)})


def _wide_data(rng):
    for n, d in ((1, 2), (2, 3), (3, 5)):
        yield Case(
            {"A": rows(rng, n, d), "lam": tenths(rng, (), 0.2, 0.9)},
            "more columns than rows: some directions are not seen",
        )


def _without_ridge(rng):
    yield Case({"A": _tall(rng, 4, 2), "lam": 0.0}, "lam = 0, and A has full rank")
    yield Case(
        {"A": np.diag([100.0, 3e-4]), "lam": 0.0}, "9e-12 of the largest eigenvalue: not below 1e-12 of it"
    )


def _flat_floors(rng):
    """Matrices of deficient rank, whose smallest eigenvalue comes out as rounding and not as exactly 0."""
    for n, d, sign in ((2, 3, 1), (2, 3, -1), (3, 5, 1)):
        while True:
            A = rows(rng, n, d)
            lam = np.linalg.eigvalsh(A.T @ A / n)
            if lam[0] * sign > 0 and abs(lam[0]) < 1e-14 * lam[-1] and lam[d - n] > 1e-3 * lam[-1]:
                break
        yield Case({"A": A, "lam": 0.0}, "lam = 0, and a direction without curvature")
    yield Case({"A": np.diag([1.0, 1e-7]), "lam": 0.0}, "1e-14 of the largest eigenvalue: counts as 0")


def _whole(rng):
    a, c = (int(v) for v in rng.integers(2, 6, 2))
    yield Case({"A": np.array([[a, 1], [1, -c], [2, 3]]), "lam": int(rng.integers(1, 4))}, "whole numbers")


def _of(A):
    return np.linalg.eigvalsh(A.T @ A / len(A))


def _from(curvatures, low=lambda lam: lam, high=lambda lam: lam):
    """Return constants of `curvatures(A)` with these amounts added to the smallest and to the largest."""

    def constants(A, lam):
        values = curvatures(A)
        mu, L = values.min() + low(lam), values.max() + high(lam)
        return L, mu, L / mu

    return constants


def _nothing(lam):
    return 0


def _swapped(A, lam):
    L, mu, kappa = ridge_constants(A, lam)
    return mu, L, kappa


def _kappa_before(A, lam):
    L, mu, _ = ridge_constants(A, lam)
    return L, mu, ridge_constants(A, 0.0)[2]


def _kappa_upside_down(A, lam):
    L, mu, _ = ridge_constants(A, lam)
    return L, mu, mu / L


def _guarding_zero(A, lam):
    mu, *_, L = _of(A) + lam
    return L, mu, np.inf if mu == 0 else L / mu


def _by_svd(A, lam):
    s = np.zeros(A.shape[1])
    found = np.linalg.svd(A, compute_uv=False)
    s[: len(found)] = found
    curvatures = s**2 / len(A) + lam
    mu = curvatures.min() if curvatures.min() > 1e-12 * curvatures.max() else 0.0
    return [curvatures.max(), mu, curvatures.max() / mu if mu else float("inf")]


def _by_eigenvalues(A, lam):
    values = np.linalg.eigvals(A.T @ A / len(A) + lam * np.eye(A.shape[1])).real
    L, mu = max(values), min(values)
    return np.array([L, mu, L / mu if mu > 1e-12 * L else np.inf])


EXERCISE = Exercise(
    id="ridge-constants",
    chapter="04-regularization",
    points=2,
    signature="ridge_constants(A, lam)",
    reference=ridge_constants,
    alternatives=(_by_svd, _by_eigenvalues),
    misconceptions={
        "lam on one only": Misconception(
            _from(_of, high=_nothing),
            "You add lam to one of the two constants. The ridge adds the same curvature lam in every direction: "
            "both L and mu grow by lam.",
            also=(_from(_of, low=_nothing),),
        ),
        "lam missing": Misconception(
            _from(_of, _nothing, _nothing),
            "Your constants do not depend on lam. The Hessian of lam |w|^2/2 is lam times the identity: add it.",
        ),
        "2 lam": Misconception(
            _from(_of, lambda lam: 2 * lam, lambda lam: 2 * lam),
            "You add 2 lam. The penalty is lam |w|^2/2, whose second derivative is lam.",
        ),
        "1/n missing": Misconception(
            _from(lambda A: np.linalg.eigvalsh(A.T @ A)),
            "You take the eigenvalues of A'A. The loss is a mean over the n rows: its Hessian is A'A/n.",
        ),
        "lam divided by n": Misconception(
            lambda A, lam: ridge_constants(A, lam / len(A)),
            "You divide lam by n too. Only A'A is divided; the ridge adds lam itself.",
        ),
        "singular values not squared": Misconception(
            _from(lambda A: np.linalg.svd(A, compute_uv=False) / np.sqrt(len(A))),
            "You use singular values as curvatures. The curvatures of a sum of squares are their squares: s^2/n "
            "for the singular values s of A.",
            also=(
                _from(lambda A: np.linalg.svd(A, compute_uv=False) / len(A)),
                _from(lambda A: np.linalg.svd(A, compute_uv=False)),
            ),
        ),
        "L and mu swapped": Misconception(
            _swapped,
            "Your first two results are in the other order. Return the largest curvature L first, then the "
            "smallest, mu. np.linalg.eigvalsh sorts upwards.",
            also=(lambda A, lam: (*_swapped(A, lam)[:2], _kappa_upside_down(A, lam)[2]),),
        ),
        "kappa of the data alone": Misconception(
            _kappa_before,
            "L and mu are right, and kappa is that of A'A/n without the ridge. Divide the L that you return by "
            "the mu that you return.",
        ),
        "kappa upside down": Misconception(
            _kappa_upside_down,
            "Your kappa is mu/L. Turn it over: the condition number L/mu is at least 1.",
        ),
        "unseen directions": Misconception(
            _from(lambda A: np.linalg.svd(A, compute_uv=False) ** 2 / len(A)),
            "With more columns than rows there are only n singular values, and d curvatures. The missing ones "
            "are 0, so mu is lam. The eigenvalues of A'A/n, a (d, d) matrix, include them.",
            also=(_from(lambda A: np.linalg.eigvalsh(A @ A.T / len(A))[-A.shape[1] :]),),
        ),
        "singular without a ridge": Misconception(
            _from(_of),
            "Without a ridge mu can be 0, and comes out as a rounding error of either sign. Count it as 0 below "
            "1e-12 of L, and return np.inf for kappa then.",
            also=(_guarding_zero,),
        ),
    },
    claims=(
        Claim("the constants of random tall data", 3, _tall_data),
        Claim("more columns than rows", 1, _wide_data),
        Claim("no ridge", 0.5, _without_ridge),
        Claim("whole numbers as input", 0.5, _whole),
        Claim("no ridge and a flat direction: kappa is inf", 1, _flat_floors),
    ),
)
