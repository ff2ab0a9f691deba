"""The capstone: a method and its settings, chosen for a landscape that nobody describes, within a budget of gradients.

Judged by the gap of the one point that comes back, against a bar that the course's own methods set on the same
landscape and budget (`helpers.applications.capstone.bar`), and by the number of calls, which the judge counts.
Only the noisy landscapes leave anything to chance. There the gap is a sum of squares over 40 coordinates or more, with
weights within a factor of 6, so about chi-squared with 30 degrees of freedom; the bar is SLACK = 10 times the mean
of the best. An answer three times as bad as that on average exceeds it with a probability below 1e-7.
"""

from collections.abc import Iterator

import numpy as np

from helpers import problems
from helpers.applications import capstone as landscapes
from helpers.applications.capstone import Landscape, accelerated, capstone, shrinking_steps
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


def _fixed(alpha):
    def capstone(oracle, x0, budget):
        x = np.array(x0, dtype=float)
        for _ in range(budget):
            x = x - alpha * oracle(x)
        return x

    return capstone


def _probed(oracle, x0):
    """The gradient at x0 and the curvature along it, for two calls."""
    x0 = np.array(x0, dtype=float)
    g = oracle(x0)
    length = np.linalg.norm(g)
    if length == 0:
        return x0, g, 0.0
    return x0, g, np.linalg.norm(oracle(x0 - 1e-4 * g / length) - g) / 1e-4


def _plain_descent(factor):
    def capstone(oracle, x0, budget):
        x, g, L = _probed(oracle, x0)
        for _ in range(budget - 2):
            if not g.any():
                return x
            x = x - factor * g / L
            g = oracle(x)
        return x

    return capstone


def _accelerates(oracle, x0, budget, steps=None):
    x, g, L = _probed(oracle, x0)
    return x if not g.any() else accelerated(oracle, x, g, L, steps or budget - 2)


def _never_asks_twice(oracle, x0, budget):
    """Right where answers are exact, and blind to noise."""
    x, g, L = _probed(oracle, x0)
    if not g.any():
        return x
    if 1e-9 * np.linalg.norm(g) > 1e-4 * L:
        return shrinking_steps(oracle, x, 0.2, budget - 2)
    return accelerated(oracle, x, g, L, budget - 2)


def _last_of_constant_steps(oracle, x0, budget):
    g, again = oracle(x0), oracle(x0)
    if not np.any(g != again):
        return _never_asks_twice(oracle, x0, budget - 2)
    x, v, L = np.array(x0, dtype=float), 0.0 * g, np.linalg.norm(g) / 3
    for _ in range(budget - 2):
        v = 0.5 * v - oracle(x) / L
        x = x + v
    return x


def _overspends(oracle, x0, budget):
    x = np.array(x0, dtype=float)
    for _ in range(budget):
        _, g, L = _probed(oracle, x)
        x = x - g / (L or 1)
    return x


def _one_too_many(oracle, x0, budget):
    x, g, L = _probed(oracle, x0)
    return accelerated(oracle, x, g, L or 1, budget)


def _goes_on_after_the_refusal(oracle, x0, budget):
    x, g, L = _probed(oracle, x0)
    try:
        while True:
            x = x - g / (L or 1)
            g = oracle(x)
    except RuntimeError:
        return x


def _small_gradient(tolerance):
    def capstone(oracle, x0, budget):
        x, g, L = _probed(oracle, x0)
        for _ in range(budget - 2):
            if np.linalg.norm(g) < tolerance:
                return x
            x = x - g / L
            g = oracle(x)
        return x

    return capstone


def _always(steps):
    return lambda oracle, x0, budget: _accelerates(oracle, x0, budget, steps)


def _whole_hessian(oracle, x0, budget):
    x = np.array(x0, dtype=float)
    while budget > 0:
        g = oracle(x)
        H = np.array([(oracle(x + 1e-4 * e) - g) / 1e-4 for e in np.eye(len(x))])
        x = x - np.linalg.lstsq(H, g, rcond=None)[0]
        budget -= 2 * (len(x) + 1)
    return x


def _returns_the_start(oracle, x0, budget):
    capstone(oracle, x0, budget)
    return x0


def _forgets_to_move(oracle, x0, budget):
    return np.array(x0)


def _returns_the_path(oracle, x0, budget):
    path = [np.array(x0, dtype=float)]
    _, g, L = _probed(oracle, x0)
    for _ in range(budget - 2):
        path.append(path[-1] - g / (L or 1))
        g = oracle(path[-1])
    return np.array(path)


def _uphill(alpha):
    return _fixed(-alpha)


def _uphill_by_curvature(oracle, x0, budget):
    return _plain_descent(-1.0)(oracle, x0, budget)


# Other right answers


def _adam_with_shrinking_steps(oracle, x0, budget):
    """Adam from 0.3 down to 0, and the mean of its last quarter."""
    x, tail = np.array(x0, dtype=float), []
    m = v = np.zeros(len(x))
    for t in range(1, budget + 1):
        g = oracle(x)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        alpha = 0.3 * (1 - (t - 1) / budget)
        x = x - alpha * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-300)
        if t > 0.75 * budget:
            tail.append(x)
    return np.mean(tail, axis=0)


