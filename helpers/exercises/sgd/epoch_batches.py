"""An epoch: all row numbers in a random order, cut into batches.

Nobody can say which order comes, so nothing is compared with the reference. A right answer is refused by bad luck
only: the same order of 20 or more rows in each epoch, or the rows in their own order, has a probability below 1e-17 in all
the cases together. The distribution is judged by 500 epochs of six rows: how often each row is at each place
(36 counts), and how often two rows share a batch (15 counts). For one of them to be 80 or more off its mean has a
probability of 51 * 2 exp(-2 * 80^2/500) < 1e-9 (Hoeffding 1963).
"""

import numpy as np

from helpers.agreement import Fault, as_numbers
from helpers.calling import RandomSource
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.stochastic import epoch_batches

EPOCHS, ROWS, OFF = 500, 6, 80


def _epochs(rng, n, batch_size, repeat=3, note=""):
    source = RandomSource(int(rng.integers(2**31)))
    return Case({"n": n, "batch_size": batch_size, "rng": source}, note, repeat=repeat)


def _random_epochs(rng):
    # What is left over is neither none nor one less than a batch, and batch_size is not the number of batches.
    for batch_size in (6, 4, 7, 5):
        fitting = [
            n
            for n in range(20, 45)
            if 0 < n % batch_size < batch_size - 1 and n // batch_size + 1 != batch_size
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


def _holds_every_row_once(case, outcome, expected):
    """Judge each epoch alone, then all of them together: is there chance in the order?

    The false alarm rate is below 1e-17: two epochs of n >= 20 rows agree with a probability of 1/n!.
    """
    n, batch_size = case.inputs["n"], case.inputs["batch_size"]
    orders = []
    for returned in outcome.returned:
        order = _order(returned, n, batch_size)
        if isinstance(order, Fault):
            return order
        orders.append(order)
    if n < 20:
        return None
    if all((order == np.arange(n)).all() for order in orders):
        return Fault("in-order", f"the rows come in the order 0, 1, ..., {n - 1}: nothing is shuffled")
    if all((order == orders[0]).all() for order in orders):
        return Fault(
            "same-order", f"{len(orders)} epochs in a row have the same order, though the generator moved on"
        )
    return None


def _is_an_epoch(case, outcome, expected):
    """Judge the rows and lengths of each epoch, and not their order."""
    for returned in outcome.returned:
        order = _order(returned, case.inputs["n"], case.inputs["batch_size"])
        if isinstance(order, Fault):
            return order
    return None


def _order(returned, n, batch_size):
    """All row numbers of an epoch, one after the other, or what is wrong with its batches."""
    if isinstance(returned, np.ndarray) and returned.ndim == 1:
        return Fault(
            "one-array", f"the result is one array of length {len(returned)}; a list of batches is expected"
        )
    if not isinstance(returned, (list, tuple, np.ndarray)) or len(returned) == 0:
        numbers = as_numbers(returned)
        return (
            numbers
            if isinstance(numbers, Fault)
            else Fault("no-batches", "there are no batches in the result")
        )
    batches = [as_numbers(batch) for batch in returned]
    for batch in batches:
        if isinstance(batch, Fault):
            return batch
        if batch.ndim != 1:
            return Fault(
                "no-batches", f"each batch should have shape (its length,), and one has shape {batch.shape}"
            )
        if not np.isfinite(batch).all() or (batch != np.round(batch)).any():
            return Fault("not-whole", "row numbers are whole numbers, and a batch holds others")
    order = np.concatenate(batches)
    fault = _fault_of_rows(order, n, batch_size) or _fault_of_lengths(
        [len(batch) for batch in batches], n, batch_size
    )
    return fault or order


def _fault_of_rows(order, n, batch_size):
    outside = order[(order < 0) | (order >= n)]
    if len(outside):
        return Fault(
            f"outside-{int(outside[0] >= n)}", f"there is no row {int(outside[0])}: rows go from 0 to {n - 1}"
        )
    counts = np.bincount(order.astype(int), minlength=n)
    if counts.max() > 1 and len(order) == n:
        return Fault(
            "with-replacement", f"row {counts.argmax()} comes {counts.max()} times in one epoch, others never"
        )
    if len(order) >= n + batch_size:
        return Fault("overlap", f"the batches hold {len(order)} rows together, and there are {n}")
    if counts.max() > 1 and counts.min() > 0:
        return Fault(
            "filled-up", f"row {counts.argmax()} comes {counts.max()} times: the epoch has more than n rows"
        )
    if counts.max() > 1:
        return Fault(
            "repeated", f"row {counts.argmax()} comes {counts.max()} times in one epoch, others never"
        )
    if counts.min() == 0:
        return Fault("missing", f"{np.sum(counts == 0)} of {n} rows are in no batch of the epoch")
    return None


def _fault_of_lengths(lengths, n, batch_size):
    wanted = [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)
    if lengths == wanted:
        return None
    if 0 in lengths:
        return Fault("empty-batch", "one batch is empty")
    shown = ", ".join(map(str, lengths[:8])) + (", ..." if len(lengths) > 8 else "")
    should = ", ".join(map(str, wanted[:8])) + (", ..." if len(wanted) > 8 else "")
    if len(lengths) == batch_size:
        return Fault(
            "count", f"there are {len(lengths)} batches, of lengths {shown}; they should be {should}"
        )
    if sorted(lengths) == sorted(wanted):
        return Fault("short-first", f"the batches have lengths {shown}: the short one should be the last")
    kind = "even-lengths" if max(lengths) - min(lengths) <= 1 else "lengths"
    return Fault(kind, f"the batches have lengths {shown}; they should be {should}")


def _all_orders_are_equally_likely(case, outcome, expected):
    """Count how often each row is at each place, and each pair in one batch; a false alarm is below 1e-9."""
    places, pairs, ascending = np.zeros((ROWS, ROWS)), np.zeros((ROWS, ROWS)), True
    for returned in outcome.returned:
        order = _order(returned, ROWS, 3)
        if isinstance(order, Fault):
            return order
        order = order.astype(int)
        places[np.arange(ROWS), order] += 1
        for batch in (order[:3], order[3:]):
            pairs[np.ix_(batch, batch)] += 1
            ascending = ascending and (np.diff(batch) > 0).all()
    if (places[:3, 3:] == 0).all():
        return Fault("within", f"in {EPOCHS} epochs the rows 0, 1, 2 are the first batch every time")
    np.fill_diagonal(pairs, 0.4 * EPOCHS)  # two rows share a batch of 3 with a probability of 2/5
    one, other = np.unravel_index(np.abs(pairs - 0.4 * EPOCHS).argmax(), pairs.shape)
    if abs(pairs[one, other] - 0.4 * EPOCHS) >= OFF:
        often, expected_often = int(pairs[one, other]), int(0.4 * EPOCHS)
        kind = "together" if pairs[one, other] in (0, EPOCHS) else "uneven-pairs"
        return Fault(kind, f"in {EPOCHS} epochs the rows {one} and {other} share a batch {often} times, and about "
                     f"{expected_often} are expected")  # fmt: skip
    if ascending:
        return Fault("sorted", f"in {EPOCHS} epochs every batch has its rows in ascending order")
    place, row = np.unravel_index(np.abs(places - EPOCHS / 6).argmax(), places.shape)
    often = int(places[place, row])
    if abs(often - EPOCHS / 6) >= OFF:
        sentence = f"in {EPOCHS} epochs row {row} is at place {place} {often} times, and about {EPOCHS // 6} are expected"
        return Fault("uneven", sentence)
    return None


def _cut(order, batch_size):
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def _in_order(n, batch_size, rng):
    return _cut(np.arange(n), batch_size)


def _with_replacement(n, batch_size, rng):
    return _cut(rng.integers(0, n, n), batch_size)


def _each_batch_by_itself(n, batch_size, rng):
    sizes = [len(batch) for batch in _cut(np.arange(n), batch_size)]
    return [rng.choice(n, size, replace=False) for size in sizes]


def _short_dropped(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]


def _own_generator(n, batch_size, rng):
    return _cut(np.random.default_rng(0).permutation(n), batch_size)


def _count_of_batches(n, batch_size, rng):
    return np.array_split(rng.permutation(n), batch_size)


def _even_batches(n, batch_size, rng):
    return np.array_split(rng.permutation(n), -(-n // batch_size))


def _shuffled_batches(n, batch_size, rng):
    batches = _cut(np.arange(n), batch_size)
    full, rest = batches[: n // batch_size], batches[n // batch_size :]
    return [full[i] for i in rng.permutation(len(full))] + rest


def _shuffled_inside(n, batch_size, rng):
    return [rng.permutation(batch) for batch in _cut(np.arange(n), batch_size)]


def _sorted_inside(n, batch_size, rng):
    return [np.sort(batch) for batch in _cut(rng.permutation(n), batch_size)]


def _rotated(n, batch_size, rng):
    return _cut(np.roll(np.arange(n), rng.integers(n)), batch_size)


def _filled_up(n, batch_size, rng):
    order = rng.permutation(n)
    return _cut(np.concatenate([order, order])[: -(-n // batch_size) * batch_size], batch_size)


def _from_one(n, batch_size, rng):
    return _cut(rng.permutation(n) + 1, batch_size)


def _empty_last(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size + 1)]


def _one_batch(n, batch_size, rng):
    return rng.permutation(n)[:batch_size]


def _by_sorting(n, batch_size, rng):
    order = [int(i) for i in np.argsort(rng.random(n))]
    batches = []
    while order:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return tuple(batches)


def _by_drawing(n, batch_size, rng):
    left, batches = list(range(n)), []
    while left:
        batch = [left.pop(int(rng.integers(len(left)))) for _ in range(min(batch_size, len(left)))]
        batches.append(np.array(batch, dtype=float))
    return batches


def _by_splitting(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return np.split(order, range(batch_size, n, batch_size))


EXERCISE = Exercise(
    id="epoch-batches",
    chapter="06-sgd",
    points=2,
    signature="epoch_batches(n, batch_size, rng)",
    reference=epoch_batches,
    alternatives=(_by_sorting, _by_drawing, _by_splitting),
    misconceptions={
        "with replacement": Misconception(
            _with_replacement,
            "Some rows come twice and others never: you draw anew each time. Draw one order of all the rows, "
            "rng.permutation(n), and cut it into batches.",
            also=(_each_batch_by_itself, lambda n, batch_size, rng: _cut(rng.choice(n, n), batch_size)),
        ),
        "last short batch dropped": Misconception(
            _short_dropped,
            "The rows that are left over at the end are in no batch. Keep them as a last batch that is shorter.",
        ),
        "not shuffled": Misconception(
            _in_order,
            "Your rows come in their own order, 0, 1, 2, ... Data are often sorted by something: shuffle first, with "
            "rng.permutation(n).",
        ),
        "same order each epoch": Misconception(
            _own_generator,
            "Every epoch has the same order. Draw from the rng you are given: one made inside the function, with a "
            "fixed seed, starts again at each call.",
            also=(lambda n, batch_size, rng: _cut(np.random.default_rng(n).permutation(n), batch_size),),
        ),
        "number of batches": Misconception(
            _count_of_batches,
            "You make batch_size batches. batch_size is the length of a batch, not how many there are.",
        ),
        "batches of equal length": Misconception(
            _even_batches,
            "You even out the lengths. Every batch has batch_size rows, and only the last one has what is left.",
        ),
        "last batch filled up": Misconception(
            _filled_up,
            "You fill the last batch up with rows that had their turn. Leave it short: each row comes once in an epoch.",
        ),
        "rows from 1": Misconception(
            _from_one,
            "Your rows go from 1 to n. Python counts from 0: they go from 0 to n - 1.",
        ),
        "one batch only": Misconception(
            _one_batch,
            "You return one batch. An epoch is a list of batches that hold all the rows together.",
        ),
        "empty last batch": Misconception(
            _empty_last,
            "Where batch_size divides n, your last batch is empty, and its mean is 0/0. Begin the batches at "
            "range(0, n, batch_size), which has no start too many.",
        ),
        "fixed batches": Misconception(
            _shuffled_batches,
            "The same rows are always together, or never: you move whole batches or the whole list. Shuffle the rows "
            "themselves first, cut afterwards.",
            also=(_rotated,),
        ),
        "sorted batches": Misconception(
            _sorted_inside,
            "The rows of each batch come in ascending order, so that most orders never come. Leave the rows in the order "
            "in which they were drawn.",
        ),
        "shuffled within batches": Misconception(
            _shuffled_inside,
            "You shuffle inside of each batch, so the first batch always holds the same rows. Shuffle all rows first, "
            "cut afterwards.",
        ),
    },
    claims=(
        Claim("every row exactly once, in a new random order each epoch", 3, _random_epochs, _holds_every_row_once),
        Claim("batch_size divides n", 0.75, _dividing, _is_an_epoch),
        Claim("all orders are equally likely", 1.5, _many_epochs, _all_orders_are_equally_likely),
        Claim("batches as large as the data, and larger", 0.75, _large_batches, _holds_every_row_once),
    ),
)  # fmt: skip
