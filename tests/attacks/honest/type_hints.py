"""Type hints and docstrings."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        '''\

from collections.abc import Callable
def gradient_step(grad: Callable[[np.ndarray], np.ndarray], x: np.ndarray, alpha: float) -> np.ndarray:
    """Return x - alpha grad(x)."""
    return x - alpha * grad(x)
''',
    )


ENTRY = Entry(FULL, base="right", change=change)
