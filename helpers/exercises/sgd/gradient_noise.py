"""How far a batch's gradient is from the true one: the variance of its mean."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import away_from_zero, telling
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.stochastic import gradient_noise


def _examples(rng, n, d):
    return away_from_zero(rng, n * d).reshape(n, d)


def _case(inputs, note=""):
    """Return a case whose card shows the mean and sigma^2 as well."""
    g = inputs["per_example"]
    sigma2 = np.mean(np.sum((g - g.mean(axis=0)) ** 2, axis=1))
    return Case(inputs, note, shown={"mean g": g.mean(axis=0).round(6), "sigma^2": float(sigma2.round(6))})


def _drawn(rng, n, d, batch_size, replacement, note=""):
    def draw():
        return {"per_example": _examples(rng, n, d), "batch_size": batch_size, "replacement": replacement}

    return _case(telling(draw, gradient_noise, *ALWAYS, *(IN_ONE_KIND[replacement])), note)


def _noises(rng):
    # n is small, so that n and n - 1 are far apart, and B is neither 1 nor n.
    for n, d, batch_size in ((4, 2, 2), (5, 3, 3), (7, 2, 4)):
        for replacement in (True, False):
            yield _drawn(rng, n, d, batch_size, replacement)


def _one_coordinate(rng):
    for replacement in (True, False):
        yield Case(
            {"per_example": _examples(rng, 6, 1), "batch_size": 2, "replacement": replacement},
            "one coordinate",
        )


def _single(rng):
    for replacement in (True, False):
        yield Case(
            {"per_example": _examples(rng, 5, 2), "batch_size": 1, "replacement": replacement},
            "a batch of one: drawing back or not makes no difference",
        )


def _everything(rng):
    examples = _examples(rng, 4, 2)
    yield Case(
        {"per_example": examples, "batch_size": 4, "replacement": False},
        "all examples, each once: no noise is left",
    )
    yield Case({"per_example": examples, "batch_size": 9, "replacement": True}, "more draws than examples")


def _whole(rng):
    examples = rng.permutation(np.arange(1, 11))[:8].reshape(4, 2)
    yield Case({"per_example": examples, "batch_size": 3, "replacement": False}, "whole numbers")


def _with(sigma2, left=lambda n, B: (n - B) / (n - 1), right=lambda n, B: 1.0, B_to=1):
    """Return a noise of another sigma^2, of other factors without and with replacement, or another power of B."""

    def noise(per_example, batch_size, replacement):
        n = len(per_example)
        return sigma2(per_example) / batch_size**B_to * (right if replacement else left)(n, batch_size)

    return noise


def _sigma2(g):
    return np.mean(np.sum((g - g.mean(axis=0)) ** 2, axis=1))


ROOT = _with(lambda g: np.sqrt(_sigma2(g)))
DEVIATION = _with(lambda g: np.sqrt(_sigma2(g)), lambda n, B: np.sqrt((n - B) / (n - 1)), B_to=0.5)
SAMPLE = _with(lambda g: np.sum(np.var(g, axis=0, ddof=1)))
MEAN_OF_COORDINATES = _with(lambda g: np.mean(np.var(g, axis=0)))
ALL_ENTRIES = _with(lambda g: np.var(g))
NOT_CENTRED = _with(lambda g: np.mean(np.sum(g**2, axis=1)))
SUM = _with(lambda g: np.sum((g - g.mean(axis=0)) ** 2))
NO_B = _with(_sigma2, B_to=0)
B_SQUARED = _with(_sigma2, B_to=2)
ROOT_OF_B = _with(_sigma2, B_to=0.5)
LENGTHS = _with(lambda g: np.var(np.linalg.norm(g, axis=1)))
NEVER = _with(_sigma2, left=lambda n, B: 1.0)
BOTH = _with(_sigma2, right=lambda n, B: (n - B) / (n - 1))
SWAPPED = _with(_sigma2, left=lambda n, B: 1.0, right=lambda n, B: (n - B) / (n - 1))
OVER_N = _with(_sigma2, left=lambda n, B: (n - B) / n)
UPSIDE_DOWN = _with(_sigma2, left=lambda n, B: (n - 1) / (n - B) if n > B else np.inf)
ALWAYS = (
    ROOT, DEVIATION, SAMPLE, MEAN_OF_COORDINATES, ALL_ENTRIES, NOT_CENTRED, SUM, NO_B, B_SQUARED, ROOT_OF_B, LENGTHS,
)  # fmt: skip
IN_ONE_KIND = {True: (BOTH, SWAPPED), False: (NEVER, SWAPPED, OVER_N, UPSIDE_DOWN)}


def _by_coordinates(per_example, batch_size, replacement):
    n, total = len(per_example), 0.0
    for column in per_example.T:
        mean = sum(float(v) for v in column) / n
        total += sum((float(v) - mean) ** 2 for v in column) / n
    return total / batch_size if replacement else total / batch_size * (n - batch_size) / (n - 1)


def _by_moments(per_example, batch_size, replacement):
    n, g = len(per_example), np.asarray(per_example, dtype=float)
    if replacement:
        return np.array(np.trace(np.cov(g.T, ddof=0).reshape(g.shape[1], -1)) / batch_size)
    # The same formula in its usual survey form, sample variance times (1/B - 1/n).
    return np.var(g, axis=0, ddof=1).sum() * (1 / batch_size - 1 / n)


def _by_pairs(per_example, batch_size, replacement):
    n = len(per_example)
    apart = per_example[:, None] - per_example[None]
    sigma2 = np.sum(apart.astype(float) ** 2) / (2 * n * n)
    return sigma2 / batch_size * (1 if replacement else (n - batch_size) / (n - 1))


def _without_brackets(whole):
    def noise(per_example, batch_size, replacement):
        one = _sigma2(per_example) / batch_size
        return one if replacement else whole(one, len(per_example), batch_size)

    return noise


EXERCISE = Exercise(
    id="gradient-noise",
    chapter="06-sgd",
    points=2,
    signature="gradient_noise(per_example, batch_size, replacement)",
    reference=gradient_noise,
    alternatives=(_by_coordinates, _by_moments, _by_pairs),
    misconceptions={
        "sigma for sigma^2": Misconception(
            ROOT,
            "You divide sigma by B. The variance is asked for, sigma^2/B: leave out the root.",
        ),
        "standard deviation": Misconception(
            DEVIATION,
            "You return a standard deviation, the root of what is asked for. Return the mean *squared* distance.",
        ),
        "sample variance": Misconception(
            SAMPLE,
            "You divide by n - 1 (ddof=1). The n examples are the whole population here, not a sample of it: sigma^2 is "
            "the mean over them, divided by n.",
        ),
        "mean over coordinates": Misconception(
            MEAN_OF_COORDINATES,
            "You average the variances of the coordinates. |g_i - g|^2 adds them up: sum over the coordinates, mean over "
            "the examples.",
        ),
        "one mean for all entries": Misconception(
            ALL_ENTRIES,
            "np.var without an axis compares every entry with the mean of all entries. Each coordinate has its own mean: "
            "axis=0, and then add the variances up.",
        ),
        "not centred": Misconception(
            NOT_CENTRED,
            "You take the mean of |g_i|^2. Noise is the distance from the true gradient: subtract the mean of the g_i first.",
        ),
        "sum over examples": Misconception(
            SUM,
            "You add the squared distances of all examples up. sigma^2 is their mean: divide by n.",
        ),
        "power of B": Misconception(
            B_SQUARED,
            "The variance of a mean of B falls like 1/B: divide by B, once. It is the standard deviation that falls "
            "like 1/sqrt(B).",
            also=(NO_B, ROOT_OF_B),
        ),
        "variance of the lengths": Misconception(
            LENGTHS,
            "You take the variance of the lengths |g_i|. Two gradients of one length may point to different sides: "
            "subtract the mean vector, then take lengths.",
        ),
        "factor missing": Misconception(
            NEVER,
            "Without replacement you give the same as with it. Rows that are taken cannot come again, which leaves less "
            "noise: multiply by (n - B)/(n - 1).",
        ),
        "factor in both": Misconception(
            BOTH,
            "You multiply by (n - B)/(n - 1) in both cases. With replacement the draws are independent, and sigma^2/B is "
            "all of it.",
        ),
        "the other way round": Misconception(
            SWAPPED,
            "Your two cases are the other way round. replacement=True means that a row may come again: then the factor is 1.",
        ),
        "another factor": Misconception(
            OVER_N,
            "Your factor without replacement is another one. It is (n - B)/(n - 1): 1 for a batch of one, 0 for all rows.",
            also=(UPSIDE_DOWN,),
        ),
        "brackets missing": Misconception(
            _with(_sigma2, left=lambda n, B: n - B / (n - 1)),
            hints.brackets("(n - B) / (n - 1)"),
            also=(
                _with(_sigma2, left=lambda n, B: (n - B) / n - 1),
                _without_brackets(lambda one, n, B: one * n - B / (n - 1)),
                _without_brackets(lambda one, n, B: one * (n - B) / n - 1),
            ),
        ),
    },
    claims=(
        Claim("the noise of random batches", 3, _noises),
        Claim("one coordinate", 0.75, _one_coordinate),
        Claim("a batch of one", 0.75, _single),
        Claim("all examples at once, and more draws than examples", 0.75, _everything),
        Claim("whole numbers as input", 0.75, _whole),
    ),
)  # fmt: skip
