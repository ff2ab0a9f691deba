"""An epoch: all row numbers in a random order, cut into batches."""

import numpy as np

from helpers.calling import RandomSource
from helpers.exercises.sgd import batching
from helpers.exercises.sgd import epoch_batches_answers as written
from helpers.exercises.sgd.epoch_batches_judging import (
    EPOCHS,
    ROWS,
    all_orders_are_equally_likely,
    holds_every_row_once,
    is_an_epoch,
)
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.stochastic import epoch_batches


def _epochs(rng, n, batch_size, repeat=3, note=""):
    source = RandomSource(int(rng.integers(2**31)))
    return Case({"n": n, "batch_size": batch_size, "rng": source}, note, repeat=repeat)


def _random_epochs(rng):
    # What is left over is neither none nor one, nor one less than a batch, and batch_size is not the number of batches.
    for batch_size in (6, 4, 7, 5):
        fitting = [
            n
            for n in range(20, 45)
            if 1 < n % batch_size < batch_size - 1 and n // batch_size + 1 != batch_size
        ]
        yield _epochs(rng, int(rng.choice(fitting)), batch_size)


def _dividing(rng):
    for batch_size in (5, 8, 1):
        n = 23 if batch_size == 1 else batch_size * int(rng.integers(6, 8) - (batch_size == 8) * 3)
        yield _epochs(rng, n, batch_size, note="batch_size divides n: no short batch")


def _many_epochs(rng):
    yield _epochs(rng, ROWS, 3, EPOCHS, f"{EPOCHS} epochs: every row is at every place equally often")


def _large_batches(rng):
    n = int(rng.integers(20, 30))
    yield _epochs(rng, n, n, note="one batch holds everything")
    yield _epochs(rng, n, n + 7, note="batch_size is larger than n")
    yield _epochs(rng, 1, 3, note="one row")


def _for_repeating(rng):
    yield _epochs(
        rng, int(rng.integers(31, 35)), 7, note="whoever passes the same rng again expects the same batches"
    )


EXERCISE = Exercise(
    id="epoch-batches",
    chapter="06-sgd",
    points=2,
    signature="epoch_batches(n, batch_size, rng)",
    reference=epoch_batches,
    alternatives=(written.by_sorting, written.by_drawing, written.by_splitting),
    misconceptions={
        "with replacement": Misconception(
            batching.with_replacement,
            "Some rows come twice and others never: you draw anew each time. Draw one order of all the rows, "
            "rng.permutation(n), and cut it into batches.",
            also=(
                written.each_batch_by_itself,
                batching.full_with_replacement,
                lambda n, batch_size, rng: batching.cut(rng.choice(n, n), batch_size),
            ),
        ),
        "last short batch dropped": Misconception(
            batching.short_dropped,
            "The rows that are left over at the end are in no batch. Keep them as a last batch that is shorter.",
        ),
        "not shuffled": Misconception(
            batching.in_order,
            "Your rows come in their own order, 0, 1, 2, ... Data are often sorted by something: shuffle first, with "
            "rng.permutation(n).",
        ),
        "same order each epoch": Misconception(
            batching.own_generator,
            "Every epoch has the same order. Draw from the rng you are given: one made inside the function, with a "
            "fixed seed, starts again at each call.",
            also=(lambda n, batch_size, rng: batching.cut(np.random.default_rng(n).permutation(n), batch_size),),
        ),
        "drawn from elsewhere": Misconception(
            batching.unseeded_generator,
            batching.ELSEWHERE,
            also=(batching.global_generator,),
        ),
        "number of batches": Misconception(
            written.count_of_batches,
            "You make batch_size batches. batch_size is the length of a batch, not how many there are.",
        ),
        "batches of equal length": Misconception(
            written.even_batches,
            "You even out the lengths. Every batch has batch_size rows, and only the last one has what is left.",
        ),
        "last batch filled up": Misconception(
            written.filled_up,
            "You fill the last batch up with rows that had their turn. Leave it short: each row comes once in an epoch.",
        ),
        "rows from 1": Misconception(
            written.from_one,
            "Your rows go from 1 to n. Python counts from 0: they go from 0 to n - 1.",
        ),
        "one batch only": Misconception(
            written.one_batch,
            "You return one batch. An epoch is a list of batches that hold all the rows together.",
        ),
        "empty last batch": Misconception(
            written.empty_last,
            "Where batch_size divides n, your last batch is empty, and its mean is 0/0. Begin the batches at "
            "range(0, n, batch_size), which has no start too many.",
        ),
        "fixed batches": Misconception(
            written.shuffled_batches,
            "The same rows are always together, or never: you move whole batches or the whole list. Shuffle the rows "
            "themselves first, cut afterwards.",
            also=(written.rotated,),
        ),
        "sorted batches": Misconception(
            written.sorted_inside,
            "The rows of each batch come in ascending order, so that most orders never come. Leave the rows in the order "
            "in which they were drawn.",
        ),
        "shuffled within batches": Misconception(
            written.shuffled_inside,
            "You shuffle inside of each batch, so the first batch always holds the same rows. Shuffle all rows first, "
            "cut afterwards.",
        ),
    },
    claims=(
        Claim("every row exactly once, in a new random order each epoch", 4, _random_epochs, holds_every_row_once),
        Claim("batch_size divides n", 0.75, _dividing, is_an_epoch),
        Claim("all orders are equally likely", 1.5, _many_epochs, all_orders_are_equally_likely),
        Claim("batches as large as the data, and larger", 0.75, _large_batches, holds_every_row_once),
        Claim("drawn from rng", 0.6, _for_repeating, batching.drawn_from_rng(holds_every_row_once)),
    ),
)  # fmt: skip
