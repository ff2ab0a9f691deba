"""Sharpen a photograph: blur as a convolution, Landweber's iteration, its spectrum, and a ridge.

A picture is an array (..., n, m) of grey values, 0 black and 1 white; axes before the last two are runs. The blur
is circular, what leaves at one edge comes back at the other. So every wave keeps its shape and is multiplied
by one complex number, an entry of the transfer function H = fft2(kernel), and the matrix A of the blur is
never written down: Ax = ifft2(H fft2(x)), A'z = ifft2(conj(H) fft2(z)). In f(x) = |Ax - y|^2/2 there is no 1/n.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from helpers import arguments

CORNER, SIDE = (8, 75), 384  # the square of the photograph that is used, in its own pixels


def photograph(size: int = 192) -> np.ndarray:
    """Return a real photograph as grey values (size, size), 0 black and 1 white: Grace Hopper, in 1984.

    A square of the picture that comes with matplotlib; each pixel is the mean of a square block. Raises
    ValueError if size is not a whole number that divides 384.

    >>> photograph(64).shape
    (64, 64)

    Source: J. S. Davis, US Navy, 1984 (public domain); weights of red, green and blue: ITU-R BT.601, 1982.
    """
    size = arguments.whole_number("size", size, low=1)
    if SIDE % size:
        raise ValueError(f"size must divide {SIDE}, got {size}")
    block = SIDE // size
    return _square().reshape(size, block, size, block).mean(axis=(1, 3))


@lru_cache
def _square():
    from matplotlib import cbook, image  # here, so that only who looks at the photograph waits for it

    colours = image.imread(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    top, left = CORNER
    grey = colours[top : top + SIDE, left : left + SIDE] @ np.array([0.299, 0.587, 0.114]) / 255
    grey.setflags(write=False)
    return grey


def gaussian_kernel(n: int, width: float) -> np.ndarray:
    """Return a kernel (n, n) proportional to exp(-(i^2 + j^2)/(2 width^2)), of sum 1: a lens out of focus.

    Its centre is the entry [0, 0] and its distances go round the edges, as those of a circular blur do. Raises
    ValueError if n is not a whole number >= 1 or width is not > 0.

    >>> gaussian_kernel(4, 0.5).round(3)[0]
    array([0.619, 0.084, 0.   , 0.084])

    Source: Gonzalez and Woods 2008, Digital Image Processing, section 5.6.
    """
    n, width = arguments.whole_number("n", n, low=1), arguments.number("width", width, low=0, open_low=True)
    away = n * np.fft.fftfreq(n)  # 0, 1, 2, ..., -2, -1
    bell = np.exp(-(away**2) / (2 * width**2))
    return np.outer(bell, bell) / np.sum(bell) ** 2


def motion_kernel(n: int, length: int) -> np.ndarray:
    """Return a kernel (n, n) of `length` equal weights in a row, to the right of [0, 0]: the camera moved.

    It is not symmetric about its centre, so its transfer function is complex. Raises ValueError if n or length
    is not a whole number >= 1, or if length is greater than n.

    >>> motion_kernel(4, 2)[0]
    array([0.5, 0.5, 0. , 0. ])

    Source: Gonzalez and Woods 2008, Digital Image Processing, section 5.6.
    """
    n, length = arguments.whole_number("n", n, low=1), arguments.whole_number("length", length, low=1)
    if length > n:
        raise ValueError(f"length must be at most n = {n}, got {length}")
    kernel = np.zeros((n, n))
    kernel[0, :length] = 1 / length
    return kernel


def blur(x: ArrayLike, H: ArrayLike) -> np.ndarray:
    """Return Ax = real(ifft2(H fft2(x))), the circular convolution of pictures x (..., n, m) with a kernel.

    H (n, m) is the transfer function fft2(kernel) of a real kernel. Raises ValueError if a shape does not fit.

    >>> blur([[0.0, 8.0, 0.0, 0.0]], np.fft.fft2([[0.5, 0.5, 0.0, 0.0]])).round(12)
    array([[0., 4., 4., 0.]])

    Source: Gonzalez and Woods 2008, Digital Image Processing, sections 4.6 and 5.5.
    """
    H = _transfer(H)
    return np.real(np.fft.ifft2(H * np.fft.fft2(_picture("x", x, H))))


def landweber_step(x: ArrayLike, y: ArrayLike, H: ArrayLike, alpha: float) -> np.ndarray:
    """Return x + alpha A'(y - Ax), one gradient step on |Ax - y|^2/2 for a circular blur A, as a new array.

    x and y are pictures (..., n, m), H (n, m) is the transfer function fft2(kernel); A' multiplies the spectrum
    by conj(H). Raises ValueError if alpha is negative or not finite, or if the shapes do not fit.

    >>> H = np.fft.fft2([[0.5, 0.5, 0.0, 0.0]])
    >>> landweber_step(np.zeros((1, 4)), [[0.0, 4.0, 4.0, 0.0]], H, 1.0).round(12)
    array([[2., 4., 2., 0.]])

    Source: Landweber 1951, Amer. J. Math. 73.
    """
    H, alpha = _transfer(H), arguments.number("alpha", alpha, low=0)
    x, y = _picture("x", x, H), _picture("y", y, H)
    with np.errstate(over="ignore", invalid="ignore"):
        residual = np.fft.fft2(y) - H * np.fft.fft2(x)
        return x + alpha * np.real(np.fft.ifft2(np.conj(H) * residual))


def landweber(x0: ArrayLike, y: ArrayLike, H: ArrayLike, alpha: float, n_steps: int) -> np.ndarray:
    """Return the path x[k + 1] = x[k] + alpha A'(y - A x[k]) from x[0] = x0, of shape (n_steps + 1, ..., n, m).

    x0 and y are pictures (..., n, m), H (n, m) is the transfer function. It converges for 0 < alpha < 2/L with
    L = max |H|^2. A diverging run keeps its shape, with inf and nan in it. Raises ValueError if alpha is
    negative or not finite, if n_steps is not a whole number >= 0, or if the shapes do not fit.

    >>> H = np.fft.fft2([[0.5, 0.5, 0.0, 0.0]])
    >>> landweber(np.zeros((1, 4)), [[0.0, 4.0, 4.0, 0.0]], H, 1.0, 2)[:, 0].round(12)
    array([[ 0.,  0.,  0.,  0.],
           [ 2.,  4.,  2.,  0.],
           [ 2.,  5.,  2., -1.]])

    Source: Landweber 1951, Amer. J. Math. 73.
    """
    H, n_steps = _transfer(H), arguments.whole_number("n_steps", n_steps)
    start, y = np.broadcast_arrays(_picture("x0", x0, H), _picture("y", y, H))
    x = np.empty((n_steps + 1, *start.shape))
    x[0] = start
    for k in range(n_steps):
        x[k + 1] = landweber_step(x[k], y, H, alpha)
    return x


def landweber_after(x0: ArrayLike, y: ArrayLike, H: ArrayLike, alpha: float, n_steps: int) -> np.ndarray:
    """Return the last picture of `landweber` from its formula: X_k = (1 - alpha |H|^2)^k X_0 + (1 - ...) Y/H.

    X_k, X_0 and Y are the spectra; each wave comes closer to Y/H by its own factor, whatever the others do. As
    costly as one step. Raises ValueError as `landweber` does.

    >>> H = np.fft.fft2([[0.5, 0.5, 0.0, 0.0]])
    >>> landweber_after(np.zeros((1, 4)), [[0.0, 4.0, 4.0, 0.0]], H, 1.0, 2).round(12)
    array([[ 2.,  5.,  2., -1.]])

    Source: Landweber 1951, Amer. J. Math. 73; Hansen 1998, Rank-Deficient and Discrete Ill-Posed Problems.
    """
    H, alpha = _transfer(H), arguments.number("alpha", alpha, low=0)
    x0, y = _picture("x0", x0, H), _picture("y", y, H)
    half = H[:, : H.shape[1] // 2 + 1]  # the other waves of a real picture are these, conjugated
    with np.errstate(over="ignore", invalid="ignore"):
        left = (1 - alpha * np.abs(half) ** 2) ** arguments.whole_number("n_steps", n_steps)
        # Where H is 0 nothing of Y can come back, and nothing does: 1 - left is 0 there.
        inverse = np.divide(1 - left, half, out=np.zeros_like(half), where=half != 0)
        return np.fft.irfft2(left * np.fft.rfft2(x0) + inverse * np.fft.rfft2(y), s=H.shape)


def ridge_deblur(y: ArrayLike, H: ArrayLike, lam: float) -> np.ndarray:
    """Return the minimiser of |Ax - y|^2/2 + lam |x|^2/2, whose spectrum is conj(H) Y/(|H|^2 + lam).

    y are pictures (..., n, m), H (n, m) is the transfer function, lam the ridge weight. Raises ValueError if lam
    is not > 0 or the shapes do not fit.

    >>> ridge_deblur([[0.0, 4.0, 4.0, 0.0]], np.ones((1, 4)), 1.0)
    array([[0., 2., 2., 0.]])

    Source: Tikhonov 1963, Soviet Math. Dokl. 4; Gonzalez and Woods 2008, Digital Image Processing, section 5.8.
    """
    H, lam = _transfer(H), arguments.number("lam", lam, low=0, open_low=True)
    y = _picture("y", y, H)
    half = H[:, : H.shape[1] // 2 + 1]  # the other waves of a real picture are these, conjugated
    return np.fft.irfft2(np.conj(half) / (np.abs(half) ** 2 + lam) * np.fft.rfft2(y), s=H.shape)


def blur_spectrum_bounds(H: ArrayLike) -> tuple[float, float]:
    """Return (L, mu), the largest and the smallest |H|^2: the extreme curvatures of |Ax - y|^2/2.

    H (n, m) is the transfer function of the blur; the |H|^2 are the eigenvalues of A'A. Raises ValueError if H
    is no array with two axes.

    >>> blur_spectrum_bounds([[1.0, 0.6 + 0.8j, 0.5j]])
    (1.0, 0.25)

    Source: Davis 1979, Circulant Matrices, section 3.2.
    """
    curvatures = np.abs(_transfer(H)) ** 2
    return float(curvatures.max()), float(curvatures.min())


def _transfer(H):
    """H as complex numbers (n, m), checked."""
    try:
        H = np.asarray(H, dtype=complex)
    except (TypeError, ValueError):
        raise ValueError(f"H must be an array of numbers, got {H!r}") from None
    if H.ndim != 2 or H.size == 0 or not np.isfinite(H).all():
        raise ValueError(f"H must hold finite numbers in an array (n, m), got shape {H.shape}")
    return H


def _picture(name, x, H):
    x = arguments.points(name, x)
    if x.shape[-2:] != H.shape:
        raise ValueError(f"{name} must have shape (..., {H.shape[0]}, {H.shape[1]}) to fit H, got {x.shape}")
    return x
