"""The error of gradient descent, seen along each eigenvector.

An eigenvector is one of either sign, so every column of a right answer may come out negated. The claims are
judged by `up_to_signs`, which turns each column to the side of what came back before it compares; a mistake is
recognised the same way, by its columns up to sign.
"""

import numpy as np

from helpers.agreement import Fault, agree, as_numbers, compare
from helpers.conditioning import mode_errors
from helpers.exercises import hints
from helpers.exercises.conditioning.matrices import skew_bowl
from helpers.exercises.drawing import away_from_zero, share_of
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _modes(Q, x0, alpha, n_steps, note=""):
    inputs = {"Q": Q, "x0": x0, "alpha": alpha, "n_steps": n_steps}
    return Case(inputs, note, shown={"1 - alpha lam": 1 - alpha * np.linalg.eigvalsh(Q)})


def _start(rng, Q):
    """Return a start with one decimal that has a part of every eigenvector, and no two of the same size."""
    V = np.linalg.eigh(Q)[1]
    while True:
        x0 = away_from_zero(rng, len(Q))
        parts = np.sort(np.abs(V.T @ x0))
        if parts[0] > 0.3 and np.diff(parts, prepend=0).min() > 0.1:
            return x0


def _valleys(rng):
    for d, n_steps in ((2, 3), (3, 3), (3, 5), (4, 4)):
        Q = skew_bowl(rng, d)
        L = np.linalg.eigvalsh(Q)[-1]
        # Beyond 1/L the steepest mode changes its sign at every step: absolute values give themselves away.
        yield _modes(Q, _start(rng, Q), share_of(rng, 1 / L, 1.3, 1.8), n_steps)


def _coefficients(rng):
    Q = skew_bowl(rng, 3)
    yield _modes(Q, _start(rng, Q), 0.1, 0, "no steps: the coefficients of x0 alone")


def _along_the_axes(rng):
    lam = rng.permutation(np.array([0.5, 1.5, 3.0]) + 0.1 * rng.integers(-3, 4, 3))
    lam = np.roll(np.sort(lam), 1)  # not in order
    Q = np.diag(np.round(lam, 1))
    yield _modes(Q, _start(rng, Q), 0.5, 3, "the axes are the eigenvectors, but not in order")


def _whole_valleys(rng):
    a, c = int(rng.integers(2, 5)), int(rng.integers(6, 9))
    Q = np.array([[a, 1], [1, c]])
    yield _modes(Q, rng.integers(2, 7, 2), 0.25, 3, "whole numbers")


def _overshooting(rng):
    Q = skew_bowl(rng, 2)
    L = np.linalg.eigvalsh(Q)[-1]
    yield _modes(Q, _start(rng, Q), share_of(rng, 1 / L, 2.2, 2.8), 6, "alpha is beyond 2/L")


def _eigen(Q):
    lam, V = np.linalg.eigh(Q)
    return lam, V


def _powers(base, c, powers):
    return np.asarray(base) ** np.asarray(powers)[:, None] * c


def _in_the_standard_basis(Q, x0, alpha, n_steps):
    lam, V = _eigen(Q)
    return _powers(1 - alpha * lam, V.T @ x0, range(n_steps + 1)) @ V.T


def _powers_of_the_entries(Q, x0, alpha, n_steps):
    return _powers(1 - alpha * _eigen(Q)[0], x0, range(n_steps + 1))


def _powers_of_the_diagonal(Q, x0, alpha, n_steps):
    return _powers(1 - alpha * np.diag(Q), x0, range(n_steps + 1))


def _absolute_values(Q, x0, alpha, n_steps):
    return np.abs(mode_errors(Q, x0, alpha, n_steps))


def _one_power_too_many(Q, x0, alpha, n_steps):
    return mode_errors(Q, x0, alpha, n_steps + 1)[1:]


def _one_power_too_few(Q, x0, alpha, n_steps):
    lam, V = _eigen(Q)
    return _powers(1 - alpha * lam, V.T @ x0, np.maximum(np.arange(n_steps + 1) - 1, 0))


def _from_one_step_back(Q, x0, alpha, n_steps):
    lam, V = _eigen(Q)
    return _powers(1 - alpha * lam, V.T @ x0, np.arange(n_steps + 1) - 1.0)


def _without_the_start(Q, x0, alpha, n_steps):
    return mode_errors(Q, x0, alpha, n_steps)[1:]


def _descending(Q, x0, alpha, n_steps):
    return mode_errors(Q, x0, alpha, n_steps)[:, ::-1]


