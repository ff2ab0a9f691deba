"""What a ridge leaves of the least squares solution."""

import numpy as np

from helpers.exercises import hints
from helpers.exercises.drawing import redrawn, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.exercises.whole import cut_off
from helpers.regularization import ridge_filter


def _filters(rng):
    for d in (2, 1, 3, 5):
        lowest = 11 if d == 1 else 3  # one direction alone is not cut off where lam stands for a threshold

        def draw(d=d, lowest=lowest):
            s = np.sort(rng.choice(np.arange(lowest, 25), d, replace=False) / 10)[::-1]
            s[np.abs(s - 1) < 0.05] += 0.15  # s = 1 is its own square
            return {"s": s, "lam": tenths(rng, (), 0.2, 0.8)}

        # where s = lam, s/(s + lam) is s^2/(s^2 + lam^2)
        yield Case(redrawn(draw, lambda inputs: np.abs(inputs["s"] - inputs["lam"]).min() > 0.05))


def _unseen(rng):
    yield Case({"s": np.array([tenths(rng, (), 1.2, 2.5), 0.0]), "lam": 0.4}, "s = 0: nothing is left")


def _without_ridge(rng):
    yield Case({"s": tenths(rng, 2, 0.3, 2.5), "lam": 0.0}, "lam = 0: all of it is left")
    yield Case(
        {"s": np.array([tenths(rng, (), 0.3, 2.5), 1e-4]), "lam": 0.0},
        "lam = 0: all of it is left, however faintly the data see a direction",
    )
    yield Case(
        {"s": np.array([tenths(rng, (), 0.3, 2.5), 0.0]), "lam": 0.0},
        "lam = 0 and s = 0: there is nothing that could be left",
    )


def _whole(rng):
    yield Case({"s": np.array([4, 2, 1]), "lam": int(rng.integers(2, 6))}, "whole numbers")


def _one_by_one(s, lam):
    return [1 / (1 + lam / v**2) if v else 0.0 for v in s.tolist()]


def _by_solving(s, lam):
    # Least squares with one row for each singular value, where the solution would be 1 everywhere.
    S = np.diag(np.append(s, np.zeros(0))) if lam else np.eye(len(s))
    return np.linalg.solve(S @ S + lam * np.eye(len(s)), S @ S @ np.ones(len(s))) * (s > 0)


EXERCISE = Exercise(
    id="ridge-filter",
    chapter="04-regularization",
    points=1,
    signature="ridge_filter(s, lam)",
    reference=ridge_filter,
    alternatives=(
        _one_by_one,
        _by_solving,
        lambda s, lam: np.divide(s**2, s**2 + lam, out=np.zeros(len(s)), where=s > 0),
    ),
    misconceptions={
        "s not squared": Misconception(
            lambda s, lam: s / (s + lam),
            "You use s as the curvature. s is a singular value of A/sqrt(n); its curvature is s^2, and that is "
            "what lam is weighed against.",
            also=(
                lambda s, lam: s**2 / (s + lam),
                lambda s, lam: np.sqrt(s) / (np.sqrt(s) + lam),
            ),
        ),
        "complement": Misconception(
            lambda s, lam: lam / (s**2 + lam),
            "You return the share that the ridge takes away. The filter is the share that is left: it is near 1 "
            "where s is large.",
        ),
        "lam squared": Misconception(
            lambda s, lam: s**2 / (s**2 + lam**2),
            "You square lam. Here lam is a curvature already, like s^2. Some texts write the ridge as "
            "lam^2 |w|^2, this course as lam |w|^2/2.",
        ),
        "2 lam": Misconception(
            lambda s, lam: s**2 / (s**2 + 2 * lam),
            "You weigh s^2 against 2 lam. With the ridge lam |w|^2/2 the added curvature is lam.",
        ),
        "filter of the data": Misconception(
            lambda s, lam: s / (s**2 + lam),
            "This factor turns data into weights: it is the filter divided by s. The filter compares with the "
            "solution without a ridge, so it is 1 for lam = 0.",
        ),
        "hard cut": Misconception(
            lambda s, lam: np.where(s**2 > lam, 1.0, 0.0),
            "You keep a direction or drop it. That is truncation; a ridge shrinks every direction by a share "
            "between 0 and 1.",
            also=(lambda s, lam: np.where(s > lam, 1.0, 0.0),),
        ),
        "difference": Misconception(
            lambda s, lam: np.maximum(0, 1 - lam / s**2),
            "You subtract lam/s^2 from 1. That is close to the filter for small lam only. Divide s^2 by what "
            "it is together with lam.",
            also=(lambda s, lam: 1 - lam / s**2,),
        ),
        "0/0": Misconception(
            lambda s, lam: s**2 / (s**2 + lam),
            "For s = 0 and lam = 0 your quotient is 0/0. Look for s = 0 first: in a direction that the data do "
            "not see, the filter is 0.",
            also=(
                lambda s, lam: [v * v / (v * v + lam) for v in s],
                lambda s, lam: [v * v / (v * v + lam) for v in s.tolist()],
                lambda s, lam: 1 / (1 + lam / s**2),
                lambda s, lam: np.ones(len(s)) if lam == 0 else s**2 / (s**2 + lam),
            ),
        ),
        "brackets missing": Misconception(
            lambda s, lam: s**2 / s**2 + lam,
            hints.brackets("s**2 / (s**2 + lam)"),
            also=(lambda s, lam: np.where(s > 0, 1 + lam, 0),),
        ),
        **cut_off(ridge_filter, 0, "s"),
    },
    claims=(
        Claim("the filter of random singular values", 3, _filters),
        Claim("s = 0: nothing is left", 0.5, _unseen),
        Claim("whole numbers as input", 0.5, _whole),
        Claim("no ridge: all that the data see is left", 1, _without_ridge),
    ),
)
