"""An oracle across the sandbox's wall: inside a function that asks and waits, outside the problem and the counter.

While the judge's request runs, the kernel may put a question on the stdin channel, as `input()` would, and the
grader answers it (`Desk`). A question is two frames of fixed size: a header (this request's own token, which
oracle, a serial number) and the point's bytes. An answer repeats the header, so one that comes too late is not
taken for another's. Nothing is ever unpickled, and what the kernel says about counts is not asked for: the
ledgers are here, out of its reach.
"""

import math
import secrets
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import zmq

from helpers.oracle import BudgetSpent, Ledger, asking, refusal

TAG = b"downhill-oracle"
HEADER = struct.Struct("<8sIQ")  # token, number of the oracle, number of the question
PATIENCE = 100  # milliseconds between two looks at whether anybody still waits for the answer
FIRST_LOOKS = 100  # until the grader is taken to be gone
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

    `line` carries lists of bytes: `send(frames)` and `receive(milliseconds)`, which returns None if nothing came.
    """

    def __init__(self, line: "StdinLine", token: bytes) -> None:
        self.line, self.token = line, token
        self.lock, self.serial, self.open = threading.Lock(), 0, True
        # A router drops what it cannot deliver yet: the grader speaks first, so its line is known to stand.
        self._wait_for(HEADER.pack(token, 0, 0), looks=FIRST_LOOKS)

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

    def _wait_for(self, header: bytes, looks: float = math.inf) -> tuple[bytes, bytes]:
        while self.open and looks > 0:
            looks -= 1
            # A signal (the time limit, an interrupt) raises out of the wait; its answer is thrown away later.
            frames = self.line.receive(PATIENCE)
            if frames is not None and len(frames) == 3 and frames[0] == header:
                return frames[1], frames[2]
        raise BudgetSpent("the check is over, and the oracle answers no more")


class StdinLine:
    """What carries questions over the stdin channel of a Jupyter kernel, in which nobody else speaks meanwhile."""

    def __init__(self, socket: zmq.Socket, identity: list[bytes]) -> None:
        self.socket, self.identity = socket, identity

    def send(self, frames: list[bytes]) -> None:
        """Send frames to the client who asked."""
        self.socket.send_multipart([*self.identity, TAG, *frames])

    def receive(self, milliseconds: int) -> list[bytes] | None:
        """Return the next frames, or None if none came in time or they were meant for somebody else."""
        if not self.socket.poll(milliseconds):
            return None
        frames = self.socket.recv_multipart()[len(self.identity) :]
        return frames[1:] if frames[:1] == [TAG] else None


class Desk:
    """The grader's end: answers questions about its ledgers, each within its budget, while one request runs."""

    def __init__(self, ledgers: Sequence[Ledger]) -> None:
        self.ledgers, self.token = list(ledgers), secrets.token_bytes(8)

    @property
    def hello(self) -> list[bytes]:
        """The frames that the grader sends first: they tell the kernel that its line stands."""
        return [HEADER.pack(self.token, 0, 0), GIVEN, b""]

    async def serve(self, socket) -> None:
        """Answer until cancelled. `socket` is the client's asynchronous stdin socket."""
        await socket.send_multipart([TAG, *self.hello])
        while True:
            tag, *frames = await socket.recv_multipart()
            answer = self.answer(frames) if tag == TAG else None
            if answer is not None:
                await socket.send_multipart([TAG, *answer])

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
