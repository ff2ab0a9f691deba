"""The rows of an epoch, cut into batches: in a new order each time, and in the ways that are wrong."""

import random

import numpy as np

from helpers.agreement import Fault

ELSEWHERE = (
    "What you return is right, but your random numbers do not come from rng: np.random.something and a default_rng() of "
    "your own draw others each time, so nobody can repeat your run. Draw from the rng that you are given: "
    "rng.permutation, rng.standard_normal, ..."
)


def drawn_from_rng(judged):
    """Return a verify that judges as `judged`, and where that finds no fault wants something drawn from rng.

    What is drawn elsewhere is as random, but nobody can repeat it: the same rng, passed again, gives another result.
    """

    def verify(case, outcome, expected):
        fault = judged(case, outcome, expected)
        if fault or not outcome.undrawn:
            return fault
        return Fault(
            "undrawn", "nothing was drawn from rng, so the result is not one that the same rng gives again"
        )

    return verify


def cut(order, batch_size):
    """Return an order of the rows as batches, the last one shorter where they do not fit."""
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def new_order(n, batch_size, rng):
    """Return what is right: every row once, in a random order."""
    return cut(rng.permutation(n), batch_size)


def in_order(n, batch_size, rng):
    """Return the rows as they come, 0, 1, 2, ..."""
    return cut(np.arange(n), batch_size)


def own_generator(n, batch_size, rng):
    """Return the same order in every epoch, from a generator of its own."""
    return cut(np.random.default_rng(0).permutation(n), batch_size)


def unseeded_generator(n, batch_size, rng):
    """Return an order that is right, but not drawn from rng."""
    return cut(np.random.default_rng().permutation(n), batch_size)


def global_generator(n, batch_size, rng):
    """Return an order that is right, but drawn from what all of Python shares."""
    rows = list(range(n))
    random.shuffle(rows)
    return cut(rows, batch_size)


def with_replacement(n, batch_size, rng):
    """Return batches in which a row may come twice."""
    return [rng.integers(0, n, len(batch)) for batch in in_order(n, batch_size, rng)]


def full_with_replacement(n, batch_size, rng):
    """Return as many batches as an epoch has, each drawn anew and full."""
    return [rng.integers(0, n, batch_size) for _ in in_order(n, batch_size, rng)]


def short_dropped(n, batch_size, rng):
    """Return the full batches only."""
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]
