"""The constant weight with which a network agrees fastest, and how fast that is."""

import numpy as np

from helpers.applications import best_consensus_weight, graph_laplacian, path_graph
from helpers.exercises import hints
from helpers.exercises.applications.graphs import lopsided_laplacian
from helpers.exercises.drawing import telling
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _case(L, note=""):
    lam = np.round(np.linalg.eigvalsh(L), 6) + 0.0
    return Case({"laplacian": L}, note, shown={"its eigenvalues": lam})


def _graphs(rng):
    for n, weighted in ((3, True), (4, False), (5, False), (6, True), (8, False)):
        inputs = telling(
            lambda n=n, weighted=weighted: {"laplacian": lopsided_laplacian(rng, n, weighted)},
            best_consensus_weight,
            *_MISTAKES,
        )
        yield _case(inputs["laplacian"], "edges of different weights" if weighted else "")


def _path_of_ten(rng):
    order = rng.permutation(10)
    yield _case(graph_laplacian(path_graph(10)[np.ix_(order, order)]), "a path of 10 nodes, in no order")


def _two_nodes(rng):
    w = float(rng.integers(2, 9)) / 4
    yield _case(np.array([[w, -w], [-w, w]]), "two nodes: one step is enough, and the rate is 0")


def _whole(rng):
    L = telling(
        lambda: {"laplacian": lopsided_laplacian(rng, 4).astype(int)}, best_consensus_weight, *_MISTAKES
    )
    yield _case(L["laplacian"], "whole numbers")


def _from(alpha, rate):
    """Return an answer made of the second smallest and the largest eigenvalue."""

    def answer(laplacian):
        lam = np.linalg.eigvalsh(laplacian)
        return alpha(lam[1], lam[-1]), rate(lam[1], lam[-1])

    return answer


def _best(low, high):
    return 2 / (low + high)


def _rate(low, high):
    return (high - low) / (high + low)


_safe = _from(lambda low, high: 1 / high, lambda low, high: 1 - low / high)
_safe_weight = _from(lambda low, high: 1 / high, _rate)
_limit = _from(lambda low, high: 2 / high, _rate)
_rate_at_limit = _from(lambda low, high: 2 / high, lambda low, high: abs(1 - 2 * low / high))
_rate_of_safe = _from(_best, lambda low, high: 1 - low / high)
_half = _from(lambda low, high: 1 / (low + high), _rate)
_difference = _from(lambda low, high: 2 / (high - low), _rate)
_swapped = _from(_rate, _best)
_upside_down = _from(_best, lambda low, high: (high + low) / (high - low))
_squared = _from(_best, lambda low, high: _rate(low, high) ** 2)
_ratio = _from(_best, lambda low, high: high / low)
_inverse_ratio = _from(_best, lambda low, high: low / high)
_negative = _from(_best, lambda low, high: (low - high) / (low + high))


def _smallest(laplacian):
    lam = np.linalg.eigvalsh(laplacian)
    return 2 / (lam[0] + lam[-1]), (lam[-1] - lam[0]) / (lam[-1] + lam[0])


def _of_adjacency(laplacian):
    lam = np.linalg.eigvalsh(np.diag(np.diag(laplacian)) - laplacian)
    return _best(lam[1], lam[-1]), _rate(lam[1], lam[-1])


def _degrees(laplacian):
    degrees = np.sort(np.diag(laplacian))
    return _best(degrees[0], degrees[-1]), _rate(degrees[0], degrees[-1])


def _largest_degree(laplacian):
    alpha = 1 / np.diag(laplacian).max()
    lam = np.linalg.eigvalsh(laplacian)[1:]
    return alpha, np.abs(1 - alpha * lam).max()


def _third(laplacian):
    lam = np.linalg.eigvalsh(laplacian)
    return _best(lam[2], lam[-1]), _rate(lam[2], lam[-1])


def _unsorted(laplacian):
    lam = np.linalg.eigvals(laplacian).real
    return _best(lam[1], lam[-1]), _rate(lam[1], lam[-1])


_MISTAKES = (
    _safe, _safe_weight, _limit, _rate_at_limit, _rate_of_safe, _half, _difference, _swapped,
    _upside_down, _squared, _ratio, _inverse_ratio, _negative,
    _smallest, _of_adjacency, _degrees, _largest_degree, _unsorted,
)  # fmt: skip


def _without_the_mean(laplacian):
    """The agreeing direction is lifted out of the way: L + ee'c has c instead of the eigenvalue 0."""
    n, top = len(laplacian), np.linalg.norm(laplacian, 2)
    low = np.linalg.eigvalsh(laplacian + top * np.ones((n, n)) / n)[0]
    return [2 / (low + top), (top - low) / (top + low)]