def _unsorted(Q, x0, alpha, n_steps):
    lam, V = np.linalg.eig(Q)
    return _powers(1 - alpha * lam, V.T @ x0, range(n_steps + 1))


def _uphill(Q, x0, alpha, n_steps):
    lam, V = _eigen(Q)
    return _powers(1 + alpha * lam, V.T @ x0, range(n_steps + 1))


def _not_a_power(Q, x0, alpha, n_steps):
    lam, V = _eigen(Q)
    return (1 - alpha * lam * np.arange(n_steps + 1)[:, None]) * (V.T @ x0)


def _the_flow(Q, x0, alpha, n_steps):
    lam, V = _eigen(Q)
    return _powers(np.exp(-alpha * lam), V.T @ x0, range(n_steps + 1))


def _one_rate_for_all(Q, x0, alpha, n_steps):
    lam, V = _eigen(Q)
    return _powers(np.full(len(lam), np.abs(1 - alpha * lam).max()), V.T @ x0, range(n_steps + 1))


def _vectors_as_rows(signs):
    """Return the mistake V @ x0 for eigenvectors of these signs: rows mix them, so it is another one for each."""

    def modes(Q, x0, alpha, n_steps):
        lam, V = _eigen(Q)
        V = V * np.array([-1 if signs >> j & 1 else 1 for j in range(len(lam))])
        return _powers(1 - alpha * lam, V @ x0, range(n_steps + 1))

    return modes


def _path_on_the_rows(signs):
    """Return the same mistake for every point of the path."""

    def modes(Q, x0, alpha, n_steps):
        lam, V = _eigen(Q)
        V = V * np.array([-1 if signs >> j & 1 else 1 for j in range(len(lam))])
        return _in_the_standard_basis(Q, x0, alpha, n_steps) @ V.T

    return modes


def _by_the_path(Q, x0, alpha, n_steps):
    x, V = np.asarray(x0, dtype=float), _eigen(Q)[1]
    rows = []
    for _ in range(n_steps + 1):
        rows.append((x @ V).tolist())
        x = x - alpha * (Q @ x)
    return rows


def _by_svd_with_other_signs(Q, x0, alpha, n_steps):
    _, s, Vt = np.linalg.svd(Q)
    c = -(Vt @ x0)[::-1]
    return np.asfortranarray(c * np.power.outer(1 - alpha * s[::-1], np.arange(n_steps + 1)).T)


def _by_general_eigenvectors(Q, x0, alpha, n_steps):
    lam, V = np.linalg.eig(Q)
    order = np.argsort(lam)
    lam, V = np.real(lam[order]), np.real(V[:, order])
    return np.stack([(1 - alpha * lam) ** k * np.linalg.solve(V, x0) for k in range(n_steps + 1)])


def _with_factor(factor):
    """Return the coefficients with another factor in place of (1 - alpha lam)^k."""

    def modes(Q, x0, alpha, n_steps):
        lam, V = _eigen(Q)
        return np.array([factor(alpha, lam, k) * (V.T @ x0) for k in range(n_steps + 1)])

    return modes


