"""The whole path of Adam."""

import numpy as np

from helpers import problems
from helpers.adam import adam
from helpers.exercises import hints, paths
from helpers.exercises.adam import adam_answers as written
from helpers.exercises.adam.walks import clear, memories, slope
from helpers.exercises.drawing import given, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _inputs(problem, x0, alpha, betas, eps, n_steps):
    return {
        "grad": given("grad", problem), "x0": x0, "alpha": alpha, "beta1": betas[0], "beta2": betas[1],
        "eps": eps, "n_steps": n_steps,
    }  # fmt: skip


def _paths(rng):
    # eps is large, so that its place shows; short steps keep the gradients away from 0
    for d, n_steps in ((2, 2), (2, 4), (3, 5), (5, 4)):
        yield Case(
            clear(
                lambda d=d, n_steps=n_steps: _inputs(
                    *slope(rng, d),
                    tenths(rng, (), 0.1, 0.2),
                    memories(rng),
                    tenths(rng, (), 0.4, 0.9),
                    n_steps,
                ),
                adam,
                *(function for name, function in written.VARIANTS.items() if name != "start missing"),
                rtol=1e-4,
            )
        )
    yield Case(_inputs(*slope(rng, 2), 0.05, (0.9, 0.999), 1e-8, 6), "the usual settings")
    yield _forgetting_path(rng)


def _forgetting_path(rng):
    """A short memory and long steps down: the gradients fade, and v falls with them."""

    def draw():
        return _inputs(*slope(rng, 2), tenths(rng, (), 0.4, 0.6), (0.6, 0.7), tenths(rng, (), 0.4, 0.9), 5)

    return Case(
        clear(draw, adam, written.walk(falls=False), written.VARIANTS["eps inside the root"]),
        "v falls as well",
    )


def _whole_paths(rng):
    for d in (1, 2):
        problem = problems.quadratic(np.diag(tenths(rng, d, 1.0, 3.0)), tenths(rng, d, -1.0, 1.0))
        yield Case(
            _inputs(problem, rng.integers(3, 9, d), 0.3, memories(rng), 0.1, 3), "x0 holds whole numbers"
        )


def _no_steps(rng):
    yield Case(_inputs(*slope(rng, 2), 0.1, memories(rng), 0.1, 0), "no steps: the path is the start alone")


def _paths_in_one_dimension(rng):
    yield Case(_inputs(problems.wavy(), tenths(rng, 1, 4.0, 4.4), 0.05, memories(rng), 0.1, 3))


def _paths_without_a_gradient(rng):
    Q = np.diag([tenths(rng, (), 1.0, 3.0), 0.0])
    x0 = tenths(rng, 2, 1.5, 4.0)
    yield Case(
        _inputs(problems.quadratic(Q), x0, 0.1, memories(rng), 1e-8, 4),
        "no gradient in the second coordinate",
    )


def _paths_downhill(rng):
    yield Case(_inputs(*slope(rng, 3), 0.05, (0.9, 0.99), 1e-8, 20), "twenty steps")


