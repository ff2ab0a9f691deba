"""Right answers to the random exercises that use the generator in their own way: whatever they draw, they earn everything.

What is drawn, how often and in which order is the learner's choice: one permutation or many, in place or not, all of
the noise at once or number by number, and draws that are never used.
"""

from functools import lru_cache

import numpy as np
import pytest

from helpers.calling import RandomSource
from helpers.check import judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES
from helpers.exercises.table import Case

SEEDS = range(4)


@lru_cache(maxsize=len(SEEDS))
def drawn(exercise, seed):
    return draw(EXERCISES[exercise], seed)


def cut(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]


def shuffled_list(n, rng):
    order = list(range(n))
    rng.shuffle(order)
    return order


def exchanged_by_hand(n, rng):
    """The shuffle of Fisher and Yates (1938), with n - 1 numbers of the generator."""
    order = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = rng.integers(i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def after_other_draws(n, rng):
    rng.random(17)
    return rng.permutation(n)


ORDERS = [
    shuffled_list,
    exchanged_by_hand,
    after_other_draws,
    lambda n, rng: rng.choice(n, n, replace=False),
    lambda n, rng: rng.permuted(np.arange(n)),
    lambda n, rng: np.argsort(rng.standard_normal(n)),
    lambda n, rng: rng.permutation(n)[::-1].astype(float),
]


def batch_by_batch(n, batch_size, rng):
    left, batches = np.arange(n), []
    while len(left):
        batches.append(rng.choice(left, min(batch_size, len(left)), replace=False))
        left = np.setdiff1d(left, batches[-1])
    return batches


def as_a_table(n, batch_size, rng):
    order, full = rng.permutation(n), n // batch_size
    rest = [order[full * batch_size :]] if n % batch_size else []
    return [*order[: full * batch_size].reshape(full, batch_size), *rest]


EPOCHS = [
    batch_by_batch,
    as_a_table,
    *(lambda n, batch_size, rng, order=order: cut(order(n, rng), batch_size) for order in ORDERS),
    lambda n, batch_size, rng: np.array_split(rng.permutation(n), range(batch_size, n, batch_size)),
]


def descent(orders, dtype=float):
    """Return an sgd on the orders that `orders(n, n_epochs, rng)` gives one after the other."""

    def run(X, y, w0, alpha, batch_size, n_epochs, rng):
        path = [np.array(w0, dtype=dtype)]
        for order in orders(len(y), n_epochs, rng):
            for batch in cut(np.asarray(order, dtype=int), batch_size):
                w = path[-1]
                path.append(
                    (w - alpha * np.mean(X[batch] * (X[batch] @ w - y[batch])[:, None], axis=0)).astype(dtype)
                )
        return np.array(path)

    return run


def one_list_shuffled_on(n, n_epochs, rng):
    order = np.arange(n)
    for _ in range(n_epochs):
        rng.shuffle(order)
        yield order.copy()


def all_before_the_first_step(n, n_epochs, rng):
    return rng.permuted(np.tile(np.arange(n), (n_epochs, 1)), axis=1)


def the_data_shuffled(X, y, w0, alpha, batch_size, n_epochs, rng):
    data, path = np.column_stack([X, y]).astype(float), [np.array(w0, dtype=float)]
    for _ in range(n_epochs):
        rng.shuffle(data)
        for rows in cut(data, batch_size):
            residual = rows[:, :-1] @ path[-1] - rows[:, -1]
            path.append(path[-1] - alpha * residual @ rows[:, :-1] / len(rows))
    return path


DESCENTS = [
    the_data_shuffled,
    descent(one_list_shuffled_on),
    descent(all_before_the_first_step),
    descent(all_before_the_first_step, np.float32),
    *(
        descent(lambda n, n_epochs, rng, order=order: (order(n, rng) for _ in range(n_epochs)))
        for order in ORDERS
    ),
]


def escape(noise_of):
    def run(grad, x0, alpha, noise, radius, max_steps, rng):
        x = np.array(x0, dtype=float)
        for k in range(max_steps):
            x = x - alpha * (grad(x) + noise * noise_of(len(x), rng))
            if np.sqrt(np.sum((x - x0) ** 2)) > radius:
                return k + 1
        return -1

    return run


def whole_walk_first(grad, x0, alpha, noise, radius, max_steps, rng):
    """Walk to the end in any case, and look for the first row that is outside."""
    path = [np.array(x0, dtype=float)]
    for z in rng.normal(size=(max_steps, len(x0))):
        path.append(path[-1] - alpha * grad(path[-1]) + alpha * noise * z)
    outside = np.linalg.norm(np.array(path) - x0, axis=1) > radius
    return np.argmax(outside) if outside.any() else -1


def in_single_precision(grad, x0, alpha, noise, radius, max_steps, rng):
    x = x0 = np.float32(x0)
    for k in range(1, max_steps + 1):
        x = np.float32(x - alpha * (grad(x) + noise * rng.standard_normal(len(x), dtype=np.float32)))
        if np.linalg.norm(x - x0) > np.float32(radius):
            return float(k)
    return -1.0


ESCAPES = [
    whole_walk_first,
    in_single_precision,
    escape(lambda d, rng: rng.normal(0, 1, d)),
    escape(lambda d, rng: -rng.standard_normal(2 * d)[d:]),
    escape(lambda d, rng: np.array([rng.normal() for _ in range(d)])),
    escape(lambda d, rng: rng.multivariate_normal(np.zeros(d), np.eye(d))),
]


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        pytest.param(exercise, function, id=f"{exercise}-{k}")
        for exercise, functions in (("epoch-batches", EPOCHS), ("sgd", DESCENTS), ("escape-steps", ESCAPES))
        for k, function in enumerate(functions)
    ],
)
def test_whatever_a_right_answer_draws_it_earns_everything(exercise, function):
    for seed in SEEDS:
        report = judge_drawn(drawn(exercise, seed), lambda cases: run_here(function, cases))
        assert report.passed, str(report)


def test_rows_without_a_gradient_make_no_right_epoch_wrong():
    """Where the residual of a row is zero several batches explain a step: it is enough that one explanation is right."""
    verify = EXERCISES["sgd"].claims[-1].verify
    same_rows_again = descent(lambda n, n_epochs, rng: [(0, 1, 0, 1, 2)] * n_epochs)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        X, w0 = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1], [1, -1, 2], [3, 1, -1]]), np.array([1, 1, 2])
        y = X @ w0 + 3 * rng.permutation([1, -1, 0, 0, 0])
        data = {"X": X, "y": y, "w0": w0, "alpha": 0.01, "batch_size": 2, "n_epochs": 2}
        case = Case({**data, "rng": RandomSource(seed)})
        right, wrong = (run_here(f, [case])[0] for f in (DESCENTS[0], same_rows_again))
        assert verify(case, right, right) is None
        if y[0] != X[0] @ w0 or y[1] != X[1] @ w0:
            assert verify(case, wrong, right) is not None
