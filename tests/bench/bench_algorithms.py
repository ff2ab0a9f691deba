"""How fast the algorithms are: many runs at once against a loop over them, and what importing them costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from helpers import problems
from helpers.descent import gradient_descent
from tests.bench.row import Row, seconds
from tests.layers import ROOT, numeric_parts

RUNS, STEPS = 1000, 100


def rows():
    """Yield one row per landscape, then the import time."""
    yield from batched_against_a_loop()
    yield from import_time()


def batched_against_a_loop():
    """1000 starts and step sizes in one call, against the four lines of gradient descent for each in turn."""
    rng = np.random.default_rng(0)
    landscapes = [
        (problems.quadratic_with_spectrum([1.0, 25.0], angle=0.5), 200),
        (problems.cost_surface(), 200),
        (problems.wavy(), 200),
        (problems.rosenbrock(), 200),
        (problems.diabetes_least_squares(2), 200),
        # Each run has its own 569 exponentials to take at each step, whoever loops over the runs: no goal.
        (problems.breast_cancer_logistic(2), None),
    ]
    for p, reach in landscapes:
        x0 = p.x0 + rng.standard_normal((RUNS, p.dim))
        alpha = rng.uniform(0.01, 2, RUNS) / (p.L or 1000.0)
        together = partial(gradient_descent, p.grad, x0, alpha, STEPS)
        one_by_one = partial(loop, p.grad, x0, alpha, STEPS)
        ours, stock = seconds(together) * 1e3, seconds(one_by_one, repeats=3) * 1e3
        yield Row(f"{RUNS} runs of {STEPS} steps, {p.name}", ours, "ms", stock, stock / ours, reach)


def loop(grad, x0, alpha, n_steps):
    """The stock way: one run after the other, with nothing around the steps but what a long step needs."""
    paths = []
    with np.errstate(over="ignore", invalid="ignore"):
        for x, step in zip(x0, alpha, strict=True):
            path = [x]
            for _ in range(n_steps):
                path.append(path[-1] - step * grad(path[-1]))
            paths.append(path)
    return paths


def import_time(repeats=15):
    """The numeric modules on top of NumPy: each time in a fresh interpreter that has NumPy already.

    Python compiles a module when it is imported first, and keeps the result: here in a folder of our own, so that it
    does not matter what was imported before, nor whether this machine is set to keep nothing.
    """
    parts = ", ".join(f"helpers.{part}" for part in numeric_parts())
    clocks = "time.perf_counter(), time.process_time()"
    code = f"import numpy, time; a = {clocks}; import {parts}; b = {clocks}; print(b[0] - a[0], b[1] - a[1])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}

    def medians(first):
        times = []
        with tempfile.TemporaryDirectory() as kept:
            environment["PYTHONPYCACHEPREFIX"] = kept
            for _ in range(repeats + 1):
                if first:
                    shutil.rmtree(Path(kept, *ROOT.parts[1:], "helpers"), ignore_errors=True)
                done = subprocess.run(
                    [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
                )
                times.append([float(seconds) * 1e3 for seconds in done.stdout.split()])
        return [median(clock) for clock in zip(*times[1:], strict=True)]  # the first has to compile NumPy too

    elapsed, worked = medians(first=False)
    compiling, _ = medians(first=True)
    yield Row("import of the numeric modules beyond NumPy", elapsed, "ms", reach=50)
    yield Row("the same, without waiting for a busy machine", worked, "ms")
    yield Row("the same, the first time, when Python compiles them", compiling, "ms")
