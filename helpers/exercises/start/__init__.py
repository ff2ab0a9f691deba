"""Chapter 00: a height, its two slopes, and slopes from heights alone."""

from helpers.exercises.start import cost_gradient, evaluate_cost, finite_difference_gradient

EXERCISES = tuple(module.EXERCISE for module in (evaluate_cost, cost_gradient, finite_difference_gradient))
