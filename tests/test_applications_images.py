"""Blur, Landweber's iteration and the ridge: held to an explicit matrix, to theory, and to chapters 1 and 4."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg, ndimage

from helpers import problems
from helpers.applications.images import (
    blur,
    blur_spectrum_bounds,
    gaussian_kernel,
    landweber,
    landweber_after,
    landweber_step,
    motion_kernel,
    photograph,
    ridge_deblur,
)
from helpers.descent import gradient_descent
from helpers.regularization import early_stopping_filter, ridge_filter

SEEDS = range(4)


def matrix_of(kernel):
    """The circular convolution with a kernel as a matrix, by its definition: no Fourier transform in it."""
    n, m = kernel.shape
    A = np.zeros((n * m, n * m))
    for i, j, k, l in np.ndindex(n, m, n, m):
        A[i * m + j, k * m + l] = kernel[(i - k) % n, (j - l) % m]
    return A


def drawn(seed, shape=(3, 4)):
    """A kernel without any symmetry, its matrix, its transfer function, a picture and a blurred one with noise."""
    rng = np.random.default_rng(seed)
    kernel = rng.uniform(-0.3, 1, shape) / shape[0]
    return matrix_of(kernel), np.fft.fft2(kernel), rng.uniform(0, 1, shape), rng.uniform(0, 1, shape)


@pytest.mark.parametrize("seed", SEEDS)
def test_blur_is_the_explicit_convolution_matrix(seed):
    A, H, x, _ = drawn(seed)
    np.testing.assert_allclose(blur(x, H).ravel(), A @ x.ravel(), rtol=0, atol=1e-13)


@pytest.mark.parametrize("width", [0.6, 2.0])
def test_gaussian_blur_is_the_wrapped_filter_of_scipy(width):
    x = photograph(64)
    theirs = ndimage.gaussian_filter(x, width, mode="wrap", truncate=16)
    np.testing.assert_allclose(blur(x, np.fft.fft2(gaussian_kernel(64, width))), theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize("length", [1, 4])
def test_motion_blur_is_the_mean_of_the_pixels_to_the_left(length):
    x = photograph(32)
    mean = sum(np.roll(x, shift, axis=1) for shift in range(length)) / length
    np.testing.assert_allclose(blur(x, np.fft.fft2(motion_kernel(32, length))), mean, rtol=0, atol=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_landweber_step_is_a_gradient_step_with_the_explicit_matrix(seed):
    A, H, x, y = drawn(seed)
    by_hand = x.ravel() + 0.7 * A.T @ (y.ravel() - A @ x.ravel())
    np.testing.assert_allclose(landweber_step(x, y, H, 0.7).ravel(), by_hand, rtol=0, atol=1e-13)


@pytest.mark.parametrize("seed", SEEDS)
def test_landweber_is_gradient_descent_of_chapter_1_on_least_squares(seed):
    A, H, x, y = drawn(seed)
    loss = problems.least_squares(A, y.ravel())  # |Ax - y|^2/(2n)
    alpha = 1.3 / blur_spectrum_bounds(H)[0]
    walked = gradient_descent(loss.grad, x.ravel(), alpha * y.size, 20)
    path = landweber(x, y, H, alpha, 20)
    np.testing.assert_allclose(path.reshape(21, -1), walked, rtol=0, atol=1e-11)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_formula_is_the_last_picture_of_the_path(seed):
    _, H, x, y = drawn(seed, (4, 6))
    alpha = 1.7 / blur_spectrum_bounds(H)[0]
    path = landweber(x, y, H, alpha, 30)
    for k in (0, 1, 2, 30):
        np.testing.assert_allclose(landweber_after(x, y, H, alpha, k), path[k], rtol=0, atol=1e-10)


def test_the_formula_holds_where_the_blur_lets_nothing_through():
    H = np.fft.fft2(motion_kernel(8, 4))  # zeros at every second wave
    assert np.abs(H).min() < 1e-15
    x, y = photograph(64)[:8, :8], photograph(64)[20:28, 20:28]
    for transfer in (H, np.where(np.abs(H) < 1e-9, 0, H)):
        path = landweber(x, y, transfer, 1.0, 10)
        np.testing.assert_allclose(landweber_after(x, y, transfer, 1.0, 10), path[-1], rtol=0, atol=1e-12)


@pytest.mark.parametrize("share", [0.5, 1.0, 1.9, 2.2])
def test_every_wave_of_the_error_shrinks_by_its_own_factor(share):
    x = photograph(48)
    H = np.fft.fft2(gaussian_kernel(48, 0.8))
    alpha, k = share / blur_spectrum_bounds(H)[0], 12
    path = landweber(np.zeros_like(x), blur(x, H), H, alpha, k)
    before, after = np.fft.fft2(path[0] - x), np.fft.fft2(path[k] - x)
    factor = (1 - alpha * np.abs(H) ** 2) ** k  # Landweber 1951
    np.testing.assert_allclose(after, factor * before, rtol=0, atol=1e-9 * np.abs(after).max())


@pytest.mark.parametrize("seed", SEEDS)
def test_from_black_landweber_and_ridge_are_the_filters_of_chapter_4(seed):
    _, H, _, y = drawn(seed, (5, 4))
    through = np.fft.fft2(y) / H
    s = np.abs(H)
    alpha = 1 / s.max() ** 2
    stopped = np.fft.fft2(landweber(np.zeros_like(y), y, H, alpha, 9)[-1])
    np.testing.assert_allclose(stopped, early_stopping_filter(s, alpha, 9) * through, rtol=0, atol=1e-10)
    np.testing.assert_allclose(
        np.fft.fft2(ridge_deblur(y, H, 0.3)), ridge_filter(s, 0.3) * through, rtol=0, atol=1e-11
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_ridge_deblur_solves_the_normal_equations(seed):
    A, H, _, y = drawn(seed)
    solved = linalg.solve(A.T @ A + 0.2 * np.eye(y.size), A.T @ y.ravel(), assume_a="pos")
    np.testing.assert_allclose(ridge_deblur(y, H, 0.2).ravel(), solved, rtol=0, atol=1e-11)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_spectrum_bounds_are_the_extreme_eigenvalues_of_the_matrix(seed):
    A, H, _, _ = drawn(seed)
    lam = np.linalg.eigvalsh(A.T @ A)
    assert blur_spectrum_bounds(H) == pytest.approx((lam[-1], lam[0]), rel=1e-9, abs=1e-12)


def test_a_ridge_of_one_hundredth_takes_kappa_from_beyond_all_use_to_101():
    L, mu = blur_spectrum_bounds(np.fft.fft2(gaussian_kernel(192, 1.5)))
    assert abs(L - 1) < 1e-12
    assert L / mu > 1e15
    assert (L + 0.01) / (mu + 0.01) == pytest.approx(101, rel=1e-9)


@pytest.mark.parametrize("kernel", [gaussian_kernel(12, 1.3), gaussian_kernel(7, 0.4), motion_kernel(12, 5)])
def test_a_blur_keeps_the_mean_grey(kernel):
    x = photograph(96)[: len(kernel), : len(kernel)]
    assert kernel.sum() == pytest.approx(1, rel=1e-14)
    assert blur(x, np.fft.fft2(kernel)).mean() == pytest.approx(x.mean(), rel=1e-12)


def test_the_noise_of_the_smallest_wave_takes_over_in_the_end_and_stopping_early_is_best():
    x, rng = photograph(64), np.random.default_rng(0)
    H = np.fft.fft2(gaussian_kernel(64, 1.2))
    y = blur(x, H) + 0.02 * rng.standard_normal(x.shape)
    path = landweber(np.zeros_like(x), y, H, 1.0, 3000)
    error = np.sqrt(np.mean((path - x) ** 2, axis=(1, 2)))
    best = int(np.argmin(error))
    assert 5 < best < 1000
    assert error[-1] > 1.3 * error[best]
    ridge = [np.sqrt(np.mean((ridge_deblur(y, H, lam) - x) ** 2)) for lam in np.geomspace(1e-4, 1, 60)]
    assert min(ridge) == pytest.approx(error[best], rel=0.05)


def test_the_photograph_is_the_same_at_every_size_up_to_its_blocks():
    large = photograph(384)
    assert large.shape == (384, 384)
    assert large.min() >= 0
    assert large.max() <= 1
    assert large.std() > 0.2  # black and white are both in it
    for size in (192, 96, 64):
        assert photograph(size).mean() == pytest.approx(large.mean(), rel=1e-12)
    np.testing.assert_allclose(photograph(96)[5, 7], large[20:24, 28:32].mean(), rtol=1e-12)
    photograph(384)[...] = 0  # a copy: the next reader still sees her
    assert photograph(384).max() > 0.9


def test_many_pictures_at_once_are_the_same_as_one_by_one():
    _, H, x, y = drawn(0)
    many = np.stack([x, y, x + y])
    for function in (
        lambda p: blur(p, H),
        lambda p: landweber_step(p, y, H, 0.3),
        lambda p: landweber(p, y, H, 0.3, 4)[-1],
        lambda p: landweber_after(p, y, H, 0.3, 4),
        lambda p: ridge_deblur(p, H, 0.3),
    ):
        np.testing.assert_allclose(function(many), [function(p) for p in many], rtol=0, atol=1e-14)


def test_a_step_beyond_the_limit_diverges_in_silence_and_leaves_what_it_was_given_alone():
    x, y = np.zeros((4, 4), dtype=int), np.arange(16).reshape(4, 4)
    H = np.fft.fft2(motion_kernel(4, 2))
    path = landweber(x, y, H, 50.0, 400)
    assert path.shape == (401, 4, 4)
    assert np.isfinite(path[3]).all()
    assert not np.isfinite(path[-1]).any()
    path[...] = 1
    np.testing.assert_array_equal(x, 0)
    np.testing.assert_array_equal(y, np.arange(16).reshape(4, 4))


SQUARE, FLAT = np.zeros((4, 4)), np.ones((4, 4))
BAD = [
    (lambda: photograph(100), "size must divide 384, got 100"),
    (lambda: photograph(0), "size must be a whole number >= 1, got 0"),
    (lambda: gaussian_kernel(8, 0.0), "width must be a number > 0, got 0.0"),
    (lambda: gaussian_kernel(2.5, 1.0), "n must be a whole number >= 1, got 2.5"),
    (lambda: motion_kernel(4, 5), "length must be at most n = 4, got 5"),
    (lambda: motion_kernel(4, 0), "length must be a whole number >= 1, got 0"),
    (lambda: blur(np.zeros((3, 4)), FLAT), r"x must have shape \(..., 4, 4\) to fit H, got \(3, 4\)"),
    (lambda: blur(SQUARE, np.ones(4)), r"H must hold finite numbers in an array \(n, m\), got shape \(4,\)"),
    (lambda: blur(SQUARE, np.full((4, 4), np.nan)), "H must hold finite numbers"),
    (lambda: blur("photo", FLAT), "x must be an array of numbers, got 'photo'"),
    (lambda: blur(SQUARE, "blur"), "H must be an array of numbers, got 'blur'"),
    (lambda: landweber_step(SQUARE, SQUARE, FLAT, -0.1), "alpha must be a number >= 0, got -0.1"),
    (lambda: landweber_step(SQUARE, np.zeros(4), FLAT, 0.1), r"y must have shape \(..., 4, 4\) to fit H"),
    (lambda: landweber(SQUARE, SQUARE, FLAT, 0.1, -1), "n_steps must be a whole number >= 0, got -1"),
    (lambda: landweber(np.zeros(3), SQUARE, FLAT, 0.1, 1), r"x0 must have shape \(..., 4, 4\) to fit H"),
    (lambda: landweber_after(SQUARE, SQUARE, FLAT, np.nan, 1), "alpha must be a number >= 0, got nan"),
    (lambda: ridge_deblur(SQUARE, FLAT, 0.0), "lam must be a number > 0, got 0.0"),
    (lambda: blur_spectrum_bounds(np.ones((2, 2, 2))), "H must hold finite numbers"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_bad_input_is_told_by_name_with_what_was_expected_and_what_came(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
