"""The local workers: nobody else on this machine or its network can give them work, or see theirs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own: workers are forked from one that has a single thread.
GRADER = """
import json, os, socket
from pathlib import Path
from helpers.grading.cluster import work_for, workers
from helpers.grading.nursery import Nursery

def sockets():
    links = {os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    return {link[8:-1] for link in links if link.startswith("socket:")}

def listening():
    found = []
    for family in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{family}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets():
                found.append(fields[1])
    return found

def answers(place):
    host, port = place.split(":")
    with socket.create_connection(("127.0.0.1", int(port, 16))) as line:
        line.sendall(b"GET /health HTTP/1.0\\r\\n\\r\\n")
        return line.recv(100).split()[1].decode()

nursery = Nursery(work_for)
with workers(2, None, nursery) as client:
    client.wait_for_workers(2)
    everywhere = [*client.run(listening).values(), listening()]
    print(json.dumps({
        "addresses": [client.scheduler.address, *client.scheduler_info()["workers"]],
        "modes": [oct(path.stat().st_mode) for path in {Path(client.scheduler.address[7:]).parent}],
        "hosts": sorted({place.split(":")[0] for places in everywhere for place in places}),
        "said": sorted({answers(place) for places in everywhere for place in places}),
        "sum": client.submit(sum, list(range(10**6))).result(),
    }))
nursery.close()
"""


@pytest.fixture(scope="module")
def local():
    """Return what is to be seen of a local cluster of two workers while it lives."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", GRADER], capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    assert done.returncode == 0
    return json.loads(done.stdout)


def test_they_are_asked_in_a_folder_that_only_its_owner_enters(local):
    assert len(local["addresses"]) == 3
    assert {address.split("://")[0] for address in local["addresses"]} == {"unix"}
    assert local["modes"] == [oct(0o40700)]
    assert local["sum"] == sum(range(10**6))


def test_no_port_is_open_to_the_network_and_those_for_a_browser_answer_nothing(local):
    assert local["hosts"] == ["0100007F"]  # 127.0.0.1
    assert local["said"] == ["404"]


def test_nothing_of_it_is_left(local):
    for address in local["addresses"]:
        assert not Path(address.removeprefix("unix://")).parent.exists()
