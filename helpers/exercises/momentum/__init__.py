"""Chapter 07: the heavy ball and Nesterov's method, the matrix behind them, critical damping, the best settings."""

from helpers.exercises.momentum import (
    critical_damping,
    heavy_ball,
    heavy_ball_step,
    momentum_matrix,
    nesterov,
    optimal_heavy_ball,
    spectral_radius,
    steps_saved,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        heavy_ball_step,
        heavy_ball,
        momentum_matrix,
        spectral_radius,
        critical_damping,
        optimal_heavy_ball,
        nesterov,
        steps_saved,
    )
)
