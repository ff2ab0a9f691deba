"""A ready kernel for one student's code: `async with sandboxed_kernel(folder, limits) as kernel`."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat.v4
import zmq.asyncio
from jupyter_client import AsyncKernelClient

from helpers.grading.confined import Confined
from helpers.grading.limits import Limits, Stop, refused
from helpers.grading.sandbox import KernelFailed, NotNested
from helpers.grading.unsafe import Unconfined

COLD = "Grading used a fresh process per notebook, which is slower: forking a warm one was refused ({})."
# What a message that no kernel sends makes of reading it: wrong signature, frames, types, missing parts.
FORGED = (ValueError, TypeError, KeyError, AttributeError)
SHOWN = ("stream", "display_data", "execute_result", "error")


class SandboxClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel greets its subscription, without polling."""

    def start_channels(self, shell=True, iopub=True, stdin=True, hb=False, control=True):
        """Open the channels; without a heartbeat, because the guard knows better whether a kernel lives."""
        super().start_channels(shell=shell, iopub=iopub, stdin=stdin, hb=hb, control=control)

    async def wait_for_ready(self, timeout=None):
        """Return at the kernel's greeting; raises KernelFailed after `timeout` seconds without one."""
        try:
            async with asyncio.timeout(timeout):
                while (await self.iopub_channel.get_msg())["msg_type"] != "iopub_welcome":
                    pass
        except TimeoutError:
            raise KernelFailed(f"the kernel did not answer within {timeout} seconds") from None


@dataclass
class Run:
    """What one cell did: its outputs as nbformat nodes, and how it ended.

    `status` is "ok", "error" (an exception, `ename` and `evalue`) or "stopped" (the kernel is gone). `stop` is
    the limit behind it, if any: fatal with "stopped", not fatal where only this cell was interrupted or refused.
    """

    status: str = "stopped"
    outputs: list = field(default_factory=list)
    execution_count: int | None = None
    ename: str = ""
    evalue: str = ""
    stop: Stop | None = None


class SandboxedKernel:
    """A kernel that answers, and its client; `process` is what `launch` returned.

    `client` is a jupyter_client AsyncKernelClient with open channels; `note` is a line for the report, or
    None; `left_out` names the files of the folder that the kernel was not given.
    """

    def __init__(self, process: Confined | Unconfined, client: AsyncKernelClient):
        self.process, self.client = process, client
        self.note, self.left_out, self.limits = process.note, process.left_out, process.limits

    @property
    def stop(self) -> Stop | None:
        """Why the kernel was stopped, or None."""
        return self.process.stop

    async def run(self, code: str) -> Run:
        """Run one cell and return what it did; the limits end it if it does not end itself."""
        run, interruptions = Run(), len(self.process.interruptions)
        reading = asyncio.ensure_future(self._read(code, run))
        ended = asyncio.wrap_future(self.process.ended)
        try:
            await asyncio.wait((reading, ended), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            reading.cancel()
            raise
        if reading.done() and reading.exception() is not None:
            if not isinstance(reading.exception(), FORGED):
                raise reading.exception()
            self.process.overrun("garbled")
            run.stop = self.process.stop
        elif reading.done():
            run.stop = next(iter(self.process.interruptions[interruptions:]), None)
            if run.status == "error" and run.stop is None:
                run.stop = refused(run.ename, run.evalue, self.limits)
        else:
            reading.cancel()
            run.stop = self.process.stop
        return run

    async def _read(self, code: str, run: Run) -> None:
        request = self.client.execute(code, allow_stdin=False, stop_on_error=False)
        while True:
            message = await self.client.get_iopub_msg()
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            self._show(run.outputs, kind, message)
        while True:
            reply = await self.client.get_shell_msg()
            if reply["parent_header"].get("msg_id") == request:
                break
        content = reply["content"]
        run.execution_count = content.get("execution_count")
        run.ename, run.evalue = str(content.get("ename", "")), str(content.get("evalue", ""))
        run.status = "ok" if content.get("status") == "ok" else "error"

    @staticmethod
    def _show(outputs: list, kind: str, message: dict) -> None:
        content = message["content"]
        if kind == "clear_output":
            outputs.clear()
        elif kind == "stream" and outputs and outputs[-1].get("name") == content["name"]:
            outputs[-1]["text"] += content["text"]
        elif kind in SHOWN:
            outputs.append(nbformat.v4.output_from_msg(message))


async def launch(
    folder: Path | None,
    limits: Limits,
    key: str,
    *,
    warm: bool = True,
    unsafe_no_sandbox: bool = False,
    private: tuple[Path, ...] = (),
) -> Confined | Unconfined:
    """Return a kernel that answers, and sees a copy of `folder` as its working directory.

    `warm` forks it from a preloaded process where the system allows that, and says so in its `note` where
    not. `private` are paths that must not be readable inside, beside those of the course itself. Raises
    SandboxUnavailable where there is no sandbox, KernelFailed if the kernel does not start, OSError if the
    folder cannot be read.
    """
    if unsafe_no_sandbox:
        return await asyncio.to_thread(Unconfined, folder, limits, key)
    process = await asyncio.to_thread(Confined.start, folder, limits, key, warm=warm, private=private)
    try:
        await asyncio.wrap_future(process.ready)
    except NotNested as refusal:
        process = await asyncio.to_thread(Confined.start, folder, limits, key, warm=False, private=private)
        process.note = COLD.format(refusal)
        await asyncio.wrap_future(process.ready)
    return process


def connect(process: Confined | Unconfined) -> SandboxClient:
    """Return a client of a launched kernel, with open channels; `disconnect` closes it."""
    client = SandboxClient(
        context=zmq.asyncio.Context(), transport=process.transport, ip=process.ip, **process.ports
    )
    client.session.key = process.key.encode()
    client.start_channels(stdin=False)
    return client


def disconnect(client: SandboxClient) -> None:
    """Close the channels and their threads."""
    client.stop_channels()
    client.context.destroy(linger=0)


@asynccontextmanager
async def sandboxed_kernel(
    folder: Path | None = None,
    limits: Limits | None = None,
    *,
    warm: bool = True,
    unsafe_no_sandbox: bool = False,
    private: tuple[Path, ...] = (),
) -> AsyncIterator[SandboxedKernel]:
    """Yield a ready kernel for one submission; at the end, all that it started is gone. Raises as `launch`."""
    process = await launch(
        folder, limits or Limits(), secrets.token_hex(32),
        warm=warm, unsafe_no_sandbox=unsafe_no_sandbox, private=private,
    )  # fmt: skip
    try:
        client = connect(process)
        try:
            await client.wait_for_ready(process.limits.startup_seconds)
            yield SandboxedKernel(process, client)
        finally:
            disconnect(client)
    finally:
        process.kill()
        await asyncio.wrap_future(process.ended)
