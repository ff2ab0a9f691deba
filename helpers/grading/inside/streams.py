"""Where a student's prints go: into messages, in order, with what is written past Python's streams among them."""

import io
import os
import tempfile
import time

MOST_HELD = 2**15  # characters that wait to be sent
LONGEST = 0.2  # seconds after which a print is sent at once: the cell may never come back


class Spool:
    """A file in place of a standard descriptor, for programs that cells start and libraries that write there."""

    def __init__(self, number: int):
        self.descriptor, path = tempfile.mkstemp()
        os.unlink(path)
        self.read = 0
        os.dup2(self.descriptor, number)

    def news(self) -> str:
        """Return what was written since the last time."""
        end = os.fstat(self.descriptor).st_size
        if end == self.read:
            return ""
        data = os.pread(self.descriptor, min(end - self.read, 2**20), self.read)
        self.read = end
        return data.decode(errors="replace")


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a student's cell."""

    encoding = "UTF-8"

    def __init__(self, session, name: str, spool: Spool):
        self.session, self.name, self.spool = session, name, spool
        self.other: Stream | None = None  # which is sent first, so that the order stays
        self.held: list[str] = []
        self.size, self.sent_at, self.parent_header = 0, 0.0, {}

    def fileno(self) -> int:
        """Return the descriptor that a program started by a cell writes to."""
        return self.spool.descriptor

    def isatty(self) -> bool:
        """It is no terminal."""
        return False

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def set_parent(self, parent: dict) -> None:
        """Remember which request is being answered."""
        self.parent_header = parent

    def write(self, string: str) -> int:
        """Take a text; raises TypeError for anything else."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if self.other is not None and self.other.held:
            self.other.flush()
        self.held.append(string)
        self.size += len(string)
        if self.size > MOST_HELD or time.monotonic() - self.sent_at > LONGEST:
            self.flush()
        return len(string)

    def writelines(self, lines) -> None:
        """Take several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send what is held back, and what came past this stream."""
        held, self.held, self.size, self.sent_at = self.held, [], 0, time.monotonic()
        text = "".join(held)
        if os.getpid() != self.session.pid:  # a process that the student's code has forked
            os.write(self.fileno(), text.encode(errors="replace"))
            return
        text += self.spool.news()
        if text:
            content = {"name": self.name, "text": text}
            self.session.send("iopub", "stream", content, parent=self.parent_header)
