"""The largest gradient-difference ratio of a set of points: L, seen from below."""

import itertools
import math

import numpy as np

from helpers import problems
from helpers.exercises.drawing import away_from_zero, bowl, definite_matrix, given, telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.smoothness import empirical_smoothness, gradient_ratios


def _steepest_pair_apart(grad, points):
    """Return the points (n, d), n >= 4, ordered so that the steepest pair are the second and the last."""
    i, j = (pairs[np.argmax(gradient_ratios(grad, points))] for pairs in np.triu_indices(len(points), k=1))
    first, *rest = (k for k in range(len(points)) if k not in (i, j))
    return points[[first, i, *rest, j]]


def _ratios(grad, points):
    """Return the ratio of each pair, by the places of its points, where there are few enough to look at."""
    if len(points) > 4:
        return {}
    rows = zip(*np.triu_indices(len(points), k=1), gradient_ratios(grad, points), strict=True)
    return {"ratio of points i and j": "\n".join(f"{i} and {j}: {ratio:.6g}" for i, j, ratio in rows)}


def _samples(rng):
    surfaces = (problems.cost_surface(), bowl(rng, 3), problems.rosenbrock(b=4.0), bowl(rng, 5))
    for problem, n in zip(surfaces, (4, 5, 4, 7), strict=True):

        def draw(problem=problem, n=n):
            points = tenths(rng, (n, problem.dim), -2.0, 2.0)
            while len(np.unique(points, axis=0)) < n:
                points = tenths(rng, (n, problem.dim), -2.0, 2.0)
            return {"grad": given("grad", problem), "points": _steepest_pair_apart(problem.grad, points)}

        inputs = telling(draw, empirical_smoothness, *_MISTAKES)
        yield Case(inputs, shown=_ratios(problem.grad, inputs["points"]))


def _coinciding(rng):
    inputs = telling(
        lambda: {"grad": given("grad", bowl(rng, 2)), "points": tenths(rng, (4, 2))},
        empirical_smoothness,
        _mean,
    )
    points = inputs["points"]
    yield Case({**inputs, "points": points[[0, 0, 1, 2]]}, "the first two points are the same")
    yield Case({**inputs, "points": points[[1, 2, 3, 1]]}, "the last point is the first again")
    Q = definite_matrix(rng, 2)
    steepest = 0.02 * np.linalg.eigh(Q)[1][:, -1]
    close = np.vstack([points[:3], points[1] + steepest]).round(3)
    problem = problems.quadratic(Q, away_from_zero(rng, 2))
    yield Case({"grad": given("grad", problem), "points": close}, "two points are close, and not the same")
    # Steep along the first axis: the pair that differs in it alone has the largest ratio.
    points = np.array([[0.0, 0.0], [0.2, 3.0], [1.0, 0.0], [0.5, 7.0]]) + tenths(rng, 2)
    problem = problems.quadratic(
        np.array([[tenths(rng, (), 4.0, 6.0), 0.2], [0.2, 1.0]]), away_from_zero(rng, 2)
    )
    inputs = {"grad": given("grad", problem), "points": points.round(1)}
    yield Case(inputs, "two points have a coordinate in common, and are not the same")


def _two_points(rng):
    yield Case(
        {"grad": given("grad", bowl(rng, 2)), "points": tenths(rng, (2, 2)) + np.diag([0, 7])}, "two points"
    )


def _one_coordinate(rng):
    points = rng.permutation(np.arange(-4.0, 4.0, 0.7))[:4, None].round(1)
    yield Case({"grad": given("grad", problems.wavy()), "points": points}, "one coordinate")


def _whole(rng):
    points = rng.permutation([[1, 2], [-2, 1], [3, -1], [0, 4]])
    yield Case({"grad": given("grad", problems.cost_surface()), "points": points}, "whole numbers")


def _pairs(grad, points):
    return [(a, b, grad(a), grad(b)) for a, b in itertools.combinations(points, 2) if (a != b).any()]


def _mean(grad, points):
    return gradient_ratios(grad, points).mean()


def _smallest(grad, points):
    return gradient_ratios(grad, points).min()


def _neighbours(grad, points):
    g = grad(points)
    return np.max(
        np.linalg.norm(np.diff(g, axis=0), axis=1) / np.linalg.norm(np.diff(points, axis=0), axis=1)
    )


def _from_the_first(grad, points):
    g = grad(points)
    return np.max(np.linalg.norm(g[1:] - g[0], axis=1) / np.linalg.norm(points[1:] - points[0], axis=1))


def _upside_down(grad, points):
    return np.max(1 / gradient_ratios(grad, points))


def _difference_of_lengths(grad, points):
    return max(
        abs(np.linalg.norm(g) - np.linalg.norm(h)) / np.linalg.norm(a - b)
        for a, b, g, h in _pairs(grad, points)
    )


def _not_pair_by_pair(grad, points):
    g = [np.linalg.norm(g - h) for *_, g, h in _pairs(grad, points)]
    return max(g) / max(np.linalg.norm(a - b) for a, b, *_ in _pairs(grad, points))


def _squared(grad, points):
    return gradient_ratios(grad, points).max() ** 2


def _not_a_distance(grad, points):
    return max(np.linalg.norm(g) / np.linalg.norm(a) for a, g in zip(points, grad(points), strict=True))


