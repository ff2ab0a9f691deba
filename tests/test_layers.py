"""Each part of `helpers` stands on the parts below it alone, and importing it changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.layers import LAYERS, ROOT, files, imported, numeric_parts

HEIGHT = {part: height for height, row in enumerate(LAYERS) for part in row}


def part_of(module):
    """Return the part of `helpers` that an imported name belongs to, or None."""
    names = module.split(".")
    return names[1] if names[0] == "helpers" and len(names) > 1 else None


def climbing(part, source):
    """Return the parts that a source text of `part` imports though they do not lie below it."""
    used = {part_of(module) for module, _, _ in imported(source, f"helpers.{part}")} - {None, part}
    return sorted(other for other in used if other not in HEIGHT or HEIGHT[other] >= HEIGHT[part])


@pytest.mark.parametrize("part", files())
def test_every_part_has_its_layer(part):
    assert part in HEIGHT, f"give helpers/{part} its place in tests/layers.py"


@pytest.mark.parametrize("part", files())
def test_a_part_imports_only_from_the_layers_below_it(part):
    for path in files()[part]:
        assert climbing(part, path.read_text(encoding="utf-8")) == [], f"in {path.relative_to(ROOT)}"


@pytest.mark.parametrize(
    ("part", "source", "found"),
    [
        ("descent", "from helpers import arguments, problems", []),
        ("descent", "from helpers.check import check", ["check"]),
        ("descent", "import helpers.draw.canvas as c", ["draw"]),
        ("problems", "def f():\n    from helpers import descent", ["descent"]),
        ("momentum", "from helpers.adam import adam", ["adam"]),
        ("momentum", "from helpers.descent import new_path", []),
        ("draw", "from .style import look\nfrom ..explore import live", ["explore"]),
        ("draw", "from .. import grading", ["grading"]),
        ("cli", "from helpers import something_new", ["something_new"]),
    ],
)
def test_an_import_upwards_or_sideways_is_noticed(part, source, found):
    assert climbing(part, source) == found


@pytest.mark.parametrize("part", numeric_parts())
def test_a_numeric_part_needs_numpy_and_the_standard_library_alone(part):
    for path in files()[part]:
        for module, line, at_once in imported(path.read_text(encoding="utf-8"), f"helpers.{part}"):
            top = module.partition(".")[0]
            allowed = top in ("numpy", "helpers") or top in sys.stdlib_module_names
            real_data = top in ("sklearn", "matplotlib") and not at_once  # matplotlib ships a photograph
            assert allowed or real_data, f"{path.relative_to(ROOT)}, line {line}: {module}"


@pytest.mark.parametrize("part", ["draw"])
def test_drawing_knows_neither_widgets_nor_algorithms(part):
    for path in files().get(part, []):
        for module, line, _ in imported(path.read_text(encoding="utf-8"), f"helpers.{part}"):
            where = f"{path.relative_to(ROOT)}, line {line}: {module}"
            assert module.partition(".")[0] not in ("ipywidgets", "anywidget", "traitlets"), where
            assert part_of(module) not in numeric_parts(), where


def in_fresh_interpreter(code, home):
    """Run code in a new Python with an empty home and working directory; return what it printed as JSON."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "HOME": str(home),
        "MPLCONFIGDIR": str(home / "matplotlib"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=home, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("part", numeric_parts())
def test_importing_a_numeric_part_loads_nothing_heavy(part, tmp_path):
    code = f"import json, sys, helpers.{part}; print(json.dumps(sorted(sys.modules)))"
    loaded = {name.partition(".")[0] for name in in_fresh_interpreter(code, tmp_path)}
    assert {"numpy", "helpers"} <= loaded
    assert not loaded & {"matplotlib", "ipywidgets", "IPython", "sklearn", "scipy", "pandas", "torch"}


WATCHED = """
import importlib, json, os, random, sys, warnings
import matplotlib, numpy
sys.argv = ["watched"]

def world():
    return {
        "rcParams": repr(dict(matplotlib.rcParams)),
        "NumPy's seed": repr(numpy.random.get_state()),
        "Python's seed": repr(random.getstate()),
        "NumPy's error handling": repr(numpy.geterr()),
        "NumPy's printing": repr(numpy.get_printoptions()),
        "environment": repr(sorted(os.environ.items())),
        "working directory": os.getcwd(),
        "files": repr(sorted(os.path.join(where, name) for where, _, names in os.walk(".") for name in names)),
    }

changed, modules = [], json.loads(%r)
for foreign in ("IPython", "ipywidgets", "nbformat", "rich.table", "typer"):
    importlib.import_module(foreign)  # what these do when imported is not ours to answer for
for module in modules:
    before = world()
    importlib.import_module(module)
    changed += [(module, name) for name, value in world().items() if value != before[name]]
print(json.dumps(changed))
"""


def every_module():
    for part, paths in files().items():
        for path in paths:
            names = path.relative_to(ROOT).with_suffix("").parts
            if part != "bootstrap" and "__main__" not in names:  # those are run, never imported
                yield ".".join(names[:-1] if names[-1] == "__init__" else names)


def test_importing_any_part_has_no_side_effect(tmp_path):
    modules = list(every_module())
    assert in_fresh_interpreter(WATCHED % json.dumps(modules), tmp_path) == []


def test_a_side_effect_would_be_noticed(tmp_path):
    (tmp_path / "meddling.py").write_text(
        "import matplotlib, numpy, os\n"
        "numpy.random.seed(0); matplotlib.rcParams['lines.linewidth'] = 7; open('left.txt', 'w').close()\n"
        "os.environ['LEFT'] = 'yes'\n"
    )
    code = f"import sys; sys.path.insert(0, '.')\n{WATCHED % json.dumps(['meddling'])}"
    found = {name for _, name in in_fresh_interpreter(code, tmp_path)}
    assert found == {"rcParams", "NumPy's seed", "environment", "files"}
