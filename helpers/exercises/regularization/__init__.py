"""Chapter 04: the ridge, what it does to L and mu, linear or not, filters, and where descent goes without a ridge."""

from helpers.exercises.regularization import (
    choose_ridge,
    early_stopping_filter,
    is_linear,
    minimum_norm_limit,
    ridge_constants,
    ridge_filter,
    ridge_gradient,
    ridge_loss,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        ridge_loss,
        ridge_gradient,
        ridge_constants,
        choose_ridge,
        is_linear,
        early_stopping_filter,
        ridge_filter,
        minimum_norm_limit,
    )
)
