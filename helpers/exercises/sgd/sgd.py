"""Stochastic gradient descent on least squares: one step for each batch.

Any order of the rows is right, so the path is read backwards: each step is explained by the batch whose gradient comes
nearest, of all batches there are. The data are small (6 or 7 rows) for that. A right path is refused by bad luck
only if all of its 6 epochs have the same batches in the same order. There are 90 different ones or more, so this
has a probability below 90^-5 < 2e-10 in a case and 1e-9 in all of them. Three coordinates tell two batches apart by
far more than rounding, in float32 too; where they do not (whole numbers: a residual that is zero), an epoch is
refused only if no choice among its explanations uses every row once.
"""

import itertools
import math
from functools import lru_cache

import numpy as np

from helpers.agreement import Fault, as_numbers
from helpers.calling import RandomSource
from helpers.exercises.drawing import away_from_zero, redrawn
from helpers.exercises.table import Case, Claim, Exercise, Misconception, agrees
from helpers.stochastic import sgd

SCALES = {"sum": lambda B, size, n: B, "over-n": lambda B, size, n: B / n, "uphill": lambda B, size, n: -1.0,
          "twice": lambda B, size, n: 2.0, "half": lambda B, size, n: 0.5, "no-alpha": None,
          "short-batch": lambda B, size, n: B / size}  # fmt: skip


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


@lru_cache
def _multisets(n, size):
    """Every batch of this size as shares of the rows (m, n), those that repeat a row last."""
    found = sorted(itertools.combinations_with_replacement(range(n), size), key=lambda b: size - len(set(b)))
    shares = np.zeros((len(found), n))
    for k, batch in enumerate(found):
        for row in batch:
            shares[k, row] += 1 / size
    return found, shares


def _every_epoch_is_explained(case, outcome, expected):
    """Explain every step by a batch, every epoch by an order; a false alarm is below 1e-9 (see the module)."""
    path = as_numbers(outcome.returned)
    if isinstance(path, Fault):
        return path
    _, y, w0, _, size, n_epochs, _ = case.inputs.values()
    n, per_epoch = len(y), math.ceil(len(y) / size)
    fault = _fault_of_shape(path, n, len(w0), size, n_epochs)
    if fault:
        return fault
    if not np.isfinite(path).all():
        return Fault("not-finite", "the path has nan or inf in it, and with this alpha it should not")
    if np.abs(path[0] - w0).max(initial=0) > 1e-5 * np.abs(w0).max():
        if (path == path[0]).all():
            return Fault("aliased", "all rows of the path are the same, and they are not w0")
        return Fault("start", "row 0 of the path is not w0")
    lengths = [*[size] * (per_epoch - 1), n - (per_epoch - 1) * size]
    epochs = [
        _likeliest([_batches_of_step(path, start + j, start, B, case.inputs) for j, B in enumerate(lengths)])
        for start in range(0, n_epochs * per_epoch, per_epoch)
    ]
    steps = list(itertools.chain(*epochs))
    faults = [batch for batch in steps if isinstance(batch, Fault)]
    if faults and faults[0].kind in ("twice", "half") and "unexplained" in {fault.kind for fault in faults}:
        return Fault("changing", f"{faults[0].sentence}; others are another multiple")
    if faults:
        return faults[0]
    for k, batch in enumerate(steps):
        if len(set(batch)) < len(batch):
            row = max(batch, key=batch.count)
            return Fault("repeats", f"update {k + 1} of the path uses row {row} more than once")
    for batches in epochs:
        rows = sorted(itertools.chain(*batches))
        if rows != list(range(n)):
            return Fault(
                "no-epoch", f"the {per_epoch} updates of an epoch use the rows {rows}, not each row once"
            )
    if n_epochs > 2 and all(batches == epochs[0] for batches in epochs):
        in_order = list(itertools.chain(*epochs[0])) == list(range(n))
        kind, words = ("in-order", "0, 1, 2, ...") if in_order else ("same-order", "the same")
        return Fault(kind, f"in all {n_epochs} epochs the order of the rows is {words}")
    return None


