"""Lennard-Jones clusters: held to loops over pairs, to finite differences, to SciPy, and to published minima."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime, brentq, minimize

from helpers.applications.chemistry import (
    BOND,
    MINIMA,
    critical_pair_step,
    lennard_jones_energy,
    lennard_jones_gradient,
    pair_energy,
    pair_slope,
    scattered_atoms,
)
from helpers.descent import gradient_descent

# A start for each size from which plain gradient descent finds the lowest minimum that is published.
STARTS = {3: 31, 4: 30, 7: 12, 13: 26}


def by_pairs(x):
    energy = 0.0
    for i in range(len(x)):
        for j in range(i):
            r = np.sqrt(sum((x[i, a] - x[j, a]) ** 2 for a in range(3)))
            energy += 4 * (r**-12 - r**-6)
    return energy


@pytest.mark.parametrize("n", [1, 2, 3, 6, 13])
def test_the_energy_is_the_sum_over_pairs(n):
    x = scattered_atoms(n, np.random.default_rng(n))
    assert lennard_jones_energy(x) == pytest.approx(by_pairs(x), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("n", [2, 3, 6, 13])
def test_the_gradient_is_that_of_finite_differences(n):
    x = scattered_atoms(n, np.random.default_rng(n))
    slopes = approx_fprime(x.ravel(), lambda z: lennard_jones_energy(z.reshape(n, 3)), 1e-7)
    np.testing.assert_allclose(lennard_jones_gradient(x).ravel(), slopes, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_all_forces_together_neither_push_nor_turn(n):
    x = scattered_atoms(n, np.random.default_rng(n))
    g = lennard_jones_gradient(x)
    np.testing.assert_allclose(g.sum(axis=0), 0, rtol=0, atol=1e-11)
    np.testing.assert_allclose(np.cross(x, g).sum(axis=0), 0, rtol=0, atol=1e-11)


def test_energy_does_not_know_where_the_cluster_is_nor_how_it_is_turned_nor_the_atoms_names():
    rng = np.random.default_rng(0)
    x = scattered_atoms(6, rng)
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    for moved in (x + np.array([1.0, -2.0, 3.0]), x @ turn, x[rng.permutation(6)]):
        assert lennard_jones_energy(moved) == pytest.approx(lennard_jones_energy(x), rel=1e-11)


@pytest.mark.parametrize("n", MINIMA)
def test_plain_gradient_descent_reaches_the_published_minimum(n):
    x0 = scattered_atoms(n, np.random.default_rng(STARTS[n]))
    path = gradient_descent(lennard_jones_gradient, x0, 0.002, 1500)  # of chapter 1, as it is
    assert path.shape == (1501, n, 3)
    assert lennard_jones_energy(path[-1]) == pytest.approx(MINIMA[n], abs=5e-7)
    np.testing.assert_allclose(path[-1].mean(axis=0), x0.mean(axis=0), rtol=0, atol=1e-12)


@pytest.mark.parametrize("n", [3, 4, 7])
def test_no_start_ends_below_the_published_minimum_and_scipy_agrees_on_it(n):
    starts = np.array([scattered_atoms(n, np.random.default_rng(seed)) for seed in range(12)])
    ends = gradient_descent(lennard_jones_gradient, starts, 0.004, 3000)[-1]
    energies = lennard_jones_energy(ends)
    assert energies.min() >= MINIMA[n] - 5e-7
    theirs = [
        minimize(
            lambda z: float(lennard_jones_energy(z.reshape(n, 3))),
            start.ravel(),
            jac=lambda z: lennard_jones_gradient(z.reshape(n, 3)).ravel(),
            method="BFGS",
            options={"gtol": 1e-8},
        ).fun
        for start in starts
    ]
    assert min(theirs) == pytest.approx(MINIMA[n], abs=5e-7)


def test_the_lowest_thirteen_hold_only_a_step_that_their_curvature_allows():
    x0 = scattered_atoms(13, np.random.default_rng(STARTS[13]))
    lowest = gradient_descent(lennard_jones_gradient, x0, 0.002, 3000)[-1]
    spread = 1e-5 * np.eye(39).reshape(39, 13, 3)
    columns = lennard_jones_gradient(lowest + spread) - lennard_jones_gradient(lowest - spread)
    L = np.linalg.eigvalsh(columns.reshape(39, 39) / 2e-5)[-1]
    assert 0.0033 < 2 / L < 0.0034
    nudged = lowest + 1e-4 * np.random.default_rng(0).standard_normal((13, 3))
    inside, outside = (
        gradient_descent(lennard_jones_gradient, nudged, share * 2 / L, 2000)[-1] for share in (0.95, 1.05)
    )
    assert lennard_jones_energy(inside) == pytest.approx(MINIMA[13], abs=5e-7)
    assert lennard_jones_energy(outside) > MINIMA[13] + 1e-3


def test_three_and_four_atoms_end_with_every_pair_at_its_best_distance():
    for n in (3, 4):
        x0 = scattered_atoms(n, np.random.default_rng(STARTS[n]))
        x = gradient_descent(lennard_jones_gradient, x0, 0.004, 3000)[-1]
        i, j = np.triu_indices(n, k=1)
        np.testing.assert_allclose(np.linalg.norm(x[i] - x[j], axis=1), BOND, rtol=1e-9)


def test_the_pair_is_that_of_the_cluster_of_two():
    r = np.array([0.9, 1.0, BOND, 1.7])
    x = np.zeros((4, 2, 3))
    x[:, 1, 1] = r
    np.testing.assert_allclose(pair_energy(r), lennard_jones_energy(x), rtol=1e-12)
    np.testing.assert_allclose(pair_slope(r), lennard_jones_gradient(x)[:, 1, 1], rtol=1e-12, atol=1e-12)


def test_the_pair_is_lowest_at_the_sixth_root_of_two():
    assert brentq(pair_slope, 1.0, 1.5, xtol=1e-14) == pytest.approx(BOND, rel=1e-13)
    assert pair_energy(BOND) == pytest.approx(-1, rel=1e-14)
    curvature = (pair_slope(BOND + 1e-6) - pair_slope(BOND - 1e-6)) / 2e-6
    assert curvature == pytest.approx(57.1464, abs=5e-5)  # FACTS: Wales and Doye 1997 give the potential
    assert critical_pair_step(1, 1) == pytest.approx(2 / curvature, rel=1e-7)


def test_the_published_critical_steps():
    assert critical_pair_step(1, 1) == pytest.approx(0.0349978, abs=5e-8)
    assert critical_pair_step(1, 1) / 2 == pytest.approx(0.0174989, abs=5e-8)


@pytest.mark.parametrize(("epsilon", "sigma"), [(2.0, 1.0), (1.0, 3.0), (0.5, 0.8)])
def test_the_critical_step_scales_with_the_square_of_the_length_over_the_energy(epsilon, sigma):
    def slope(r):  # of the potential with its units, written out
        return 4 * epsilon * (-12 * sigma**12 / r**13 + 6 * sigma**6 / r**7)

    r = BOND * sigma
    curvature = (slope(r * (1 + 1e-6)) - slope(r * (1 - 1e-6))) / (2e-6 * r)
    assert critical_pair_step(epsilon, sigma) == pytest.approx(2 / curvature, rel=1e-7)


@pytest.mark.parametrize("both_move", [False, True])
def test_a_pair_settles_below_its_critical_step_and_not_above(both_move):
    def grad(x):
        g = lennard_jones_gradient(x)
        return g if both_move else g * np.array([[0.0], [1.0]])

    limit = critical_pair_step(1, 1) / (2 if both_move else 1)
    start = np.array([[0.0, 0.0, 0.0], [BOND + 1e-3, 0.0, 0.0]])

    def off(share, n_steps):
        x = gradient_descent(grad, start, share * limit, n_steps)[-1]
        return abs(np.linalg.norm(x[1] - x[0]) - BOND)

    assert off(0.97, 400) < 1e-7
    assert (
        off(1.03, 400) > 5e-3
    )  # it does not fly away either: the well is steeper inside and flatter outside


def test_scattered_atoms_keep_their_distance_and_stay_in_their_ball():
    for seed in range(5):
        x = scattered_atoms(13, np.random.default_rng(seed))
        i, j = np.triu_indices(13, k=1)
        assert np.linalg.norm(x[i] - x[j], axis=1).min() >= 1.1
        assert np.linalg.norm(x, axis=1).max() <= 0.95 * 12 ** (1 / 3)


def test_many_clusters_at_once_are_the_same_as_one_by_one():
    many = np.stack([scattered_atoms(5, np.random.default_rng(seed)) for seed in range(4)]).reshape(
        2, 2, 5, 3
    )
    energies, slopes = lennard_jones_energy(many), lennard_jones_gradient(many)
    assert (energies.shape, slopes.shape) == ((2, 2), many.shape)
    for i in np.ndindex(2, 2):
        assert energies[i] == pytest.approx(lennard_jones_energy(many[i]), rel=1e-13)
        np.testing.assert_allclose(slopes[i], lennard_jones_gradient(many[i]), rtol=0, atol=1e-13)


def test_one_atom_is_free_and_two_at_one_place_have_no_finite_energy():
    assert lennard_jones_energy(np.ones((1, 3))) == 0
    np.testing.assert_array_equal(lennard_jones_gradient(np.ones((1, 3))), 0)
    assert lennard_jones_energy(np.ones((2, 3))) == np.inf
    assert not np.isfinite(lennard_jones_gradient(np.ones((2, 3)))).any()


def test_whole_numbers_are_right_too_and_left_alone():
    x = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 1]])
    kept = x.copy()
    assert lennard_jones_energy(x) == pytest.approx(by_pairs(x.astype(float)), rel=1e-12)
    np.testing.assert_array_equal(lennard_jones_gradient(x), lennard_jones_gradient(x.astype(float)))
    np.testing.assert_array_equal(x, kept)


BAD = [
    (lambda: lennard_jones_energy(np.ones(3)), r"x must have shape \(..., n, 3\), got shape \(3,\)"),
    (lambda: lennard_jones_energy(np.ones((4, 2))), r"x must have shape \(..., n, 3\), got shape \(4, 2\)"),
    (lambda: lennard_jones_gradient(np.ones((3, 4))), r"x must have shape \(..., n, 3\), got shape \(3, 4\)"),
    (lambda: lennard_jones_gradient("atoms"), "x must be an array of numbers, got 'atoms'"),
    (lambda: pair_energy([1.0, 0.0]), "r must be > 0, got 0"),
    (lambda: pair_slope(-1.0), "r must be > 0, got -1"),
    (lambda: critical_pair_step(0.0, 1.0), "epsilon must be a number > 0, got 0.0"),
    (lambda: critical_pair_step(1.0, -2), "sigma must be a number > 0, got -2"),
    (lambda: scattered_atoms(0, np.random.default_rng(0)), "n must be a whole number >= 1, got 0"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
