"""The workers of this machine: forked from the grader when it has imported everything, before it has any thread.

A worker that imported by itself would take seconds for it, on the very core that is to grade. The nursery is the one process
that forks them: it does nothing else, so it stays fit for forking, and it forks another one for each that dies.
"""

import os
import select
import signal
import socket
import sys
from collections.abc import Callable

Work = Callable[[str], None]  # what a worker does, given the scheduler's address


class Nursery:
    """A process that forks workers when it is told to, and ends them and itself when it is closed or its maker has gone.

    To be made while this process has one thread.
    """

    def __init__(self, work: Work):
        self.line, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            self.line.close()
            _never_returning(lambda: Nurse(inner, work).serve())
        inner.close()

    def start(self, address: str, count: int) -> None:
        """Fork so many workers for the scheduler at this address."""
        self.line.send(f"{count} {address}".encode())

    def close(self) -> None:
        """End the workers, and wait until they are gone."""
        self.line.close()
        os.waitpid(self.pid, 0)


class Nurse:
    """The life of the nursery's process."""

    def __init__(self, line: socket.socket, work: Work):
        self.line, self.work = line, work
        self.workers: set[int] = set()
        self.address = ""

    def serve(self) -> None:
        """Wait for orders, and for the death of workers; return when the grader has hung up and all are gone."""
        # The grader alone decides when to stop: Ctrl-C reaches every process of a terminal.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        wake_out, wake_in = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_in, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        poll = _poll(self.line.fileno(), wake_out)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == wake_out:
                    os.read(wake_out, 512)
                    self.replace_the_dead()
                elif not self.obey(self.line.recv(4096).decode()):
                    return

    def obey(self, order: str) -> bool:
        """Start as many workers as ordered; return False if there is nobody left to order anything."""
        if not order:
            self.end_all()
            return False
        count, _, self.address = order.partition(" ")
        for _ in range(int(count)):
            self.fork()
        return True

    def fork(self) -> None:
        pid = os.fork()
        if pid == 0:
            _never_returning(self.be_worker)
        self.workers.add(pid)

    def be_worker(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.line.close()
        self.work(self.address)

    def replace_the_dead(self) -> None:
        """Bury the workers that ended by themselves and fork others."""
        for pid in list(self.workers):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self.workers.discard(pid)
                self.fork()

    def end_all(self) -> None:
        for pid in self.workers:
            os.kill(pid, signal.SIGKILL)
        for pid in self.workers:
            os.waitpid(pid, 0)


def _poll(*descriptors: int) -> select.poll:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return poll


def _never_returning(life: Callable[[], None]) -> None:
    """Live, then end: nothing of the process that was forked may go on here, nor be cleaned up twice."""
    try:
        life()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    finally:
        os._exit(0)
