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


def this_python():
    """Return what an environment has to be made anew for: another Python, or another place."""
    return repr((tuple(sys.version_info[:2]), HERE))


def wanted():
    """Return the two lines of the stamp: the Python, and a fingerprint of the lock and the package's own data."""
    digest = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        path = os.path.join(HERE, name)
        if not os.path.exists(path):
            stop("%s is missing: this folder is not the whole course, so clone or unpack it again." % name)
        with open(path, "rb") as file:
            digest.update(file.read())
    return [this_python(), digest.hexdigest()]


def installed():
    """Return the stamp of a working environment, or nothing."""
    if not os.path.exists(STAMP) or not os.path.exists(python_of(VENV)):
        return []
    with open(STAMP) as file:
        return file.read().splitlines()


def stop(sentence):
    print("\n" + sentence, file=sys.stderr)
    sys.exit(1)


def run(arguments, sentence):
    if subprocess.call(arguments, cwd=HERE) != 0:
        stop(sentence)


def install():
    print("Setting up .venv (once; a few minutes, most of it download)", flush=True)
    # A changed lock needs an update and no new environment.
    anew = [] if installed()[:1] == [this_python()] else ["--clear"]
    if os.path.exists(STAMP):
        os.remove(STAMP)  # an update that is interrupted leaves no environment that looks complete
    run(
        [sys.executable, "-m", "venv"] + anew + [VENV],
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


def main():
    sentence = too_old(sys.version_info)
    if sentence:
        stop(sentence)
    stamp = wanted()
    if installed() == stamp:
        return
    try:
        install()
    except KeyboardInterrupt:
        stop("Set-up was interrupted: run the same command again to go on.")
    with open(STAMP, "w") as file:
        file.write("\n".join(stamp) + "\n")


if __name__ == "__main__":
    main()