def _by_sorting(laplacian):
    lam = sorted(np.linalg.eigvals(laplacian).real)
    alpha = 2 / (lam[1] + lam[-1])
    return np.array([alpha, abs(1 - alpha * lam[1])])


EXERCISE = Exercise(
    id="best-consensus-weight",
    chapter="09-applications",
    points=2,
    signature="best_consensus_weight(laplacian)",
    reference=best_consensus_weight,
    alternatives=(_without_the_mean, _by_sorting),
    misconceptions={
        "uses lam_1": Misconception(
            _smallest,
            "You use the smallest eigenvalue, which is 0 for every graph: it belongs to the mean, which is kept anyway. "
            "Take the second smallest.",
        ),
        "rate of 1/lam_n": Misconception(
            _rate_of_safe,
            "1 - lam_2/lam_n is the rate of the weight 1/lam_n. The best weight balances both ends: it is a little "
            "longer, and its rate is (lam_n - lam_2)/(lam_n + lam_2).",
        ),
        "1/lam_n": Misconception(
            _safe,
            "1/lam_n is a safe weight. A longer one costs little where the curvature is lam_n and gains where it is lam_2: "
            "let lam_2 take part.",
            also=(_safe_weight,),
        ),
        "2/lam_n": Misconception(
            _limit,
            "2/lam_n is the limit: there the mode of lam_n jumps from side to side for ever. Stay below it by as much "
            "as lam_2 allows.",
            also=(_rate_at_limit,),
        ),
        "half the weight": Misconception(
            _half,
            "Your weight is half of the best one. It is one over the middle of lam_2 and lam_n, and the middle is half of "
            "their sum.",
        ),
        "difference for sum": Misconception(
            _difference,
            "You divide by lam_n - lam_2. For the best weight 1 - alpha lam_2 = -(1 - alpha lam_n): solve that for alpha.",
        ),
        "swapped": Misconception(
            _swapped, "You return (rate, alpha). The weight comes first, then the rate."
        ),
        "rate upside down": Misconception(
            _upside_down,
            "Your rate is larger than 1: the disagreement would grow. Turn the fraction over.",
        ),
        "rate squared": Misconception(
            _squared,
            "You square the rate. That is the factor of x'Lx; asked for is the factor of the distance to the mean.",
        ),
        "condition number": Misconception(
            _ratio,
            "Your second result is a ratio of the two eigenvalues. The rate is the factor left after one step, |1 - alpha lam_2| "
            "for the best alpha.",
            also=(_inverse_ratio,),
        ),
        "negative rate": Misconception(
            _negative,
            "Your rate is below 0. It is the size of a factor: lam_n - lam_2 on top, the larger one first.",
        ),
        "eigenvalues of the adjacency": Misconception(
            _of_adjacency,
            "You took the eigenvalues of the adjacency matrix. Use the matrix you are given, the Laplacian.",
        ),
        "degrees for eigenvalues": Misconception(
            _degrees,
            "The diagonal of the Laplacian holds the degrees, not the eigenvalues. np.linalg.eigvalsh gives those, in "
            "ascending order.",
        ),
        "largest degree": Misconception(
            _largest_degree,
            "One over the largest degree is a weight that nodes can find without knowing the graph. It is not the best "
            "one: that needs lam_2 and lam_n.",
        ),
        "eigenvalues not sorted": Misconception(
            _unsorted,
            "np.linalg.eigvals returns the eigenvalues in no order. np.linalg.eigvalsh is for symmetric matrices and sorts "
            "them, smallest first.",
        ),
        "lam_2 counted from 0": Misconception(
            _third,
            "You take the third eigenvalue. Python counts from 0: lam[0] is lam_1, and lam_2 is lam[1].",
        ),
        "brackets missing": Misconception(
            _from(lambda low, high: 2 / low + high, lambda low, high: high - low / high + low),
            hints.brackets("2 / (lam[1] + lam[-1]) and (lam[-1] - lam[1]) / (lam[-1] + lam[1])"),
            also=(
                _from(lambda low, high: 2 / low + high, _rate),
                _from(_best, lambda low, high: high - low / high + low),
                _from(_best, lambda low, high: (high - low) / high + low),
                _from(_best, lambda low, high: high - low / (high + low)),
            ),
        ),
    },
    claims=(
        Claim("weight and rate of random graphs", 1.2, _graphs),
        Claim("a path of ten nodes", 0.3, _path_of_ten),
        Claim("two nodes", 0.2, _two_nodes),
        Claim("whole numbers as input", 0.3, _whole),
    ),
)
