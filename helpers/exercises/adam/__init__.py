"""Chapter 08: the moments of Adam, their bias, Adam itself, RMSprop, AdamW, the effective Hessian, AMSGrad."""

from helpers.exercises.adam import (
    adam,
    adamw_step,
    amsgrad,
    bias_correction,
    effective_hessian,
    rmsprop,
    update_moments,
)

EXERCISES = tuple(
    module.EXERCISE
    for module in (
        update_moments,
        bias_correction,
        adam,
        rmsprop,
        adamw_step,
        effective_hessian,
        amsgrad,
    )
)
