"""The grader's line to a student's kernel: one request, its outputs, one reply, a deadline; all that comes is hostile."""

import math
import secrets
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from nbformat.notebooknode import NotebookNode, from_dict

from helpers.grading.answering import REPLY, REQUEST
from helpers.grading.frames import Frames, Garbled, frame
from helpers.grading.limits import Stop, refused
from helpers.grading.oracles import ANSWER, QUESTION, Desk

LIMITED = ("KeyboardInterrupt", "MemoryError")  # what limits raise inside
PULSE = 0.5  # seconds between two looks at the clock
CHUNK = 2**18
NEWS = 3.0  # seconds for the news of a kernel's end to come once it has hung up, on a busy machine
ENDING = 10.0  # seconds for the last process of a sandbox to go once it was ended
MOST_TEXT = 500_000  # characters of one stream that are kept: more than any reader is shown
MOST_OUTPUTS = 2_000  # of one cell
MOST_SHOWN_ANEW = 100  # outputs under one name


class NoAnswer(RuntimeError):
    """The kernel did not answer; the text is a sentence for the student."""


class Interrupted(NoAnswer):
    """The kernel could not finish its answer, and lives on; `attention` says if it was not for a limit."""

    attention = ""


@dataclass
class Answer:
    """What a kernel sent back: JSON, raw bytes, and the outputs it showed while it worked. All of it is hostile."""

    content: dict
    buffers: list
    outputs: list[NotebookNode] = field(default_factory=list)


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


class KernelLine:
    """The grader's end of the socket of one kernel; `process` is what `session.launch` returned.

    `note` is a line for the report, or None; `left_out` names the files of the folder that the kernel was not given.
    """

    def __init__(self, process):
        self.process, self.end = process, process.end
        self.note, self.left_out, self.limits = process.note, process.left_out, process.limits
        self.frames, self.waiting = Frames(), []
        self.displays: dict[str, list[NotebookNode]] = {}  # what cells showed under a name, to be shown anew
        self.end.settimeout(PULSE)

    @property
    def stop(self) -> Stop | None:
        """Why the kernel was stopped, or None."""
        return self.process.stop

    def run(self, code: str) -> Run:
        """Run one cell and return what it did; the limits end it if it does not end itself."""
        run, interruptions = Run(), len(self.process.interruptions)
        shown = Shown(run.outputs, self.displays)
        asked = {"code": code, "allow_stdin": False, "stop_on_error": False}
        try:
            reply = self.exchange("execute_request", asked, "execute_reply", shown)
        except NoAnswer:
            run.stop = self.process.stop
            return run
        self._ended(run, reply["content"] if reply else {})
        run.stop = next(iter(self.process.interruptions[interruptions:]), None)
        if run.status == "error" and run.stop is None:
            run.stop = refused(run.ename, run.evalue, self.limits)
        return run

    def ask(self, request: dict, buffers: list[bytes], seconds: float, desk: Desk | None = None) -> Answer:
        """Send a request to `helpers.grading.answering` in a kernel and return its answer.

        `desk` answers what the kernel asks meanwhile, each time before it goes on with the request.
        Raises `NoAnswer` when the kernel ends or says nothing for `seconds`, `Interrupted` when it gave up.
        """
        answer = Answer({}, [])
        shown = Shown(answer.outputs, {})
        reply = self.exchange(REQUEST, request, REPLY, shown, buffers, seconds, desk)
        if reply is None or "failed" in reply["content"]:
            sentence = Interrupted("The check was interrupted, or the notebook's kernel could not answer it.")
            why = str(_clean(reply["content"]["failed"]))[:60] if reply else "no answer"
            if why not in LIMITED:
                sentence.attention = f"the kernel could not answer: {why}"
            raise sentence
        answer.content, answer.buffers = reply["content"], reply["buffers"]
        return answer

    def exchange(
        self, kind: str, content: dict, wanted: str, shown: "Shown", buffers=(), seconds: float = math.inf,
        desk: Desk | None = None,
    ) -> dict | None:  # fmt: skip
        """Send a request and return the first reply of the kind wanted, once the kernel is idle again.

        What the kernel asks meanwhile, `desk` answers: the kernel waits for that before it goes on.
        Raises `NoAnswer` when the kernel ends, sends what no kernel sends, or is not idle after `seconds`.
        """
        reply, mine, end = None, secrets.token_hex(8), monotonic() + seconds
        self.process.asked_something()
        try:
            self._send(frame(kind, mine, content, buffers), end)
            while True:
                message = self._next(end)
                if message["id"] != mine:
                    continue
                if message["kind"] == "status":
                    break
                if desk is not None and message["kind"] == QUESTION:
                    self._look_at_the_clock(end)  # whoever asks without a pause never lets the socket rest
                    told = desk.answer(message["buffers"])
                    if told is not None:
                        self._send(frame(ANSWER, mine, {}, told), end)
                elif reply is None and message["kind"] == wanted:
                    reply = message
                else:
                    shown.take(message)
        except Garbled:
            self.process.overrun("garbled")
            self._await_end()
            raise NoAnswer("The notebook's kernel sent what cannot be understood.") from None
        self.process.was_answered()
        return reply

    def _send(self, data: bytes, end: float) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self.end.send(rest) :]
            except TimeoutError:
                self._look_at_the_clock(end)
            except OSError:
                self._gone()

    def _next(self, end: float) -> dict:
        while not self.waiting:
            try:
                data = self.end.recv(CHUNK)
            except TimeoutError:
                self._look_at_the_clock(end)
                continue
            except OSError:
                data = b""
            if not data:
                self._gone()
            self.process.sent += len(data)
            if self.process.sent > self.limits.output_bytes:
                self.process.overrun("output_bytes")
                self._gone()
            self.waiting = self.frames.feed(data)
        return self.waiting.pop(0)

    def _look_at_the_clock(self, end: float) -> None:
        if self.process.ended.done():
            self._gone()
        if monotonic() > end:
            raise NoAnswer("The notebook did not answer the check in time.")

    def _gone(self) -> None:
        self._await_end()
        raise NoAnswer("The notebook's kernel ended.")

    def _await_end(self) -> None:
        """Wait until it is known why the kernel has gone; one that only hung up is ended."""
        try:
            self.process.ended.result(timeout=NEWS)
        except NotYet:
            self.process.overrun("died")  # and so it is known why
            with suppress(NotYet):
                self.process.ended.result(timeout=ENDING)

    @staticmethod
    def _ended(run: Run, content: dict) -> None:
        content = _clean(content)
        run.status = "ok" if content.get("status") == "ok" else "error"
        count = content.get("execution_count")
        run.execution_count = count if type(count) is int else None
        run.ename, run.evalue = str(content.get("ename", "")), str(content.get("evalue", ""))


