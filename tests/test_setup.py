"""From a fresh clone to a course that runs, and one sentence for each thing that can stand in the way."""

import ast
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers import bootstrap
from helpers.notebooks import SETUP
from tests.conftest import forbidden, in_one_line
from tests.requirements import NO_SKIP, REQUIREMENTS, need

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# Where conda-forge calls a package otherwise, or splits it: what is missing there is what PyPI bundles.
CONDA_NAMES = {
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
    "psycopg2-binary": "psycopg2",
}
CONDA_ONLY = {"python", "pip", "make"}


def declared():
    """Return the requirements of pyproject.toml, those for development included."""
    project = PYPROJECT["project"]
    texts = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return {requirement.name: requirement for requirement in map(Requirement, texts)}


# --- the lists of packages --------------------------------------------------------------------------


def test_environment_yml_lists_what_pyproject_lists():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    packages = [Requirement(entry) for entry in environment["dependencies"] if isinstance(entry, str)]
    versions = {package.name: str(package.specifier) for package in packages}
    assert len(versions) == len(packages)
    assert versions["python"] == PYPROJECT["project"]["requires-python"]
    assert {name: version for name, version in versions.items() if name not in CONDA_ONLY} == {
        CONDA_NAMES.get(name, name): str(requirement.specifier) for name, requirement in declared().items()
    }


def test_environment_yml_installs_the_course_itself_and_asks_no_other_channel():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["dependencies"][-1] == {"pip": ["--editable ."]}
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def pins():
    """Return name -> (version, number of hashes) of the lock."""
    found = {}
    for entry in re.split(r"\n(?=\S)", LOCK.strip()):
        requirement = Requirement(entry.partition("\\")[0].strip())
        ((version),) = (specifier.version for specifier in requirement.specifier)
        found[canonicalize_name(requirement.name)] = (
            version,
            len(re.findall(r"--hash=sha256:[0-9a-f]{64}", entry)),
        )
    return found


def test_the_lock_names_no_address():
    assert "://" not in LOCK
    assert "index-url" not in LOCK
    assert "find-links" not in LOCK


def test_every_pin_of_the_lock_has_hashes():
    without = [name for name, (_, hashes) in pins().items() if hashes == 0]
    assert without == []


def test_the_lock_has_every_declared_package_in_a_version_that_is_allowed():
    locked = pins()
    for name, requirement in declared().items():
        assert requirement.specifier.contains(locked[canonicalize_name(name)][0]), name


# --- Python too old, no network ----------------------------------------------------------------------


def test_the_oldest_python_is_the_one_that_pyproject_names():
    assert PYPROJECT["project"]["requires-python"] == f">={'.'.join(map(str, bootstrap.OLDEST))}"


def test_an_old_python_can_read_the_script_that_refuses_it():
    ast.parse((ROOT / "helpers" / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 5))


