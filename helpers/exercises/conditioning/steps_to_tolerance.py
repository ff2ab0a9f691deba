"""How many steps of the best size a valley costs."""

import math

import numpy as np

from helpers.agreement import Fault
from helpers.conditioning import steps_to_tolerance
from helpers.exercises import hints
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees


def _ratio(kappa, eps):
    return math.log(eps) / math.log((kappa - 1) / (kappa + 1))


def _case(kappa, eps):
    """Return the case, and show what is left before and after the step that decides."""
    k, rate = math.ceil(_ratio(kappa, eps)), (kappa - 1) / (kappa + 1)
    return Case(
        {"kappa": kappa, "eps": eps}, shown={f"rate^{j}": float(f"{rate**j:.6g}") for j in (1, k - 1, k)}
    )


def _far_from_a_tie(rng, low, high, smallest_eps, below_half):
    """Return kappa and eps whose ratio of logarithms ends in .05 to .45, or in .55 to .95."""
    while True:
        kappa = float(f"{np.exp(rng.uniform(np.log(low), np.log(high))):.3g}")
        eps = float(f"{np.exp(rng.uniform(np.log(smallest_eps), np.log(0.05))):.1g}")
        rest = _ratio(kappa, eps) % 1
        if (0.05 < rest < 0.45) if below_half else (0.55 < rest < 0.95):
            return kappa, eps


def _valleys(rng):
    while True:  # kappa/2 log(1/eps), the formula for large kappa, must be told apart where kappa is small
        kappa, eps = _far_from_a_tie(rng, 1.5, 4, 1e-6, below_half=True)
        if math.ceil(kappa / 2 * math.log(1 / eps)) != math.ceil(_ratio(kappa, eps)):
            break
    yield _case(kappa, eps)
    for low, high, below_half in ((5, 20, False), (20, 100, True), (100, 400, False), (400, 2000, True)):
        kappa, eps = _far_from_a_tie(rng, low, high, 1e-8, below_half)
        yield _case(kappa, eps)


def _round_bowl(rng):
    for eps in (0.5, 1e-6):
        yield Case({"kappa": 1.0, "eps": eps}, "a round bowl: one step arrives")


def _one_step(case, outcome, expected):
    """Judge by the value; whatever comes in place of 1 is one kind of fault."""
    fault = agrees(case, outcome, expected)
    return fault and Fault("value: not one", fault.sentence)


def _exact_ties(rng):
    k = int(rng.choice([2, 3, 4, 5, 6, 7]))  # here every way to take the logarithms gives k exactly
    yield Case(
        {"kappa": 3.0, "eps": 2.0**-k}, f"each step halves the distance: eps is reached exactly at k = {k}"
    )


def _whole_kappa(rng):
    kappa, eps = 0.5, 0.5
    while kappa % 1:
        kappa, eps = _far_from_a_tie(rng, 3, 60, 1e-4, below_half=True)
    yield Case({"kappa": int(kappa), "eps": eps}, "kappa is a whole number")


def _rounded(count, at_one=1):
    """Return a steps_to_tolerance that rounds the ratio of logarithms by `count`, with `at_one` for kappa = 1."""
    return lambda kappa, eps: at_one if kappa == 1 else int(count(_ratio(kappa, eps)))


def _at_rate(rate):
    """Return a steps_to_tolerance for another rate than that of the best step."""
    return lambda kappa, eps: 1 if kappa == 1 else max(1, math.ceil(math.log(eps) / math.log(rate(kappa))))


def _strictly_below(kappa, eps):
    left, k = 1.0, 0
    while left >= eps:
        left, k = left * (kappa - 1) / (kappa + 1), k + 1
    return k


def _upside_down(kappa, eps):
    return 1 if kappa == 1 else math.ceil(1 / _ratio(kappa, eps))


def _mixed_logarithms(of_eps, of_rate):
    """Return the quotient of one logarithm of eps and another of the rate."""
    return lambda kappa, eps: 1 if kappa == 1 else math.ceil(of_eps(eps) / of_rate((kappa - 1) / (kappa + 1)))


def _fails_at_one(kappa, eps):
    return math.ceil(_ratio(kappa, eps))


def _zero_at_one(kappa, eps):
    with np.errstate(divide="ignore"):
        return int(np.ceil(np.log(eps) / np.log((kappa - 1) / (kappa + 1))))


def _for_large_kappa(kappa, eps):
    return math.ceil(kappa / 2 * math.log(1 / eps))


def _by_loop(kappa, eps):
    left, k = 1.0, 0
    while left > eps:
        left, k = left * (kappa - 1) / (kappa + 1), k + 1
    return k


def _by_powers(kappa, eps):
    powers = ((kappa - 1) / (kappa + 1)) ** np.arange(20_000 + int(10 * kappa))
    return np.argmax(powers <= eps)


def _by_bisection(kappa, eps):
    rate, low, high = (kappa - 1) / (kappa + 1), 0, 1
    while rate**high > eps:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if rate**middle <= eps else (middle, high)
    return float(high)


def _rate_without_brackets(rate):
    """Return the count for a rate above 1, whose logarithm is positive."""
    return lambda kappa, eps: 1 if kappa == 1 else int(np.ceil(np.log(eps) / np.log(rate(kappa))))


