"""The judge's line to a student's kernel: one request, one answer, a deadline, and what was shown meanwhile."""

from dataclasses import dataclass, field
from queue import Empty
from time import monotonic

from jupyter_core.utils import ensure_async
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import output_from_msg

from helpers.grading.answering import REPLY, REQUEST

PULSE = 0.5  # seconds between two looks at whether the kernel lives
SHOWN = ("stream", "display_data", "error")


class NoAnswer(RuntimeError):
    """The kernel did not answer; the text is a sentence for the student."""


@dataclass
class Answer:
    """What a kernel sent back: JSON, raw bytes, and the outputs it showed while it worked. All of it is hostile."""

    content: dict
    buffers: list
    outputs: list[NotebookNode] = field(default_factory=list)


async def ask(manager, client, request: dict, buffers: list[bytes], seconds: float) -> Answer:
    """Send a request to `helpers.grading.answering` in a kernel and return its answer.

    Raises `NoAnswer` when the kernel ends or says nothing for `seconds`.
    """
    message = client.session.msg(REQUEST, request)
    message["buffers"] = buffers
    client.shell_channel.send(message)
    mine, end = message["header"]["msg_id"], monotonic() + seconds
    reply = await _reply(manager, client, client.shell_channel, mine, end)
    if reply["msg_type"] != REPLY or not isinstance(reply["content"], dict) or "failed" in reply["content"]:
        raise NoAnswer("The notebook's kernel was interrupted or did not understand the check.")
    answer = Answer(reply["content"], reply.get("buffers", []))
    while True:
        shown = await _reply(manager, client, client.iopub_channel, mine, end)
        if _is_idle(shown):
            return answer
        if shown["msg_type"] in SHOWN:
            answer.outputs.append(output_from_msg(shown))


async def _reply(manager, client, channel, mine: str, end: float) -> dict:
    """Return the next message on a channel that belongs to the request `mine`."""
    while (left := end - monotonic()) > 0:
        try:
            message = await ensure_async(channel.get_msg(timeout=min(PULSE, left)))
        except Empty:
            if not await ensure_async(manager.is_alive()):
                raise NoAnswer("The notebook's kernel ended.") from None
            continue
        if message["parent_header"].get("msg_id") == mine:
            return message
    raise NoAnswer("The notebook did not answer the check in time.")


async def wait_until_ready(manager, client, seconds: float) -> None:
    """Wait until a kernel that has just started answers on both channels; raises `NoAnswer` if it does not.

    jupyter_client's own wait sleeps between its questions, which costs more than starting a forked kernel.
    """
    end = monotonic() + seconds
    while monotonic() < end:
        mine = client.kernel_info()
        await _reply(manager, client, client.shell_channel, mine, end)
        # The "idle" that follows arrives only if the subscription to outputs was in place; else ask again.
        try:
            while True:
                heard = await ensure_async(client.iopub_channel.get_msg(timeout=0.05))
                if heard["parent_header"].get("msg_id") == mine and _is_idle(heard):
                    return
        except Empty:
            continue
    raise NoAnswer(f"The notebook's kernel did not start within {seconds:g} seconds.")


def _is_idle(message: dict) -> bool:
    return message["msg_type"] == "status" and message["content"].get("execution_state") == "idle"