EXERCISE = Exercise(
    id="adam",
    chapter="08-adam",
    points=4,
    signature="adam(grad, x0, alpha, beta1, beta2, eps, n_steps)",
    reference=adam,
    alternatives=(written.by_lists, written.by_weighted_sums, written.with_eps_rescaled),
    misconceptions={
        "no correction": Misconception(
            written.VARIANTS["no correction"],
            "You step with m and v themselves. Both began at 0 and are too small at first: divide m by "
            "1 - beta1^t and v by 1 - beta2^t, and step with those.",
        ),
        "m uncorrected": Misconception(
            written.VARIANTS["m uncorrected"],
            "You correct v and not m, so the first steps are too short. Divide m by 1 - beta1^t as well.",
        ),
        "v uncorrected": Misconception(
            written.VARIANTS["v uncorrected"],
            "You correct m and not v, so the first steps are too long. Divide v by 1 - beta2^t as well.",
        ),
        "t starts at 0": Misconception(
            written.walk(first=0),
            "Your t is 0 at the first step, where 1 - beta^0 = 0 and everything becomes nan. t counts the gradients "
            "seen so far, and is 1 at the first step.",
        ),
        "t stays at 1": Misconception(
            written.VARIANTS["t stays at 1"],
            "You divide by 1 - beta in every step, as if t were 1 again and again. The bias fades: the exponent "
            "grows by one with every step.",
        ),
        "t starts at 2": Misconception(
            written.VARIANTS["t starts at 2"],
            "Your t is one too large. At the first step one gradient has been seen, and t is 1.",
        ),
        "eps inside the root": Misconception(
            written.VARIANTS["eps inside the root"],
            "Your eps is inside the root, as in some libraries. Here eps stands outside: take the root of "
            "v_hat, then add eps.",
            also=(written.walk(direction=lambda m_hat, v_hat, eps, *rest: m_hat / np.sqrt(v_hat + eps**2)),),
        ),
        "eps before the correction": Misconception(
            written.VARIANTS["eps before the correction"],
            "You add eps to the root of the uncorrected v, which is the short cut that section 2 of the paper "
            "mentions. Here eps is added last: correct v, take the root, add eps.",
        ),
        "eps missing": Misconception(
            written.VARIANTS["eps missing"],
            "eps is not added in your step. Add it to the root of v_hat before you divide; it makes every step a little "
            "shorter, and keeps a coordinate with no gradient from 0/0.",
        ),
        "eps added to the parameter": Misconception(
            written.eps_on_the_parameter,
            "You add eps to x and not to the root: brackets are missing. The denominator is (np.sqrt(v_hat) + eps).",
        ),
        "v not squared": Misconception(
            written.walk(square=lambda g: g),
            "Your v averages the gradients, or their sizes, without squaring them, so its root has the wrong unit. Put the "
            "square of each entry, g * g, into v.",
            also=(written.VARIANTS["v averages |g|"],),
        ),
        "root missing": Misconception(
            written.VARIANTS["root missing"],
            "You divide by v_hat, which has the unit of g squared. Take its root first, so that the step does not "
            "depend on the height of the landscape.",
        ),
        "norm instead of elementwise": Misconception(
            written.VARIANTS["norm instead of elementwise"],
            "You put one length, that of the whole gradient, into v, so all coordinates are scaled alike. Each "
            "coordinate has its own v: square entry by entry.",
            also=(written.walk(square=np.linalg.norm),),
        ),
        "betas swapped": Misconception(
            written.VARIANTS["betas swapped"],
            "You use beta2 for m and beta1 for v. beta1 belongs to the first moment m, beta2 to the second, v.",
        ),
        "uphill": Misconception(
            lambda grad, x0, alpha, beta1, beta2, eps, n_steps: adam(
                lambda x: -grad(x), x0, alpha, beta1, beta2, eps, n_steps
            ),
            "The path climbs. m_hat points uphill as the gradient does: subtract the step.",
        ),
        "gradient always at x0": Misconception(
            written.gradient_of_the_start,
            "Every step uses the gradient at the start. Ask for the gradient again at each new point, and update "
            "both averages with it.",
        ),
        "integer start truncates": Misconception(
            written.truncated,
            "An array takes over the whole-number type of x0, so what you write into it is cut to whole numbers. "
            "Make path, m and v arrays of floats: np.zeros(len(x0)), np.asarray(x0, dtype=float).",
            also=(written.truncated_moments,),
        ),
        "v never falls": Misconception(
            written.walk(falls=False),
            "Your v never falls: you keep the larger of the old and the new one, as AMSGrad does. Adam's v forgets: take "
            "beta2 * v + (1 - beta2) * g * g as it is.",
        ),
        "all rows are the last point": Misconception(
            lambda *given: np.array([adam(*given)[-1]] * (given[-1] + 1)),
            hints.ONE_ARRAY,
        ),
        "start missing": Misconception(
            lambda *given: adam(*given)[1:],
            hints.START_MISSING,
        ),
        "only the last point": Misconception(
            lambda *given: adam(*given)[-1],
            hints.LAST_POINT_ONLY,
        ),
        "brackets missing": Misconception(
            written.VARIANTS["brackets missing"],
            hints.brackets(
                "(1 - beta1) * g, m / (1 - beta1**t), and (1 - beta2) and (1 - beta2**t) likewise"
            ),
            also=(
                written.walk(correct=lambda m, v, beta1, beta2, t: (m / 1 - beta1**t, v / (1 - beta2**t))),
                written.walk(correct=lambda m, v, beta1, beta2, t: (m / (1 - beta1**t), v / 1 - beta2**t)),
                written.walk(mix_m=written.mixed_without_brackets),
                written.walk(mix_v=written.mixed_without_brackets),
                written.walk(mix_m=written.mixed_without_brackets, mix_v=written.mixed_without_brackets),
            ),
        ),
        **paths.mistakes(adam, 1, "start ignored", "one step short"),
    },
    claims=(
        Claim("the whole path on random landscapes", 5, _paths),
        Claim("whole numbers as the start", 1, _whole_paths),
        Claim("no steps at all", 0.5, _no_steps),
        Claim("one coordinate", 0.5, _paths_in_one_dimension),
        Claim("a coordinate without gradient stays where it is", 0.5, _paths_without_a_gradient),
        Claim("twenty steps", 0.5, _paths_downhill),
    ),
)
