"""Make `.venv` with everything the course needs: `python3 helpers/bootstrap.py`.

The Makefile runs this file by its path, with whatever Python the machine has, so it uses the
standard library alone and no syntax younger than Python 3.5: an old Python has to get far enough to be
told that it is too old. A second run with the same lock file does nothing.
"""

from __future__ import print_function

import hashlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HERE, ".venv")
STAMP = os.path.join(VENV, "installed.txt")
OLDEST = (3, 11)


def python_of(venv):
    if os.name == "nt":
        return os.path.join(venv, "Scripts", "python.exe")
    return os.path.join(venv, "bin", "python")


def too_old(version):
    """Return the sentence for a Python that cannot run the course, or None."""
    if tuple(version[:2]) >= OLDEST:
        return None
    return (
        "Downhill needs Python %d.%d or newer and this is %d.%d: install a newer Python, then run "
        "`make lab PYTHON=/path/to/that/python3`." % (OLDEST + tuple(version[:2]))
    )


def wanted():
    """Return a fingerprint of what should be installed: the lock, the package's own data, Python and place."""
    digest = hashlib.sha256(repr((sys.version_info[:2], HERE)).encode())
    for name in ("requirements.lock", "pyproject.toml"):
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed():
    if not os.path.exists(STAMP) or not os.path.exists(python_of(VENV)):
        return None
    with open(STAMP) as file:
        return file.read().strip()


def stop(sentence):
    print("\n" + sentence, file=sys.stderr)
    sys.exit(1)


def run(arguments, sentence):
    if subprocess.call(arguments, cwd=HERE) != 0:
        stop(sentence)


def main():
    sentence = too_old(sys.version_info)
    if sentence:
        stop(sentence)
    fingerprint = wanted()
    if installed() == fingerprint:
        return
    print("Setting up .venv (once; a few minutes, most of it download)", flush=True)
    run(
        # --clear only where there is no working environment: a changed lock needs an update, not a download
        [sys.executable, "-m", "venv"] + (["--clear"] if installed() is None else []) + [VENV],
        "This Python cannot make virtual environments: install its venv package "
        "(on Debian and Ubuntu: apt install python3-venv), then run the same command again.",
    )
    pip = [python_of(VENV), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run(
        pip + ["--require-hashes", "--requirement", "requirements.lock"],
        "The packages could not be installed. If the lines above speak of a connection, check the network "
        "and run the same command again: what was already downloaded is kept.",
    )
    run(
        pip + ["--no-deps", "--no-build-isolation", "--no-index", "--editable", "."],
        "The course's own package could not be installed: check that this folder is complete "
        "(`git status`), then run the same command again.",
    )
    with open(STAMP, "w") as file:
        file.write(fingerprint)


if __name__ == "__main__":
    main()