def _barzilai_borwein(oracle, x0, budget):
    """The step that the last two gradients suggest (Barzilai and Borwein 1988), where they can be trusted."""
    x0, g, L = _probed(oracle, x0)
    if not g.any():
        return x0
    if np.any(oracle(x0) != g) or 1e-9 * np.linalg.norm(g) > 1e-4 * L:
        return shrinking_steps(oracle, x0, 0.15, budget - 3).tolist()
    x, alpha, enough = x0, 1 / L, 1e-10 * np.linalg.norm(g)
    for k in range(budget - 3):
        moved = -alpha * g
        x, last = x + moved, g
        g = oracle(x)
        change = g - last
        if np.linalg.norm(g) < enough:
            break
        along = abs(moved @ change)
        alpha = moved @ moved / along if k % 2 else along / (change @ change)
    return x


def _heavy_ball_of_unit_steps(oracle, x0, budget):
    """The heavy ball with its velocity normalised: steps of 0.2 that shrink to 0, whatever the landscape's height."""
    x = np.asarray(x0, dtype=np.float64)
    m = 0 * x
    for k in range(budget):
        m = 0.65 * m + 0.35 * oracle(x)
        length = np.linalg.norm(m)
        if length > 0:
            x = x - 0.2 * (1 - k / budget) * m / length
    return x


METHODS = (
    "conditioning",
    "descent",
    "smoothness",
    "regularization",
    "flow",
    "stochastic",
    "momentum",
    "adam",
)

EXERCISE = Exercise(
    id="capstone",
    chapter="09-applications",
    points=5,
    signature="capstone(oracle, x0, budget)",
    may_call=tuple(f"helpers.{name}" for name in METHODS),
    reference=capstone,
    alternatives=(_adam_with_shrinking_steps, _barzilai_borwein, _heavy_ball_of_unit_steps),
    misconceptions={
        "overspends": Misconception(
            _overspends,
            "You ask the oracle more often than the budget allows. Every call counts, those at the start and those in a "
            "probe too: count them down from `budget`, and stop at 0. To catch the refusal does not help: it was asked for.",
            also=(_one_too_many, _goes_on_after_the_refusal),
        ),
        "one fixed step for all": Misconception(
            _fixed(0.01),
            "All your steps are the same multiple of the gradient, and the multiple does not fit the curvature. One "
            "landscape is a million times steeper than another: measure the curvature with a call or two and take steps of "
            "about one over it, or divide each gradient by its own length.",
            also=tuple(
                map(_fixed, (1e-4, 3e-4, 1e-3, 3e-3, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3))
            ),
        ),
        "plain gradient descent everywhere": Misconception(
            _plain_descent(1.0),
            "You measure the curvature, which is right, and then go down with plain gradient descent. Across 90 "
            "curvatures that is too slow for the budget: add momentum, or let the step size change from step to step.",
            also=(_plain_descent(0.5), _plain_descent(0.1)),
        ),
        "returns the last noisy iterate": Misconception(
            _never_asks_twice,
            "Where answers are noisy you return where the last step happened to end. Ask twice at x0 to find out "
            "whether there is noise; if there is, let the steps shrink to 0 or return the mean of the last points.",
            also=(_last_of_constant_steps,),
        ),
        "stops at a small gradient": Misconception(
            _small_gradient(1e-3),
            "You stop as soon as the gradient is shorter than a fixed number. On a flat landscape it is that short "
            "at the start. Spend the budget, or compare with the first gradient's length.",
            also=tuple(map(_small_gradient, (1e-1, 1e-2, 3e-3, 3e-4))),
        ),
        "always the same number of steps": Misconception(
            _always(10),
            "You take the same number of steps whatever the budget is, and leave most of it unspent where more steps are "
            "needed. Let the loop run as often as `budget` allows.",
            also=(_always(5), _always(20), _always(30)),
        ),
        "measures the whole Hessian": Misconception(
            _whole_hessian,
            "You spend one call on each coordinate to measure the Hessian. With 90 coordinates the budget is gone "
            "before the first step. Measure the curvature along the gradient only: one call more.",
        ),
        "takes curvature for granted": Misconception(
            _accelerates,
            "Your step size comes from how much the gradient changes. Where answers are noisy the change is noise, and where "
            "the landscape is made of planes there is none until a kink. Notice both, and take steps of a known length "
            "that shrink to 0.",
        ),
        "returns x0": Misconception(
            _returns_the_start,
            "What comes back is the start. Return the point that your steps have reached.",
            also=(_forgets_to_move,),
        ),
        "returns the path": Misconception(
            _returns_the_path,
            "You return all the points of the path. Return one point, the one you trust most.",
        ),
        "uphill": Misconception(
            _uphill(0.01),
            "Your steps add the gradient, which points uphill. Subtract it.",
            also=(_uphill(1e-3), _uphill(0.1), _uphill(1.0), _uphill_by_curvature),
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
