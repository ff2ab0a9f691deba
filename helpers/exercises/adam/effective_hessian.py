"""The diagonal matrix by which Adam divides the gradient."""

import numpy as np

from helpers.adam import effective_hessian
from helpers.exercises import hints
from helpers.exercises.adam.walks import clear
from helpers.exercises.drawing import away_from_zero, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.exercises.whole import cut_off


def _inputs(m_hat, v_hat, g, eps):
    return {"m_hat": m_hat, "v_hat": v_hat, "g": g, "eps": eps}


def _aligned(rng, d):
    """Moments and a gradient of the same signs, no two sizes alike."""
    signs = rng.choice([-1.0, 1.0], d)
    return tenths(rng, d, 0.6, 3.0) * signs, tenths(rng, d, 1.5, 9.0), tenths(rng, d, 0.6, 3.0) * signs


def _hessians(rng):
    for d in (2, 2, 3, 5):
        yield Case(
            clear(
                lambda d=d: _inputs(*_aligned(rng, d), tenths(rng, (), 0.2, 0.8)),
                effective_hessian,
                *VARIANTS,
            )
        )


def _opposed(rng):
    for d in (2, 3):
        m_hat, v_hat, g = _aligned(rng, d)
        yield Case(_inputs(m_hat, v_hat, -g, 0.3), "momentum still points the other way: a negative entry")


def _first_step(rng):
    g = away_from_zero(rng, 3)
    yield Case(_inputs(g, g**2, g, 0.0), "the first step, eps = 0: the size of the gradient")


def _whole(rng):
    yield Case(
        _inputs(rng.integers(1, 5, 3), rng.integers(2, 9, 3), rng.integers(1, 5, 3), 0.5),
        "everything is a whole number",
    )


def _one_coordinate(rng):
    yield Case(_inputs(*_aligned(rng, 1), 0.4), "one coordinate")


def _inverted(m_hat, v_hat, g, eps):
    return m_hat / (g * (np.sqrt(v_hat) + eps))


def _root_missing(m_hat, v_hat, g, eps):
    return g * (v_hat + eps) / m_hat


def _eps_inside(m_hat, v_hat, g, eps):
    return g * np.sqrt(v_hat + eps) / m_hat


def _eps_missing(m_hat, v_hat, g, eps):
    return g * np.sqrt(v_hat) / m_hat


def _preconditioner(m_hat, v_hat, g, eps):
    return np.sqrt(v_hat) + eps


def _inverse_preconditioner(m_hat, v_hat, g, eps):
    return 1 / (np.sqrt(v_hat) + eps)


def _g_missing(m_hat, v_hat, g, eps):
    return (np.sqrt(v_hat) + eps) / m_hat


def _step(m_hat, v_hat, g, eps):
    return m_hat / (np.sqrt(v_hat) + eps)


def _m_and_g_swapped(m_hat, v_hat, g, eps):
    return m_hat * (np.sqrt(v_hat) + eps) / g


def _norms(m_hat, v_hat, g, eps):
    return np.full(len(g), np.linalg.norm(g) * (np.linalg.norm(np.sqrt(v_hat)) + eps) / np.linalg.norm(m_hat))


def _eps_beside(m_hat, v_hat, g, eps):
    return g * np.sqrt(v_hat) / m_hat + eps


VARIANTS = (
    _inverted, _root_missing, _eps_inside, _eps_missing, _preconditioner, _inverse_preconditioner, _g_missing,
    _step, _m_and_g_swapped, _eps_beside,
)  # fmt: skip


def _absolute(m_hat, v_hat, g, eps):
    return np.abs(g / m_hat) * (np.sqrt(v_hat) + eps)


def _as_a_matrix(m_hat, v_hat, g, eps):
    return np.diag(effective_hessian(m_hat, v_hat, g, eps))


def _by_a_list(m_hat, v_hat, g, eps):
    return [float(b) * (float(v) ** 0.5 + eps) / float(m) for m, v, b in zip(m_hat, v_hat, g, strict=True)]


