"""One step towards agreement on a graph: everybody moves towards the neighbours."""

import numpy as np

from helpers.applications import consensus_step
from helpers.exercises.applications.graphs import lopsided_laplacian
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _opinions(rng, n):
    """Return n opinions with one decimal, all different, mean not 0."""
    return rng.permutation(np.arange(1, n + 1)) * 1.5 + tenths(rng, n, 0.1, 0.9)


def _graphs(rng):
    for n in (3, 4, 5, 6):
        yield Case(
            telling(
                lambda n=n: {
                    "laplacian": lopsided_laplacian(rng, n, weighted=n == 5),
                    "x": np.round(_opinions(rng, n), 1),
                    "alpha": tenths(rng, (), 0.1, 0.4),
                },
                consensus_step,
                *_MISTAKES,
            ),
            "edges of different weights" if n == 5 else "",
        )


def _agreed(rng):
    inputs = {
        "laplacian": lopsided_laplacian(rng, 4),
        "x": np.full(4, tenths(rng, (), 1.0, 3.0)),
        "alpha": 0.3,
    }
    yield Case(inputs, "everybody agrees already")


def _two_nodes(rng):
    x = tenths(rng, 2, 1.0, 9.0) + np.array([0.0, 1.5])
    yield Case({"laplacian": np.array([[1.0, -1.0], [-1.0, 1.0]]), "x": x, "alpha": 0.4}, "two nodes")


def _whole(rng):
    L, x = lopsided_laplacian(rng, 3).astype(int), rng.permutation([1, 5, 8]) + int(rng.integers(1, 4))
    yield Case({"laplacian": L, "x": x, "alpha": 0.2}, "whole numbers")


def _adjacency(L):
    return np.diag(np.diag(L)) - L


def _apart(laplacian, x, alpha):
    return x + alpha * laplacian @ x


def _adjacency_added(laplacian, x, alpha):
    return x + alpha * _adjacency(laplacian) @ x


def _adjacency_subtracted(laplacian, x, alpha):
    return x - alpha * _adjacency(laplacian) @ x


def _mean_of_neighbours(laplacian, x, alpha):
    return x - alpha * (laplacian @ x) / np.diag(laplacian)


def _without_alpha(laplacian, x, alpha):
    return x - laplacian @ x


def _change_only(laplacian, x, alpha):
    return -alpha * laplacian @ x


def _slope_only(laplacian, x, alpha):
    return laplacian @ x


def _at_once(laplacian, x, alpha):
    return np.full(len(x), np.mean(x))


def _towards_the_mean(laplacian, x, alpha):
    return x - alpha * (x - np.mean(x))


def _one_after_the_other(laplacian, x, alpha):
    moved = np.array(x, dtype=float)
    for i in range(len(moved)):
        moved[i] -= alpha * laplacian[i] @ moved
    return moved


def _degrees_only(laplacian, x, alpha):
    return x - alpha * np.diag(laplacian) * x


def _entry_by_entry(laplacian, x, alpha):
    return x - alpha * laplacian * x


def _doubled(laplacian, x, alpha):
    return x - 2 * alpha * laplacian @ x


def _alpha_on_x(laplacian, x, alpha):
    return alpha * x - laplacian @ x


def _shared_out(laplacian, x, alpha):
    return x - alpha * laplacian @ x / len(x)


def _truncated(laplacian, x, alpha):
    moved = np.array(x)
    for i in range(len(moved)):
        moved[i] = x[i] - alpha * laplacian[i] @ x
    return moved


_MISTAKES = (
    _apart, _alpha_on_x, _shared_out, _adjacency_added, _adjacency_subtracted, _mean_of_neighbours,
    _without_alpha, _change_only, _slope_only,
    _at_once, _towards_the_mean, _one_after_the_other, _degrees_only, _doubled,
)  # fmt: skip


def _along_the_edges(laplacian, x, alpha):
    moved = [float(v) for v in x]
    for i in range(len(x)):
        for j in range(i):
            push = -alpha * laplacian[i][j] * (x[i] - x[j])
            moved[i], moved[j] = moved[i] - push, moved[j] + push
    return moved


def _one_matrix(laplacian, x, alpha):
    return (np.eye(len(x)) - alpha * laplacian) @ x


def _as_a_row(laplacian, x, alpha):
    return np.asarray(x) - alpha * np.einsum("i,ij->j", x, laplacian)


EXERCISE = Exercise(
    id="consensus-step",
    chapter="09-applications",
    points=1,
    signature="consensus_step(laplacian, x, alpha)",
    reference=consensus_step,
    alternatives=(_along_the_edges, _one_matrix, _as_a_row),
    misconceptions={
        "sign": Misconception(
            _apart,
            "Everybody moves away from the neighbours. Lx is the sum of (own opinion - neighbour's): subtract it.",
        ),
        "adjacency for Laplacian": Misconception(
            _adjacency_added,
            "You add the neighbours' opinions themselves, as the adjacency matrix does. Use the Laplacian as it is given: "
            "it adds up the differences, so that those who agree stay where they are.",
            also=(_adjacency_subtracted,),
        ),
        "mean not kept": Misconception(
            _mean_of_neighbours,
            "You divide by the number of neighbours, so a friendship pulls one of the two harder than the other and the "
            "mean opinion moves. Use Lx without dividing.",
        ),
        "alpha missing": Misconception(
            _without_alpha,
            "Your step does not depend on alpha. Multiply Lx by it before you subtract.",
        ),
        "x missing": Misconception(
            _change_only,
            "You return the change, or Lx alone. The new opinions are the old ones plus the change.",
            also=(lambda laplacian, x, alpha: alpha * laplacian @ x, _slope_only),
        ),
        "everybody listens to everybody": Misconception(
            _towards_the_mean,
            "Your nodes move towards the mean of all, whatever the edges. Nobody knows that mean: a node only sees its "
            "neighbours, which is what Lx says.",
            also=(_at_once,),
        ),
        "one after the other": Misconception(
            _one_after_the_other,
            "Your later nodes already see what the earlier ones have moved to. All move at the same time: compute Lx from "
            "the old opinions, into a new array.",
        ),
        "degrees only": Misconception(
            _degrees_only,
            "You use the diagonal of the Laplacian alone, so nobody hears the neighbours. Multiply by the whole matrix, "
            "with @.",
        ),
        "product entry by entry": Misconception(
            _entry_by_entry,
            "laplacian * x multiplies entry by entry and gives a matrix. The product of a matrix and a vector is "
            "laplacian @ x.",
        ),
        "alpha in the wrong place": Misconception(
            _alpha_on_x,
            "alpha multiplies your opinions. It is the weight of the step: it multiplies Lx, and x stays as it is.",
        ),
        "divided by n": Misconception(
            _shared_out,
            "You divide by the number of nodes. The size of the step is alpha alone.",
        ),
        "twice the step": Misconception(
            _doubled,
            "Your step is twice as long as it should be. The function is x'Lx/2, and its gradient Lx has no factor 2.",
        ),
        "cut to whole numbers": Misconception(
            _truncated,
            "Your result takes over the whole-number type of x, so the new opinions are cut. Make an array of floats.",
        ),
    },
    claims=(
        Claim("one step on random graphs", 0.6, _graphs),
        Claim("who agrees stays", 0.1, _agreed),
        Claim("two nodes", 0.1, _two_nodes),
        Claim("whole numbers as input", 0.2, _whole),
    ),
)
