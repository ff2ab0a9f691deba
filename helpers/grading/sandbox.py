"""The walls around a student's kernel: what bubblewrap is asked for, and whether this machine can give it.

Inside there is no network, no process, message queue or user but the sandbox's own; /usr, Python and
`helpers` are there read-only, everything else is not there at all. The student's files are in /student, where
no course can lie. An ordinary user's sandbox runs as that
user without any rights. Root's sandbox runs as a user number that owns nothing: a first bubblewrap lays
out what that user may see (which may lie in a home that is closed to others), and inside it the number is
changed and the same bubblewrap as for everybody is started.
"""

import os
import platform
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import helpers

COURSE = Path(helpers.__file__).resolve().parent.parent
PRIVATE = ("source", "release", "submitted", "autograded", "feedback", "gradebook.db", "nbgrader_config.py")
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")
MACHINES = ("x86_64", "aarch64", "riscv64")  # whose system calls helpers.grading.inside.linux can filter
OTHERWISE = "`--unsafe-no-sandbox` grades without protection."
START = "import sys; sys.path.insert(0, {course!r}); from helpers.grading.inside.start import main; main(sys.argv[1:])"


class SandboxUnavailable(RuntimeError):
    """No student's code can be held on this machine; the message says why and what to do about it."""


class KernelFailed(RuntimeError):
    """The sandboxed kernel did not start; the message says why."""


class NotNested(KernelFailed):
    """A warm process may not make sandboxes of its own on this system."""


def clean_environment() -> dict[str, str]:
    """Return the environment of a student's kernel: nothing of the grader's own, one thread per library."""
    return {
        "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/student/home",
        "USER": "student",
        "LANG": "C.UTF-8",
        "TMPDIR": "/student/tmp",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "NBGRADER_EXECUTION": "autograde",
        "MALLOC_ARENA_MAX": "2",  # else every thread reserves address space of its own
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }


@cache
def trees(private: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Return the folders outside /usr that Python and the course need, none inside another.

    Raises SandboxUnavailable if one of them holds something that students must not read: the course's own
    `source/`, gradebook and so on, the home folder, or one of `private`.
    """
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    wanted = {Path(prefix) for prefix in prefixes} | {Path(prefix).resolve() for prefix in prefixes}
    wanted.add(Path(helpers.__file__).resolve().parent)
    outside = {tree for tree in wanted if not tree.is_relative_to("/usr")}
    tops = [tree for tree in outside if not any(tree != t and tree.is_relative_to(t) for t in outside)]
    forbidden = [Path(os.path.expanduser("~")), *(COURSE / name for name in PRIVATE), *private]
    for tree in [Path("/usr"), *tops]:
        for path in forbidden:
            if path.resolve().is_relative_to(tree) and os.path.exists(path):
                raise SandboxUnavailable(
                    f"{path} lies inside {tree}, which students' code can read: move one of them. {OTHERWISE}"
                )
    return tuple(sorted(map(str, tops)))


def layout(folders: Sequence[str]) -> list[str]:
    """Return bubblewrap's arguments for a read-only system with these folders in it."""
    arguments = ["--ro-bind", "/usr", "/usr"]
    for path in SYSTEM:
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            arguments += ["--ro-bind", path, path]
    arguments += ["--perms", "0755", "--dir", "/etc"]
    for name in SETTINGS:
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for folder in folders:
        for parent in reversed(Path(folder).parents[:-1]):
            arguments += ["--perms", "0755", "--dir", str(parent)]
        arguments += ["--ro-bind", folder, folder]
    return arguments


def become_nobody(folders: Sequence[str], user: int) -> list[str]:
    """Return the command that root puts before a sandbox's own: the same folders seen by a user without rights."""
    rights = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]
    drop = [
        "--clear-groups",
        "--inh-caps=-all",
        "--ambient-caps=-all",
        "--bounding-set=-all",
        "--no-new-privs",
    ]
    return [
        *("bwrap", "--die-with-parent", *rights, *layout(folders)),
        # The host's /proc is seen by these two programs only: Linux lets the sandbox have a fresh one of
        # its own just where a complete one was visible before.
        *("--bind", "/proc", "/proc", "--dev", "/dev", "--dir", "/tmp", "--remount-ro", "/", "--"),
        *("setpriv", "--reuid", str(user), "--regid", str(user), *drop, "--"),
    ]


def spare_user() -> int | None:
    """Return a user number that owns nothing here, for root; None if the grader is an ordinary user already.

    In a container that maps a single user, "root" is an ordinary user outside and is treated as one.
    """
    if os.geteuid() != 0:
        return None
    with open("/proc/self/uid_map") as file:
        first, _, count = (int(number) for number in file.readlines()[-1].split())
    if count < 2:
        return None
    top = min(first + count, 2**31) - 2
    return top - secrets.randbelow(min(400, count - 1))


def command(
    control: int, folders: Sequence[str], disk_bytes: int, modules: tuple[str, ...] = ()
) -> list[str]:
    """Return the command line of a sandbox whose grader holds the other end of socket `control`.

    With `modules` it is the sandbox of the warm process, without it is that of one kernel.
    """
    user, private = spare_user(), ["--size", str(disk_bytes), "--tmpfs"]
    return [
        *([] if user is None else become_nobody(folders, user)),
        *("bwrap", "--unshare-user", "--unshare-all", "--hostname", "downhill", "--as-pid-1"),
        *("--die-with-parent", "--new-session", *layout(folders), "--proc", "/proc", "--dev", "/dev"),
        *(*private, "/student", *private, "/dev/shm", "--dir", "/student/tmp"),
        # A course that itself lies below /tmp has to be seen there: then only TMPDIR names the private one.
        *(
            ()
            if any(folder.startswith("/tmp/") for folder in folders)
            else ("--symlink", "student/tmp", "/tmp")
        ),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/student", "--"),
        *(sys.executable, "-I", "-c", START.format(course=str(COURSE)), str(control), *modules),
    ]


@cache
def missing() -> str | None:
    """Return why no sandbox can be had on this machine and what to do about it, in one sentence, or None."""
    if sys.platform != "linux" or platform.machine() not in MACHINES:
        return (
            f"Grading holds students' code in a Linux sandbox and this is {platform.system()} on "
            f"{platform.machine()}: grade on Linux (a virtual machine will do). {OTHERWISE}"
        )
    if shutil.which("bwrap") is None:
        return (
            "Grading holds students' code in bubblewrap, which is not installed: `sudo apt install "
            f"bubblewrap` (Fedora: `sudo dnf install bubblewrap`). {OTHERWISE}"
        )
    user = spare_user()
    trial = subprocess.run(
        [*([] if user is None else become_nobody([], user)), "bwrap", "--unshare-user", "--unshare-all",
         "--as-pid-1", *layout([]), "--proc", "/proc", "--size", "4096", "--tmpfs", "/tmp", "true"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if trial.returncode != 0:
        return (
            f"bubblewrap cannot make a sandbox here ({trial.stderr.strip()}): it must be 0.6 or newer and "
            "be allowed user namespaces (Ubuntu: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`; in Docker: "
            f"`--security-opt seccomp=unconfined --security-opt systempaths=unconfined`). {OTHERWISE}"
        )
    return None


def require_sandbox() -> None:
    """Raise SandboxUnavailable if this machine cannot hold a student's code."""
    sentence = missing()
    if sentence is not None:
        raise SandboxUnavailable(sentence)
