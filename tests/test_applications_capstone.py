"""The capstone's landscapes are what their names say, and its bar can be cleared by more than one way."""

import numpy as np
import pytest
from scipy import optimize

from helpers.applications import capstone as capstone_module
from helpers.applications.capstone import (
    ENOUGH,
    KINDS,
    SLACK,
    Landscape,
    accelerated,
    bar,
    capstone,
    courses_best,
    draw,
    shrinking_steps,
)
from helpers.descent import gradient_descent
from helpers.oracle import BudgetSpent, asking

every_kind = pytest.mark.parametrize("kind", KINDS)
SEEDS = range(3)


def drawn(kind, seed):
    return draw(kind, np.random.default_rng(seed))


@every_kind
def test_a_draw_is_repeatable_fresh_and_starts_some_units_from_a_minimiser(kind):
    for seed in SEEDS:
        land = drawn(kind, seed)
        np.testing.assert_array_equal(land.x0, drawn(kind, seed).x0)
        assert not np.array_equal(land.x0, drawn(kind, seed + 10).x0)
        assert 0.9 < np.linalg.norm(land.x0 - land.problem.minimiser) < 7
        assert land.kind == kind
        assert land.gap(land.problem.minimiser) == 0
        assert land.gap(land.x0) > 0


@every_kind
def test_steepness_scales_a_landscape_and_nothing_else(kind):
    flat, steep = (draw(kind, np.random.default_rng(1), (p, p)) for p in (0.0, 2.0))
    np.testing.assert_allclose(flat.x0, steep.x0)
    assert steep.gap(steep.x0) == pytest.approx(100 * flat.gap(flat.x0), rel=1e-9)


def test_the_names_are_true():
    lands = {kind: drawn(kind, 0) for kind in KINDS}
    condition = {kind: land.problem.L / land.problem.mu for kind, land in lands.items() if land.problem.mu}
    assert condition["bowl"] <= 20 < 199 < condition["ill-conditioned"] < 502
    assert len(lands["high-dimensional"].x0) > lands["high-dimensional"].budget
    assert [kind for kind, land in lands.items() if land.noise] == ["noisy"]
    assert [kind for kind, land in lands.items() if not land.problem.convex] == ["non-convex"]
    kinked = lands["non-smooth"].problem
    assert kinked.convex
    assert kinked.L is None
    assert not kinked.hess(lands["non-smooth"].x0).any()


def test_noise_is_a_third_to_the_whole_of_the_first_gradient():
    for seed in SEEDS:
        land = drawn("noisy", seed)
        length = land.noise * np.sqrt(len(land.x0)) / np.linalg.norm(land.problem.grad(land.x0))
        assert 0.3 <= length <= 1


def test_a_walk_down_the_gradient_passes_close_by_the_saddle():
    land = drawn("non-convex", 0)
    L = np.linalg.eigvalsh(land.problem.hess(land.x0))[-1]
    path = gradient_descent(land.problem.grad, land.x0, 0.2 / L, 500)
    given = land.problem.description["arguments"]
    assert np.linalg.norm(path - given["saddle"], axis=1).min() < 0.4 * given["width"]
    assert np.linalg.eigvalsh(land.problem.hess(given["saddle"]))[0] == pytest.approx(-given["depth"])
    assert land.gap(path[-1]) < 1e-9 * land.gap(given["saddle"])


@every_kind
def test_what_is_called_lowest_is_the_lowest_that_scipy_finds(kind):
    land = drawn(kind, 2)
    found = optimize.minimize(land.problem.f, land.problem.minimiser + 0.01, method="Nelder-Mead" if kind == "non-smooth" else "BFGS",
                              jac=None if kind == "non-smooth" else land.problem.grad)  # fmt: skip
    assert found.fun - land.problem.f(land.problem.minimiser) > -1e-9 * land.gap(land.x0)


@every_kind
def test_the_bar_is_the_courses_best_with_slack_or_enough(kind):
    land = drawn(kind, 1)
    asked, name, best = bar(land)
    assert (name, best) == courses_best(land)
    assert asked == max(SLACK * best, ENOUGH * land.gap(land.x0))
    assert asked < 0.2 * land.gap(land.x0)


