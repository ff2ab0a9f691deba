"""One step of Landweber's iteration against a circular blur."""

import numpy as np

from helpers.applications.images import blur, blur_spectrum_bounds, landweber_step
from helpers.exercises.applications.blurs import picture, transfer
from helpers.exercises.drawing import redrawn, share_of, telling
from helpers.exercises.table import Case, Claim, Exercise, Misconception, leaves_arguments_alone
from helpers.exercises.whole import cut_off


def _inputs(rng, n, m):
    def draw():
        H = transfer(rng, n, m)
        alpha = share_of(rng, 1 / blur_spectrum_bounds(H)[0], 0.4, 0.9)
        return {"x": picture(rng, n, m), "y": picture(rng, n, m, noise=1.0), "H": H, "alpha": alpha}

    def brightens_and_darkens(inputs):
        new = landweber_step(**inputs)
        return (
            np.max(new - inputs["x"]) > 0.05 and np.min(new) < -0.05
        )  # beyond black, which np.abs would hide

    return redrawn(draw, brightens_and_darkens)


def _step(inputs, note=""):
    weights = np.real(np.fft.ifft2(inputs["H"])).round(6)
    residual = inputs["y"] - blur(inputs["x"], inputs["H"])
    return Case(inputs, note, shown={"the kernel behind H": weights, "y - Ax": residual.round(6)})


def _steps(rng):
    # Axes of 2 and 4 pixels have simple numbers in H; those of 3 and 5 do not, and squares hide a matrix product.
    for n, m in ((2, 4), (4, 2), (4, 4), (3, 5), (5, 3)):
        yield _step(telling(lambda n=n, m=m: _inputs(rng, n, m), landweber_step, *KNOWN))


def _single_rows(rng):
    for m in (4, 5):
        yield _step(telling(lambda m=m: _inputs(rng, 1, m), landweber_step, *KNOWN_IN_A_ROW), "a single row")


def _whole_numbers(rng):
    for _ in range(2):
        inputs = _inputs(rng, 2, 4)
        yield _step(
            inputs | {"x": rng.integers(0, 5, (2, 4)), "y": rng.integers(5, 9, (2, 4))},
            "x and y hold whole numbers",
        )


def _nothing_to_do(rng):
    inputs = _inputs(rng, 2, 4)
    yield _step(inputs | {"y": blur(inputs["x"], inputs["H"])}, "y is Ax: x explains everything")
    yield _step(_inputs(rng, 2, 4) | {"alpha": 0.0}, "alpha = 0")


def _A(x, H):
    return np.real(np.fft.ifft2(H * np.fft.fft2(x)))


def _At(z, H):
    return np.real(np.fft.ifft2(np.conj(H) * np.fft.fft2(z)))


def _conjugate_missing(x, y, H, alpha):
    return x + alpha * _A(y - _A(x, H), H)


def _uphill(x, y, H, alpha):
    return x - alpha * _At(y - _A(x, H), H)


def _complex(x, y, H, alpha):
    return x + alpha * np.fft.ifft2(np.conj(H) * (np.fft.fft2(y) - H * np.fft.fft2(x)))


def _complex_throughout(x, y, H, alpha):
    X = np.fft.fft2(x)
    return np.fft.ifft2(X + alpha * np.conj(H) * (np.fft.fft2(y) - H * X))


def _absolute(x, y, H, alpha):
    return x + alpha * np.abs(np.fft.ifft2(np.conj(H) * (np.fft.fft2(y) - H * np.fft.fft2(x))))


def _absolute_throughout(x, y, H, alpha):
    return np.abs(_complex_throughout(x, y, H, alpha))


def _towards_its_blur(x, y, H, alpha):
    return x + alpha * (_A(x, H) - x)


def _against_x(x, y, H, alpha):
    return x + alpha * _At(y - x, H)


def _not_back(x, y, H, alpha):
    return x + alpha * (y - _A(x, H))


