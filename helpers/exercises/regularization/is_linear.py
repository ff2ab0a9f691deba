"""Tell a straight line on semilog paper from one on log-log paper.

The curves of the core claim are chosen in pairs, so that no threshold for the last ratio, for the last gap or for
the whole fall tells linear from sublinear: slow linear curves have ratios nearer to 1 than steep powers do.
"""

import numpy as np

from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.regularization import is_linear


def _scale(rng, low=-2.0, high=2.0):
    return float(f"{10 ** rng.uniform(low, high):.2g}")


def _curve(gaps, note=""):
    half = len(gaps) // 2
    ratios = f"{gaps[half] / gaps[half - 1]:.6f} half way, {gaps[-1] / gaps[-2]:.6f} at the end"
    return Case({"gaps": gaps}, note, shown={"gaps[k] / gaps[k - 1]": ratios})


def _linear(rng, rate, n, scale=None):
    return _curve((scale or _scale(rng)) * rate ** np.arange(n))


def _power(rng, power, n, scale=None):
    return _curve((scale or _scale(rng)) / (np.arange(n) + 1.0) ** power)


def _pure_curves(rng):
    yield _linear(rng, rng.uniform(0.75, 0.85), 40)  # falls 600-fold and more
    yield _power(rng, 1, 60)
    yield _linear(rng, rng.uniform(0.9965, 0.9975), 1000)  # ratio above 0.99: slow, and linear all the same
    yield _power(rng, rng.uniform(2.7, 3.2), 44)  # ratio about 0.93: fast, and not linear
    yield _power(rng, 0.5, 800)  # ratio 0.9994
    yield _linear(rng, rng.uniform(0.96, 0.97), 60, 1e7 * _scale(rng, 0, 1))  # the last gap is large
    yield _power(rng, rng.uniform(1.8, 2.2), 400, 1e-6 * _scale(rng, 0, 1))  # the last gap is tiny
    yield _linear(rng, rng.uniform(0.9992, 0.9994), 1500)  # ratio above 0.999, and hardly a threefold fall
    yield _power(rng, 1, 1200)
    yield _linear(rng, rng.uniform(0.87, 0.88), 100, 1e9)  # falls far and stays large
    yield _linear(rng, rng.uniform(0.93, 0.94), 50, 1e-10)  # tiny all along


def _changing_curves(rng):
    """Curves whose first half says one thing and whose last half the other."""
    for n, knee in ((200, 90), (48, 22)):
        k = np.arange(n)
        power = (k + 1.0) ** -rng.uniform(2.8, 3.2)
        rate = rng.uniform(0.985, 0.99)
        # Down like 1/k^3, until the slowest mode is alone.
        early = np.where(k < knee, power, power[knee] * rate ** (k - float(knee)))
        yield _curve(_scale(rng) * early, "a power at first, then geometric")
        rate = rng.uniform(0.9, 0.92) ** (90 / knee)
        late = np.where(k < knee, rate ** np.minimum(k, knee), rate**knee * (knee + 1) / (k + 1.0))
        yield _curve(_scale(rng) * late, "geometric at first, then 1/k")


def _two_modes(rng):
    k = np.arange(400)
    slow, fast = rng.uniform(0.975, 0.985), rng.uniform(0.7, 0.8)
    yield _curve(100 * fast**k + _scale(rng, -1, 0) * slow**k, "two modes, a fast and a slow one")


def _late_powers(rng):
    k = np.arange(200)
    yield _curve(7.0 / (k + rng.uniform(4, 9)) ** 2, "a power with a late start")


