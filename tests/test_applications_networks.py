"""Networks agree as theory says: Laplacians, the karate club against networkx, the best weight against a search."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given

from helpers import problems
from helpers.applications.networks import (
    best_consensus_weight,
    consensus,
    consensus_step,
    graph_laplacian,
    karate_club,
    path_graph,
    ring_graph,
    star_graph,
    stress_layout,
)
from helpers.conditioning import contraction_factor, optimal_step
from helpers.descent import gradient_descent
from tests.instances import often, seeds


def random_graph(seed):
    """A connected graph of 2 to 12 nodes: a tree and a few edges more; its adjacency matrix, and the generator."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 13))
    A = np.zeros((n, n))
    for i in range(1, n):
        A[i, rng.integers(i)] = 1
    A[rng.random((n, n)) < 0.2] = 1
    np.fill_diagonal(A, 0)
    return np.maximum(A, A.T), rng


# The graphs --------------------------------------------------------------------------------------------


def test_the_karate_club_is_the_one_that_networkx_brings_along():
    adjacency, side = karate_club()
    theirs = networkx.karate_club_graph()
    np.testing.assert_array_equal(adjacency, networkx.to_numpy_array(theirs, weight=None))
    np.testing.assert_array_equal(side > 0, [theirs.nodes[i]["club"] == "Officer" for i in range(34)])


def test_the_karate_club_has_the_published_counts_and_is_connected():
    adjacency, _ = karate_club()
    degrees = adjacency.sum(axis=0)
    assert adjacency.shape == (34, 34)
    assert adjacency.sum() == 2 * 78
    assert (degrees[0], degrees[32], degrees[33], degrees.min()) == (16, 12, 17, 1)
    assert networkx.is_connected(networkx.from_numpy_array(adjacency))


@pytest.mark.parametrize("n", [3, 10, 25])
def test_paths_rings_and_stars_have_the_eigenvalues_of_the_textbook(n):
    k = np.arange(n)
    on_path = np.linalg.eigvalsh(graph_laplacian(path_graph(n)))
    on_ring = np.linalg.eigvalsh(graph_laplacian(ring_graph(n)))
    np.testing.assert_allclose(on_path, 2 - 2 * np.cos(np.pi * k / n), atol=1e-12)
    on_star = np.linalg.eigvalsh(graph_laplacian(star_graph(n)))
    np.testing.assert_allclose(on_star, [0, *[1] * (n - 2), n], atol=1e-12)
    np.testing.assert_allclose(on_ring, np.sort(2 - 2 * np.cos(2 * np.pi * k / n)), atol=1e-12)


@given(seed=seeds)
@often
def test_the_laplacian_measures_the_differences_along_the_edges(seed):
    A, rng = random_graph(seed)
    L, x = graph_laplacian(A), rng.standard_normal(len(A))
    i, j = np.nonzero(np.triu(A))
    assert x @ L @ x == pytest.approx(np.sum((x[i] - x[j]) ** 2), rel=1e-10)
    np.testing.assert_array_equal(L, networkx.laplacian_matrix(networkx.from_numpy_array(A)).toarray())


# Agreeing ----------------------------------------------------------------------------------------------


@given(seed=seeds)
@often
def test_consensus_is_gradient_descent_on_the_disagreement(seed):
    A, rng = random_graph(seed)
    L, x0 = graph_laplacian(A), rng.standard_normal(len(A))
    alpha = 1 / np.linalg.eigvalsh(L)[-1]
    disagreement = problems.quadratic(L, np.zeros(len(L)))
    np.testing.assert_allclose(
        consensus(L, x0, alpha, 20), gradient_descent(disagreement.grad, x0, alpha, 20), atol=1e-12
    )
    np.testing.assert_array_equal(consensus_step(L, x0, alpha), consensus(L, x0, alpha, 3)[1])


