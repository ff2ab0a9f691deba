"""The warm process: imports what every notebook imports, once, then forks a kernel for each request.

It runs inside a bubblewrap sandbox and runs no student code: a request is one byte and the control socket of
the new kernel, which only the fork reads. Each fork is in namespaces of its own from its beginning, so a forked kernel stands behind two walls, and the keys and files of one are never in the memory
that the next is forked from.
"""

import gc
import importlib
import io
import os
import signal
import socket
import sys

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from . import cell, direct, kernel, linux


def serve(requests: socket.socket, modules: list[str]) -> None:
    """Import the modules, say so, and fork for each request until the grader closes its end.

    Raises RuntimeError if an import left a thread or shared memory behind, which forks would inherit.
    """
    gc.disable()  # until all is there
    for module in modules:
        importlib.import_module(module)
    rehearse(kernel.prepare().kernel.shell)
    direct.prepared_session()
    refuse_unforkable()
    gc.collect()
    gc.freeze()  # what is here now is never collected, so its pages stay shared
    gc.enable()
    linux.use_large_pages()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # forks leave no zombies
    requests.send(b"warm")
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 1, 1)
        if not message:
            return
        with socket.socket(fileno=descriptors[0]) as control:
            cell.fork_and_begin(control, requests)


def rehearse(shell) -> None:
    """Do once, without a trace, what costs time when it is done first: a cell, a picture, an exception's lines."""
    importlib.import_module("matplotlib_inline.backend_inline")  # now, as it looks for the shell
    figure = Figure()
    figure.add_subplot().plot([0, 1], label="x")
    figure.legend()
    FigureCanvasAgg(figure).print_png(io.BytesIO())
    shell.run_cell("None", silent=True, store_history=False)
    try:
        compile("1 +", "cell", "exec")
    except SyntaxError:
        shell.InteractiveTB.structured_traceback(*sys.exc_info())


def refuse_unforkable() -> None:
    threads = os.listdir("/proc/self/task")
    with open("/proc/self/maps") as file:
        shared = [line.split()[-1] for line in file if line.split()[1] == "rw-s"]
    if len(threads) > 1 or shared:
        raise RuntimeError(f"not fit for forking: {len(threads)} threads, shared memory {shared}")
