"""The corpus as one class: handed in, graded, and what could have been harmed, watched from outside."""

import hashlib
import json
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from helpers.grading.seeds import course_secret
from tests.attacks.corpus import Entry, entries
from tests.grading.classroom import ASSIGNMENT, NOTEBOOK, Classroom

# Small, so that what hangs, floods or hoards is stopped soon; what is honest needs a tenth of it.
LIMITS = """
MIB = 2**20
configure(c, memory=384 * MIB, processes=40, open_files=128, file_bytes=8 * MIB, disk_bytes=16 * MIB, files=500,
          output_bytes=8 * MIB, cpu_seconds=20, cell_seconds=4, grace_seconds=1, notebook_seconds=20)
"""
OURS = ("nbgrader_config.py", "source", "release", "gradebook.db", ".downhill", "report.json", "exam.txt")
NEIGHBOUR = "as-taught"


@dataclass
class Watch:
    """What must not change or turn up while a class is graded: files, processes, and calls on two sockets."""

    mark: str = field(default_factory=lambda: f"downhill-mark-{secrets.token_hex(6)}")
    canary: str = field(default_factory=lambda: f"canary-{secrets.token_hex(6)}")  # what nobody may find

    def __enter__(self) -> "Watch":
        self.port = socket.create_server(("127.0.0.1", 0))
        self.port.setblocking(False)
        self.abstract = socket.socket(socket.AF_UNIX)
        self.abstract.bind(f"\0{self.mark}")
        self.abstract.listen()
        self.abstract.setblocking(False)
        return self

    def __exit__(self, *_) -> None:
        self.port.close()
        self.abstract.close()

    @property
    def number(self) -> int:
        """The port on which nobody may call."""
        return self.port.getsockname()[1]

    def calls(self) -> list[str]:
        """Return which of the two sockets somebody has called."""
        called = []
        for name, line in (("port", self.port), ("abstract socket", self.abstract)):
            try:
                line.accept()[0].close()
                called.append(name)
            except BlockingIOError:
                continue
        return called

    def processes(self) -> list[str]:
        """Return the command lines of living processes that bear the mark."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if self.mark.encode() in line:
                found.append(line.replace(b"\0", b" ").decode())
        return found

    def files(self, room: Classroom) -> list[str]:
        """Return files that bear the mark where anybody may write, and what is new at the top of the course."""
        places = {tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm", str(Path.home()), os.getcwd()}
        found = [str(path) for place in places for path in Path(place).glob(f"*{self.mark}*")]
        # In the folders of submissions stand names that a student chose.
        top = [path for path in room.folder.iterdir() if path.name not in ("submitted", "autograded")]
        for root in (*filter(Path.is_dir, top), room.package):
            found += [str(path) for path in root.rglob(f"*{self.mark}*")]
        return found + [path.name for path in top if path.name not in OURS]

    @staticmethod
    def digest(room: Classroom) -> dict[str, str]:
        """Return the hash of every file that grading may only read, links as what they point to."""
        places = [room.folder / name for name in ("source", "release", "submitted", "nbgrader_config.py")]
        paths = [p for place in [*places, room.package] for p in (place, *sorted(place.rglob("*")))]
        return {
            str(path): os.readlink(path)
            if path.is_symlink()
            else hashlib.sha256(path.read_bytes()).hexdigest()
            for path in paths
            if (path.is_file() or path.is_symlink()) and "__pycache__" not in path.parts
        }


def hand_in(room: Classroom, student: str, entry: Entry, watch: Watch) -> None:
    """Put one entry of the corpus into the course's folder."""
    paper = entry.paper(room.notebook(), room.notebook("release"), watch.mark, watch.number)
    folder = room.folder / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    if not paper.missing:
        content = json.dumps(paper.notebook).encode() if paper.raw is None else paper.raw
        (folder / f"{NOTEBOOK}.ipynb").write_bytes(content)
    for name, content in paper.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.replace(b"@MARK@", watch.mark.encode()))
    for name, target in paper.links.items():
        (folder / name).symlink_to(target)


def prepared(room: Classroom, watch: Watch) -> dict[str, Entry]:
    """Hand in the whole corpus, with small limits; return the entries by student."""
    config = room.folder / "nbgrader_config.py"
    config.write_text(config.read_text() + LIMITS)
    course_secret(room.folder / ".downhill")  # which decides the cases: every copy has the same
    students = {student: entry for group in entries().values() for student, entry in group.items()}
    for student, entry in students.items():
        hand_in(room, student, entry, watch)
    (room.folder / "exam.txt").write_text(watch.canary)
    (room.folder / "submitted" / NEIGHBOUR / ASSIGNMENT / "notes.txt").write_text(watch.canary)
    with room.gradebook() as gradebook:
        for student in students:
            gradebook.add_student(student, last_name=student, email=watch.canary)
    return students


def outputs(notebook: dict) -> str:
    """Return all that a graded notebook shows in the cells of the student, as one text."""
    parts = []
    for cell in notebook["cells"]:
        if not cell["metadata"].get("nbgrader", {}).get("grade"):
            parts += [json.dumps(output, ensure_ascii=False) for output in cell.get("outputs", ())]
    return "\n".join(parts)
