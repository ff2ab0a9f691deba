"""Chapter 05: Euler forward and backward, the exact flow, stability, the observed order, Richardson's iteration."""

from helpers.exercises.gradient_flow import (
    backward_euler,
    euler_step,
    gradient_flow,
    observed_order,
    relaxation_range,
    richardson,
    stability_limit,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        euler_step,
        gradient_flow,
        backward_euler,
        stability_limit,
        observed_order,
        richardson,
        relaxation_range,
    )
)
