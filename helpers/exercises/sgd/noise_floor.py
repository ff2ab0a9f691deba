"""How far noise keeps gradient descent from the minimum."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import share_of, telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.stochastic import noise_floor


def _case(alpha, lam, s2, note=""):
    return Case({"alpha": alpha, "lam": lam, "s2": s2}, note)


def _floors(rng):
    # From short steps, where the small-step formula is close, to steps near the limit; s2 and lam are not 1.
    for low, high in ((0.3, 0.6), (0.6, 0.9), (1.1, 1.4), (1.5, 1.8), (1.85, 1.95)):

        def draw(low=low, high=high):
            lam = tenths(rng, (), 1.5, 4.0)
            return {"alpha": share_of(rng, 1 / lam, low, high), "lam": lam, "s2": tenths(rng, (), 1.5, 5.0)}

        yield Case(telling(draw, noise_floor, *KNOWN))


def _no_step(rng):
    yield _case(0.0, tenths(rng, (), 1.5, 4.0), 2.5, "alpha = 0: nothing moves")


def _no_noise(rng):
    yield _case(0.25, tenths(rng, (), 1.5, 3.0), 0.0, "no noise")


def _beyond(rng):
    lam = tenths(rng, (), 1.5, 4.0)
    yield _case(
        share_of(rng, 2 / lam, 1.2, 1.5), lam, tenths(rng, (), 1.5, 5.0), "alpha lam is larger than 2"
    )
    # a flat bowl and a long step: it is not alpha alone that decides
    lam = tenths(rng, (), 0.3, 0.6)
    yield _case(
        share_of(rng, 2 / lam, 3.0, 5.0), lam, tenths(rng, (), 1.5, 5.0), "alpha lam is far larger than 2"
    )


def _at_the_limit(rng):
    for lam in (
        0.5,
        2.0 ** int(rng.integers(1, 3)),
    ):  # alpha on both sides of 2: it is not alpha alone that decides
        yield _case(2 / lam, lam, tenths(rng, (), 1.5, 5.0), "alpha lam is exactly 2")


def _whole(rng):
    yield _case(1, 1, int(rng.integers(2, 9)), "whole numbers")


def _with(formula, beyond=np.inf, at_limit=None):
    """Return a floor by another formula, with another answer beyond the limit and at it."""
    at_limit = beyond if at_limit is None else at_limit

    def floor(alpha, lam, s2):
        if alpha * lam == 2:
            return at_limit(alpha, lam, s2) if callable(at_limit) else at_limit
        if alpha * lam > 2:
            return beyond(alpha, lam, s2) if callable(beyond) else beyond
        return formula(alpha, lam, s2)

    return floor


def _right(alpha, lam, s2):
    return alpha * s2 / (lam * (2 - alpha * lam))


TWO_MISSING = _with(lambda alpha, lam, s2: alpha * s2 / (lam * abs(1 - alpha * lam)))
TWO_MISSING_PLAIN = _with(lambda alpha, lam, s2: alpha * s2 / (lam * (1 - alpha * lam)))
LAM_SQUARED = _with(lambda alpha, lam, s2: _right(alpha, lam, s2) / lam)
LAM_MISSING = _with(lambda alpha, lam, s2: _right(alpha, lam, s2) * lam)
SMALL_STEP = _with(lambda alpha, lam, s2: alpha * s2 / (2 * lam))
ALPHA_SQUARED = _with(lambda alpha, lam, s2: alpha * _right(alpha, lam, s2))
ALPHA_MISSING = _with(lambda alpha, lam, s2: _right(alpha, lam, s2) / alpha if alpha else s2 / (2 * lam))
DEVIATION = _with(lambda alpha, lam, s2: np.sqrt(_right(alpha, lam, s2)))
S_FOR_S2 = _with(lambda alpha, lam, s2: _right(alpha, lam, np.sqrt(s2)))
S2_SQUARED = _with(lambda alpha, lam, s2: _right(alpha, lam, s2**2))
ONE_STEP = _with(lambda alpha, lam, s2: alpha**2 * s2)
PLUS = _with(lambda alpha, lam, s2: alpha * s2 / (lam * (2 + alpha * lam)))
HEIGHT = _with(lambda alpha, lam, s2: lam * _right(alpha, lam, s2) / 2)
NOT_SQUARED = _with(lambda alpha, lam, s2: alpha**2 * s2 / abs(1 - abs(1 - alpha * lam)) if alpha else 0.0)
KNOWN = (
    TWO_MISSING, TWO_MISSING_PLAIN, LAM_SQUARED, LAM_MISSING, SMALL_STEP, ALPHA_SQUARED, ALPHA_MISSING, DEVIATION,
    S_FOR_S2, S2_SQUARED, ONE_STEP, PLUS, HEIGHT, NOT_SQUARED,
)  # fmt: skip


def _by_squares(alpha, lam, s2):
    q = 1 - alpha * lam
    return (
        np.array(0.0) if alpha == 0 else np.array(alpha**2 * s2 / (1 - q * q) if alpha * lam < 2 else np.inf)
    )


def _by_iteration(alpha, lam, s2):
    if alpha * lam >= 2:
        return float("inf")
    v = 0.0
    for _ in range(2000):
        v = (1 - alpha * lam) ** 2 * v + alpha**2 * s2
    return v


EXERCISE = Exercise(
    id="noise-floor",
    chapter="06-sgd",
    points=2,
    signature="noise_floor(alpha, lam, s2)",
    reference=noise_floor,
    alternatives=(_by_squares, _by_iteration),
    misconceptions={
        "2 missing": Misconception(
            TWO_MISSING_PLAIN,
            "Your bracket is 1 - alpha lam. It comes from 1 - (1 - alpha lam)^2 = alpha lam (2 - alpha lam): there is a 2 "
            "in it.",
            also=(TWO_MISSING,),
        ),
        "1/lam^2": Misconception(
            LAM_SQUARED,
            "You divide by lam twice. One of the two cancels: alpha^2 s2 over alpha lam (2 - alpha lam).",
        ),
        "lam missing": Misconception(
            LAM_MISSING,
            "You forget to divide by lam. The steeper the bowl, the closer it holds x: alpha s2 over lam (2 - alpha lam).",
        ),
        "small steps only": Misconception(
            SMALL_STEP,
            "alpha s2/(2 lam) is the limit for short steps. The exact floor has 2 - alpha lam in place of the 2, and grows "
            "without bound towards alpha lam = 2.",
        ),
        "power of alpha": Misconception(
            ALPHA_SQUARED,
            "The power of alpha is wrong. A step adds alpha^2 s2, and the sum over all steps divides by alpha lam "
            "(2 - alpha lam): one alpha stays on top.",
            also=(ALPHA_MISSING,),
        ),
        "standard deviation": Misconception(
            DEVIATION,
            "You return the root. The floor asked for is the mean of x^2, not of its size.",
        ),
        "s2 is a variance already": Misconception(
            S_FOR_S2,
            "s2 is the variance of the noise already. Use it as it is, without a root or a square.",
            also=(S2_SQUARED,),
        ),
        "one step": Misconception(
            ONE_STEP,
            "alpha^2 s2 is the noise of one step. Those before it are still there, each multiplied by (1 - alpha lam)^2 "
            "since: add up the geometric series.",
        ),
        "plus for minus": Misconception(
            PLUS,
            "Your bracket is 2 + alpha lam. Longer steps hold x less, not more: 2 - alpha lam, which is 0 at the limit.",
        ),
        "height for distance": Misconception(
            HEIGHT,
            "You return the mean height lam x^2/2. The mean of x^2 itself is asked for.",
        ),
        "factor not squared": Misconception(
            NOT_SQUARED,
            "You divide by 1 - |1 - alpha lam|. Variances are multiplied by the *square* of the factor: 1 - (1 - alpha lam)^2.",
        ),
        "no limit": Misconception(
            _right,
            "Beyond alpha lam = 2 your formula gives a negative number, and at it divides by zero. No bowl holds x there: "
            "return np.inf.",
            also=(
                _with(_right, beyond=lambda alpha, lam, s2: abs(_right(alpha, lam, s2)),
                      at_limit=lambda alpha, lam, s2: _right(alpha, lam, s2)),
                _with(_right, beyond=np.nan), _with(_right, beyond=0.0), _with(_right, beyond=-np.inf),
            ),
        ),
        "limit itself": Misconception(
            _with(_right, at_limit=_right),
            "At alpha lam = 2 exactly you divide by zero. The limit belongs to the steps without a floor: test with >=.",
            also=(_with(_right, at_limit=0.0), _with(_right, at_limit=np.nan)),
        ),
        "limit of alpha alone": Misconception(
            lambda alpha, lam, s2: np.inf if alpha >= 2 else _right(alpha, lam, s2),
            "You ask whether alpha is 2 or more. What decides is the product alpha lam: in a steep bowl a short step is "
            "too long already.",
        ),
        "2 - alpha": Misconception(
            _with(lambda alpha, lam, s2: alpha * s2 / (lam * 2 - alpha * lam)),
            "Your denominator comes to lam (2 - alpha), which is lam * 2 - alpha * lam without brackets too. It is "
            "lam * (2 - alpha * lam).",
        ),
        "brackets missing": Misconception(
            _with(lambda alpha, lam, s2: alpha * s2 / lam * (2 - alpha * lam)),
            hints.brackets("alpha * s2 / (lam * (2 - alpha * lam))"),
            also=(
                _with(lambda alpha, lam, s2: alpha * s2 / lam * 2 - alpha * lam),
            ),
        ),
    },
    claims=(
        Claim("the floor of random steps", 5, _floors),
        Claim("no step, no spread", 1, _no_step),
        Claim("no noise, no spread", 1, _no_noise),
        Claim("beyond alpha lam = 2 there is no floor", 1, _beyond),
        Claim("at alpha lam = 2 neither", 1, _at_the_limit),
        Claim("whole numbers as input", 1, _whole),
    ),
)  # fmt: skip
