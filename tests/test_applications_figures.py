"""The figures of images and clusters: what they say is true, and a learner's function shows in them."""

import inspect

import numpy as np
import pytest

from helpers.applications.chemistry import BOND, MINIMA, critical_pair_step
from helpers.applications.images import blur, landweber, photograph
from helpers.draw import Canvas
from helpers.draw.atoms import Atoms, ball
from helpers.draw.pictures import Picture
from helpers.explore import stepwise
from helpers.explore.chemistry import STARTS, cluster_folding, pair_steps
from helpers.explore.images import GRID, early_stopping, scene, sharpening
from helpers.explore.runs import Trouble
from tests import test_applications_chemistry

# Photographs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blurred_by", ["out of focus", "camera moved"])
@pytest.mark.parametrize("share", [0.5, 1.0, 2.1])
def test_the_waves_lose_their_error_as_theory_says(blurred_by, share):
    data = sharpening().compute(n_steps=8.0, share=share, blurred_by=blurred_by)
    factor = np.abs(1 - data["alpha"] * data["curvature"]) ** 8
    # A band holds waves of like, not equal, curvature, which differ most where the factor bends back to 1.
    alike = data["alpha"] * data["curvature"] < 1
    assert alike.sum() > 10
    np.testing.assert_allclose(data["left"][alike], factor[alike], rtol=0.15, atol=0.03)


def test_the_sharpened_picture_is_that_of_the_iteration():
    x, H, y, _ = scene("camera moved")
    np.testing.assert_allclose(y, blur(x, H), rtol=0, atol=1e-14)
    data = sharpening().compute(n_steps=5.0, share=1.0, blurred_by="camera moved")
    np.testing.assert_allclose(data["z"], landweber(y, y, H, 1.0, 5)[-1], rtol=0, atol=1e-11)


def test_at_first_the_photograph_is_sharper_than_it_was_and_more_steps_help():
    figure = sharpening()
    before, after = figure.compute(**figure.state)["errors"]
    assert after < 0.75 * before
    assert figure.compute(n_steps=1024.0, share=1.0, blurred_by="out of focus")["errors"][1] < after


def test_at_first_too_many_steps_have_been_made_in_noise_and_the_ridge_is_better():
    figure = early_stopping()
    data = figure.compute(**figure.state)
    assert data["here"] > 1.2 * data["least"]
    assert data["best"] < data["k"]
    assert data["least_ridge"] < data["here"]


@pytest.mark.parametrize("noise", [2.0**-8, 2.0**-5])
def test_the_error_curve_is_that_of_the_pictures_shown(noise):
    figure, x = early_stopping(), photograph(192)
    for k in (1.0, 16.0, 2048.0):
        data = figure.compute(n_steps=k, noise=noise, lam=1 / k)
        for picture, error in ((data["picture"], data["here"]), (data["picture_ridge"], data["here_ridge"])):
            assert np.sqrt(np.mean((picture - x) ** 2)) == pytest.approx(error, rel=1e-4)
    assert data["least"] == pytest.approx(data["error"].min())
    assert data["best"] in GRID


def test_less_noise_allows_more_steps():
    figure = early_stopping()
    best = [
        figure.compute(n_steps=8.0, noise=noise, lam=0.1)["best"] for noise in (2.0**-8, 2.0**-6, 2.0**-4)
    ]
    assert best == sorted(best, reverse=True)
    assert best[0] > best[-1]


def by_hand(x, y, H, alpha):
    residual = np.fft.fft2(y) - H * np.fft.fft2(x)
    return x + alpha * np.real(np.fft.ifft2(np.conj(H) * residual))


def test_a_learners_step_and_bounds_draw_the_same_picture_as_ours():
    mine = sharpening(n_steps=4.0, method=by_hand, bounds=lambda H: [np.max(np.abs(H) ** 2), 0.0])
    assert mine.caption == sharpening(n_steps=4.0).caption
    np.testing.assert_array_equal(mine.canvas.pixels(1), sharpening(n_steps=4.0).canvas.pixels(1))


