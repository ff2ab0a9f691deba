"""Chapter 09: deblurring, atomic clusters, consensus, a small neural network, and the capstone."""

from helpers.exercises.applications import (
    best_consensus_weight,
    blur_spectrum_bounds,
    capstone,
    consensus_step,
    critical_pair_step,
    landweber_step,
    lennard_jones_energy,
    lennard_jones_gradient,
    mlp_gradient,
    residual_forward,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        landweber_step,
        blur_spectrum_bounds,
        lennard_jones_energy,
        lennard_jones_gradient,
        critical_pair_step,
        consensus_step,
        best_consensus_weight,
        mlp_gradient,
        residual_forward,
        capstone,
    )
)
