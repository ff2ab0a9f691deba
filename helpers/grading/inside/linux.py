"""The Linux calls that Python's standard library does not have: namespaces, mounts, rights, system calls.

Sources: the manual pages unshare(2), mount(2), capabilities(7), prctl(2), seccomp(2), of Linux man-pages 6.
"""

import ctypes
import os
import platform
import re
import resource
import signal
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
PYTHON = ctypes.PyDLL(None, use_errno=True)  # the same, called without letting go of Python's lock
PYTHON.syscall.restype = ctypes.c_long
PYTHON.syscall.restype = ctypes.c_long

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
NEW_EVERYTHING = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 4, 22, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL, SECCOMP_MODE_FILTER = 4, 2
LARGE, MADV_COLLAPSE = 2**21, 25
RLIMIT_NICE, RLIMIT_RTPRIO = 13, 14  # Python's resource module does not name them


def checked(result: int, doing: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{doing}: {os.strerror(number)}")
    return result


def fork_into(flags: int) -> int:
    """Fork into new namespaces, one process where `unshare` and then `os.fork` make two; return as `os.fork` does.

    To be called in a process of one thread that holds no lock, as nothing is put right in the child: what Python, its
    modules and C's library do after a fork is done when the child itself calls `os.fork`. Raises OSError where the
    system refuses.
    """
    number = CLONE_CALL[MACHINES[platform.machine()][1]]
    return checked(
        PYTHON.syscall(*map(ctypes.c_ulong, (number, flags | signal.SIGCHLD, 0, 0, 0, 0))), "clone"
    )


def use_large_pages() -> None:
    """Have the memory of this process in pages of 2 MiB, as far as the system can: a fork has less to copy then.

    What is written later is copied in small pages all the same. Systems before Linux 6.1 refuse, and nothing changes.
    """
    with open("/proc/self/maps") as file:
        areas = [line.split() for line in file]
    for span, rights, *_, name in [area if len(area) == 6 else [*area, ""] for area in areas]:
        if rights == "rw-p" and name in ("", "[heap]"):
            first, end = (int(address, 16) for address in span.split("-"))
            for address in range(-(-first // LARGE) * LARGE, end - LARGE + 1, LARGE):
                LIBC.madvise(ctypes.c_void_p(address), ctypes.c_size_t(LARGE), MADV_COLLAPSE)


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags` for new ones; raises OSError."""
    checked(LIBC.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """Mount a file system; raises OSError."""
    parts = [ctypes.c_char_p(text.encode()) for text in (source, target, kind)]
    checked(
        LIBC.mount(*parts, ctypes.c_ulong(flags), ctypes.c_char_p(data.encode() or None)), f"mount {target}"
    )


def prctl(option: int, *arguments) -> int:
    longs = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(LIBC.prctl(option, *longs), f"prctl {option}")


def hide_from_siblings() -> None:
    """Close this process's memory and /proc entries to every process of the same user."""
    prctl(PR_SET_DUMPABLE, 0)


def drop_rights() -> None:
    """Give up every capability for good, those of programs started later included."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)  # no program started from here on can have more than this process
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    checked(LIBC.capset(header, bytes(24)), "capset")


def limit_resources(limits: dict) -> None:
    """Set the bounds that the operating system holds for every process from here on.

    RLIMIT_DATA counts all private writable memory. Shared anonymous memory is not in it, so the address
    space is bounded too; generously, because libraries and thread stacks reserve much that they never use.
    RLIMIT_NPROC is counted per user namespace since Linux 5.14, and each sandbox has its own. Before, it
    counted all that the grader itself runs; there, the guard outside counts and ends the notebook.
    """
    bounds = {
        resource.RLIMIT_DATA: limits["memory"],
        resource.RLIMIT_AS: 2 * limits["memory"] + 2**31,
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_FSIZE: limits["file_bytes"],
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 256,
        RLIMIT_NICE: 0,
        RLIMIT_RTPRIO: 0,
    }
    if tuple(map(int, re.findall(r"\d+", platform.release())[:2])) >= (5, 14):
        bounds[resource.RLIMIT_NPROC] = limits["processes"]
    for which, bound in bounds.items():
        ceiling = resource.getrlimit(which)[1]
        value = int(bound) if ceiling == resource.RLIM_INFINITY else min(int(bound), ceiling)
        resource.setrlimit(which, (value, value))
    # A second more before the kill, so that the grader is told the reason: SIGXCPU.
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (max(soft - 1, 1), hard))


# System calls that a student's process has no use for: (name, number on x86-64, number on arm64 and riscv64).
# They look into or steer other processes, change namespaces or mounts, keep memory that no limit counts,
# undo the binding to one core, or have been the way through the kernel's walls before.
# Calls that take flags, with the place of these: bytes out of band are nobody's way to talk, and went wrong in Linux.
FLAGGED_CALLS = (
    ("sendto", 44, 206, 3), ("sendmsg", 46, 211, 2), ("sendmmsg", 307, 269, 3),
    ("recvfrom", 45, 207, 3), ("recvmsg", 47, 212, 2), ("recvmmsg", 299, 243, 3),
)  # fmt: skip
OUT_OF_BAND = 1
CLONE_CALL, SOCKET_CALL = (56, 220), (41, 198)
REFUSED_CALLS = (
    ("ptrace", 101, 117), ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271),
    ("kcmp", 312, 272), ("pidfd_getfd", 438, 438), ("process_madvise", 440, 440),
    ("unshare", 272, 97), ("setns", 308, 268), ("mount", 165, 40), ("umount2", 166, 39),
    ("pivot_root", 155, 41), ("chroot", 161, 51), ("open_tree", 428, 428), ("move_mount", 429, 429),
    ("fsopen", 430, 430), ("fsconfig", 431, 431), ("fsmount", 432, 432), ("fspick", 433, 433),
    ("mount_setattr", 442, 442), ("open_tree_attr", 467, 467), ("name_to_handle_at", 303, 264),
    ("open_by_handle_at", 304, 265), ("add_key", 248, 217), ("request_key", 249, 218),
    ("keyctl", 250, 219), ("bpf", 321, 280), ("perf_event_open", 298, 241), ("userfaultfd", 323, 282),
    ("shmget", 29, 194), ("shmat", 30, 196), ("msgget", 68, 186), ("semget", 64, 190),
    ("mq_open", 240, 180), ("sched_setaffinity", 203, 122), ("sched_setattr", 314, 274),
    ("init_module", 175, 105), ("finit_module", 313, 273),
    ("delete_module", 176, 106), ("kexec_load", 246, 104), ("reboot", 169, 142), ("syslog", 103, 116),
    ("quotactl", 179, 60), ("acct", 163, 89), ("swapon", 167, 224),
)  # fmt: skip
# Answered "no such call", so that libraries fall back on an older one that the filter can look into.
MISSING_CALLS = (
    ("clone3", 435, 435), ("memfd_create", 319, 279), ("memfd_secret", 447, 447),
    ("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_uring_register", 427, 427),
)  # fmt: skip
SOCKET_FAMILIES = (
    1,
    2,
    10,
    16,
)  # unix, IPv4, IPv6, netlink: the rest, vsock above all, ignores network namespaces
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1), "riscv64": (0xC00000F3, 1)}
EPERM, ENOSYS = 1, 38
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
KILL, REFUSE, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data (little endian)
NAMESPACE_FLAGS = 0x7E020000


def call_filter(machine: str) -> bytes:
    """Return the seccomp program for one kind of machine; raises KeyError for a machine it does not know."""
    architecture, column = MACHINES[machine]

    def one(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_true, if_false, value)

    program = [one(LOAD, ARCHITECTURE), one(EQUAL, architecture, 1, 0), one(RETURN, KILL), one(LOAD, NUMBER)]
    if machine == "x86_64":  # the x32 way of calling has numbers of its own
        program += [one(AT_LEAST, 0x40000000, 0, 1), one(RETURN, REFUSE | ENOSYS)]
    for calls, answer in ((REFUSED_CALLS, EPERM), (MISSING_CALLS, ENOSYS)):
        for call in calls:
            program += [one(EQUAL, call[1 + column], 0, 1), one(RETURN, REFUSE | answer)]
    for call in FLAGGED_CALLS:
        program += [
            one(EQUAL, call[1 + column], 0, 4), one(LOAD, FIRST_ARGUMENT + 8 * call[3]),
            one(ANY_BIT, OUT_OF_BAND, 0, 1), one(RETURN, REFUSE | EPERM), one(RETURN, ALLOW),
        ]  # fmt: skip
    program += [
        one(EQUAL, CLONE_CALL[column], 0, 3), one(LOAD, FIRST_ARGUMENT),
        one(ANY_BIT, NAMESPACE_FLAGS, 0, 1), one(RETURN, REFUSE | EPERM), one(LOAD, NUMBER),
        one(EQUAL, SOCKET_CALL[column], 1, 0), one(RETURN, ALLOW), one(LOAD, FIRST_ARGUMENT),
    ]  # fmt: skip
    for family in SOCKET_FAMILIES:
        program += [one(EQUAL, family, 0, 1), one(RETURN, ALLOW)]
    return b"".join((*program, one(RETURN, REFUSE | EPERM)))


def refuse_calls() -> None:
    """Let the kernel refuse, from here on and for every child, the calls a student has no use for.

    Needs `drop_rights` first. Raises OSError, and KeyError on a machine whose call numbers are unknown.
    """
    program = call_filter(platform.machine())
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(head))
