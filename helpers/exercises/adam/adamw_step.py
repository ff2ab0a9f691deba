"""One step of Adam with weight decay of its own."""

import numpy as np

from helpers.adam import adamw_step
from helpers.exercises import hints
from helpers.exercises.adam.walks import clear
from helpers.exercises.drawing import away_from_zero, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off


def _inputs(x, m_hat, v_hat, alpha, eps, weight_decay):
    return {
        "x": x, "m_hat": m_hat, "v_hat": v_hat, "alpha": alpha, "eps": eps, "weight_decay": weight_decay,
    }  # fmt: skip


def _steps(rng):
    for d in (2, 2, 3, 5):
        yield Case(
            clear(
                lambda d=d: _inputs(
                    away_from_zero(rng, d, 1.0),
                    away_from_zero(rng, d, 1.0),
                    tenths(rng, d, 1.5, 6.0),
                    tenths(rng, (), 0.2, 0.4),
                    tenths(rng, (), 0.3, 0.8),
                    tenths(rng, (), 0.3, 0.9),
                ),
                adamw_step,
                *VARIANTS,
            )
        )


def _steps_without_gradient(rng):
    zero = np.zeros(2)
    x = away_from_zero(rng, 2, 1.0)
    yield Case(
        _inputs(np.array([1.0, -2.0]), zero, zero, 0.01, 1e-8, 0.1), "no gradient: only the decay is left"
    )
    yield Case(_inputs(x, zero, zero, 0.2, 1e-8, 0.5), "no gradient: only the decay is left")


def _steps_without_decay(rng):
    for d in (1, 3):
        moments = away_from_zero(rng, d, 1.0), tenths(rng, d, 1.5, 6.0)
        yield Case(_inputs(away_from_zero(rng, d), *moments, 0.3, 0.5, 0.0), "no decay: a step of Adam")


def _whole_steps(rng):
    moments = rng.integers(1, 6, 3), rng.integers(2, 9, 3)
    yield Case(_inputs(rng.integers(2, 9, 3), *moments, 0.3, 0.5, 0.2), "everything is a whole number")


def _u(m_hat, v_hat, eps):
    return m_hat / (np.sqrt(v_hat) + eps)