@given(seed=seeds)
@often
def test_a_node_only_listens_to_its_neighbours(seed):
    A, rng = random_graph(seed)
    x, alpha = rng.standard_normal(len(A)), 0.1
    by_hand = [x[i] + alpha * sum(x[j] - x[i] for j in np.flatnonzero(A[i])) for i in range(len(A))]
    np.testing.assert_allclose(consensus_step(graph_laplacian(A), x, alpha), by_hand, atol=1e-12)


@given(seed=seeds)
@often
def test_the_mean_is_kept_at_every_weight_and_reached_below_the_limit(seed):
    A, rng = random_graph(seed)
    L, x0 = graph_laplacian(A), rng.standard_normal(len(A))
    limit = 2 / np.linalg.eigvalsh(L)[-1]
    alphas = limit * np.array([0.3, 0.9, 1.0, 1.05])
    path = consensus(L, x0, alphas[:, None] * np.ones(3), 30)[:, :, 0]
    np.testing.assert_allclose(
        path.mean(axis=-1), np.broadcast_to(x0.mean(), (31, 4)), atol=1e-10 * np.abs(path).max()
    )
    gap = np.linalg.norm(path - x0.mean(), axis=-1)
    assert (np.diff(gap[:, :3], axis=0) <= 1e-12).all()
    assert gap[-1, 3] > 0


def test_beyond_the_limit_the_network_never_agrees():
    L = graph_laplacian(karate_club()[0])
    lam, V = np.linalg.eigh(L)
    x0 = V[:, -1]
    for share, factor in ((0.98, 0.96), (1.02, 1.04)):
        path = consensus(L, x0, share * 2 / lam[-1], 40)
        np.testing.assert_allclose(np.linalg.norm(path, axis=1), factor ** np.arange(41), rtol=1e-9)


def test_many_starts_and_weights_are_the_same_runs_one_by_one():
    L = graph_laplacian(path_graph(5))
    x0, alphas = np.random.default_rng(0).standard_normal((3, 1, 5)), np.array([0.1, 0.4])
    together = consensus(L, x0, alphas, 7)
    assert together.shape == (8, 3, 2, 5)
    for i in range(3):
        for j in range(2):
            np.testing.assert_allclose(together[:, i, j], consensus(L, x0[i, 0], alphas[j], 7), atol=1e-14)


def test_whole_numbers_are_not_truncated_and_left_alone():
    L, x = graph_laplacian(path_graph(3)).astype(int), np.array([6, 0, 3])
    np.testing.assert_allclose(consensus_step(L, x, 0.25), [4.5, 2.25, 2.25])
    np.testing.assert_array_equal(x, [6, 0, 3])


# The best weight ---------------------------------------------------------------------------------------


def test_the_path_of_ten_has_the_published_rate():
    L = graph_laplacian(path_graph(10))
    alpha, rate = best_consensus_weight(L)
    assert np.linalg.eigvalsh(L)[1] == pytest.approx(0.0978870, abs=5e-8)
    assert alpha == pytest.approx(0.5, abs=1e-12)
    assert rate == pytest.approx(np.cos(np.pi / 10), abs=1e-12)
    assert round(rate, 6) == 0.951057


@given(seed=seeds)
@often
def test_no_other_weight_is_faster(seed):
    A, _ = random_graph(seed)
    L, n = graph_laplacian(A), len(A)
    alpha, rate = best_consensus_weight(L)
    away_from_the_mean = np.eye(n) - 1 / n

    def factor(weight):  # measured as the norm of one step, on vectors of mean 0
        return np.linalg.norm((np.eye(n) - weight * L) @ away_from_the_mean, 2)

    assert factor(alpha) == pytest.approx(rate, abs=1e-10)
    assert all(factor(alpha * (1 + change)) >= rate - 1e-10 for change in (-0.1, -0.01, 0.01, 0.1))
    lam = np.linalg.eigvalsh(L)
    assert alpha == pytest.approx(optimal_step(lam[-1], lam[1]))
    assert rate == pytest.approx(contraction_factor(alpha, lam[-1], lam[1]), abs=1e-10)


