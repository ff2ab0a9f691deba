"""Does an answer call the course's or a library's function instead of writing it? What the text can tell.

This reads the notebook's syntax; `helpers.grading.answering` also watches which modules a call enters. Both together
find what is done openly. Neither proves innocence: whoever copies a solution's text, or hides an import behind
`eval`, is not seen here.
"""

import ast
import re
from collections import deque
from collections.abc import Iterator, Sequence

from helpers.grading.answering import LIBRARIES

HARMLESS = ("helpers.explore", "helpers.draw")  # of the course: figures answer no exercise
MOST_READ = 250_000  # characters of a notebook's code that are looked through
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
ASSIGNED = re.compile(r"^(\s*[\w., ]+=)\s*[%!].*")


class Copied:
    """What the functions of one notebook take over, followed through its own helper functions.

    >>> notebook = Copied(["from helpers import descent as d", "def step(g, x, a): return d.gradient_step(g, x, a)"])
    >>> notebook.by("step")
    ['helpers.descent']
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.imported: dict[str, set[str]] = {}  # a name and the dotted things it may stand for
        # A name the notebook defines and the dotted names in its definition; what is defined inside has its own.
        self.used: dict[str, set[str]] = {}
        self.whole = True  # whether all cells were looked through
        room = MOST_READ
        for cell in cells:
            room -= len(cell)
            if room < 0:
                self.whole = False
                return
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
        """Look at every node once, at outer ones first: this is a student's text, and may be made to take long."""
        waiting = deque([(tree, None, frozenset())])
        while waiting:
            node, names, inner = waiting.popleft()  # names of a function's own mean nothing of the notebook's
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node)
            elif isinstance(node, DEFINITIONS):
                self.imported.pop(node.name, None)  # what is defined later counts
                names = self._defined(node.name, names)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id not in inner:
                        names = self._defined(target.id, names)
            elif isinstance(node, (ast.Attribute, ast.Name)):
                dotted = []
                while isinstance(node, ast.Attribute):
                    dotted.append(node.attr)
                    node = node.value
                if isinstance(node, ast.Name) and names is not None and node.id not in inner:
                    names.add(".".join([node.id, *reversed(dotted)]))
            if isinstance(node, SCOPES):
                within, body = inner | _own(node), _body(node)
                waiting += ((part, names, within) for part in body)
                waiting += ((part, names, inner) for part in _around(node, body))
            else:
                waiting += ((part, names, inner) for part in ast.iter_child_nodes(node))

    def _defined(self, name: str, outside: set[str] | None) -> set[str]:
        """Return where the names in a definition go; whatever is around it uses it."""
        if outside is not None:
            outside.add(name)
        return self.used.setdefault(name, set())

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                name, target = (alias.asname, alias.name) if alias.asname else [alias.name.split(".")[0]] * 2
            elif node.module:
                name, target = alias.asname or alias.name, f"{node.module}.{alias.name}"
            else:  # from a package of the notebook's own
                continue
            self.imported.setdefault(name, set()).add(target)


def _body(scope: ast.AST) -> list[ast.AST]:
    return [scope.body] if isinstance(scope, ast.Lambda) else scope.body


def _around(scope: ast.AST, body: list[ast.AST]) -> Iterator[ast.AST]:
    """Yield what stands with a function but is evaluated outside: decorators, and the values that arguments begin with."""
    inside = set(map(id, body))
    return (part for part in ast.iter_child_nodes(scope) if id(part) not in inside)


def _own(scope: ast.AST) -> frozenset[str]:
    """Return the names that mean something of their own in a function: its arguments, and what is assigned there.

    An argument `grad` is not the notebook's `grad`. What is imported inside, and what is global, is not among them.
    """
    arguments = scope.args
    plain = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    own, outer = {one.arg for one in plain if one is not None}, set()
    waiting = deque(_body(scope))
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            outer.update(node.names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            outer.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        if not isinstance(node, (*SCOPES, ast.ClassDef)):  # these have names of their own
            waiting += ast.iter_child_nodes(node)
    return frozenset(own - outer)


def _parsed(cell: str) -> ast.Module | None:
    for python in (lambda: cell, lambda: _without_magics(cell)):  # magics only where there are some
        try:
            return ast.parse(python())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _without_magics(cell: str) -> str:
    r"""Return a cell with nothing in place of its magics.

    IPython's own way reads the whole cell again for each of them.

    >>> _without_magics("%%time\nif x:\n    %matplotlib inline\nfiles = !ls\nprint?")
    'pass\nif x:\n    pass\nfiles = None\npass'
    """
    lines = []
    for line in cell.split("\n"):
        text = line.strip()
        if text.startswith(("%", "!", "?")) or text.endswith("?"):
            line = line[: len(line) - len(line.lstrip())] + "pass"
        lines.append(ASSIGNED.sub(r"\1 None", line))
    return "\n".join(lines)


def _flagged(target: str) -> set[str]:
    """Return the module of the course, or the library, that a dotted name belongs to; nothing for all others."""
    if target.startswith("helpers.") and not target.startswith(HARMLESS):
        return {".".join(target.split(".")[:2])}
    return {library for library in LIBRARIES if f"{target}.".startswith(f"{library}.")}
