"""The last test: gradients of a landscape that nobody describes, a budget of them, and the bar to clear.

`draw` invents a landscape of one of six KINDS, `courses_best` runs the course's own methods on it with the constants
known to them, `bar` is the gap that counts as reached, and `capstone` is one way to get there that knows nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments, problems
from helpers.adam import adam
from helpers.descent import gradient_descent
from helpers.momentum import heavy_ball
from helpers.oracle import Oracle

SLACK = 10.0  # times the gap of the best of the course's methods
ENOUGH = 1e-3  # of the gap at the start: that is always enough
RUNS = 16  # with noise, the course's methods run that often


@dataclass(frozen=True, eq=False)
class Landscape:
    """A problem to solve blind: a `kind`, a start `x0` (d,), a `budget` of calls, and the `noise` of each answer.

    >>> land = draw("bowl", np.random.default_rng(1))
    >>> land.gap(land.problem.minimiser)
    0.0
    """

    kind: str
    problem: problems.Problem
    x0: np.ndarray
    budget: int
    noise: float
    seed: int

    def gap(self, x: ArrayLike) -> float:
        """Return f(x) - min f of a point x (d,); inf where f has no value."""
        with np.errstate(all="ignore"):
            gap = float(self.problem.f(np.asarray(x, dtype=float)) - self.problem.f(self.problem.minimiser))
        return max(gap, 0.0) if np.isfinite(gap) else np.inf

    @cached_property
    def oracle(self) -> Oracle:
        """What answers with gradients; `build()` gives the function, with the whole budget."""
        return Oracle(self.problem.description, self.budget, self.noise, self.seed)

    def __getstate__(self) -> dict[str, object]:
        kept = {name: value for name, value in self.__dict__.items() if name != "oracle"}
        return {**kept, "problem": self.problem.description}  # its functions cannot be pickled

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state, problem=problems.build(state["problem"]))


def draw(kind: str, rng: np.random.Generator, powers: tuple[float, float] | None = None) -> Landscape:
    """Return a fresh landscape of one of the KINDS, with its start a few units from a minimiser.

    Its steepness is 10^p, with p drawn from the range `powers` or from a wide one: no step size fits two of them.
    Raises ValueError for a kind that is not known.

    >>> draw("high-dimensional", np.random.default_rng(0)).x0.shape
    (90,)
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    low, high = powers or KINDS[kind][1]
    return KINDS[kind][0](rng, 10 ** rng.uniform(low, high))


def courses_best(land: Landscape) -> tuple[str, float]:
    """Return the name and the gap of the best of the course's methods on this landscape's budget.

    They know what a learner does not: L and mu where there are any, the distance to a minimiser where not. Their
    settings are those of the chapters. With noise the gap is the mean over RUNS runs, so that luck sets no bar.
    The search ends at the first method that is good enough for the bar to be the share ENOUGH.

    >>> courses_best(draw("ill-conditioned", np.random.default_rng(0)))[0]
    'the heavy ball'

    Source: Polyak 1964 (the heavy ball), Polyak and Juditsky 1992 (the mean), Kingma and Ba 2015 (Adam).
    """
    enough, found = ENOUGH * land.gap(land.x0) / SLACK, {}
    for name, method in (KNOWING_L if land.problem.L is not None else KNOWING_THE_WAY).items():
        rng = np.random.default_rng(land.seed)
        x0 = np.tile(land.x0, (RUNS, 1)) if land.noise else land.x0[None]

        def grad(x, rng=rng):
            return land.problem.grad(x) + (land.noise and land.noise * rng.standard_normal(x.shape))

        ends = method(grad, x0, land.budget, land.problem)
        found[name] = float(np.mean([land.gap(end) for end in ends]))
        if found[name] <= enough:
            break
    best = min(found, key=found.get)
    return best, found[best]


def bar(land: Landscape) -> tuple[float, str, float]:
    """Return the gap to reach, and the name and the gap of the course's best method.

    It is SLACK times the gap of the course's best, or the share ENOUGH of the first gap if that is larger: nobody
    has to solve a bowl to the last digit.
    """
    name, best = courses_best(land)
    return max(SLACK * best, ENOUGH * land.gap(land.x0)), name, best