EXERCISE = Exercise(
    id="steps-to-tolerance",
    chapter="03-conditioning",
    points=2,
    signature="steps_to_tolerance(kappa, eps)",
    reference=steps_to_tolerance,
    alternatives=(
        _by_loop,
        _by_powers,
        _by_bisection,
        lambda kappa, eps: 1 if kappa == 1 else math.ceil(_ratio(kappa, eps)),
    ),
    misconceptions={
        "floor": Misconception(
            _rounded(math.floor),
            "You round down, and stop one step before eps is reached. Asked for is the smallest whole number "
            "that is enough: round up.",
            also=(_rounded(int, at_one=0), lambda kappa, eps: _by_loop(kappa, eps) - 1),
        ),
        "rounded to nearest": Misconception(
            _rounded(round),
            "You round to the nearest whole number. Below one half that is a step too few: round up.",
            also=(_rounded(round, at_one=0),),
        ),
        "not rounded": Misconception(
            lambda kappa, eps: 1 if kappa == 1 else _ratio(kappa, eps),
            "Steps come in whole numbers: round the quotient of the logarithms up.",
            also=(lambda kappa, eps: _ratio(kappa, eps),),
        ),
        "one step too many": Misconception(
            lambda kappa, eps: steps_to_tolerance(kappa, eps) + 1,
            "Your count is one too large. Before the first step the distance is 1, which is k = 0.",
        ),
        "strictly below eps": Misconception(
            _strictly_below,
            "Where rate^k is exactly eps, k steps are enough: the distance has to be at most eps.",
            also=(_rounded(lambda ratio: math.floor(ratio) + 1),),
        ),
        "rate of 1/L": Misconception(
            _at_rate(lambda kappa: 1 - 1 / kappa),
            "1 - 1/kappa is the rate of the step 1/L. The best step 2/(L + mu) has (kappa - 1)/(kappa + 1), "
            "which takes about half as many steps.",
            also=(lambda kappa, eps: math.ceil(math.log(eps) / math.log(1 - 1 / kappa)),),
        ),
        "height for distance": Misconception(
            _at_rate(lambda kappa: ((kappa - 1) / (kappa + 1)) ** 2),
            "Your rate is squared: that is how the height falls. The distance to the minimiser falls by "
            "(kappa - 1)/(kappa + 1) a step.",
        ),
        "root of kappa": Misconception(
            _at_rate(lambda kappa: (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)),
            "You use the root of kappa. That is what momentum achieves (chapter 7); plain gradient descent has "
            "kappa itself.",
        ),
        "quotient upside down": Misconception(
            _upside_down,
            "You get 1 almost everywhere, as log(rate)/log(eps) gives: the quotient upside down. rate^k <= eps means "
            "k log(rate) <= log(eps); divide by log(rate), which is negative.",
            also=(lambda kappa, eps: math.ceil(math.log((kappa - 1) / (kappa + 1)) / math.log(eps)),),
        ),
        "two kinds of logarithm": Misconception(
            _mixed_logarithms(math.log10, math.log),
            "Your two logarithms are to different bases: log is natural, log10 to base 10, log2 to base 2. Any base will "
            "do, if it is the same for both.",
            also=(
                _mixed_logarithms(math.log, math.log10), _mixed_logarithms(math.log2, math.log),
                _mixed_logarithms(math.log, math.log2), _mixed_logarithms(math.log10, math.log2),
                _mixed_logarithms(math.log2, math.log10),
            ),
        ),
        "kappa = 1": Misconception(
            _fails_at_one,
            "With kappa = 1 the rate is 0, which has no logarithm. One step arrives: return 1.",
            also=(_zero_at_one, lambda kappa, eps: 0 if kappa == 1 else steps_to_tolerance(kappa, eps),
                  lambda kappa, eps: math.ceil(math.log(1 / eps) / math.log((kappa + 1) / (kappa - 1))),
                  lambda kappa, eps: math.ceil(-math.log(eps) / -math.log((kappa - 1) / (kappa + 1))),
                  lambda kappa, eps: math.ceil(math.log(eps) / (math.log(kappa - 1) - math.log(kappa + 1)))),
        ),
        "formula for large kappa": Misconception(
            _for_large_kappa,
            "kappa/2 log(1/eps) is close where kappa is large, and not exact. Use the logarithm of "
            "(kappa - 1)/(kappa + 1) itself.",
            also=(lambda kappa, eps: 1 if kappa == 1 else _for_large_kappa(kappa, eps),),
        ),
        "brackets missing": Misconception(
            _rate_without_brackets(lambda kappa: kappa - 1 / kappa + 1),
            hints.brackets("(kappa - 1) / (kappa + 1)"),
            also=(
                _rate_without_brackets(lambda kappa: (kappa - 1) / kappa + 1),
                _rate_without_brackets(lambda kappa: kappa - 1 / (kappa + 1)),
            ),
        ),
    },
    claims=(
        Claim("the number of steps in random valleys", 3, _valleys),
        Claim("a round bowl takes one step", 0.75, _round_bowl, _one_step),
        Claim("a tie counts as reached", 0.75, _exact_ties),
        Claim("kappa as a whole number", 0.5, _whole_kappa),
    ),
)  # fmt: skip
