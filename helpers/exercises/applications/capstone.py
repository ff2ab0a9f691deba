"""The capstone: a method and its settings, chosen for a landscape that nobody describes, within a budget of gradients.

Judged by the gap of the one point that comes back, against a bar that the course's own methods set on the same
landscape and budget (`helpers.applications.capstone.bar`), and by the number of calls, which the judge counts.
Only the noisy landscapes leave anything to chance. There the gap is a sum of squares over 40 coordinates or more, with
weights within a factor of 6, so about chi-squared with 30 degrees of freedom; the bar is SLACK = 10 times the mean
of the best. An answer three times as bad as that on average exceeds it with a probability below 1e-7.
"""

import pkgutil
from collections.abc import Iterator
from types import ModuleType

import numpy as np

from helpers import (
    adam,
    arguments,
    conditioning,
    descent,
    flow,
    momentum,
    problems,
    regularization,
    smoothness,
    stochastic,
)
from helpers.applications import capstone as landscapes
from helpers.applications.capstone import Landscape, capstone
from helpers.exercises.applications import capstone_answers as written
from helpers.exercises.applications.reaching import reaches_the_bar
from helpers.exercises.table import Case, Claim, Exercise, Misconception

# Steepness of the bowls of the core, in powers of ten: no fixed step fits two of them.
STEEPNESS = ((-3.0, -2.5), (-1.0, -0.5), (1.0, 1.5), (2.5, 3.0))


def _case(land: Landscape, note: str) -> Case:
    asked, by, best = landscapes.bar(land)
    first, knowing = land.gap(land.x0), ", knowing L" if land.problem.L else ""
    return Case(
        {"oracle": land.oracle, "x0": land.x0, "budget": land.budget},
        note,
        shown={
            "gap at x0": f"{first:.3g}",
            "gap to reach": f"{asked:.3g}",
            f"gap of {by}{knowing}": f"{best:.3g}",
        },
        facts={"landscape": land, "bar": asked},
    )


def _of_kind(kind: str, note: str):
    def cases(rng: np.random.Generator) -> Iterator[Case]:
        yield _case(landscapes.draw(kind, rng), note)

    return cases


def _bowls(rng):
    for powers in STEEPNESS:
        yield _case(landscapes.draw("bowl", rng, powers), "a round bowl, and nobody says how steep")


def _whole_numbers(rng):
    centre = rng.integers(-3, 4, 3)
    for x0, note in (
        (centre.copy(), "the start is the minimiser already: the gradient is 0"),
        (centre + rng.choice([-2, 2], 3), "the start holds whole numbers"),
    ):
        p = problems.quadratic_with_spectrum([2.0, 3.0, 5.0], minimiser=centre)
        land = Landscape("bowl", p, x0, 60, 0.0, 0)
        first = land.gap(x0)
        facts = {"landscape": land, "bar": 1e-3 * first + 1e-12}
        yield Case({"oracle": land.oracle, "x0": x0, "budget": land.budget}, note, facts=facts)


# What the prompt allows, and the checks of arguments that a method copied from its lesson brings along.
METHODS = (arguments, conditioning, descent, smoothness, regularization, flow, stochastic, momentum, adam)


def _modules(part: ModuleType) -> list[str]:
    """Return the name of a part of the course, and those of its modules if it is a package."""
    inside = pkgutil.iter_modules(getattr(part, "__path__", ()), f"{part.__name__}.")
    return [part.__name__, *(module.name for module in inside)]


