"""The gradient of the Lennard-Jones energy: minus the forces on the atoms."""

import numpy as np

from helpers.applications.chemistry import lennard_jones_gradient
from helpers.exercises import hints
from helpers.exercises.applications.clusters import cluster, pair, whole_cluster, with_distances
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone


def _clusters(rng):
    for n, repelling in ((3, False), (3, True), (4, False), (5, True), (6, False)):
        inputs = telling(
            lambda n=n, repelling=repelling: {"x": cluster(rng, n, repelling)}, lennard_jones_gradient, *KNOWN
        )
        yield with_distances(inputs["x"])


def _pairs(rng):
    yield Case({"x": pair(0.96, rng)}, "two atoms that are too close: they repel each other")
    yield Case({"x": pair(1.5, rng)}, "two atoms that are far apart: they attract each other")
    yield Case({"x": pair(4.5, rng)}, "very far apart: every pair counts, however distant")


def _alone(rng):
    yield Case({"x": tenths(rng, (1, 3), 0.5, 2.0)}, "a single atom feels nothing")


def _whole(rng):
    for _ in range(2):
        yield with_distances(whole_cluster(rng), "x holds whole numbers")


def _over_pairs(factor, first=1.0, second=-1.0, pairs=lambda n: [(i, j) for i in range(n) for j in range(i)]):
    """Return a function that adds factor(r) (x_i - x_j) to row i, times `first`, and to row j, times `second`."""

    def gradient(x):
        g = np.zeros(x.shape)
        for i, j in pairs(len(x)):
            change = factor(np.sqrt(np.sum((x[i] - x[j]) ** 2))) * (x[i] - x[j])
            g[i] += first * change
            g[j] += second * change
        return g

    return gradient


def _slope_over_r(r):
    return -24 * (2 / r**14 - 1 / r**8)


def _square(n):
    return [(i, j) for i in range(n) for j in range(n) if i != j]


FORCE = _over_pairs(lambda r: -_slope_over_r(r))
ONE_ATOM = _over_pairs(_slope_over_r, second=0.0)
OTHER_ATOM = _over_pairs(_slope_over_r, first=0.0)
UPPER = _over_pairs(
    _slope_over_r, second=0.0, pairs=lambda n: [(i, j) for i in range(n) for j in range(i + 1, n)]
)
SAME_SIGN = _over_pairs(_slope_over_r, second=1.0)
TWICE = _over_pairs(_slope_over_r, pairs=_square)
HALF = _over_pairs(lambda r: _slope_over_r(r) / 2)
NOT_UNIT = _over_pairs(lambda r: -24 * (2 / r**13 - 1 / r**7))
NO_TWO = _over_pairs(lambda r: -24 * (1 / r**14 - 1 / r**8))
NO_FOUR = _over_pairs(lambda r: _slope_over_r(r) / 4)
OTHER = _over_pairs(lambda r: -12 * (1 / r**14 - 1 / r**8))
POWERS = _over_pairs(lambda r: -24 * (2 / r**12 - 1 / r**6))
SQUARED = _over_pairs(lambda r: _slope_over_r(r**2))
PLUS = _over_pairs(lambda r: -24 * (2 / r**14 + 1 / r**8))
NEIGHBOURS = _over_pairs(_slope_over_r, pairs=lambda n: [(i + 1, i) for i in range(n - 1)])


def _with_itself(x):
    between = x[:, None] - x[None]
    r = np.sqrt(np.sum(between**2, axis=-1))
    return np.sum(_slope_over_r(r)[..., None] * between, axis=1)


def _other_order_with_itself(x):
    between = x[None] - x[:, None]
    r2 = np.sum(between**2, axis=-1)
    return np.sum((24 * (2 / r2**7 - 1 / r2**4))[..., None] * between, axis=1)


def _in_the_plane(x):
    g = np.zeros(x.shape)
    g[:, :2] = lennard_jones_gradient(np.column_stack([x[:, :2], np.zeros(len(x))]))[:, :2]
    return g


def _of_the_origin(x):
    r = np.linalg.norm(x, axis=1)
    return _slope_over_r(r)[:, None] * x


def _truncated(x):
    g = np.zeros_like(x)
    for i, j in _square(len(x)):
        d = x[i] - x[j]
        g[i] = g[i] + _slope_over_r(np.sqrt(np.sum(d**2))) * d
    return g


def _negative_powers(x):
    between = x[:, None] - x[None]
    r2 = np.sum(between**2, axis=-1) + np.eye(len(x), dtype=x.dtype)
    return np.sum((-24 * (2 * r2**-7 - r2**-4))[..., None] * between, axis=1)


def _moves_x(x):
    g = lennard_jones_gradient(x)
    x -= x.mean(axis=0).astype(x.dtype)
    return g


KNOWN = (
    FORCE, ONE_ATOM, OTHER_ATOM, UPPER, SAME_SIGN, TWICE, HALF, NOT_UNIT, NO_TWO, NO_FOUR, OTHER, POWERS, SQUARED,
    PLUS, NEIGHBOURS, _in_the_plane, _of_the_origin,
)  # fmt: skip


def _by_matrix(x):
    """The factors as a matrix W: row i is (sum of W_ij) x_i - sum of W_ij x_j, as with a graph's Laplacian."""
    x = np.asarray(x, dtype=float)
    r2 = np.sum((x[:, None] - x[None]) ** 2, axis=-1)
    W = np.array(
        [[0.0 if i == j else _slope_over_r(r2[i, j] ** 0.5) for j in range(len(x))] for i in range(len(x))]
    )
    return np.diag(W.sum(axis=1)) @ x - W @ x


