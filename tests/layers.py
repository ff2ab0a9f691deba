"""The parts of `helpers` from the ground up: what tests/test_layers.py and tests/test_docstrings.py hold them to."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Each part imports only those of the rows above it. A part is a module or a package of `helpers`; one that does
# not exist yet may have its place here already, and one that has no place is noticed.
NUMERIC = [
    {"arguments"},
    {"problems"},
    {"descent", "oracle"},
    {"conditioning", "differences", "smoothness", "regularization", "flow"},
    {"stochastic", "momentum", "adam"},
    {"applications"},
]
COURSE = [
    {"bootstrap", "errors", "time_limit", "plain"},
    {"agreement"},
    {"calling"},
    {"exercises"},
    {"card"},
    {"report", "drawn"},
    {"recognition"},
    {"check"},
    {"draw"},
    {"explore"},
    {"environment", "notebooks"},
    {"notebook_rules", "release", "workbook", "catalogue"},
    {"grading"},
    {"cli"},
]
LAYERS = NUMERIC + COURSE


def files():
    """Return name of part -> its source files."""
    parts = {}
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        part = path.relative_to(ROOT / "helpers").parts[0].removesuffix(".py")
        if part != "__init__":
            parts.setdefault(part, []).append(path)
    return parts


def numeric_parts():
    """Return the numeric parts that exist, from the ground up."""
    return [part for row in NUMERIC for part in sorted(row) if part in files()]


def imported(source, package):
    """Return (module, line, whether it is imported with the module itself) for every import in a source text."""
    tree = ast.parse(source)
    later = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        at_once = id(node) not in later
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, at_once
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f"{module}.{alias.name}", node.lineno, at_once