def _fault_of_shape(path, n, d, size, n_epochs):
    updates = n_epochs * math.ceil(n / size)
    if path.shape == (updates + 1, d):
        return None
    shown = f"the path has shape {path.shape}, and it should be {(updates + 1, d)}"
    if path.shape == (d,):
        return Fault("end-only", f"{shown}: you return the last point")
    for kind, rows, words in (
        ("per-epoch", n_epochs + 1, "one row for each epoch; every update is a row"),
        ("start-missing", updates, "the start w0 is a row too"),
        ("dropped", n_epochs * (n // size) + 1, "the last, shorter batch of each epoch makes a step too"),
        ("per-row", n_epochs * n + 1, "there is one update for each batch"),
    ):
        if path.shape == (rows, d):
            return Fault(kind, f"{shown}: {words}")
    return Fault("rows", shown)


def _likeliest(steps):
    """One batch for each step of an epoch: together every row once if that explains them, else the nearest ones.

    Where a row's residual is zero, or two batches have the same gradient by chance, a step has several explanations.
    """
    if any(isinstance(batches, Fault) for batches in steps):
        return [batches if isinstance(batches, Fault) else batches[0] for batches in steps]
    return _disjoint(steps, frozenset()) or [batches[0] for batches in steps]


def _disjoint(steps, used):
    """One batch for each step with no row twice, in all steps and outside of `used`, or None if there is none."""
    if not steps:
        return []
    for batch in steps[0]:
        if len(set(batch) - used) == len(batch):
            rest = _disjoint(steps[1:], used | set(batch))
            if rest is not None:
                return [batch, *rest]
    return None


def _batches_of_step(path, k, start, B, inputs):
    """The batches whose mean gradient explains the step from row k, nearest first, or what the step is instead."""
    X, y, _, alpha, size, _, _ = inputs.values()
    n, room = len(y), 1e-5 * max(np.abs(path[k : k + 2]).max(), 1e-3)

    def nearest(w, scale, B=B):
        found, shares = _multisets(n, B)
        gradients = shares @ (X * (X @ w - y)[:, None])
        off = np.abs(path[k] - scale * gradients - path[k + 1]).max(axis=1)
        return [found[best] for best in np.argsort(off, kind="stable") if off[best] <= room]

    batches = nearest(path[k], alpha)
    if batches:
        return batches
    words = f"update {k + 1} of the path"
    if tuple(range(n)) in nearest(path[k], alpha, n)[:1]:
        return Fault("full", f"{words} uses the gradient of all rows")
    for kind, scale in SCALES.items():
        if nearest(path[k], scale(B, size, n) * alpha if scale else 1.0):
            return Fault(
                kind, f"{words} goes along the gradient of {B} of the rows, but not -alpha times their mean"
            )
    if nearest(path[start], alpha):
        return Fault("stale", f"{words} uses the gradient at the point where the epoch began")
    return Fault("unexplained", f"{words} is no step of -alpha times the mean gradient of any {B} rows")


def _run(draw, gradient=None, each=None, stale=False, start=True, scaled=True):
    """Return an sgd whose batches of an epoch are draw(n, size, rng, epoch), or with another gradient or other rows."""

    def run(X, y, w0, alpha, batch_size, n_epochs, rng):
        w, path = np.array(w0, dtype=float), [np.array(w0, dtype=float)]
        for epoch in range(n_epochs):
            there = w
            for batch in draw(len(y), batch_size, rng, epoch):
                at = there if stale else w
                g = (gradient or _mean)(X, y, at, batch, batch_size)
                w = w - (alpha if scaled else 1) * g
                path.append(w)
            if each == "epoch":
                path[1:] = [*path[1 : epoch + 1], w]
        return np.array(path if start else path[1:])

    return run


def _mean(X, y, w, batch, size):
    return X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)


def _cut(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]


def _new_order(n, size, rng, epoch):
    return _cut(rng.permutation(n), size)


def _in_order(n, size, rng, epoch):
    return _cut(np.arange(n), size)


def _independent(n, size, rng, epoch):
    return [rng.choice(n, min(size, n), replace=False) for _ in range(-(-n // size))]


def _with_replacement(n, size, rng, epoch):
    return [rng.integers(0, n, len(batch)) for batch in _cut(np.arange(n), size)]


def _short_dropped(n, size, rng, epoch):
    order = rng.permutation(n)
    return [order[i * size : (i + 1) * size] for i in range(n // size)]


def _order_drawn_once(X, y, w0, alpha, batch_size, n_epochs, rng):
    order = rng.permutation(len(y))
    return _run(lambda n, size, rng, epoch: _cut(order, size))(X, y, w0, alpha, batch_size, n_epochs, rng)


def _truncated(X, y, w0, alpha, batch_size, n_epochs, rng):
    path = np.array([w0] * (n_epochs * -(-len(y) // batch_size) + 1))
    k = 0
    for _ in range(n_epochs):
        for batch in _cut(rng.permutation(len(y)), batch_size):
            path[k + 1] = path[k] - alpha * _mean(X, y, path[k], batch, batch_size)
            k += 1
    return path


def _aliased(X, y, w0, alpha, batch_size, n_epochs, rng):
    w = np.array(w0, dtype=float)
    path = [w]
    for _ in range(n_epochs):
        for batch in _cut(rng.permutation(len(y)), batch_size):
            w -= alpha * _mean(X, y, w, batch, batch_size)
            path.append(w)
    return np.array(path)


def _scaled(factor):
    return _run(
        _new_order,
        lambda X, y, w, batch, size: factor(len(batch), size, len(y)) * _mean(X, y, w, batch, size),
    )


def _by_lists(X, y, w0, alpha, batch_size, n_epochs, rng):
    rows = [([float(v) for v in row], float(target)) for row, target in zip(X, y, strict=True)]
    path = [[float(v) for v in w0]]
    for _ in range(n_epochs):
        order = sorted(range(len(rows)), key=rng.random(len(rows)).__getitem__)
        for start in range(0, len(rows), batch_size):
            chosen, w = [rows[i] for i in order[start : start + batch_size]], path[-1]
            residuals = [sum(a * b for a, b in zip(row, w, strict=True)) - target for row, target in chosen]
            g = [
                sum(r * row[j] for r, (row, _) in zip(residuals, chosen, strict=True)) for j in range(len(w))
            ]
            path.append([a - alpha * b / len(chosen) for a, b in zip(w, g, strict=True)])
    return path


def _by_counter(X, y, w0, alpha, batch_size, n_epochs, rng):
    n = len(y)
    path = np.tile(np.asarray(w0, dtype=float), (n_epochs * -(-n // batch_size) + 1, 1))
    orders = [rng.permuted(np.arange(n)) for _ in range(n_epochs)]
    for k in range(len(path) - 1):
        epoch, place = divmod(k, -(-n // batch_size))
        rows = orders[epoch][place * batch_size : (place + 1) * batch_size]
        H, c = (
            np.einsum("ij,ik->jk", X[rows], X[rows]) / len(rows),
            np.einsum("ij,i->j", X[rows], y[rows]) / len(rows),
        )
        path[k + 1] = path[k] - alpha * (H @ path[k] - c)
    return path


EXERCISE = Exercise(
    id="sgd",
    chapter="06-sgd",
    points=3,
    signature="sgd(X, y, w0, alpha, batch_size, n_epochs, rng)",
    reference=sgd,
    alternatives=(_by_lists, _by_counter, lambda *given: sgd(*given).astype(np.float32)),
    misconceptions={
        "full gradient": Misconception(
            _run(_new_order, lambda X, y, w, batch, size: _mean(X, y, w, np.arange(len(y)), size)),
            "Each of your updates uses all rows. That is gradient descent, at the full price: use the rows of the batch "
            "only.",
        ),
        "row per epoch": Misconception(
            _run(_new_order, each="epoch"),
            "Your path has one row for each epoch. Every update makes a row: put the new w into the path inside of the "
            "inner loop.",
        ),
        "reshuffle missing": Misconception(
            _order_drawn_once,
            "Every epoch has the same order. Draw it anew inside of the loop over the epochs.",
            also=(_run(lambda n, size, rng, epoch: _cut(np.random.default_rng(0).permutation(n), size)),),
        ),
        "not shuffled": Misconception(
            _run(_in_order),
            "The rows come in their own order, 0, 1, 2, ..., in every epoch. Draw an order from rng at the start of each.",
        ),
        "independent batches": Misconception(
            _run(_independent),
            "You draw each batch anew from all rows, so that some come twice in an epoch and others never. Draw one order "
            "of all rows, and cut it.",
        ),
        "with replacement": Misconception(
            _run(_with_replacement),
            "A row comes twice in one batch: you draw with replacement. Draw one order of all rows for the epoch, "
            "rng.permutation(n), and cut it.",
        ),
        "last short batch dropped": Misconception(
            _run(_short_dropped),
            "The rows that are left over at the end of an epoch make no step. Use them as a batch that is shorter.",
        ),
        "sum": Misconception(
            _scaled(lambda B, size, n: B),
            "You add the gradients of the batch up. Take their mean: divide by the number of rows in the batch.",
        ),
        "divides by n": Misconception(
            _scaled(lambda B, size, n: B / n),
            "You divide by n, the number of all rows. The estimate is the mean over the rows of the batch.",
        ),
        "short batch divided by batch_size": Misconception(
            _scaled(lambda B, size, n: B / size),
            "You divide every batch by batch_size. The last one may be shorter: divide by its own length.",
        ),
        "uphill": Misconception(
            _scaled(lambda B, size, n: -1.0),
            "You walk uphill. Subtract alpha times the gradient.",
        ),
        "alpha missing": Misconception(
            _run(_new_order, scaled=False),
            "alpha does not appear in your step. Multiply the gradient by it.",
        ),
        "factor of two": Misconception(
            _scaled(lambda B, size, n: 2.0),
            "Your steps are off by a factor of 2. The loss is |Xw - y|^2/(2n): the 2 from the square cancels with the 2 "
            "below.",
            also=(_scaled(lambda B, size, n: 0.5),),
        ),
        "gradient where the epoch began": Misconception(
            _run(_new_order, stale=True),
            "All gradients of an epoch are taken at the point where it began. Each update starts from the last one: use "
            "the newest w.",
        ),
        "start missing": Misconception(
            _run(_new_order, start=False),
            "Row 0 of the path is the start, w0 itself. Put it there before the first update.",
        ),
        "end only": Misconception(
            lambda *given: sgd(*given)[-1],
            "You return the last point. Return all of them, the start included, one row for each update.",
        ),
        "one array for all rows": Misconception(
            _aliased,
            "All rows of your path are one and the same array, changed in place by w -= ... Write w = w - ..., which makes "
            "a new array, or append a copy.",
        ),
        "whole numbers cut off": Misconception(
            _truncated,
            "Where w0 holds whole numbers, an array made from it does too, and cuts off what you write into it. Make the "
            "path hold floats.",
        ),
    },
    claims=(
        Claim("every epoch uses every row once, a batch for each update", 15, _paths, _every_epoch_is_explained),
        Claim("one row at a time", 4, _singles, _every_epoch_is_explained),
        Claim("with all rows in a batch it is gradient descent", 4, _full_batches, agrees),
        Claim("no epochs at all", 3, _no_epochs, agrees),
        Claim("whole numbers as input", 4, _whole, _every_epoch_is_explained),
    ),
)  # fmt: skip
