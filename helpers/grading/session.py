"""A ready kernel for one student's code: `with sandboxed_kernel(folder, limits) as kernel: kernel.run("1 + 1")`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.grading.confined import Confined
from helpers.grading.limits import Limits
from helpers.grading.line import KernelLine
from helpers.grading.sandbox import NotNested
from helpers.grading.unsafe import Unconfined

COLD = "Grading used a fresh process per notebook, which is slower: forking a warm one was refused ({})."


def launch(
    folder: Path | None,
    limits: Limits,
    *,
    warm: bool = True,
    unsafe_no_sandbox: bool = False,
    private: tuple[Path, ...] = (),
    key: str | None = None,
) -> Confined | Unconfined:
    """Return a kernel that answers, and sees a copy of `folder` as its working directory.

    `warm` forks it from a preloaded process where the system allows that, and says so in its `note` where
    not. `private` are paths that must not be readable inside, beside those of the course itself. With a `key` the
    kernel is one for Jupyter clients. Raises SandboxUnavailable where there is no sandbox, KernelFailed if the kernel
    does not start, OSError if the folder cannot be read.
    """
    if unsafe_no_sandbox:
        return Unconfined(folder, limits, key)
    try:
        return answering(Confined.start(folder, limits, warm=warm, private=private, key=key))
    except NotNested as refusal:
        process = answering(Confined.start(folder, limits, warm=False, private=private, key=key))
        process.note = COLD.format(refusal)
        return process


def answering(process: Confined) -> Confined:
    """Return the kernel once it answers; raises KernelFailed, with nothing left of it, if it does not."""
    try:
        process.ready.result()
    except BaseException:
        process.close()
        raise
    return process


@contextmanager
def sandboxed_kernel(
    folder: Path | None = None,
    limits: Limits | None = None,
    *,
    warm: bool = True,
    unsafe_no_sandbox: bool = False,
    private: tuple[Path, ...] = (),
    await_end: bool = True,
) -> Iterator[KernelLine]:
    """Yield a ready kernel for one submission; at the end, all that it started is gone. Raises as `launch`.

    Without `await_end` it is on its way out, and the next one may start meanwhile: they share nothing.
    """
    process = launch(
        folder, limits or Limits(), warm=warm, unsafe_no_sandbox=unsafe_no_sandbox, private=private
    )
    try:
        yield KernelLine(process)
    finally:
        process.close(await_end=await_end)
