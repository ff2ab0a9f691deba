"""Kernels forked from one warm process: as good as fresh ones, apart from each other, and small.

tests/grading/test_sandbox.py holds them to the walls; here is what only forks could get wrong, and how the
grader, Jupyter and a machine without bubblewrap meet them.
"""

import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path

import nbformat.v4
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from traitlets import TraitError
from traitlets.config import Config

from helpers.grading import confined, sandbox, warm
from helpers.grading.inside.direct import SMALL, Connection
from helpers.grading.limits import MIB, Limits
from helpers.grading.measure import children, tree
from helpers.grading.provisioner import SandboxKernelManager, SandboxProvisioner
from helpers.grading.sandbox import KernelFailed
from helpers.grading.session import launch, sandboxed_kernel
from tests.grading.kernels import Kernel, living
from tests.requirements import need

PRIVATE_PER_KERNEL = 30 * MIB


@pytest.fixture(scope="module", autouse=True)
def walls():
    return need("bwrap")


@pytest.fixture
def pair():
    with Kernel(warm=True) as one, Kernel(warm=True) as other:
        yield one, other


def warm_process():
    """Return the number of the process that forks, below bubblewrap's own."""
    pid = warm.warm_parent(sandbox.trees()).program.pid
    while Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0] != sys.executable:
        (pid,) = children(pid)
    return pid


def private_memory(kernel):
    """Return the bytes that the processes of a kernel share with no other process."""
    total = 0
    for used in tree(kernel.process.pid):
        with open(f"/proc/{used.pid}/smaps_rollup") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("Private_"))
    return total * 1024


def test_two_forks_do_not_share_randomness(pair):
    draw = "[np.random.rand(), random.random(), float(np.random.default_rng().random()), tempfile.mktemp()]"
    ours, theirs = (kernel.value(draw, "import random, tempfile, numpy as np") for kernel in pair)
    assert all(a != b for a, b in zip(ours, theirs, strict=True))


def test_what_one_student_breaks_is_whole_for_the_next():
    break_things = """
    import builtins, json, numpy as np, os, sys, tempfile, helpers.check
    np.allclose = builtins.sum = helpers.check.check = lambda *_, **__: 42
    sys.modules["numpy.linalg"] = sys.path[:] = None or []
    os.environ["LEFT"] = "behind"
    open(tempfile.gettempdir() + "/left", "w").close(); open("/dev/shm/left", "w").close(); open("/student/home/left", "w").close()
    """
    look = "[sum([1, 1]), bool(np.allclose(0, 1)), os.environ.get('LEFT'), helpers.check.check.__name__, len(left)]"
    with Kernel(warm=True) as kernel:
        assert kernel.run(break_things).status == "ok"
        assert kernel.value("sum([1, 1])") == 42
    with Kernel(warm=True) as kernel:
        setup = "import glob, os, numpy as np, helpers.check; left = glob.glob('/*/left') + glob.glob('/*/*/left')"
        assert kernel.value(look, setup) == [2, False, None, "check", 0]


def test_concurrent_students_cannot_meet(pair):
    one, other = pair
    leave = """
    import os, socket, tempfile
    server = socket.socket(socket.AF_UNIX); server.bind("\\0meeting"); server.listen()
    open(tempfile.gettempdir() + "/meeting", "w").write("x"); open("/dev/shm/meeting", "w").write("x")
    leader, follower = os.openpty()
    """
    assert one.run(leave).status == "ok"
    found = """
    import os, socket, tempfile
    def fails(f, *args):
        try: f(*args)
        except OSError: return True
    tried = [fails(socket.socket(socket.AF_UNIX).connect, "\\0meeting"), os.path.exists(tempfile.gettempdir() + "/meeting"),
             os.path.exists("/dev/shm/meeting"), os.listdir("/dev/pts"), sorted(filter(str.isdigit, os.listdir("/proc")))]
    """
    assert other.value("tried", found) == [True, False, False, ["ptmx"], ["1", "2"]]
    for pid, _ in one.processes:
        assert other.error(f"os.kill({pid}, 9)") in ("ProcessLookupError", None)
    assert one.value("1") == other.value("1") == 1


