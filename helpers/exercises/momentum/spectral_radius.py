"""The largest absolute value among the eigenvalues."""

import numpy as np

from helpers.exercises.drawing import redrawn, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.momentum import spectral_radius


def _candidates(M):
    """What a mistake might return instead, as one array."""
    lam = np.linalg.eigvals(M)
    return np.array(
        [
            *np.abs(lam.real), *np.abs(lam.imag), np.linalg.norm(M, 2), np.linalg.norm(M), np.linalg.norm(M, 1),
            np.linalg.norm(M, np.inf), np.abs(M).max(), abs(np.trace(M)), abs(np.linalg.det(M)), np.abs(lam).sum(),
            np.abs(lam).max() ** 2, np.abs(np.linalg.eigvalsh(M)).max(),
            np.abs(np.linalg.eigvalsh((M + M.T) / 2)).max(),
        ]
    )  # fmt: skip


def _apart(M):
    return np.abs(_candidates(M) / spectral_radius(M) - 1).min() > 0.01


def _complex_pairs(rng):
    """Matrices whose largest eigenvalues are a complex pair, far from every other number one might compute."""
    for d in (2, 2, 3):
        yield Case({"M": redrawn(lambda d=d: tenths(rng, (d, d), -3.0, 3.0), _led_by_a_pair)})
    yield Case({"M": redrawn(lambda: _pair_between(rng), _led_by_a_pair)})


def _led_by_a_pair(M):
    lam = np.linalg.eigvals(M)
    largest = lam[np.argmax(np.abs(lam))]
    others = np.sort(np.abs(lam))[:-2]
    leads = not others.size or others.max() < 0.95 * np.abs(largest)
    first = len(M) != 3 or np.abs(lam[0]) == np.abs(lam).max()
    return abs(largest.imag) > 0.3 and np.abs(largest) > 1.3 and leads and first and _apart(M)


def _pair_between(rng):
    """Four eigenvalues on the diagonal: a small one first, the rightmost last, and between them the pair."""
    turn = tenths(rng, (), -0.9, 0.4)
    M = np.triu(tenths(rng, (4, 4), -3.0, 3.0))
    M[0, 0], M[3, 3] = -tenths(rng, (), 0.2, 0.5), tenths(rng, (), 0.8, 1.2)
    M[1, 1] = M[2, 2] = turn
    M[1, 2], M[2, 1] = tenths(rng, (), 1.5, 3.0), -tenths(rng, (), 1.5, 3.0)
    return M


def _negative(rng):
    """Real eigenvalues, the largest of them negative."""

    def good(M):
        lam = np.linalg.eigvals(M)
        if np.abs(lam.imag).max() > 0:
            return False
        lam = np.sort(lam.real)
        return lam[0] < -1.3 and 0.3 < lam[1] < -0.8 * lam[0] and lam[1] - lam[0] > 1

    M = redrawn(lambda: tenths(rng, (2, 2), -3.0, 3.0), good)
    yield Case({"M": M}, "the largest eigenvalue is negative")


def _double(rng):
    q = float(rng.choice([0.5, 0.25, 0.75]))
    yield Case({"M": np.array([[2 * q, -q * q], [1.0, 0.0]])}, "a double eigenvalue: critical damping")


def _whole_numbers(rng):
    a, b = (int(n) for n in rng.integers(2, 6, 2))
    yield Case({"M": np.array([[a, -b], [b, a]])}, "whole numbers, a turn")


def _one_by_one(rng):
    yield Case({"M": np.array([[-tenths(rng, (), 0.3, 3.0)]])}, "one row, a negative number")


def _zero(rng):
    yield Case({"M": np.zeros((2, 2))}, "the zero matrix")


def _power_iteration(M):
    v = np.ones(len(M))
    for _ in range(100):
        with np.errstate(all="ignore"):
            v = M @ v / np.linalg.norm(M @ v)
    return np.linalg.norm(M @ v)


def _by_characteristic_polynomial(M):
    return max(abs(root) for root in np.roots(np.poly(M))) if np.any(M) else 0.0


def _by_repeated_squaring(M):
    """|M^k|^(1/k) for k = 2^39, by squaring and rescaling."""
    M, log_size = np.array(M, dtype=float), 0.0
    for k in range(40):
        size = np.linalg.norm(M)
        if size == 0:
            return 0.0
        log_size += np.log(size) / 2**k
        M = (M / size) @ (M / size)
    return float(np.exp(log_size))


