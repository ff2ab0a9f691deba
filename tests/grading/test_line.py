"""The grader's line against a kernel that says anything: no forged message is an answer, harms the grader, or stays unnoticed."""

import json
import socket
import struct
import threading
from concurrent.futures import Future
from contextlib import suppress

import pytest

from helpers.grading.frames import MOST_PARTS, TEXT, Frames, Garbled, frame
from helpers.grading.limits import Limits, stopped
from helpers.grading.line import MOST_OUTPUTS, MOST_SHOWN_ANEW, MOST_TEXT, Interrupted, KernelLine, NoAnswer

KIND = "downhill_reply"


class Process:
    """What a line needs of a kernel's process: its socket, and whether it was stopped and why."""

    def __init__(self, end):
        self.end, self.note, self.left_out, self.limits = end, None, [], Limits()
        self.sent, self.stop, self.interruptions, self.ended = 0, None, [], Future()

    def asked_something(self):
        """Take note of nothing."""

    was_answered = asked_something

    def overrun(self, limit):
        """Remember the first reason, and be gone."""
        self.stop = self.stop or stopped(limit, self.limits)
        if not self.ended.done():
            self.ended.set_result(-9)


class Student:
    """The other end of the line: `play(script)` runs `script(student)` beside the test, then hangs up."""

    def __init__(self):
        outer, self.end = socket.socketpair()
        self.line = KernelLine(Process(outer))
        self.frames = Frames()

    def play(self, script):
        """Return the line, at whose other end the script runs."""

        def run():
            with self.end, suppress(ConnectionError):  # the grader may hang up first
                script(self)

        self.thread = threading.Thread(target=run)
        self.thread.start()
        return self.line

    def asked(self):
        """Return the next request."""
        while not (found := self.frames.feed(self.end.recv(2**16))):
            pass
        return found[0]

    def say(self, kind, number, content, *buffers):
        """Send a frame."""
        self.end.sendall(frame(kind, number, content, buffers))

    def idle(self, number):
        """Say that the request is dealt with."""
        self.say("status", number, {"execution_state": "idle"})


@pytest.fixture
def student():
    one = Student()
    yield one
    one.line.end.close()
    one.thread.join(timeout=60)
    assert not one.thread.is_alive()


def test_only_a_reply_to_this_very_request_is_one(student):
    def early_and_strange(student):
        for number in ("", "0" * 16, None, [], {}, 7):
            student.say(KIND, number, {"wrong": 1})
            student.idle(number)
        number = student.asked()["id"]
        student.say(KIND, number[:-1], {"wrong": 2})
        student.say(KIND, number.upper() + " ", {"wrong": 3})
        student.say(KIND, number, {"right": 1}, b"\0")
        student.say(KIND, number, {"wrong": 4})
        student.idle(number)
        student.say(KIND, number, {"wrong": 5})
        student.idle(number)
        later = student.asked()["id"]
        assert later != number
        student.say(KIND, number, {"wrong": 6})
        student.say(KIND, later, {"right": 2})
        student.idle(later)

    line = student.play(early_and_strange)
    first, second = line.ask({}, [], 60), line.ask({}, [], 60)
    assert (first.content, first.buffers) == ({"right": 1}, [b"\0"])
    assert (second.content, second.buffers) == ({"right": 2}, [])


def test_a_request_that_is_over_without_a_reply_is_no_answer(student):
    line = student.play(lambda student: student.idle(student.asked()["id"]))
    with pytest.raises(Interrupted):
        line.ask({}, [], 60)


def test_a_cell_that_is_over_without_a_reply_did_not_end_well(student):
    line = student.play(lambda student: student.idle(student.asked()["id"]))
    assert line.run("1").status == "error"


@pytest.mark.parametrize("part", [1, 3, 4, 20, -1])
def test_hanging_up_in_the_middle_of_a_reply_is_no_answer(student, part):
    def break_off(student):
        number = student.asked()["id"]
        student.end.sendall(frame(KIND, number, {"right": 1}, [b"12345678"])[:part])

    line = student.play(break_off)
    line.process.ended.set_result(0)
    with pytest.raises(NoAnswer, match="kernel ended"):
        line.ask({}, [], 60)


def test_a_frame_that_is_never_finished_has_the_time_of_its_request(student):
    gone = threading.Event()

    def begin_only(student):
        student.asked()
        student.end.sendall(struct.pack("<I", 2**32 - 1) + b"{")
        gone.wait(60)

    line = student.play(begin_only)
    with pytest.raises(NoAnswer, match="in time"):
        line.ask({}, [], 0.1)
    gone.set()


def test_whoever_hangs_up_and_lives_on_is_ended(student):
    line = student.play(lambda student: student.asked())
    with pytest.raises(NoAnswer):
        line.ask({}, [], 60)
    assert line.stop.limit == "died"


def until_hung_up(send):
    """Send without end: the grader has to hang up."""

    def script(student):
        number = student.asked()["id"]
        while True:
            send(student, number)

    return script


@pytest.mark.parametrize(
    "flood",
    {
        "a length of 4 GiB": lambda s, number: s.end.sendall(b"\xff" * 2**16),
        "frames for nobody": lambda s, number: s.say("stream", "", {"name": "stdout", "text": "x" * 10_000}),
        "prints": lambda s, number: s.say("stream", number, {"name": "stdout", "text": "x" * 10_000}),
        "replies": lambda s, number: s.say(KIND, number, {"x": "x" * 10_000}),
        "buffers": lambda s, number: s.say(KIND, number, {}, bytes(2**16)),
    }.values(),
)
def test_a_flood_ends_at_the_limit_on_output(student, flood):
    line = student.play(until_hung_up(flood))
    with pytest.raises(NoAnswer):
        line.ask({}, [], 600)
    assert line.stop.limit == "output_bytes"
    assert line.process.sent <= line.limits.output_bytes + 2**18
    line.end.close()


