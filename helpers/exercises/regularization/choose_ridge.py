"""How much ridge a condition number costs."""

from helpers.exercises import hints
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.regularization import choose_ridge


def _draw(rng):
    L = tenths(rng, (), 4.0, 20.0)
    mu = tenths(rng, (), 0.2, 0.9)
    kappa = round(L / mu * rng.uniform(0.2, 0.7), 1)
    return {"L": L, "mu": mu, "kappa": max(kappa, 1.4)}


def _valleys(rng):
    for _ in range(5):
        yield Case(telling(lambda: _draw(rng), choose_ridge, *KNOWN))


def _floors(rng):
    for _ in range(2):
        yield Case(
            {"L": tenths(rng, (), 2.0, 9.0), "mu": 0.0, "kappa": tenths(rng, (), 5.0, 50.0)},
            "mu = 0: a flat floor",
        )


def _round_enough(rng):
    for factor in (1.5, 4.0):
        L, mu = tenths(rng, (), 2.0, 6.0), tenths(rng, (), 0.5, 1.5)
        yield Case({"L": L, "mu": mu, "kappa": round(factor * L / mu + 1, 1)}, "L/mu is below kappa already")
    yield Case({"L": 8.0, "mu": 2.0, "kappa": 4.0}, "L/mu is kappa already")


def _whole(rng):
    yield Case({"L": int(rng.integers(50, 99)), "mu": 1, "kappa": int(rng.integers(5, 9))}, "whole numbers")


def _at_least_0(formula):
    return lambda L, mu, kappa: max(0.0, formula(L, mu, kappa))


L_STAYS = _at_least_0(lambda L, mu, kappa: L / kappa - mu)
SHARE = _at_least_0(lambda L, mu, kappa: L / kappa)
NEW_MU = _at_least_0(lambda L, mu, kappa: (L - mu) / (kappa - 1))
PLUS = _at_least_0(lambda L, mu, kappa: (L - kappa * mu) / (kappa + 1))
UNDIVIDED = _at_least_0(lambda L, mu, kappa: L - kappa * mu)
FLAT = _at_least_0(lambda L, mu, kappa: L / (kappa - 1))


def _upside_down(L, mu, kappa):
    return (kappa * mu - L) / (kappa - 1)


def _reciprocal(L, mu, kappa):
    return (kappa - 1) / (L - kappa * mu) if kappa * mu < L else 0.0


KNOWN = (L_STAYS, SHARE, NEW_MU, PLUS, UNDIVIDED, FLAT, _upside_down, _reciprocal)


def _by_bisection(L, mu, kappa):
    if kappa * mu >= L:
        return 0
    low, high = 0.0, L / (kappa - 1)  # enough even where mu is 0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if L + middle > kappa * (mu + middle) else (low, middle)
    return high


EXERCISE = Exercise(
    id="choose-ridge",
    chapter="04-regularization",
    points=2,
    signature="choose_ridge(L, mu, kappa)",
    reference=choose_ridge,
    alternatives=(_by_bisection, lambda L, mu, kappa: max((L - mu) / (kappa - 1) - mu, 0)),
    misconceptions={
        "negative lam": Misconception(
            lambda L, mu, kappa: (L - kappa * mu) / (kappa - 1),
            "Where L/mu is below kappa already the formula turns negative. The smallest lam >= 0 is 0 there.",
            also=(lambda L, mu, kappa: abs(L - kappa * mu) / (kappa - 1),),
        ),
        "formula inverted": Misconception(
            _upside_down,
            "Your fraction has the wrong sign: more L asks for more ridge, more mu for less. Start again from "
            "L + lam = kappa (mu + lam), and collect lam on one side.",
            also=(
                _at_least_0(_upside_down),
                lambda L, mu, kappa: (mu - kappa * L) / (kappa - 1),
                _at_least_0(lambda L, mu, kappa: (mu - kappa * L) / (kappa - 1)),
            ),
        ),
        "fraction upside down": Misconception(
            _reciprocal,
            "Your fraction is upside down: more L asks for more ridge, and yours gets smaller. Collected on one side, "
            "(kappa - 1) lam is L - kappa mu: divide by the factor in front of lam.",
            also=(lambda L, mu, kappa: (kappa - 1) / (L - kappa * mu),),
        ),
        "L stays": Misconception(
            L_STAYS,
            "You ask for L/(mu + lam) = kappa. The ridge lifts L as well: ask for (L + lam)/(mu + lam) = kappa.",
        ),
        "a share of L": Misconception(
            SHARE,
            "L/kappa is the mu that a landscape with this L would need. It forgets the mu that is there, and "
            "that L grows as well. Solve (L + lam)/(mu + lam) = kappa.",
        ),
        "the new mu": Misconception(
            NEW_MU,
            "You return mu + lam, the smallest curvature with the ridge. lam is what has to be added: in the "
            "numerator mu is multiplied by kappa.",
        ),
        "mu ignored": Misconception(
            FLAT,
            "Your result does not depend on mu: it is right for a flat floor only. What curvature is there "
            "already need not be added.",
        ),
        "kappa + 1": Misconception(
            PLUS,
            "You divide by kappa + 1. lam stands on both sides of L + lam = kappa mu + kappa lam: subtracting it "
            "leaves (kappa - 1) lam.",
        ),
        "not divided": Misconception(
            UNDIVIDED,
            "You stop at L - kappa mu, which equals (kappa - 1) lam. Divide by kappa - 1.",
        ),
        "brackets missing": Misconception(
            lambda L, mu, kappa: max(0, L - kappa * mu / (kappa - 1)),
            hints.brackets("(L - kappa * mu) / (kappa - 1)"),
            also=(
                lambda L, mu, kappa: max(0, (L - kappa * mu) / kappa - 1),
                lambda L, mu, kappa: max(0, L - kappa * mu / kappa - 1),
                lambda L, mu, kappa: L - kappa * mu / (kappa - 1),
                lambda L, mu, kappa: (L - kappa * mu) / kappa - 1,
                lambda L, mu, kappa: L - kappa * mu / kappa - 1,
            ),
        ),
    },
    claims=(
        Claim("the ridge of random valleys", 3, _valleys),
        Claim("a flat floor: mu = 0", 0.5, _floors),
        Claim("nothing to add where kappa is reached already", 1, _round_enough),
        Claim("whole numbers as input", 0.5, _whole),
    ),
)
