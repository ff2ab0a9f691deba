"""The matrix that moves the state of the heavy ball by one step."""

import numpy as np

from helpers.exercises.drawing import redrawn, tenths
from helpers.exercises.momentum.walks import momentum
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.momentum import momentum_matrix


def _inputs(alpha, beta, lam):
    return {"alpha": alpha, "beta": beta, "lam": lam}


def _parabolas(rng):
    for low, high in ((0.2, 0.8), (0.2, 0.8), (1.2, 1.7), (0.2, 0.8), (2.2, 2.8)):

        def draw(low=low, high=high):
            lam = tenths(rng, (), 1.5, 4.0)
            return _inputs(float(f"{rng.uniform(low, high) / lam:.2g}"), momentum(rng), lam)

        def apart(inputs):
            alpha, beta, lam = inputs.values()
            # neither a zero in the corner, nor a product or a difference that looks like another
            parts = (1 + beta - alpha * lam, 1 - beta - alpha * lam, 1 - alpha * lam)
            return min(map(abs, parts)) > 0.05 and abs(alpha - lam) > 0.3

        yield Case(redrawn(draw, apart))


def _whole_numbers(rng):
    yield Case(_inputs(1, 0.75, int(rng.integers(2, 5))), "whole numbers")


def _no_momentum(rng):
    lam = tenths(rng, (), 1.5, 4.0)
    yield Case(_inputs(round(0.4 / lam, 2), 0.0, lam), "beta = 0: x is multiplied by 1 - alpha lam")


def _no_curvature(rng):
    yield Case(_inputs(0.3, momentum(rng), 0.0), "lam = 0: the ball rolls on a level floor")


def _matrix(corner, right=lambda alpha, beta, lam: -beta, second=(1, 0)):
    """Return a function that puts together another matrix."""
    return lambda alpha, beta, lam: np.array(
        [[corner(alpha, beta, lam), right(alpha, beta, lam)], list(second)]
    )


def _right_corner(alpha, beta, lam):
    return 1 + beta - alpha * lam


def _by_basis_states(alpha, beta, lam):
    """The columns are where the states (1, 0) and (0, 1) go."""
    columns = [[x - alpha * lam * x + beta * (x - before), x] for x, before in ((1.0, 0.0), (0.0, 1.0))]
    return np.transpose(columns)


def _by_sum(alpha, beta, lam):
    plain, inertia = np.array([[1 - alpha * lam, 0], [1, 0]]), np.array([[1, -1], [0, 0]])
    return plain + beta * inertia


EXERCISE = Exercise(
    id="momentum-matrix",
    chapter="07-momentum",
    points=2,
    signature="momentum_matrix(alpha, beta, lam)",
    reference=momentum_matrix,
    alternatives=(
        _by_basis_states, _by_sum,
        lambda alpha, beta, lam: [[1 + beta - alpha * lam, -beta], [1, 0]],
    ),
    misconceptions={
        "sign of beta in the first row": Misconception(
            _matrix(_right_corner, lambda alpha, beta, lam: beta),
            "The upper right entry has the wrong sign. beta (x_k - x_{k-1}) contributes -beta to what x_{k-1} is "
            "multiplied by.",
        ),
        "sign of the inertia": Misconception(
            _matrix(lambda alpha, beta, lam: 1 - beta - alpha * lam, lambda alpha, beta, lam: beta),
            "beta enters the upper left entry with a minus, an inertia that pulls back. The ball goes on: "
            "+ beta (x_k - x_{k-1}) adds beta to what x_k is multiplied by, and takes it from x_{k-1}.",
            also=(_matrix(lambda alpha, beta, lam: 1 - beta - alpha * lam),),
        ),
        "sign of the gradient": Misconception(
            _matrix(lambda alpha, beta, lam: 1 + beta + alpha * lam),
            "Your matrix goes uphill: the gradient lam x is subtracted, so alpha lam enters with a minus.",
        ),
        "transposed state": Misconception(
            lambda alpha, beta, lam: momentum_matrix(alpha, beta, lam).T,
            "Rows and columns are interchanged. The first row makes x_{k+1} from (x_k, x_{k-1}), the newer first; the "
            "second row copies x_k.",
            also=(lambda alpha, beta, lam: momentum_matrix(alpha, beta, lam)[::-1, ::-1],),
        ),
        "rows interchanged": Misconception(
            lambda alpha, beta, lam: momentum_matrix(alpha, beta, lam)[::-1],
            "Your rows are in the wrong order: the new point comes first in (x_{k+1}, x_k), so the copy of x_k is the "
            "second row.",
        ),
        "older point kept": Misconception(
            _matrix(_right_corner, second=(0, 1)),
            "Your second row keeps x_{k-1} for ever. After a step the older of the two points is x_k: the second row "
            "is (1, 0).",
        ),
        "beta missing in the corner": Misconception(
            _matrix(lambda alpha, beta, lam: 1 - alpha * lam),
            "x_k is multiplied by 1 - alpha lam and by beta as well: the inertia beta (x_k - x_{k-1}) contains both "
            "points.",
        ),
        "curvature missing": Misconception(
            _matrix(lambda alpha, beta, lam: 1 + beta - alpha),
            "The curvature is missing in the upper left entry. The gradient of lam x^2/2 is lam x, not x: alpha comes "
            "with lam.",
        ),
        "damped": Misconception(
            _matrix(lambda alpha, beta, lam: 1 + beta - (1 - beta) * alpha * lam),
            "You multiply the gradient by 1 - beta, as the damped form does. Here it enters in full: alpha lam.",
        ),
        "Nesterov's matrix": Misconception(
            _matrix(
                lambda alpha, beta, lam: (1 + beta) * (1 - alpha * lam),
                lambda alpha, beta, lam: -beta * (1 - alpha * lam),
            ),
            "This is the matrix of Nesterov's method, with its gradient taken ahead. The heavy ball takes it at x_k, "
            "so alpha lam stands in the upper left entry only.",
        ),
        "point and step as the state": Misconception(
            lambda alpha, beta, lam: np.array([[1 - alpha * lam, beta], [-alpha * lam, beta]]),
            "Your state is (x, last step). The exercise asks for the two last points, (x_k, x_{k-1}); the eigenvalues "
            "are the same, the matrix is not.",
            also=(lambda alpha, beta, lam: np.array([[beta, -alpha * lam], [beta, 1 - alpha * lam]]),),
        ),
    },
    claims=(
        Claim("the matrix of random settings", 3, _parabolas),
        Claim("whole numbers as input", 1, _whole_numbers),
        Claim("without momentum", 0.5, _no_momentum),
        Claim("without curvature", 0.5, _no_curvature),
    ),
)  # fmt: skip
