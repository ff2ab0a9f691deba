"""The whole path of RMSprop."""

import numpy as np

from helpers import problems
from helpers.adam import rmsprop
from helpers.exercises import hints, paths
from helpers.exercises.adam.walks import clear, slope
from helpers.exercises.drawing import given, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _inputs(problem, x0, alpha, beta, eps, n_steps):
    return {
        "grad": given("grad", problem), "x0": x0, "alpha": alpha, "beta": beta, "eps": eps, "n_steps": n_steps,
    }  # fmt: skip


def _memory(rng):
    return float(rng.choice([0.6, 0.7, 0.8, 0.9]))


def _paths(rng):
    # eps is large, so that its place shows; short steps keep the gradients away from 0
    for d, n_steps in ((2, 2), (2, 4), (3, 5), (5, 3)):
        yield Case(
            clear(
                lambda d=d, n_steps=n_steps: _inputs(
                    *slope(rng, d),
                    tenths(rng, (), 0.1, 0.2),
                    _memory(rng),
                    tenths(rng, (), 0.4, 0.9),
                    n_steps,
                ),
                rmsprop,
                *VARIANTS.values(),
                rtol=1e-4,
            )
        )
    yield Case(_inputs(*slope(rng, 2), 0.02, 0.9, 1e-8, 6), "the usual settings")
    yield _forgetting_path(rng)


def _forgetting_path(rng):
    """A short memory and long steps down: the gradients fade, and v falls with them."""

    def draw():
        return _inputs(*slope(rng, 2), tenths(rng, (), 0.4, 0.6), 0.6, tenths(rng, (), 0.4, 0.9), 5)

    return Case(clear(draw, rmsprop, _walk(average=_never_falling)), "v falls as well")


def _never_falling(v, g, beta, t):
    return np.maximum(v, beta * v + (1 - beta) * g * g)


def _whole_paths(rng):
    for d in (1, 2):
        problem = problems.quadratic(np.diag(tenths(rng, d, 1.0, 3.0)), tenths(rng, d, -1.0, 1.0))
        yield Case(_inputs(problem, rng.integers(3, 9, d), 0.3, 0.7, 0.1, 3), "x0 holds whole numbers")


def _no_steps(rng):
    yield Case(_inputs(*slope(rng, 2), 0.1, _memory(rng), 0.1, 0), "no steps: the path is the start alone")


def _paths_in_one_dimension(rng):
    yield Case(_inputs(problems.wavy(), tenths(rng, 1, 4.0, 4.4), 0.05, _memory(rng), 0.1, 3))


def _paths_without_a_gradient(rng):
    Q = np.diag([tenths(rng, (), 1.0, 3.0), 0.0])
    x0 = tenths(rng, 2, 1.5, 4.0)
    yield Case(
        _inputs(problems.quadratic(Q), x0, 0.1, _memory(rng), 1e-8, 4), "no gradient in the second coordinate"
    )


def _walk(average=lambda v, g, beta, t: beta * v + (1 - beta) * g * g, direction=None, late=False):
    """Return an RMSprop with another average or direction(g, v, eps, beta, t); `late` steps before it averages."""
    direction = direction or (lambda g, v, eps, beta, t: g / (np.sqrt(v) + eps))

    def walk(grad, x0, alpha, beta, eps, n_steps):
        path = [np.array(x0, dtype=float)]
        v = np.zeros(len(x0))
        for t in range(1, n_steps + 1):
            g = grad(path[-1])
            new = average(v, g, beta, t)
            path.append(path[-1] - alpha * direction(g, v if late else new, eps, beta, t))
            v = new
        return np.array(path)

    return walk


