"""What makes `downhill grade` start quickly: the warm process first, then the imports, then workers that inherit them."""

import compileall
import gc
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import helpers
from helpers.grading.sandbox import SandboxUnavailable, missing, trees
from helpers.grading.warm import lent

# jsonschema builds a grammar of international web addresses from this when it is imported, which takes a second; it
# does without where it is not installed, and no notebook is held against it.
GRAMMAR = "rfc3987_syntax"


@contextmanager
def warm_process() -> Iterator[None]:
    """Have a warm process import beside this one; where there can be no sandbox, grading itself says so."""
    try:
        folders = None if missing() else trees()
    except SandboxUnavailable:
        folders = None
    if folders is None:
        yield
        return
    if (
        not sys.dont_write_bytecode
    ):  # inside the sandbox nothing can be kept, and so would be compiled each time
        compileall.compile_dir(Path(helpers.__file__).parent, quiet=2)
    with lent(folders):
        yield


def import_everything() -> None:
    """Import what grading needs, here and in every process that is forked from this one."""
    # Threads of linear algebra would make it unfit for forking, and a submission's matrices are small.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.modules.setdefault(GRAMMAR, None)  # an import of it fails
    gc.disable()  # nothing that is imported becomes garbage
    try:
        importlib.import_module("helpers.grading.grading")
    finally:
        if sys.modules[GRAMMAR] is None:
            del sys.modules[GRAMMAR]
        gc.freeze()  # neither here nor in a forked process is all of it looked through again, and so its pages stay shared
        gc.enable()


@contextmanager
def forked_workers() -> Iterator[object]:
    """Yield a `Nursery`, or None where this process cannot be forked: then workers have to be started."""
    if sys.platform != "linux" or len(os.listdir("/proc/self/task")) > 1:
        yield None
        return
    from helpers.grading.cluster import work_for
    from helpers.grading.nursery import Nursery

    nursery = Nursery(work_for)
    try:
        yield nursery
    finally:
        nursery.close()
