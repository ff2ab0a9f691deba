"""One sandbox from the inside: its private files, the process that guards it, the way to the student's kernel.

Three processes share the work. The *guardian* is process 1 of the sandbox: it furnishes, forks the kernel,
passes interrupts on, buries orphans, and when it ends Linux ends everything else in the sandbox. It ends as
soon as the kernel does, or the grader (whose end of the control socket closes). The *kernel* runs the
student's code. The third is the grader, outside. The guardian runs nothing of the student's, cannot be
traced or read, and as process 1 cannot be killed or stopped from within.
"""

import json
import os
import random
import select
import signal
import socket
import sys
import traceback

from helpers.grading.parcel import unpack

from . import linux

HOME, WORK, TEMPORARY = "/student/home", "/student/home/work", "/student/tmp"
LOOK_MILLISECONDS = 500  # between two counts of the files
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


def receive_order(control: socket.socket) -> tuple[dict, list[int]]:
    """Return what the grader ordered, and its descriptors: the sockets of the kernel and the parcel.

    Raises SystemExit when the grader is gone before it ordered anything.
    """
    message, descriptors, _, _ = socket.recv_fds(control, 2**17, len(CHANNELS) + 1)
    if not message:
        raise SystemExit(0)
    return json.loads(message), descriptors


def settle(user: int, group: int) -> None:
    """Make the namespaces that this process is the first of its own: a session, one user, private mounts, its /proc.

    Terminals can only be mounted by a user 0, which it becomes. Raises OSError where the system refuses.
    """
    os.setsid()
    map_user(user, 0, group, 0)
    linux.mount("none", "/", "", linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)


def map_user(outside: int, inside: int, outside_group: int, inside_group: int) -> None:
    """Say who the only user of a new user namespace is; to be done once, by its first process."""
    lines = {
        "setgroups": "deny",
        "uid_map": f"{inside} {outside} 1",
        "gid_map": f"{inside_group} {outside_group} 1",
    }
    for name, line in lines.items():
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def furnish(limits: dict, user: int, group: int) -> None:
    """Mount a private home (with /tmp in it), /dev/shm and terminals, then be an ordinary user again.

    The last step leaves the mounts to a user namespace in which no process has any rights.
    """
    flags = linux.MS_NOSUID | linux.MS_NODEV
    for place in ("/student", "/dev/shm"):
        size = f"size={int(limits['disk_bytes'])},nr_inodes={int(limits['files'])},mode=755"
        linux.mount("tmpfs", place, "tmpfs", flags, size)
    linux.mount(
        "devpts", "/dev/pts", "devpts", linux.MS_NOSUID | linux.MS_NOEXEC, "newinstance,ptmxmode=0666"
    )
    linux.unshare(linux.CLONE_NEWUSER)
    map_user(0, user, 0, group)


def make_folders() -> None:
    for folder in (HOME, WORK, TEMPORARY):
        os.makedirs(folder, mode=0o700, exist_ok=True)


def fork_and_begin(control: socket.socket, requests: socket.socket) -> None:
    """Fork a process that lives in a sandbox of its own below this one; returns in the process that forks.

    It does not get `requests`. What fails is told to the grader, not raised.
    """
    user, group = os.getuid(), os.getgid()
    try:
        if linux.fork_into(linux.NEW_EVERYTHING):
            return
    except OSError as error:
        tell(control, {"state": "unnested", "why": f"{type(error).__name__}: {error}"})
        return
    requests.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    begin(control, user, group, nested=True)


def begin(control: socket.socket, user: int, group: int, *, nested: bool) -> None:
    """Live in this sandbox, or as the first process of one below it if `nested`; never returns.

    What fails is told to the grader, not raised.
    """
    state = "unnested" if nested else "failed"
    try:
        if nested:
            settle(user, group)
        order, descriptors = receive_order(control)
        if nested:
            furnish(order["limits"], user, group)
            state = "failed"
        make_folders()
        unpack(descriptors.pop(), WORK)
        linux.hide_from_siblings()
        linux.drop_rights()
        live(control, order, descriptors)
    except Exception as error:
        tell(control, {"state": state, "why": f"{type(error).__name__}: {error}"})
        os._exit(1)
    except SystemExit:
        os._exit(0)


