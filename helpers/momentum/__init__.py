"""Heavy ball and Nesterov: gradient descent with a memory of its last step, and the matrices that say how fast.

`methods` holds the loops, `matrices` what a step does to a parabola, `best` the settings for given curvatures. Paths
have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run. Momentum is undamped
here: the gradient enters with its full weight, and the first step is one of gradient descent.
"""

from helpers.momentum.best import critical_damping, nesterov_settings, optimal_heavy_ball, steps_saved
from helpers.momentum.matrices import (
    momentum_matrix,
    momentum_modes,
    momentum_rate,
    momentum_regime,
    nesterov_matrix,
    spectral_radius,
)
from helpers.momentum.methods import heavy_ball, heavy_ball_step, momentum_path, nesterov

__all__ = [
    "critical_damping",
    "heavy_ball",
    "heavy_ball_step",
    "momentum_matrix",
    "momentum_modes",
    "momentum_path",
    "momentum_rate",
    "momentum_regime",
    "nesterov",
    "nesterov_matrix",
    "nesterov_settings",
    "optimal_heavy_ball",
    "spectral_radius",
    "steps_saved",
]
