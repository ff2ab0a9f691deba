"""Stochastic gradient descent on least squares: one step for each batch."""

import dataclasses

import numpy as np

from helpers.calling import RandomSource
from helpers.exercises import hints, paths
from helpers.exercises.drawing import away_from_zero, redrawn
from helpers.exercises.sgd import batching
from helpers.exercises.sgd import sgd_answers as written
from helpers.exercises.sgd.sgd_judging import every_call_is_explained, every_epoch_is_explained
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees
from helpers.stochastic import sgd


def _case(rng, n, d, batch_size, n_epochs, alpha=None, note=""):
    def draw():
        return {
            "X": away_from_zero(rng, n * d, 0.3, 2.0).reshape(n, d),
            "y": away_from_zero(rng, n),
            "w0": away_from_zero(rng, d),
        }

    def good(data):
        return np.linalg.matrix_rank(data["X"]) == min(n, d) and len(np.unique(data["X"], axis=0)) == n

    data = redrawn(draw, good)
    # Short enough for every batch to converge: |x_i|^2 bounds the curvature of any of them.
    alpha = alpha or float(f"{rng.uniform(0.1, 0.2) / np.max(np.sum(data['X'] ** 2, axis=1)):.1g}")
    source = RandomSource(int(rng.integers(2**31)))
    inputs = {**data, "alpha": alpha, "batch_size": batch_size, "n_epochs": n_epochs, "rng": source}
    X, y, w0 = data.values()
    return Case(inputs, note, shown={"x_i (x_i'w0 - y_i) of each row": (X * (X @ w0 - y)[:, None]).round(6)})


def _paths(rng):
    # n is no multiple of batch_size in two of them; there are at least 90 different epochs.
    for n, d, batch_size in ((7, 3, 3), (6, 3, 2), (7, 3, 2), (6, 4, 2)):
        yield _case(rng, n, d, batch_size, 6)


def _singles(rng):
    yield _case(rng, 7, 3, 1, 4, note="one row at a time")
    again = _case(rng, 7, 3, 1, 4, note="one row at a time, two calls with the same generator")
    yield dataclasses.replace(again, repeat=2)


def _for_repeating(rng):
    yield _case(rng, 7, 3, 2, 3, note="whoever passes the same rng again expects the same path")


def _full_batches(rng):
    for batch_size in (5, 8):
        yield _case(rng, 5, 2, batch_size, 4, note="every batch holds all rows: gradient descent")


def _no_epochs(rng):
    yield _case(rng, 5, 2, 2, 0, note="no epochs: only the start")


def _whole(rng):
    X = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1], [1, -1, 2], [3, 1, -1]])[rng.permutation(5)]
    source = RandomSource(int(rng.integers(2**31)))
    yield Case(
        {"X": X, "y": rng.integers(-4, 5, 5), "w0": rng.integers(1, 4, 3), "alpha": 0.01, "batch_size": 2,
         "n_epochs": 2, "rng": source}, "whole numbers",
    )  # fmt: skip