def _entrywise(grad, points):
    return max(np.max(np.abs(g - h)) / np.max(np.abs(a - b)) for a, b, g, h in _pairs(grad, points))


def _sum_of_entries(grad, points):
    return max(np.sum(np.abs(g - h)) / np.sum(np.abs(a - b)) for a, b, g, h in _pairs(grad, points))


def _longest_gradient(grad, points):
    return np.linalg.norm(grad(points), axis=1).max()


_MISTAKES = (
    _mean, _smallest, _neighbours, _from_the_first, _upside_down, _difference_of_lengths,
    _not_pair_by_pair, _squared, _not_a_distance, _entrywise, _sum_of_entries, _longest_gradient,
)  # fmt: skip


def _all_pairs(grad, points):
    ratios = []
    for i in range(len(points)):
        for j in range(i + 1, len(points)):
            distance = np.linalg.norm(points[i] - points[j])
            ratios.append(np.linalg.norm(grad(points[i]) - grad(points[j])) / distance)
    return max(ratios)


def _all_pairs_at_once(grad, points):
    i, j = np.triu_indices(len(points), 1)
    g = grad(points)
    return np.max(np.linalg.norm(g[i] - g[j], axis=1) / np.linalg.norm(points[i] - points[j], axis=1))


def _every_pair_twice(grad, points):
    """The pairs of a point with itself divide by zero, and nan wins every maximum of NumPy's."""
    g = grad(points)
    rise = np.linalg.norm(g[:, None] - g, axis=-1)
    return np.max(rise / np.linalg.norm(points[:, None] - points, axis=-1))


def _by_math(grad, points):
    return max(
        math.dist(grad(a), grad(b)) / math.dist(a, b)
        for a, b in itertools.combinations(np.asarray(points), 2)
    )


def _by_loops(grad, points):
    best = 0.0
    for a in points:
        for b in points:
            distance = math.dist(a, b)
            if distance > 0:
                best = max(best, math.dist(grad(a), grad(b)) / distance)
    return best


def _by_a_table(grad, points):
    g = grad(points)
    away = np.linalg.norm(points[:, None] - points[None], axis=-1)
    rise = np.linalg.norm(g[:, None] - g[None], axis=-1)
    return np.array(np.nanmax(np.where(away > 0, rise, np.nan) / np.where(away > 0, away, 1)))


def _of_the_different(grad, points):
    pairs = itertools.combinations(np.unique(points, axis=0).astype(float), 2)
    return max(np.sqrt(np.sum((grad(a) - grad(b)) ** 2) / np.sum((a - b) ** 2)) for a, b in pairs)


EXERCISE = Exercise(
    id="empirical-smoothness",
    chapter="02-l-smoothness",
    points=2,
    signature="empirical_smoothness(grad, points)",
    reference=empirical_smoothness,
    alternatives=(_by_loops, _by_a_table, _of_the_different),
    misconceptions={
        "mean": Misconception(
            _mean, "You return a ratio from the middle, their mean or median. L is a worst case: return the largest of them.",
            also=(lambda grad, points: np.median(gradient_ratios(grad, points)),),
        ),
        "smallest": Misconception(
            _smallest, "You return the smallest ratio. L has to hold for every pair: the largest ratio is what it must reach.",
        ),
        "not all pairs": Misconception(
            _neighbours,
            "You look at some pairs only, such as neighbours in the list. The steepest pair can be any two of the points: "
            "compare each point with all the others.",
            also=(_from_the_first,),
        ),
        "coinciding points": Misconception(
            _all_pairs,
            "Where two points are the same you divide by zero. Such a pair says nothing about L: leave out pairs "
            "whose distance is 0.",
            also=(_all_pairs_at_once, _by_math),
        ),
        "a point with itself": Misconception(
            _every_pair_twice,
            "You compare each point with itself too, which gives 0/0 = nan, and nan wins every maximum. Leave out the "
            "pairs whose distance is 0.",
        ),
        "upside down": Misconception(
            _upside_down, "Your fraction is upside down: the change of the gradient goes on top, the distance below.",
        ),
        "difference of lengths": Misconception(
            _difference_of_lengths,
            "You subtract the lengths of the two gradients. Subtract the gradients first, then take the length: a "
            "gradient that turns changes as well.",
        ),
        "two maxima": Misconception(
            _not_pair_by_pair,
            "You divide the largest change by the largest distance, which may belong to two different pairs. Divide for "
            "each pair, then take the maximum.",
        ),
        "no difference": Misconception(
            _not_a_distance,
            "You look at one point at a time. L is about differences between two points: |grad(x) - grad(y)| / |x - y|.",
            also=(_longest_gradient,),
        ),
        "another norm": Misconception(
            _entrywise,
            "You measure lengths by another norm. Here |v| is the Euclidean length, np.linalg.norm of a vector.",
            also=(_sum_of_entries,),
        ),
        "squared": Misconception(
            _squared, "You return the square of the ratio. Take the root of both sums of squares.",
        ),
    },
    claims=(
        Claim("the largest ratio of random points", 3, _samples),
        Claim("coinciding points are left out", 1, _coinciding),
        Claim("two points", 0.5, _two_points),
        Claim("one coordinate", 0.5, _one_coordinate),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)  # fmt: skip
