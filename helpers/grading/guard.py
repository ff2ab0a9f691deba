"""The grader's watchman: one thread that carries every kernel's messages and holds it to its limits.

A kernel never gets the sockets that the grader reads. Its messages pass through here, where they are
counted, so a flood ends at its limit whatever client is at the other end. Every tenth of a second the
memory and the processes of each sandbox are measured from outside, where a student cannot lie.
"""

import atexit
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

TICK = 0.1  # seconds; a kernel on one core touches some hundred MB in that time
CHUNK = 2**16
MORE, LONG, COMMAND, GREETING = 1, 2, 4, 64  # of ZMTP 3, https://rfc.zeromq.org/spec/23


class MessageCount:
    r"""Count the complete messages in a stream of ZMTP bytes.

    >>> count = MessageCount()
    >>> count.feed(bytes(64) + b"\x04\x01R" + b"\x01\x02id" + b"\x00\x01")
    0
    >>> count.feed(b"x")
    1
    """

    def __init__(self):
        self.skip = GREETING
        self.head = b""
        self.closing = False  # whether the bytes being skipped are the last of a message

    def feed(self, data: bytes) -> int:
        """Return how many messages these bytes complete."""
        complete = at = 0
        while True:
            if self.skip > len(data) - at or (self.skip == 0 and at == len(data)):
                self.skip -= len(data) - at
                return complete
            at, self.skip = at + self.skip, 0
            complete += self.closing
            self.closing = False
            length = 9 if (self.head or data[at : at + 1] or b"\0")[0] & LONG else 2
            taken = data[at : at + length - len(self.head)]
            self.head, at = self.head + taken, at + len(taken)
            if len(self.head) < length:
                return complete
            self.skip = int.from_bytes(self.head[1:], "big")
            self.closing = not self.head[0] & (MORE | COMMAND)
            self.head = b""
            if self.skip == 0 and self.closing:
                complete, self.closing = complete + 1, False


class Line:
    """One connection of a client to one channel of a kernel, carried both ways."""

    def __init__(self, guard: "Guard", client: socket.socket, kernel: socket.socket, carried: Callable):
        self.guard, self.ends, self.carried = guard, (client, kernel), carried
        self.waiting = {client: b"", kernel: b""}  # what an end could not take yet
        self.closed = False
        for end in self.ends:
            end.setblocking(False)
            guard.selector.register(end, selectors.EVENT_READ, self.move)

    def move(self, end: socket.socket, ready: int) -> None:
        """Carry what can be carried from or to one end."""
        try:
            if ready & selectors.EVENT_WRITE:
                self.push(end, self.waiting[end])
            other = self.ends[end is self.ends[0]]
            if ready & selectors.EVENT_READ and not self.waiting[other]:
                data = end.recv(CHUNK)
                if not data:
                    self.close()
                elif self.carried(data, end is self.ends[1]):
                    self.push(other, data)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:  # one end is gone, so the line is
            self.close()

    def push(self, end: socket.socket, data: bytes) -> None:
        try:
            sent = end.send(data)
        except BlockingIOError:
            sent = 0
        self.waiting[end] = data[sent:]
        other = self.ends[end is self.ends[0]]
        # Whoever sends faster than the other reads has to wait: nothing piles up here.
        reading = {e: not self.waiting[self.ends[e is self.ends[0]]] for e in (end, other)}
        for e in (end, other):
            events = selectors.EVENT_READ * reading[e] | selectors.EVENT_WRITE * bool(self.waiting[e])
            self.guard.listen(e, events, self.move)

    def close(self) -> None:
        """Hang up at both ends; more than once does no harm."""
        self.closed = True
        for end in self.ends:
            self.guard.forget(end)
            end.close()


class Guard:
    """The thread and what it watches; `guard()` returns the one of this process."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.watched: set = set()
        self.calls: list[tuple[Callable, Future]] = []
        self.wake_out, self.wake_in = socket.socketpair()
        self.selector.register(self.wake_out, selectors.EVENT_READ, lambda end, _: end.recv(CHUNK))
        self.closing = False
        self.at_close: list[Callable] = []  # what else this process started and has to end
        self.thread = threading.Thread(target=self.run, name="downhill-guard", daemon=True)
        self.thread.start()

    def call(self, function: Callable) -> Future:
        """Have the thread call a function soon; return the future of its result."""
        future: Future = Future()
        self.calls.append((function, future))
        self.wake_in.send(b"!")
        return future

    def listen(self, end, events: int, callback: Callable) -> None:
        """Watch one socket for these events, none being allowed."""
        known = end.fileno() in self.selector.get_map()
        if events and known:
            self.selector.modify(end, events, callback)
        elif events:
            self.selector.register(end, events, callback)
        elif known:
            self.selector.unregister(end)

    def listen_to_descriptor(self, descriptor: int, callback: Callable) -> None:
        """Watch a plain descriptor until it can be read."""
        self.selector.register(descriptor, selectors.EVENT_READ, callback)

    def forget(self, end) -> None:
        """Watch a socket or descriptor no longer, if it was watched."""
        with suppress(KeyError, ValueError):
            self.selector.unregister(end)

    def run(self) -> None:
        """Serve until `close`; should a mistake of ours end it earlier, no kernel goes on unguarded."""
        try:
            self.serve()
        finally:
            for process in list(self.watched):
                process.kill()

    def serve(self) -> None:
        """Answer events and calls, and look after each kernel at every tick."""
        last = time.monotonic()
        while not self.closing:
            for key, ready in self.selector.select(TICK if self.watched else None):
                # One event may have closed what the next one is about.
                if self.selector.get_map().get(key.fd) is key:
                    key.data(key.fileobj, ready)
            while self.calls:
                self.answer(*self.calls.pop(0))
            if time.monotonic() - last >= TICK:
                for process in list(self.watched):
                    process.look()
                last = time.monotonic()

    def answer(self, function: Callable, future: Future) -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    def close(self) -> None:
        """End every kernel, then what was to end with them, then the thread."""
        for process in list(self.watched):
            process.kill()
            process.ended.result(timeout=10)
        for finish in self.at_close:
            finish()
        self.call(lambda: setattr(self, "closing", True)).result(timeout=10)
        self.thread.join(timeout=10)
        for end in (self.wake_in, self.wake_out):
            end.close()
        self.selector.close()


ONE = threading.Lock()
GUARDS: dict[int, Guard] = {}  # by process number: a fork starts its own


def guard() -> Guard:
    """Return this process's guard, started on first use and closed when Python exits."""
    with ONE:
        if os.getpid() not in GUARDS:
            GUARDS[os.getpid()] = Guard()
            atexit.register(close_guard)
        return GUARDS[os.getpid()]


def close_guard() -> None:
    """End every kernel of this process."""
    mine = GUARDS.pop(os.getpid(), None)
    if mine is not None:
        mine.close()
