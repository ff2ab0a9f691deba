"""Random instances for the tests that hold for every one: seeds, how many are tried, quadratics to descend on."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from helpers import problems

seeds = st.integers(0, 2**32 - 1)
often = settings(max_examples=40, deadline=None)


def random_quadratic(seed, smallest=0.5, largest=4.0):
    """A quadratic of one to six dimensions, and a start; the extreme eigenvalues are the ones given."""
    rng = np.random.default_rng(seed)
    d = int(rng.integers(1, 7))
    lam = np.append(largest, rng.uniform(smallest, largest, d - 1))
    lam[-1] = smallest if d > 1 else largest
    p = problems.quadratic_with_spectrum(lam, rng=rng, minimiser=rng.standard_normal(d))
    return p, p.minimiser + rng.standard_normal(d), rng


def matrices(p):
    """Q and b of f(x) = x'Qx/2 - b'x."""
    Q = p.hess(p.x0)
    return Q, Q @ p.minimiser
