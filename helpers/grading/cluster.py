"""Many submissions at once, on the cores of this machine or on a cluster: one code path, dask.distributed."""

import asyncio
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
from distributed import Client, LocalCluster, Worker, as_completed
from distributed.comm import get_local_address_for
from distributed.scheduler import KilledWorker

from helpers.errors import DownhillError
from helpers.grading.confined import short_folder
from helpers.grading.job import Graded, Job, OtherCode, grade
from helpers.grading.nursery import Nursery
from helpers.grading.private_line import SCHEME
from helpers.grading.sandbox import SandboxUnavailable

AHEAD = (
    3  # jobs per worker that are sent before a result is back: no worker waits, and few submissions travel
)
SETTINGS = {
    "distributed.worker.daemon": False,
    "distributed.comm.timeouts.connect": "20s",
    "distributed.scheduler.allowed-failures": 1,  # whoever brings two workers down is not tried a third time
    "distributed.worker.memory.terminate": False,  # the sandbox bounds what a student uses
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.http.routes": [],  # the ports for a browser stay open, and answer nothing
    "distributed.scheduler.http.routes": [],
    "distributed.worker.profile.enabled": False,  # a thread that looks every 10 ms at what a worker does
    # Diagnostics that wake every process of a cluster fifty times a second, and twice.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.active-memory-manager.start": False,  # no result is kept
}


def work_for(address: str) -> None:
    """Be a worker of the scheduler at an address, for one submission at a time, until it closes."""

    async def serve() -> None:
        # Beside the scheduler: a worker that is not told where listens to the whole network.
        place = get_local_address_for(address)
        async with Worker(address, nthreads=1, memory_limit=0, host=place) as worker:
            await worker.finished()

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong comes back with the result
    with dask.config.set(SETTINGS):
        asyncio.run(serve())


@contextmanager
def private_folder() -> Iterator[Path]:
    """Yield a folder that no other user can enter."""
    folder = short_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def workers(count: int | None, scheduler: str | None, nursery: Nursery | None = None) -> Iterator[Client]:
    """Yield a client of a local cluster of `count` processes, or of the scheduler at an address.

    A `nursery` forks the local ones, which is quicker than to start them, and then no other user of this machine can talk
    to any of them. Raises `DownhillError` if there is no scheduler at that address, or it has no workers.
    """
    with dask.config.set(SETTINGS):
        if scheduler:
            try:
                client = Client(scheduler, timeout="20s", set_as_default=False)
            except (OSError, ValueError) as error:
                raise DownhillError(f"There is no dask scheduler at {scheduler}: {error}.") from error
            with client:
                if not client.scheduler_info()["workers"]:
                    raise DownhillError(
                        f"The dask scheduler at {scheduler} has no workers yet: start some first."
                    )
                yield client
            return
        count = count or os.cpu_count() or 1
        with (
            private_folder() as folder,
            LocalCluster(
                n_workers=0 if nursery else count,
                threads_per_worker=1,
                processes=True,
                protocol=SCHEME if nursery else "tcp",
                host=str(folder / "scheduler") if nursery else "127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
                env={"DASK_LOGGING__DISTRIBUTED": "critical"},  # what goes wrong comes back with the result
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            if nursery:
                nursery.start(cluster.scheduler_address, count)
                client.wait_for_workers(1)
            yield client


def grade_all(
    client: Client, jobs: Iterable[Job], count: int | None = None
) -> Iterator[tuple[Job, Graded | Exception]]:
    """Yield each job with its result as it comes in, or with what went wrong with that one.

    `count` is how many workers there will be, if not as many as there are by now.

    Raises SandboxUnavailable and `OtherCode`: what one worker cannot do at all is no student's fault.
    """
    jobs = iter(jobs)
    ahead = AHEAD * (count or max(1, len(client.scheduler_info()["workers"])))
    waiting = {}
    running = as_completed(loop=client.loop)

    def send() -> None:
        for job in jobs:
            future = client.submit(grade, job, pure=False)
            waiting[future.key] = job
            running.add(future)
            return

    for _ in range(ahead):
        send()
    while waiting:
        future = next(running)
        job = waiting.pop(future.key)
        send()
        error = future.exception()
        if isinstance(error, (SandboxUnavailable, OtherCode)):
            raise error
        if isinstance(error, KilledWorker):
            error = RuntimeError("the process that graded it was killed: is there enough memory?")
        yield job, error or future.result()
        future.release()
