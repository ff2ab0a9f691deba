"""How long noise takes to leave a place where the gradient is zero."""

import dataclasses
import math
import random

import numpy as np

from helpers import problems
from helpers.calling import RandomSource
from helpers.descent import gradient_descent
from helpers.exercises.drawing import away_from_zero, given, redrawn, tenths
from helpers.exercises.sgd import batching
from helpers.exercises.sgd import escape_steps_answers as written
from helpers.exercises.sgd.escape_steps_judging import CALLS, RUNS, has_the_right_distribution
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.stochastic import escape_steps


def _case(rng, problem, x0, alpha, noise, radius, max_steps, note="", repeat=1, shown=None, **facts):
    inputs = {
        "grad": given("grad", problem), "x0": x0, "alpha": alpha, "noise": noise, "radius": radius,
        "max_steps": max_steps, "rng": RandomSource(int(rng.integers(2**31))),
    }  # fmt: skip
    return Case(inputs, note, shown=shown or {}, repeat=repeat, facts=facts)


def _escapes(rng):
    yield _without_noise(rng, 2, 6, (5, 7))
    yield _without_noise(rng, 3, 9, (4, 6, 8))
    # |z| > 0.8416 has a probability of 0.4 in one dimension, and exp(-1.3537^2/2) = 0.4 in two
    yield _one_step(rng, 1, 0.8416)
    yield _one_step(rng, 2, 1.3537)
    yield _one_step_on_a_slope(rng)
    yield _throws(rng)
    yield _from_a_saddle(rng)


def _without_noise(rng, d, spare, counts=(4, 5, 6, 7, 8)):
    """A descent that leaves the radius at a step which every other count or distance would miss."""
    problem, x0, alpha, radius, k = redrawn(lambda: _clear_escape(rng, d, counts), bool)
    path = gradient_descent(problem.grad, x0, alpha, k)
    shown = {"|x_k - x0| for k = 1, 2, ...": np.linalg.norm(path - x0, axis=1)[1:].round(6)}
    return _case(rng, problem, x0, alpha, 0.0, radius, k + spare, "no noise", shown=shown)


def _clear_escape(rng, d, counts):
    problem = problems.quadratic_with_spectrum(tenths(rng, d, 0.5, 2.0), minimiser=4 * away_from_zero(rng, d))
    x0 = problem.minimiser + away_from_zero(rng, d)
    alpha = tenths(rng, (), 0.1, 0.2)
    path = gradient_descent(problem.grad, x0, alpha, 12)
    away = np.linalg.norm(path - x0, axis=1)
    k = int(rng.choice(counts))
    radius = float(f"{rng.uniform(away[k - 1], away[k]):.3g}")
    if not away[k - 1] < 0.99 * radius < 0.98 * away[k]:
        return None
    others = (np.abs(path - x0).max(axis=1), np.abs(path - x0).sum(axis=1), away**2, np.linalg.norm(path, axis=1),
              np.linalg.norm(problem.grad(path), axis=1))  # fmt: skip
    uphill = np.linalg.norm(gradient_descent(lambda x: -problem.grad(x), x0, alpha, 12) - x0, axis=1)
    firsts = [np.flatnonzero(other > radius)[:1].tolist() for other in (*others, uphill)]
    told_apart = [k] not in firsts and firsts[-1] not in firsts[:-1]
    return (problem, x0, alpha, radius, k) if told_apart else None


def _one_step(rng, d, deviations):
    """Stand on a minimiser: the gradient is 0, and a single step goes as far as the noise says."""
    problem = problems.quadratic_with_spectrum(tenths(rng, d, 0.5, 2.0), minimiser=away_from_zero(rng, d))
    noise = tenths(rng, (), 0.2, 0.4)
    radius = round(deviations * 0.1 * noise, 7)
    note = f"x0 is a minimiser, max_steps = 1; {CALLS} calls"
    return _case(rng, problem, np.array(problem.minimiser), 0.1, noise, radius, 1, note, CALLS, share=0.4)


def _one_step_on_a_slope(rng):
    """Stand where the gradient is 1, and look whether a step goes further than without noise."""
    lam, minimiser, noise = tenths(rng, (), 0.5, 2.0), away_from_zero(rng, 1), tenths(rng, (), 0.2, 0.4)
    problem = problems.quadratic_with_spectrum([lam], minimiser=minimiser)
    radius = round(0.1 * (1 + 0.3 * noise), 7)
    # 1 + noise z is above 1 + 0.3 noise, or below the negative of it
    share = (math.erfc(0.3 / math.sqrt(2)) + math.erfc((2 / noise + 0.3) / math.sqrt(2))) / 2
    note = f"x0 is on a slope, max_steps = 1; {CALLS} calls"
    return _case(rng, problem, minimiser + 1 / lam, 0.1, noise, radius, 1, note, CALLS, share=share)


