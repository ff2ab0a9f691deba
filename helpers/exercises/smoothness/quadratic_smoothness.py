"""L of a quadratic: the largest eigenvalue."""

from functools import partial

import numpy as np

from helpers.agreement import Fault
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees
from helpers.smoothness import quadratic_smoothness


def _matrix(rng, eigenvalues, decimals=1):
    """Return a symmetric matrix of these eigenvalues, up to rounding, in a random basis."""
    V = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))[0]
    Q = np.round((V * eigenvalues) @ V.T, decimals)
    return np.tril(Q) + np.tril(Q, -1).T


def _one_large_eigenvalue(rng, d):
    """Return a matrix whose largest eigenvalue is three times the next, which a power iteration finds soon."""
    largest = tenths(rng, (), 5.0, 9.0)
    return _matrix(rng, np.append(rng.uniform(0.12, 0.33, d - 1) * largest, largest))


def _matrices(rng):
    for d in (2, 2, 3, 5):
        # eigvals sorts nothing, and gives the largest first more often than not: not so in the small matrices
        mistakes = (*_MISTAKES, _first_of_eigvals) if d == 2 else _MISTAKES
        draw = partial(_one_large_eigenvalue, rng, d)
        yield Case(telling(lambda draw=draw: {"Q": draw()}, quadratic_smoothness, *mistakes))


def _close_eigenvalues(rng):
    for d in (2, 4):
        largest = tenths(rng, (), 2.0, 6.0)
        lam = np.append(rng.uniform(0.1, 0.4, d - 2) * largest, [0.98 * largest, largest])
        yield Case({"Q": _matrix(rng, lam, 4)}, "the two largest eigenvalues are 2% apart")


def _not_short(case, outcome, expected):
    """Judge by value; a result that is a little too small gets a kind of its own, wherever it started from."""
    fault = agrees(case, outcome, expected)
    if fault and fault.kind == "value" and 0.9 * expected.returned < outcome.returned < expected.returned:
        return Fault("value: short", fault.sentence)
    return fault


def _one_by_one(rng):
    yield Case({"Q": np.array([[tenths(rng, (), 0.2, 5.0)]])}, "one coordinate")


def _whole(rng):
    a, b = rng.integers(2, 6, 2)
    yield Case({"Q": np.array([[a + 2, 1], [1, b]])}, "whole numbers")


def _flat(rng):
    v = tenths(rng, 2, 0.5, 2.0)
    yield Case({"Q": np.outer(v, v).round(2)}, "f is flat along one direction")
    yield Case({"Q": np.zeros((2, 2))}, "f is flat everywhere: L = 0")


def _smallest(Q):
    return np.linalg.eigvalsh(Q)[0]


def _first_of_eigvals(Q):
    return np.linalg.eigvals(Q)[0]


def _trace(Q):
    return np.trace(Q)


def _frobenius(Q):
    return np.linalg.norm(Q)


def _largest_entry(Q):
    return np.max(Q)


def _largest_row_sum(Q):
    return np.linalg.norm(Q, np.inf)


def _squared(Q):
    return np.linalg.eigvalsh(Q @ Q)[-1]


def _root(Q):
    return np.sqrt(np.linalg.eigvalsh(Q)[-1])


def _doubled(Q):
    return 2 * np.linalg.eigvalsh(Q)[-1]


def _halved(Q):
    return np.linalg.eigvalsh(Q)[-1] / 2


def _step(Q):
    return 1 / np.linalg.eigvalsh(Q)[-1]


def _mean_eigenvalue(Q):
    return np.mean(np.linalg.eigvalsh(Q))


_MISTAKES = (
    _smallest, _trace, _frobenius, _largest_entry, _largest_row_sum, _squared, _root, _doubled,
    _halved, _step, _mean_eigenvalue,
)  # fmt: skip


def _power_iteration(turns, start=np.ones):
    def iterate(Q):
        v = start(len(Q))
        for _ in range(turns):
            v = Q @ v
            v = v / np.linalg.norm(v)
        return v @ Q @ v

    return iterate


def _ratio_of_lengths(Q, turns=10):
    v = np.ones(len(Q))
    for _ in range(turns):
        v = Q @ v / np.linalg.norm(v)
    return np.linalg.norm(v)


def _by_characteristic_polynomial(Q):
    return float(np.max(np.roots(np.poly(Q)).real))


