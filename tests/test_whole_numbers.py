"""An answer that writes into an array like its argument loses the whole-number points, and is told why."""

import numpy as np
import pytest

from helpers.check import judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES
from helpers.exercises.whole import cut_off


def into_a_copy(x, new):
    result = x.copy()
    result[:] = new
    return result


def into_zeros(x, new):
    result = np.zeros_like(x)
    for i in range(len(x)):
        result[i] = new[i]
    return result


def sigmoid_of_minus(margins):
    return 1 / (1 + np.exp(np.clip(margins, -700, 700)))


ANSWERS = {
    "gradient-step": lambda grad, x, alpha: into_a_copy(x, x - alpha * grad(x)),
    "euler-step": lambda field, x, h: into_a_copy(x, x + h * field(x)),
    "ridge-gradient": lambda w, A, b, lam: into_zeros(w, A.T @ (A @ w - b) / len(b) + lam * w),
    "logistic-gradient": lambda w, X, y: into_zeros(w, -X.T @ (y * sigmoid_of_minus(y * (X @ w))) / len(y)),
    "early-stopping-filter": lambda s, alpha, n_steps: into_zeros(s, 1 - (1 - alpha * s**2) ** n_steps),
    "ridge-filter": lambda s, lam: into_zeros(s, [v**2 / (v**2 + lam) if v > 0 else 0 for v in s]),
    "minibatch-gradient": lambda w, X, y, batch: into_zeros(
        w, X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)
    ),
    "heavy-ball-step": lambda x, x_previous, g, alpha, beta: into_a_copy(
        x, x - alpha * g + beta * (x - x_previous)
    ),
    "update-moments": lambda m, v, g, beta1, beta2: (
        into_a_copy(m, beta1 * m + (1 - beta1) * g),
        into_zeros(v, beta2 * v + (1 - beta2) * g**2),
    ),
    "bias-correction": lambda moment, beta, t: into_a_copy(moment, moment / (1 - beta**t)),
    "adamw-step": lambda x, m_hat, v_hat, alpha, eps, weight_decay: into_a_copy(
        x, x - alpha * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x)
    ),
    "effective-hessian": lambda m_hat, v_hat, g, eps: into_zeros(m_hat, g * (np.sqrt(v_hat) + eps) / m_hat),
    "landweber-step": lambda x, y, H, alpha: into_a_copy(
        x, x + alpha * np.fft.ifft2(np.conj(H) * (np.fft.fft2(y) - H * np.fft.fft2(x))).real
    ),
}


@pytest.mark.parametrize("exercise", ANSWERS)
def test_an_array_like_the_argument_costs_the_whole_numbers_alone_and_is_named(exercise):
    for seed in (31, 32, 33):
        report = judge_drawn(
            draw(EXERCISES[exercise], seed), lambda cases: run_here(ANSWERS[exercise], cases)
        )
        assert report.misconception == "whole numbers cut off", str(report)
        assert report.score >= 0.8 * report.points, str(report)
        failed = [claim.title for claim in report.claims if not claim.passed]
        assert all("whole" in title for title in failed), failed


def test_parts_that_are_no_arrays_are_left_as_they_are():
    cut = cut_off(lambda x: (x / 2, 0.5), 0, "x")["whole numbers cut off"].function
    whole, number = cut(np.array([3, -3]))
    assert (whole.tolist(), number) == ([1, -1], 0.5)
