"""What a student's kernel may use, and the sentence for a student who used more."""

from dataclasses import asdict, dataclass, fields

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds on one kernel and everything it starts; bytes, seconds and counts, all positive.

    Raises ValueError for a bound that is not a positive number.

    >>> Limits(cell_seconds=10).cell_seconds
    10
    >>> Limits(memory=0)
    Traceback (most recent call last):
        ...
    ValueError: the limit memory must be a positive number, not 0
    """

    memory: int = 1024 * MIB  # of the whole tree of processes; a single process is refused beyond it
    processes: int = 64  # threads count too; the kernel itself needs about ten
    open_files: int = 256  # per process
    file_bytes: int = 32 * MIB  # of one file
    disk_bytes: int = 64 * MIB  # of home and /tmp, and as much of /dev/shm: memory, gone with the kernel
    files: int = 4096  # in home and /tmp, and as many in /dev/shm
    output_bytes: int = 16 * MIB  # all that the kernel ever sends, pictures and answers included
    cpu_seconds: int = 300  # of one process
    cell_seconds: float = 30  # then an interrupt, then the end
    grace_seconds: float = 3  # between the two
    notebook_seconds: float = 300  # from the kernel's start to its end
    startup_seconds: float = 60  # until the kernel answers
    one_core: bool = True  # all its threads share one core, so it cannot slow the others

    def __post_init__(self):
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0 and field.name != "one_core":
                raise ValueError(f"the limit {field.name} must be a positive number, not {value!r}")

    def as_dict(self) -> dict:
        """Return the limits as a dict that `Limits(**d)` reads back.

        >>> Limits(**Limits(memory=5).as_dict()) == Limits(memory=5)
        True
        """
        return asdict(self)


@dataclass(frozen=True)
class Stop:
    """Why a kernel was stopped, or a cell interrupted: the limit's name and one sentence for the student.

    `limit` is a field of `Limits`, "died" (the kernel ended by itself) or "garbled" (it forged messages). `fatal` is False when only
    the running cell was interrupted and the kernel lives on.

    >>> stopped("cell_seconds", Limits()).sentence
    'This cell was still running after 30 seconds and was stopped: look for a loop that never ends.'
    """

    limit: str
    sentence: str
    fatal: bool = True


SENTENCES = {
    "memory": "Your code used more than {memory} of memory and the notebook was stopped.",
    "processes": "Your code started more than {processes} processes or threads and the notebook was stopped.",
    "open_files": "Your code had more than {open_files} files open at once.",
    "file_bytes": "Your code wrote a file larger than {file_bytes}.",
    "disk_bytes": "Your code wrote more than {disk_bytes} of files.",
    "files": "Your code made more than {files} files and the notebook was stopped.",
    "output_bytes": "Your notebook produced more than {output_bytes} of output and was stopped: print less.",
    "cpu_seconds": "Your code computed for more than {cpu_seconds} seconds and the notebook was stopped.",
    "cell_seconds": "This cell was still running after {cell_seconds} seconds and was stopped: "
    "look for a loop that never ends.",
    "notebook_seconds": "The whole notebook took more than {notebook_seconds} seconds and was stopped.",
    "startup_seconds": "The notebook's kernel did not start within {startup_seconds} seconds.",
    "garbled": "The notebook's kernel sent what no notebook sends and was stopped.",
    "died": "The notebook's kernel ended while it was running: did the code exit or crash?",
}

# How Python reports, inside a cell, a bound that the operating system holds: (exception, part of its text).
REFUSALS = (
    ("MemoryError", "", "memory"),
    ("_ArrayMemoryError", "", "memory"),
    ("OSError", "Cannot allocate memory", "memory"),
    ("BlockingIOError", "Resource temporarily unavailable", "processes"),
    ("RuntimeError", "can't start new thread", "processes"),
    ("OSError", "Too many open files", "open_files"),
    ("OSError", "File too large", "file_bytes"),
    ("OSError", "No space left on device", "disk_bytes"),
)


def readable(name: str, value: float) -> str:
    """Return a limit as a person writes it.

    >>> readable("memory", 1024 * MIB), readable("disk_bytes", 64 * MIB), readable("cell_seconds", 2.5)
    ('1 GiB', '64 MiB', '2.5')
    """
    if name != "memory" and not name.endswith("_bytes"):
        return f"{value:g}"
    for size, unit in ((1024 * MIB, "GiB"), (MIB, "MiB"), (1024, "KiB")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value} bytes"


def stopped(limit: str, limits: Limits, *, fatal: bool = True) -> Stop:
    """Return the Stop for one limit, with its sentence.

    >>> stopped("memory", Limits()).sentence
    'Your code used more than 1 GiB of memory and the notebook was stopped.'
    """
    values = {name: readable(name, value) for name, value in limits.as_dict().items()}
    return Stop(limit, SENTENCES[limit].format(**values), fatal)


def refused(ename: str, evalue: str, limits: Limits) -> Stop | None:
    """Return the Stop that an exception in a cell amounts to, or None if no limit was behind it.

    >>> refused("OSError", "[Errno 28] No space left on device", Limits()).limit
    'disk_bytes'
    >>> refused("ZeroDivisionError", "division by zero", Limits()) is None
    True
    """
    for name, part, limit in REFUSALS:
        if ename == name and part in evalue:
            sentence = stopped(limit, limits).sentence.replace(" and the notebook was stopped", "")
            return Stop(limit, sentence, fatal=False)
    return None
