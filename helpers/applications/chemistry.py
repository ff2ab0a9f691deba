"""Relax clusters of atoms: the Lennard-Jones energy of n atoms, its gradient, and where the minima are.

Positions are arrays (..., n, 3); axes before the last two are clusters, and `descent.gradient_descent` takes such
a point as it is. With epsilon = sigma = 1, energies count in units of epsilon and lengths in units of sigma.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments

BOND = 2 ** (1 / 6)  # where the energy of a pair is least
MINIMA = {3: -3.0, 4: -6.0, 7: -16.505384, 13: -44.326801}  # the lowest known: Wales and Doye 1997


def pair_energy(r: ArrayLike) -> np.ndarray:
    """Return V(r) = 4 (1/r^12 - 1/r^6), the Lennard-Jones energy of two atoms at the distance r > 0, of any shape.

    It is infinite at 0, crosses 0 at 1, is least, -1, at 2^(1/6), and fades to 0. Raises ValueError if an r is
    not > 0.

    >>> pair_energy([1.0, 2 ** (1 / 6)]).round(12)
    array([ 0., -1.])

    Source: Jones 1924, Proc. R. Soc. Lond. A 106; Lennard-Jones 1931, Proc. Phys. Soc. 43.
    """
    s = _attraction(r)
    return 4 * (s**2 - s)


def pair_slope(r: ArrayLike) -> np.ndarray:
    """Return V'(r) = -24 (2/r^13 - 1/r^7) for distances r > 0 of any shape: below 0 where atoms repel each other.

    Raises ValueError if an r is not > 0.

    >>> pair_slope([1.0, 2 ** (1 / 6)]).round(12)
    array([-24.,   0.])

    Source: Jones 1924, Proc. R. Soc. Lond. A 106; Lennard-Jones 1931, Proc. Phys. Soc. 43.
    """
    s = _attraction(r)
    return -24 * (2 * s**2 - s) / np.asarray(r, dtype=float)


def lennard_jones_energy(x: ArrayLike) -> np.ndarray:
    """Return the sum over all pairs i < j of 4 (1/r^12 - 1/r^6), r = |x_i - x_j|, for positions x (..., n, 3).

    The result has shape (...); a single atom has energy 0. Two atoms at one place have infinite energy, and
    where a run has diverged to there is nan. Raises ValueError if the shape does not fit.

    >>> float(lennard_jones_energy([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0]]).round(6))
    -0.093267

    Source: Jones 1924, Proc. R. Soc. Lond. A 106; Wales and Doye 1997, J. Phys. Chem. A 101.
    """
    x = _positions(x)
    i, j = np.triu_indices(x.shape[-2], k=1)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        s = 1 / np.sum((x[..., i, :] - x[..., j, :]) ** 2, axis=-1) ** 3
        return 4 * np.sum(s * (s - 1), axis=-1)


def lennard_jones_gradient(x: ArrayLike) -> np.ndarray:
    """Return the gradient (..., n, 3) of the energy at x: row i is the sum over j of V'(r) (x_i - x_j)/r.

    Minus it is the force on each atom, and all the forces together are zero. V'(r)/r = -24 (2/r^14 - 1/r^8).
    Raises ValueError if the shape does not fit.

    >>> lennard_jones_gradient([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    array([[ 24.,   0.,   0.],
           [-24.,   0.,   0.]])

    Source: Jones 1924, Proc. R. Soc. Lond. A 106; Wales and Doye 1997, J. Phys. Chem. A 101.
    """
    x = _positions(x)
    between = x[..., :, None, :] - x[..., None, :, :]
    r2 = np.sum(between**2, axis=-1)
    itself = np.arange(x.shape[-2])
    r2[..., itself, itself] = np.inf  # an atom does not push itself: 1/r^6 is 0 there
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        s = 1 / r2**3
        return np.sum((-24 * s * (2 * s - 1) / r2)[..., None] * between, axis=-2)


def critical_pair_step(epsilon: float, sigma: float) -> float:
    """Return 2/V''(r) at the minimum of V(r) = 4 epsilon ((sigma/r)^12 - (sigma/r)^6): 2^(1/3) sigma^2/(36 epsilon).

    Gradient descent on r, one atom fixed, settles for smaller steps only; where both atoms move, half of it is
    the limit. Raises ValueError if epsilon or sigma is not > 0.

    >>> round(critical_pair_step(1.0, 1.0), 7)
    0.0349978

    Source: derived in the lesson from V'' = 72 epsilon/(2^(1/3) sigma^2).
    """
    epsilon = arguments.number("epsilon", epsilon, low=0, open_low=True)
    sigma = arguments.number("sigma", sigma, low=0, open_low=True)
    curvature = 72 * epsilon / (2 ** (1 / 3) * sigma**2)
    return 2 / curvature


def scattered_atoms(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return n places (n, 3) drawn from a ball of radius 0.95 (n - 1)^(1/3), none within 1.1 of another.

    Closer pairs would push each other away so hard that a step of an ordinary size throws them far out. Raises
    ValueError if n is not a whole number >= 1.

    >>> scattered_atoms(7, np.random.default_rng(0)).shape
    (7, 3)

    Source: the course's own.
    """
    n, places = arguments.whole_number("n", n, low=1), []
    radius = 0.95 * (n - 1) ** (1 / 3)
    while len(places) < n:  # the atoms fill a twentieth of the ball: room is found soon
        place = rng.uniform(-radius, radius, 3)
        if np.linalg.norm(place) <= radius and all(np.linalg.norm(place - other) >= 1.1 for other in places):
            places.append(place)
    return np.array(places)


def _attraction(r):
    r = arguments.array("r", r)
    if r.min() <= 0:
        raise ValueError(f"r must be > 0, got {r.min():g}")
    return 1 / r**6


def _positions(x):
    x = arguments.points("x", x)
    if x.ndim < 2 or x.shape[-1] != 3:
        raise ValueError(f"x must have shape (..., n, 3), got shape {x.shape}")
    return x
