"""Where gradient descent from zero goes when there are many minimisers."""

import numpy as np

from helpers.agreement import Fault, as_numbers
from helpers.exercises.drawing import away_from_zero
from helpers.exercises.regularization.ridge_data import rows
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees
from helpers.regularization import minimum_norm_limit


def _wide_data(rng):
    """More unknowns than equations; A'A is singular, but rounding lets it be solved with all the same."""
    for n, d in ((1, 2), (2, 3), (3, 4), (3, 6)):
        while True:
            A, b = rows(rng, n, d), away_from_zero(rng, n)
            s = np.linalg.svd(A, compute_uv=False)
            others = [_basic(A, b), A.T @ b, A.T @ b / n]
            right = minimum_norm_limit(A, b)
            apart = min(np.linalg.norm(w - right) for w in others) > 0.05 * np.linalg.norm(right)
            if s[-1] > 0.3 * s[0] and apart and (n, d) != (2, 3):
                break
            if s[-1] > 0.3 * s[0] and apart and _solves(A, b, right):
                break
        yield Case({"A": A, "b": b})


def _solves(A, b, right):
    """Whether solving with the singular A'A gives numbers, far from the right ones."""
    if np.linalg.det(A.T @ A) == 0:
        return False
    w = np.linalg.solve(A.T @ A, A.T @ b)
    return bool(np.linalg.norm(w - right) > 0.05 * np.linalg.norm(right))


def _tall_data(rng):
    for n, d in ((3, 2), (5, 3), (4, 1)):
        while True:
            A = rows(rng, n, d)
            s = np.linalg.svd(A, compute_uv=False)
            if s[-1] > 0.2 * s[0]:
                break
        yield Case({"A": A, "b": away_from_zero(rng, n)}, "more rows than columns: no w fits exactly")


def _deficient_data(rng):
    """Whole numbers, so that the rank is deficient without any rounding."""
    for n, d, rank in ((3, 3, 2), (2, 2, 1), (4, 3, 2)):
        while True:
            A = rng.integers(1, 4, (n, rank)) * rng.choice([-1, 1], (n, rank)) @ rng.integers(1, 4, (rank, d))
            s = np.linalg.svd(A, compute_uv=False)
            if s[rank - 1] > 0.1 * s[0]:
                break
        yield Case(
            {"A": A.astype(float), "b": away_from_zero(rng, n)},
            "rows that say the same, and a b that no w reaches",
        )


def _narrow_data(rng):
    for _ in range(2):
        turn = rng.uniform(0.3, 1.2)
        c, s = np.cos(turn), np.sin(turn)
        A = np.array([[2.0, 0.0, 0.0], [0.0, 0.004, 0.0]]) @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
        yield Case(
            {"A": A, "b": away_from_zero(rng, 2)}, "one direction hardly seen: descent would need ages"
        )


def _whole(rng):
    yield Case(
        {"A": rng.integers(1, 5, (2, 3)) + np.array([[5, 0, 0], [0, 5, 0]]), "b": rng.integers(1, 9, 2)},
        "whole numbers",
    )


def _ends_there(case, outcome, expected):
    """Judge by the value, and see in it how one got there: past the shortest solution, or with a ridge.

    A ridge comes out differently for each lam, and a singular matrix as rounding has it. In the basis of the
    singular vectors both show.
    """
    fault = agrees(case, outcome, expected)
    if fault is None or fault.kind != "value":
        return fault
    right, w = expected.returned, as_numbers(outcome.returned)
    _, s, Vt = np.linalg.svd(case.inputs["A"], full_matrices=False)
    kept = s > 1e-9 * s[0]
    s, seen, wanted = s[kept], Vt[kept] @ w, Vt[kept] @ right
    unseen = np.linalg.norm(w - seen @ Vt[kept]) / np.linalg.norm(right)
    fits = np.linalg.norm(seen - wanted) < 1e-4 * np.linalg.norm(wanted)
    if fits and unseen > 0.05:
        return Fault("value: not the shortest", fault.sentence)
    shares = seen / wanted
    one_ridge = False
    if (shares > 0).all() and (shares < 1).all():
        lam = s**2 * (1 / shares - 1)  # what a ridge on A'A would have to be, direction by direction
        one_ridge = np.ptp(lam) < 0.05 * lam.max()
    if unseen < 0.05 and (fits or one_ridge):
        return Fault("value: ridge", fault.sentence)
    return fault


def _basic(A, b):
    """A solution that uses as few columns as possible: the others get weight 0."""
    w = np.zeros(A.shape[1])
    k = min(A.shape)
    w[:k] = np.linalg.lstsq(A[:, :k], b, rcond=None)[0]
    return w


