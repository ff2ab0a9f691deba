"""Steps that shrink, and still add up to any distance."""

import numpy as np

from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.stochastic import decaying_steps


def _case(alpha0, tau, n_steps, note=""):
    return Case({"alpha0": alpha0, "tau": tau, "n_steps": n_steps}, note)


def _schedules(rng):
    for n_steps in (4, 5, 9, 30):

        def draw(n_steps=n_steps):
            return {
                "alpha0": tenths(rng, (), 0.2, 0.9),
                "tau": tenths(rng, (), 1.5, 6.0),
                "n_steps": n_steps,
            }

        yield Case(telling(draw, decaying_steps, *KNOWN))


def _single(rng):
    yield _case(tenths(rng, (), 0.2, 0.9), 2.5, 1, "one step: alpha0 itself")


def _none(rng):
    yield _case(tenths(rng, (), 0.2, 0.9), 2.5, 0, "no steps: an empty array")


def _whole(rng):
    yield _case(int(rng.integers(2, 6)), int(rng.integers(2, 5)), 4, "whole numbers")


def _with(factor, first=0, extra=0):
    """Return steps alpha0 times a factor of k and tau, with another first k or more of them."""

    def steps(alpha0, tau, n_steps):
        return alpha0 * factor(np.arange(first, first + n_steps + extra), tau)

    return steps


def _right(k, tau):
    return 1 / (1 + k / tau)


EXPONENTIAL = _with(lambda k, tau: np.exp(-k / tau))
HALVING = _with(lambda k, tau: 0.5 ** (k / tau))
FROM_ONE = _with(_right, first=1)
ONE_MORE = _with(_right, extra=1)
ROOT = _with(lambda k, tau: 1 / np.sqrt(1 + k / tau))
SQUARE = _with(lambda k, tau: 1 / (1 + k / tau) ** 2)
TIMES_TAU = _with(lambda k, tau: 1 / (1 + k * tau))
NO_TAU = _with(lambda k, tau: 1 / (1 + k))
LINEAR = _with(lambda k, tau: np.maximum(1 - k / tau, 0))
LINEAR_BELOW_ZERO = _with(lambda k, tau: 1 - k / tau)
BRACKETS = _with(lambda k, tau: 1 / 1 + k / tau)
BRACKETS_OF_SUM = _with(lambda k, tau: 1 / ((1 + k) / tau))
STAIRS = _with(lambda k, tau: 1 / (1 + k // tau))
KNOWN = (
    EXPONENTIAL, HALVING, FROM_ONE, ROOT, SQUARE, TIMES_TAU, NO_TAU, LINEAR, LINEAR_BELOW_ZERO,
    BRACKETS, BRACKETS_OF_SUM, STAIRS,
)  # fmt: skip


def _in_place(alpha0, tau, n_steps):
    """Each step is divided by a factor of its own k once more, so they fall much faster."""
    alpha, steps = alpha0, []
    for k in range(n_steps):
        alpha = alpha / (1 + k / tau)
        steps.append(alpha)
    return steps


def _last_only(alpha0, tau, n_steps):
    return alpha0 / (1 + n_steps / tau)


def _by_list(alpha0, tau, n_steps):
    return [alpha0 * tau / (tau + k) for k in range(n_steps)]


def _by_recursion(alpha0, tau, n_steps):
    # 1/alpha grows by 1/(alpha0 tau) in each step
    inverse, steps = 1 / alpha0, np.empty(n_steps, dtype=np.float32)
    for k in range(n_steps):
        steps[k] = 1 / inverse
        inverse += 1 / (alpha0 * tau)
    return steps


EXERCISE = Exercise(
    id="decaying-steps",
    chapter="06-sgd",
    points=1,
    signature="decaying_steps(alpha0, tau, n_steps)",
    reference=decaying_steps,
    alternatives=(_by_list, _by_recursion),
    misconceptions={
        "exponential": Misconception(
            EXPONENTIAL,
            "Your steps shrink by a constant factor. All of them together then only reach so far, and the walk may stop "
            "short of the minimum: divide alpha0 by 1 + k/tau.",
            also=(HALVING,),
        ),
        "starts at k = 1": Misconception(
            FROM_ONE,
            "Your first step has k = 1. k counts from 0, so the first step is alpha0 itself.",
        ),
        "one too many": Misconception(
            ONE_MORE,
            "You return n_steps + 1 values. k goes from 0 to n_steps - 1: one step size for each step.",
        ),
        "another power": Misconception(
            ROOT,
            "Your steps fall with another power of k. Divide by 1 + k/tau itself, without a root or a square.",
            also=(SQUARE,),
        ),
        "times tau": Misconception(
            TIMES_TAU,
            "You multiply k by tau. tau is the number of steps after which alpha has halved: divide k by it.",
        ),
        "tau missing": Misconception(
            NO_TAU,
            "tau has no say in how fast your steps fall. Divide k by it: at k = tau the step is alpha0/2.",
        ),
        "straight line": Misconception(
            LINEAR,
            "Your steps fall on a straight line, and are 0 or less from k = tau on. Divide by 1 + k/tau; do not subtract.",
            also=(LINEAR_BELOW_ZERO,),
        ),
        "brackets": Misconception(
            BRACKETS,
            "Brackets decide here, since Python divides before it adds. All of 1 + k/tau belongs below the line, and k "
            "alone above tau.",
            also=(BRACKETS_OF_SUM, lambda alpha0, tau, n_steps: alpha0 / 1 + np.arange(n_steps) / tau),
        ),
        "stairs": Misconception(
            STAIRS,
            "k // tau rounds down, so your steps stay the same for tau steps and then jump. Divide with /.",
        ),
        "divided again and again": Misconception(
            _in_place,
            "You divide the step before by 1 + k/tau, so the divisions pile up. Start from alpha0 for every k.",
        ),
        "last step only": Misconception(
            _last_only,
            "You return one step size. Return all of them, an array of shape (n_steps,).",
            also=(lambda alpha0, tau, n_steps: alpha0 / (1 + (n_steps - 1) / tau),),
        ),
    },
    claims=(
        Claim("random schedules", 5, _schedules),
        Claim("one step", 1, _single),
        Claim("no steps at all", 1, _none),
        Claim("whole numbers as input", 3, _whole),
    ),
)  # fmt: skip
