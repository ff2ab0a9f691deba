"""The constant step that balances the steepest direction and the flattest."""

from helpers.conditioning import optimal_step
from helpers.exercises import hints
from helpers.exercises.drawing import tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _curvatures(rng):
    for low, high in ((2.5, 6.0), (2.5, 6.0), (7.0, 30.0), (50.0, 200.0)):
        yield Case({"L": tenths(rng, (), low, high), "mu": tenths(rng, (), 0.2, 0.8)})
    yield Case(
        {"L": tenths(rng, (), 0.6, 0.9), "mu": tenths(rng, (), 0.1, 0.4)}, "gentle curvatures, a long step"
    )
    mu = tenths(rng, (), 1.2, 4.0)
    yield Case({"L": round(mu + tenths(rng, (), 0.4, 0.9), 1), "mu": mu}, "curvatures close to each other")


def _whole_curvatures(rng):
    mu = int(rng.integers(2, 5))
    yield Case({"L": mu + int(rng.integers(2, 9)), "mu": mu}, "whole numbers")


def _one_curvature(rng):
    L = tenths(rng, (), 2.0, 9.0)
    yield Case({"L": L, "mu": L}, "one curvature: the step that arrives at once, 1/L")


def _extremes(rng):
    yield Case({"L": tenths(rng, (), 2.0, 9.0) * 1000, "mu": 0.001}, "curvatures a million times apart")


EXERCISE = Exercise(
    id="optimal-step",
    chapter="03-conditioning",
    points=1,
    signature="optimal_step(L, mu)",
    reference=optimal_step,
    alternatives=(
        lambda L, mu: 1 / ((L + mu) / 2),
        lambda L, mu: float(1 / L + (L - mu) / (L * (L + mu))),
        lambda L, mu: 2 / sum([L, mu]),
    ),
    misconceptions={
        "1/L": Misconception(
            lambda L, mu: 1 / L,
            "1/L is the best step for the steepest direction alone. A longer one costs little there and gains "
            "in the flat directions: let mu take part.",
        ),
        "2/L": Misconception(
            lambda L, mu: 2 / L,
            "2/L is the limit: in the steepest direction it jumps from side to side for ever. Stay below it by "
            "as much as the flattest direction allows.",
        ),
        "1/(L + mu)": Misconception(
            lambda L, mu: 1 / (L + mu),
            "Your step is half as long as the best one. Where L = mu, the best step is 1/L, and yours is 1/(2L).",
        ),
        "2/(L - mu)": Misconception(
            lambda L, mu: 2 / (L - mu),
            "You subtract mu. Balance the two ends: at the best step 1 - alpha mu = -(1 - alpha L). Solve this "
            "for alpha.",
        ),
        "mean of 1/L and 1/mu": Misconception(
            lambda L, mu: (1 / L + 1 / mu) / 2,
            "You take the middle of the best steps, 1/L and 1/mu. That is beyond 2/L for a narrow valley. Take "
            "one over the middle of the curvatures instead.",
        ),
        "geometric mean": Misconception(
            lambda L, mu: 1 / (L * mu) ** 0.5,
            "You take one over the geometric mean of the curvatures. |1 - alpha L| and |1 - alpha mu| are "
            "equal at one over the arithmetic mean.",
        ),
        "inverted": Misconception(
            lambda L, mu: (L + mu) / 2,
            "Your fraction is upside down: more curvature must give a shorter step.",
        ),
        "1/mu": Misconception(
            lambda L, mu: 1 / mu,
            "1/mu is the best step for the flattest direction alone. In the steepest one it diverges as soon as "
            "L is more than 2 mu.",
            also=(lambda L, mu: 2 / mu,),
        ),
        "the rate": Misconception(
            lambda L, mu: (L - mu) / (L + mu),
            "That is what is left of the distance after one step of the best size, (L - mu)/(L + mu). Asked for "
            "is the step size itself.",
        ),
        "cut to whole numbers": Misconception(
            lambda L, mu: 2 // (L + mu),
            "// cuts the quotient to a whole number. Divide with a single /.",
        ),
        "brackets missing": Misconception(
            lambda L, mu: 2 / L + mu,
            hints.brackets("2 / (L + mu)"),
        ),
    },
    claims=(
        Claim("the best step for random curvatures", 3, _curvatures),
        Claim("whole numbers as input", 0.5, _whole_curvatures),
        Claim("one curvature: 1/L", 0.5, _one_curvature),
        Claim("curvatures far apart", 0.5, _extremes),
    ),
)
