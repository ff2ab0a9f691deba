"""The judge's line to a student's kernel: one request, one answer, a deadline, and what was shown meanwhile."""

import asyncio
from dataclasses import dataclass, field
from queue import Empty
from time import monotonic

from jupyter_core.utils import ensure_async
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import output_from_msg

from helpers.grading.answering import REPLY, REQUEST
from helpers.grading.oracles import Desk

PULSE = 0.5  # seconds between two looks at whether the kernel lives
SHOWN = ("stream", "display_data", "error")


class NoAnswer(RuntimeError):
    """The kernel did not answer; the text is a sentence for the student."""


class Interrupted(NoAnswer):
    """The kernel could not finish its answer, and lives on."""


@dataclass
class Answer:
    """What a kernel sent back: JSON, raw bytes, and the outputs it showed while it worked. All of it is hostile."""

    content: dict
    buffers: list
    outputs: list[NotebookNode] = field(default_factory=list)


async def ask(
    manager, client, request: dict, buffers: list[bytes], seconds: float, desk: Desk | None = None
) -> Answer:
    """Send a request to `helpers.grading.answering` in a kernel and return its answer.

    `desk` answers what the kernel asks meanwhile on the stdin channel. Raises `NoAnswer` when the kernel ends or says nothing for `seconds`.
    """
    message = client.session.msg(REQUEST, request)
    message["buffers"] = buffers
    client.shell_channel.send(message)
    mine, end = message["header"]["msg_id"], monotonic() + seconds
    # At the same time: the kernel waits for each answer of the desk before it goes on with the request.
    serving = asyncio.ensure_future(desk.serve(client.stdin_channel.socket)) if desk else None
    try:
        answered = await reply(manager, client.shell_channel, mine, seconds)
    finally:
        if serving is not None:
            serving.cancel()
            await asyncio.wait([serving])
    if serving is not None and not serving.cancelled():
        serving.result()  # it never ends by itself: this raises what went wrong
    if (
        not isinstance(answered["content"], dict)
        or answered["msg_type"] != REPLY
        or "failed" in answered["content"]
    ):
        raise Interrupted("The check was interrupted, or the notebook's kernel could not answer it.")
    answer = Answer(answered["content"], answered.get("buffers", []))
    while True:
        shown = await reply(manager, client.iopub_channel, mine, end - monotonic())
        if _is_idle(shown):
            return answer
        if shown["msg_type"] in SHOWN:
            answer.outputs.append(output_from_msg(shown))


async def reply(manager, channel, mine: str, seconds: float) -> dict:
    """Return the next message on a channel that belongs to the request `mine`; raises `NoAnswer` if none comes."""
    end = monotonic() + seconds
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


def _is_idle(message: dict) -> bool:
    return message["msg_type"] == "status" and message["content"].get("execution_state") == "idle"
