"""How the grader and its own workers talk: by sockets in a folder that no other user of this machine can enter.

dask's own way is TCP, where whoever reaches the port may have a worker run anything. Importing this gives dask one more
protocol, `unix://` and a path, for processes that are forked from this one.
"""

import os
import socket
from collections.abc import Callable

from distributed.comm.registry import Backend, backends
from distributed.comm.tcp import MAX_BUFFER_SIZE, TCP, TCPConnector, TCPListener, convert_stream_closed_error
from tornado.iostream import IOStream, StreamClosedError
from tornado.netutil import bind_unix_socket
from tornado.tcpserver import TCPServer

SCHEME = "unix"
OWNER_ONLY = 0o600


def path_of(location: str) -> str:
    """Return the path in an address without its scheme; where a port is expected, dask adds one.

    >>> path_of("/tmp/a/scheduler:0")
    '/tmp/a/scheduler'
    """
    return location.removesuffix(":0")


def named(path: str) -> str:
    return f"{SCHEME}://{path}"


class PathConnector(TCPConnector):
    """Connects to a path."""

    async def connect(self, address: str, deserialize: bool = True, **connection_args: object) -> TCP:
        """Return the connection; raises CommClosedError, as dask expects, if nobody listens there."""
        path = path_of(address)
        stream = IOStream(socket.socket(socket.AF_UNIX), max_buffer_size=MAX_BUFFER_SIZE)
        try:
            await stream.connect(path)
        except StreamClosedError as error:
            convert_stream_closed_error(self, error)
        return TCP(stream, named(f"{path}-client"), named(path), deserialize)


class PathListener(TCPListener):
    """Listens at a path."""

    def __init__(
        self, location: str, comm_handler: Callable, deserialize: bool = True, **options: object
    ) -> None:
        super().__init__("", comm_handler, deserialize, **options)
        self.path = path_of(location)

    async def start(self) -> None:
        """Begin to listen; raises OSError if the path is taken or too long."""
        self.tcp_server = TCPServer(max_buffer_size=MAX_BUFFER_SIZE)
        self.tcp_server.handle_stream = self.handle
        self.tcp_server.add_socket(bind_unix_socket(self.path, mode=OWNER_ONLY))

    async def handle(self, stream: IOStream, _: object) -> None:
        """Take one connection; who is at the other end says so itself."""
        comm = TCP(stream, named(self.path), named(f"{self.path}-client"), self.deserialize)
        comm.allow_offload = self.allow_offload
        await self.on_connection(comm)
        await self.comm_handler(comm)

    def stop(self) -> None:
        """Listen no more."""
        if self.tcp_server is not None:
            os.unlink(self.path)
        super().stop()

    @property
    def listen_address(self) -> str:
        """Where it listens."""
        return named(self.path)

    contact_address = listen_address


class PathBackend(Backend):
    """The protocol as dask asks for it."""

    def get_connector(self) -> PathConnector:
        """Return what connects."""
        return PathConnector()

    def get_listener(
        self, loc: str, handle_comm: Callable, deserialize: bool, **options: object
    ) -> PathListener:
        """Return what listens at a path."""
        return PathListener(loc, handle_comm, deserialize, **options)

    def get_address_host(self, loc: str) -> str:
        """Return the machine, which is this one."""
        return "127.0.0.1"

    def resolve_address(self, loc: str) -> str:
        """Return the path."""
        return path_of(loc)

    def get_local_address_for(self, loc: str) -> str:
        """Return a path beside this one."""
        return os.path.join(os.path.dirname(path_of(loc)), str(os.getpid()))


backends[SCHEME] = PathBackend()
