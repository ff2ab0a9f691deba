"""Mini-batches estimate the gradient, and an epoch takes every row once."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from helpers import problems
from helpers.stochastic import (
    epoch_batches,
    minibatch_gradient,
    per_example_gradients,
)
from tests.instances import often, seeds
from tests.rows import random_rows

# Mini-batches ------------------------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_the_batch_of_all_rows_gives_the_gradient_of_the_landscape(seed):
    X, y, w, rng = random_rows(seed)
    p = problems.least_squares(X, y)
    np.testing.assert_allclose(minibatch_gradient(w, X, y, rng.permutation(len(X))), p.grad(w), atol=1e-12)
    np.testing.assert_allclose(per_example_gradients(w, X, y).mean(axis=0), p.grad(w), atol=1e-12)


@given(seed=seeds)
@often
def test_a_batch_gives_the_gradient_of_least_squares_on_its_rows_alone(seed):
    X, y, w, rng = random_rows(seed)
    batch = rng.integers(len(X), size=5)  # some rows twice
    alone = problems.least_squares(X[batch], y[batch]).grad(w)
    np.testing.assert_allclose(minibatch_gradient(w, X, y, batch), alone, atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_mean_over_all_batches_of_a_size_is_the_gradient(size):
    X, y, w, _ = random_rows(1, n=6)
    batches = np.array(list(itertools.combinations(range(6), size)))
    estimates = minibatch_gradient(w, X, y, batches)
    np.testing.assert_allclose(estimates.mean(axis=0), problems.least_squares(X, y).grad(w), atol=1e-13)


def test_many_batches_and_points_at_once_are_the_ones_one_by_one():
    X, y, w, rng = random_rows(2, n=7)
    many, batches = w + rng.standard_normal((3, 1, len(w))), rng.integers(7, size=(4, 5))
    together = minibatch_gradient(many, X, y, batches)
    assert together.shape == (3, 4, len(w))
    for i, j in np.ndindex(3, 4):
        alone = minibatch_gradient(many[i, 0], X, y, batches[j])
        np.testing.assert_allclose(together[i, j], alone, atol=1e-14)


# Epochs ------------------------------------------------------------------------------------------------


@given(seed=seeds, n=st.integers(1, 40), batch_size=st.integers(1, 50))
@often
def test_an_epoch_holds_every_row_once_and_only_its_last_batch_may_be_short(seed, n, batch_size):
    batches = epoch_batches(n, batch_size, np.random.default_rng(seed))
    assert sorted(np.concatenate(batches)) == list(range(n))
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * ((n - 1) // batch_size)
    assert 1 <= len(batches[-1]) <= batch_size


def test_all_orders_are_equally_likely_and_epochs_differ():
    rng = np.random.default_rng(0)
    orders = [tuple(np.concatenate(epoch_batches(4, 3, rng)).tolist()) for _ in range(4800)]
    counts = [orders.count(order) for order in itertools.permutations(range(4))]
    assert stats.chisquare(counts).pvalue > 1e-3
    repeats = sum(a == b for a, b in itertools.pairwise(orders))
    assert stats.binomtest(repeats, 4799, 1 / 24).pvalue > 1e-3, "one epoch says nothing about the next"


def test_the_same_seed_gives_the_same_epoch():
    one, other = (epoch_batches(30, 7, np.random.default_rng(5)) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)