def _truncated(grad, x0, alpha, beta, eps, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    v = np.zeros(len(x0))
    for k in range(n_steps):
        g = grad(path[k])
        v = beta * v + (1 - beta) * g * g
        path[k + 1] = path[k] - alpha * g / (np.sqrt(v) + eps)
    return path


def _truncated_average(grad, x0, alpha, beta, eps, n_steps):
    path, v = [np.array(x0, dtype=float)], np.zeros_like(x0)
    for _ in range(n_steps):
        g = grad(path[-1])
        v[:] = beta * v + (1 - beta) * g * g
        path.append(path[-1] - alpha * g / (np.sqrt(v) + eps))
    return np.array(path)


VARIANTS = {
    "accumulates without decay": _walk(average=lambda v, g, beta, t: v + g * g),
    "1 - beta missing": _walk(average=lambda v, g, beta, t: beta * v + g * g),
    "shares the wrong way round": _walk(average=lambda v, g, beta, t: (1 - beta) * v + beta * g * g),
    "no average": _walk(average=lambda v, g, beta, t: g * g),
    "bias corrected": _walk(direction=lambda g, v, eps, beta, t: g / (np.sqrt(v / (1 - beta**t)) + eps)),
    "eps inside the root": _walk(direction=lambda g, v, eps, beta, t: g / np.sqrt(v + eps)),
    "eps squared inside the root": _walk(direction=lambda g, v, eps, beta, t: g / np.sqrt(v + eps**2)),
    "eps missing": _walk(direction=lambda g, v, eps, beta, t: g / np.sqrt(v)),
    "root missing": _walk(direction=lambda g, v, eps, beta, t: g / (v + eps)),
    "norm instead of elementwise": _walk(average=lambda v, g, beta, t: beta * v + (1 - beta) * (g @ g)),
    "v one step late": _walk(late=True),
}


def _by_lists(grad, x0, alpha, beta, eps, n_steps):
    x, v = [float(entry) for entry in x0], [0.0] * len(x0)
    path = [list(x)]
    for _ in range(n_steps):
        for i, slope_i in enumerate(grad(np.array(x))):
            v[i] = beta * v[i] + (1 - beta) * slope_i**2
            x[i] -= alpha * slope_i / (v[i] ** 0.5 + eps)
        path.append(list(x))
    return path


def _by_recursion(grad, x0, alpha, beta, eps, n_steps):
    def walk(x, v, left):
        if not left:
            return [x]
        g = grad(x)
        v = np.average([v, g**2], axis=0, weights=[beta, 1 - beta])
        return [x, *walk(x - alpha * g / (np.sqrt(v) + eps), v, left - 1)]

    return walk(np.array(x0, dtype=float), np.zeros(len(x0)), n_steps)


def _by_length(grad, x0, alpha, beta, eps, n_steps):
    """Keep the root of v itself: it is the length of two legs."""
    path, root = np.array([x0], dtype=float), np.zeros(len(x0))
    for _ in range(n_steps):
        g = grad(path[-1])
        root = np.hypot(np.sqrt(beta) * root, np.sqrt(1 - beta) * g)
        path = np.vstack([path, path[-1] - alpha * g / (root + eps)])
    return path


def _eps_on_the_point(grad, x0, alpha, beta, eps, n_steps):
    path, v = [np.array(x0, dtype=float)], 0.0
    for _ in range(n_steps):
        g = grad(path[-1])
        v = beta * v + (1 - beta) * g * g
        path.append(path[-1] - alpha * g / np.sqrt(v) + eps)
    return np.array(path)


EXERCISE = Exercise(
    id="rmsprop",
    chapter="08-adam",
    points=2,
    signature="rmsprop(grad, x0, alpha, beta, eps, n_steps)",
    reference=rmsprop,
    alternatives=(_by_lists, _by_recursion, _by_length),
    misconceptions={
        "accumulates without decay": Misconception(
            VARIANTS["accumulates without decay"],
            "Your v adds up all squares and never forgets, which is AdaGrad (2011): its steps can only shrink. "
            "RMSprop averages: beta times the old v, plus 1 - beta times the new square.",
            also=(_walk(average=lambda v, g, beta, t: v + (1 - beta) * g * g),),
        ),
        "1 - beta missing": Misconception(
            VARIANTS["1 - beta missing"],
            "You add the new square in full, so v is not an average. Take the share 1 - beta of it.",
        ),
        "shares the wrong way round": Misconception(
            VARIANTS["shares the wrong way round"],
            "You keep 1 - beta of the old v and take beta of the new square. A large beta is a long memory: beta "
            "belongs to the old value.",
        ),
        "no average": Misconception(
            VARIANTS["no average"],
            "Your v is the square of the present gradient, so it is divided by its own size. Keep v from step to "
            "step and average: beta times the old, plus 1 - beta times the new.",
        ),
        "bias corrected": Misconception(
            VARIANTS["bias corrected"],
            "You divide v by 1 - beta^t, as Adam does. RMSprop has no bias correction: use v as it is.",
        ),
        "eps inside the root": Misconception(
            VARIANTS["eps inside the root"],
            "Your eps stands under the root, as in TensorFlow's first RMSprop. Here it stands outside: take the root of v, "
            "then add eps.",
            also=(VARIANTS["eps squared inside the root"],),
        ),
        "eps missing": Misconception(
            VARIANTS["eps missing"],
            "eps is not added in your step. Add it to the root of v before you divide; it makes every step a little "
            "shorter, and keeps a coordinate with no gradient from 0/0.",
        ),
        "root missing": Misconception(
            VARIANTS["root missing"],
            "You divide by v, which has the unit of g squared. Take its root first.",
        ),
        "norm instead of elementwise": Misconception(
            VARIANTS["norm instead of elementwise"],
            "You average the squared length of the whole gradient, so all coordinates are scaled alike. Each "
            "coordinate has its own v: square entry by entry.",
        ),
        "v one step late": Misconception(
            VARIANTS["v one step late"],
            "You step with the v from before this gradient, which is 0 at first. Update v, then step with the new v.",
        ),
        "uphill": Misconception(
            lambda grad, x0, alpha, beta, eps, n_steps: rmsprop(
                lambda x: -grad(x), x0, alpha, beta, eps, n_steps
            ),
            "The path climbs. The gradient points uphill, so subtract alpha times the scaled gradient.",
        ),
        "integer start truncates": Misconception(
            _truncated,
            "An array takes over the whole-number type of x0, so what you write into it is cut to whole numbers. "
            "Make path and v arrays of floats: np.zeros(len(x0)), np.asarray(x0, dtype=float).",
            also=(_truncated_average,),
        ),
        "v never falls": Misconception(
            _walk(average=_never_falling),
            "Your v never falls: you keep the larger of the old and the new one, as AMSGrad does. Here v forgets: take "
            "beta * v + (1 - beta) * g * g as it is.",
        ),
        "all rows are the last point": Misconception(
            lambda *given: np.array([rmsprop(*given)[-1]] * (given[-1] + 1)),
            hints.ONE_ARRAY,
        ),
        "only the last point": Misconception(
            lambda *given: rmsprop(*given)[-1],
            hints.LAST_POINT_ONLY,
        ),
        "start missing": Misconception(
            lambda *given: rmsprop(*given)[1:],
            hints.START_MISSING,
        ),
        "brackets missing": Misconception(
            _walk(average=lambda v, g, beta, t: beta * v + 1 - beta * g * g),
            hints.brackets("(1 - beta) * g**2, and g / (np.sqrt(v) + eps)"),
            also=(
                _walk(direction=lambda g, v, eps, beta, t: g / np.sqrt(v) + eps),
                _eps_on_the_point,
            ),
        ),
        **paths.mistakes(rmsprop, 1, "start ignored", "one step short"),
    },
    claims=(
        Claim("the whole path on random landscapes", 4, _paths),
        Claim("whole numbers as the start", 1, _whole_paths),
        Claim("no steps at all", 1, _no_steps),
        Claim("one coordinate", 1, _paths_in_one_dimension),
        Claim("a coordinate without gradient stays where it is", 1, _paths_without_a_gradient),
    ),
)
