"""The sandbox as Jupyter knows it: a kernel provisioner, and a kernel manager that always uses it.

Configuration, in nbgrader_config.py: `c.SandboxProvisioner.limits = {"memory": 2 * 2**30}`,
`c.SandboxProvisioner.private = ["~/exams"]`, `c.SandboxProvisioner.unsafe_no_sandbox = True`.
"""

import asyncio
import signal
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Bool, Dict, List, TraitError, Unicode, default, validate

from helpers.grading.confined import Confined
from helpers.grading.limits import Limits, Stop
from helpers.grading.sandbox import KernelFailed
from helpers.grading.session import launch
from helpers.grading.unsafe import Unconfined


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


class SandboxProvisioner(KernelProvisionerBase):
    """Runs the kernel of every Python notebook in a sandbox; see helpers.grading.sandbox for its walls."""

    limits = Dict(help="Bounds that differ from the defaults of helpers.grading.limits.Limits.").tag(
        config=True
    )
    warm = Bool(True, help="Fork kernels from one preloaded process.").tag(config=True)
    private = List(Unicode(), help="More paths that students' code must never see.").tag(config=True)
    unsafe_no_sandbox = Bool(False, help="Run students' code with the grader's own rights.").tag(config=True)

    process: Confined | Unconfined | None = None

    @validate("limits")
    def _known_limits(self, proposal):
        try:
            Limits(**proposal["value"])
        except (TypeError, ValueError) as error:
            raise TraitError(f"SandboxProvisioner.limits: {error}") from error
        return proposal["value"]

    @property
    def private_paths(self) -> tuple[Path, ...]:
        """What students' code must never see, as paths."""
        return tuple(Path(path).expanduser() for path in self.private)

    @property
    def has_process(self) -> bool:
        """Whether a kernel was launched and not waited for yet."""
        return self.process is not None

    @property
    def stop(self) -> Stop | None:
        """Which limit ended the kernel, or None."""
        return self.process.stop if self.process else self.last_stop

    last_stop: Stop | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Return what `launch_kernel` needs: the folder only, for nothing of the grader's environment goes in."""
        if self.kernel_spec is not None and self.kernel_spec.language.lower() not in ("python", ""):
            raise ValueError(f"the sandbox runs Python notebooks, not {self.kernel_spec.language}")
        return {"cmd": [], "cwd": kwargs.get("cwd")}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Launch a kernel that sees a copy of `cwd`; return where it listens. Raises as `session.launch`."""
        key = self.parent.session.key.decode()
        folder = Path(kwargs["cwd"]) if kwargs.get("cwd") else None
        self.process = await asyncio.to_thread(
            launch, folder, Limits(**self.limits), key=key, warm=self.warm,
            unsafe_no_sandbox=self.unsafe_no_sandbox, private=self.private_paths,
        )  # fmt: skip
        for line in filter(None, (self.process.note, *self.process.left_out)):
            self.log.warning(line)
        self.parent.transport, self.parent.ip = self.process.transport, self.process.ip
        for name, port in self.process.ports.items():
            setattr(self.parent, name, port)
        self.connection_info = self.parent.get_connection_info()
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel lives, its exit code after."""
        if self.process is None:
            return 0
        return self.process.ended.result() if self.process.ended.done() else None

    async def wait(self) -> int | None:
        """Return the kernel's exit code once all its processes are gone."""
        if self.process is None:
            return 0
        code = await asyncio.wrap_future(self.process.ended)
        self.last_stop, self.process = self.process.stop, None
        return code

    async def send_signal(self, signum: int) -> None:
        """Interrupt the kernel; any other signal ends it."""
        if self.process is not None:
            self.process.interrupt() if signum == signal.SIGINT else self.process.kill()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all that it started."""
        if self.process is not None:
            self.process.kill()

    async def terminate(self, restart: bool = False) -> None:
        """Do the same: there is nothing in a sandbox worth a farewell."""
        await self.kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Do the same, instead of waiting for a student's code to agree."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Make sure that nothing is left."""
        await self.kill(restart)
        await self.wait()


class SandboxKernelManager(AsyncKernelManager):
    """Jupyter's kernel manager with the sandbox, whatever kernel a notebook or a configuration names.

    For nbclient and nbgrader: `Execute(kernel_manager_class=SandboxKernelManager)`.
    """

    @default("client_factory")
    def _sandbox_client(self):
        return SandboxClient

    async def _async_pre_start_kernel(self, **kwargs):
        if self.provisioner is None:
            self.provisioner = SandboxProvisioner(parent=self)
        return await super()._async_pre_start_kernel(**kwargs)

    pre_start_kernel = _async_pre_start_kernel
