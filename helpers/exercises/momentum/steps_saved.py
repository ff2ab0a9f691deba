"""How many times fewer steps the heavy ball takes."""

import math

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import redrawn
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.momentum import steps_saved


def _steps(kappa, eps):
    """Return the quotient of the logarithms before it is rounded."""
    return math.log(eps) / math.log((kappa - 1) / (kappa + 1))


def _case(inputs, note=""):
    """Return a case whose card shows the two numbers of steps."""
    kappa, eps = inputs.values()
    counts = {
        "steps of gradient descent": math.ceil(_steps(kappa, eps)),
        "steps of the heavy ball": math.ceil(_steps(math.sqrt(kappa), eps)),
    }
    return Case(inputs, note, shown=counts)


def _valleys(rng):
    for low, high, rounded_down in (
        (5, 20, True),
        (20, 60, True),
        (50, 150, False),
        (100, 400, True),
        (5, 60, False),
    ):

        def draw(low=low, high=high):
            kappa = float(f"{np.exp(rng.uniform(np.log(low), np.log(high))):.3g}")
            return {"kappa": kappa, "eps": float(f"{np.exp(rng.uniform(np.log(1e-6), np.log(1e-2))):.1g}")}

        def good(inputs, rounded_down=rounded_down):
            kappa, eps = inputs.values()
            plain, heavy = _steps(kappa, eps), _steps(math.sqrt(kappa), eps)
            rest = (plain % 1, heavy % 1)
            inside = all((0.05 < r < 0.45) if rounded_down else (0.55 < r < 0.95) for r in rest)
            right = math.ceil(plain) / math.ceil(heavy)
            # not a whole number, and neither sqrt(kappa) nor the unrounded quotient by chance
            wrong = (
                math.sqrt(kappa),
                plain / heavy,
                math.ceil(plain / heavy),
                round(right),
                math.ceil(plain) / heavy,
            )
            has_digits = abs(round(right, 2) / right - 1) > 1e-4
            return inside and has_digits and min(abs(w / right - 1) for w in wrong) > 1e-3

        yield _case(redrawn(draw, good))


def _round_bowl(rng):
    for eps in (0.5, 1e-6):
        yield Case({"kappa": 1.0, "eps": eps}, "a round bowl: one step either way")


def _whole_kappa(rng):
    # 1/kappa of 16 or 81 by hand: the roots 4 and 9 are whole, and no quotient of logarithms is close to one
    kappa, eps = ((16, 0.003), (81, 0.02))[int(rng.integers(2))]
    yield _case({"kappa": kappa, "eps": eps}, "kappa is a whole number")


def _quotient(count=math.ceil, plain=lambda kappa: kappa, heavy=math.sqrt, eps_of=lambda eps: eps):
    """Return a quotient that counts in another way, or with other condition numbers."""

    def saved(kappa, eps):
        if kappa == 1:
            return 1.0
        return count(_steps(plain(kappa), eps)) / count(_steps(heavy(kappa), eps_of(eps)))

    return saved


def _at_rates(plain, heavy):
    """Return the quotient of whole steps for other rates."""

    def saved(kappa, eps):
        if kappa == 1:
            return 1.0
        return math.ceil(math.log(eps) / math.log(plain(kappa))) / math.ceil(
            math.log(eps) / math.log(heavy(kappa))
        )

    return saved


def _rate(kappa):
    return (kappa - 1) / (kappa + 1)


def _by_loops(kappa, eps):
    counts = []
    for condition in (kappa, kappa**0.5):
        left, k = 1.0, 0
        while left > eps:
            left, k = left * (condition - 1) / (condition + 1), k + 1
        counts.append(k)
    return counts[0] / counts[1]


def _by_powers(kappa, eps):
    rates = np.array([_rate(kappa), _rate(np.sqrt(kappa))])
    left = rates ** np.arange(20_000)[:, None]
    first = np.argmax(left <= eps, axis=0)
    return np.divide(*first)


def _at_rates_above_1(rate):
    """Return the quotient for rates whose logarithm is positive."""

    def saved(kappa, eps):
        if kappa == 1:
            return 1
        plain, heavy = (np.ceil(np.log(eps) / np.log(rate(k))) for k in (kappa, math.sqrt(kappa)))
        return plain / heavy

    return saved