def _in_lists(x):
    rows = []
    for i, a in enumerate(x):
        row = [0.0, 0.0, 0.0]
        for j, b in enumerate(x):
            if i != j:
                d = [float(p) - float(q) for p, q in zip(a, b, strict=True)]
                s = 1 / sum(v * v for v in d)
                row = [g - (48 * s**7 - 24 * s**4) * v for g, v in zip(row, d, strict=True)]
        rows.append(row)
    return rows


EXERCISE = Exercise(
    id="lennard-jones-gradient",
    chapter="09-applications",
    points=3,
    signature="lennard_jones_gradient(x)",
    reference=lennard_jones_gradient,
    alternatives=(
        _by_matrix,
        _in_lists,
        _over_pairs(_slope_over_r),
        lambda x: _over_pairs(_slope_over_r)(x).astype(np.float32),
    ),
    misconceptions={
        "the force": Misconception(
            FORCE,
            "You return the forces, which point downhill. The gradient points uphill: change the sign of everything.",
        ),
        "one atom of each pair only": Misconception(
            ONE_ATOM,
            "You give each pair to one of its atoms only. Both feel it: what row i gets, row j gets with the other "
            "sign.",
            also=(OTHER_ATOM, UPPER),
        ),
        "both atoms the same way": Misconception(
            SAME_SIGN,
            "You push both atoms of a pair in the same direction, and all forces together do not cancel. Add the "
            "change to row i and subtract it from row j.",
            also=(lambda x: -SAME_SIGN(x),),
        ),
        "pairs counted twice": Misconception(
            TWICE,
            "Your gradient is exactly twice too large. Either go over each pair once and change both rows, or over "
            "all i and j and change row i alone.",
        ),
        "half of the gradient": Misconception(
            HALF,
            "Your gradient is exactly half. Each pair counts fully for both of its atoms; and the derivative of "
            "r^2 brings a factor 2 if you went through r^2.",
        ),
        "direction not of length 1": Misconception(
            NOT_UNIT,
            "You multiply V'(r) by x_i - x_j, whose length is r. The direction is (x_i - x_j)/r: divide once more, "
            "so that the powers become 14 and 8.",
        ),
        "powers as in the energy": Misconception(
            POWERS,
            "Your powers are still 12 and 6. The derivative has 13 and 7, and the direction (x_i - x_j)/r makes them "
            "14 and 8.",
        ),
        "factor 2 missing": Misconception(
            NO_TWO,
            "Your two terms have the same weight. Deriving r^-12 brings down 12, and r^-6 only 6: the first counts "
            "double.",
        ),
        "factor 4 missing": Misconception(
            NO_FOUR,
            "Your gradient is a quarter of what it should be. The energy has a 4 in front, so the factor is 24.",
        ),
        "the other convention": Misconception(
            OTHER,
            "That is the gradient of 1/r^12 - 2/r^6, with its minimum at r = 1. Here the energy is "
            "4 (1/r^12 - 1/r^6), with its minimum at 2^(1/6).",
        ),
        "powers of the squared distance": Misconception(
            SQUARED,
            "You put the squared distance where the distance belongs. Take the root first, or use the powers 7 and "
            "4 of the square.",
        ),
        "both terms of one sign": Misconception(
            PLUS,
            "Both of your terms repel. The 6th power attracts, so its slope has the other sign.",
        ),
        "pairs of an atom with itself": Misconception(
            _with_itself,
            "You pair each atom with itself, at the distance 0, which gives nan. Leave out i = j.",
            also=(_other_order_with_itself, lambda x: -_with_itself(x)),
        ),
        "neighbours in the list only": Misconception(
            NEIGHBOURS,
            "You take only the pairs of rows that follow each other. Every atom feels every other one: all pairs.",
        ),
        "distances in the plane": Misconception(
            _in_the_plane,
            "You leave out the third coordinate. The distance needs all three, and the gradient has all three.",
        ),
        "distance from the origin": Misconception(
            _of_the_origin,
            "You pull each atom towards the origin. The forces act between atoms, along x_i - x_j.",
        ),
        "gradient cut to whole numbers": Misconception(
            _truncated,
            "np.zeros_like(x) holds whole numbers if x does, and cuts off the rest. Make the array with "
            "np.zeros(x.shape).",
            also=(lambda x: lennard_jones_gradient(x).astype(x.dtype),),
        ),
        "negative powers of whole numbers": Misconception(
            _negative_powers,
            "NumPy refuses negative powers of whole numbers. Divide instead, 1 / r2**4, or turn x into floats first.",
        ),
        "changes x in place": Misconception(
            _moves_x,
            "Your function moves the caller's atoms. Work on a copy, or compute with x - ... and never with x -= ...",
        ),
        "brackets missing": Misconception(
            _over_pairs(lambda r: -24 * 2 / r**14 - 1 / r**8),
            hints.brackets("-24 * (2 / r**14 - 1 / r**8)"),
        ),
    },
    claims=(
        Claim("the gradient of random clusters", 1.8, _clusters),
        Claim("a pair, too close and too far", 0.3, _pairs),
        Claim("a single atom", 0.3, _alone),
        Claim("whole numbers as input", 0.3, _whole),
        Claim("the atoms stay where they were", 0.3, _clusters, leaves_arguments_alone),
    ),
)