def _ridge(lam, mean=False):
    def solution(A, b):
        n = len(A) if mean else 1
        return np.linalg.solve(A.T @ A / n + lam * np.eye(A.shape[1]), A.T @ b / n)

    return solution


RIDGES = tuple(_ridge(10.0 ** (-k / 2)) for k in range(3, 25) if k != 6)


def _from_ones(A, b):
    unseen = np.eye(A.shape[1]) - np.linalg.pinv(A) @ A
    return np.linalg.pinv(A) @ b + unseen @ np.ones(A.shape[1])


def _run(n_steps):
    def end(A, b):
        alpha, w = 1 / np.linalg.norm(A, 2) ** 2, np.zeros(A.shape[1])
        for _ in range(n_steps):
            w = w - alpha * A.T @ (A @ w - b)
        return w

    return end


def _for_wide_only(A, b):
    return A.T @ np.linalg.solve(A @ A.T, b)


def _for_wide_only_by_inverse(A, b):
    return A.T @ np.linalg.inv(A @ A.T) @ b


def _by_doubling(A, b):
    """2^31 steps of gradient descent: the sum of 2m powers from the sum of m of them."""
    M = np.eye(A.shape[1]) - A.T @ A / np.linalg.norm(A, 2) ** 2
    total, power = np.eye(A.shape[1]), M
    for _ in range(31):
        total, power = total + power @ total, power @ power
    return total @ (A.T @ b) / np.linalg.norm(A, 2) ** 2


def _by_eigenvectors(A, b):
    lam, V = np.linalg.eigh(A.T @ A)
    kept = lam > 1e-12 * lam[-1]
    return (V[:, kept] @ ((V[:, kept].T @ (A.T @ b)) / lam[kept])).tolist()


EXERCISE = Exercise(
    id="minimum-norm-limit",
    chapter="04-regularization",
    points=2,
    signature="minimum_norm_limit(A, b)",
    reference=minimum_norm_limit,
    alternatives=(
        lambda A, b: np.linalg.pinv(A) @ b,
        lambda A, b: np.linalg.lstsq(A, b, rcond=1e-6)[0],
        _by_doubling,
        _by_eigenvectors,
    ),
    misconceptions={
        "tiny ridge": Misconception(
            _ridge(1e-3),
            "You solve with a small ridge. It comes close, and shrinks the directions that the data hardly see. "
            "Descent without a ridge goes all the way: use the pseudoinverse or least squares of minimum norm.",
            also=RIDGES,
        ),
        "singular matrix": Misconception(
            lambda A, b: np.linalg.solve(A.T @ A, A.T @ b),
            "You solve the normal equations A'A w = A'b. Where A does not see every direction A'A is singular: "
            "there is an error, or rounding picks one of many solutions. Use np.linalg.pinv or lstsq on A.",
            also=(
                lambda A, b: np.linalg.inv(A.T @ A) @ A.T @ b,
                lambda A, b: np.linalg.inv(A.T @ A) @ (A.T @ b),
                lambda A, b: np.linalg.solve(A.T @ A / len(A), A.T @ b / len(A)),
                lambda A, b: np.linalg.inv(A.T @ A / len(A)) @ (A.T @ b / len(A)),
            ),
        ),
        "start ignored": Misconception(
            _basic,
            "Your w fits as well as any, but descent from 0 does not go there: it has a part that A does not "
            "see. Each gradient combines rows of A, so from 0 that part stays 0. Take the shortest solution.",
            also=(_from_ones,),
        ),
        "one step": Misconception(
            lambda A, b: A.T @ b,
            "A'b is the direction of the first step from 0. The limit is where A'(Aw - b) vanishes.",
            also=(lambda A, b: A.T @ b / len(b),),
        ),
        "wide matrices only": Misconception(
            _for_wide_only,
            "A'(AA')^-1 b needs rows that are independent. With more rows than columns, or rows that say the "
            "same, AA' is singular. The pseudoinverse of A covers every shape and rank.",
            also=(_for_wide_only_by_inverse,),
        ),
        "a long run": Misconception(
            _run(300),
            "You run descent for a fixed number of steps. Where a direction is hardly seen it has not arrived by "
            "then. Compute the limit itself: the shortest least squares solution.",
            also=(_run(1000),),
        ),
    },
    claims=(
        Claim("random wide data: the shortest of all solutions", 3, _wide_data, _ends_there),
        Claim("tall data: the least squares solution", 0.75, _tall_data, _ends_there),
        Claim("deficient rank: the shortest least squares solution", 1, _deficient_data, _ends_there),
        Claim("whole numbers as input", 0.25, _whole, _ends_there),
        Claim("a direction that is hardly seen", 1, _narrow_data, _ends_there),
    ),
)
