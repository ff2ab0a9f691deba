"""The student's kernel as grading talks with it: IPython's own, over one socket, prepared before it is forked.

A Jupyter kernel (`helpers.grading.inside.kernel`) listens on five sockets and keeps six threads for them. Grading is
the only one that talks to a student's kernel and asks one thing at a time. So the same kernel is made without any channel in
the warm process, once; each fork connects it to one socket and serves. To cells it is the same: `get_ipython().kernel`
with its session and handlers, magics, pictures, `await`.
"""

import asyncio
import mmap
import os
import socket
import sys
import threading
from functools import cache

from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import Any

from helpers.grading.frames import Frames, frame
from helpers.grading.interrupts import uninterrupted

from .kernel import SandboxKernelApp, prepared
from .streams import Spool, Stream

RESERVE = 2**24  # bytes that are never touched, so that they only count
SMALL = 2**16  # bytes of a message that may wait for another
STREAMS = {1: "stdout", 2: "stderr"}
UNHEARD = ("execute_input", "comm_open", "comm_msg", "comm_close")  # what only a front end would want


class Connection:
    """The kernel's end of the socket."""

    def __init__(self, end: socket.socket):
        self.end, self.frames, self.one = end, Frames(), threading.Lock()
        self.waiting: list[dict] = []
        self.held = b""

    def send(self, data: bytes, soon: bool = False) -> None:
        """Send a frame, whole; or, if another follows `soon`, with that one: whoever reads is woken once for both."""
        with uninterrupted(), self.one:
            data, self.held = self.held + data, b""
            if soon and len(data) < SMALL:
                self.held = data
            else:
                self.end.sendall(data)

    def receive(self) -> dict | None:
        """Return the next message, once it is there; None when the grader has gone."""
        while not self.waiting:
            data = self.end.recv(2**16)
            if not data:
                return None
            self.waiting = self.frames.feed(data)
        return self.waiting.pop(0)


class DirectSession(Session):
    """Jupyter's session over one connection: what a front end alone would hear is not sent."""

    connection = Any()

    def send(
        self, stream, msg_or_type, content=None, parent=None, ident=None, buffers=None, track=False,
        header=None, metadata=None,
    ):  # fmt: skip
        """Send a message, or one that is made of these parts; return it."""
        if isinstance(msg_or_type, dict):
            message, buffers = msg_or_type, buffers or msg_or_type.get("buffers", [])
        else:
            message = self.msg(msg_or_type, content, parent=parent, header=header, metadata=metadata)
        kind, content = message["msg_type"], message["content"]
        quiet = kind in UNHEARD or (kind == "status" and content.get("execution_state") != "idle")
        if not quiet and os.getpid() == self.pid:  # not a student's forked process
            number = str(message["parent_header"].get("msg_id", ""))
            data = frame(kind, number, content, buffers or (), json_default)
            self.connection.send(data, soon=kind.endswith("_reply"))  # the kernel says next that it is idle
        return message

    def feed_identities(self, msg_list, copy=True):
        """Return the message as it is: there is nobody else whom it could be from."""
        return [], msg_list

    def deserialize(self, msg_list, content=True, copy=True):
        """Return the message, which is one already."""
        return msg_list


def set_aside(size: int) -> mmap.mmap:
    """Return memory that counts as taken, and is not touched; raises OSError where there is none left.

    Not `bytes`, which soon would be made of memory that was used before, and has to be cleared: at each request anew.
    """
    return mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


class Server:
    """Answers one request after the other, in the kernel's own event loop."""

    def __init__(self, app: SandboxKernelApp, connection: Connection):
        self.kernel, self.connection = app.kernel, connection
        self.loop = IOLoop.current()
        self.task: asyncio.Future | None = None
        self.reserve: mmap.mmap | None = set_aside(RESERVE)

    def listen(self) -> None:
        """Wait for the next request; meanwhile what a cell left in the loop goes on."""
        try:
            set_aside(RESERVE // 2).close()
        except OSError:  # a cell has taken all there is: what is set aside will do for the next to say so
            self.reserve = None
        self.loop.add_handler(self.connection.end, self.hear, IOLoop.READ)

    def hear(self, end: socket.socket, events: int) -> None:
        """Take a request, or the end."""
        self.loop.remove_handler(end)
        asked = self.connection.receive()
        if asked is None:
            self.loop.stop()
        else:
            self.task = asyncio.ensure_future(self.answer(asked))

    async def answer(self, asked: dict) -> None:
        """Have the kernel answer, whatever comes of it."""
        header = {"msg_id": asked["id"], "msg_type": asked["kind"]}
        known = {
            "content": asked["content"],
            "buffers": asked["buffers"],
            "parent_header": {},
            "metadata": {},
        }
        try:
            await self.kernel.dispatch_shell({"header": header, **header, **known})
        finally:
            self.listen()


@cache
def prepared_session() -> DirectSession:
    """Return the session of a kernel that waits to be connected; the warm process makes it before it forks."""
    return DirectSession(parent=prepared())


def connected(end: socket.socket) -> SandboxKernelApp:
    """Return a kernel that the grader at the other end of a socket can ask; its `start` serves until either ends."""
    app, connection, session = prepared(), Connection(end), prepared_session()
    session.connection, session.pid = connection, os.getpid()
    sys.stdout, sys.stderr = (Stream(session, name, Spool(number)) for number, name in STREAMS.items())
    sys.stdout.other, sys.stderr.other = sys.stderr, sys.stdout
    app.speak_by(session, "iopub")
    Server(app, connection).listen()
    return app
