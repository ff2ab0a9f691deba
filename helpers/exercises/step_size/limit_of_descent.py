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
    given,
    share_of,
    tenths,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _descent(problem, x0, alpha, n_steps, tol, note=""):
    inputs = {"grad": given("grad", problem), "x0": x0, "alpha": alpha, "n_steps": n_steps, "tol": tol}
    return Case(inputs, note)


def _gradient_norms(problem, x0, alpha, n_steps):
    return np.linalg.norm(problem.grad(gradient_descent(problem.grad, x0, alpha, n_steps)), axis=-1)


def _between(norms, k):
    """Return a tolerance, of three digits, that the norms pass between k - 1 and k."""
    return float(f"{np.sqrt(norms[k - 1] * norms[k]):.3g}")


def _reaching(rng, d, k, spare):
    problem = bowl(rng, d)
    x0 = problem.minimiser.round(1) + away_from_zero(rng, d)
    alpha = share_of(rng, 1 / problem.L, 0.15, 0.4)
    tol = _between(_gradient_norms(problem, x0, alpha, k), k)
    return problem, x0, alpha, k + spare, tol


def _reached(rng):
    for d, k in ((1, 3), (2, 5), (3, 7), (5, 4)):
        yield _descent(*_reaching(rng, d, k, int(rng.integers(3, 9))))


def _reached_at_the_end(rng):
    yield _descent(*_reaching(rng, 2, 4, 0), "the last point of the path is the first below tol")


def _not_reached(rng):
    problem, x0, alpha, n_steps, tol = _reaching(rng, 2, 8, 0)
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
    yield _descent(
        problems.parabola(1.0), tenths(rng, 1, 1.0, 3.0), alpha, 300, 1e-3, "the path ends in nan"
    )


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
            "Your count is one off. x0 is step 0: test the gradient there before the first step, and test the "
            "last point too.",
            also=(
                _limit_one_early, _limit_after_a_step, _limit_after_the_start, _limit_without_the_last,
                lambda *given: limit_of_descent(*given) + 1,
            ),
        ),
        "n_steps instead of -1": Misconception(
            _limit_or_all_steps,
            "Where the tolerance is never reached you return a number of steps. Return -1, so that nobody "
            "takes it for success.",
            also=(lambda grad, x0, alpha, n_steps, tol: n_steps,),
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
        Claim("the last point counts", 0.75, _reached_at_the_end),
        Claim("-1 where it is not reached", 0.75, _not_reached),
        Claim("0 where the start is flat enough", 0.5, _there_already),
        Claim("strictly below tol", 0.5, _exactly_at_tol),
        Claim("a path that diverges never arrives", 0.5, _diverging),
    ),
)  # fmt: skip


def alpha_free_step(path, k):
    """Return |x[k] - x[k - 1]|, infinite for the start."""
    return np.linalg.norm(path[k] - path[k - 1]) if k else np.inf
