"""Adam with a step that shrinks to 0, and the mean of its last quarter."""

from tests.attacks.asking import Asking

ENTRY = Asking(5.0, "def capstone(oracle, x0, budget):\n    return adam(oracle, x0, budget)")