EXERCISE = Exercise(
    id="capstone",
    chapter="09-applications",
    points=5,
    signature="capstone(oracle, x0, budget)",
    may_call=tuple(name for part in METHODS for name in _modules(part)),
    reference=capstone,
    alternatives=(
        written.adam_with_shrinking_steps,
        written.barzilai_borwein,
        written.heavy_ball_of_unit_steps,
    ),
    misconceptions={
        "overspends": Misconception(
            written.overspends,
            "You ask the oracle more often than the budget allows. Every call counts, those at the start and those in a "
            "probe too: count them down from `budget`, and stop at 0. To catch the refusal does not help: it was asked for.",
            also=(written.one_too_many, written.goes_on_after_the_refusal),
        ),
        "one fixed step for all": Misconception(
            written.fixed(0.01),
            "All your steps are the same multiple of the gradient, and the multiple does not fit the curvature. One "
            "landscape is a million times steeper than another: measure the curvature with a call or two and take steps of "
            "about one over it, or divide each gradient by its own length.",
            also=tuple(
                map(
                    written.fixed,
                    (1e-4, 3e-4, 1e-3, 3e-3, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3),
                )
            ),
        ),
        "plain gradient descent everywhere": Misconception(
            written.plain_descent(1.0),
            "You measure the curvature, which is right, and then go down with plain gradient descent. Across 90 "
            "curvatures that is too slow for the budget: add momentum, or let the step size change from step to step.",
            also=(written.plain_descent(0.5), written.plain_descent(0.1)),
        ),
        "returns the last noisy iterate": Misconception(
            written.never_asks_twice,
            "Where answers are noisy you return where the last step happened to end. Ask twice at x0 to find out "
            "whether there is noise; if there is, let the steps shrink to 0 or return the mean of the last points.",
            also=(written.last_of_constant_steps,),
        ),
        "stops at a small gradient": Misconception(
            written.small_gradient(1e-3),
            "You stop as soon as the gradient is shorter than a fixed number. On a flat landscape it is that short "
            "at the start. Spend the budget, or compare with the first gradient's length.",
            also=tuple(map(written.small_gradient, (1e-1, 1e-2, 3e-3, 3e-4))),
        ),
        "always the same number of steps": Misconception(
            written.always(10),
            "You take the same number of steps whatever the budget is, and leave most of it unspent where more steps are "
            "needed. Let the loop run as often as `budget` allows.",
            also=(written.always(5), written.always(20), written.always(30)),
        ),
        "measures the whole Hessian": Misconception(
            written.whole_hessian,
            "You spend one call on each coordinate to measure the Hessian. With 90 coordinates the budget is gone "
            "before the first step. Measure the curvature along the gradient only: one call more.",
        ),
        "takes curvature for granted": Misconception(
            written.accelerates,
            "Your step size comes from how much the gradient changes. Where answers are noisy the change is noise, and where "
            "the landscape is made of planes there is none until a kink. Notice both, and take steps of a known length "
            "that shrink to 0.",
        ),
        "returns x0": Misconception(
            written.returns_the_start,
            "What comes back is the start. Return the point that your steps have reached.",
            also=(written.forgets_to_move,),
        ),
        "returns the path": Misconception(
            written.returns_the_path,
            "You return all the points of the path. Return one point, the one you trust most.",
        ),
        "uphill": Misconception(
            written.uphill(0.01),
            "Your steps add the gradient, which points uphill. Subtract it.",
            also=(
                written.uphill(1e-3),
                written.uphill(0.1),
                written.uphill(1.0),
                written.uphill_by_curvature,
            ),
        ),
    },
    claims=(
        Claim("round bowls, from flat to a million times steeper", 25, _bowls, reaches_the_bar),
        Claim(
            "90 dimensions and fewer calls than that",
            4,
            _of_kind("high-dimensional", "90 coordinates and 80 calls"),
            reaches_the_bar,
        ),
        Claim(
            "ill-conditioned valleys",
            4,
            _of_kind(
                "ill-conditioned", "the steepest direction curves hundreds of times as much as the flattest"
            ),
            reaches_the_bar,
        ),
        Claim("noisy answers", 4, _of_kind("noisy", "every answer is noisy"), reaches_the_bar),
        Claim("kinks", 4, _of_kind("non-smooth", "planes that meet in kinks"), reaches_the_bar),
        Claim(
            "a saddle between two wells",
            4,
            _of_kind("non-convex", "the path leads close by a saddle"),
            reaches_the_bar,
        ),
        Claim("whole numbers as a start, the minimiser itself too", 5, _whole_numbers, reaches_the_bar),
    ),
)