def nested(depth, open_with="[", close_with="]"):
    return f'{{"data": {{"application/json": {depth * open_with}{depth * close_with}}}}}'


def raw(kind, number, content, buffers="[]"):
    head = f'{{"kind": "{kind}", "id": "{number}", "content": {content}, "buffers": {buffers}}}'.encode()
    return struct.pack("<I", len(head)) + head


_QUOTE = '\\"'
GARBLED = {
    "nested lists": lambda number: raw("display_data", number, nested(130)),
    "nested mappings": lambda number: raw("display_data", number, nested(300, '{"a": {"b":', "}}").replace(":}", ":0}")),
    "deeper than Python goes": lambda number: raw("display_data", number, nested(100_000)),
    "nested in a reply": lambda number: raw(KIND, number, '{"a": ' + 400 * "[" + 400 * "]" + "}"),
    "a number of a million digits": lambda number: raw(KIND, number, f'{{"a": {10**6 * "9"}}}'),
    "many small parts": lambda number: raw(KIND, number, f'{{"a": [{MOST_PARTS * "[],"}[]]}}'),
    "many buffers of nothing": lambda number: raw(KIND, number, "{}", f"[{MOST_PARTS * '0,'}0]"),
    "buffers of less than nothing": lambda number: raw(KIND, number, "{}", "[-1]"),
    "buffers of a truth value": lambda number: raw(KIND, number, "{}", "[true]"),
    "a stream of no text": lambda number: raw("stream", number, '{"name": "stdout", "text": 5}'),
    "a traceback of numbers": lambda number: raw("error", number, '{"ename": "", "evalue": "", "traceback": [1]}'),
    "a picture that is no text": lambda number: raw("display_data", number, '{"data": {"image/png": 5}}'),
    "commas, and a text that never ends": lambda number: raw(
        KIND, number, f'{{"a": [{MOST_PARTS * "1,"}1, "{400_000 * _QUOTE}'
    ),
    "bytes that are no text": lambda number: raw(KIND, number, '{"a": "??"}').replace(b"??", bytes([255, 254])),
}  # fmt: skip


@pytest.mark.parametrize("way", ["a cell", "a check"])
@pytest.mark.parametrize("forged", GARBLED.values(), ids=GARBLED)
def test_what_no_kernel_sends_ends_the_notebook_with_a_reason(student, forged, way):
    def send(student):
        student.end.sendall(forged(student.asked()["id"]))

    line = student.play(send)
    if way == "a cell":
        assert line.run("1").stop.limit == "garbled"
    else:
        with pytest.raises(NoAnswer, match="cannot be understood"):
            line.ask({}, [], 60)
        assert line.stop.limit == "garbled"


def test_a_long_text_with_many_commas_is_no_such_thing():
    text = (MOST_PARTS + 1) * ',["\\'
    (message,) = Frames().feed(frame("stream", "1", {"text": text}))
    assert message["content"]["text"] == text


@pytest.mark.parametrize("rest", ["", "\\", "a", "a\\"])
def test_what_a_text_that_never_ends_may_hold_is_looked_at_once(rest):
    assert TEXT.sub(b"", f'[1, "{3 * _QUOTE}, {rest}'.encode()) == b"[1, "


def test_as_deep_as_an_honest_answer_goes_is_not_too_deep():
    content = {"a": json.loads(100 * "[" + 100 * "]")}
    (message,) = Frames().feed(frame(KIND, "1", content))
    assert message["content"] == content
    with pytest.raises(Garbled, match="deeply"):
        Frames().feed(frame(KIND, "1", {"a": json.loads(130 * "[" + 130 * "]")}))


def test_of_many_small_prints_no_more_is_kept_than_is_ever_shown(student):
    def print_much(student):
        number = student.asked()["id"]
        for _ in range(MOST_TEXT // 5_000 + 100):
            student.say("stream", number, {"name": "stdout", "text": "x" * 5_000})
        student.say("execute_reply", number, {"status": "ok", "execution_count": 1})
        student.idle(number)

    run = student.play(print_much).run("1")
    assert run.status == "ok"
    assert MOST_TEXT <= len(run.outputs[0]["text"]) <= MOST_TEXT + 5_000


def test_of_many_outputs_under_one_name_no_more_are_kept_than_is_ever_shown(student):
    def show_much(student):
        number = student.asked()["id"]
        for k in range(MOST_OUTPUTS + 100):
            shown = {"data": {"text/plain": str(k)}, "transient": {"display_id": "one"}}
            student.say("display_data", number, shown)
        student.idle(number)

    line = student.play(show_much)
    assert len(line.run("1").outputs) == MOST_OUTPUTS
    assert len(line.displays["one"]) == MOST_SHOWN_ANEW


def test_what_is_shown_can_be_written_as_json(student):
    def show(student):
        number = student.asked()["id"]
        student.end.sendall(
            raw("display_data", number, '{"data": {"application/json": [NaN, 1e999, "\\ud800", 0.5]}}')
        )
        student.idle(number)

    run = student.play(show).run("1")
    assert json.loads(json.dumps(run.outputs[0]["data"], allow_nan=False)) == {
        "application/json": [None, None, "?", 0.5]
    }
