"""The Lennard-Jones energy of a cluster."""

import numpy as np

from helpers.applications.chemistry import lennard_jones_energy
from helpers.exercises import hints
from helpers.exercises.applications.clusters import cluster, pair, whole_cluster, with_distances
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _clusters(rng):
    for n, repelling in ((3, False), (3, True), (4, False), (5, True), (6, False)):
        inputs = telling(
            lambda n=n, repelling=repelling: {"x": cluster(rng, n, repelling)}, lennard_jones_energy, *KNOWN
        )
        yield with_distances(inputs["x"])


def _pairs(rng):
    yield Case({"x": pair(2 ** (1 / 6), rng)}, "two atoms at their best distance: -1")
    yield Case({"x": pair(0.96, rng)}, "two atoms that are too close")
    yield Case({"x": pair(4.5, rng)}, "two atoms far apart: every pair counts, however distant")


def _alone(rng):
    yield Case({"x": tenths(rng, (1, 3), 0.5, 2.0)}, "a single atom: no pair, no energy")


def _whole(rng):
    for _ in range(2):
        yield with_distances(whole_cluster(rng), "x holds whole numbers")


def _over_pairs(energy, pairs=lambda n: [(i, j) for i in range(n) for j in range(i)]):
    """Return a function that adds up `energy(r)` over pairs of rows."""

    def total(x):
        return sum((energy(np.sqrt(np.sum((x[i] - x[j]) ** 2))) for i, j in pairs(len(x))), 0.0)

    return total


def _potential(r):
    return 4 * (1 / r**12 - 1 / r**6)


def _square(n):
    return [(i, j) for i in range(n) for j in range(n) if i != j]


def _with_itself(x):
    r = np.sqrt(np.sum((x[:, None] - x[None]) ** 2, axis=-1))
    return np.sum(4 * (1 / r**12 - 1 / r**6)) / 2


def _with_itself_factored(x):
    s = 1 / np.sum((x[:, None] - x[None]) ** 2, axis=-1) ** 3
    return 2 * np.sum(s * (s - 1))


def _in_the_plane(x):
    return lennard_jones_energy(np.column_stack([x[:, :2], np.zeros(len(x))]))


def _negative_powers(x):
    i, j = np.triu_indices(len(x), k=1)
    r2 = np.sum((x[i] - x[j]) ** 2, axis=1)
    return 4 * np.sum(r2**-6 - r2**-3)


TWICE = _over_pairs(_potential, _square)
HALF = _over_pairs(lambda r: _potential(r) / 2)
SQUARED = _over_pairs(lambda r: _potential(r**2))
ROOTS = _over_pairs(lambda r: 4 * (1 / r**6 - 1 / r**3))
SIGN = _over_pairs(lambda r: -_potential(r))
NO_FOUR = _over_pairs(lambda r: _potential(r) / 4)
OTHER = _over_pairs(lambda r: 1 / r**12 - 2 / r**6)
PLUS = _over_pairs(lambda r: 4 * (1 / r**12 + 1 / r**6))
ATTRACTION = _over_pairs(lambda r: -4 / r**6)
REPULSION = _over_pairs(lambda r: 4 / r**12)
NEIGHBOURS = _over_pairs(_potential, lambda n: [(i, i + 1) for i in range(n - 1)])
FIRST = _over_pairs(_potential, lambda n: [(0, j) for j in range(1, n)])


def _mean(x):
    n = len(x)
    return lennard_jones_energy(x) / (n * (n - 1) / 2) if n > 1 else 0.0


def _per_atom(x):
    return lennard_jones_energy(x) / len(x)


def _from_origin(x):
    return float(np.sum(_potential(np.linalg.norm(x, axis=1))))


KNOWN = (
    TWICE, HALF, SQUARED, ROOTS, SIGN, NO_FOUR, OTHER, PLUS, ATTRACTION, REPULSION, NEIGHBOURS, FIRST,
    _in_the_plane, _mean, _per_atom, _from_origin,
)  # fmt: skip


def _by_rows(x):
    """Each atom with those after it, with Python's own numbers."""
    places, total = np.asarray(x, dtype=float).tolist(), 0.0
    for i, a in enumerate(places):
        for b in places[i + 1 :]:
            s = sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** -3
            total += 4 * s * s - 4 * s
    return total