def test_a_learners_steps_are_kept_for_the_way_back():
    calls = []

    def counted(x, y, H, alpha):
        calls.append(alpha)
        return by_hand(x, y, H, alpha)

    figure = sharpening(n_steps=8.0, method=counted)
    assert len(calls) == 8
    figure.set(n_steps=2.0)
    assert len(calls) == 8
    figure.set(n_steps=16.0)
    assert len(calls) == 16
    figure.set(share=0.5)
    assert len(calls) == 32


def test_steps_that_take_too_long_altogether_are_given_up(monkeypatch):
    monkeypatch.setattr(stepwise, "PATIENCE", 0.0)
    walk = stepwise.Stepwise()
    assert walk.upto(1, "a", 1, lambda x: x + 1) == [1, 2]
    with pytest.raises(Trouble, match=r"Your function took .* seconds for 1 step, and 3 are asked for"):
        walk.upto(3, "a", 1, lambda x: x + 1)
    assert walk.upto(0, "b", 5, lambda x: x + 1) == [5]


# Clusters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", MINIMA)
def test_every_cluster_folds_to_the_published_minimum(n):
    figure = cluster_folding()
    data = figure.compute(atoms=str(n), n_steps=1024.0, turn=0.0)
    assert data["here"] == pytest.approx(MINIMA[n], abs=5e-7)
    assert data["heights"][0] > 0.5 * MINIMA[n]  # it begins scattered
    assert (np.diff(data["heights"]) < 1e-9).all()
    assert len(data["bonds"]) == {3: 3, 4: 6, 7: 16, 13: 42}[n]
    assert STARTS[n] == test_applications_chemistry.STARTS[n]


def test_turning_a_cluster_keeps_its_distances():
    figure = cluster_folding()
    one, other = (figure.compute(atoms="7", n_steps=64.0, turn=turn)["places"] for turn in (0.0, 75.0))
    i, j = np.triu_indices(7, k=1)
    assert np.abs(one - other).max() > 0.1
    np.testing.assert_allclose(
        np.linalg.norm(one[i] - one[j], axis=1), np.linalg.norm(other[i] - other[j], axis=1), rtol=1e-10
    )


def test_the_button_plays_the_folding():
    figure = cluster_folding("4", n_steps=1.0)
    figure.play()
    assert figure.state["n_steps"] == 1024.0
    assert "the lowest minimum" in figure.caption


def gradient_by_pairs(x):
    g = np.zeros(x.shape)
    for i in range(len(x)):
        for j in range(i):
            d = x[i] - x[j]
            s = 1 / np.sum(d**2)
            change = -24 * (2 * s**7 - s**4) * d
            g[i] += change
            g[j] -= change
    return g


def energy_by_pairs(x):
    return sum(4 * (r**-12 - r**-6) for i, a in enumerate(x) for r in np.linalg.norm(x[:i] - a, axis=1))


def test_a_learners_gradient_and_energy_draw_the_same_picture_as_ours():
    mine = cluster_folding("4", n_steps=64.0, method=gradient_by_pairs, energy=energy_by_pairs)
    ours = cluster_folding("4", n_steps=64.0)
    assert mine.caption == ours.caption
    np.testing.assert_array_equal(mine.canvas.pixels(1), ours.canvas.pixels(1))


def test_a_gradient_of_the_wrong_sign_drives_the_atoms_apart_or_through_each_other():
    figure = cluster_folding("3", n_steps=64.0, method=lambda x: -gradient_by_pairs(x))
    assert "above the published minimum" in figure.caption


@pytest.mark.parametrize(("who", "critical"), [("one atom moves", 0.0349978), ("both move", 0.0174989)])
def test_a_pair_settles_as_its_curvature_says(who, critical):
    data = pair_steps().compute(alpha=0.006, r0=BOND + 1e-3, who=who)
    assert data["critical"] == pytest.approx(critical, abs=5e-8)
    np.testing.assert_allclose(data["off"][:8], data["theory"][:8], rtol=0.05)
    beyond = pair_steps().compute(alpha=1.05 * critical, r0=BOND + 1e-3, who=who)
    assert beyond["off"][-1] > 10 * beyond["off"][0]