def optimal_heavy_ball(grad, x0, budget, problem):
    large, small = np.sqrt(problem.L), np.sqrt(problem.mu)
    beta = (large - small) / (large + small)
    return heavy_ball(grad, x0, 4 / (large + small) ** 2, beta**2, budget)[-1]


def mean_of_the_second_half(grad, x0, budget, problem):
    return gradient_descent(grad, x0, 1 / (2 * problem.L), budget)[budget // 2 :].mean(axis=0)


def adam_at_a_tenth(grad, x0, budget, problem):
    return adam(grad, x0, 0.1, 0.9, 0.99, 1e-300, budget)[-1]


def steps_that_shrink(grad, x0, budget, problem):
    return shrinking_steps(grad, x0, 0.1 * np.linalg.norm(x0[0] - problem.minimiser), budget)


KNOWING_L = {
    "the heavy ball": optimal_heavy_ball,
    "the mean of the second half of the steps": mean_of_the_second_half,
    "Adam": adam_at_a_tenth,
}
KNOWING_THE_WAY = {"Adam": adam_at_a_tenth, "steps that shrink to 0": steps_that_shrink}


def shrinking_steps(oracle: Callable, x0: ArrayLike, alpha0: float, budget: int) -> np.ndarray:
    """Return the last point of x - alpha_k g/|g|, alpha_k = alpha0 (1 - k/budget): steps of known length that shrink to 0.

    Raises ValueError if alpha0 is not > 0.

    >>> shrinking_steps(np.sign, [1.0], 0.5, 4)
    array([0.])

    Source: Shor 1985, Minimization Methods for Non-Differentiable Functions; Zamani and Glineur 2023,
    arXiv:2307.11134 (the last point of linearly shrinking steps is as good as a mean).
    """
    alpha0 = arguments.number("alpha0", alpha0, low=0, open_low=True)
    x = np.array(x0, dtype=float)
    for k in range(budget):
        g = np.asarray(oracle(x))
        length = np.linalg.norm(g, axis=-1, keepdims=True)
        x = x - alpha0 * (1 - k / budget) * g / np.where(length > 0, length, 1)
    return x


def capstone(oracle: Callable, x0: ArrayLike, budget: int) -> np.ndarray:
    """Return a point (d,) with a small f, from at most `budget` >= 4 calls of oracle(x) and nothing else.

    Three calls ask what kind of landscape this is. Asking twice at x0 shows noise. A short walk along the
    gradient shows a curvature; where the gradient does not change at all, the landscape is made of planes that
    meet in kinks. With noise or kinks the steps have a known length and shrink to 0. Else Nesterov's method
    with a growing estimate of L, whose momentum starts again whenever it points uphill.

    >>> capstone(lambda x: 2e5 * (x - [3.0, -1.0]), [0.0, 0.0], 50).round(6)
    array([ 3., -1.])

    Source: O'Donoghue and Candès 2015, Found. Comput. Math. 15 (restarts); Zamani and Glineur 2023,
    arXiv:2307.11134 (shrinking steps).
    """
    x0 = np.array(x0, dtype=float)
    g, again = oracle(x0), oracle(x0)
    if not g.any():
        return x0
    if np.any(g != again):
        return shrinking_steps(oracle, x0, 0.2, budget - 2)
    probe = 1e-4 / np.linalg.norm(g)
    change = np.linalg.norm(oracle(x0 - probe * g) - g)
    if change < 1e-9 * np.linalg.norm(g):
        return shrinking_steps(oracle, x0, 0.2, budget - 3)
    return accelerated(oracle, x0, g, change / 1e-4, budget - 3)


def accelerated(oracle: Callable, x0: ArrayLike, g: ArrayLike, L: float, budget: int) -> np.ndarray:
    """Return where Nesterov's method ends that learns L on its way, from the gradient g at x0 (d,) on, and restarts.

    >>> x = accelerated(lambda x: [1.0, 9.0] * x, np.ones(2), np.array([1.0, 9.0]), 5.0, 60)
    >>> bool(np.abs(x).max() < 1e-6)
    True

    Source: Nesterov 1983, Soviet Math. Dokl. 27; O'Donoghue and Candès 2015, Found. Comput. Math. 15.
    """
    x, y, t = x0, x0, 1.0
    for _ in range(budget):
        x_new = y - g / L
        ahead = x_new - x
        if g @ ahead > 0:  # the momentum points uphill: forget it
            t = 1.0
        t_new = (1 + math.sqrt(1 + 4 * t * t)) / 2
        y_new = x_new + (t - 1) / t_new * ahead
        g_new = oracle(y_new)
        step, change = y_new - y, g_new - g
        moved = step.dot(step)  # the root of this is the norm, in a fifth of the time of np.linalg.norm
        if moved > 0:
            L = max(L, math.sqrt(change.dot(change)) / math.sqrt(moved))
        x, y, g, t = x_new, y_new, g_new, t_new
    return y - g / L


def orthogonal(rng, d):
    """Three random reflections: no axis stays an eigenvector, and it costs next to nothing."""
    V = np.eye(d)
    for u in rng.standard_normal((3, d)):
        V = V - 2 * np.outer(V @ u, u) / (u @ u)
    return V


def quadratic_landscape(rng, kind, L, spectrum, budget, share, noise=0.0):
    """A quadratic with curvatures L times a spectrum up to 1; `share` says how the first gap is spread over it.

    At share 0 every eigenvector has the same part in x0 - minimiser, at 1/2 the same part in the gap.
    """
    d = len(spectrum)
    V, centre = orthogonal(rng, d), rng.uniform(-3, 3, d)
    p = problems.quadratic_with_spectrum(L * spectrum, basis=V, minimiser=centre)
    away = rng.choice([-1.0, 1.0], d) * rng.uniform(0.7, 1.3, d) * spectrum**-share
    x0 = centre + V @ away * rng.uniform(2, 4) / np.linalg.norm(away)
    deviation = float(noise * np.linalg.norm(p.grad(x0)) / np.sqrt(d))
    return Landscape(kind, p, x0, budget, deviation, int(rng.integers(2**32)))


def bowl(rng, L):
    spectrum = np.geomspace(1 / rng.uniform(5, 20), 1, int(rng.integers(2, 9)))
    return quadratic_landscape(rng, "bowl", L, spectrum, 100, 0.25)


def valley(rng, L):
    spectrum = np.geomspace(10 ** -rng.uniform(2.3, 2.7), 1, int(rng.integers(4, 11)))
    return quadratic_landscape(rng, "ill-conditioned", L, spectrum, 300, 0.5)


def cloud(rng, L):
    spectrum = np.geomspace(1 / rng.uniform(2, 6), 1, int(rng.integers(40, 61)))
    return quadratic_landscape(rng, "noisy", L, spectrum, 300, 0.25, noise=rng.uniform(0.3, 1))


def crowd(rng, L):
    return quadratic_landscape(rng, "high-dimensional", L, 1 / np.arange(1.0, 91.0), 80, 0.0)


def crystal(rng, slope):
    d = int(rng.integers(2, 6))
    A = slope * rng.standard_normal((3 * d, d))
    p = problems.absolute_residuals(A, rng.uniform(-3, 3, d))
    u = rng.standard_normal(d)
    x0 = p.minimiser + rng.uniform(2, 4) * u / np.linalg.norm(u)
    return Landscape("non-smooth", p, x0, 300, 0.0, int(rng.integers(2**32)))


def pass_between_wells(rng, height):
    d, width = int(rng.integers(2, 7)), rng.uniform(1, 2)
    V, saddle = orthogonal(rng, d), rng.uniform(-3, 3, d)
    p = problems.two_wells(height, width, height * rng.uniform(0.5, 3, d - 1), V, saddle)
    ridge = (
        rng.choice([-1, 1]) * width * 10 ** -rng.uniform(2, 3)
    )  # how far beside the way that ends on the saddle
    z = np.array([ridge, *(rng.choice([-1, 1], d - 1) * rng.uniform(1, 2, d - 1))])
    return Landscape("non-convex", p, saddle + V @ z, 150, 0.0, int(rng.integers(2**32)))


# How to draw each, and the powers of ten of its steepness.
KINDS: dict[str, tuple[Callable[[np.random.Generator, float], Landscape], tuple[float, float]]] = {
    "bowl": (bowl, (-3, 3)),
    "high-dimensional": (crowd, (-2, 2)),
    "ill-conditioned": (valley, (-2, 2)),
    "noisy": (cloud, (-2, 2)),
    "non-smooth": (crystal, (-2, 2)),
    "non-convex": (pass_between_wells, (-2, 2)),
}
