"""Hostile code in the sandbox: the harm does not happen, in a cold kernel and in a forked one alike.

Everything hostile here runs inside a sandbox with small limits. The core of the module is run a second
time as an ordinary user at its end.
"""

import dataclasses
import errno
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import wait
from pathlib import Path

import pytest

from helpers.grading import sandbox
from helpers.grading.limits import MIB, Limits, refused
from helpers.grading.measure import tree
from helpers.grading.session import launch
from tests.grading.kernels import Kernel, began, living
from tests.requirements import need

pytestmark = pytest.mark.usefixtures("walls")
WAYS = {"cold": False, "warm": True}
# What the second run repeats: one test or more for each wall and each way of holding a limit.
CORE = (
    "network",
    "outside",
    "environment",
    "processes",
    "guardian",
    "rights",
    "fork_bomb",
    "memory",
    "disk_bomb",
)
CORE += ("ignores", "outlive", "copies")
AGAIN = "DOWNHILL_TEST_AS_ORDINARY_USER"  # set in the second run


@pytest.fixture(scope="module")
def walls():
    return need("bwrap")


@pytest.fixture(scope="module", params=WAYS)
def peeper(request, walls, tmp_path_factory):
    """A kernel for code that only looks; what it must not see is set up before it starts."""
    secret = tmp_path_factory.mktemp("course") / "gradebook.db"
    secret.write_text("the secret of the class")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_GRADER", "the secret of the class")
        with Kernel(warm=WAYS[request.param]) as kernel:
            kernel.secret = secret
            yield kernel


@pytest.fixture(params=WAYS)
def start(request, walls):
    """Return a function that makes a kernel for one test."""
    return lambda folder=None, **limits: Kernel(folder, warm=WAYS[request.param], **limits)


def test_no_network_leads_out(peeper):
    with socket.create_server(("127.0.0.1", 0)) as server:
        tried = (
            f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), timeout=2)"
        )
        assert peeper.error(tried) in ("OSError", "ConnectionRefusedError")  # its own loopback, down or up
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert peeper.value("[name for _, name in socket.if_nameindex()]", "import socket") == ["lo"]
    assert peeper.error("socket.getaddrinfo('example.org', 80)") == "gaierror"


def test_local_sockets_of_the_machine_cannot_be_reached(peeper):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0downhill-test-of-abstract-names")
        server.listen()
        code = "import socket; socket.socket(socket.AF_UNIX).connect('\\0downhill-test-of-abstract-names')"
        assert peeper.error(code) == "ConnectionRefusedError"


def test_socket_families_that_ignore_network_namespaces_are_refused(peeper):
    assert (
        peeper.error("import socket; socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)") == "PermissionError"
    )


def test_files_outside_do_not_exist(peeper):
    outside = [
        peeper.secret,
        sandbox.COURSE / "source",
        sandbox.COURSE / "README.md",
        "/etc/passwd",
        "/etc/shadow",
    ]
    found = peeper.value(
        f"[path for path in {list(map(str, outside))} if os.path.lexists(path)]", "import os"
    )
    assert found == []
    assert peeper.error(f"open({str(peeper.secret)!r})") == "FileNotFoundError"


def test_the_course_folder_shows_the_helpers_and_python_only(peeper):
    shown = peeper.value(f"os.listdir({str(sandbox.COURSE)!r})", "import os")
    allowed = {"helpers"} | {os.path.relpath(tree, sandbox.COURSE).split("/")[0] for tree in sandbox.trees()}
    assert "helpers" in shown
    assert set(shown) <= allowed


def test_the_environment_holds_nothing_of_the_graders(peeper):
    allowed = set(sandbox.clean_environment()) | {"PYDEVD_USE_FRAME_EVAL"}
    by_ipython = {"TERM", "CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PAGER", "GIT_PAGER"}
    assert set(peeper.value("sorted(os.environ)", "import os")) <= allowed | by_ipython