def _throws(rng):
    """Stand on a minimiser with alpha lam = 1: each step forgets where it was, and is a throw by itself."""
    minimiser, noise = away_from_zero(rng, 1), tenths(rng, (), 0.2, 0.4)
    problem = problems.quadratic_with_spectrum([4.0], minimiser=minimiser)
    # |z| > 1.1503 has a probability of 0.25: one of five throws goes that far with 1 - 0.75^5
    radius = round(1.1503 * 0.25 * noise, 7)
    note = f"x0 is a minimiser, max_steps = 5; {CALLS} calls"
    share = 1 - 0.75**5
    return _case(rng, problem, np.array(problem.minimiser), 0.25, noise, radius, 5, note, CALLS, share=share)


def _from_a_saddle(rng):
    # The way down is along (-1, 1): one random number for both coordinates would never find it.
    fall = tenths(rng, (), 0.9, 1.1)
    problem = problems.saddle(steep=tenths(rng, (), 1.5, 2.5), fall=fall, angle=np.pi / 4)
    alpha, noise, radius = 0.2, 0.02, 0.2
    q, k = 1 + alpha * fall, np.arange(150)
    spread = alpha * noise * np.sqrt((q ** (2 * k) - 1) / (q * q - 1))
    first = int(np.flatnonzero(7 * np.sqrt(2) * spread > radius)[0])
    note = f"x0 is a saddle; {RUNS} calls"
    return _case(rng, problem, np.zeros(2), alpha, noise, radius, 150, note, RUNS, first=first)


def _not_reached(rng):
    case = _without_noise(rng, 2, -1)
    yield Case(case.inputs, "no noise; one step more would have been enough", shown=case.shown)
    yield _case(rng, problems.saddle(), np.zeros(2), 0.1, 0.0, 0.3, 50, "no noise on a saddle: frozen")
    yield _case(rng, problems.saddle(), np.zeros(2), 0.1, 0.5, 0.1, 0, "no steps at all")


def _exactly_at_the_radius(rng):
    x0 = 2.0 ** rng.integers(2, 6)
    yield _case(
        rng, problems.parabola(1.0), np.array([x0]), 0.5, 0.0, x0 / 2, 9, "the first step goes exactly radius"
    )


def _whole(rng):
    x0 = np.array([int(rng.integers(3, 9)), -int(rng.integers(3, 9))])
    yield _case(
        rng, problems.quadratic([[1.0, 0.5], [0.5, 2.0]]), x0, 0.125, 0.0, 2.6, 20, "no noise; whole numbers"
    )


def _for_repeating(rng):
    case = _from_a_saddle(rng)
    yield dataclasses.replace(
        case, note=f"{case.note}; whoever passes the same rng again expects the same counts"
    )


