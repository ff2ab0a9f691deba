"""How fast, how frugal and how incorruptible grading is, beside stock `nbgrader autograde` on the same submissions.

`DOWNHILL_BENCH_SUBMISSIONS=8` makes it smaller, for trying out; the goals are meant for 40 and more. The whole takes
about twelve minutes on two quiet cores, a quarter of it for stock nbgrader's part of the speed. What happens beside it spoils it: ours
is short, so it is run several times and the fastest counts; stock is run once.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from helpers.grading.measure import tree
from helpers.grading.seeds import course_secret
from tests.attacks.classroom import LIMITS, Watch, prepared
from tests.attacks.corpus import entries
from tests.bench.row import Row
from tests.grading.classroom import ASSIGNMENT, Classroom, code
from tests.grading.kernels import Kernel
from tests.requirements import find_bubblewrap

COUNT = int(os.environ.get("DOWNHILL_BENCH_SUBMISSIONS", "80"))
REPEATS = 3
GROWTH = (10, 50, 100, 200)
STOCK = """
from pathlib import Path
c = globals()["c"]
c.CourseDirectory.course_id = "downhill"
c.CourseDirectory.root = str(Path(__file__).absolute().parent)
"""
CELL_SECONDS, GRACE = 5.0, 1.0  # as tests.grading.classroom configures them
KERNELS = 4
WORK = (
    "import numpy as np\nfrom helpers.check import check\nfrom helpers.explore.step_size import contour_walk"
)


def rows():
    """Yield the rows; nothing where there is no sandbox."""
    if find_bubblewrap() is None:
        return
    # As it is for an instructor: what Python compiles of this course is kept, as that of all other packages is.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # The package is not below /tmp, which a sandbox has of its own.
    with (
        tempfile.TemporaryDirectory(prefix="downhill-", dir="/var/tmp") as package,
        tempfile.TemporaryDirectory(prefix="downhill-bench-") as folder,
    ):
        bench = Bench(Path(folder), Classroom.founded(Path(folder) / "course", Path(package)))
        yield from bench.speed()
        yield from bench.growth()
        yield bench.hanging()
        yield memory_of_one_more_kernel()
        yield from bench.corpus()


class Bench:
    """A founded course and copies of it, each with its own submissions."""

    def __init__(self, folder: Path, founded: Classroom) -> None:
        self.folder, self.founded, self.number = folder, founded, 0

    def room(self, count: int, notebook: dict | None = None) -> Classroom:
        """Return a new copy in which so many students have handed in right answers."""
        self.number += 1
        room = self.founded.copied(self.folder / f"course-{self.number}")
        course_secret(room.folder / ".downhill")
        for student in range(count):
            room.hand_in(f"student-{student:03}", notebook or room.notebook())
        return room

    def ours(self, room: Classroom, workers: int) -> float:
        """Return the seconds that `downhill grade` takes, from the command to its end."""
        begin = time.perf_counter()
        report = room.grade("--workers", str(workers), expect=None)
        passed = time.perf_counter() - begin
        handed_in = len(list((room.folder / "submitted").iterdir()))
        assert report["graded"] == handed_in, report  # what is quick because it fails is not quick
        return passed

    def best(self, count: int, workers: int) -> float:
        """Return the seconds for a class of right answers, the fastest of several times."""
        return min(self.ours(self.room(count), workers) for _ in range(REPEATS))

    def speed(self):
        """Submissions per minute against stock, which is as it comes: no sandbox, no judge, none of our steps."""
        stock = self.room(COUNT)
        (stock.folder / "nbgrader_config.py").write_text(STOCK)
        begin = time.perf_counter()
        stock.nbgrader("autograde", ASSIGNMENT)
        slow = 60 * COUNT / (time.perf_counter() - begin)
        one = 60 * COUNT / self.best(COUNT, 1)
        two = 60 * COUNT / self.best(COUNT, 2)
        yield Row(f"grading {COUNT} submissions, 2 workers", two, "per minute", slow, two / slow, 20)
        yield Row("grading, two workers against one", two, "per minute", one, two / one, 1.8)
        # One worker keeps more than a core busy: its kernels and the writer are processes beside it.
        with on_one_core():
            narrow = 60 * COUNT / self.best(COUNT, 1)
        yield Row(
            "grading, two workers on all cores against one on one", two, "per minute", narrow, two / narrow
        )

    def growth(self):
        """Seconds for 10 to 200 submissions and the straight line through them."""
        counts = [max(1, min(COUNT, 40) * part // 40) for part in GROWTH]
        seconds = [self.best(count, 2) for count in counts]
        slope, start = np.polyfit(counts, seconds, 1)
        residual = np.asarray(seconds) - (start + slope * np.asarray(counts))
        spread = np.sum((seconds - np.mean(seconds)) ** 2)
        explained = 1 - float(np.sum(residual**2) / spread)
        span = f"{counts[0]} to {counts[-1]} submissions"
        yield Row(f"grading {span}, each one more", 1e3 * float(slope), "ms")
        yield Row(f"grading {span}, before the first", float(start), "s")
        yield Row(f"grading {span}, not on the straight line", 100 * (1 - explained), "%", reach=1)

    def hanging(self) -> Row:
        """Seconds that a class takes longer when one more submission hangs, beyond that one's own limit."""
        count = max(4, COUNT // 4)
        calm, stuck = self.room(count), self.room(count)
        notebook = stuck.notebook("release")
        notebook["cells"].insert(3, code("while True:\n    pass"))
        stuck.hand_in("student-000", notebook)
        lost = self.ours(stuck, 2) - self.ours(calm, 2)
        return Row("grading, lost to one that hangs", lost, "s", reach=CELL_SECONDS + GRACE)

    def corpus(self):
        """How many of the corpus get the points they must: under stock nbgrader's steps, and under ours."""
        ours, stock = (self.founded.copied(self.folder / f"corpus-{way}") for way in ("ours", "stock"))
        with Watch() as watch:
            prepared(ours, watch)
            prepared(stock, watch)
            ours.grade("--workers", "2", expect=None)
            (stock.folder / "nbgrader_config.py").write_text(STOCK)
            (stock.folder / "limits.json").write_text(json.dumps(small_limits()))
            stock.run("-m", "tests.bench.stock", str(stock.folder), PYTHONPATH=str(both_paths(stock)))
        found = {"ours": ours.scores(), "stock": stock.scores()}
        groups = entries()
        for name, group in groups.items():
            right = {
                way: sum(scores.get(student) == entry.scores for student, entry in group.items())
                for way, scores in found.items()
            }
            what = "honest answers" if name == "honest" else f"attacks, {name}"
            yield Row(f"{what}: right points, of {len(group)}", right["ours"], "", right["stock"])


@contextmanager
def on_one_core() -> Iterator[None]:
    """Let what is started in the block have one core of this machine."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def small_limits() -> dict:
    """Return the limits of the corpus as plain data."""
    found: dict = {}
    names = {"c": None, "configure": lambda c, **limits: found.update(limits)}
    exec(LIMITS, names)
    return found


def both_paths(room: Classroom) -> str:
    """Return where Python finds the course's package and these tests."""
    return os.pathsep.join([str(room.package), str(Path(__file__).parents[2])])


def memory_of_one_more_kernel() -> Row:
    """Return the private memory of each further kernel that has imported what a notebook does."""
    with ExitStack() as stack:
        kernels = [stack.enter_context(Kernel(warm=True)) for _ in range(KERNELS)]
        for kernel in kernels:
            assert kernel.run(WORK).status == "ok"
        each = [sum(private(used.pid) for used in tree(kernel.process.pid)) for kernel in kernels]
    return Row("memory of one more kernel", float(np.mean(each[1:])), "MB", reach=30)


def private(pid: int) -> float:
    """Return the megabytes that a process shares with nobody."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024