def test_a_python_that_is_too_old_is_told_so(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main()
    assert stopped.value.code == 1
    assert capsys.readouterr().err.strip() == (
        "Downhill needs Python 3.11 or newer and this is 3.10: install a newer Python, then run "
        "`make lab PYTHON=/path/to/that/python3`."
    )
    assert bootstrap.too_old((3, 11, 0)) is None


@pytest.fixture
def clone(tmp_path):
    """A folder with what the set-up reads, and no `.venv` yet."""
    (tmp_path / "helpers").mkdir()
    shutil.copy(ROOT / "helpers" / "bootstrap.py", tmp_path / "helpers")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "requirements.lock").write_text(f"six==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    return tmp_path


def set_up(clone, **environment):
    """Run the set-up as make does, without the settings pip has on this machine."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        [sys.executable, clone / "helpers" / "bootstrap.py"],
        env={**ours, "PIP_CONFIG_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_network_is_said_in_one_sentence_after_the_words_of_pip(clone):
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}/"
        done = set_up(clone, PIP_INDEX_URL=address, PIP_RETRIES="0")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        "The packages could not be installed. If the lines above speak of a connection, check the network "
        "and run the same command again: what was already downloaded is kept."
    )
    assert "Traceback" not in done.stderr
    assert not (clone / ".venv" / "installed.txt").exists()


def test_a_folder_without_its_lock_is_said_to_be_incomplete(clone):
    (clone / "requirements.lock").unlink()
    done = set_up(clone)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "requirements.lock is missing: this folder is not the whole course, so clone or unpack it again."
    )
    assert not (clone / ".venv").exists()


def test_a_set_up_that_was_done_does_nothing(clone):
    (clone / ".venv").mkdir()
    python = Path(bootstrap.python_of(clone / ".venv"))
    python.parent.mkdir()
    python.touch()
    digest = (
        "import sys; sys.path.insert(0, 'helpers'); import bootstrap; print('\\n'.join(bootstrap.wanted()))"
    )
    stamp = subprocess.run(
        [sys.executable, "-I", "-c", digest], cwd=clone, capture_output=True, text=True, check=True
    ).stdout
    (clone / ".venv" / "installed.txt").write_text(stamp, encoding="utf-8")
    done = set_up(clone)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- a kernel without the package ------------------------------------------------------------------


def test_a_kernel_without_the_package_is_told_what_to_do(tmp_path):
    # -S leaves out site-packages, and with it this environment's course.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", SETUP], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "ImportError: This kernel does not have the course: start JupyterLab with `make lab`, "
        "or choose the kernel of the environment you made for the course (Kernel > Change Kernel)."
    )


def test_a_kernel_with_the_package_is_told_nothing():
    exec(SETUP, {})


# --- make and the tests themselves --------------------------------------------------------------------


def test_make_alone_lists_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    described = re.findall(r"^make (\w+)  ", makefile, re.MULTILINE)
    assert set(described) == set(targets.split()) - {"help", "setup"}


def test_no_test_is_silenced():
    silencer = re.compile(r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b|\bunittest\.skip")
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silencer.search(line) and path.name not in ("requirements.py", "test_setup.py")
    ]
    assert silent == []


def test_what_is_missing_fails_where_nothing_may_be_skipped(monkeypatch):
    monkeypatch.setattr("tests.requirements.found", lambda name: None)
    monkeypatch.setenv(NO_SKIP, "1")
    with pytest.raises(pytest.fail.Exception, match=r"needs chromium: install .*nothing may be skipped"):
        need("chromium")
    with pytest.raises(pytest.skip.Exception, match="needs torch"):
        need("torch")
    monkeypatch.delenv(NO_SKIP)
    with pytest.raises(pytest.skip.Exception, match="needs chromium: install Chromium"):
        need("chromium")


def test_what_was_not_tested_is_one_line(monkeypatch):
    reasons = {REQUIREMENTS["bwrap"].reason: 12, REQUIREMENTS["torch"].reason: 1}
    assert re.fullmatch(
        r"Not tested here: bwrap \(12 tests\): install bubblewrap .*; torch \(1 test\): pip install .*\.",
        in_one_line(reasons),
    )
    monkeypatch.delenv(NO_SKIP, raising=False)
    assert forbidden(reasons) == set()
    monkeypatch.setenv(NO_SKIP, "1")
    assert forbidden(reasons) == {REQUIREMENTS["bwrap"].reason}


def test_jupyterlab_knows_every_setting_of_the_course_and_asks_the_network_for_nothing():
    """A name that JupyterLab does not know, or no longer, would be passed over without a word."""
    share = Path(sys.prefix) / "share" / "jupyter"
    settings = json.loads((ROOT / "helpers" / "explore" / "jupyterlab.json").read_text())
    installed = share / "lab" / "settings" / "overrides.d" / "downhill.json"
    assert json.loads(installed.read_text()) == settings
    for plugin, wanted in settings.items():
        package, name = plugin.split(":")
        (schema,) = share.glob(f"**/schemas/{package}/{name}.json")
        known = json.loads(schema.read_text())["properties"]
        assert wanted.keys() <= known.keys()
        for key, value in wanted.items():
            assert value in [choice["const"] for choice in known[key].get("oneOf", [])] or isinstance(
                value, bool
            )
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert (news["fetchNews"], news["checkForUpdates"]) == ("false", False)