def _through_the_step(m_hat, v_hat, g, eps):
    """Undo the division: H is the gradient over the step of length alpha = 1."""
    step = np.true_divide(m_hat, np.add(np.sqrt(v_hat), eps))
    return np.array([np.linalg.solve([[u]], [b])[0] for u, b in zip(step, g, strict=True)])


EXERCISE = Exercise(
    id="effective-hessian",
    chapter="08-adam",
    points=2,
    signature="effective_hessian(m_hat, v_hat, g, eps)",
    reference=effective_hessian,
    alternatives=(_by_a_list, _through_the_step),
    misconceptions={
        "inverted": Misconception(
            _inverted,
            "You return the inverse, the number that multiplies g. H is the number that divides it: turn the fraction "
            "round.",
        ),
        "root missing": Misconception(
            _root_missing,
            "You use v_hat + eps. The denominator of Adam's step has the root of v_hat, plus eps.",
        ),
        "eps inside the root": Misconception(
            _eps_inside,
            "Your eps is inside the root. Here it stands outside: take the root of v_hat, then add eps.",
            also=(lambda m_hat, v_hat, g, eps: g * np.sqrt(v_hat + eps**2) / m_hat,),
        ),
        "eps missing": Misconception(
            _eps_missing,
            "eps does not appear in your result. The denominator of the step is the root of v_hat plus eps, all of "
            "which is multiplied by g / m_hat.",
        ),
        "eps beside the product": Misconception(
            _eps_beside,
            "You add eps at the very end. It belongs to the denominator of the step: add it to the root of v_hat, then "
            "multiply by g / m_hat.",
        ),
        "only the root of v": Misconception(
            _preconditioner,
            "Your result holds the root of v_hat and eps alone. That divides m_hat, and H has to divide g: solve "
            "g / H = m_hat / (root of v_hat + eps) for H.",
            also=(_inverse_preconditioner,),
        ),
        "g missing": Misconception(
            _g_missing,
            "The gradient does not appear in your result, so H would not have the unit of a slope. Solve "
            "g / H = m_hat / (root of v_hat + eps) for H.",
        ),
        "the step itself": Misconception(
            _step,
            "You return the step m_hat / (root of v_hat + eps). H is what the gradient must be divided by to give "
            "this step.",
        ),
        "m and g swapped": Misconception(
            _m_and_g_swapped,
            "m_hat and g have changed places. H divides the gradient, so g stands in the numerator of H, and m_hat "
            "in its denominator.",
        ),
        "norm instead of elementwise": Misconception(
            _norms,
            "You use lengths of whole vectors, so all entries are alike. Adam scales each coordinate by itself: "
            "work entry by entry.",
        ),
        "absolute value": Misconception(
            _absolute,
            "You drop the sign. Where m_hat and g point in opposite directions the step climbs, and the entry of H "
            "is negative: keep it.",
        ),
        "as a matrix": Misconception(
            _as_a_matrix,
            "You return the whole diagonal matrix. Only its diagonal is asked for, an array of shape (d,).",
        ),
        "brackets missing": Misconception(
            lambda m_hat, v_hat, g, eps: g * np.sqrt(v_hat) + eps / m_hat,
            hints.brackets("g * (np.sqrt(v_hat) + eps) / m_hat"),
            also=(
                lambda m_hat, v_hat, g, eps: g / m_hat / np.sqrt(v_hat) + eps,
                lambda m_hat, v_hat, g, eps: g / (m_hat / np.sqrt(v_hat) + eps),
            ),
        ),
        **cut_off(effective_hessian, 0, "m_hat"),
    },
    claims=(
        Claim("the diagonal at random moments", 5, _hessians),
        Claim("momentum against the gradient", 1.5, _opposed),
        Claim("at the first step: the size of the gradient", 1.5, _first_step),
        Claim("whole numbers as input", 1, _whole),
        Claim("one coordinate", 1, _one_coordinate),
    ),
)
