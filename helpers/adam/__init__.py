"""Adam and its relatives: every coordinate gets a step of its own, scaled by the gradients it has seen.

`averages` holds the moments, `methods` RMSprop, Adam and AdamW, `convergence` the counterexample's Adam and its cure.
Paths have shape (n_steps + 1, ..., d): steps first, coordinates last, every axis between them a run. Everywhere
eps stands outside of the root, as in the paper and in PyTorch; TensorFlow's first RMSprop had it inside.
"""

from helpers.adam.averages import bias_correction, effective_hessian, moments, settings, update_moments
from helpers.adam.convergence import FREE, amsgrad, box, remembering, uncorrected_adam
from helpers.adam.methods import adam, adamw, adamw_step, rmsprop

__all__ = [
    "FREE",
    "adam",
    "adamw",
    "adamw_step",
    "amsgrad",
    "bias_correction",
    "box",
    "effective_hessian",
    "moments",
    "remembering",
    "rmsprop",
    "settings",
    "uncorrected_adam",
    "update_moments",
]
