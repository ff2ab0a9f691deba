"""The whole path of AMSGrad on a function that shows itself piece by piece."""

import numpy as np

from helpers import problems
from helpers.adam import amsgrad
from helpers.exercises import hints, paths
from helpers.exercises.adam import amsgrad_answers as written
from helpers.exercises.adam.walks import clear
from helpers.exercises.drawing import definite_matrix, given, redrawn, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception

WIDE = (-100.0, 100.0)


def _inputs(problem, x0, alpha, beta1, beta2, eps, n_steps, bounds):
    return {
        "grad_t": given("grad_t", problem), "x0": x0, "alpha": alpha, "beta1": beta1, "beta2": beta2, "eps": eps,
        "n_steps": n_steps, "bounds": bounds,
    }  # fmt: skip


def _pieces(rng, d, p):
    """Pieces of which one is steep, so that v falls after its turn, and all have other gradients."""
    b = tenths(rng, (p, d), -1.5, 1.5)
    b[2 % p] = tenths(rng, d, 6.0, 9.0) * rng.choice([-1.0, 1.0], d)
    b[1] = tenths(rng, d, 2.0, 4.0) * rng.choice([-1.0, 1.0], d)
    return problems.quadratic_in_turns(definite_matrix(rng, d), b)


def _walks(rng):
    for d, n_steps, variants in (
        (2, 4, written.VARIANTS_IN_FOUR_STEPS),
        (2, 6, written.VARIANTS),
        (3, 5, written.VARIANTS),
        (1, 6, written.VARIANTS_IN_ONE_DIMENSION),
    ):

        def draw(d=d, n_steps=n_steps):
            problem, x0 = _pieces(rng, d, 3 + d % 2), tenths(rng, d, -0.4, 0.4)
            betas = float(rng.choice([0.3, 0.4])), float(rng.choice([0.6, 0.7, 0.8]))
            bounds = tenths(rng, (), -0.9, -0.5), tenths(rng, (), 0.5, 0.9)
            return _inputs(
                problem, x0, tenths(rng, (), 0.3, 0.5), *betas, tenths(rng, (), 0.2, 0.5), n_steps, bounds
            )

        yield Case(clear(draw, amsgrad, *variants))
    yield _walk_from_outside(rng)


def _walk_from_outside(rng):
    def draw():
        x0 = np.array([tenths(rng, (), 1.2, 1.8), tenths(rng, (), -0.4, 0.4)])
        return _inputs(_pieces(rng, 2, 3), x0, 0.4, 0.4, 0.8, 0.3, 4, (-0.8, 0.8))

    return Case(
        clear(draw, amsgrad, *written.VARIANTS_IN_FOUR_STEPS), "x0 is beyond the bounds, as in the example"
    )


def _free_walks(rng):
    inputs = clear(
        lambda: _inputs(_pieces(rng, 2, 3), tenths(rng, 2), 0.2, 0.7, 0.8, 0.3, 5, WIDE),
        amsgrad,
        written.VARIANTS[0],
    )
    yield Case(inputs, "bounds that are never met")


def _whole_walks(rng):
    def draw():
        x0 = rng.integers(2, 5, 2)
        return _inputs(_pieces(rng, 2, 3), x0, 0.3, 0.6, 0.8, 0.3, 4, (-6.0, 6.0))

    yield Case(
        redrawn(draw, lambda inputs: np.ptp(amsgrad(*_built(inputs)), axis=0).min() > 0.1),
        "x0 holds whole numbers",
    )


def _built(inputs):
    return [inputs["grad_t"].build(), *list(inputs.values())[1:]]


def _no_steps(rng):
    yield Case(
        _inputs(_pieces(rng, 2, 3), tenths(rng, 2, -0.4, 0.4), 0.2, 0.7, 0.8, 0.3, 0, (-1.0, 1.0)),
        "no steps: the path is the start alone",
    )


def _three_in_turn(rng):
    large = float(rng.integers(3, 7))
    problem = problems.quadratic_in_turns([[0.0]], [[1.0], [-large], [1.0]])
    yield Case(
        _inputs(problem, np.zeros(1), 0.1, 0.0, 0.1, 1e-8, 60, (-1.0, 1.0)),
        "the counterexample: one steep piece among flat ones",
    )


