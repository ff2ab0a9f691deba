"""What is written for an epoch: rows that are missing or repeated, orders that are none, and right answers."""

import numpy as np

from helpers.exercises.sgd.batching import cut


def each_batch_by_itself(n, batch_size, rng):
    sizes = [len(batch) for batch in cut(np.arange(n), batch_size)]
    return [rng.choice(n, size, replace=False) for size in sizes]


def count_of_batches(n, batch_size, rng):
    return np.array_split(rng.permutation(n), batch_size)


def even_batches(n, batch_size, rng):
    return np.array_split(rng.permutation(n), -(-n // batch_size))


def shuffled_batches(n, batch_size, rng):
    batches = cut(np.arange(n), batch_size)
    full, rest = batches[: n // batch_size], batches[n // batch_size :]
    return [full[i] for i in rng.permutation(len(full))] + rest


def shuffled_inside(n, batch_size, rng):
    return [rng.permutation(batch) for batch in cut(np.arange(n), batch_size)]


def sorted_inside(n, batch_size, rng):
    return [np.sort(batch) for batch in cut(rng.permutation(n), batch_size)]


def rotated(n, batch_size, rng):
    return cut(np.roll(np.arange(n), rng.integers(n)), batch_size)


def filled_up(n, batch_size, rng):
    order = rng.permutation(n)
    return cut(np.concatenate([order, order])[: -(-n // batch_size) * batch_size], batch_size)


def from_one(n, batch_size, rng):
    return cut(rng.permutation(n) + 1, batch_size)


def empty_last(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size + 1)]


def one_batch(n, batch_size, rng):
    return rng.permutation(n)[:batch_size]


def by_sorting(n, batch_size, rng):
    order = [int(i) for i in np.argsort(rng.random(n))]
    batches = []
    while order:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return tuple(batches)


def by_drawing(n, batch_size, rng):
    left, batches = list(range(n)), []
    while left:
        batch = [left.pop(int(rng.integers(len(left)))) for _ in range(min(batch_size, len(left)))]
        batches.append(np.array(batch, dtype=float))
    return batches


def by_splitting(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return np.split(order, range(batch_size, n, batch_size))
