"""Print what `bench_*.py` measure as one table: `python -m tests.bench [name ...]`. It reports and never fails."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
VERDICT = {True: "[green]reached", False: "[red]missed", None: ""}


def benches(names):
    """Return the modules to run: all of them, or those named as in bench_NAME.py."""
    found = {path.stem.removeprefix("bench_"): path.stem for path in sorted(HERE.glob("bench_*.py"))}
    unknown = sorted(set(names) - set(found))
    if unknown:
        sys.exit(f"There is no bench called {', '.join(unknown)}: choose among {', '.join(found)}.")
    return [importlib.import_module(f"tests.bench.{found[name]}") for name in names or found]


def figure(value, unit=""):
    return "" if value is None else f"{value:.3g} {unit}".strip()


def goal(row):
    if row.reach is None:
        return ""
    return f"≤ {figure(row.reach, row.unit)}" if row.ratio is None else f"≥ {row.reach:g} times"


def main(names):
    """Measure, showing a line as soon as it is there, then the table."""
    # One thread of linear algebra: two of them on a busy machine wait for each other, which no row is about.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported, by the first bench
    console = Console()
    console.width = max(console.width, 110)  # a table that is wrapped cannot be read
    table = Table("what", title="Downhill, measured")
    for heading in ("ours", "stock", "ratio", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for module in benches(names):
        for row in module.rows():
            with_unit = [figure(value, row.unit) for value in (row.ours, row.stock)]
            table.add_row(row.what, *with_unit, figure(row.ratio, "times"), goal(row), VERDICT[row.reached])
            console.print(f"[dim]{row.what}: {with_unit[0]}")
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
