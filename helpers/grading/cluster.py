"""Many submissions at once, on the cores of this machine or on a cluster: one code path, dask.distributed."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster, as_completed
from distributed.scheduler import KilledWorker

from helpers.errors import DownhillError
from helpers.grading.job import Graded, Job, OtherCode, grade
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
}


@contextmanager
def workers(count: int | None, scheduler: str | None) -> Iterator[Client]:
    """Yield a client of a local cluster of `count` processes, or of the scheduler at an address.

    Raises `DownhillError` if there is no scheduler at that address, or it has no workers.
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
        with (
            LocalCluster(
                n_workers=count or os.cpu_count() or 1,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
                env={"DASK_LOGGING__DISTRIBUTED": "critical"},  # what goes wrong comes back with the result
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield client


def grade_all(client: Client, jobs: Iterable[Job]) -> Iterator[tuple[Job, Graded | Exception]]:
    """Yield each job with its result as it comes in, or with what went wrong with that one.

    Raises SandboxUnavailable and `OtherCode`: what one worker cannot do at all is no student's fault.
    """
    jobs = iter(jobs)
    ahead = AHEAD * max(1, len(client.scheduler_info()["workers"]))
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
