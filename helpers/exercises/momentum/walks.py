"""Draw walks with momentum, and write the mistakes that the heavy ball and Nesterov's method share."""

from collections.abc import Callable, Iterator

import numpy as np

from helpers import problems
from helpers.exercises.drawing import away_from_zero, bowl, given, redrawn, share_of, tenths
from helpers.exercises.table import Case, Claim


def momentum(rng: np.random.Generator) -> float:
    """Return a beta of one decimal that is neither close to 0 or 1 nor one half, where beta is 1 - beta."""
    return float(rng.choice([0.3, 0.4, 0.6, 0.7, 0.8]))


def walk(problem: problems.Problem, x0, alpha: float, beta: float, n_steps: int, note: str = "") -> Case:
    """Return the case of one walk."""
    inputs = {"grad": given("grad", problem), "x0": x0, "alpha": alpha, "beta": beta, "n_steps": n_steps}
    return Case(inputs, note)


def drawn(rng: np.random.Generator, d: int, n_steps: int, beta: float | None = None, note="") -> Case:
    """Return a walk in a random bowl of d dimensions, its step well below 1 and well within the limit."""
    problem = bowl(rng, d)
    x0 = problem.minimiser.round(1) + away_from_zero(rng, d, 1.0, 3.0)
    alpha = redrawn(lambda: share_of(rng, 1 / problem.L, 0.2, 0.9), lambda alpha: alpha < 0.8)
    return walk(problem, x0, alpha, momentum(rng) if beta is None else beta, n_steps, note)


def paths(rng: np.random.Generator) -> Iterator[Case]:
    """Walks of three to eight steps on the worked landscape and in random bowls."""
    yield walk(problems.cost_surface(), tenths(rng, 2), 0.1, momentum(rng), 3)
    for d in (2, 3, 5, 2):
        yield drawn(rng, d, int(rng.integers(3, 9)))


def first_steps(rng: np.random.Generator) -> Iterator[Case]:
    """Walks of one step."""
    for d in (2, 3):
        yield drawn(rng, d, 1, note="one step: it is one of gradient descent")


def whole_starts(rng: np.random.Generator) -> Iterator[Case]:
    """Walks from whole numbers."""
    for d in (1, 2, 3):
        yield walk(bowl(rng, d), rng.integers(2, 9, d), 0.1, momentum(rng), 3, "x0 holds whole numbers")


def no_steps(rng: np.random.Generator) -> Iterator[Case]:
    """A walk of no steps."""
    yield drawn(rng, 2, 0, note="no steps: the path is the start alone")


def no_momentum(rng: np.random.Generator) -> Iterator[Case]:
    """Walks with beta = 0."""
    for d in (2, 3):
        yield drawn(rng, d, 4, beta=0.0, note="beta = 0: gradient descent")


def one_coordinate(rng: np.random.Generator) -> Iterator[Case]:
    """A walk of the wavy line."""
    yield walk(problems.wavy(), tenths(rng, 1, 2.0, 4.0), 0.05, momentum(rng), 5, "one coordinate")


CLAIMS = (
    Claim("the whole path on random landscapes", 3, paths),
    Claim("the first step is one of gradient descent", 0.75, first_steps),
    Claim("whole numbers as the start", 0.75, whole_starts),
    Claim("no steps at all", 0.5, no_steps),
    Claim("without momentum it is gradient descent", 0.5, no_momentum),
    Claim("one coordinate", 0.5, one_coordinate),
)


def walker(step: Callable, first: Callable | None = None) -> Callable:
    """Return a method with steps x_next = step(grad, x, x_previous, alpha, beta), x_previous = x0 or first(...)."""

    def method(grad, x0, alpha, beta, n_steps):
        x = np.array(x0, dtype=float)
        previous = x if first is None else first(grad, x, alpha, beta)
        path = [x]
        for _ in range(n_steps):
            x, previous = step(grad, x, previous, alpha, beta), x
            path.append(x)
        return np.array(path)

    return method


def truncating(step: Callable) -> Callable:
    """Return the method whose path has the number type of the start."""

    def method(grad, x0, alpha, beta, n_steps):
        path = np.zeros((n_steps + 1, len(x0)), dtype=np.asarray(x0).dtype)
        path[0] = x0
        for k in range(n_steps):
            path[k + 1] = step(grad, path[k], path[max(k - 1, 0)], alpha, beta)
        return path

    return method


def in_one_array(step: Callable) -> Callable:
    """Return the method whose rows are all the same array, written over in each step."""

    def method(grad, x0, alpha, beta, n_steps):
        x = np.array(x0, dtype=float)
        previous, path = x.copy(), [x]
        for _ in range(n_steps):
            x[:], previous = step(grad, x, previous, alpha, beta), x.copy()
            path.append(x)
        return np.array(path)

    return method
