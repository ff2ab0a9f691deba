"""The corpus of the capstone: what may be tried against an oracle that is counted, and what is honest.

Every file of tests/attacks/oracle holds one `ENTRY`. As in the rest of the corpus, what is hostile is text.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path

ASSIGNMENT = EXERCISE = "capstone"
HERE = Path(__file__).parent / "oracle"

# What an answer may build on. `walk` is right wherever the budget is unlimited, and far from it within the budget.
TOOLS = """
import numpy as np
def adam(oracle, x0, budget):
    x, tail = np.array(x0, dtype=float), []
    m = v = np.zeros(len(x))
    for t in range(1, budget + 1):
        g = oracle(x)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        alpha = 0.3 * (1 - (t - 1) / budget)
        x = x - alpha * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-300)
        if t > 0.75 * budget:
            tail.append(x)
    return np.mean(tail, axis=0)
def walk(oracle, x0, budget):
    return adam(oracle, x0, 20 * budget)
"""


@dataclass(frozen=True)
class Asking:
    """One student's capstone: the `answer` (source of the cell), the `points` it must get, cells before and after.

    `shown` must be among the outputs; `redirected` says whether it must be reported as not written; `attention`
    whether the report must name the student (None: that depends on which limit is met first).
    """

    points: float
    answer: str
    before: str = ""
    after: str = ""
    shown: str = ""
    redirected: bool = False
    attention: bool | None = False

    def notebook(self, released: dict, code) -> dict:
        """Return the released notebook with this answer in it."""
        cells = []
        for one in released["cells"]:
            if one["metadata"].get("nbgrader", {}).get("solution"):
                cells.append(code(TOOLS))
                cells += [code(self.before)] if self.before else []
                one = {**one, "source": self.answer}
            cells.append(one)
        return {**released, "cells": cells + ([code(self.after)] if self.after else [])}


def askings() -> dict[str, Asking]:
    """Return all entries, by the student who hands them in."""
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem != "__init__")
    return {
        name.replace("_", "-"): importlib.import_module(f"tests.attacks.oracle.{name}").ENTRY
        for name in names
    }
