"""Chapter 02: L of quadratics, of logistic regression and of samples; backtracking; what to do without L."""

from helpers.exercises.smoothness import (
    backtracking_step,
    empirical_smoothness,
    logistic_gradient,
    logistic_loss,
    logistic_smoothness,
    quadratic_smoothness,
    subgradient_descent,
    two_cycle_amplitude,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        quadratic_smoothness,
        logistic_loss,
        logistic_gradient,
        logistic_smoothness,
        empirical_smoothness,
        backtracking_step,
        subgradient_descent,
        two_cycle_amplitude,
    )
)