def _by_long_power_iteration(Q):
    v = np.linspace(1, 2, len(Q))
    for _ in range(3000):
        v = Q @ v
        if not v.any():
            return 0
        v /= np.linalg.norm(v)
    return v @ Q @ v


EXERCISE = Exercise(
    id="quadratic-smoothness",
    chapter="02-l-smoothness",
    points=1,
    signature="quadratic_smoothness(Q)",
    reference=quadratic_smoothness,
    alternatives=(
        lambda Q: np.linalg.norm(Q, 2),
        lambda Q: float(max(np.linalg.eigvals(Q).real)),
        lambda Q: np.array(np.linalg.svd(np.asarray(Q, dtype=np.float32), compute_uv=False)[0]),
        _by_characteristic_polynomial,
        _by_long_power_iteration,
    ),
    misconceptions={
        "not the largest eigenvalue": Misconception(
            _smallest,
            "You return an eigenvalue, and not the largest. eigvalsh sorts upwards, so the largest is the last; "
            "eigvals does not sort at all, so take the maximum.",
            also=(_first_of_eigvals, lambda Q: np.linalg.eigvals(Q).min()),
        ),
        "trace": Misconception(
            _trace,
            "The trace adds up all eigenvalues. Along any direction the slope changes at most by the largest one: return "
            "that one alone.",
        ),
        "Frobenius norm": Misconception(
            _frobenius,
            "np.linalg.norm(Q) of a matrix is the Frobenius norm, the root of the sum of all squared eigenvalues. "
            "Only the largest eigenvalue counts: the spectral norm, with ord=2, or eigvalsh.",
        ),
        "largest entry": Misconception(
            _largest_entry,
            "The largest entry is the curvature along one axis, and the steepest direction is rarely an axis. "
            "Look at all directions: the largest eigenvalue.",
            also=(lambda Q: np.max(np.diag(Q)), lambda Q: np.abs(Q).max()),
        ),
        "largest row sum": Misconception(
            _largest_row_sum,
            "A row sum is no eigenvalue. With absolute values (the norm with ord=1 or inf) it is a bound from above at best; "
            "L is the largest eigenvalue itself: np.linalg.eigvalsh, or the norm with ord=2.",
            also=(lambda Q: np.linalg.norm(Q, 1), lambda Q: Q.sum(axis=0).max()),
        ),
        "squared": Misconception(
            _squared,
            "You return the square of L. The eigenvalues of Q'Q are squares. Take those of Q itself: they are the curvatures.",
            also=(lambda Q: np.linalg.norm(Q, 2) ** 2,),
        ),
        "square root": Misconception(
            _root,
            "You take the root of the largest eigenvalue. The curvature of x'Qx/2 is the eigenvalue itself: leave the root out.",
        ),
        "factor 2": Misconception(
            _doubled,
            "You are off by a factor of 2. The 1/2 in x'Qx/2 cancels the 2 of the derivative: the Hessian is Q, and its "
            "largest eigenvalue is L without a factor.",
            also=(_halved,),
        ),
        "the step instead of L": Misconception(
            _step, "You return 1/L, the safe step. Asked for is L itself, the curvature that the step divides by.",
        ),
        "mean eigenvalue": Misconception(
            _mean_eigenvalue,
            "You average the eigenvalues. A step has to be safe in the worst direction, so the largest counts.",
        ),
        "power iteration stopped too early": Misconception(
            _power_iteration(10),
            "Your result is a little too small, as an iteration gives that was stopped early. Where two eigenvalues "
            "are close it needs thousands of turns: use np.linalg.eigvalsh, or go on until nothing changes.",
            also=(
                _power_iteration(3), _power_iteration(5), _power_iteration(20), _power_iteration(50),
                _power_iteration(100), _power_iteration(10, lambda d: np.eye(d)[0]), _ratio_of_lengths,
                _power_iteration(1), _power_iteration(2), _power_iteration(3, lambda d: np.eye(d)[0]),
                _power_iteration(5, lambda d: np.eye(d)[0]),
            ),
        ),
    },
    claims=(
        Claim("the largest eigenvalue of random matrices", 3, _matrices),
        Claim("two eigenvalues close together", 1, _close_eigenvalues, _not_short),
        Claim("flat directions", 0.5, _flat),
        Claim("one coordinate", 0.5, _one_by_one),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)  # fmt: skip
