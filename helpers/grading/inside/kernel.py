"""The Jupyter kernel of a sandbox: IPython's own, over sockets that were bound outside, without its extras."""

import os
import sys
import threading

import zmq
from ipykernel.control import ControlThread
from ipykernel.heartbeat import Heartbeat
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Dict
from traitlets.config import Config


class BoundHeartbeat(Heartbeat):
    """The heartbeat thread on a socket that is bound already."""

    def __init__(self, context, listener):
        self.listener = listener
        super().__init__(context, ("ipc", "heartbeat", 1))

    def _try_bind_socket(self):
        self.socket.setsockopt(zmq.USE_FD, self.listener)
        return self.socket.bind("ipc://heartbeat")


class NoSubshells:
    """What stands where ipykernel keeps its thread for subshells: a cell that awaits something asks for its parent."""

    def __init__(self):
        self.parent_thread = threading.main_thread()

    def __bool__(self):
        return False


class SandboxKernel(IPythonKernel):
    """IPython's kernel, one shell only."""

    _supports_kernel_subshells = False


class SandboxKernelApp(IPKernelApp):
    """IPython's kernel without connection file, debugger, subshells, history and start-up files.

    It needs no writable folder and no name in any file system: whoever holds the other end of the
    listening sockets is the grader.
    """

    listeners = Dict()  # channel name -> descriptor of a listening Unix socket

    def initialize(self, argv=None):
        """Open the channels and the shell, in the order of IPython's own `initialize`."""
        self.init_sockets()
        self.heartbeat = BoundHeartbeat(zmq.Context(), self.listeners["hb"])
        self.heartbeat.start()
        self._ports = dict.fromkeys(self.listeners, 1)
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self.kernel.shell_channel_thread = NoSubshells()
        self.init_shell()
        self.init_gui_pylab()
        # A student's own modules are found, but last: numpy.py beside the notebook replaces nothing.
        sys.path.append(os.getcwd())

    def init_sockets(self):
        """Create the four sockets of the main context on the descriptors that came from outside."""
        self.context = zmq.Context()
        self.shell_socket = self.bound("shell", zmq.ROUTER)
        self.stdin_socket = self.bound("stdin", zmq.ROUTER)
        self.control_socket = self.bound("control", zmq.ROUTER)
        self.control_thread = ControlThread(daemon=True)
        self.debugpy_socket = self.context.socket(zmq.STREAM)  # never connected: the base class wants one
        self.init_iopub(self.context)

    def bound(self, channel, kind):
        """Return a socket of one kind that accepts on the listening descriptor of one channel."""
        bound = self.context.socket(kind)
        bound.linger = 1000
        bound.setsockopt(zmq.USE_FD, self.listeners[channel])
        bound.bind(f"ipc://{channel}")
        return bound

    def _bind_socket(self, socket, port):
        socket.setsockopt(zmq.USE_FD, self.listeners["iopub"])
        socket.bind("ipc://iopub")
        return port


def prepare(listeners: dict[str, int], key: str) -> SandboxKernelApp:
    """Return a kernel whose channels are open; its `start` serves until it is killed."""
    config = Config()
    config.Session.key = key.encode()
    config.HistoryManager.enabled = False
    config.IPKernelApp.transport = "ipc"
    config.InlineBackend.figure_formats = {"png"}
    app = SandboxKernelApp.instance(
        config=config, listeners=listeners, transport="ipc", quiet=True, kernel_class=SandboxKernel
    )
    app.initialize()
    return app
