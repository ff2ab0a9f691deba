"""The longest step for which the model predicts no increase."""

import itertools

import numpy as np

from helpers.agreement import Fault, as_numbers
from helpers.descent import critical_step
from helpers.exercises import hints
from helpers.exercises.drawing import (
    away_from_zero,
    definite_matrix,
    tenths,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _model(g, H, note=""):
    return Case({"g": g, "H": H}, note, shown={"g'g": g @ g, "g'Hg": g @ H @ g})


def _bending_models(rng):
    for d in (1, 2, 3, 5):
        yield _model(away_from_zero(rng, d), definite_matrix(rng, d))
    yield _model(
        np.append(away_from_zero(rng, 1), 0.0), definite_matrix(rng, 2), "one entry of g is 0, g is not"
    )


def _saddle_models(rng):
    H = np.diag([-tenths(rng, (), 0.5, 1.5), tenths(rng, (), 2.0, 4.0)])
    yield _model(np.array([0.5, 2.0]), H, "H has a negative eigenvalue, and still bends up along g")


def _models_without_limit(rng):
    H = np.diag([-tenths(rng, (), 2.0, 4.0), tenths(rng, (), 0.5, 1.5)])
    yield _model(np.array([2.0, 0.5]), H, "the model bends down along g: no limit")
    yield _model(away_from_zero(rng, 2), np.zeros((2, 2)), "no curvature: no limit")
    yield _model(np.zeros(3), definite_matrix(rng, 3), "zero gradient: no limit")


def _says_no_limit(case, outcome, expected):
    # One kind of fault for every other answer: what is returned instead of inf does not matter to the hint.
    numbers = as_numbers(outcome.returned)
    if isinstance(numbers, Fault):
        return numbers
    if numbers.shape:
        return Fault("shape", f"the result has shape {numbers.shape}, and it should be one number")
    if numbers == np.inf:
        return None
    return Fault(
        "not-infinite", f"there is no limit here, so the result should be inf, and it is {numbers:.6g}"
    )


def _except(g=None, flat=None, down=None):
    """Return a critical_step that gives these answers for a zero gradient, no curvature, or a bend downwards."""

    def critical(gradient, H):
        bend = gradient @ H @ gradient
        if g is not None and not np.any(gradient):
            return g
        if flat is not None and np.any(gradient) and bend == 0:
            return flat
        if down is not None and bend < 0:
            return down
        return critical_step(gradient, H)

    return critical


def _critical_step_dividing_by_zero(g, H):
    return 2 * float(g @ g) / float(g @ H @ g)


def _unguarded_critical_step(g, H):
    return 2 * (g @ g) / (g @ H @ g)


def _half_the_critical_step(g, H):
    return critical_step(g, H) / 2


def _step_of_the_largest_eigenvalue(g, H):
    top = np.linalg.eigvalsh(H)[-1]
    return 2 / top if top > 0 and np.any(g) else np.inf


def _critical_step_of_raw_g(g, H):
    bend = g @ H @ g
    return 2 / bend if bend > 0 else np.inf


def _critical_step_of_length(g, H):
    bend = g @ H @ g
    return 2 * np.linalg.norm(g) / bend if bend > 0 else np.inf


def _critical_step_upside_down(g, H):
    bend = g @ H @ g
    return bend / (2 * (g @ g)) if bend > 0 else np.inf


def _guarded(g, H):
    bend = float(g @ H @ g)
    return 2 * float(g @ g) / bend if bend > 0 else float("inf")


def _by_unit_direction(g, H):
    length = np.sqrt(np.sum(np.square(g)))
    if length == 0:
        return np.inf
    u = g / length
    bend = np.einsum("i,ij,j->", u, H, u)
    return np.float64(2) / bend if bend > 0 else np.inf


def _by_bisection(g, H):
    def model(alpha):
        return -alpha * (g @ g) + alpha**2 * (g @ H @ g) / 2

    if g @ H @ g <= 0:
        return np.inf
    low, high = 0.0, 1.0
    while model(high) <= 0:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if model(middle) <= 0 else (low, middle)
    return low


EXERCISE = Exercise(
    id="critical-step",
    chapter="01-step-size-and-curvature",
    points=2,
    signature="critical_step(g, H)",
    reference=critical_step,
    alternatives=(_guarded, _by_unit_direction, _by_bisection, lambda g, H: np.array(_guarded(g, H))),
    misconceptions={
        "half of it": Misconception(
            _half_the_critical_step,
            "That step goes to the lowest point of the model. It may be twice as long before the model says "
            "that you end up higher than you began.",
            also=(lambda g, H: (g @ g) / (g @ H @ g),),
        ),
        "2 / largest eigenvalue": Misconception(
            _step_of_the_largest_eigenvalue,
            "The largest eigenvalue is the curvature in the most curved direction of all. Here only the curvature "
            "along g counts: g'Hg / g'g.",
            also=(lambda g, H: 2 / np.linalg.eigvalsh(H)[-1],),
        ),
        "g not normalised away": Misconception(
            _critical_step_of_raw_g,
            "g'Hg is not the curvature along g yet: divide it by g'g. Twice the gradient should give the same "
            "critical step.",
            also=(_critical_step_of_length, lambda g, H: 2 / (g @ H @ g), lambda g, H: 2 * np.linalg.norm(g) / (g @ H @ g)),
        ),
        "upside down": Misconception(
            _critical_step_upside_down,
            "Your fraction is upside down: more curvature must give a shorter step.",
            also=(lambda g, H: (g @ H @ g) / (2 * (g @ g)), lambda g, H: (g @ H @ g) / (g @ g)),
        ),
        "infinite limit forgotten": Misconception(
            _unguarded_critical_step,
            "Where g'Hg is not positive the model never turns up, so there is no limit: return np.inf. "
            "The same where the gradient is zero.",
            also=(
                _critical_step_dividing_by_zero,
                *(
                    _except(*answers)
                    for answers in itertools.product((None, 0.0), (None, 0.0), (None, -1.0))
                    if any(answer is not None for answer in answers)
                ),
                lambda g, H: critical_step(g, H) if np.isfinite(critical_step(g, H)) else None,
            ),
        ),
        "brackets missing": Misconception(
            lambda g, H: 2 * g @ g / g @ H @ g,
            hints.brackets("2 * (g @ g) / (g @ H @ g)"),
            also=(lambda g, H: 2 * g @ g / g @ H @ g if g @ H @ g > 0 else np.inf,),
        ),
        "one entry is 0": Misconception(
            lambda g, H: critical_step(g, H) if g.all() else np.inf,
            hints.ONE_ENTRY_IS_ZERO,
        ),
    },
    claims=(
        Claim("the critical step on random models", 3, _bending_models),
        Claim("negative curvature elsewhere does not matter", 0.5, _saddle_models),
        Claim("no limit where the model does not turn up", 1.5, _models_without_limit, _says_no_limit),
    ),
)  # fmt: skip