EXERCISE = Exercise(
    id="steps-saved",
    chapter="07-momentum",
    points=1,
    signature="steps_saved(kappa, eps)",
    reference=steps_saved,
    alternatives=(_by_loops, _by_powers, _quotient()),
    misconceptions={
        "sqrt missing": Misconception(
            _quotient(heavy=lambda kappa: kappa),
            "Both counts are those of gradient descent, so that you always get 1. The heavy ball has the root of kappa "
            "in the place of kappa.",
        ),
        "sqrt(kappa) itself": Misconception(
            lambda kappa, eps: math.sqrt(kappa),
            "sqrt(kappa) is what the quotient tends to for large kappa. Asked for are the two whole numbers of steps, "
            "one divided by the other.",
        ),
        "upside down": Misconception(
            lambda kappa, eps: 1 / steps_saved(kappa, eps),
            "Your quotient is upside down: steps of gradient descent over steps of the heavy ball, at least 1.",
        ),
        "not rounded": Misconception(
            _quotient(count=lambda steps: steps),
            "Steps come in whole numbers: round each of the two counts up before you divide them.",
            also=(
                lambda kappa, eps: (
                    _steps(kappa, eps) / _steps(math.sqrt(kappa), eps) if kappa > 1 else math.nan
                ),
            ),
        ),
        "floor": Misconception(
            _quotient(count=math.floor),
            "Your counts are rounded down, one step short. The smallest number of steps that is enough is the quotient "
            "of the logarithms rounded up.",
            also=(_quotient(count=int),),
        ),
        "difference": Misconception(
            lambda kappa, eps: (
                math.ceil(_steps(kappa, eps)) - math.ceil(_steps(math.sqrt(kappa), eps)) if kappa > 1 else 0
            ),
            "You subtract the counts. Asked for is how many times fewer: divide them.",
        ),
        "rounded at the end": Misconception(
            lambda kappa, eps: (
                math.ceil(_steps(kappa, eps) / _steps(math.sqrt(kappa), eps)) if kappa > 1 else 1
            ),
            "You round the quotient. Round the two counts instead, each up, and leave their quotient as it is.",
            also=(lambda kappa, eps: round(steps_saved(kappa, eps)),),
        ),
        "rate of 1/L": Misconception(
            _at_rates(lambda kappa: 1 - 1 / kappa, lambda kappa: _rate(math.sqrt(kappa))),
            "Your count for gradient descent is that of the step 1/L. Its best step leaves (kappa - 1)/(kappa + 1).",
        ),
        "Nesterov's rate": Misconception(
            _at_rates(_rate, lambda kappa: 1 - 1 / math.sqrt(kappa)),
            "1 - 1/sqrt(kappa) is the rate of Nesterov's method. The heavy ball leaves "
            "(sqrt kappa - 1)/(sqrt kappa + 1).",
        ),
        "momentum for the rate": Misconception(
            _at_rates(_rate, lambda kappa: _rate(math.sqrt(kappa)) ** 2),
            "You take beta itself for what a step of the heavy ball leaves. It is the root of beta, "
            "(sqrt kappa - 1)/(sqrt kappa + 1).",
        ),
        "kappa = 1": Misconception(
            lambda kappa, eps: math.ceil(_steps(kappa, eps)) / math.ceil(_steps(math.sqrt(kappa), eps)),
            "With kappa = 1 both rates are 0, which has no logarithm. Either method takes one step: return 1.",
            also=(
                lambda kappa, eps: 0.0 if kappa == 1 else steps_saved(kappa, eps),
                lambda kappa, eps: math.nan if kappa == 1 else steps_saved(kappa, eps),
            ),
        ),
        "brackets missing": Misconception(
            _at_rates_above_1(lambda kappa: kappa - 1 / kappa + 1),
            hints.brackets("(kappa - 1) / (kappa + 1)"),
            also=(
                _at_rates_above_1(lambda kappa: (kappa - 1) / kappa + 1),
                _at_rates_above_1(lambda kappa: kappa - 1 / (kappa + 1)),
            ),
        ),
    },
    claims=(
        Claim("the quotient in random valleys", 3, _valleys),
        Claim("a round bowl: 1", 1, _round_bowl),
        Claim("kappa as a whole number", 1, _whole_kappa),
    ),
)