def live(control: socket.socket, order: dict, descriptors: list[int]) -> None:
    """Be the guardian of this sandbox until its end; never returns."""
    if order["cpu"] is not None:  # this process's too: a student's signals can keep it busy
        os.sched_setaffinity(0, {order["cpu"]})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wake_out, wake_in = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_in, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    report_out, report_in = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        be_kernel(order, descriptors, report_in)
    os.close(report_in)
    for descriptor in descriptors:
        os.close(descriptor)
    os._exit(guard(control, kernel, wake_out, report_out, order["limits"]["files"]))


def guard(control: socket.socket, kernel: int, wake: int, report: int, files: int) -> int:
    """Pass news of the kernel to the grader and interrupts to the kernel; return when either is gone.

    Bubblewrap cannot bound the number of files, so they are counted here.
    """
    poll = select.poll()
    for descriptor in (control.fileno(), wake, report):
        poll.register(descriptor, select.POLLIN)
    while True:
        if any(files_in(place) > files for place in ("/student", "/dev/shm")):
            tell(control, {"state": "over", "limit": "files"})
            return 0
        for descriptor, _ in poll.poll(LOOK_MILLISECONDS):
            if descriptor == report:
                poll.unregister(report)
                with os.fdopen(report) as file:
                    why = file.read()
                tell(control, {"state": "failed", "why": why} if why else {"state": "ready"})
            elif descriptor == wake:
                os.read(wake, 512)
                code = bury(kernel)
                if code is not None:
                    tell(control, {"state": "ended", "code": code})
                    return 0
            else:
                message = control.recv(16)
                if not message:
                    return 0
                interrupt(kernel, int(message))


def files_in(place: str) -> int:
    status = os.statvfs(place)
    return status.f_files - status.f_ffree


def bury(kernel: int) -> int | None:
    """Reap every dead child; return the kernel's exit code (negative: the signal) once it is among them."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if pid == kernel:
            return os.waitstatus_to_exitcode(status)
        if pid == 0:
            return None


def interrupt(kernel: int, number: int) -> None:
    try:
        os.killpg(kernel, number)
    except ProcessLookupError:  # it has just ended, which the next turn of the loop reports
        return


def tell(control: socket.socket, news: dict) -> None:
    try:
        control.send(json.dumps(news).encode())
    except (BrokenPipeError, ConnectionResetError):  # the grader is gone: the loop ends on its next turn
        return


def be_kernel(order: dict, listeners: list[int], report: int) -> None:
    """Turn into the student's kernel: give up what is left of rights, then serve; never returns.

    What goes wrong before the first cell is written to `report`; after that, nothing leaves but messages.
    """
    try:
        become_student(order, {*listeners, report})
        app = connected(order, listeners)
    except BaseException:
        os.write(report, traceback.format_exc().encode()[-60_000:])
        os._exit(1)
    os.close(report)
    app.start()
    sys.stdout.flush()
    os._exit(0)


def connected(order: dict, ends: list[int]):
    """Return the kernel: for any Jupyter client on five channels, or for the grader alone on one socket."""
    if order["jupyter"]:
        from .kernel import connected

        return connected(dict(zip(CHANNELS, ends, strict=True)), order["key"])
    from .direct import connected

    (end,) = ends
    return connected(socket.socket(fileno=end))


def become_student(order: dict, keep: set[int]) -> None:
    """Leave everything behind that belongs to the parent: descriptors, signals, environment, random state."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for descriptor in map(int, os.listdir("/proc/self/fd")):
        if descriptor > 2 and descriptor not in keep:
            close_if_open(descriptor)
    for name in set(os.environ) - set(order["env"]):
        del os.environ[name]
    os.environ.update({name: text for name, text in order["env"].items() if os.environ.get(name) != text})
    os.umask(0o077)
    os.chdir(WORK)
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # so that the grader may measure its memory
    linux.limit_resources(order["limits"])
    random.seed()
    if "numpy" in sys.modules:
        # Thirty-two bits of chance: NumPy takes a hundred times as long to gather more by itself.
        sys.modules["numpy"].random.seed(int.from_bytes(os.urandom(4), "little"))
    linux.refuse_calls()  # while there is one thread: the filter binds a thread and those it starts


def close_if_open(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:  # the listing itself used it
        return
