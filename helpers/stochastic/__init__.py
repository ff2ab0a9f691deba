"""Gradients that are only estimated: mini-batches, their noise, and what noise does to descent.

`batches` draws them and takes their gradients, `noise` says how far they are off and where that holds a path up,
`paths` descends along them, `escape` leaves saddles. Every random thing takes an `rng`, a `numpy.random.Generator`, and
draws from it alone. Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a
run.
"""

from helpers.stochastic.batches import epoch_batches, minibatch_gradient, per_example_gradients
from helpers.stochastic.escape import escape_steps, staying_probability
from helpers.stochastic.noise import (
    chebyshev_batch_size,
    gradient_noise,
    noise_floor,
    reshuffled_floor,
    running_estimates,
)
from helpers.stochastic.paths import decaying_steps, noisy_descent, sgd

__all__ = [
    "chebyshev_batch_size",
    "decaying_steps",
    "epoch_batches",
    "escape_steps",
    "gradient_noise",
    "minibatch_gradient",
    "noise_floor",
    "noisy_descent",
    "per_example_gradients",
    "reshuffled_floor",
    "running_estimates",
    "sgd",
    "staying_probability",
]
