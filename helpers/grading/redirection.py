"""Does an answer call the course's or a library's function instead of writing it? What the text can tell.

This reads the notebook's syntax; `helpers.grading.answering` also watches which modules a call enters. Both together
find what is done openly. Neither proves innocence: whoever copies a solution's text, or hides an import behind
`eval`, is not seen here.
"""

import ast
from collections.abc import Sequence

from IPython.core.inputtransformer2 import TransformerManager

from helpers.grading.answering import LIBRARIES

HARMLESS = ("helpers.explore", "helpers.draw")  # of the course: figures answer no exercise


class Copied:
    """What the functions of one notebook take over, followed through its own helper functions.

    >>> notebook = Copied(["from helpers import descent as d", "def step(g, x, a): return d.gradient_step(g, x, a)"])
    >>> notebook.by("step")
    ['helpers.descent']
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.imported: dict[str, set[str]] = {}  # a name and the dotted things it may stand for
        self.used: dict[
            str, set[str]
        ] = {}  # a name the notebook defines and the dotted names in its definition
        for cell in cells:
            tree = _parsed(cell)
            if tree is not None:
                self._read(tree)

    def by(self, function: str) -> list[str]:
        """Return the modules that the definition of `function` takes something from, directly or not."""
        found, seen, waiting = set(), set(), [function]
        while waiting:
            name = waiting.pop()
            head = name.split(".")[0]
            for target in self.imported.get(head, ()):
                found |= _flagged(target + name[len(head) :])
            if head not in seen:
                seen.add(head)
                waiting += self.used.get(head, ())
        return sorted(found)

    def _read(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name, target = (
                        (alias.asname, alias.name) if alias.asname else [alias.name.split(".")[0]] * 2
                    )
                    self.imported.setdefault(name, set()).add(target)
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self.imported.setdefault(alias.asname or alias.name, set()).add(
                        f"{node.module}.{alias.name}"
                    )
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.imported.pop(node.name, None)  # what is defined later counts
                self.used.setdefault(node.name, set()).update(_names(node))
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.used.setdefault(target.id, set()).update(_names(node.value))


def _parsed(cell: str) -> ast.Module | None:
    for python in (
        lambda: cell,
        lambda: TransformerManager().transform_cell(cell),
    ):  # magics only where there are some
        try:
            return ast.parse(python())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _names(node: ast.AST) -> set[str]:
    """Return the names and dotted names that are read in a piece of code."""
    found = set()
    for part in ast.walk(node):
        dotted, inner = [], part
        while isinstance(inner, ast.Attribute):
            dotted.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            found.add(".".join([inner.id, *reversed(dotted)]))
    return found


def _flagged(target: str) -> set[str]:
    """Return the module of the course, or the library, that a dotted name belongs to; nothing for all others."""
    if target.startswith("helpers.") and not target.startswith(HARMLESS):
        return {".".join(target.split(".")[:2])}
    return {library for library in LIBRARIES if f"{target}.".startswith(f"{library}.")}
