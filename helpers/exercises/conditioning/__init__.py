"""Chapter 03: the condition number, the best constant step, its speed, line search, and the error mode by mode."""

from helpers.exercises.conditioning import (
    condition_number,
    contraction_factor,
    exact_line_search,
    mode_errors,
    optimal_step,
    steps_to_tolerance,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        condition_number,
        optimal_step,
        contraction_factor,
        steps_to_tolerance,
        exact_line_search,
        mode_errors,
    )
)
