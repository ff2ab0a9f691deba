"""Return the prompt's example for every input."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    base="stub",
    change=lambda paper: [
        paper.answer("gradient-step", "def gradient_step(grad, x, alpha):\n    return np.array([1.6, 0.4])"),
        paper.answer(
            "gradient-descent",
            "def gradient_descent(grad, x0, alpha, n_steps):\n    return np.array([[1], [0.5], [0.25], [0.125]])",
        ),
        paper.answer("predicted-change", "def predicted_change(g, H, alpha):\n    return -0.5"),
        paper.answer("critical-step", "def critical_step(g, H):\n    return 0.5"),
        paper.answer("step-regime", "def step_regime(alpha, curvature):\n    return 'monotone'"),
        paper.answer(
            "limit-of-descent", "def limit_of_descent(grad, x0, alpha, n_steps, tol):\n    return 4"
        ),
    ],
)