def _penalty(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x - alpha * (m_hat + weight_decay * x) / (np.sqrt(v_hat) + eps)


def _penalty_in_both(x, m_hat, v_hat, alpha, eps, weight_decay):
    g = m_hat + weight_decay * x
    return x - alpha * g / (np.sqrt(v_hat + (weight_decay * x) ** 2) + eps)


def _not_scaled(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x - alpha * _u(m_hat, v_hat, eps) - weight_decay * x


def _sign(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x - alpha * (_u(m_hat, v_hat, eps) - weight_decay * x)


def _uphill(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x + alpha * (_u(m_hat, v_hat, eps) - weight_decay * x)


def _uphill_altogether(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x + alpha * (_u(m_hat, v_hat, eps) + weight_decay * x)


def _after_the_step(x, m_hat, v_hat, alpha, eps, weight_decay):
    return (1 - alpha * weight_decay) * (x - alpha * _u(m_hat, v_hat, eps))


def _no_decay(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x - alpha * _u(m_hat, v_hat, eps)


def _eps_inside(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x - alpha * (m_hat / np.sqrt(v_hat + eps) + weight_decay * x)


def _root_missing(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x - alpha * (m_hat / (v_hat + eps) + weight_decay * x)


def _forgets_x(x, m_hat, v_hat, alpha, eps, weight_decay):
    return -alpha * (_u(m_hat, v_hat, eps) + weight_decay * x)


def _by_the_sign_of_x(x, m_hat, v_hat, alpha, eps, weight_decay):
    return x - alpha * (_u(m_hat, v_hat, eps) + weight_decay * np.sign(x))


VARIANTS = (
    _penalty, _penalty_in_both, _not_scaled, _sign, _uphill, _uphill_altogether, _after_the_step, _no_decay,
    _eps_inside, _root_missing, _forgets_x, _by_the_sign_of_x,
)  # fmt: skip


def _in_place(x, m_hat, v_hat, alpha, eps, weight_decay):
    x *= 1 - alpha * weight_decay
    x -= alpha * _u(m_hat, v_hat, eps)
    return x


def _written_into_x(x, m_hat, v_hat, alpha, eps, weight_decay):
    x[:] = x - alpha * (_u(m_hat, v_hat, eps) + weight_decay * x)
    return x


def _decay_first(x, m_hat, v_hat, alpha, eps, weight_decay):
    """As PyTorch does it: shrink the old point, then step."""
    shrunk = np.asarray(x, dtype=np.float32) * np.float32(1 - alpha * weight_decay)
    return shrunk - np.float32(alpha) * (m_hat / (np.sqrt(v_hat) + eps))


def _by_a_list(x, m_hat, v_hat, alpha, eps, weight_decay):
    entries = zip(x, m_hat, v_hat, strict=True)
    return [float(a - alpha * m / (v**0.5 + eps) - alpha * weight_decay * a) for a, m, v in entries]


EXERCISE = Exercise(
    id="adamw-step",
    chapter="08-adam",
    points=2,
    signature="adamw_step(x, m_hat, v_hat, alpha, eps, weight_decay)",
    reference=adamw_step,
    alternatives=(_decay_first, _by_a_list),
    misconceptions={
        "decay inside the gradient": Misconception(
            _penalty,
            "You add weight_decay x to m_hat, so the root divides the decay as well. That is Adam with an L2 "
            "penalty. Take the decay out of the fraction: it is subtracted beside it.",
            also=(_penalty_in_both,),
        ),
        "decay not scaled by alpha": Misconception(
            _not_scaled,
            "You subtract weight_decay x in full. Here the decay is scaled by alpha as the step is: "
            "alpha times weight_decay times x.",
        ),
        "sign of the decay": Misconception(
            _sign,
            "Your weights grow: the decay has the wrong sign. It pulls towards 0, so it is subtracted as well.",
        ),
        "uphill": Misconception(
            _uphill,
            "You add the scaled gradient, which climbs. Subtract it, and the decay with it.",
            also=(_uphill_altogether,),
        ),
        "decay after the step": Misconception(
            _after_the_step,
            "You take the step and shrink the point that it leads to. The decay belongs to the old point: subtract "
            "alpha times weight_decay times the x you were given.",
        ),
        "no decay": Misconception(
            _no_decay,
            "Your step is one of Adam, without any decay. Subtract alpha times weight_decay times x as well.",
        ),
        "decay by the sign of x": Misconception(
            _by_the_sign_of_x,
            "You subtract the same amount from every weight, which is an L1 penalty. The decay is proportional: "
            "weight_decay times x itself.",
        ),
        "eps inside the root": Misconception(
            _eps_inside,
            "You take the root of v_hat + eps. Here eps stands outside: take the root of v_hat, then add eps.",
        ),
        "root missing": Misconception(
            _root_missing,
            "You divide by v_hat + eps. Take the root of v_hat first, then add eps.",
        ),
        "forgets x": Misconception(
            _forgets_x,
            "You return the change alone. The new point is x plus this change.",
        ),
        "changes x in place": Misconception(
            _in_place,
            "x *= ... or x[:] = ... writes the new point into the caller's array. Make a new array: x_new = x - ...",
            also=(_written_into_x,),
        ),
        "brackets missing": Misconception(
            lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
                x - alpha * (m_hat / np.sqrt(v_hat) + eps + weight_decay * x)
            ),
            hints.brackets("m_hat / (np.sqrt(v_hat) + eps), and alpha * (... + weight_decay * x)"),
            also=(
                lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
                    x - alpha * m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x
                ),
                lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
                    x - alpha * m_hat / np.sqrt(v_hat) + eps + weight_decay * x
                ),
            ),
        ),
        **cut_off(adamw_step, 0, "x"),
    },
    claims=(
        Claim("one step at random places", 5, _steps),
        Claim("without a gradient only the decay is left", 1.5, _steps_without_gradient),
        Claim("without a decay it is a step of Adam", 1, _steps_without_decay),
        Claim("whole numbers as input", 1.5, _whole_steps),
        Claim("x itself is left as it was", 1, _steps, leaves_arguments_alone),
    ),
)
