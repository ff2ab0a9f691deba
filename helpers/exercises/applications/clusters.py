"""Small clusters of atoms with short coordinates."""

import numpy as np

from helpers.applications.chemistry import lennard_jones_energy, scattered_atoms
from helpers.exercises.drawing import redrawn, tenths
from helpers.exercises.table import Case


def with_distances(x: np.ndarray, note: str = "") -> Case:
    """Return the case of a cluster; where it is small its card shows the distances as well."""
    i, j = np.triu_indices(len(x), k=1)
    r = np.linalg.norm(x[i] - x[j], axis=1).round(6)
    return Case({"x": x}, note, shown={"the distances r_ij for i < j, row by row": r} if len(x) < 5 else {})


def cluster(rng: np.random.Generator, n: int, repelling: bool = False) -> np.ndarray:
    """Return places (n, 3) of n atoms, one decimal, off the origin, no pair closer than 1.

    If `repelling` the closest pair is between 0.94 and 1, so that not all terms of the energy have one sign. No coordinate is zero, none equals another of the same atom, and the energy is no small difference of large terms.
    """

    def good(x):
        i, j = np.triu_indices(n, k=1)
        r = np.linalg.norm(x[i] - x[j], axis=1)
        terms = 4 * (r**-12 + r**-6)
        apart = np.abs(x[i] - x[j]).min() > 0.05  # along every axis, so that leaving one out is seen
        clear = abs(lennard_jones_energy(x)) > 0.05 * terms.sum()
        near = 0.94 < r.min() < 1 if repelling else r.min() > 1
        return near and abs(r - 1).min() > 0.015 and apart and clear and np.abs(x).min() > 0.05

    # Shrunk to where the pairs feel each other, and moved, so that distances from the origin mean nothing.
    shrink = 0.84 if repelling else 0.93
    return redrawn(lambda: np.round(shrink * scattered_atoms(n, rng) + tenths(rng, 3, 0.5, 1.5), 1), good)


def whole_cluster(rng: np.random.Generator) -> np.ndarray:
    """Return places (4, 3) of four atoms at corners of a lattice, whole numbers."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 1], [2, 1, 0], [1, 2, 1], [0, 0, 2]])
    return rng.permutation(corners)[:4] + rng.integers(1, 4, 3)


def pair(r: float, rng: np.random.Generator) -> np.ndarray:
    """Return two atoms (2, 3) at the distance r along (2, -1, 2)/3, which is a unit vector."""
    first = tenths(rng, 3, 0.5, 1.5)
    return np.array([first, first + r * np.array([2, -1, 2]) / 3])
