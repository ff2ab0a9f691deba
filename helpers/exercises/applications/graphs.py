"""Draw small connected graphs for the exercises on networks."""

import numpy as np

from helpers.applications import graph_laplacian, path_graph
from helpers.exercises.drawing import redrawn, tenths


def lopsided_laplacian(rng: np.random.Generator, n: int, weighted: bool = False) -> np.ndarray:
    """Return the Laplacian (n, n) of a connected graph, n >= 3, whose nodes have different degrees.

    Nodes are in no order, and with `weighted` an edge counts from 0.5 to 2 times.
    """

    def draw():
        A = path_graph(n) + np.triu(rng.random((n, n)) < 0.3, k=2)
        A = np.triu(A)
        if weighted:
            A = A * tenths(rng, (n, n), 0.5, 2.0)
        order = rng.permutation(n)
        return graph_laplacian((A + A.T)[np.ix_(order, order)])

    return redrawn(draw, lambda L: np.ptp(np.diag(L)) > 0.4)
