"""The exact flow of a quadratic, by eigenvalues."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.conditioning.matrices import skew_bowl
from helpers.exercises.drawing import away_from_zero, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.flow import gradient_flow


def _flow(Q, b, x0, t, note=""):
    parts = {"m": np.linalg.solve(Q, b), "eigenvalues of Q": np.linalg.eigvalsh(Q)}
    return Case({"Q": Q, "b": b, "x0": x0, "t": t}, note, shown=parts)


def _bowl(rng, d):
    """Return Q, b and a start whose offset from the minimiser has a part of every eigenvector."""
    while True:
        Q, b, x0 = skew_bowl(rng, d), away_from_zero(rng, d), away_from_zero(rng, d)
        m = np.linalg.solve(Q, b)
        parts = np.abs(np.linalg.eigh(Q)[1].T @ (x0 - m))
        # m not so far away that what is left of the offset drowns in it
        if parts.min() > 0.3 and 0.5 < np.linalg.norm(m) < 8 * parts.min():
            return Q, b, x0


def _flows(rng):
    for d, n in ((2, 3), (2, 4), (3, 5), (3, 2)):
        yield _flow(*_bowl(rng, d), np.cumsum(tenths(rng, n, 0.1, 0.4)).round(1))


def _at_the_start(rng):
    yield _flow(*_bowl(rng, 2), np.array([0.0]), "t = 0: the start")


def _in_any_order(rng):
    yield _flow(*_bowl(rng, 2), np.array([0.6, 0.0, 0.2, 1.1]), "times in no order")
    yield _flow(*_bowl(rng, 3), np.array([0.3, 0.3]), "the same time twice")


def _at_rest(rng):
    for d in (2, 4):
        yield _flow(*_bowl(rng, d), np.array([400.0, 1000.0]), "a long time: at the minimiser")


def _whole_flows(rng):
    Q = np.array([[2, 1], [1, 3]])
    b, x0 = rng.integers(2, 5, 2) * np.array([1, -1]), rng.integers(5, 9, 2)
    yield _flow(Q, b, x0, np.array([0, 1, 2]), "everything is a whole number")


def _one_coordinate(rng):
    lam, b = tenths(rng, (), 1.5, 3.0), away_from_zero(rng, 1)
    yield _flow(np.array([[lam]]), b, away_from_zero(rng, 1) + 4, np.array([0.1, 0.5]), "one coordinate")


def _by_eigenvalues(decay, offset=None, towards=None):
    """Return a flow with other parts: decay(lam, t), and from (x0, m): offset of the start and the end point."""
    offset, towards = offset or (lambda x0, m: x0 - m), towards or (lambda m: m)

    def flow(Q, b, x0, t):
        lam, V = np.linalg.eigh(Q)
        m = np.linalg.solve(Q, b)
        return np.array([towards(m) + V @ (decay(lam, s) * (V.T @ offset(x0, m))) for s in t])

    return flow


def _fall(lam, t):
    return np.exp(-lam * t)


def _sign_of_b(Q, b, x0, t):
    return gradient_flow(Q, -b, x0, t)


def _coefficients_one(Q, b, x0, t):
    lam, V = np.linalg.eigh(Q)
    return np.array([np.linalg.solve(Q, b) + V @ np.exp(-lam * s) for s in t])


def _exp_of_entries(Q, b, x0, t):
    m = np.linalg.solve(Q, b)
    return np.array([m + np.exp(-Q * s) @ (x0 - m) for s in t])


def _exp_of_the_diagonal(Q, b, x0, t):
    m = np.linalg.solve(Q, b)
    return np.array([m + np.exp(-np.diag(Q) * s) * (x0 - m) for s in t])


def _rates_for_coordinates(Q, b, x0, t):
    m, lam = np.linalg.solve(Q, b), np.linalg.eigvalsh(Q)
    return np.array([m + np.exp(-lam * s) * (x0 - m) for s in t])


def _signed(signs, use):
    """Return a mistake that depends on the signs of the eigenvectors, for one choice of them."""

    def flow(Q, b, x0, t):
        lam, V = np.linalg.eigh(Q)
        V = V * np.array([-1 if signs >> j & 1 else 1 for j in range(len(lam))])
        m = np.linalg.solve(Q, b)
        return np.array([use(V, np.exp(-lam * s), x0, m) for s in t])

    return flow


def _rows(V, decay, x0, m):
    return m + V.T @ (decay * (V @ (x0 - m)))


def _in_the_eigenbasis(V, decay, x0, m):
    return V.T @ m + decay * (V.T @ (x0 - m))


def _truncated(Q, b, x0, t):
    flow = np.zeros((len(t), len(x0)), dtype=np.asarray(x0).dtype)
    flow[:] = gradient_flow(Q, b, x0, t)
    return flow


def _by_squaring(Q, b, x0, t):
    """exp(-Qt) by its Taylor series at t/2^k, squared k times."""
    m = np.linalg.solve(Q, b)

    def exponential(M):
        k = max(0, int(np.ceil(np.log2(max(np.linalg.norm(M, 1), 1e-9)))) + 4)
        term = total = np.eye(len(M))
        for j in range(1, 16):
            term = term @ (M / 2**k) / j
            total = total + term
        return np.linalg.matrix_power(total, 2**k)

    return [(m + exponential(-Q * float(s)) @ (x0 - m)).tolist() for s in t]


def _mode_by_mode(Q, b, x0, t):
    """Every coefficient y of x along an eigenvector follows y' = c - lam y by itself."""
    lam, V = np.linalg.eig(Q)
    V = V / np.linalg.norm(V, axis=0)
    y0, c = V.T @ x0, V.T @ b
    t = np.asarray(t, dtype=float)[:, None]
    return np.asfortranarray((y0 * np.exp(-lam * t) - c / lam * np.expm1(-lam * t)) @ V.T)


