"""What a function is called with: arguments that are functions or generators travel as descriptions."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from helpers import problems


@dataclass(frozen=True, eq=False)
class Given:
    """An argument that is a function of a problem.

    `role` is "grad", "f", "hess", "field" (minus the gradient) or "grad_t", which takes the step t as well.
    """

    role: str
    problem: Mapping[str, object]

    @classmethod
    def of(cls, role: str, problem: problems.Problem) -> "Given":
        """Return the function of a problem that is built already; what travels is its description all the same."""
        given = cls(role, problem.description)
        given.__dict__["built"] = problem
        return given

    @cached_property
    def built(self) -> problems.Problem:
        """The problem, built from its description when first asked for."""
        return problems.build(self.problem)

    def build(self) -> Callable:
        """Return the function itself, a new one for every call; it takes points (..., d), lists too.

        The function raises ValueError, in the learner's terms, for points of another dimension.
        """
        function = self.built.grad if self.role == "field" else getattr(self.built, self.role)
        sign = -1 if self.role == "field" else 1

        def at(x, *t):
            x = np.asarray(x, dtype=float)
            if x.shape[-1:] != (self.built.dim,):
                wanted = f"({self.built.dim},)"
                raise ValueError(f"{self.role}(x) takes a point x of shape {wanted}, and got shape {x.shape}")
            return sign * function(x, *t)

        def given(x):
            return at(x)

        def given_t(x, t):
            return at(x, t)

        given = given_t if self.role == "grad_t" else given
        given.__name__ = given.__qualname__ = self.role
        return given

    def __getstate__(self) -> dict[str, object]:
        return {"role": self.role, "problem": self.problem}

    def __str__(self) -> str:
        """What a learner can paste to get the same function."""
        given = ", ".join(f"{name}={pasteable(value)}" for name, value in self.problem["arguments"].items())
        source = f"problems.{self.problem['problem']}({given})"
        return f"lambda x: -{source}.grad(x)" if self.role == "field" else f"{source}.{self.role}"


@dataclass(frozen=True)
class RandomSource:
    """An argument that is a random generator: `numpy.random.default_rng(seed)`, new for every case."""

    seed: int

    def build(self) -> np.random.Generator:
        """Return the generator."""
        return np.random.default_rng(self.seed)

    def __str__(self) -> str:
        return f"np.random.default_rng({self.seed})"


def position(rng: np.random.Generator) -> tuple[str, int]:
    """Return where a generator stands: what it draws next, and how many others it has spawned.

    >>> rng = np.random.default_rng(0)
    >>> before = position(rng)
    >>> before == position(np.random.default_rng(0)), before == (rng.random(), position(rng))[1]
    (True, False)
    """
    numbers = rng.bit_generator
    return repr(numbers.state), numbers.seed_seq.n_children_spawned


def build(inputs: Mapping[str, object]) -> dict[str, object]:
    """Return fresh arguments for one call: functions and generators built, arrays copied."""
    return {
        name: value.build() if hasattr(value, "build") else copy.deepcopy(value)
        for name, value in inputs.items()
    }


def pasteable(value: object) -> str:
    """Return Python source for a number, text or array, to the last digit.

    >>> pasteable(np.array([[1.0, 0.1]]))
    '[[1.0, 0.1]]'
    """
    return repr(value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value)