EXERCISE = Exercise(
    id="escape-steps",
    chapter="06-sgd",
    points=2,
    signature="escape_steps(grad, x0, alpha, noise, radius, max_steps, rng)",
    reference=escape_steps,
    alternatives=(written.by_while, written.noise_drawn_first),
    misconceptions={
        "noise on the step size": Misconception(
            written.walk_with(lambda x, g, z, alpha, noise: x - alpha * (1 + noise * z[0]) * g),
            "Your noise multiplies the gradient, and where the gradient is 0 nothing moves. Add it to the gradient: "
            "grad(x) + noise * z.",
            also=(
                written.walk_with(lambda x, g, z, alpha, noise: x - (alpha + noise * z[0]) * g),
                written.walk_with(lambda x, g, z, alpha, noise: x - alpha * (1 + noise * z) * g),
                written.walk_with(lambda x, g, z, alpha, noise: x - alpha * noise * z * g),
            ),
        ),
        "noise not scaled by alpha": Misconception(
            written.walk_with(lambda x, g, z, alpha, noise: x - alpha * g + noise * z),
            "Your noise is too strong. It is a part of the gradient, so that alpha * noise * z is what it adds to a step: "
            "both numbers multiply z, as they are and without a root.",
            also=(
                written.walk_with(lambda x, g, z, alpha, noise: x - alpha * g - noise * z),
                written.walk_with(lambda x, g, z, alpha, noise: x - alpha * g + np.sqrt(alpha) * noise * z),
            ),
        ),
        "no noise": Misconception(
            written.walk_with(lambda x, g, z, alpha, noise: x - alpha * g),
            "Your walk has no noise. Draw a new z in every step, and add noise * z to the gradient.",
        ),
        "one number for all coordinates": Misconception(
            written.walk_with(draw=lambda rng, x: np.full(len(x), rng.standard_normal())),
            "You draw one number and add it to every coordinate, so the noise has one direction only. Draw a number for "
            "each: rng.standard_normal(len(x)).",
        ),
        "not a standard normal": Misconception(
            written.walk_with(draw=lambda rng, x: rng.random(len(x))),
            "Your noise is not noise times a standard normal z. rng.standard_normal(len(x)) has mean 0 and variance 1 "
            "(rng.random draws between 0 and 1), and noise multiplies it as it is.",
            also=(written.walk_with(draw=lambda rng, x: rng.uniform(-1, 1, len(x))),),
        ),
        "drawn from elsewhere": Misconception(
            written.walk_with(draw=lambda rng, x: np.array([random.gauss() for _ in x])),
            batching.ELSEWHERE,
            also=(lambda *given: written.walk_with()(*given[:-1], np.random.default_rng()),),
        ),
        "noise drawn once": Misconception(
            written.one_draw,
            "Your noise is drawn once: the later steps repeat it or have none. Draw a new z in every step, inside of "
            "the loop.",
            also=(written.kicked_off,),
        ),
        "never stops": Misconception(
            written.without_end,
            "Your loop goes on until the walk escapes, and on a saddle without noise that is for ever. Stop after "
            "max_steps updates, and return -1.",
        ),
        "max_steps instead of -1": Misconception(
            written.walk_with(none=lambda max_steps: max_steps),
            "Where the walk does not escape you return a number of steps. Return -1, so that nobody takes it for an "
            "escape.",
        ),
        "nothing instead of -1": Misconception(
            written.walk_with(none=lambda max_steps: 0),
            "Where the walk does not escape you return something else. Return -1.",
            also=(written.walk_with(none=lambda max_steps: None), written.walk_with(none=lambda max_steps: np.inf)),
        ),
        "off by one": Misconception(
            written.walk_with(result=lambda k: k - 1),
            "Your count is one off. x0 is no update: the point after the first update has k = 1, and the last one that "
            "counts has k = max_steps.",
            also=(written.walk_with(result=lambda k: k + 1), written.walk_with(more=-1), written.walk_with(more=1), written.checks_before_moving),
        ),
        "distance from the origin": Misconception(
            written.walk_with(away=lambda x, x0, last: np.linalg.norm(x)),
            "You measure how far x is from the origin. Measure from where it began: the length of x - x0.",
        ),
        "length of the last step": Misconception(
            written.walk_with(away=lambda x, x0, last: np.linalg.norm(x - last)),
            "You measure the last step only. Measure from where the walk began: the length of x - x0.",
        ),
        "another length": Misconception(
            written.walk_with(away=lambda x, x0, last: np.abs(x - x0).max()),
            "You measure x - x0 in another way. |x - x0| is the Euclidean length, the root of the sum of the squares: "
            "np.linalg.norm(x - x0).",
            also=(
                written.walk_with(away=lambda x, x0, last: np.abs(x - x0).sum()),
                written.walk_with(away=lambda x, x0, last: np.sum((x - x0) ** 2)),
            ),
        ),
        "uphill": Misconception(
            written.walk_with(lambda x, g, z, alpha, noise: x + alpha * (g + noise * z)),
            "You walk uphill. Subtract alpha times the noisy gradient.",
        ),
        "x0 moves along": Misconception(
            written.in_place,
            "x -= ... changes x0 itself, since x and x0 are one array, so the distance is always 0. Start from a copy, and "
            "write x = x - ...",
        ),
        "radius itself counts": Misconception(
            written.walk_with(out=lambda distance, radius: distance >= radius),
            "A distance of exactly radius is not an escape: test with >, not with >=.",
        ),
    },
    claims=(
        Claim("the steps that an escape takes", 10, _escapes, has_the_right_distribution),
        Claim("-1 where max_steps are not enough", 4, _not_reached),
        Claim("drawn from rng", 2, _for_repeating, batching.drawn_from_rng(has_the_right_distribution)),
        Claim("more than the radius", 2, _exactly_at_the_radius),
        Claim("whole numbers as input", 2, _whole),
    ),
)  # fmt: skip