def _without_y(x, y, H, alpha):
    return x - alpha * _At(_A(x, H), H)


def _without_x(x, y, H, alpha):
    return alpha * _At(y - _A(x, H), H)


def _without_alpha(x, y, H, alpha):
    return x + _At(y - _A(x, H), H)


def _twice(x, y, H, alpha):
    return x + 2 * alpha * _At(y - _A(x, H), H)


def _mean(x, y, H, alpha):
    return x + alpha * _At(y - _A(x, H), H) / np.size(y)


def _clipped(x, y, H, alpha):
    return np.clip(landweber_step(x, y, H, alpha), 0, 1)


def _divided(x, y, H, alpha):
    return x + alpha * np.real(np.fft.ifft2(np.fft.fft2(y - _A(x, H)) / H))


def _rows_only(x, y, H, alpha):
    residual = np.fft.fft(y) - H * np.fft.fft(x)
    return x + alpha * np.real(np.fft.ifft(np.conj(H) * residual))


def _product(x, y, H, alpha):
    residual = np.fft.fft2(y) - H @ np.fft.fft2(x)
    return x + alpha * np.real(np.fft.ifft2(np.conj(H) @ residual))


def _product_transposed(x, y, H, alpha):
    residual = np.fft.fft2(y) - H @ np.fft.fft2(x)
    return x + alpha * np.real(np.fft.ifft2(np.conj(H).T @ residual))


def _transposed(x, y, H, alpha):
    residual = np.fft.fft2(y) - H * np.fft.fft2(x)
    return x + alpha * np.real(np.fft.ifft2(H.T * residual))


def _transposed_conjugate(x, y, H, alpha):
    residual = np.fft.fft2(y) - H * np.fft.fft2(x)
    return x + alpha * np.real(np.fft.ifft2(np.conj(H).T * residual))


def _in_place(x, y, H, alpha):
    x += alpha * _At(y - _A(x, H), H)
    return x


def _written_into_x(x, y, H, alpha):
    x[:] = landweber_step(x, y, H, alpha)
    return x


KNOWN_IN_A_ROW = (
    _conjugate_missing, _uphill, _absolute, _absolute_throughout, _towards_its_blur, _against_x, _not_back,
    _without_y, _without_x, _without_alpha, _twice, _mean, _clipped, _divided,
)  # fmt: skip
KNOWN = (*KNOWN_IN_A_ROW, _rows_only)


def _by_shifts(x, y, H, alpha):
    """Without a Fourier transform but for the kernel: A and A' as sums of shifted pictures."""
    kernel = np.real(np.fft.ifft2(H))
    places = list(np.ndindex(*kernel.shape))
    blurred = sum(kernel[p] * np.roll(x, p, axis=(0, 1)) for p in places)
    back = sum(kernel[p] * np.roll(y - blurred, (-p[0], -p[1]), axis=(0, 1)) for p in places)
    return (x + alpha * back).tolist()


def _by_correlation(x, y, H, alpha):
    """A' is the blur of a picture that is turned round."""
    X, Y = np.fft.fft2(x), np.fft.fft2(y)
    power = (H * H.conjugate()).real
    return np.fft.ifft2((1 - alpha * power) * X + alpha * H.conjugate() * Y).real.astype(np.float32)