def test_the_files_of_one_student_are_not_in_the_memory_of_another(tmp_path):
    search = """
    import re
    def found(halves):
        first, second = (half[::-1].encode() for half in halves)  # never the whole, which would find itself
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
            for line in maps:
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                if "rw" in line.split()[1]:
                    memory.seek(start)
                    part = memory.read(end - start)
                    if any(part[m.end() : m.end() + 32] == second for m in re.finditer(first, part)):
                        return True
        return False
    """

    def turned(text):
        return [text[:32][::-1], text[32:][::-1]]

    ours, theirs = secrets.token_hex(32), secrets.token_hex(32)
    (tmp_path / "mine.txt").write_text(ours)
    with Kernel(tmp_path, warm=True) as first:
        assert first.value("len(open('mine.txt').read())") == 64
    (tmp_path / "mine.txt").write_text(theirs)
    with Kernel(tmp_path, warm=True) as kernel:
        assert kernel.value("len(mine)", "mine = open('mine.txt').read()") == 64
        assert kernel.value(f"found({turned(ours)})", search) is False
        assert kernel.value(f"found({turned(theirs)})") is True  # the search does find


def test_the_warm_process_is_one_thread_without_rights_and_runs_on():
    with Kernel(warm=True) as kernel:
        before = warm_process()
        with open(f"/proc/{before}/status") as file:
            state = dict(line.split(":", 1) for line in file)
        kernel.run("import os; os._exit(1)")
    with Kernel(warm=True):
        assert warm_process() == before
    assert state["Threads"].strip() == "1"
    assert {state[name].strip("0 \t\n") for name in ("CapEff", "CapPrm", "CapInh")} == {""}
    assert "0" not in state["Uid"].split()


def test_the_process_that_waits_for_the_next_kernel_serves_one_student_and_is_replaced_if_it_ends():
    parent = warm.warm_parent(sandbox.trees())
    with Kernel(warm=True) as one:
        waiting = parent.spare
        with Kernel(warm=True) as other:
            assert other.process.outer is waiting
            assert one.process.pid != other.process.pid
            assert parent.spare not in (one.process.outer, waiting)
    parent.spare.shutdown(socket.SHUT_RDWR)  # it takes that for the end of the grader
    assert select.select([parent.spare], [], [], 60)[0]
    with Kernel(warm=True) as kernel:
        assert kernel.value("1 + 1") == 2


def namespaces(pid):
    kinds = ("user", "pid", "mnt", "net", "ipc", "uts", "cgroup")
    return {kind: os.readlink(f"/proc/{pid}/ns/{kind}") for kind in kinds}


def test_the_process_that_waits_shares_no_namespace_with_a_student(pair):
    students = {kernel.process.pid for kernel in pair}
    shared, late = None, time.monotonic() + 60
    while shared != [] and time.monotonic() < late:  # forked a moment ago, it may still be on its way in
        waiting = set(children(warm_process())) - students
        with suppress(OSError):  # the process that went in first has ended, and its child is the one
            apart = [namespaces(pid) for pid in (os.getpid(), warm_process(), *waiting, *students)]
            shared = [kind for kind in apart[0] if len({own[kind] for own in apart}) < len(apart)]
    assert shared == []
    assert len(waiting) == 1
    one, _ = pair
    assert one.value("sorted(filter(str.isdigit, os.listdir('/proc')))", "import os") == ["1", "2"]


class Meeting(warm.Forking):
    """A warm process that forks nothing; whoever takes what waits lingers, so that another could take the same."""

    def __init__(self):
        super().__init__()
        self.both, self.kept = threading.Barrier(2), []
        self.waits = self.fork()

    @property
    def spare(self):
        waiting = self.waits
        with suppress(threading.BrokenBarrierError):
            self.both.wait(timeout=0.3)
        return waiting

    @spare.setter
    def spare(self, waiting):
        self.waits = waiting

    def fork(self):
        """Return a socket at which nobody says anything."""
        self.kept += warm.control()
        return self.kept[-2]


def test_two_threads_that_ask_at_once_get_two_processes():
    parent = Meeting()
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(parent.kernel) for _ in range(2)]
        first, second = (one.result() for one in asked)
    for end in parent.kept:
        end.close()
    assert first is not second


def test_if_the_warm_process_is_killed_its_kernels_end_and_the_next_one_works():
    with Kernel(warm=True) as kernel:
        processes = kernel.processes
        cell = kernel.start("import time; time.sleep(60)")
        wait([cell], timeout=0.1)
        os.kill(warm_process(), signal.SIGKILL)
        run = kernel.finish(cell)
        assert (run.status, run.stop.limit) == ("stopped", "died")
    assert living(processes) == []
    with Kernel(warm=True) as kernel:
        assert kernel.value("1 + 1") == 2


