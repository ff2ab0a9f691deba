"""Try to leave the sandbox: new namespaces, mounts, keys, tracing, devices."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
tried = {
    "unshare": lambda: libc.unshare(0x10000000),
    "mount": lambda: libc.mount(b"none", b"/student", b"tmpfs", 0, None),
    "chroot": lambda: libc.chroot(b"/"),
    "ptrace": lambda: libc.ptrace(16, 1, 0, 0),
    "setuid": lambda: libc.setuid(0),
    "mknod": lambda: libc.mknod(b"device", 0o20666, 0x101),
}
print("succeeded:", [name for name, attempt in tried.items() if attempt() == 0 and not (name == "setuid" and os.getuid() == 0)])
""",
    shown="succeeded: []",
)