EXERCISE = Exercise(
    id="spectral-radius",
    chapter="07-momentum",
    points=1,
    signature="spectral_radius(M)",
    reference=spectral_radius,
    alternatives=(
        _by_characteristic_polynomial,
        _by_repeated_squaring,
        lambda M: np.sqrt(max((np.linalg.eigvals(M) * np.linalg.eigvals(M).conj()).real)),
    ),
    misconceptions={
        "real part only": Misconception(
            lambda M: np.abs(np.linalg.eigvals(M).real).max(),
            "You drop the imaginary part. The length of a complex number a + bi is sqrt(a^2 + b^2), which np.abs gives: "
            "take np.abs of the eigenvalues as they are.",
            also=(lambda M: np.abs(np.real(np.linalg.eig(M)[0])).max(),),
        ),
        "largest real part": Misconception(
            lambda M: np.linalg.eigvals(M).real.max(),
            "You take the largest real part. That decides for differential equations; for steps it is the absolute "
            "value that counts, of a complex or negative eigenvalue too.",
        ),
        "absolute value missing": Misconception(
            lambda M: np.linalg.eigvals(M).max(),
            "You take the largest eigenvalue without its absolute value. Eigenvalues may be complex or negative; "
            "np.abs gives their lengths.",
            also=(lambda M: max(np.linalg.eigvals(M), key=lambda value: value.real),
                  lambda M: np.linalg.eigvals(M)[np.argmax(np.abs(np.linalg.eigvals(M)))]),
        ),
        "one eigenvalue only": Misconception(
            lambda M: abs(np.linalg.eigvals(M)[0]),
            "You take the absolute value of one eigenvalue, and it need not be the largest: eigvals keeps to no order, and "
            "max compares real parts. Take np.abs of all of them first, then the largest.",
            also=(lambda M: abs(np.linalg.eigvals(M)[-1]), lambda M: abs(np.linalg.eigvals(M).max())),
        ),
        "imaginary part only": Misconception(
            lambda M: np.abs(np.linalg.eigvals(M).imag).max(),
            "You take only the imaginary part of the eigenvalues. Their length needs both parts: np.abs gives it.",
        ),
        "largest singular value": Misconception(
            lambda M: np.linalg.norm(M, 2),
            "That is the largest singular value, what *one* step can do at the most. In the long run the eigenvalues "
            "decide, and M is not symmetric: use np.linalg.eigvals.",
            also=(lambda M: np.linalg.svd(M)[1][0],),
        ),
        "eigenvalues of a symmetric matrix": Misconception(
            lambda M: np.abs(np.linalg.eigvalsh(M)).max(),
            "eigvalsh looks at one half of the matrix only, and takes it for symmetric. M is not: use "
            "np.linalg.eigvals.",
        ),
        "smallest": Misconception(
            lambda M: np.abs(np.linalg.eigvals(M)).min(),
            "You take the smallest absolute value. The part that decays most slowly is what remains: take the largest.",
        ),
        "Frobenius norm": Misconception(
            lambda M: np.linalg.norm(M),
            "np.linalg.norm(M) is the root of the sum of all squared entries. Asked for is the largest absolute value "
            "of the eigenvalues.",
        ),
        "determinant": Misconception(
            lambda M: abs(np.linalg.det(M)),
            "The determinant is the product of the eigenvalues. Asked for is the largest of their absolute values.",
            also=(lambda M: np.linalg.det(M),),
        ),
        "trace": Misconception(
            lambda M: abs(np.trace(M)),
            "The trace is the sum of the eigenvalues. Asked for is the largest of their absolute values.",
            also=(lambda M: np.trace(M),),
        ),
        "power iteration": Misconception(
            _power_iteration,
            "Your power iteration turns for ever: a complex pair has no real direction to settle in. Use "
            "np.linalg.eigvals.",
        ),
        "squared": Misconception(
            lambda M: np.max(np.abs(np.linalg.eigvals(M)) ** 2),
            "You return the square of the length. Take its root, or np.abs.",
        ),
        "all eigenvalues": Misconception(
            lambda M: np.abs(np.linalg.eigvals(M)),
            "You return the absolute value of every eigenvalue. One number is asked for, the largest.",
        ),
    },
    claims=(
        Claim("random matrices with complex eigenvalues", 3, _complex_pairs),
        Claim("the largest eigenvalue is negative", 1, _negative),
        Claim("a double eigenvalue", 0.5, _double),
        Claim("whole numbers as input", 0.5, _whole_numbers),
        Claim("one row", 0.5, _one_by_one),
        Claim("the zero matrix", 0.5, _zero),
    ),
)  # fmt: skip