EXERCISE = Exercise(
    id="sgd",
    chapter="06-sgd",
    points=3,
    signature="sgd(X, y, w0, alpha, batch_size, n_epochs, rng)",
    reference=sgd,
    alternatives=(written.by_lists, written.by_counter, lambda *given: sgd(*given).astype(np.float32)),
    misconceptions={
        "full gradient": Misconception(
            written.sgd_with(batching.new_order, written.of_all_rows),
            "Each of your updates uses all rows. That is gradient descent, at the full price: use the rows of the batch "
            "only.",
        ),
        "row per epoch": Misconception(
            written.sgd_with(batching.new_order, each="epoch"),
            "Your path has one row for each epoch. Every update makes a row: put the new w into the path inside of the "
            "inner loop.",
        ),
        "reshuffle missing": Misconception(
            written.order_drawn_once,
            "Every epoch has the same order. Draw it anew inside of the loop over the epochs.",
            also=(written.sgd_with(batching.own_generator),),
        ),
        "not shuffled": Misconception(
            written.sgd_with(batching.in_order),
            "The rows come in their own order, 0, 1, 2, ..., in every epoch. Draw an order from rng at the start of each.",
        ),
        "independent batches": Misconception(
            written.sgd_with(written.independent),
            "You draw each batch anew from all rows, so that some come twice in an epoch and others never. Draw one order "
            "of all rows, and cut it.",
        ),
        "with replacement": Misconception(
            written.sgd_with(batching.with_replacement),
            "A row comes twice in one batch: you draw with replacement. Draw one order of all rows for the epoch, "
            "rng.permutation(n), and cut it.",
            also=(written.sgd_with(batching.full_with_replacement),),
        ),
        "generator of its own": Misconception(
            written.seeded_inside,
            "A second call walks the same path: the generator that you make inside of the function starts again each time. "
            "Draw from the rng you are given.",
        ),
        "drawn from elsewhere": Misconception(
            written.sgd_with(batching.unseeded_generator),
            batching.ELSEWHERE,
            also=(written.sgd_with(batching.global_generator),),
        ),
        "last short batch dropped": Misconception(
            written.sgd_with(batching.short_dropped),
            "The rows that are left over at the end of an epoch make no step. Use them as a batch that is shorter.",
        ),
        "sum": Misconception(
            written.scaled(lambda B, size, n: B),
            "You add the gradients of the batch up. Take their mean: divide by the number of rows in the batch.",
        ),
        "divides by n": Misconception(
            written.scaled(lambda B, size, n: B / n),
            "You divide by n, the number of all rows. The estimate is the mean over the rows of the batch.",
        ),
        "short batch divided by batch_size": Misconception(
            written.scaled(lambda B, size, n: B / size),
            "You divide every batch by batch_size. The last one may be shorter: divide by its own length.",
        ),
        "uphill": Misconception(
            written.scaled(lambda B, size, n: -1.0),
            "You walk uphill. Subtract alpha times the gradient.",
        ),
        "alpha missing": Misconception(
            written.sgd_with(batching.new_order, scaled=False),
            "alpha does not appear in your step. Multiply the gradient by it.",
        ),
        "factor of two": Misconception(
            written.scaled(lambda B, size, n: 2.0),
            "Your steps are off by a factor of 2. The loss is |Xw - y|^2/(2n): the 2 from the square cancels with the 2 "
            "below.",
            also=(written.scaled(lambda B, size, n: 0.5),),
        ),
        "gradient where the epoch began": Misconception(
            written.sgd_with(batching.new_order, stale=True),
            "All gradients of an epoch are taken at the point where it began. Each update starts from the last one: use "
            "the newest w.",
        ),
        "start missing": Misconception(
            written.sgd_with(batching.new_order, start=False),
            "Row 0 of the path is the start, w0 itself. Put it there before the first update.",
        ),
        "end only": Misconception(
            lambda *given: sgd(*given)[-1],
            "You return the last point. Return all of them, the start included, one row for each update.",
        ),
        "one array for all rows": Misconception(
            written.aliased,
            "All rows of your path are one and the same array, changed in place by w -= ... Write w = w - ..., which makes "
            "a new array, or append a copy.",
        ),
        "whole numbers cut off": Misconception(
            written.truncated,
            "Where w0 holds whole numbers, an array made from it does too, and cuts off what you write into it. Make the "
            "path hold floats.",
        ),
        "start ignored": Misconception(paths.from_zero(sgd, 2), hints.START_IGNORED),
        "one step short": Misconception(paths.changed(sgd, lambda path: path[:-1]), hints.ONE_STEP_SHORT),
    },
    claims=(
        Claim("every epoch uses every row once, a batch for each update", 15, _paths, every_epoch_is_explained),
        Claim("one row at a time", 4, _singles, every_call_is_explained),
        Claim("with all rows in a batch it is gradient descent", 4, _full_batches, agrees),
        Claim("drawn from rng", 3, _for_repeating, batching.drawn_from_rng(every_epoch_is_explained)),
        Claim("no epochs at all", 2, _no_epochs, agrees),
        Claim("whole numbers as input", 2, _whole, every_epoch_is_explained),
    ),
)  # fmt: skip