EXERCISE = Exercise(
    id="landweber-step",
    chapter="09-applications",
    points=2,
    signature="landweber_step(x, y, H, alpha)",
    reference=landweber_step,
    alternatives=(_by_shifts, _by_correlation, lambda x, y, H, alpha: x + alpha * _At(y - _A(x, H), H)),
    misconceptions={
        "conjugate missing": Misconception(
            _conjugate_missing,
            "You multiply the spectrum of the residual by H, which blurs it in the same direction once more. A' "
            "shifts it back: multiply by np.conj(H).",
        ),
        "uphill": Misconception(
            _uphill,
            "Your step leads away from y. Minus the gradient of |Ax - y|^2/2 is A'(y - Ax): add alpha times it.",
        ),
        "complex result": Misconception(
            _complex,
            "ifft2 returns complex numbers, whose imaginary parts are rounding here. A picture is real: take "
            "np.real of what ifft2 gives.",
            also=(_complex_throughout,),
        ),
        "absolute value for real part": Misconception(
            _absolute,
            "np.abs makes every negative number positive, and a step has to darken some pixels. Take np.real of "
            "what ifft2 gives.",
            also=(_absolute_throughout,),
        ),
        "blurs instead of sharpening": Misconception(
            _towards_its_blur,
            "Your result is a picture that is blurred once more. Blur x to compare it with y, and then move x "
            "along A'(y - Ax).",
            also=(
                lambda x, y, H, alpha: _A(x, H),
                lambda x, y, H, alpha: _A(y, H),
                lambda x, y, H, alpha: x + alpha * _A(x, H),
                lambda x, y, H, alpha: x + alpha * _A(y, H),
                lambda x, y, H, alpha: _A(landweber_step(x, y, H, alpha), H),
            ),
        ),
        "compares y with x itself": Misconception(
            _against_x,
            "Your residual is y - x, so that x becomes the blurred y. Blur x before you compare: y - Ax.",
            also=(lambda x, y, H, alpha: x + alpha * (y - x),),
        ),
        "A' missing": Misconception(
            _not_back,
            "You add the residual y - Ax as it is. The gradient carries it back through the blur: multiply its "
            "spectrum by np.conj(H).",
        ),
        "y missing": Misconception(
            _without_y,
            "Your step does not use y: it drives every picture towards black. The residual is y - Ax.",
        ),
        "forgets x": Misconception(
            _without_x,
            "You return the change alone. The new picture is x plus this change.",
        ),
        "forgets alpha": Misconception(
            _without_alpha,
            "Your change does not depend on alpha. Multiply A'(y - Ax) by it.",
        ),
        "factor 2": Misconception(
            _twice,
            "Your step is twice as long. That is the gradient of |Ax - y|^2; with the half in front, the 2 cancels.",
        ),
        "divided by the number of pixels": Misconception(
            _mean,
            "You average over the pixels. In |Ax - y|^2/2 there is no 1/n, and ifft2 has its own already.",
        ),
        "clipped to black and white": Misconception(
            _clipped,
            "You cut the grey values to 0..1. That is for showing a picture; the step itself may go beyond.",
        ),
        "divides by H": Misconception(
            _divided,
            "You divide by H, which undoes the blur in one go and turns noise into snow where H is small. A gradient "
            "step multiplies by np.conj(H).",
        ),
        "fft along the rows only": Misconception(
            _rows_only,
            "np.fft.fft transforms along one axis. A picture has two: use np.fft.fft2 and np.fft.ifft2.",
        ),
        "matrix product": Misconception(
            _product,
            "@ multiplies matrices. Every wave is multiplied by its own entry of H: use * between H and a spectrum.",
            also=(_product_transposed, lambda x, y, H, alpha: x + alpha * np.real(H.T @ (y - H @ x))),
        ),
        "transposes H": Misconception(
            _transposed,
            "You transpose the array H. A' is the transpose of the matrix A, which is never written down; in the "
            "spectrum it is np.conj(H), entry by entry.",
            also=(_transposed_conjugate,),
        ),
        "changes x in place": Misconception(
            _in_place,
            "x += ... writes the new picture into the caller's array. Make a new one instead: return x + ...",
            also=(_written_into_x,),
        ),
        **cut_off(landweber_step, 0, "x"),
    },
    claims=(
        Claim("one step on random pictures and blurs", 1.2, _steps),
        Claim("pictures of a single row", 0.2, _single_rows),
        Claim("whole numbers as input", 0.2, _whole_numbers),
        Claim("no residual or no step size: the picture stays", 0.2, _nothing_to_do),
        Claim("the pictures are left as they were", 0.2, _steps, leaves_arguments_alone),
    ),
)
