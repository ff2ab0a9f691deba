"""Armijo's line search: the first step that goes down enough."""

import numpy as np

from helpers import problems
from helpers.calling import build
from helpers.descent import backtracking_step
from helpers.exercises import hints
from helpers.exercises.drawing import away_from_zero, definite_matrix, given, redrawn, telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.time_limit import TooSlow


def _search(problem, x, alpha0, c, shrink):
    functions = {"f": given("f", problem), "grad": given("grad", problem)}
    return {**functions, "x": x, "alpha0": alpha0, "c": c, "shrink": shrink}


def _case(inputs, note=""):
    """Return the case with both sides of the inequality for the steps that are tried, which decide by hand."""
    f, grad, x, alpha, c, shrink = build(inputs).values()
    g, accepted, rows = grad(x), backtracking_step(f, grad, x, alpha, c, shrink), []
    while alpha > 0.9 * accepted:
        left, right = f(x - alpha * g), f(x) - c * alpha * (g @ g)
        rows.append(f"{alpha:.4g}: {left:.6g} <= {right:.6g}? {'yes' if left <= right else 'no'}")
        alpha *= shrink
    rows = rows if len(rows) < 10 else [*rows[:4], "...", *rows[-4:]]
    return Case(inputs, note, shown={"Armijo for alpha": "\n".join(rows)})


def _clear(inputs):
    """Whether no inequality that is tried is so close that rounding decides it."""
    f, grad, x, alpha, c, shrink = build(inputs).values()
    g, accepted = grad(x), backtracking_step(f, grad, x, alpha, c, shrink)
    while alpha > 0.9 * accepted:
        gain, asked = f(x) - f(x - alpha * g), c * alpha * (g @ g)
        if abs(gain - asked) < 1e-3 * asked:
            return False
        alpha *= shrink
    return True


def _drawn(draw, *functions, good=lambda inputs: True):
    return redrawn(lambda: telling(draw, *functions), lambda inputs: _clear(inputs) and good(inputs))


def _told_apart(*functions):
    """Return whether in these inputs no two of the functions come out the same."""

    def told_apart(inputs):
        arguments = build(inputs).values()
        return len({f"{function(*arguments):.6g}" for function in functions}) == len(functions)

    return told_apart


def _settings(rng):
    """alpha0 as a multiple of 1/curvature, c and shrink: the search takes two turns or more."""
    return rng.uniform(3.0, 8.0), tenths(rng, (), 0.3, 0.6), float(rng.choice([0.75, 0.8, 0.85, 0.9]))


def _by_hand(rng):
    """Draw a search on a gentle parabola that takes two to four turns: both sides are worked out on paper."""
    curvature, shrink = tenths(rng, (), 0.3, 0.6), float(rng.choice([0.6, 0.7, 0.8]))
    alpha0 = round(1 / curvature * rng.uniform(1.6, 3.0), 1)
    x = away_from_zero(rng, 1, 2.0, 6.0)
    return _search(problems.parabola(curvature=curvature), x, alpha0, tenths(rng, (), 0.4, 0.6), shrink)


def _searches(rng):
    # Gently curved first: there even a search that asks for too much comes to an end.
    apart = _told_apart(_any_decrease, _not_squared, _without_alpha)
    yield _case(_drawn(lambda: _by_hand(rng), backtracking_step, *_MISTAKES, good=apart))
    for d, scale in ((2, 0.1), (3, 1.0), (5, 1.0)):

        def draw(d=d, scale=scale):
            problem = problems.quadratic((scale * definite_matrix(rng, d)).round(3), away_from_zero(rng, d))
            x = problem.minimiser.round(1) + away_from_zero(rng, d, 2.0, 5.0) * (1 / scale) ** 0.5
            multiple, c, shrink = _settings(rng)
            return _search(problem, x.round(1), float(f"{multiple / problem.L:.2g}"), c, shrink)

        yield _case(_drawn(draw, backtracking_step, *_MISTAKES))

    def draw_gentle_slope():
        problem = problems.quadratic(definite_matrix(rng, 2), away_from_zero(rng, 2))
        x = problem.minimiser.round(1) + away_from_zero(rng, 2, 0.3, 1.0)
        multiple, c, shrink = _settings(rng)
        return _search(problem, x.round(1), float(f"{multiple / problem.L:.2g}"), c, shrink)

    # Only where |g| is not large does c |g| ask for more than any decrease does.
    apart = _told_apart(_not_squared, _any_decrease)
    yield _case(_drawn(draw_gentle_slope, backtracking_step, *_MISTAKES, good=apart))

    def draw_beside():
        curvatures, m = 2.0 ** rng.integers(0, 3, 2), rng.integers(-5, 6, 2).astype(float)
        problem = problems.quadratic(np.diag(curvatures), curvatures * m)
        multiple, c, shrink = _settings(rng)
        x = m + np.append(away_from_zero(rng, 1, 2.0, 5.0).round(), 0.0)
        return _search(problem, x, float(f"{multiple / curvatures[0]:.2g}"), c, shrink)

    yield _case(_drawn(draw_beside, backtracking_step), "one entry of the gradient is 0, the gradient is not")

    def draw_valley():
        _, c, shrink = _settings(rng)
        return _search(
            problems.rosenbrock(b=4.0), tenths(rng, 2, 1.5, 3.0), tenths(rng, (), 0.5, 1.0), c, shrink
        )

    yield _case(_drawn(draw_valley, backtracking_step, *_MISTAKES))


