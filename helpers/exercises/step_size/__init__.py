"""Chapter 01: one step, many steps, what the second-order model predicts, and when to stop."""

from helpers.exercises.step_size import (
    critical_step,
    gradient_descent,
    gradient_step,
    limit_of_descent,
    predicted_change,
    step_regime,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        gradient_step,
        gradient_descent,
        predicted_change,
        critical_step,
        step_regime,
        limit_of_descent,
    )
)
