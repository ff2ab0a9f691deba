"""The two running averages of Adam, one gradient later."""

import numpy as np

from helpers.adam import update_moments
from helpers.exercises import hints
from helpers.exercises.adam.walks import memories
from helpers.exercises.drawing import away_from_zero, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off


def _update(m, v, g, beta1, beta2, note=""):
    return Case({"m": m, "v": v, "g": g, "beta1": beta1, "beta2": beta2}, note)


def _updates(rng):
    for d in (2, 2, 3, 5):
        m, v = away_from_zero(rng, d), tenths(rng, d, 1.0, 4.0)
        g = away_from_zero(rng, d, 1.2)
        # both signs, and different lengths, so that a norm or a missing square shows
        g[0], g[-1] = -abs(g[0]), abs(g[-1])
        yield _update(m, v, g, *memories(rng))


def _first_updates(rng):
    for d in (2, 3):
        yield _update(np.zeros(d), np.zeros(d), away_from_zero(rng, d), 0.9, 0.999, "the first gradient")


def _whole_updates(rng):
    for d in (2, 3):
        m, v, g = rng.integers(1, 5, d), rng.integers(1, 9, d), rng.integers(2, 6, d)
        yield _update(m, v, -g, *memories(rng), note="everything is a whole number")


def _updates_in_one_dimension(rng):
    yield _update(tenths(rng, 1, 1.0, 3.0), tenths(rng, 1, 1.0, 3.0), away_from_zero(rng, 1, 1.2), 0.8, 0.95)


def _updates_without_gradient(rng):
    m, v = away_from_zero(rng, 2), tenths(rng, 2, 1.0, 4.0)
    yield _update(m, v, np.zeros(2), *memories(rng), note="no gradient: the averages fade")


def _averages(of_m=lambda g, m: g, of_v=lambda g, m: g**2, share=lambda beta: (beta, 1 - beta)):
    """Return the update of averages of `of_m(g, new m)` and `of_v(g, new m)`, weighted old and new by `share`."""

    def update(m, v, g, beta1, beta2):
        old, new = share(beta1)
        m = old * m + new * of_m(g, m)
        old, new = share(beta2)
        return m, old * v + new * of_v(g, m)

    return update


def _in_place(m, v, g, beta1, beta2):
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    return m, v


def _written_into(m, v, g, beta1, beta2):
    m[:] = beta1 * m + (1 - beta1) * g
    v[:] = beta2 * v + (1 - beta2) * g**2
    return m, v


def _by_lists(m, v, g, beta1, beta2):
    m = [beta1 * old + (1 - beta1) * new for old, new in zip(m, g, strict=True)]
    v = [beta2 * old + (1 - beta2) * new * new for old, new in zip(v, g, strict=True)]
    return [m, v]


def _by_the_difference(m, v, g, beta1, beta2):
    """The average moves towards the new value by 1 - beta of the way."""
    g = np.asarray(g, dtype=np.float32)
    return m + np.float32(1 - beta1) * (g - m), v + np.float32(1 - beta2) * (np.square(g) - v)


def _as_one_array(m, v, g, beta1, beta2):
    beta = np.array([[beta1], [beta2]])
    return beta * np.array([m, v]) + (1 - beta) * np.array([g, g * g])


def _averages_without_brackets(in_m, in_v):
    def moments(m, v, g, beta1, beta2):
        right_m, right_v = update_moments(m, v, g, beta1, beta2)
        return (
            beta1 * m + 1 - beta1 * g if in_m else right_m,
            beta2 * v + 1 - beta2 * g**2 if in_v else right_v,
        )

    return moments


EXERCISE = Exercise(
    id="update-moments",
    chapter="08-adam",
    points=1,
    signature="update_moments(m, v, g, beta1, beta2)",
    reference=update_moments,
    alternatives=(_by_lists, _by_the_difference, _as_one_array),
    misconceptions={
        "g not squared": Misconception(
            _averages(of_v=lambda g, m: g),
            "Your v averages the gradients, or their sizes, as they are. The second moment averages their squares: put "
            "g squared, entry by entry, into v.",
            also=(_averages(of_v=lambda g, m: np.abs(g)),),
        ),
        "betas swapped": Misconception(
            lambda m, v, g, beta1, beta2: update_moments(m, v, g, beta2, beta1),
            "You use beta2 for m and beta1 for v. beta1 belongs to the first moment m, beta2 to the second, v.",
        ),
        "1 - beta missing": Misconception(
            _averages(share=lambda beta: (beta, 1)),
            "You add the new value in full, so the weights do not add up to 1. An average keeps the share beta of "
            "the old value and takes the share 1 - beta of the new one.",
        ),
        "shares the wrong way round": Misconception(
            _averages(share=lambda beta: (1 - beta, beta)),
            "You keep 1 - beta of the old average and take beta of the new value. A large beta is a long memory: "
            "beta belongs to the old value, 1 - beta to the new one.",
        ),
        "norm instead of elementwise": Misconception(
            _averages(of_v=lambda g, m: g @ g),
            "You put one length, that of the whole gradient, into every entry of v. Each coordinate keeps its "
            "own average: square entry by entry, g * g.",
            also=(
                _averages(of_v=lambda g, m: np.linalg.norm(g)),
                lambda m, v, g, beta1, beta2: (
                    beta1 * m + (1 - beta1) * g,
                    beta2 * float(np.mean(v)) + (1 - beta2) * (g @ g),
                ),
            ),
        ),
        "m squared for v": Misconception(
            _averages(of_v=lambda g, m: m**2),
            "Your v averages the square of m. It is the average of the square of g: the two averages are fed by the "
            "same gradient, and know nothing of each other.",
            also=(
                lambda m, v, g, beta1, beta2: (
                    beta1 * m + (1 - beta1) * g,
                    beta2 * v + (1 - beta2) * m**2,
                ),
            ),
        ),
        "variance for v": Misconception(
            _averages(of_v=lambda g, m: (g - m) ** 2),
            "You subtract m before you square. Adam's second moment is not centred: average g squared itself.",
        ),
        "v before m": Misconception(
            lambda m, v, g, beta1, beta2: update_moments(m, v, g, beta1, beta2)[::-1],
            "You return (v, m). The order of the result is m first, then v.",
        ),
        "changes m and v in place": Misconception(
            _in_place,
            "m *= ... and v[:] = ... write into the caller's arrays. Make new arrays instead: "
            "m_new = beta1 * m + ...",
            also=(_written_into,),
        ),
        "brackets missing": Misconception(
            _averages_without_brackets(True, True),
            hints.brackets("(1 - beta1) * g and (1 - beta2) * g**2"),
            also=(
                _averages_without_brackets(True, False),
                _averages_without_brackets(False, True),
            ),
        ),
        **cut_off(update_moments, 0, "m"),
    },
    claims=(
        Claim("one gradient more, in random averages", 5, _updates),
        Claim("the first gradient", 1, _first_updates),
        Claim("whole numbers as input", 1, _whole_updates),
        Claim("one coordinate", 1, _updates_in_one_dimension),
        Claim("no gradient", 1, _updates_without_gradient),
        Claim("m and v themselves are left as they were", 1, _updates, leaves_arguments_alone),
    ),
)