def test_a_learners_critical_step_moves_the_theory():
    wrong = pair_steps(method=lambda epsilon, sigma: critical_pair_step(epsilon, sigma) / 2)
    assert "1.79 of the critical" in wrong.caption
    right = pair_steps(method=lambda epsilon, sigma: np.array(2 ** (1 / 3) / 36))
    np.testing.assert_array_equal(right.canvas.pixels(1), pair_steps().canvas.pixels(1))


# What a learner can do wrong ---------------------------------------------------------------------------

FIGURES = {
    "sharpening": lambda f: sharpening(n_steps=2.0, method=f),
    "bounds": lambda f: sharpening(n_steps=2.0, bounds=f),
    "gradient": lambda f: cluster_folding("3", n_steps=2.0, method=f),
    "energy": lambda f: cluster_folding("3", n_steps=2.0, energy=f),
    "pair": lambda f: pair_steps(method=f),
}


def never(*arguments):
    raise NotImplementedError


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (never, "This part is not attempted yet."),
        (lambda *arguments: None, "Your function returned None"),
        (lambda *arguments: "a picture", "Your function returned a text"),
        (lambda *arguments: np.zeros((2, 5)), "Your function returned an array of shape (2, 5)"),
        (lambda *arguments: 1 / 0, "Your function raised ZeroDivisionError"),
    ],
)
def test_a_broken_function_shows_one_plain_sentence(name, function, sentence):
    figure = FIGURES[name](function)
    assert figure.caption.startswith(sentence)
    assert "\n" not in figure.caption


@pytest.mark.parametrize("make", [sharpening, cluster_folding, pair_steps])
def test_a_method_that_is_no_function_is_refused(make):
    for name in set(inspect.signature(make).parameters) & {"method", "bounds", "energy"}:
        with pytest.raises(ValueError, match="method must be a function"):
            make(**{name: 3})


# Artists ----------------------------------------------------------------------------------------------


def test_a_picture_shows_its_pixels_one_for_one_the_right_way_up():
    canvas = Canvas(60, 60)
    axes = canvas.axes(50, 50, 59, 59)
    picture = Picture(canvas, axes, 10, 5, 4)
    grey = np.linspace(0, 1, 16).reshape(4, 4)
    picture.set(grey)
    shown = canvas.pixels(1)[60 - 5 - 4 : 60 - 5, 10:14, 0]
    np.testing.assert_array_equal(shown, np.round(255 * grey))
    picture.set(np.array([[-3.0, np.nan], [0.5, 7.0]]).repeat(2, axis=0).repeat(2, axis=1))
    np.testing.assert_array_equal(canvas.pixels(1)[51, 10:14, 0], [0, 0, 128, 128])
    picture.hide()
    assert (canvas.pixels(1)[51:55, 10:14] == 255).all()


def test_nearer_atoms_hide_farther_ones_and_lost_ones_are_left_out():
    canvas = Canvas(100, 100)
    axes = canvas.axes(0, 0, 100, 100, xlim=(-2, 2), ylim=(-2, 2))
    axes.set_axis_off()
    balls = Atoms(canvas, axes)
    none = np.empty((0, 2), dtype=int)
    behind, front = np.array([[0.0, 0, -1.5]]), np.array([[0.0, 0, 1.5]])
    balls.set(front, none, 0.5)
    alone = canvas.pixels(1)
    balls.set(np.concatenate([front, behind]), none, 0.5)
    np.testing.assert_array_equal(canvas.pixels(1), alone)
    balls.set(np.array([[0.0, 0, 1.5], [np.nan, 0, 0], [np.inf, 0, 0], [0, 0, 1e9]]), np.array([[0, 1]]), 0.5)
    np.testing.assert_array_equal(canvas.pixels(1), alone)
    balls.hide()
    assert (canvas.pixels(1) == 255).all()


def test_a_ball_is_round_and_lit_from_the_upper_left():
    picture = ball(20, "#0072b2", 0).astype(int)
    assert picture[0, 0, 3] == 0
    assert picture[21, 21, 3] == 255
    assert picture[30, 11, :3].sum() > picture[11, 30, :3].sum()  # lowest row first
