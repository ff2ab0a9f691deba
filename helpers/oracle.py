"""Ask for gradients, one point at a time, while somebody counts: the description, the counter, the refusal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from helpers import arguments, problems

__all__ = ["Oracle"]  # the rest is for those who count


class BudgetSpent(RuntimeError):
    """More gradients were asked for than the budget allows; the text says so in the learner's terms."""


@dataclass(frozen=True, eq=False)
class Oracle:
    """An argument that answers with gradients of a hidden problem, at most `budget` of them.

    The answer at x is grad(x) plus `noise` times a standard normal vector drawn from `seed`, a new one for every
    call. `problem` is a description (`helpers.problems.build`). Raises ValueError if budget is not a whole
    number >= 1 or noise is not >= 0.

    >>> from helpers.problems import parabola
    >>> oracle = Oracle(parabola(2.0).description, budget=1).build()
    >>> oracle([3.0])
    array([6.])
    >>> oracle([3.0])
    Traceback (most recent call last):
    helpers.oracle.BudgetSpent: the oracle has answered all the 1 calls of its budget, and this was call 2

    Source: Nemirovski and Yudin 1983, Problem Complexity and Method Efficiency in Optimization (oracles and
    what they cost).
    """

    problem: Mapping[str, object]
    budget: int
    noise: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        arguments.whole_number("budget", self.budget, low=1)
        arguments.number("noise", self.noise, low=0)

    @cached_property
    def built(self) -> problems.Problem:
        """The problem, built from its description when first asked for."""
        return problems.build(self.problem)

    @property
    def dim(self) -> int:
        """How many coordinates a point has."""
        return self.built.dim

    def open(self) -> "Ledger":
        """Return a new counter with its full budget."""
        return Ledger(self)

    def build(self) -> Callable:
        """Return the function oracle(x), with a counter of its own."""
        return asking(self.dim, self.open().answer)

    def __getstate__(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("problem", "budget", "noise", "seed")}

    def __str__(self) -> str:
        return f"a hidden landscape in {self.dim} dimensions that answers {self.budget} calls"


@dataclass(eq=False)
class Ledger:
    """What was asked of one oracle, and answered: `points` and `answers` hold one (d,) array for each answer.

    `calls` counts every call, those that were refused included.
    """

    oracle: Oracle
    calls: int = 0
    points: list[np.ndarray] = field(default_factory=list, repr=False)
    answers: list[np.ndarray] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.oracle.seed)

    @property
    def overspent(self) -> bool:
        """Whether more was asked for than the budget."""
        return self.calls > self.oracle.budget

    def answer(self, x: np.ndarray) -> np.ndarray:
        """Return the gradient at the point x (d,), with noise, and keep both; raises BudgetSpent beyond the budget."""
        self.calls += 1
        if self.overspent:
            raise BudgetSpent(refusal(self.oracle.budget, self.calls))
        g = self.oracle.built.grad(x)
        if self.oracle.noise:
            g = g + self.oracle.noise * self._rng.standard_normal(len(x))
        self.points.append(x)
        self.answers.append(g)
        return g.copy()  # whoever asked may change it


def asking(dim: int, answer: Callable) -> Callable:
    """Return the function oracle(x) that passes points (dim,) on to `answer`.

    It has no counter on it that a reader could find: who counts is whoever holds the ledger. It raises
    ValueError, in the learner's terms and without a call being counted, for anything but one point.
    """

    def oracle(x):
        x = np.array(x, dtype=float)
        if x.shape != (dim,):
            raise ValueError(f"oracle(x) takes one point x of shape ({dim},), and got shape {x.shape}")
        return answer(x)

    return oracle


def refusal(budget: int, call: int) -> str:
    """Return the sentence for a call beyond the budget."""
    return f"the oracle has answered all the {budget} calls of its budget, and this was call {call}"