@every_kind
def test_one_method_clears_every_bar_and_stays_in_its_budget(kind):
    for seed in SEEDS:
        land = drawn(kind, seed)
        ledger = land.oracle.open()
        end = capstone(asking(len(land.x0), ledger.answer), land.x0, land.budget)
        assert land.gap(end) <= bar(land)[0]
        assert ledger.calls <= land.budget


@every_kind
def test_no_fixed_step_clears_it_at_two_steepnesses(kind):
    for alpha in np.geomspace(1e-4, 1e3, 15):
        cleared = 0
        for power in (-2.0, 2.0):
            land = draw(kind, np.random.default_rng(3), (power, power))
            end = gradient_descent(land.oracle.build(), land.x0, alpha, land.budget)[-1]
            cleared += land.gap(end) <= bar(land)[0]
        assert cleared < 2


@pytest.mark.parametrize("kind", ["ill-conditioned", "high-dimensional"])
def test_plain_descent_misses_it_even_with_the_right_step(kind):
    for seed in SEEDS:
        land = drawn(kind, seed)
        end = gradient_descent(land.problem.grad, land.x0, 1 / land.problem.L, land.budget)[-1]
        assert land.gap(end) > 2 * bar(land)[0]


def test_the_courses_methods_ask_no_more_than_the_budget(monkeypatch):
    for kind in KINDS:
        land = drawn(kind, 0)
        for method in {**capstone_module.KNOWING_L, **capstone_module.KNOWING_THE_WAY}.values():
            if land.problem.L is None and method not in capstone_module.KNOWING_THE_WAY.values():
                continue
            asked = []

            def grad(x, land=land, asked=asked):
                asked.append(x)
                return land.problem.grad(x)

            method(grad, land.x0[None], land.budget, land.problem)
            assert len(asked) <= land.budget


def test_gap_of_a_point_beyond_all_numbers_is_infinite():
    land = drawn("bowl", 0)
    assert land.gap(np.full(len(land.x0), np.nan)) == land.gap(np.full(len(land.x0), np.inf)) == np.inf


def test_a_start_without_slope_is_kept():
    land = Landscape("bowl", drawn("bowl", 0).problem, drawn("bowl", 0).problem.minimiser, 50, 0.0, 0)
    end = capstone(lambda x: 0 * x, land.x0, 50)
    np.testing.assert_array_equal(end, land.x0)


def test_shrinking_steps_have_the_lengths_they_say_and_end_at_zero():
    asked = []

    def oracle(x):
        asked.append(np.array(x))
        return np.array([3.0, 4.0])

    end = shrinking_steps(oracle, np.zeros(2), 0.5, 10)
    lengths = np.linalg.norm(np.diff([*asked, end], axis=0), axis=1)
    np.testing.assert_allclose(lengths, 0.5 * (1 - np.arange(10) / 10))
    np.testing.assert_allclose(end, -0.5 * 5.5 * np.array([0.6, 0.8]))


def test_shrinking_steps_run_in_batches_as_alone():
    starts = np.random.default_rng(0).standard_normal((4, 3))
    together = shrinking_steps(np.sign, starts, 0.3, 20)
    np.testing.assert_allclose(together, [shrinking_steps(np.sign, x, 0.3, 20) for x in starts])
    with pytest.raises(ValueError, match="alpha0"):
        shrinking_steps(np.sign, starts, 0.0, 20)


def test_the_accelerated_method_reaches_the_rate_of_momentum_without_knowing_mu():
    lam = np.geomspace(1e-3, 1, 10)
    gaps = [np.sum(lam * accelerated(lambda x: lam * x, np.ones(10), lam, 0.5, n) ** 2) for n in (200, 800)]
    plain = [np.sum(lam * (1 - lam) ** (2 * n)) for n in (200, 800)]
    assert gaps[0] < 0.1 * plain[0]
    assert gaps[1] < 1e-9 < 1e-4 < plain[1]


def test_unknown_kinds_are_refused_by_name():
    with pytest.raises(ValueError, match=r"kind must be one of bowl, .*, got 'hill'"):
        draw("hill", np.random.default_rng(0))


def test_the_oracle_of_a_landscape_holds_its_budget():
    land = drawn("bowl", 0)
    ask = land.oracle.build()
    for _ in range(land.budget):
        ask(land.x0)
    with pytest.raises(BudgetSpent):
        ask(land.x0)
