"""The first lines that run in a fresh sandbox: become the guardian of one kernel, or the warm process.

`main(["7"])` guards one kernel for the grader on socket 7; `main(["7", "numpy"])` imports numpy and forks a
kernel, in a sandbox of its own, for each request on socket 7.
"""

import os
import socket


def main(arguments: list[str]) -> None:
    """Serve the grader at the other end of the open socket that the first argument numbers."""
    control = socket.socket(fileno=int(arguments[0]))
    control.set_inheritable(False)
    if arguments[1:]:
        from . import zygote

        zygote.serve(control, arguments[1:])
    else:
        from . import cell

        cell.begin(control, os.getuid(), os.getgid(), nested=False)