def test_one_more_kernel_costs_little_memory_of_its_own(pair):
    for kernel in pair:
        assert kernel.run("import numpy as np; np.ones(10).sum()").status == "ok"
    assert max(map(private_memory, pair)) <= PRIVATE_PER_KERNEL


def test_a_thread_that_prints_all_the_time_loses_no_reply():
    with Kernel(warm=True) as kernel:
        kernel.run("""
            import sys, threading
            sys.setswitchinterval(1e-5)
            quiet = threading.Event()
            def talk():
                while not quiet.is_set():
                    print("talk", flush=True)
            talking = threading.Thread(target=talk)
            talking.start()
        """)
        runs = [kernel.run(f"{number}") for number in range(200)]
        kernel.run("quiet.set(); talking.join()")
        assert {run.status for run in runs} == {"ok"}
        results = [
            output for run in runs for output in run.outputs if output["output_type"] == "execute_result"
        ]
        assert [output["data"]["text/plain"] for output in results] == [str(number) for number in range(200)]


def test_what_waits_goes_out_before_the_next_message_and_what_is_large_does_not_wait():
    ours, theirs = socket.socketpair()
    large = bytes(SMALL)
    with ours, theirs:
        ours.setblocking(False)
        connection = Connection(theirs)
        connection.send(b"reply", soon=True)
        with pytest.raises(BlockingIOError):
            ours.recv(1)
        connection.send(b"idle")
        assert ours.recv(100) == b"replyidle"
        connection.send(b"reply", soon=True)
        connection.send(large, soon=True)
        assert ours.recv(2 * SMALL) == b"reply" + large
        connection.send(b"idle")
        assert ours.recv(100) == b"idle"


def test_figures_look_the_same_from_a_warm_and_a_fresh_kernel():
    plot = "import matplotlib.pyplot as plt; plt.plot([1, 2]);"
    shown = []
    for way in (True, False):
        with Kernel(warm=way) as kernel:
            shown.append([(output.output_type, sorted(output.data)) for output in kernel.run(plot).outputs])
    assert shown == [[("display_data", ["image/png", "text/plain"])]] * 2


def test_a_module_that_starts_a_thread_is_refused_in_the_warm_process():
    parent = warm.WarmParent([*sandbox.trees(), str(sandbox.COURSE / "tests")], ("tests.grading.threaded",))
    with pytest.raises(KernelFailed, match="not fit for forking: 2 threads"):
        parent.await_warm()


def test_where_forks_may_not_have_sandboxes_a_fresh_kernel_takes_over_and_says_so(monkeypatch):
    def without_nesting(*arguments):
        line = sandbox.command(*arguments)
        at = line.index("--unshare-user")
        return [*line[:at], "--disable-userns", *line[at:]]

    monkeypatch.setattr(warm, "command", without_nesting)
    monkeypatch.setattr(warm, "PARENTS", {})
    try:
        with Kernel(warm=True) as kernel:
            assert kernel.value("1 + 1") == 2
            assert "forking a warm one was refused" in kernel.kernel.note
    finally:
        for parent in warm.PARENTS.values():
            parent.close()


GRADER = """
import json, sys
from helpers.grading.limits import Limits
from helpers.grading.measure import tree
from helpers.grading.session import sandboxed_kernel

with sandboxed_kernel(None, Limits(), warm=sys.argv[1] == "warm") as kernel:
    kernel.run("import os, time\\nif os.fork() == 0: time.sleep(600)")
    print(json.dumps([used.pid for used in tree(kernel.process.pid)]), flush=True)
    kernel.run("import time; time.sleep(600)")
"""


@pytest.mark.parametrize("way", ["warm", "cold"])
def test_if_the_grader_is_killed_so_are_its_kernels(way):
    with subprocess.Popen([sys.executable, "-c", GRADER, way], stdout=subprocess.PIPE, text=True) as grader:
        pids = json.loads(grader.stdout.readline())
        watches = [os.pidfd_open(pid) for pid in pids]
        grader.kill()
    try:
        assert len(pids) == 3
        poll = select.poll()
        for watch in watches:
            poll.register(watch, select.POLLIN)
        for _ in watches:
            (ended, _), *_ = poll.poll(60_000)  # an empty list, hence an error, if one lives on
            poll.unregister(ended)
    finally:
        for watch in watches:
            os.close(watch)