def _good_at_once(rng):
    def draw():
        problem = problems.quadratic(definite_matrix(rng, 2), away_from_zero(rng, 2))
        x = problem.minimiser.round(1) + away_from_zero(rng, 2)
        return _search(problem, x, float(f"{0.5 / problem.L:.2g}"), 0.1, 0.5)

    curvature = tenths(rng, (), 0.3, 0.6)
    parabola, alpha0 = problems.parabola(curvature=curvature), round(0.5 / curvature, 1)
    first = _search(parabola, away_from_zero(rng, 1, 2.0, 6.0), alpha0, 0.1, 0.5)
    yield _case(first, "alpha0 satisfies the inequality at once")
    yield _case(_drawn(draw, backtracking_step), "alpha0 satisfies the inequality at once")


def _whole(rng):
    def draw():
        problem = problems.quadratic(definite_matrix(rng, 2), away_from_zero(rng, 2))
        return _search(problem, rng.integers(3, 8, 2), int(rng.integers(2, 5)), 0.3, 0.5)

    yield _case(_drawn(draw, backtracking_step), "x and alpha0 are whole numbers")


def _not_a_number(rng):
    def draw():
        x = np.array([1.0, 1.0]) + tenths(rng, 2, -0.5, 0.5)
        return _search(problems.cost_surface(), x, 1e160, 0.3, 0.01)

    yield _case(_drawn(draw, backtracking_step), "alpha0 is so long that f is inf - inf = nan there")


def _at_the_minimiser(rng):
    problem = problems.quadratic_with_spectrum(tenths(rng, 2, 0.5, 3.0), minimiser=tenths(rng, 2))
    yield _case(_search(problem, np.array(problem.minimiser), 2.0, 0.25, 0.5), "x is the minimiser")


def _searching(enough, result=lambda x, alpha, g, turns: alpha):
    """Return a search that shrinks until `enough(f, grad, x, g, alpha, c)`."""

    def search(f, grad, x, alpha0, c, shrink):
        g, alpha, turns = grad(x), alpha0, 0
        while not enough(f, grad, x, g, alpha, c):
            alpha, turns = shrink * alpha, turns + 1
            if turns > 300:
                raise TooSlow
        return result(x, alpha, g, turns)

    return search


def _armijo(f, grad, x, g, alpha, c):
    return f(x - alpha * g) <= f(x) - c * alpha * (g @ g)


_any_decrease = _searching(lambda f, grad, x, g, alpha, c: f(x - alpha * g) <= f(x))
_any_strict_decrease = _searching(lambda f, grad, x, g, alpha, c: f(x - alpha * g) < f(x))
_plus = _searching(lambda f, grad, x, g, alpha, c: f(x - alpha * g) <= f(x) + c * alpha * (g @ g))
_not_squared = _searching(
    lambda f, grad, x, g, alpha, c: f(x - alpha * g) <= f(x) - c * alpha * np.linalg.norm(g)
)
_without_alpha = _searching(lambda f, grad, x, g, alpha, c: f(x - alpha * g) <= f(x) - c * (g @ g))
_unscaled_step = _searching(
    lambda f, grad, x, g, alpha, c: (
        f(x - alpha * g / np.linalg.norm(g)) <= f(x) - c * alpha * np.linalg.norm(g)
    )
)
_turns = _searching(_armijo, lambda x, alpha, g, turns: turns)
_new_point = _searching(_armijo, lambda x, alpha, g, turns: x - alpha * g)
_strict = _searching(lambda f, grad, x, g, alpha, c: f(x - alpha * g) < f(x) - c * alpha * (g @ g))
_nan_passes = _searching(lambda f, grad, x, g, alpha, c: not f(x - alpha * g) > f(x) - c * alpha * (g @ g))


def _once_more(f, grad, x, alpha0, c, shrink):
    return shrink * backtracking_step(f, grad, x, alpha0, c, shrink)


