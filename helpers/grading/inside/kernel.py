"""The Jupyter kernel of a sandbox: IPython's own, without its extras, prepared first and connected after the fork.

`prepare` makes the kernel and its shell without a thread, a socket or a file. It is then connected in one of two
ways: to one socket of the grader (`direct`), or to Jupyter's five channels, bound outside (`connect`).
"""

import logging
import os
import sys
import threading

import zmq
from ipykernel.control import ControlThread
from ipykernel.heartbeat import Heartbeat
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from traitlets import Dict
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from helpers.grading import answering


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

    It needs no writable folder and no name in any file system: whoever holds the other end of its
    sockets is the grader.
    """

    listeners = Dict()  # channel name -> descriptor of a listening Unix socket

    def initialize(self, argv=None):
        """Make the kernel and its shell; no thread, no socket and no file comes of it."""
        self.session = Session(parent=self)
        self.kernel = SandboxKernel.instance(
            parent=self, session=self.session, log=self.log, iopub_socket="iopub",
            shell_channel_thread=NoSubshells(), profile_dir=self.profile_dir, user_ns=self.user_ns,
        )  # fmt: skip
        self.patch_io()
        self.init_shell()
        self.init_gui_pylab()
        answering.install()

    def speak_by(self, session: Session, outputs: object) -> None:
        """Send by this session from here on, what cells show as `outputs`; to be called once, after any fork."""
        self.session = self.kernel.session = session
        shell = self.kernel.shell
        shell.displayhook.session = shell.display_pub.session = session
        self.kernel.iopub_socket = shell.displayhook.pub_socket = shell.display_pub.pub_socket = outputs
        self.kernel._stdout, self.kernel._stderr = sys.stdout, sys.stderr
        shell.init_environment()
        self.init_signal()
        # A student's own modules are found, but last: numpy.py beside the notebook replaces nothing.
        sys.path.append(os.getcwd())

    def connect(self) -> None:
        """Serve any Jupyter client that connects to the listening sockets, from `start` on."""
        self.init_sockets()
        self.heartbeat = BoundHeartbeat(zmq.Context(), self.listeners["hb"])
        self.heartbeat.start()
        self.init_io()
        self.speak_by(self.session, self.iopub_socket)
        kernel = self.kernel
        kernel.shell_stream = ZMQStream(self.shell_socket)
        kernel.control_stream = ZMQStream(self.control_socket, self.control_thread.io_loop)
        kernel.iopub_thread, kernel.control_thread = self.iopub_thread, self.control_thread
        kernel.stdin_socket = self.stdin_socket
        kernel.record_ports({f"{channel}_port": 1 for channel in self.listeners})
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        self.control_thread.start()

    def init_sockets(self):
        """Create the four sockets of the main context on the descriptors that came from outside."""
        self.context = zmq.Context()
        self.shell_socket = self.bound("shell", zmq.ROUTER)
        self.stdin_socket = self.bound("stdin", zmq.ROUTER)
        self.control_socket = self.bound("control", zmq.ROUTER)
        self.control_thread = ControlThread(daemon=True)
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


def prepare() -> SandboxKernelApp:
    """Return a kernel that waits to be connected."""
    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.transport = "ipc"
    config.InlineBackend.figure_formats = {"png"}
    config.SandboxKernel._execute_sleep = 0.0
    silent = logging.Logger("downhill.kernel")
    silent.disabled = True  # a record of every message would be made, and kept by nobody
    app = SandboxKernelApp.instance(config=config, transport="ipc", quiet=True, log=silent)
    app.initialize()
    return app


def prepared() -> SandboxKernelApp:
    """Return the kernel that this process was forked with, or a new one."""
    return SandboxKernelApp.instance() if SandboxKernelApp.initialized() else prepare()


def connected(listeners: dict[str, int], key: str) -> SandboxKernelApp:
    """Return a kernel whose five channels are open; its `start` serves until it is killed."""
    app = prepared()
    app.listeners = listeners
    app.session = Session(parent=app, key=key.encode())
    app.connect()
    return app
