"""A quadratic whose gradient is never seen whole: at every step another piece of it takes its turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.problems.problem import Problem, describe, registered
from helpers.problems.quadratics import quadratic


@registered
def quadratic_in_turns(Q: ArrayLike, b: ArrayLike) -> Problem:
    """Return f(x) = x'Qx/2 - b'x for the mean b of the rows of `b` (p, d), which show themselves one by one.

    `grad_t(x, t)` is the gradient Qx - b[t mod p] of the piece whose turn it is at step t = 1, 2, ...; everything
    else is that of the mean over a period of p steps. Raises ValueError if Q is not symmetric positive
    semidefinite or the shapes do not fit.

    >>> turns = quadratic_in_turns([[0.0]], [[1.0], [-3.0], [1.0]])
    >>> [float(turns.grad_t(np.zeros(1), t)[0]) for t in (1, 2, 3, 4)]
    [3.0, -1.0, -1.0, 3.0]

    Source: Reddi, Kale and Kumar 2018, On the Convergence of Adam and Beyond, section 3 (with Q = 0).
    """
    b = arguments.array("b", b, ndim=2)
    whole = quadratic(Q, b.mean(axis=0))
    Q = arguments.semidefinite("Q", Q)

    def grad_t(x, t):
        return np.asarray(x, dtype=float) @ Q - b[t % len(b)]

    return replace(
        whole,
        name="quadratic in turns",
        grad_t=grad_t,
        description=describe("quadratic_in_turns", Q=Q, b=b),
    )
