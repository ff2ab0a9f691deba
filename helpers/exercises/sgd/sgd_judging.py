"""Explain a path of SGD: which batch each step used, and whether an epoch uses every row once.

Any order of the rows is right, so the path is read backwards: each step is explained by the batch whose gradient comes
nearest, of all batches there are. The data are small (6 or 7 rows) for that. A right path is refused by bad luck
only if all of its 6 epochs have the same batches in the same order. There are 90 different ones or more, so this
has a probability below 90^-5 < 2e-10 in a case and 1e-9 in all of them. Three coordinates tell two batches apart by
far more than rounding, in float32 too; where they do not (whole numbers: a residual that is zero), an epoch is
refused only if no choice among its explanations uses every row once.
"""

import dataclasses
import itertools
import math
from functools import lru_cache

import numpy as np

from helpers.agreement import Fault, as_numbers

SCALES = {"sum": lambda B, size, n: B, "over-n": lambda B, size, n: B / n, "uphill": lambda B, size, n: -1.0,
          "twice": lambda B, size, n: 2.0, "half": lambda B, size, n: 0.5, "no-alpha": None,
          "short-batch": lambda B, size, n: B / size}  # fmt: skip


@lru_cache
def _multisets(n, size):
    """Every batch of this size as shares of the rows (m, n), those that repeat a row last."""
    found = sorted(itertools.combinations_with_replacement(range(n), size), key=lambda b: size - len(set(b)))
    shares = np.zeros((len(found), n))
    for k, batch in enumerate(found):
        for row in batch:
            shares[k, row] += 1 / size
    return found, shares


def every_epoch_is_explained(case, outcome, expected):
    """Explain every step by a batch, every epoch by an order; a false alarm is below 1e-9 (see the module)."""
    path = as_numbers(outcome.returned)
    if isinstance(path, Fault):
        return path
    _, y, w0, _, size, n_epochs, _ = case.inputs.values()
    n, per_epoch = len(y), math.ceil(len(y) / size)
    fault = _fault_of_shape(path, w0, n, size, n_epochs)
    if fault:
        return fault
    if not np.isfinite(path).all():
        return Fault("not-finite", "the path has nan or inf in it, and with this alpha it should not")
    if np.abs(path[0] - w0).max(initial=0) > 1e-5 * np.abs(w0).max():
        if (path == path[0]).all():
            return Fault("aliased", "all rows of the path are the same, and they are not w0")
        if not path[0].any():
            return Fault("start-zero", "row 0 of the path is 0, and it should be w0")
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


def every_call_is_explained(case, outcome, expected):
    """Explain each call by itself; two calls of four epochs of 7 rows agree with a probability of 7!^-4 < 1e-14."""
    calls = outcome.returned if case.repeat > 1 else [outcome.returned]
    for returned in calls:
        fault = every_epoch_is_explained(case, dataclasses.replace(outcome, returned=returned), expected)
        if fault:
            return fault
    if len(calls) > 1 and all(np.array_equal(as_numbers(calls[0]), as_numbers(path)) for path in calls[1:]):
        return Fault(
            "same-path", f"{len(calls)} calls in a row return the same path, though the generator moved on"
        )
    return None


def _fault_of_shape(path, w0, n, size, n_epochs):
    d, updates = len(w0), n_epochs * math.ceil(n / size)
    if path.shape == (updates + 1, d):
        return None
    shown = f"the path has shape {path.shape}, and it should be {(updates + 1, d)}"
    if path.shape == (d,):
        return Fault("end-only", f"{shown}: you return the last point")
    if path.shape == (updates, d) and updates > 0 and np.allclose(path[0], w0):
        return Fault("short", f"{shown}: the last update is missing")
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
        near = np.flatnonzero(off <= room)  # few of many, so only these are sorted
        return [found[best] for best in near[np.argsort(off[near], kind="stable")]]

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
