"""Chapter 06: mini-batches, epochs, SGD, the noise of a batch, Chebyshev, the noise floor, decay, saddles."""

from helpers.exercises.sgd import (
    chebyshev_batch_size,
    decaying_steps,
    epoch_batches,
    escape_steps,
    gradient_noise,
    minibatch_gradient,
    noise_floor,
    sgd,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        minibatch_gradient,
        epoch_batches,
        sgd,
        gradient_noise,
        chebyshev_batch_size,
        noise_floor,
        decaying_steps,
        escape_steps,
    )
)
