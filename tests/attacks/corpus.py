"""The corpus: what students may hand in, by malice, by accident or in good faith, and the points it must get.

Every file of this package's folders holds one `ENTRY`. What is hostile in it is text: importing it runs
nothing, and only a kernel in its sandbox ever does.
"""

import copy
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.grading.classroom import cell, code

HERE = Path(__file__).parent
POINTS = {
    "gradient-step": 1.0,
    "gradient-descent": 3.0,
    "predicted-change": 2.0,
    "critical-step": 2.0,
    "step-regime": 2.0,
    "limit-of-descent": 2.0,
}
FULL = POINTS
NOTHING = dict.fromkeys(POINTS, 0.0)
PARAMETERS = {
    "gradient-step": "grad, x, alpha",
    "gradient-descent": "grad, x0, alpha, n_steps",
    "predicted-change": "g, H, alpha",
    "critical-step": "g, H",
    "step-regime": "alpha, curvature",
    "limit-of-descent": "grad, x0, alpha, n_steps, tol",
}


@dataclass
class Paper:
    """What one student is about to hand in: a notebook (or any bytes in its place), other files, and links."""

    notebook: dict
    raw: bytes | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    missing: bool = False

    def cell(self, name: str) -> dict:
        """Return the cell with this grade id."""
        return cell(self.notebook, name)

    def test(self, name: str) -> dict:
        """Return the test cell of an exercise."""
        return self.cell(name)

    def answer(self, name: str, source: str) -> None:
        """Replace the student's answer to an exercise."""
        self.cell(f"{name}-code")["source"] = source

    def insert(self, source: str, before: str = "gradient-step-code") -> None:
        """Put a cell of the student's own in front of the one with this cell id."""
        places = [c.get("id") for c in self.notebook["cells"]]
        self.notebook["cells"].insert(places.index(before), code(source))

    def append(self, source: str) -> None:
        """Put a cell of the student's own at the end."""
        self.notebook["cells"].append(code(source))


@dataclass(frozen=True)
class Entry:
    """One submission of the corpus.

    `scores` are the points that each exercise must get. The notebook handed in starts from `base`: "right" (all
    solved), "stub" (as released) or "forged" (every function returns what a function `answer` returns, which is 0.0
    unless `cell` defines it). `cell` is a cell of the student's own before the first exercise; `change` may do
    anything else to the paper. `@MARK@` and `@PORT@` in a cell stand for a word that must not turn up outside
    and a port on which nobody may call.

    Observed besides the points: `shown` must be among the outputs, so it was really tried; `attention` says
    whether the report must name the student (None: that depends on which limit is met first); `redirected`
    which exercises must be reported as not written.
    """

    scores: dict[str, float]
    cell: str = ""
    base: str = "forged"
    change: Callable[[Paper], None] | None = None
    shown: str = ""
    attention: bool | None = False
    redirected: tuple[str, ...] = ()
    student: str = ""

    def paper(self, right: dict, released: dict, mark: str, port: int) -> Paper:
        """Return what is handed in."""
        start = right if self.base == "right" else released
        paper = Paper(copy.deepcopy(start))
        if self.base == "forged":
            for name, parameters in PARAMETERS.items():
                function = name.replace("-", "_")
                paper.answer(name, f"def {function}({parameters}):\n    return answer({parameters})")
            paper.insert("def answer(*inputs):\n    return 0.0")
        if self.cell:
            paper.insert(self.cell)
        if self.change:
            self.change(paper)
        for one in paper.notebook.get("cells", ()):
            source = "".join(one.get("source", ""))
            one["source"] = source.replace("@MARK@", mark).replace("@PORT@", str(port))
        return paper


def entries() -> dict[str, dict[str, Entry]]:
    """Return all entries, by group and by the student who hands them in."""
    found: dict[str, dict[str, Entry]] = {}
    for path in sorted(HERE.glob("*/*.py")):
        if (
            path.stem != "__init__" and path.parent.name != "oracle"
        ):  # another assignment: tests/attacks/asking.py
            entry = importlib.import_module(f"tests.attacks.{path.parent.name}.{path.stem}").ENTRY
            student = entry.student or path.stem.replace("_", "-")
            found.setdefault(path.parent.name, {})[student] = entry
    return found
