"""When to stop: the first point that is flat enough."""

import numpy as np

from helpers import problems
from helpers.descent import (
    gradient_descent,
    limit_of_descent,
)
from helpers.exercises.drawing import (
    away_from_zero,
    bowl,
    definite_matrix,
    given,
    redrawn,
    share_of,
    tenths,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _descent(problem, x0, alpha, n_steps, tol, note=""):
    inputs = {"grad": given("grad", problem), "x0": x0, "alpha": alpha, "n_steps": n_steps, "tol": tol}
    path = gradient_descent(problem.grad, x0, alpha, min(n_steps, 11))
    norms = " ".join(f"{norm:.3g}" for norm in np.linalg.norm(problem.grad(path), axis=-1))
    shown = {"|grad(x[k])|": norms + (" ..." if n_steps > 11 else "")}
    return Case(inputs, note, shown=shown)


def _reaching(rng, d, spare, near_origin=False, height=0.5):
    """Draw a descent that first falls below tol at some step k, where every other thing to measure says other.

    `height` says where tol lies, from 0, the norm at step k, to 1, the norm before.
    """
    problem, x0, alpha, k, tol = redrawn(lambda: _clear_limit(rng, d, near_origin, height), bool)
    return problem, x0, alpha, k + spare, tol


def _clear_limit(rng, d, near_origin, height):
    problem = bowl(rng, d)
    if near_origin:  # where the length of x falls below tol as well, at another step
        problem = problems.quadratic(definite_matrix(rng, d), np.round(0.1 * away_from_zero(rng, d), 2))
    x0 = problem.minimiser.round(1) + away_from_zero(rng, d)
    alpha = share_of(rng, 1 / problem.L, 0.15, 0.4)
    path = gradient_descent(problem.grad, x0, alpha, 12)
    norms = np.linalg.norm(problem.grad(path), axis=-1)
    for k in rng.permutation(np.arange(3, 10)):
        tol = float(f"{norms[k] + height * (norms[k - 1] - norms[k]):.3g}")
        if not norms[k] < 0.997 * tol < 0.994 * norms[k - 1]:
            continue
        below = [measure < tol for measure in (norms**2, alpha * norms, np.linalg.norm(path, axis=-1))]
        firsts = [int(flags.argmax()) if flags.any() else None for flags in below]
        if near_origin == (firsts[2] is not None) and not {k - 1, k, k + 1} & {*firsts}:
            return problem, x0, alpha, int(k), tol
    return None


def _reached(rng):
    # tol is close to the norm before in some cases, and to the one after in others: the closest is not the answer.
    for d, near_origin, height in (
        (2, False, 0.2),
        (1, True, 0.8),
        (2, True, 0.2),
        (3, False, 0.8),
        (5, True, 0.2),
    ):
        yield _descent(*_reaching(rng, d, int(rng.integers(3, 9)), near_origin, height))


def _reached_at_the_end(rng):
    yield _descent(*_reaching(rng, 2, 0), "the last point of the path is the first below tol")


def _not_reached(rng):
    problem, x0, alpha, n_steps, tol = _reaching(rng, 2, 0)
    yield _descent(problem, x0, alpha, n_steps - 1, tol, "one step more would have been enough")
    yield _descent(problem, x0, alpha, 3, 1e-9, "far from enough steps")


def _there_already(rng):
    problem = problems.quadratic_with_spectrum(tenths(rng, 2, 0.5, 3.0), minimiser=away_from_zero(rng, 2))
    yield _descent(problem, np.array(problem.minimiser), 0.25, 5, 1e-6, "x0 is the minimiser")
    yield _descent(problem, np.array(problem.minimiser), 0.25, 0, 1e-6, "no steps, and x0 is the minimiser")


def _exactly_at_tol(rng):
    x0 = np.array([2.0 ** rng.integers(2, 6)])
    yield _descent(problems.parabola(1.0), x0, 0.5, 10, 1.0, "one norm is exactly tol, which is not below it")


def _diverging(rng):
    alpha = tenths(rng, (), 30.0, 50.0)  # |1 - alpha| ** 300 overflows
    yield _descent(problems.parabola(1.0), tenths(rng, 1, 1.0, 3.0), alpha, 300, 1e-3, "the path ends in nan")


def _limit(found):
    """Return a limit_of_descent that stops at the first k for which `found(path, gradients, k, tol)`."""

    def limit(grad, x0, alpha, n_steps, tol):
        path = gradient_descent(grad, x0, alpha, n_steps)
        gradients = grad(path)
        return next((k for k in range(n_steps + 1) if found(path, gradients, k, tol)), -1)

    return limit


def _limit_one_late(grad, x0, alpha, n_steps, tol):
    k = limit_of_descent(grad, x0, alpha, n_steps, tol)
    return k + 1 if k >= 0 else -1


def _limit_one_early(grad, x0, alpha, n_steps, tol):
    k = limit_of_descent(grad, x0, alpha, n_steps, tol)
    return k - 1 if k > 0 else k


def _limit_without_the_last(grad, x0, alpha, n_steps, tol):
    return limit_of_descent(grad, x0, alpha, n_steps - 1, tol) if n_steps else -1


def _limit_with_one_more(grad, x0, alpha, n_steps, tol):
    return limit_of_descent(grad, x0, alpha, n_steps + 1, tol)


def _limit_after_a_step(grad, x0, alpha, n_steps, tol):
    x = x0
    for k in range(n_steps):
        x = x - alpha * grad(x)
        if np.linalg.norm(grad(x)) < tol:
            return k
    return -1


def _limit_after_the_start(grad, x0, alpha, n_steps, tol):
    x = x0
    for k in range(1, n_steps + 1):
        x = x - alpha * grad(x)
        if np.linalg.norm(grad(x)) < tol:
            return k
    return -1


def _limit_or_all_steps(grad, x0, alpha, n_steps, tol):
    k = limit_of_descent(grad, x0, alpha, n_steps, tol)
    return n_steps if k < 0 else k


def _last_below(grad, x0, alpha, n_steps, tol):
    norms = np.linalg.norm(grad(gradient_descent(grad, x0, alpha, n_steps)), axis=-1)
    return int(np.flatnonzero(norms < tol)[-1]) if (norms < tol).any() else -1


def _flattest(grad, x0, alpha, n_steps, tol):
    return int(np.argmin(np.linalg.norm(grad(gradient_descent(grad, x0, alpha, n_steps)), axis=-1)))


def _limit_by_loop(grad, x0, alpha, n_steps, tol):
    x = np.asarray(x0, dtype=float)
    for k in range(n_steps + 1):
        g = grad(x)
        if g @ g < tol**2:
            return k
        x = x - alpha * g
    return -1


def _limit_by_while(grad, x0, alpha, n_steps, tol):
    x, k = np.array(x0, dtype=float), 0
    while not np.linalg.norm(grad(x)) < tol:
        if k == n_steps:
            return -1
        x, k = x - alpha * grad(x), k + 1
    return np.int64(k)


EXERCISE = Exercise(
    id="limit-of-descent",
    chapter="01-step-size-and-curvature",
    points=2,
    signature="limit_of_descent(grad, x0, alpha, n_steps, tol)",
    reference=limit_of_descent,
    alternatives=(_limit_by_loop, _limit_by_while, lambda *given: float(limit_of_descent(*given))),
    misconceptions={
        "off by one": Misconception(
            _limit_one_late,
            "Your count is one off. x0 is step 0 and x[n_steps] is the last: test the gradient at each of these "
            "points, before the step to the next one, and at no other.",
            also=(
                _limit_one_early, _limit_after_a_step, _limit_after_the_start, _limit_without_the_last,
                _limit_with_one_more,
                lambda *given: limit_of_descent(*given) + 1,
            ),
        ),
        "n_steps instead of -1": Misconception(
            _limit_or_all_steps,
            "Where the tolerance is never reached you return a number of steps. Return -1, so that nobody "
            "takes it for success.",
        ),
        "not the first": Misconception(
            _last_below,
            "You return a later point, though the gradient was shorter than tol before. Stop at the first k that gets "
            "there: not the last one, not the one with the shortest gradient, and not n_steps in any case.",
            also=(_flattest, lambda grad, x0, alpha, n_steps, tol: n_steps),
        ),
        "tests x instead of the gradient": Misconception(
            _limit(lambda path, g, k, tol: np.linalg.norm(path[k]) < tol),
            "You test the length of x. The minimiser is rarely the origin: test the length of grad(x).",
        ),
        "nan treated as converged": Misconception(
            _limit(lambda path, g, k, tol: not np.linalg.norm(g[k]) >= tol),
            "Your path ended in nan, and your test let it pass: every comparison with nan is False. "
            "Ask for norm < tol; do not ask for the opposite of norm >= tol.",
            also=(_limit(lambda path, g, k, tol: not np.linalg.norm(np.nan_to_num(g[k])) >= tol),),
        ),
        "tol itself counts": Misconception(
            _limit(lambda path, g, k, tol: np.linalg.norm(g[k]) <= tol),
            "A norm of exactly tol is not below it: compare with <, not with <=.",
        ),
        "squared norm": Misconception(
            _limit(lambda path, g, k, tol: g[k] @ g[k] < tol),
            "You compare the squared norm with tol. Take the root, or compare with tol**2.",
        ),
        "length of the step": Misconception(
            _limit(lambda path, g, k, tol: alpha_free_step(path, k) < tol),
            "You test how far the last step went. A short step can also mean a small alpha: test the gradient.",
        ),
    },
    claims=(
        Claim("the first point that is flat enough", 3, _reached),
        Claim("the last point counts", 0.6, _reached_at_the_end),
        Claim("-1 where it is not reached", 0.6, _not_reached),
        Claim("0 where the start is flat enough", 0.6, _there_already),
        Claim("strictly below tol", 0.6, _exactly_at_tol),
        Claim("a path that diverges never arrives", 0.6, _diverging),
    ),
)  # fmt: skip


def alpha_free_step(path, k):
    """Return |x[k] - x[k - 1]|, infinite for the start."""
    return np.linalg.norm(path[k] - path[k - 1]) if k else np.inf