def test_the_secret_is_nowhere_in_what_proc_shows(peeper):
    read = """
    import glob, threading
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    seen = []
    for path in [*glob.glob("/proc/[0-9]*/environ"), *glob.glob("/proc/[0-9]*/cmdline"), "/proc/self/mountinfo"]:
        try:
            seen.append(open(path, "rb").read())
        except OSError:
            continue
    """
    assert peeper.value("b'secret of the class' in b''.join(seen) or len(seen) < 2", read) is False


def test_only_its_own_processes_are_visible(peeper):
    pids = peeper.value("sorted(int(n) for n in os.listdir('/proc') if n.isdigit())", "import os")
    assert pids == [1, peeper.value("os.getpid()")]


@pytest.mark.parametrize("entry", ["mem", "environ", "maps", "fd", "root", "cwd", "map_files"])
def test_the_guardian_cannot_be_looked_into(peeper, entry):
    look = f"import os; (os.listdir if os.path.isdir(p := '/proc/1/{entry}') else lambda p: open(p, 'rb').read(1))(p)"
    assert peeper.error(look) in ("PermissionError", "OSError")


CALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def errno_of(*call):
    result = libc.syscall(*call)
    return ctypes.get_errno() if result < 0 else 0
"""


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("ptrace", "101, 16, 1, 0, 0"),
        ("process_vm_readv", "310, 1, 0, 0, 0, 0, 0"),
        ("mount", "165, b'none', b'/tmp', b'tmpfs', 0, 0"),
        ("unshare", "272, 0x10000000"),
        ("setns", "308, 0, 0"),
        ("chroot", "161, b'/tmp'"),
        ("clone into a new user namespace", "56, 0x10000000 | 17, 0, 0, 0, 0"),
        ("setuid 0", "105, 0"),
        ("keyctl", "250, 0, 0, 0, 0"),
        ("bpf", "321, 0, 0, 0"),
        ("shared memory of System V", "29, 0, 4096, 0o1600"),
        ("message queue", "68, 0, 0o1600"),
    ],
)  # fmt: skip
def test_calls_that_steer_the_system_are_refused(peeper, name, call):
    if peeper.value("os.uname().machine", "import os") != "x86_64":
        call = {"setuid 0": "146, 0"}.get(name, "")
    if call:
        assert peeper.value(f"errno_of({call})", CALL) in (errno.EPERM, errno.EINVAL), name


def test_no_rights_are_left_and_every_thread_is_filtered(peeper):
    read = """
    import glob, threading
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    states = [dict(line.split(":\\t", 1) for line in open(path).read().splitlines() if ":\\t" in line)
              for path in glob.glob("/proc/self/task/*/status")]
    """
    states = peeper.value("states", read)
    assert len(states) > 1
    for state in states:
        assert {state[name].strip("0") for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {""}
        assert (state["NoNewPrivs"], state["Seccomp"]) == ("1", "2")
        assert "0" not in state["Uid"].split()


def test_nothing_of_the_graders_is_open(peeper):
    read = """
    import os, socket, stat
    links, kinds = [], []
    for number in map(int, os.listdir("/proc/self/fd")):
        try:
            links.append(os.readlink(f"/proc/self/fd/{number}"))
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                kinds.append(socket.socket(fileno=os.dup(number)).getsockopt(socket.SOL_SOCKET, socket.SO_TYPE))
        except OSError:
            continue
    """
    links, kinds = peeper.value("[links, kinds]", read)
    # Its own prints go through two files, with no name or with one that is gone: as the file system has it.
    own = re.compile(r"/student/tmp/(#\d+|tmp\w+) \(deleted\)")
    files = {link.split(":")[0] for link in links if not own.fullmatch(link)}
    assert files <= {"/dev/null", "socket", "pipe", "anon_inode"}
    assert set(kinds) == {int(socket.SOCK_STREAM)}  # the grader's control socket is of another kind


def test_it_keeps_to_one_core(peeper):
    assert peeper.value("len(os.sched_getaffinity(0))", "import os") == 1
    assert peeper.error("os.sched_setaffinity(0, range(64))") == "PermissionError"


@pytest.mark.parametrize("bound", ["NPROC", "AS", "DATA", "NOFILE", "FSIZE", "CPU", "CORE"])
def test_a_limit_cannot_be_raised(peeper, bound):
    raised = f"import resource as r; r.setrlimit(r.RLIMIT_{bound}, (r.RLIM_INFINITY, r.RLIM_INFINITY))"
    assert peeper.error(raised) in ("ValueError", "PermissionError")


def test_nothing_outside_the_private_folders_can_be_written(peeper):
    write = """
    import os
    written = []
    for folder, below, _ in os.walk("/"):
        if folder.startswith(("/student", "/dev/shm", "/proc")) or folder.count("/") > 3:
            below.clear()
            continue
        try:
            open(folder + "/planted", "w").close()
            written.append(folder)
        except OSError:
            continue
    """
    assert peeper.value("written", write) == []
    for entry in ("sys/kernel/hostname", "sys/vm/drop_caches", "1/oom_score_adj"):
        assert peeper.error(f"open('/proc/{entry}', 'w').write('1')") in ("PermissionError", "OSError")


def test_signals_reach_nobody_else(peeper):
    for pid in (os.getpid(), peeper.process.pid, *(pid for pid, _ in peeper.processes)):
        assert peeper.error(f"import os; os.kill({pid}, 9)") in ("ProcessLookupError", None), pid
    run = peeper.run("import os, signal\nfor s in (9, 15, 19, 2, 17): os.kill(1, s)\nprint('still here')")
    assert run.outputs[0]["text"] == "still here\n"


def test_killing_everybody_kills_nobody_else(start):
    with start() as kernel, start() as other:
        everybody = "import os, time\nif os.fork() == 0: time.sleep(60)\nos.kill(-1, 9); print(os.wait()[1])"
        assert kernel.run(everybody).outputs[0]["text"] == "9\n"
        assert other.value("1") == 1


def test_files_come_as_copies_and_nothing_written_comes_back(start, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "points.csv").write_text("1,2\n")
    with start(tmp_path) as kernel:
        read = kernel.value("open('data/points.csv').read()")
        kernel.run("open('data/points.csv', 'w').write('wrong'); open('left.py', 'w').write('x')")
        assert kernel.value("open('data/points.csv').read()") == "wrong"
    assert read == "1,2\n"
    assert (tmp_path / "data" / "points.csv").read_text() == "1,2\n"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    with start(tmp_path) as kernel:
        assert kernel.value("sorted(os.listdir())", "import os") == ["data"]


def test_links_out_of_the_folder_and_notebooks_do_not_come_along(start, tmp_path):
    (tmp_path / "secret.txt").write_text("the secret of the class")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "above").symlink_to(tmp_path, target_is_directory=True)
    (folder / "hw.ipynb").write_text("hidden tests")
    os.mkfifo(folder / "pipe")
    with start(folder) as kernel:
        assert kernel.value("os.listdir()", "import os") == []
        assert sorted(kernel.kernel.left_out) == [
            f"{n} (a link or a device)" for n in ("above", "link.txt", "pipe")
        ]
        planted = f"os.symlink({str(tmp_path)!r}, 'way'); open('way/secret.txt')"
        assert kernel.error(planted) == "FileNotFoundError"


def test_modules_beside_the_notebook_do_not_replace_the_courses(start, tmp_path):
    for name in ("numpy.py", "sitecustomize.py", "json.py", "zmq.py"):
        (tmp_path / name).write_text("raise SystemExit('replaced')")
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "__init__.py").write_text("raise SystemExit('replaced')")
    (tmp_path / "my_part.py").write_text("answer = 42")
    with start(tmp_path) as kernel:
        assert kernel.value(
            "[np.__file__ != 'numpy.py', helpers.__doc__ is not None]", "import numpy as np, helpers"
        )
        assert kernel.value("my_part.answer", "import my_part") == 42


def test_a_fork_bomb_stays_within_its_sandbox(start):
    with start(processes=40, cell_seconds=2) as kernel:
        bomb = kernel.start("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")
        most, pids = 0, set()
        while not wait([bomb], timeout=0.02).done:
            seen = tree(kernel.process.pid) if kernel.process.pid else []
            most = max(most, sum(process.tasks for process in seen))
            pids.update((process.pid, began(process.pid)) for process in seen)
        run = kernel.finish(bomb)
    assert run.stop.limit in ("cell_seconds", "processes")
    assert 20 < most <= 40 + 1
    assert living(pids) == []


def test_processes_are_counted_from_outside_as_well(start):
    with start() as kernel:
        kernel.process.limits = dataclasses.replace(
            kernel.process.limits, processes=10
        )  # the grader's copy alone
        run = kernel.run("import os, time\nfor _ in range(15): os.fork() or time.sleep(60)\ntime.sleep(60)")
    assert (run.status, run.stop.limit) == ("stopped", "processes")


@pytest.mark.parametrize(
    "bomb",
    {
        "one array": "import numpy as np; np.ones(2**27)",
        "many small": "x = []\nwhile True: x.append(bytearray(2**20))",
        "shared": "import mmap; m = mmap.mmap(-1, 2**40)",
    }.values(),
)
def test_one_process_is_refused_more_memory(start, bomb):
    with start(memory=512 * MIB) as kernel:
        run = kernel.run(bomb)
        assert run.stop.limit == "memory"
        assert run.stop.fatal is False
        assert kernel.value("1") == 1


@pytest.mark.parametrize(
    "bomb",
    {
        "shared": "import mmap, time\nm = mmap.mmap(-1, 2**30)\nfor i in range(0, 2**30, 4096): m[i] = 1\ntime.sleep(60)",
        "a family": "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n"
        "        x = bytearray(os.urandom(1)) * (150 * 2**20); time.sleep(60)\ntime.sleep(60)",
    }.values(),
)
def test_memory_of_all_processes_together_is_bounded(start, bomb):
    with start(memory=512 * MIB, cell_seconds=30) as kernel:
        pids = kernel.processes
        run = kernel.run(bomb)
    assert run.status == "stopped"
    assert run.stop == kernel.kernel.stop
    assert run.stop.limit == "memory"
    assert "512 MiB" in run.stop.sentence
    assert living(pids) == []


@pytest.mark.parametrize("folder", ["/student/home", "/student/tmp", "/dev/shm"])
def test_a_disk_bomb_fills_its_own_few_megabytes(start, folder):
    with start(disk_bytes=8 * MIB, file_bytes=4 * MIB) as kernel:
        write = f"n = 0\nwhile True:\n    open(f'{folder}/{{n}}', 'wb').write(bytes(2**20)); n += 1"
        run = kernel.run(write)
        assert (run.ename, run.stop.limit) == ("OSError", "disk_bytes")
        assert 4 <= kernel.value("n") <= 8


def test_a_file_stays_below_its_limit(start):
    with start(file_bytes=MIB) as kernel:
        run = kernel.run("f = open('big', 'wb', buffering=0)\nwhile True: f.write(bytes(2**18))")
        assert run.stop.limit == "file_bytes"
        assert kernel.value("f.tell()") == MIB


def test_memory_that_no_limit_counts_is_refused(start):
    with start() as kernel:
        assert kernel.error("import os; os.memfd_create('x')") == "OSError"


def test_too_many_small_files_end_the_notebook(start):
    with start(files=500) as kernel:
        run = kernel.run("n = 0\nwhile True:\n    open(str(n), 'w').close(); n += 1")
        assert run.stop.limit in ("files", "disk_bytes")


def test_an_output_bomb_is_cut_off_and_the_grader_stays_small(start):
    with start(output_bytes=2 * MIB) as kernel:
        run = kernel.run("while True: print('x' * 10_000)")
        assert (run.status, run.stop.limit) == ("stopped", "output_bytes")
        assert len(json.dumps(run.outputs)) < 3 * MIB


def test_bytes_written_past_jupyter_are_counted_too(start):
    flood = """
    import os, stat
    while True:
        for number in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    os.write(number, bytes(2**16))
            except OSError:
                continue
    """
    with start(output_bytes=2 * MIB, cell_seconds=3) as kernel:
        run = kernel.run(flood)
    assert run.stop.limit in ("output_bytes", "cell_seconds", "died", "garbled")
    assert kernel.process.sent < 4 * MIB


@pytest.mark.parametrize(
    "forged",
    {
        "nothing at all": "k.session.connection.end.sendall(bytes(64))",
        "no mapping": "k.session.connection.end.sendall(b'\\x02\\0\\0\\0[]')",
        "no JSON": "k.session.connection.end.sendall(b'\\x02\\0\\0\\0{x')",
        "no sizes": "import json, struct; head = json.dumps({'kind': '', 'id': '', 'content': {}, 'buffers': [-1]}); "
        "k.session.connection.end.sendall(struct.pack('<I', len(head)) + head.encode())",
        "no picture": "k.session.send('', 'display_data', {'data': {'image/png': 5}}, parent=k.get_parent())",
        "no text": "k.session.send('', 'stream', {'name': 'x'}, parent=k.get_parent())",
        "no lines": "k.session.send('', 'error', {'ename': 'x', 'evalue': 'y', 'traceback': [1]}, parent=k.get_parent())",
    }.values(),
)
def test_a_forged_message_ends_the_notebook_and_nothing_else(start, forged):
    with start() as kernel:
        run = kernel.run(f"k = get_ipython().kernel; {forged}; import time; time.sleep(30)")
        assert (run.status, run.stop.limit) == ("stopped", "garbled")


def test_too_many_open_files_are_refused(start):
    with start(open_files=100) as kernel:
        run = """
        kept = []
        try:
            while True: kept.append(open("/dev/null"))
        except OSError as error:
            found = [str(error), len(kept)]
            kept.clear()
        """
        error, kept = kernel.value("found", run)
        assert kept < 100
        assert refused("OSError", error, kernel.kernel.limits).limit == "open_files"


def test_an_endless_cell_is_interrupted_and_the_notebook_goes_on(start):
    with start(cell_seconds=1, grace_seconds=20) as kernel:
        run = kernel.run("while True: pass")
        assert (run.status, run.ename, run.stop.limit) == ("error", "KeyboardInterrupt", "cell_seconds")
        assert run.stop.fatal is False
        assert kernel.value("1 + 1") == 2


@pytest.mark.parametrize(
    "stubborn",
    {
        "deaf": "import signal; signal.signal(2, signal.SIG_IGN)\nwhile True: pass",
        "catching": "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass",
        "stopped": "import os; os.kill(os.getpid(), 19)",
        "blocked": "import signal; signal.pthread_sigmask(0, range(1, 64)); import time; time.sleep(60)",
    }.values(),
)
def test_a_cell_that_ignores_the_interrupt_is_killed(start, stubborn):
    with start(cell_seconds=1) as kernel:
        pids = kernel.processes
        run = kernel.run(stubborn)
        assert (run.status, run.stop.limit, run.stop.fatal) == ("stopped", "cell_seconds", True)
    assert living(pids) == []


def test_threads_and_detached_processes_do_not_outlive_the_kernel(start):
    linger = """
    import os, signal, subprocess, threading, time
    threading.Thread(target=time.sleep, args=(600,)).start()
    subprocess.Popen(["/usr/bin/setsid", "/usr/bin/nohup", "/usr/bin/sleep", "600"])
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in set(signal.valid_signals()) - {9, 19, 32, 33}:
                signal.signal(number, signal.SIG_IGN)
            time.sleep(600)
        os._exit(0)
    os.wait()
    """
    with start() as kernel:
        assert kernel.run(linger).status == "ok"
        pids = kernel.processes
        assert len(pids) >= 4  # guardian, kernel, and the two that hide
    assert living(pids) == []


def test_all_of_a_sandbox_keeps_to_one_core_its_first_process_too(start):
    with start() as kernel:
        kernel.run("import subprocess; child = subprocess.Popen(['sleep', '60'])")
        cores = [os.sched_getaffinity(pid) for pid, _ in kernel.processes]
        assert cores == [{kernel.process.core}] * 3


def test_no_byte_goes_out_of_band(peeper):
    send = "import socket; a, b = socket.socketpair(); a.send(b'x', {})"
    assert peeper.error(send.format(0)) is None
    assert peeper.error(send.format("socket.MSG_OOB")) == "PermissionError"


def test_the_whole_notebook_has_its_time(start):
    with start(notebook_seconds=1.5) as kernel:
        run = kernel.run("import time; time.sleep(60)")
    assert (run.status, run.stop.limit) == ("stopped", "notebook_seconds")


def test_computing_has_its_time(start):
    with start(cpu_seconds=2) as kernel:
        run = kernel.run("while True: pass")
    assert (run.status, run.stop.limit) == ("stopped", "cpu_seconds")


@pytest.mark.parametrize(
    "end",
    {
        "exit": "import os; os._exit(0)",
        "kill": "import os; os.kill(os.getpid(), 9)",
        "crash": "import ctypes; ctypes.string_at(0)",
        "hang up": "import os; os.closerange(0, 256)",
    }.values(),
)
def test_a_kernel_that_ends_itself_is_reported_dead(start, end):
    with start(cell_seconds=2) as kernel:
        run = kernel.run(end)
    assert run.status == "stopped"
    assert run.stop.limit in ("died", "cell_seconds")
    assert run.stop.sentence


def test_nothing_is_left_on_the_graders_disk(start):
    mine = f"downhill-{os.getpid()}-*"  # other graders may be at work on this machine
    before = set(Path(tempfile.gettempdir()).glob(mine))
    with start() as kernel:
        kernel.run("open('left', 'w').write('behind')")
    process = launch(None, Limits(), key="a Jupyter kernel")
    assert process.folder.exists()
    process.close()
    assert set(Path(tempfile.gettempdir()).glob(mine)) == before


def test_the_proof_holds_for_an_ordinary_user_as_well():
    """Run this module again as a user without rights, seen through the same eye that root's sandbox gives it."""
    if os.environ.get(AGAIN) or sandbox.spare_user() is None:
        assert os.geteuid() != 0 or os.environ.get(AGAIN)  # then every test above ran as one already
        return
    shown = [*sandbox.trees(), str(sandbox.COURSE / "tests"), str(sandbox.COURSE / "pyproject.toml")]
    prefix = sandbox.become_nobody(shown, sandbox.spare_user())
    at = prefix.index("--remount-ro")
    prefix[at:at] = ["--perms", "1777", "--tmpfs", "/scratch", "--perms", "1777", "--dir", "/scratch/home"]
    run = subprocess.run(
        [*prefix, sys.executable, "-m", "pytest", __file__, "-q", "-x", "-p", "no:cacheprovider",
         "--rootdir", str(sandbox.COURSE), "-k", " or ".join(CORE)],
        env={**sandbox.clean_environment(), "HOME": "/scratch/home", "TMPDIR": "/scratch", AGAIN: "1",
             "DOWNHILL_NO_SKIP": "1"},
        capture_output=True, text=True, cwd="/", check=False, timeout=1800,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
    assert " passed" in run.stdout
