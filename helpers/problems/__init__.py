"""Landscapes to walk on: each problem carries its function, derivatives, constants and a good view of itself.

To add one, write a constructor under `@registered` that returns a `Problem` with a description of plain
numbers, arrays and strings that `build` can call it with; import it here; then add one line to PROBLEMS in
tests/test_problems.py, which holds it to every contract.
"""

from helpers.problems.flat import huber
from helpers.problems.hidden import absolute_residuals, two_wells
from helpers.problems.nonconvex import rosenbrock, wavy
from helpers.problems.nonsmooth import four_thirds, residual_norm
from helpers.problems.piecewise import three_parabolas
from helpers.problems.problem import CONSTRUCTORS, Problem, build
from helpers.problems.quadratics import cost_surface, parabola, quadratic, quadratic_with_spectrum
from helpers.problems.regression import (
    breast_cancer_logistic,
    diabetes_least_squares,
    least_squares,
    logistic,
)
from helpers.problems.saddle import saddle
from helpers.problems.turns import quadratic_in_turns

__all__ = [
    "CONSTRUCTORS",
    "Problem",
    "absolute_residuals",
    "breast_cancer_logistic",
    "build",
    "cost_surface",
    "diabetes_least_squares",
    "four_thirds",
    "huber",
    "least_squares",
    "logistic",
    "parabola",
    "quadratic",
    "quadratic_in_turns",
    "quadratic_with_spectrum",
    "residual_norm",
    "rosenbrock",
    "saddle",
    "three_parabolas",
    "two_wells",
    "wavy",
]
