"""What a second-order model predicts of a step."""

import numpy as np

from helpers.descent import critical_step, predicted_change
from helpers.exercises.drawing import (
    away_from_zero,
    definite_matrix,
    indefinite_matrix,
    redrawn,
    share_of,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _model(g, H, alpha, note=""):
    return Case({"g": g, "H": H, "alpha": alpha}, note, shown={"g'g": g @ g, "g'Hg": g @ H @ g})


def _models(rng):
    # Both signs: below the critical step the model predicts a decrease, beyond it an increase. Never close to it,
    # where the two terms cancel.
    for d, low, high in ((2, 0.3, 0.7), (1, 1.4, 2.0), (3, 1.4, 2.0), (5, 0.3, 0.7)):

        def draw(d=d, low=low, high=high):
            g, H = away_from_zero(rng, d), definite_matrix(rng, d)
            return g, H, _not_one(share_of(rng, critical_step(g, H), low, high))

        # where alpha is the curvature along g, alpha^2 g'g is alpha g'Hg
        yield _model(
            *redrawn(draw, lambda model: abs(model[2] - 2 / critical_step(*model[:2])) > 0.1 * model[2])
        )


def _not_one(alpha):
    return alpha if abs(alpha - 1) > 0.15 else 0.8 * alpha  # the square of 1 is 1


def _models_that_bend_down(rng):
    for d, sign in ((2, -1), (4, 1)):
        g, H, bend = _bending(rng, d, sign)
        alpha = share_of(rng, 2 * (g @ g) / abs(bend), 0.3, 0.7)
        where = "down" if sign < 0 else "up"
        yield _model(g, H, alpha, f"H has curvature of both signs, and bends {where} along g")


def _bending(rng, d, sign):
    g, H = redrawn(
        lambda: (away_from_zero(rng, d), indefinite_matrix(rng, d)),
        lambda model: sign * (model[0] @ model[1] @ model[0]) > 0.2 * (model[0] @ model[0]),
    )
    return g, H, g @ H @ g


def _models_at_rest(rng):
    H = definite_matrix(rng, 2)
    yield _model(away_from_zero(rng, 2), H, 0.0, "no step: no change")
    yield _model(np.zeros(2), H, 0.5, "zero gradient: no change")


def _whole_models(rng):
    g, H = rng.integers(2, 6, 2), np.diag(rng.integers(1, 5, 2))
    yield _model(g, H, 0.5, "whole numbers")


def _change_in_float32(g, H, alpha):
    g, H, alpha = np.float32(g), np.float32(H), np.float32(alpha)
    return -alpha * g.dot(g) + alpha * alpha * g.dot(H).dot(g) / 2


def _change_without_half(g, H, alpha):
    return -alpha * (g @ g) + alpha**2 * (g @ H @ g)


def _change_alpha_not_squared(g, H, alpha):
    return -alpha * (g @ g) + alpha * (g @ H @ g) / 2


def _change_sign(g, H, alpha):
    return alpha * (g @ g) + alpha**2 * (g @ H @ g) / 2


def _change_sign_of_curvature(g, H, alpha):
    return -alpha * (g @ g) - alpha**2 * (g @ H @ g) / 2


def _change_without_H(g, H, alpha):
    return -alpha * (g @ g) + alpha**2 * (g @ g) / 2


def _change_first_order(g, H, alpha):
    return -alpha * (g @ g)


def _change_g_not_squared(g, H, alpha):
    return -alpha * np.linalg.norm(g) + alpha**2 * (g @ H @ g) / 2


def _change_elementwise(g, H, alpha):
    return -alpha * (g @ g) + alpha**2 * (g @ np.diag(np.diag(H)) @ g) / 2


EXERCISE = Exercise(
    id="predicted-change",
    chapter="01-step-size-and-curvature",
    points=2,
    signature="predicted_change(g, H, alpha)",
    reference=predicted_change,
    alternatives=(
        lambda g, H, alpha: float(np.dot(-alpha * g, g) + 0.5 * np.dot(-alpha * g, H @ (-alpha * g))),
        lambda g, H, alpha: np.einsum("i,ij,j", g, alpha**2 / 2 * H - alpha * np.eye(len(g)), g),
        _change_in_float32,
        lambda g, H, alpha: np.array(
            sum(-alpha * a * a + alpha**2 / 2 * a * (row @ g) for a, row in zip(g, H, strict=True))
        ),
    ),
    misconceptions={
        "half missing": Misconception(
            _change_without_half,
            "The second-order term has a half in front: alpha^2 g'Hg / 2, as in any Taylor expansion.",
        ),
        "alpha not squared": Misconception(
            _change_alpha_not_squared,
            "The curvature term is quadratic in the step: the step is -alpha g, and it appears twice, so alpha^2.",
        ),
        "sign": Misconception(
            _change_sign,
            "Check the signs: the step goes against the gradient, so the first-order term is -alpha |g|^2, "
            "and the curvature term is added.",
            also=(
                _change_sign_of_curvature,
                lambda g, H, alpha: alpha * (g @ g) - alpha**2 * (g @ H @ g) / 2,
            ),
        ),
        "H ignored": Misconception(
            _change_without_H,
            "H does not appear in your curvature term. The bend along the step is g'Hg, not g'g.",
            also=(_change_first_order,),
        ),
        "|g| not squared": Misconception(
            _change_g_not_squared,
            "The first-order term is the slope along the step: g times (-alpha g), which is -alpha |g|^2. "
            "You used |g|.",
        ),
        "only the diagonal of H": Misconception(
            _change_elementwise,
            "You use only the diagonal of H. The mixed second derivatives count as well: g @ H @ g.",
        ),
    },
    claims=(
        Claim("the predicted change on random models", 3, _models),
        Claim("curvature of both signs", 1, _models_that_bend_down),
        Claim("no step or no gradient: no change", 0.5, _models_at_rest),
        Claim("whole numbers as input", 0.5, _whole_models),
    ),
)