def test_the_measured_rate_of_the_karate_club_is_the_predicted_one():
    L = graph_laplacian(karate_club()[0])
    alpha, rate = best_consensus_weight(L)
    x0 = np.random.default_rng(1).standard_normal(34)
    gap = np.linalg.norm(consensus(L, x0, alpha, 400) - x0.mean(), axis=1)
    assert (gap[400] / gap[300]) ** 0.01 == pytest.approx(rate, abs=1e-6)


def test_the_slowest_mode_tells_the_sides_of_all_but_two():
    adjacency, side = karate_club()
    slowest = np.linalg.eigh(graph_laplacian(adjacency))[1][:, 1]
    wrong = min(np.sum(np.sign(slowest) != side), np.sum(np.sign(-slowest) != side))
    assert wrong == 2


# The picture -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adjacency", [karate_club()[0], ring_graph(7), path_graph(6)])
def test_the_layout_keeps_distances_and_lets_nobody_overlap(adjacency):
    places = stress_layout(adjacency)
    edges = dict(networkx.all_pairs_shortest_path_length(networkx.from_numpy_array(adjacency)))
    i, j = np.triu_indices(len(adjacency), k=1)
    apart = np.linalg.norm(places[i] - places[j], axis=1)
    wanted = np.array([edges[a][b] for a, b in zip(i, j, strict=True)])
    assert np.mean((apart / wanted - 1) ** 2) < 0.1
    assert apart.min() > 0.2
    theirs = networkx.kamada_kawai_layout(networkx.from_numpy_array(adjacency))
    theirs = np.array([theirs[k] for k in range(len(adjacency))])
    far = np.linalg.norm(theirs[i] - theirs[j], axis=1)
    far *= np.sum(far / wanted) / np.sum((far / wanted) ** 2)  # the best size for their layout
    assert np.mean((apart / wanted - 1) ** 2) < 1.1 * np.mean((far / wanted - 1) ** 2) + 1e-3


# What is refused ---------------------------------------------------------------------------------------

L3 = graph_laplacian(path_graph(3))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: path_graph(1), "n must be a whole number >= 2, got 1"),
        (lambda: ring_graph(2), "n must be a whole number >= 3, got 2"),
        (lambda: star_graph(2), "n must be a whole number >= 3, got 2"),
        (lambda: graph_laplacian([[0, 1], [0, 0]]), "adjacency must be a symmetric matrix"),
        (lambda: graph_laplacian([[0, 1, 0]]), "adjacency must be a symmetric matrix"),
        (lambda: graph_laplacian([[1, 1], [1, 0]]), "zeros on its diagonal"),
        (lambda: graph_laplacian([[0, -1], [-1, 0]]), "no entry below 0"),
        (lambda: consensus(path_graph(3), np.ones(3), 0.1, 2), "rows that add up to 0"),
        (lambda: consensus(-L3, np.ones(3), 0.1, 2), "nothing above 0"),
        (lambda: consensus(np.triu(L3), np.ones(3), 0.1, 2), "laplacian must be a symmetric matrix"),
        (lambda: consensus(L3, np.ones(4), 0.1, 2), r"x must have shape \(..., 3\)"),
        (lambda: consensus_step(L3, np.ones(3), -0.1), "alpha must be finite and >= 0, got -0.1"),
        (lambda: best_consensus_weight(np.zeros((1, 1))), "connected graph of two nodes or more"),
        (lambda: best_consensus_weight(np.kron(np.eye(2), [[1, -1], [-1, 1]])), "connected graph"),
        (lambda: stress_layout(np.kron(np.eye(2), [[0, 1], [1, 0]])), "connected graph of three"),
    ],
)
def test_bad_input_is_told_by_name(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