def _tail(gaps):
    k = np.arange(len(gaps))[len(gaps) // 2 :]
    return k, np.log(gaps[k])


def _misfit(x, y):
    return np.sum((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2)


def _last_ratio(limit):
    return lambda gaps: bool(gaps[-1] / gaps[-2] < limit)


def _small(limit):
    return lambda gaps: bool(gaps[-1] < limit)


def _fell(limit):
    return lambda gaps: bool(gaps[-1] / gaps[0] < limit)


def _axes_mixed_up(gaps):
    k, y = _tail(gaps)
    return bool(_misfit(np.log(k), y) < _misfit(k, y))


def _whole_curve(gaps):
    k, y = np.arange(1, len(gaps) + 1), np.log(gaps)
    return bool(_misfit(k, y) < _misfit(np.log(k), y))


def _first_half(gaps):
    k = np.arange(1, len(gaps) // 2)
    return bool(_misfit(k, np.log(gaps[k])) < _misfit(np.log(k), np.log(gaps[k])))


def _straight(gaps):
    return bool(abs(np.corrcoef(np.arange(len(gaps)), gaps)[0, 1]) > 0.999)


def _by_quarters(gaps):
    # A geometric curve loses as many digits in the last quarter as in the one before; a power loses fewer.
    n = len(gaps) - 1
    a, b, c = (float(np.log(gaps[j])) for j in (n - 2 * (n // 4), n - n // 4, n))
    return (b - c) / (a - b) > 0.86


def _by_ratios(gaps):
    # 1 - ratio stays the same for a geometric curve, and falls like p/k for a power.
    half = len(gaps) // 2
    loss = -np.diff(np.log(gaps[half:]))
    return np.bool_(loss[-5:].mean() > 0.75 * loss[:5].mean())


EXERCISE = Exercise(
    id="is-linear",
    chapter="04-regularization",
    points=3,
    signature="is_linear(gaps)",
    reference=is_linear,
    alternatives=(_by_quarters, _by_ratios),
    misconceptions={
        "last ratio only": Misconception(
            _last_ratio(0.99),
            "You look at how large the ratio of two gaps is. A slow geometric curve has a ratio of 0.999, and 1/k^3 "
            "has 0.93 after 40 steps. Ask whether the ratio *stays*, not how large it is: compare early and late.",
            also=tuple(map(_last_ratio, (0.9, 0.95, 0.97, 0.98, 0.995, 0.999))),
        ),
        "fooled by scale": Misconception(
            _small(1e-6),
            "You look at the size of the last gap, which depends on the units of f and on the number of steps. "
            "Multiplying all gaps by 1000 must not change the answer: look at the shape of the curve.",
            also=tuple(_small(10.0**-k) for k in (2, 3, 4, 5, 8)),
        ),
        "how far it fell": Misconception(
            _fell(1e-3),
            "You compare the last gap with the first. With enough steps 1/k falls as far as you like, and a slow "
            "geometric curve hardly at all. Ask how it falls: straight over k on a log scale, or over log k?",
            also=tuple(_fell(10.0**-k) for k in (2, 4)),
        ),
        "axes mixed up": Misconception(
            _axes_mixed_up,
            "Your answers are the other way round. A geometric curve is straight where log gap is drawn over k; "
            "a power of k is straight where it is drawn over log k.",
            also=(lambda gaps: not _whole_curve(gaps),),
        ),
        "any decrease": Misconception(
            lambda gaps: bool(np.all(np.diff(gaps) < 0)),
            "You say yes whenever the gaps fall. All of these curves fall. Linear convergence asks for a *fixed* "
            "factor below 1 in every step; for 1/k the factor creeps up to 1. If you fit lines to the last half: log k takes "
            "the k of the whole curve, not one that starts again at 1.",
            also=(lambda gaps: bool(gaps[-1] < gaps[0]),),
        ),
        "a straight line": Misconception(
            _straight,
            "You ask whether the gaps themselves lie on a straight line. 'Linear' means that each gap is a fixed "
            "factor times the last one: it is the logarithm of the gap that falls on a line over k.",
        ),
        "whole curve": Misconception(
            _whole_curve,
            "You judge the whole curve. The first steps may be of another kind: use the last half only, where "
            "the final behaviour shows.",
            also=(_first_half,),
        ),
    },
    claims=(
        Claim("geometric curves and powers of 1/k", 3, _pure_curves),
        Claim("the last half decides", 1, _changing_curves),
        Claim("two modes: the slow one stays", 0.5, _two_modes),
        Claim("a power that starts late", 0.5, _late_powers),
    ),
)