def _brackets_missing(Q, b, x0, t):
    lam, V = np.linalg.eigh(Q)
    m = np.linalg.solve(Q, b)
    return np.array([m + V @ (np.exp(-lam * time) * (V.T @ x0 - m)) for time in t])


EXERCISE = Exercise(
    id="gradient-flow",
    chapter="05-gradient-flow",
    points=3,
    signature="gradient_flow(Q, b, x0, t)",
    reference=gradient_flow,
    alternatives=(_by_squaring, _mode_by_mode, _by_eigenvalues(_fall)),
    misconceptions={
        "growth": Misconception(
            _by_eigenvalues(lambda lam, t: np.exp(lam * t)),
            "Your offset grows: you use exp(+lam t). The flow runs downhill, so each part shrinks by exp(-lam t).",
        ),
        "sign of b": Misconception(
            _sign_of_b,
            "Your flow ends at the solution of Qm = -b. The function is x'Qx/2 - b'x, so it is lowest where Qm = b.",
        ),
        "sign of the offset": Misconception(
            _by_eigenvalues(_fall, offset=lambda x0, m: m - x0),
            "Your flow starts on the other side of the minimiser. The offset at the start is x0 - m.",
        ),
        "start ignored": Misconception(
            _by_eigenvalues(_fall, offset=lambda x0, m: -m),
            "Your flow does not begin at x0. At t = 0 it has to: the coefficients are v_i'(x0 - m).",
            also=(_coefficients_one,),
        ),
        "minimiser ignored": Misconception(
            _by_eigenvalues(_fall, offset=lambda x0, m: x0, towards=lambda m: 0 * m),
            "Your flow ends at the origin. It ends at the minimiser m with Qm = b: let x0 - m decay, and add m.",
        ),
        "minimiser not subtracted": Misconception(
            _by_eigenvalues(_fall, offset=lambda x0, m: x0),
            "You let x0 itself decay and then add m, so at t = 0 you are at x0 + m. What decays is the offset x0 - m.",
        ),
        "minimiser not added back": Misconception(
            _by_eigenvalues(_fall, towards=lambda m: 0 * m),
            "You return the offset from the minimiser. Add m to it: at t = 0 the result has to be x0.",
        ),
        "b for the minimiser": Misconception(
            lambda Q, b, x0, t: gradient_flow(Q, Q @ b, x0, t),
            "You use b as the minimiser. The minimiser m solves Qm = b.",
        ),
        "exponential of the entries": Misconception(
            _exp_of_entries,
            "np.exp(-Q t) takes the exponential of each entry, which is not the exponential of the matrix. Go to "
            "the eigenvectors: there each coefficient has its own exp(-lam t).",
            also=(_exp_of_the_diagonal,),
        ),
        "rates for coordinates": Misconception(
            _rates_for_coordinates,
            "You let the coordinates of x decay with the eigenvalues. The eigenvalues belong to the eigenvectors: "
            "with those in the columns of V, take V'(x0 - m), let that decay, and go back with V.",
        ),
        "eigenvectors as rows": Misconception(
            _signed(0, _rows),
            "You use the rows of eigh's matrix V as eigenvectors. NumPy puts them into its columns: V'(x0 - m) are the "
            "coefficients, and V takes them back.",
            also=tuple(_signed(signs, _rows) for signs in range(1, 8)),
        ),
        "left in the eigenbasis": Misconception(
            _signed(0, _in_the_eigenbasis),
            "You return coefficients along the eigenvectors. Go back to the coordinates of x: multiply by the "
            "matrix that has the eigenvectors in its columns.",
            also=tuple(_signed(signs, _in_the_eigenbasis) for signs in range(1, 8)),
        ),
        "one Euler step": Misconception(
            _by_eigenvalues(lambda lam, t: 1 - lam * t),
            "You use 1 - lam t, one straight step of length t. The flow bends on the way: exp(-lam t).",
        ),
        "times in columns": Misconception(
            lambda Q, b, x0, t: gradient_flow(Q, b, x0, t).T,
            "Your columns are the times. One row for each time: the result has shape (len(t), d). Transpose it.",
        ),
        "whole numbers truncate": Misconception(
            _truncated,
            "The result takes over the whole-number type of x0, so every point is cut to whole numbers. Make the "
            "array of floats.",
        ),
        "brackets missing": Misconception(
            _brackets_missing,
            hints.brackets("V.T @ (x0 - m)"),
        ),
    },
    claims=(
        Claim("the flow in random bowls", 3, _flows),
        Claim("at t = 0 it is the start", 0.5, _at_the_start),
        Claim("times in any order", 0.5, _in_any_order),
        Claim("after a long time it is the minimiser", 0.5, _at_rest),
        Claim("whole numbers as input", 0.5, _whole_flows),
        Claim("one coordinate", 0.5, _one_coordinate),
    ),
)