def _shrinks_before_it_tries(f, grad, x, alpha0, c, shrink):
    return backtracking_step(f, grad, x, shrink * alpha0, c, shrink)


def _last_rejected(f, grad, x, alpha0, c, shrink):
    return backtracking_step(f, grad, x, alpha0, c, shrink) / shrink


_MISTAKES = (
    _any_decrease, _plus, _once_more, _not_squared, _without_alpha, _turns, _new_point, _last_rejected,
    _unscaled_step,
)  # fmt: skip


def _by_powers(f, grad, x, alpha0, c, shrink):
    x = np.asarray(x, dtype=float)
    g = np.asarray(grad(x))
    slope = -float(np.dot(g, g))
    j = 0
    while True:
        alpha = alpha0 * shrink**j
        if f(x + alpha * -g) - f(x) <= c * alpha * slope:
            return alpha
        j += 1


def _by_recursion(f, grad, x, alpha0, c, shrink):
    g = grad(x)
    if f(x - alpha0 * g) <= f(x) - c * alpha0 * np.linalg.norm(g) ** 2:
        return np.array(alpha0)
    return _by_recursion(f, grad, x, shrink * alpha0, c, shrink)


def _all_at_once(f, grad, x, alpha0, c, shrink):
    """Try a thousand steps in one call: f takes many points."""
    g = grad(x)
    alphas = float(alpha0) * shrink ** np.arange(1000.0)
    enough = f(x - alphas[:, None] * g) <= f(x) - c * alphas * (g @ g)
    return alphas[np.argmax(enough)]


EXERCISE = Exercise(
    id="backtracking-step",
    chapter="02-l-smoothness",
    points=3,
    signature="backtracking_step(f, grad, x, alpha0, c, shrink)",
    reference=backtracking_step,
    alternatives=(_by_powers, _by_recursion, _all_at_once),
    misconceptions={
        "c ignored": Misconception(
            _any_decrease,
            "You accept any decrease. Armijo asks for a share c of what the slope promises: "
            "f(x - alpha g) <= f(x) - c alpha |g|^2.",
            also=(_any_strict_decrease,),
        ),
        "sign of the slope term": Misconception(
            _plus,
            "You accept steps that go up: your bound lies above f(x). Subtract c alpha |g|^2 from f(x).",
        ),
        "shrinks once too often": Misconception(
            _once_more,
            "You shrink once more after the inequality holds. Test first, shrink only if the test fails, and return the "
            "alpha that passed.",
        ),
        "last rejected step": Misconception(
            _last_rejected,
            "You return the last step that was refused. Return the first that satisfies the inequality.",
        ),
        "alpha0 is never tried": Misconception(
            _shrinks_before_it_tries,
            "You shrink before the first test. The first alpha to try is alpha0 itself (j = 0).",
        ),
        "|g| not squared": Misconception(
            _not_squared,
            "The slope along the step is g times (-alpha g), which is -alpha |g|^2. You used |g|.",
        ),
        "alpha missing in the slope term": Misconception(
            _without_alpha,
            "Your bound asks for the same decrease whatever the step. A shorter step may fall less: c alpha |g|^2, with "
            "the alpha that is being tried.",
        ),
        "normalises the gradient": Misconception(
            _unscaled_step,
            "You divide the gradient by its length, so your step is alpha long. The point to try is x - alpha g.",
        ),
        "number of turns": Misconception(
            _turns, "You return how often you shrank. Return the step size itself: alpha0 times shrink to that power.",
        ),
        "the new point": Misconception(
            _new_point, "You return the point that the step leads to. Asked for is alpha, one number.",
        ),
        "strict decrease": Misconception(
            _strict,
            "At a minimiser g = 0, and no step goes down strictly, so your loop never ends. Accept equality: <=.",
        ),
        "nan passes": Misconception(
            _nan_passes,
            "f was nan at your step, and your test let it pass: every comparison with nan is False. Go on while the "
            "inequality does *not* hold; do not go on while the opposite holds.",
        ),
        "one entry is 0": Misconception(
            lambda f, grad, x, alpha0, c, shrink: (
                backtracking_step(f, grad, x, alpha0, c, shrink) if np.all(grad(x)) else alpha0
            ),
            hints.ONE_ENTRY_IS_ZERO,
        ),
    },
    claims=(
        Claim("the first step that goes down enough", 3, _searches),
        Claim("alpha0 itself, where it is good", 0.75, _good_at_once),
        Claim("whole numbers as input", 0.5, _whole),
        Claim("nan never satisfies the inequality", 0.75, _not_a_number),
        Claim("at the minimiser it ends, with alpha0", 1, _at_the_minimiser),
    ),
)  # fmt: skip
