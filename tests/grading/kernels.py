"""A sandboxed kernel for tests, driven step by step."""

import json
import textwrap
from concurrent.futures import ThreadPoolExecutor

from helpers.grading.limits import Limits
from helpers.grading.measure import tree
from helpers.grading.session import sandboxed_kernel


class Kernel:
    """A kernel in its sandbox: `with Kernel(warm=True, memory=2**28) as kernel: kernel.run("1 + 1")`."""

    def __init__(self, folder=None, *, warm, private=(), **limits):
        # What honest cells meet only where a test says so, however busy the machine is.
        bounds = Limits(**{"cell_seconds": 30, "grace_seconds": 1, "notebook_seconds": 300} | limits)
        self.context = sandboxed_kernel(folder, bounds, warm=warm, private=private)
        self.beside = ThreadPoolExecutor(1)

    def __enter__(self):
        self.kernel = self.context.__enter__()
        self.process = self.kernel.process
        return self

    def __exit__(self, *_):
        self.context.__exit__(None, None, None)
        self.beside.shutdown()

    def run(self, code):
        """Return the Run of one cell."""
        return self.kernel.run(textwrap.dedent(code))

    def start(self, code):
        """Begin a cell beside this thread and return its task; `finish` waits for it."""
        return self.beside.submit(self.run, code)

    def finish(self, task):
        """Return the Run of a cell that was begun."""
        return task.result(timeout=300)

    def value(self, expression, setup=""):
        """Return the value of an expression inside, by way of JSON; fails if the cell did not end well."""
        run = self.run(f"{textwrap.dedent(setup)}\nimport json; print(json.dumps({expression}))")
        assert run.status == "ok", (run.ename, run.evalue, run.stop)
        return json.loads(run.outputs[-1]["text"].splitlines()[-1])

    def error(self, code):
        """Return the name of the exception that code raises inside, or None."""
        return self.run(code).ename or None

    @property
    def processes(self):
        """The processes of the sandbox: their numbers outside, and when they began."""
        return [(used.pid, began(used.pid)) for used in tree(self.process.pid)]


def began(pid):
    """Return when a process began, in ticks of the machine; None if it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            state, *fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else fields[18]


def living(processes):
    """Return which of these processes still run; another one with the same number does not count."""
    return [(pid, start) for pid, start in processes if start is not None and began(pid) == start]
