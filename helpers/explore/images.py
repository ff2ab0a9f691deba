"""Chapter 09: a photograph that sharpens step by step, and the step at which noise makes one stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from helpers.applications.images import (
    blur,
    blur_spectrum_bounds,
    gaussian_kernel,
    landweber_after,
    landweber_step,
    motion_kernel,
    photograph,
    ridge_deblur,
)
from helpers.draw import Canvas, Curve, Dots, MarkedLine, key, style
from helpers.draw.marks import MEASURED, THEORY
from helpers.draw.pictures import Picture
from helpers.explore.controls import Choice, LogSlider, Slider, starting
from helpers.explore.live import LiveFigure, Scene
from helpers.explore.runs import Runner
from helpers.explore.stepwise import Stepwise
from helpers.explore.words import count, say

SIZE = 192  # pixels of a photograph, and how large it is shown: one for one
MOST = 1024
BLURS = ("out of focus", "camera moved")
RIDGE = style.BLUE
GRID = np.unique(
    np.round(2.0 ** np.arange(0, 11.01, 0.25))
)  # counts of steps, and 1/(alpha lam), of the second figure


def sharpening(
    n_steps: float = 32.0,
    share: float = 1.0,
    blurred_by: str = "out of focus",
    method: Callable = landweber_step,
    bounds: Callable = blur_spectrum_bounds,
) -> LiveFigure:
    """Return the figure of a photograph that Landweber's iteration sharpens, starting from the blurred one.

    Beside it the waves that it consists of, by their curvature |h|^2: how much of its error each one has left.
    Controls `n_steps`, `share` of the step 1/L, and `blurred_by`. `method(x, y, H, alpha)` makes one step and
    `bounds(H)` gives (L, mu); both may be your own. Raises ValueError if a start is out of its range or a method is
    no function.

    >>> sharpening(n_steps=4.0)
    A photograph sharpens. 4 steps ...

    Source: Landweber 1951, Amer. J. Math. 73; photograph by J. S. Davis, US Navy, 1984.
    """
    step, limits = Runner(method, ours=landweber_step), Runner(bounds, ours=blur_spectrum_bounds)
    controls = {
        "n_steps": LogSlider("steps k", 1, MOST, start=32.0, per_octave=2, readout=".0f"),
        "share": Slider("step α·L", 0.1, 2.2, 0.05, start=1.0),
        "blurred_by": Choice("blur", BLURS, start="out of focus"),
    }
    walk = Stepwise()

    def after(y: np.ndarray, H: np.ndarray, alpha: float, k: int, setting: tuple) -> np.ndarray:
        """The picture after k steps; a learner's steps are made one by one."""
        if step.method is landweber_step:
            return landweber_after(y, y, H, alpha, k)
        return walk.upto(
            k, setting, y, lambda x: step({"x": x, "y": y, "H": H, "alpha": alpha}, shape=y.shape)
        )[k]

    def compute(n_steps: float, share: float, blurred_by: str) -> Mapping:
        k, (x, H, y, sorted_waves) = round(n_steps), scene(blurred_by)
        L = float(limits({"H": H}, shape=(2,))[0])
        alpha = share / L
        z = after(y, H, alpha, k, (blurred_by, alpha))
        curvature, left = error_by_wave(z, sorted_waves)
        return {
            "k": k, "share": share, "alpha": alpha, "y": y, "z": z, "curvature": curvature, "left": left,
            "fine": FINE, "theory": np.abs(1 - alpha * FINE) ** k, "front": 1 / (alpha * k),
            "errors": (rms(y - x), rms(z - x)),
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                482, 46, 706, 238, xscale="log", xlim=(1e-4, 1.5), ylim=(0, 1.35),
                xlabel="curvature |h|² of a wave", ylabel="share of its error left",
            )  # fmt: skip
            chart.set_xticks([1e-4, 1e-3, 1e-2, 0.1, 1], ["0.0001", "", "0.01", "", "1"])
            chart.minorticks_off()
            for x, words, ha in ((1.25e-4, "fine detail", "left"), (1.35, "large shapes", "right")):
                chart.text(x, 1.25, words, ha=ha, va="center", fontsize=8, color=style.SOFT)
        theory = Curve(canvas, chart, style.THEORY, 1.5, style.DASHES, zorder=5)
        dots = Dots(canvas, chart, size=5)
        front = MarkedLine(canvas, chart, "1/(αk)", style.SOFT, style.DOTS, level=0.82)
        given, found = Picture(canvas, chart, 10, 46, SIZE), Picture(canvas, chart, 216, 46, SIZE)
        key(canvas, chart, [("measured", MEASURED), ("|1 − α|h|²|ᵏ", THEORY)], x=-0.05, y=1.01)

        def update(data: Mapping) -> None:
            given.set(data["y"], "the blurred photograph")
            found.set(data["z"], f"after {count(data['k'], 'step')}")
            theory.set(data["fine"], np.minimum(data["theory"], 9.0))
            dots.set(data["curvature"], data["left"])
            front.set(data["front"])

        return Scene(update)

    def describe(data: Mapping) -> str:
        before, after_ = data["errors"]
        words = (
            f"{count(data['k'], 'step')} of {say(data['share'])}/L: waves with a curvature well above 1/(αk) = "
            f"{say(data['front'], 2)} are back. The grey values are {say(after_, 2)} off in the mean (root mean square), "
            f"{say(before, 2)} before."
        )
        return words if data["share"] <= 2 else f"{words} Beyond 2/L the largest shapes explode first."

    def again() -> None:
        walk.forget()
        step.try_again()
        limits.try_again()

    return LiveFigure(
        "A photograph sharpens", starting(controls, n_steps=n_steps, share=share, blurred_by=blurred_by), compute, build,
        describe, size=(720, 272), on_reset=again,
    )  # fmt: skip