EXERCISE = Exercise(
    id="amsgrad",
    chapter="08-adam",
    points=2,
    signature="amsgrad(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds)",
    reference=amsgrad,
    alternatives=(written.by_lists, written.by_the_largest_root),
    misconceptions={
        "no maximum": Misconception(
            written.plain_adam,
            "You divide by the root of v, which is Adam again: once a steep piece is forgotten, the steps grow. Keep "
            "the largest v so far in v_max, and divide by its root.",
        ),
        "no projection": Misconception(
            written.free,
            "Your path leaves the bounds. Put every new point back between low and high, entry by entry.",
        ),
        "one bound only": Misconception(
            written.below_high,
            "Your path leaves the bounds on one side. Every entry of a new point has to be between low and high: keep "
            "to both of them.",
            also=(written.above_low,),
        ),
        "projected at the end only": Misconception(
            written.projected_at_the_end,
            "You walk freely and cut the finished path. The next gradient is taken at the point inside the bounds: "
            "put each point back before you go on.",
        ),
        "bias corrected": Misconception(
            written.as_in_pytorch,
            "You correct the bias: m, or v_max, or both are divided by 1 - beta^t, as in PyTorch's AMSGrad. The paper, and "
            "this exercise, use m and v as they are.",
            also=(written.corrected_m, written.corrected_maximum, written.corrected_both),
        ),
        "maximum of the corrected against the uncorrected": Misconception(
            written.corrected_v,
            "You compare v_max with v / (1 - beta2^t), a v of another kind. There is no bias correction here: v_max "
            "is the largest of the v themselves.",
        ),
        "maximum fed back": Misconception(
            written.fed_back,
            "You average the new square into v_max, so v itself is lost. Keep two arrays: v goes on averaging, v_max "
            "only remembers the largest.",
        ),
        "smallest instead of largest": Misconception(
            written.smallest,
            "You keep the smallest v, which makes the longest steps. Keep the largest: np.maximum.",
        ),
        "maximum over the coordinates": Misconception(
            written.over_coordinates,
            "You take the largest entry of v for all coordinates. The maximum is over time, for each coordinate by "
            "itself: np.maximum(v_max, v).",
        ),
        "t from 0": Misconception(
            written.from_zero,
            "You ask for grad_t(x, 0) at the first step. The first step is t = 1, the last one t = n_steps.",
        ),
        "betas swapped": Misconception(
            written.swapped,
            "You use beta2 for m and beta1 for v. beta1 belongs to the first moment m, beta2 to the second, v.",
        ),
        "eps inside the root": Misconception(
            written.eps_inside,
            "You take the root of v_max + eps. Here eps stands outside: take the root of v_max, then add eps.",
        ),
        "root missing": Misconception(
            written.root_missing,
            "You divide by v_max + eps. Take the root of v_max first, then add eps.",
        ),
        "integer start truncates": Misconception(
            written.truncated,
            hints.WHOLE_NUMBERS,
        ),
        "start put between the bounds": Misconception(
            lambda grad_t, x0, *given: amsgrad(grad_t, np.clip(x0, *given[-1]), *given),
            "You put x0 between the bounds before the first step. Row 0 is x0 as it is, and the first gradient is taken "
            "there: only the new points are clipped.",
        ),
        "all rows are the last point": Misconception(
            lambda *given: np.array([amsgrad(*given)[-1]] * (given[-2] + 1)),
            hints.ONE_ARRAY,
        ),
        "start missing": Misconception(
            lambda *given: amsgrad(*given)[1:],
            hints.START_MISSING,
        ),
        "brackets missing": Misconception(
            written.without_brackets(1, 0, 0),
            hints.brackets("(1 - beta1) * g, (1 - beta2) * g**2, and m / (np.sqrt(v_max) + eps)"),
            also=(
                written.without_brackets(0, 1, 0),
                written.without_brackets(0, 0, 1),
                written.without_brackets(1, 1, 0),
            ),
        ),
        **paths.mistakes(amsgrad, 1, "start ignored", "one step short", "only the last point"),
    },
    claims=(
        Claim("the whole path, with a steep piece and narrow bounds", 5, _walks),
        Claim("bounds that are never met", 1, _free_walks),
        Claim("whole numbers as the start", 1.5, _whole_walks),
        Claim("no steps at all", 1, _no_steps),
        Claim("three gradients in turn", 1.5, _three_in_turn),
    ),
)
