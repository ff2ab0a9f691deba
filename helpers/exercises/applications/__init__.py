"""Chapter 09: deblurring, atomic clusters, consensus, a small neural network, and the capstone."""

from helpers.exercises.applications import (
    best_consensus_weight,
    consensus_step,
    mlp_gradient,
    residual_forward,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        consensus_step,
        best_consensus_weight,
        mlp_gradient,
        residual_forward,
    )
)