def early_stopping(n_steps: float = 2.0**9, noise: float = 2.0**-6, lam: float = 2.0**-6) -> LiveFigure:
    """Return the figure of deblurring in noise: Landweber stopped at k beside a ridge lam, and both errors.

    The iteration starts from black with the step 1/L. Its error is what is not sharp yet, which falls, and what
    the noise has become, which rises. Controls `n_steps`, `noise` (the deviation of a grey value) and `lam`.
    Raises ValueError if a start is out of its range.

    >>> early_stopping()
    Stopping early. 512 steps ...

    Source: Yao, Rosasco and Caponnetto 2007, Constr. Approx. 26; Hansen 1998, Rank-Deficient and Discrete Ill-Posed
    Problems.
    """
    controls = {
        "n_steps": LogSlider("steps k", 1, float(GRID[-1]), start=512.0, per_octave=4, readout=".0f"),
        "noise": LogSlider("noise σ", 2.0**-9, 2.0**-3, start=2.0**-6, per_octave=2),
        "lam": LogSlider("ridge λ", float(1 / GRID[-1]), 1, start=2.0**-6, per_octave=4),
    }

    def compute(n_steps: float, noise: float, lam: float) -> Mapping:
        stopped, shrunk = filtered()
        i, j = nearest(n_steps), nearest(1 / lam)
        error, unsharp, snow = stopped.errors(noise)
        other = shrunk.errors(noise)[0]
        best, best_ridge = int(np.argmin(error)), int(np.argmin(other))
        return {
            "k": round(GRID[i]), "noise": noise, "lam": lam, "at": GRID[i], "at_ridge": GRID[j],
            "picture": stopped.picture(i, noise), "picture_ridge": shrunk.picture(j, noise),
            "error": error, "unsharp": unsharp, "snow": snow, "other": other,
            "here": error[i], "here_ridge": other[j], "best": round(GRID[best]), "least": error[best],
            "least_ridge": other[best_ridge],
        }  # fmt: skip

    def build(canvas: Canvas) -> Scene:
        with canvas.building():
            chart = canvas.axes(
                482, 46, 706, 238, xscale="log", yscale="log", xlim=(0.9, GRID[-1] * 1.1), ylim=(0.01, 0.5),
                xlabel="steps k, and 1/(αλ)", ylabel="error of the grey values",
            )  # fmt: skip
            chart.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
            chart.set_yticks([0.01, 0.02, 0.05, 0.1, 0.2, 0.5], ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"])
            chart.minorticks_off()
        parts = [Curve(canvas, chart, style.THEORY, 1.3, look) for look in (style.DASHES, style.DOTS)]
        lines = Curve(canvas, chart, style.MEASURED, 2.0), Curve(canvas, chart, RIDGE, 1.4)
        best = MarkedLine(canvas, chart, "best k", style.GREEN, style.DASHES, level=0.05)
        here = Dots(canvas, chart, size=9), Dots(canvas, chart, RIDGE, 9)
        left, middle = (
            Picture(canvas, chart, 10, 46, SIZE, style.MEASURED),
            Picture(canvas, chart, 216, 46, SIZE, RIDGE),
        )
        key(
            canvas, chart,
            [("not sharp yet", THEORY), ("noise", {"color": style.THEORY, "ls": style.DOTS})], x=-0.06, y=1.0,
        )  # fmt: skip

        def update(data: Mapping) -> None:
            left.set(data["picture"], f"Landweber, {count(data['k'], 'step')}")
            middle.set(data["picture_ridge"], f"ridge, λ = {say(data['lam'], 2)}")
            for curve, name in zip((*parts, *lines), ("unsharp", "snow", "error", "other"), strict=True):
                curve.set(GRID, data[name])
            best.set(data["best"])
            for dot, x, y in zip(here, ("at", "at_ridge"), ("here", "here_ridge"), strict=True):
                dot.set(np.array([data[x]]), np.array([data[y]]))

        return Scene(update)

    def describe(data: Mapping) -> str:
        return (
            f"{count(data['k'], 'step')} in noise of {say(data['noise'], 2)}: error {say(data['here'], 2)}; the least, "
            f"{say(data['least'], 2)}, comes near step {say(data['best'], 2)}. The ridge {say(data['lam'], 2)}: error "
            f"{say(data['here_ridge'], 2)}, its least {say(data['least_ridge'], 2)}."
        )

    return LiveFigure(
        "Stopping early", starting(controls, n_steps=n_steps, noise=noise, lam=lam), compute, build, describe,
        size=(720, 272),
    )  # fmt: skip


EDGES = np.geomspace(1e-4, 1, 17)
FINE = np.geomspace(1e-4, 1, 120)


@lru_cache(maxsize=2)
def scene(blurred_by: str) -> tuple:
    """Return the photograph, the transfer function, the blurred one, and the waves sorted into bands of |h|^2."""
    x = photograph(SIZE)
    kernel = gaussian_kernel(SIZE, 1.7) if blurred_by == BLURS[0] else motion_kernel(SIZE, 9)
    H = np.fft.fft2(kernel)
    y = blur(x, H)
    curvature = np.abs(H[:, : SIZE // 2 + 1]) ** 2
    spectrum = np.fft.rfft2(x)
    before = np.abs(np.fft.rfft2(y) - spectrum)
    band = np.digitize(curvature, EDGES) - 1
    band[
        (band < 0) | (band >= len(EDGES) - 1) | (before < 1e-9 * before.max())
    ] = -1  # the mean grey is right at once
    inside = band >= 0
    return x, H, y, (spectrum, band[inside], inside, curvature[inside], before[inside])


def error_by_wave(z: np.ndarray, waves: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Return mean curvature and share of the error left (root mean square) for each band of waves that has some."""
    spectrum, band, inside, curvature, before = waves
    error = np.abs(np.fft.rfft2(z) - spectrum)[inside]
    weights = before**2
    total = np.bincount(band, weights)
    there = total > 0
    centre = np.bincount(band, weights * np.log(curvature))[there] / total[there]
    return np.exp(centre), np.sqrt(np.bincount(band, error**2)[there] / total[there])


class Filtered:
    """Pictures restored without noise, and what each makes of noise of deviation 1: their sum, scaled, is any noise's."""

    def __init__(self, restore: Callable, x: np.ndarray, y: np.ndarray) -> None:
        noise = np.random.default_rng(9).standard_normal(x.shape)
        self.clean = np.array([restore(y, at) for at in GRID], dtype=np.float32)
        self.snow = np.array([restore(noise, at) for at in GRID], dtype=np.float32)
        off = self.clean - x.astype(np.float32)
        self.moments = [np.mean(a * b, axis=(1, 2), dtype=float) for a, b in
                        ((off, off), (off, self.snow), (self.snow, self.snow))]  # fmt: skip

    def errors(self, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the root mean square error along GRID, and its parts: not sharp yet, and noise."""
        bias, both, variance = self.moments
        return (
            np.sqrt(bias + 2 * noise * both + noise**2 * variance),
            np.sqrt(bias),
            noise * np.sqrt(variance),
        )

    def picture(self, i: int, noise: float) -> np.ndarray:
        """Return the restored picture at place i of GRID."""
        return self.clean[i] + np.float32(noise) * self.snow[i]


@lru_cache(maxsize=1)
def filtered() -> tuple[Filtered, Filtered]:
    """Return what Landweber (from black, alpha = 1/L = 1) and the ridge make of the photograph, once for all."""
    x, H, y, _ = scene(BLURS[0])
    black = np.zeros_like(x)
    return (
        Filtered(lambda z, k: landweber_after(black, z, H, 1.0, round(k)), x, y),
        Filtered(lambda z, k: ridge_deblur(z, H, 1 / k), x, y),
    )


def nearest(k: float) -> int:
    """Return the place in GRID that is nearest to k."""
    return int(np.argmin(np.abs(np.log(GRID / k))))


def rms(values: np.ndarray) -> float:
    """Return the root of the mean square; infinite values stay infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(np.mean(np.square(values))))
