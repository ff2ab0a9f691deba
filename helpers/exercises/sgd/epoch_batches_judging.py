"""Judge epochs: every row once, in batches of the right lengths, and in an order that only chance knows.

Nobody can say which order comes, so nothing is compared with the reference. A right answer is refused by bad luck
only: the same order of 20 or more rows in each epoch, or the rows in their own order, has a probability below 1e-17 in all
the cases together. The distribution is judged by 500 epochs of six rows: how often each row is at each place
(36 counts), and how often two rows share a batch (15 counts). For one of them to be 80 or more off its mean has a
probability of 51 * 2 exp(-2 * 80^2/500) < 1e-9 (Hoeffding 1963).
"""

import numpy as np

from helpers.agreement import Fault, as_numbers

EPOCHS, ROWS, OFF = 500, 6, 80


def holds_every_row_once(case, outcome, expected):
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


def is_an_epoch(case, outcome, expected):
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
    order = np.concatenate(batches)
    if not np.isfinite(order).all() or (order != np.round(order)).any():
        return Fault("not-whole", "row numbers are whole numbers, and a batch holds others")
    fault = _fault_of_rows(order, n, batch_size) or _fault_of_lengths(
        [len(batch) for batch in batches], n, batch_size
    )
    return fault or order


def _fault_of_rows(order, n, batch_size):
    if len(order) == n and (np.sort(order) == np.arange(n)).all():
        return None
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
        kind = "missing-rest" if len(order) == n - n % batch_size else "missing"
        return Fault(kind, f"{np.sum(counts == 0)} of {n} rows are in no batch of the epoch")
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


def all_orders_are_equally_likely(case, outcome, expected):
    """Count how often each row is at each place, and each pair in one batch; a false alarm is below 1e-9."""
    orders = []
    for returned in outcome.returned:
        order = _order(returned, ROWS, 3)
        if isinstance(order, Fault):
            return order
        orders.append(order)
    orders, rows = np.array(orders), np.arange(ROWS)
    places = np.sum(orders[:, :, None] == rows, axis=0)  # [place, row]
    side = 2.0 * np.any(orders[:, :3, None] == rows, axis=1) - 1  # [epoch, row]: 1 or -1, the batch
    pairs = (EPOCHS + side.T @ side) / 2  # two rows share a batch where the product of their sides is 1
    ascending = (np.diff(orders.reshape(-1, 2, 3)) > 0).all()
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
