"""Agreement on a network: everybody moves towards the neighbours, which is gradient descent on the disagreement.

A graph with n nodes is an adjacency matrix (n, n): symmetric, entries 1 for an edge and 0 for none (or a weight
>= 0), zeros on the diagonal. Opinions x have shape (..., n): one number for each node, last.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments
from helpers.descent import gradient_descent, new_path

ROUNDING = 1e-12  # an eigenvalue below this share of the largest counts as zero

# Who met whom outside of the club, numbered from 1 as in the paper; each friendship is written once.
KARATE_FRIENDS = {
    1: (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32), 2: (3, 4, 8, 14, 18, 20, 22, 31),
    3: (4, 8, 9, 10, 14, 28, 29, 33), 4: (8, 13, 14), 5: (7, 11), 6: (7, 11, 17), 7: (17,),
    9: (31, 33, 34), 10: (34,), 14: (34,), 15: (33, 34), 16: (33, 34), 19: (33, 34), 20: (34,),
    21: (33, 34), 23: (33, 34), 24: (26, 28, 30, 33, 34), 25: (26, 28, 32), 26: (32,), 27: (30, 34),
    28: (34,), 29: (32, 34), 30: (33, 34), 31: (33, 34), 32: (33, 34), 33: (34,),
}  # fmt: skip
# Where they went when the club split; all the others stayed with the instructor (number 1).
WITH_THE_OFFICERS = (10, 15, 16, 19, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34)


def karate_club() -> tuple[np.ndarray, np.ndarray]:
    """Return the friendships in a karate club as an adjacency matrix (34, 34), and the side (34,) each member took.

    The club later split over a quarrel: +1 went with the officers, -1 stayed with the instructor. Members are numbered from 0 here, from 1 in the paper.

    >>> adjacency, side = karate_club()
    >>> adjacency.shape, int(adjacency.sum()) // 2, int((side > 0).sum())
    ((34, 34), 78, 17)

    Source: Zachary 1977, Journal of Anthropological Research 33, 452-473.
    """
    adjacency, side = np.zeros((34, 34)), -np.ones(34)
    for member, friends in KARATE_FRIENDS.items():
        for friend in friends:
            adjacency[member - 1, friend - 1] = adjacency[friend - 1, member - 1] = 1
    side[np.array(WITH_THE_OFFICERS) - 1] = 1
    return adjacency, side


def path_graph(n: int) -> np.ndarray:
    """Return the adjacency matrix (n, n) of n nodes in a row, each joined to the next.

    Raises ValueError if n is not a whole number >= 2.

    >>> path_graph(3)
    array([[0., 1., 0.],
           [1., 0., 1.],
           [0., 1., 0.]])

    Source: Fiedler 1973, Czechoslovak Mathematical Journal 23 (its Laplacian has the eigenvalues 2 - 2 cos(k pi/n)).
    """
    n = arguments.whole_number("n", n, low=2)
    return np.eye(n, k=1) + np.eye(n, k=-1)


def ring_graph(n: int) -> np.ndarray:
    """Return the adjacency matrix (n, n) of a path whose ends are joined as well.

    Raises ValueError if n is not a whole number >= 3.

    >>> ring_graph(4)[0]
    array([0., 1., 0., 1.])

    Source: Fiedler 1973, Czechoslovak Mathematical Journal 23 (its Laplacian has the eigenvalues 2 - 2 cos(2 k pi/n)).
    """
    adjacency = path_graph(arguments.whole_number("n", n, low=3))
    adjacency[0, -1] = adjacency[-1, 0] = 1
    return adjacency


def star_graph(n: int) -> np.ndarray:
    """Return the adjacency matrix (n, n) of one node, the first, joined to all the others.

    Raises ValueError if n is not a whole number >= 3.

    >>> star_graph(3)
    array([[0., 1., 1.],
           [1., 0., 0.],
           [1., 0., 0.]])

    Source: Fiedler 1973, Czechoslovak Mathematical Journal 23 (its Laplacian has the eigenvalues 0, 1 and n).
    """
    n = arguments.whole_number("n", n, low=3)
    adjacency = np.zeros((n, n))
    adjacency[0, 1:] = adjacency[1:, 0] = 1
    return adjacency


def graph_laplacian(adjacency: ArrayLike) -> np.ndarray:
    """Return L = D - A, the Laplacian (n, n) of a graph: degrees on the diagonal, -1 for each edge.

    x'Lx is the sum of (x_i - x_j)^2 over the edges. Raises ValueError if the adjacency matrix (n, n) is not
    symmetric, has an entry below 0, or joins a node to itself.

    >>> graph_laplacian([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    array([[ 1., -1.,  0.],
           [-1.,  2., -1.],
           [ 0., -1.,  1.]])

    Source: Kirchhoff 1847, Annalen der Physik und Chemie 72; Fiedler 1973, Czechoslovak Mathematical Journal 23.
    """
    A = arguments.array("adjacency", adjacency, ndim=2)
    if A.shape[0] != A.shape[1] or not (A == A.T).all():
        raise ValueError(f"adjacency must be a symmetric matrix, got {A.tolist()}")
    if A.min() < 0 or np.diag(A).any():
        raise ValueError(f"adjacency must hold no entry below 0 and zeros on its diagonal, got {A.tolist()}")
    return np.diag(A.sum(axis=0)) - A


def consensus_step(laplacian: ArrayLike, x: ArrayLike, alpha: ArrayLike) -> np.ndarray:
    """Return x - alpha Lx: everybody moves by alpha times the sum of the differences to the neighbours.

    It is a step of gradient descent on x'Lx/2, and keeps the mean. The Laplacian is (n, n); x (..., n) and alpha
    (...) broadcast: a run per start and per weight. Raises ValueError if the matrix is no Laplacian, if alpha
    is negative or not finite, or if the shapes do not fit.

    >>> consensus_step([[1, -1, 0], [-1, 2, -1], [0, -1, 1]], [6.0, 0.0, 3.0], 0.25)
    array([4.5 , 2.25, 2.25])

    Source: DeGroot 1974, J. Amer. Statist. Assoc. 69; Xiao and Boyd 2004, Systems & Control Letters 53.
    """
    return consensus(laplacian, x, alpha, 1)[1]


def consensus(laplacian: ArrayLike, x0: ArrayLike, alpha: ArrayLike, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] - alpha L x[k] from x[0] = x0, of shape (n_steps + 1, ..., n).

    On a connected graph with 0 < alpha < 2/lam_max everybody ends at the mean of x0. Shapes and what is refused are
    those of `consensus_step`: Raises ValueError for a bad Laplacian, alpha, n_steps or shape.

    >>> consensus([[1, -1], [-1, 1]], [8.0, 0.0], 0.25, 2)
    array([[8., 0.],
           [6., 2.],
           [5., 3.]])

    Source: Xiao and Boyd 2004, Fast linear iterations for distributed averaging, Systems & Control Letters 53.
    """
    x, alpha = new_path(x0, alpha, n_steps)
    L = _laplacian(laplacian)
    if x.shape[-1] != len(L):
        raise ValueError(f"x must have shape (..., {len(L)}) to fit the laplacian, got shape {np.shape(x0)}")
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(n_steps):
            x[k + 1] = x[k] - alpha * (x[k] @ L)
    return x


def best_consensus_weight(laplacian: ArrayLike) -> tuple[float, float]:
    """Return (alpha, rate): the best constant weight 2/(lam_2 + lam_n), and (lam_n - lam_2)/(lam_n + lam_2).

    lam_1 = 0 <= lam_2 <= ... <= lam_n are the eigenvalues of the Laplacian (n, n). The rate is the factor by which
    the distance to the mean shrinks in every step, at worst. Raises ValueError if the matrix is no Laplacian or
    the graph is not connected.

    >>> alpha, rate = best_consensus_weight(graph_laplacian(path_graph(10)))
    >>> round(alpha, 6), round(rate, 6)
    (0.5, 0.951057)

    Source: Xiao and Boyd 2004, Fast linear iterations for distributed averaging, Systems & Control Letters 53.
    """
    lam = np.linalg.eigvalsh(_laplacian(laplacian))
    if len(lam) < 2 or lam[1] <= ROUNDING * lam[-1]:
        raise ValueError(f"laplacian must belong to a connected graph of two nodes or more, got {len(lam)} nodes "
                         f"with the eigenvalues {lam.round(6).tolist()}")  # fmt: skip
    return float(2 / (lam[1] + lam[-1])), float((lam[-1] - lam[1]) / (lam[-1] + lam[1]))


def stress_layout(adjacency: ArrayLike, n_steps: int = 300) -> np.ndarray:
    """Return a place (n, 2) for each node so that distances on the page are like numbers of edges between nodes.

    Gradient descent on the sum over pairs of (|p_i - p_j|/d_ij - 1)^2, d_ij the edges from i to j. It starts at
    the slowest modes of the Laplacian, so that the same graph always looks the same. Raises ValueError as
    `graph_laplacian` does, or if the graph is not connected or has fewer than three nodes.

    >>> places = stress_layout(path_graph(3))
    >>> np.linalg.norm(places[1:] - places[:-1], axis=1).round(2)
    array([1., 1.])

    Source: Kamada and Kawai 1989, Information Processing Letters 31; de Leeuw 1977 (that 1/L always descends).
    """
    lam, V = np.linalg.eigh(graph_laplacian(adjacency))
    if len(lam) < 3 or lam[1] <= ROUNDING * lam[-1]:
        raise ValueError(
            f"adjacency must belong to a connected graph of three nodes or more, got {len(lam)} nodes"
        )
    edges = _edges_between(np.asarray(adjacency))
    weight = np.where(edges > 0, 1 / np.maximum(edges, 1) ** 2, 0)
    L = 2 * np.linalg.eigvalsh(graph_laplacian(weight))[-1]

    def grad(p):
        apart = p[:, None] - p[None, :]
        length = np.maximum(np.linalg.norm(apart, axis=-1), 1e-9)
        return 2 * np.sum((weight * (1 - edges / length))[..., None] * apart, axis=1)

    slow = V[:, 1:3] * np.sign(V[np.abs(V[:, 1:3]).argmax(axis=0), [1, 2]])  # eigh may return either sign
    return gradient_descent(grad, slow * edges.max(), 1 / L, n_steps)[-1]


def _edges_between(adjacency):
    """The number of edges on the shortest way between each two nodes of a connected graph."""
    n = len(adjacency)
    edges, reached = np.zeros((n, n)), np.eye(n, dtype=bool)
    for k in range(1, n):
        further = (reached @ (adjacency > 0)) & ~reached
        edges[further] = k
        reached |= further
    return edges


def _laplacian(value):
    L = arguments.array("laplacian", value, ndim=2)
    size = np.abs(L).max()
    if L.shape[0] != L.shape[1] or np.abs(L - L.T).max() > ROUNDING * size:
        raise ValueError(f"laplacian must be a symmetric matrix, got {L.tolist()}")
    if np.abs(L.sum(axis=0)).max() > 1e-9 * size or (L - np.diag(np.diag(L))).max() > 0:
        raise ValueError(f"laplacian must have rows that add up to 0 and nothing above 0 beside its diagonal, "
                         f"got {L.tolist()}")  # fmt: skip
    return L