class Shown:
    """The outputs of a cell, put together from messages as a notebook keeps them; raises Garbled for what is none."""

    def __init__(self, outputs: list[NotebookNode], displays: dict[str, list[NotebookNode]]):
        self.outputs, self.displays, self.clear = outputs, displays, False

    def take(self, message: dict) -> None:
        """Take in one message; what a notebook does not keep is passed over."""
        kind, content = message["kind"], _clean(message["content"])
        if kind == "clear_output":
            self.clear = content.get("wait") is True
            if not self.clear:
                self.outputs.clear()
        if kind not in MAKE:
            return
        try:
            output = MAKE[kind](content)
        except (KeyError, TypeError, AttributeError):
            raise Garbled(f"a {kind} without its parts") from None
        if self.clear:
            self.outputs.clear()
            self.clear = False
        self._add(kind, output, content.get("transient"))

    def _add(self, kind: str, output: NotebookNode, transient: object) -> None:
        if kind == "stream" and self.outputs and self.outputs[-1].get("name") == output["name"]:
            # Each time the whole is copied, so it must not grow for ever.
            if len(self.outputs[-1]["text"]) < MOST_TEXT:
                self.outputs[-1]["text"] += output["text"]
            return
        name = transient.get("display_id") if isinstance(transient, dict) else None
        same = self.displays.setdefault(name, []) if isinstance(name, str) else []
        for shown in same:  # each time all of them, so these must not be many
            shown["data"], shown["metadata"] = output["data"], output["metadata"]
        if kind != "update_display_data" and len(self.outputs) < MOST_OUTPUTS:
            self.outputs.append(output)
            if len(same) < MOST_SHOWN_ANEW:
                same.append(output)


def _stream(content: dict) -> NotebookNode:
    name = "stderr" if content["name"] == "stderr" else "stdout"
    return NotebookNode(output_type="stream", name=name, text=_text(content["text"]))


def _display(content: dict) -> NotebookNode:
    data, metadata = content["data"], content.get("metadata") or {}
    if not (isinstance(data, dict) and isinstance(metadata, dict)):
        raise TypeError("not a mapping")
    for kind, part in data.items():
        if "json" not in kind:
            data[kind] = "".join(part) if isinstance(part, list) else _text(part)
    return NotebookNode(output_type="display_data", data=from_dict(data), metadata=from_dict(metadata))


def _result(content: dict) -> NotebookNode:
    count = content.get("execution_count")
    count = count if type(count) is int else None
    return NotebookNode({**_display(content), "output_type": "execute_result", "execution_count": count})


def _error(content: dict) -> NotebookNode:
    lines = [_text(line) for line in content["traceback"]]
    return NotebookNode(
        output_type="error", ename=_text(content["ename"]), evalue=_text(content["evalue"]), traceback=lines
    )


MAKE = {
    "stream": _stream,
    "display_data": _display,
    "update_display_data": _display,
    "execute_result": _result,
    "error": _error,
}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _clean(value):
    """Return JSON without what no file of JSON can hold: half a pair of surrogates, numbers that are none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(item) for name, item in value.items()}
    return value
