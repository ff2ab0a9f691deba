"""An oracle across the sandbox's wall: inside a function that asks and waits, outside the problem and the counter.

While a kernel answers the judge's request it may send questions of its own, as `input()` would, and waits; the grader
answers them (`Desk`). A question is two frames of fixed size: a header (this request's own token, which
oracle, a serial number) and the point's bytes. An answer repeats the header, so one that comes too late is not
taken for another's. Nothing is ever unpickled, and what the kernel says about counts is not asked for: the
ledgers are here, out of its reach.
"""

import secrets
import select
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from helpers.grading.frames import frame
from helpers.grading.interrupts import uninterrupted
from helpers.oracle import BudgetSpent, Ledger, asking, refusal

QUESTION, ANSWER = "downhill_question", "downhill_answer"  # kinds of message
HEADER = struct.Struct("<8sIQ")  # token, number of the oracle, number of the question
PATIENCE = 0.1  # seconds between two looks at whether anybody still waits for the answer
GIVEN, REFUSED = b"+", b"-"


@dataclass(frozen=True)
class RemoteOracle:
    """What of an `Oracle` enters the sandbox: its number, the length of its points and the budget; no problem, no seed.

    `build` needs the `line` of the kernel in which it is called.
    """

    number: int
    dim: int
    budget: int
    line: "Questions | None" = field(default=None, compare=False, repr=False)

    def build(self) -> Callable:
        """Return the function oracle(x), which asks outside."""

        def answer(x: np.ndarray) -> np.ndarray:
            verdict, raw = self.line.ask(self.number, x.astype("<f8").tobytes())
            if verdict == REFUSED:
                raise BudgetSpent(refusal(self.budget, int.from_bytes(raw, "little")))
            return np.frombuffer(raw, "<f8").astype(float)

        return asking(self.dim, answer)


class Questions:
    """The kernel's end: one question at a time, whichever thread asks.

    `line` carries lists of bytes: `send(frames)` and `receive(seconds)`, which returns None if nothing came.
    """

    def __init__(self, line: "QuestionLine", token: bytes) -> None:
        self.line, self.token = line, token
        self.lock, self.serial, self.open = threading.Lock(), 0, True

    def ask(self, number: int, point: bytes) -> tuple[bytes, bytes]:
        """Return the verdict and the bytes of the answer; raises BudgetSpent once the check is over."""
        with self.lock:
            self.serial += 1
            header = HEADER.pack(self.token, number, self.serial)
            self.line.send([header, point])
            return self._wait_for(header)

    def close(self) -> None:
        """Let whoever still asks go."""
        self.open = False

    def _wait_for(self, header: bytes) -> tuple[bytes, bytes]:
        while self.open:
            # A signal (the time limit, an interrupt) raises out of the wait; its answer is thrown away later.
            frames = self.line.receive(PATIENCE)
            if frames is not None and len(frames) == 3 and frames[0] == header:
                return frames[1], frames[2]
        raise BudgetSpent("the check is over, and the oracle answers no more")


class QuestionLine:
    """What carries questions from a kernel that is answering a request: the grader's one socket, both ways.

    `connection` is that of `helpers.grading.inside.direct`, which leaves reading to us until the request is answered;
    `request` is its id, without which the grader would not listen.
    """

    def __init__(self, connection, request: str) -> None:
        self.connection, self.request = connection, request

    def send(self, frames: list[bytes]) -> None:
        """Send a question."""
        self.connection.send(frame(QUESTION, self.request, {}, frames))

    def receive(self, seconds: float) -> list[bytes] | None:
        """Return the next answer, or None if none came in time.

        Waiting may be interrupted (the time limit, Ctrl-C). Taking bytes off the socket may not: half an answer
        left behind would make nonsense of all that comes after it.
        """
        connection = self.connection
        if not connection.waiting:
            if not select.select([connection.end], [], [], seconds)[0]:
                return None
            with uninterrupted():
                connection.waiting = connection.frames.feed(connection.end.recv(2**18))
        message = connection.waiting.pop(0) if connection.waiting else None
        return message["buffers"] if message and message["kind"] == ANSWER else None


class Desk:
    """The grader's end: answers questions about its ledgers, each within its budget, while one request runs."""

    def __init__(self, ledgers: Sequence[Ledger]) -> None:
        self.ledgers, self.token = list(ledgers), secrets.token_bytes(8)

    def answer(self, frames: Sequence[bytes]) -> list[bytes] | None:
        """Return the frames that answer a question of unknown origin, None for what is no question of this request."""
        if len(frames) != 2 or len(frames[0]) != HEADER.size:
            return None
        header, point = frames
        token, number, _ = HEADER.unpack(header)
        if token != self.token or number >= len(self.ledgers):
            return None
        ledger = self.ledgers[number]
        if len(point) != 8 * ledger.oracle.dim:
            return None
        try:
            g = ledger.answer(np.frombuffer(point, "<f8").astype(float))
        except BudgetSpent:
            return [header, REFUSED, min(ledger.calls, 2**63).to_bytes(8, "little")]
        return [header, GIVEN, np.asarray(g).astype("<f8").tobytes()]