def test_without_bubblewrap_grading_refuses_in_one_sentence(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    sandbox.missing.cache_clear()
    try:
        with (
            pytest.raises(sandbox.SandboxUnavailable, match="sudo apt install bubblewrap"),
            Kernel(warm=False),
        ):
            pass
    finally:
        sandbox.missing.cache_clear()


@pytest.mark.parametrize(("system", "machine"), [("darwin", "arm64"), ("win32", "AMD64"), ("linux", "s390x")])
def test_on_other_systems_grading_refuses_in_one_sentence(monkeypatch, system, machine):
    monkeypatch.setattr(sandbox.sys, "platform", system)
    monkeypatch.setattr(sandbox.platform, "machine", lambda: machine)
    sentence = sandbox.missing.__wrapped__()
    assert "grade on Linux" in sentence
    assert "--unsafe-no-sandbox" in sentence


def test_a_private_path_that_would_be_visible_is_refused(tmp_path):
    inside = sandbox.COURSE / "helpers" / "check.py"
    with (
        pytest.raises(sandbox.SandboxUnavailable, match="move one of them"),
        Kernel(warm=False, private=(inside,)),
    ):
        pass


def test_what_a_killed_grader_left_behind_is_removed(tmp_path, monkeypatch):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True
    )
    for pid in (int(ended.stdout), os.getpid()):
        (tmp_path / f"downhill-{pid}-x").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    confined.sweep.__wrapped__()
    assert [path.name for path in tmp_path.iterdir()] == [f"downhill-{os.getpid()}-x"]


def test_a_kernel_that_was_not_even_begun_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(warm, "PRELOAD", ("no_such_module",))
    monkeypatch.setattr(warm, "PARENTS", {})
    with pytest.raises(KernelFailed, match="No module named 'no_such_module'"), Kernel(warm=True):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_unsafe_switch_runs_the_same_way_and_says_so(tmp_path):
    (tmp_path / "data.txt").write_text("7")

    with sandboxed_kernel(tmp_path, unsafe_no_sandbox=True) as kernel:
        good = kernel.run("print(open('data.txt').read())")
        bad = kernel.run("import os; os._exit(0)")
    assert "NOT SANDBOXED" in kernel.note
    assert good.outputs[0].text == "7\n"
    assert (bad.status, bad.stop.limit) == ("stopped", "died")


def test_a_kernel_that_cannot_start_says_why():
    with pytest.raises(KernelFailed, match=r"did not start within 0\.01 seconds"):
        launch(None, Limits(startup_seconds=0.01), warm=False)


def notebook(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def executed(sources, manager_class=SandboxKernelManager, folder=None, **limits):
    """Return the cells of a notebook that nbclient executed, and the client."""
    config = Config()
    config.SandboxProvisioner.limits = limits
    client = NotebookClient(
        notebook(*sources), allow_errors=True, config=config, kernel_manager_class=manager_class,
        resources={"metadata": {"path": str(folder) if folder else None}},
    )  # fmt: skip
    client.execute()
    return client.nb.cells


def test_nbclient_runs_notebooks_in_the_sandbox(tmp_path):
    (tmp_path / "data.txt").write_text("7")
    cells = executed(["import os; os.getpid()", "open('data.txt').read()"], folder=tmp_path)
    assert [cell.outputs[0].data["text/plain"] for cell in cells] == ["2", "'7'"]


def test_jupyter_finds_the_sandbox_by_the_name_of_its_provisioner(monkeypatch):
    entry = EntryPoint(
        "downhill-sandbox",
        "helpers.grading.provisioner:SandboxProvisioner",
        KernelProvisionerFactory.GROUP_NAME,
    )
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setitem(factory.provisioners, entry.name, entry)
    monkeypatch.setattr(factory, "default_provisioner_name", entry.name)
    (cell,) = executed(["import os; os.getpid()"], AsyncKernelManager)
    assert cell.outputs[0].data["text/plain"] == "2"


def test_a_deaf_cell_ends_its_notebook_under_nbclient_too():
    deaf = "import signal; signal.signal(2, signal.SIG_IGN)\nwhile True: pass"
    with pytest.raises(DeadKernelError):
        executed([deaf], cell_seconds=1, grace_seconds=1)


@pytest.mark.parametrize("limits", [{"memroy": 1}, {"memory": -1}])
def test_limits_that_do_not_exist_are_refused_when_configured(limits):
    with pytest.raises(TraitError, match=r"memroy|memory must be a positive number"):
        SandboxProvisioner(limits=limits)
