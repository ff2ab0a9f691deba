"""The extreme curvatures of a deblurring problem, read off the transfer function."""

import numpy as np

from helpers.applications.images import blur_spectrum_bounds
from helpers.exercises.applications.blurs import transfer
from helpers.exercises.drawing import telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _spectra(rng):
    for n, m in ((1, 4), (2, 4), (4, 4), (3, 5), (5, 2)):
        yield Case(telling(lambda n=n, m=m: {"H": transfer(rng, n, m)}, blur_spectrum_bounds, *KNOWN))


def _real_spectra(rng):
    # A symmetric kernel in a row, 0.b c b: its transfer function is real and has both signs.
    for _ in range(2):
        middle, side = tenths(rng, (), 0.2, 0.4), tenths(rng, (), 0.5, 0.7)
        H = np.real(np.fft.fft2([[middle, side, 0.0, side]])).round(12)
        yield Case({"H": H}, "a symmetric kernel: H is an array of floats")


def _lost_waves(rng):
    a = tenths(rng, (), 0.6, 2.0)
    yield Case({"H": np.fft.fft2([[a, a, 0.0, 0.0]])}, "one wave is lost for good")
    yield Case({"H": np.fft.fft2(np.full((2, 2), a / 2))}, "only the mean grey is left")


def _one_number(rng):
    yield Case(
        {"H": np.full((2, 3), tenths(rng, (), 0.2, 0.8) * (1 + 1j))}, "every wave is treated alike: L = mu"
    )


def _of(curvatures):
    """Return the largest and the smallest of what `curvatures(H)` gives."""
    return lambda H: (np.max(curvatures(H)), np.min(curvatures(H)))


NOT_SQUARED = _of(np.abs)
REAL = _of(lambda H: np.real(H) ** 2)
FOURTH = _of(lambda H: np.abs(H) ** 4)
SINGULAR = _of(lambda H: np.linalg.svd(H, compute_uv=False) ** 2)
MEAN = _of(lambda H: np.abs(H) ** 2 / H.size)


def _swapped(H):
    size = np.abs(H) ** 2
    return size.min(), size.max()


def _first_wave(H):
    size = np.abs(H) ** 2
    return size[0, 0], size.min()


def _first_and_last(H):
    size = np.abs(H) ** 2
    return size.flat[0], size.flat[-1]


def _kappa(H):
    size = np.abs(H) ** 2
    return size.max(), size.max() / size.min()


def _step_sizes(H):
    size = np.abs(H) ** 2
    return 2 / size.max(), 2 / size.min()


KNOWN = (NOT_SQUARED, REAL, FOURTH, SINGULAR, MEAN, _swapped, _first_wave, _kappa, _step_sizes)


def _by_loop(H):
    sizes = [entry.real**2 + entry.imag**2 for entry in np.asarray(H, dtype=complex).ravel().tolist()]
    return [max(sizes), min(sizes)]


def _by_the_matrix(H):
    """The eigenvalues of A'A, with A written down: one column for each pixel that is lit alone."""
    n, m = H.shape
    columns = [np.real(np.fft.ifft2(H * np.fft.fft2(e.reshape(n, m)))).ravel() for e in np.eye(n * m)]
    turned = [np.imag(np.fft.ifft2(H * np.fft.fft2(e.reshape(n, m)))).ravel() for e in np.eye(n * m)]
    A = np.array(columns).T + 1j * np.array(turned).T
    lam = np.linalg.eigvalsh(A.conj().T @ A)
    return lam[-1], max(lam[0], 0.0)


EXERCISE = Exercise(
    id="blur-spectrum-bounds",
    chapter="09-applications",
    points=1,
    signature="blur_spectrum_bounds(H)",
    reference=blur_spectrum_bounds,
    alternatives=(
        _by_loop,
        _by_the_matrix,
        lambda H: np.sort(np.real(H * np.conj(H)), axis=None)[[-1, 0]].astype(np.float32),
    ),
    misconceptions={
        "|H| not squared": Misconception(
            NOT_SQUARED,
            "You return sizes of H, which are singular values of A. The curvatures are the eigenvalues of A'A: "
            "square them.",
        ),
        "swapped": Misconception(
            _swapped,
            "You return (mu, L). The result is (L, mu): the largest first.",
        ),
        "real part only": Misconception(
            REAL,
            "You leave out the imaginary part of H. The size of a complex number needs both: np.abs(H) ** 2.",
            also=(_of(np.real), _of(lambda H: np.real(H**2)), _of(lambda H: np.abs(np.real(H)))),
        ),
        "square of a complex number": Misconception(
            _of(lambda H: H**2),
            "H ** 2 is complex again. The curvature is the square of the size, np.abs(H) ** 2.",
            also=(_of(lambda H: H),),
        ),
        "numbers of complex type": Misconception(
            _of(lambda H: H * np.conj(H)),
            "H times its conjugate is real, but NumPy keeps it as a complex number with an imaginary part of 0. Take the "
            "real part, (H * np.conj(H)).real, or np.abs(H) ** 2.",
        ),
        "squared twice": Misconception(
            FOURTH,
            "You square twice. The eigenvalues of A'A are |H|^2.",
        ),
        "singular values of the array H": Misconception(
            SINGULAR,
            "You take H for the matrix A. H holds the eigenvalues of A already, one for each wave: nothing has to "
            "be decomposed.",
            also=(
                _of(lambda H: np.linalg.svd(H, compute_uv=False)),
                _of(lambda H: np.linalg.eigvalsh(np.conj(H).T @ H)),
            ),
        ),
        "divided by the number of pixels": Misconception(
            MEAN,
            "You divide by the number of pixels. In |Ax - y|^2/2 there is no 1/n, and fft2 gives the eigenvalues of A "
            "as they are.",
        ),
        "the first wave for the largest": Misconception(
            _first_wave,
            "You take L from H[0, 0], the mean grey. A kernel with negative weights passes other waves more "
            "strongly: take the largest of all.",
            also=(_first_and_last,),
        ),
        "kappa for mu": Misconception(
            _kappa,
            "Your second number is the condition number L/mu. Asked for is mu, the smallest |H|^2.",
        ),
        "step sizes": Misconception(
            _step_sizes,
            "You return 2/L and 2/mu, the critical steps. Asked for are the curvatures L and mu themselves.",
            also=(_of(lambda H: 1 / np.abs(H) ** 2), lambda H: (1 / np.max(np.abs(H) ** 2), 1 / np.min(np.abs(H) ** 2))),
        ),
    },
    claims=(
        Claim("the bounds for random blurs", 0.6, _spectra),
        Claim("an H of real numbers", 0.2, _real_spectra),
        Claim("waves that the blur swallows: mu = 0", 0.1, _lost_waves),
        Claim("one curvature: L = mu", 0.1, _one_number),
    ),
)  # fmt: skip