MISCONCEPTIONS = {
    "standard basis": Misconception(
        _in_the_standard_basis,
        "You stay in the ordinary coordinates. Asked for are the coefficients along the eigenvectors, "
        "v_i'x, one column for each eigenvector.",
        also=(_powers_of_the_entries, _powers_of_the_diagonal),
    ),
    "eigenvectors as rows": Misconception(
        _vectors_as_rows(0),
        "You use the rows of eigh's matrix V. NumPy puts the eigenvectors into its columns, V[:, i], so the coefficients of x0 "
        "are V.T @ x0.",
        also=(
            *(_vectors_as_rows(signs) for signs in range(1, 8)),
            *(_path_on_the_rows(signs) for signs in range(8)),
        ),
    ),
    "absolute values": Misconception(
        _absolute_values,
        "You return sizes. With a long step a mode changes its sign at every step, and that is the zig-zag: keep "
        "the sign of (1 - alpha lam)^k.",
        also=(lambda Q, x0, alpha, n_steps: _powers(
            np.abs(1 - alpha * _eigen(Q)[0]), _eigen(Q)[1].T @ x0, range(n_steps + 1)),),
    ),
    "powers off by one": Misconception(
        _one_power_too_many,
        "Row k belongs to k steps, so row 0 holds the coefficients of x0 themselves: powers 0, 1, ..., n_steps.",
        also=(_one_power_too_few, _from_one_step_back),
    ),
    "start missing": Misconception(
        _without_the_start,
        "The first row is missing. Row 0 holds the coefficients of x0, before any step; there are n_steps + 1 rows.",
    ),
    "one step short": Misconception(
        lambda Q, x0, alpha, n_steps: mode_errors(Q, x0, alpha, n_steps)[:-1],
        "The last row is missing: k runs from 0 to n_steps, both included, and range(n_steps) stops one before.",
        also=(lambda Q, x0, alpha, n_steps: mode_errors(Q, x0, alpha, max(n_steps - 1, 0)),),
    ),
    "columns in another order": Misconception(
        _descending,
        "Your columns are not in the order of ascending eigenvalues: the flattest direction comes first, the "
        "steepest last. np.linalg.eigh sorts them so, np.linalg.eig does not.",
        also=(_unsorted,),
    ),
    "steps and modes exchanged": Misconception(
        lambda Q, x0, alpha, n_steps: mode_errors(Q, x0, alpha, n_steps).T,
        "Your rows are the modes. Steps come first: row k holds all coefficients after k steps. Transpose it.",
    ),
    "uphill": Misconception(
        _uphill,
        "Your modes grow by 1 + alpha lam. A step goes against the gradient, so each mode is multiplied by "
        "1 - alpha lam.",
    ),
    "not a power": Misconception(
        _not_a_power,
        "You multiply alpha lam by k. Each step multiplies the mode by 1 - alpha lam once more: take the k-th "
        "power.",
    ),
    "the flow for the steps": Misconception(
        _the_flow,
        "exp(-alpha lam) is what infinitely many small steps do (chapter 5). One step of size alpha multiplies by "
        "1 - alpha lam, which may be negative.",
    ),
    "one rate for all": Misconception(
        _one_rate_for_all,
        "You shrink all modes by the same factor, the largest. Each has its own: 1 - alpha lam_i for column i.",
    ),
    "brackets missing": Misconception(
        _with_factor(lambda alpha, lam, k: 1 - alpha * lam**k),
        hints.brackets("(1 - alpha * lam) ** k"),
        also=(_with_factor(lambda alpha, lam, k: (1 - alpha) * lam**k),
              lambda Q, x0, alpha, n_steps: np.array(
                  [1 - (alpha * _eigen(Q)[0]) ** k * (_eigen(Q)[1].T @ x0) for k in range(n_steps + 1)]),
              lambda Q, x0, alpha, n_steps: np.array(
                  [1 - alpha * _eigen(Q)[0] ** k * (_eigen(Q)[1].T @ x0) for k in range(n_steps + 1)])),
    ),
}  # fmt: skip


def _facing(numbers, other):
    """Return `numbers` with each column turned to the side where it is closer to `other`."""
    turned = np.sum(np.abs(other - numbers), axis=0) > np.sum(np.abs(other + numbers), axis=0)
    return np.where(turned, -numbers, numbers)


def up_to_signs(case: Case, outcome, expected) -> Fault | None:
    """Judge a case by its columns, of either sign; the kind of a fault is the name of the mistake, if known."""
    returned = as_numbers(outcome.returned)
    right = np.asarray(expected.returned)
    if isinstance(returned, np.ndarray) and returned.shape == right.shape and np.isfinite(returned).all():
        right = _facing(right, returned)
    fault = compare(outcome.returned, right)
    if fault is None or fault.kind not in ("value", "shape"):
        return fault
    if fault.kind == "value":
        fault = Fault("value", f"{fault.sentence} (each column may have either sign)")
    for name, misconception in MISCONCEPTIONS.items():
        for function in (misconception.function, *misconception.also):
            wrong = function(*case.inputs.values())
            if wrong.shape == returned.shape and agree(returned, _facing(wrong, returned)):
                return Fault(f"value: {name}", fault.sentence)
    return fault


EXERCISE = Exercise(
    id="mode-errors",
    chapter="03-conditioning",
    points=3,
    signature="mode_errors(Q, x0, alpha, n_steps)",
    reference=mode_errors,
    alternatives=(_by_the_path, _by_svd_with_other_signs, _by_general_eigenvectors),
    misconceptions=MISCONCEPTIONS,
    claims=(
        Claim("the modes of random valleys, of either sign", 3, _valleys, up_to_signs),
        Claim("no steps: the coefficients of x0", 0.5, _coefficients, up_to_signs),
        Claim("eigenvalues in ascending order", 0.5, _along_the_axes, up_to_signs),
        Claim("whole numbers as input", 0.5, _whole_valleys, up_to_signs),
        Claim("a step beyond 2/L", 0.5, _overshooting, up_to_signs),
    ),
)