def _half_of_the_square(x):
    x = np.asarray(x, dtype=float)
    d2 = np.sum(x**2, axis=1)
    r2 = d2[:, None] + d2[None] - 2 * x @ x.T
    np.fill_diagonal(r2, np.inf)
    return np.array(2 * np.sum(r2**-6.0 - r2**-3.0))


def _recursive(x):
    if len(x) < 2:
        return np.float32(0)
    r = np.sqrt(np.sum((x[1:] - x[0]) ** 2, axis=1))
    return np.sum(_potential(r)) + _recursive(x[1:])


EXERCISE = Exercise(
    id="lennard-jones-energy",
    chapter="09-applications",
    points=1,
    signature="lennard_jones_energy(x)",
    reference=lennard_jones_energy,
    alternatives=(_by_rows, _half_of_the_square, _recursive),
    misconceptions={
        "pairs counted twice": Misconception(
            TWICE,
            "Your energy is exactly twice too large: you count the pair (i, j) and again (j, i). Take each pair once, "
            "i < j.",
        ),
        "half of the energy": Misconception(
            HALF,
            "Your energy is exactly half. Dividing by 2 belongs to a sum over all i and j; a sum over i < j has "
            "each pair once already.",
        ),
        "powers of the squared distance": Misconception(
            SQUARED,
            "You put the squared distance where the distance belongs. Take the root first, or use the powers 6 and "
            "3 of the square.",
        ),
        "powers 6 and 3": Misconception(
            ROOTS,
            "Your powers are 6 and 3. Those belong to the squared distance; of the distance itself they are 12 and 6.",
        ),
        "sign": Misconception(
            SIGN,
            "Your energy has the other sign: your atoms attract each other when they are too close. The 12th power "
            "repels and is positive.",
        ),
        "factor 4 missing": Misconception(
            NO_FOUR,
            "Your energy is a quarter of what it should be. The 4 in front makes a pair at its best distance -1.",
        ),
        "the other convention": Misconception(
            OTHER,
            "That is 1/r^12 - 2/r^6, with its minimum at r = 1: lengths in units of the best distance. Here lengths "
            "are in units of sigma, where V crosses zero: 4 (1/r^12 - 1/r^6).",
        ),
        "both terms positive": Misconception(
            PLUS,
            "Both of your terms are positive, so the atoms only repel each other. The 6th power attracts: subtract it.",
        ),
        "one term only": Misconception(
            ATTRACTION,
            "Your energy has only one of the two terms. 4/r^12 repels and -4/r^6 attracts; the minimum is where "
            "they balance.",
            also=(REPULSION,),
        ),
        "pairs of an atom with itself": Misconception(
            _with_itself,
            "You pair each atom with itself, at the distance 0, which gives nan or inf. Leave out i = j.",
            also=(
                _with_itself_factored,
                lambda x: 2 * _with_itself(x),
                lambda x: 2 * _with_itself_factored(x),
            ),
        ),
        "neighbours in the list only": Misconception(
            NEIGHBOURS,
            "You take only some of the pairs: rows that follow each other, or those with the first atom. Every atom "
            "feels every other one: all pairs i < j.",
            also=(FIRST,),
        ),
        "distances in the plane": Misconception(
            _in_the_plane,
            "Your distances leave out the third coordinate. Add up the squares of all three.",
        ),
        "mean instead of sum": Misconception(
            _mean,
            "You average over the pairs or over the atoms. The energy of the cluster is the sum over all pairs.",
            also=(_per_atom,),
        ),
        "distance from the origin": Misconception(
            _from_origin,
            "You use the distance of each atom from the origin. What counts is the distance between two atoms, "
            "|x_i - x_j|.",
        ),
        "negative powers of whole numbers": Misconception(
            _negative_powers,
            "NumPy refuses negative powers of whole numbers. Divide instead, 1 / r2**3, or turn x into floats first.",
        ),
        "brackets missing": Misconception(
            _over_pairs(lambda r: 4 / r**12 - 1 / r**6),
            hints.brackets("4 * (1 / r**12 - 1 / r**6)"),
        ),
    },
    claims=(
        Claim("the energy of random clusters", 0.6, _clusters),
        Claim("a pair", 0.1, _pairs),
        Claim("a single atom", 0.1, _alone),
        Claim("whole numbers as input", 0.2, _whole),
    ),
)
