"""An oracle across the wall: answers as at home, counted outside, and nothing to be had by asking otherwise."""

import signal
import socket
import sys
import threading

import numpy as np
import pytest

from helpers import problems
from helpers.applications.capstone import capstone, draw
from helpers.calling import call
from helpers.grading.answering import _call
from helpers.grading.frames import Frames, frame
from helpers.grading.inside.direct import Connection
from helpers.grading.judging import judge_exercise
from helpers.grading.line import Answer
from helpers.grading.oracles import (
    ANSWER,
    GIVEN,
    HEADER,
    QUESTION,
    REFUSED,
    Desk,
    QuestionLine,
    Questions,
    RemoteOracle,
)
from helpers.grading.session import sandboxed_kernel
from helpers.grading.table import TrustedCell, question
from helpers.grading.wire import Packer, Refused, Unpacker
from helpers.oracle import BudgetSpent, Oracle
from helpers.time_limit import TooSlow

CELL = TrustedCell("capstone", "code", 'check("capstone", capstone)', None, True, True, False, False, 5.0)
BOWL = problems.quadratic([[2.0, 0.5], [0.5, 1.0]], [1.0, -1.0])
X = np.array([1.5, -0.5])
SOLVED = """
import numpy as np
def capstone(oracle, x0, budget):
    x, tail = np.array(x0, dtype=float), []
    m = v = np.zeros(len(x))
    for t in range(1, budget + 1):
        g = oracle(x)
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        alpha = 0.3 * (1 - (t - 1) / budget)
        x = x - alpha * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-300)
        if t > 0.75 * budget:
            tail.append(x)
    return np.mean(tail, axis=0)
"""


class Shortcut:
    """A line to a desk in the same process; `spoil` may change or drop what it answers."""

    def __init__(self, desk, spoil=lambda frames: [frames]):
        self.desk, self.spoil, self.came = desk, spoil, []

    def send(self, frames):
        told = self.desk.answer(frames)
        self.came += self.spoil(told) if told else []

    def receive(self, seconds):
        return self.came.pop(0) if self.came else None


def desk_of(budget=3, noise=0.0):
    ledger = Oracle(BOWL.description, budget, noise).open()
    return ledger, Desk([ledger])


def remote(desk, line=None, budget=3):
    questions = Questions(line or Shortcut(desk), desk.token)
    return RemoteOracle(0, 2, budget, questions).build(), questions


def asked(desk, number=0, token=None, serial=1, point=None):
    header = HEADER.pack(token or desk.token, number, serial)
    return desk.answer([header, X.astype("<f8").tobytes() if point is None else point])


def test_the_answer_is_the_gradient_and_the_call_is_counted_outside():
    ledger, desk = desk_of()
    ask, _ = remote(desk)
    np.testing.assert_array_equal(ask(X), BOWL.grad(X))
    np.testing.assert_array_equal(ask([2, 3]), BOWL.grad(np.array([2.0, 3.0])))
    assert ledger.calls == 2


def test_a_call_beyond_the_budget_is_refused_in_the_same_words_as_at_home_and_counted():
    ledger, desk = desk_of()
    near, far = Oracle(BOWL.description, 3).build(), remote(desk)[0]
    for ask in (near, far):
        for _ in range(3):
            ask(X)
    said = []
    for ask in (near, far):
        with pytest.raises(BudgetSpent) as refusal:
            ask(X)
        said.append(str(refusal.value))
    assert said[0] == said[1]
    assert ledger.calls == 4


def test_a_point_of_another_shape_is_refused_inside_and_never_leaves():
    ledger, desk = desk_of()
    ask, _ = remote(desk)
    with pytest.raises(ValueError, match=r"takes one point x of shape \(2,\)"):
        ask(np.ones((2, 2)))
    assert ledger.calls == 0


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [b""],
        [b"", b""],
        [b"x" * HEADER.size],
        [b"x" * HEADER.size, bytes(16)],
        [bytes(HEADER.size + 1), bytes(16)],
        [bytes(HEADER.size), bytes(16), b""],
    ],
)
def test_what_is_no_question_of_this_request_gets_no_answer_and_costs_nothing(frames):
    ledger, desk = desk_of()
    assert desk.answer(frames) is None
    assert ledger.calls == 0


def test_another_token_another_oracle_and_another_length_get_no_answer():
    ledger, desk = desk_of()
    assert asked(desk, token=b"otherone") is None
    assert asked(desk, number=1) is None
    assert asked(desk, number=2**32 - 1) is None
    assert asked(desk, point=bytes(8)) is None
    assert asked(desk, point=bytes(24)) is None
    assert ledger.calls == 0
    assert asked(desk)[1] == GIVEN


def test_points_that_are_no_numbers_are_answered_and_counted():
    ledger, desk = desk_of()
    for value in (np.nan, np.inf, -np.inf):
        _, verdict, raw = asked(desk, point=np.full(2, value).tobytes())
        assert (verdict, len(raw)) == (GIVEN, 16)
    assert asked(desk)[1] == REFUSED
    assert ledger.calls == 4


def test_an_answer_that_came_too_late_is_not_taken_for_the_next():
    _, desk = desk_of()
    held = []

    def late(frames):
        held.append(frames)
        return held[-2:]  # the answer before comes again, first

    ask, _ = remote(desk, Shortcut(desk, late))
    points = (X, X + 1, X + 2)
    for x in points:
        np.testing.assert_array_equal(ask(x), BOWL.grad(x))


def test_once_the_check_is_over_whoever_still_asks_is_let_go():
    _, desk = desk_of()
    ask, questions = remote(desk, Shortcut(desk, lambda frames: []))
    threading.Timer(0.05, questions.close).start()
    with pytest.raises(BudgetSpent, match="the check is over"):
        ask(X)


def test_an_oracle_itself_does_not_travel():
    with pytest.raises(Refused, match="Oracle does not travel"):
        Packer().pack(Oracle(BOWL.description, 3))


def test_what_travels_is_a_number_a_length_and_a_budget():
    packer = Packer()
    message = packer.pack(RemoteOracle(3, 2, 80))
    assert message == {"oracle": 3, "dim": 2, "budget": 80}
    assert packer.buffers == []
    assert Unpacker([], trusted=True).unpack(message) == RemoteOracle(3, 2, 80)
    with pytest.raises(Refused, match="description of a function"):
        Unpacker([]).unpack(message)
    with pytest.raises(Refused, match="three whole numbers"):
        Unpacker([], trusted=True).unpack({"oracle": 3, "dim": "2", "budget": 80})


@pytest.fixture
def wires():
    """Return both ends of a socket, as the kernel and the grader hold them."""
    inner, outer = socket.socketpair()
    with inner, outer:
        yield Connection(inner), outer


def test_questions_go_as_frames_of_the_request_and_answers_come_back_in_any_pieces(wires):
    connection, outer = wires
    line = QuestionLine(connection, "abc")
    line.send([b"head", b"point"])
    (message,) = Frames().feed(outer.recv(1000))
    assert (message["kind"], message["id"], message["buffers"]) == (QUESTION, "abc", [b"head", b"point"])
    told = frame(ANSWER, "abc", {}, [b"head", b"+", b"g"])
    outer.sendall(told[:9])
    assert line.receive(1.0) is None
    outer.sendall(told[9:] + frame("something_else", "abc", {}))
    assert line.receive(1.0) == [b"head", b"+", b"g"]
    assert line.receive(1.0) is None
    assert line.receive(0.01) is None


def test_the_time_limit_ends_a_wait_for_an_answer_that_never_comes(wires):
    connection, _ = wires
    questions = Questions(QuestionLine(connection, "abc"), b"12345678")
    case = {"oracle": RemoteOracle(0, 2, 3, questions), "x": X}
    assert call(lambda oracle, x: oracle(x), case, seconds=0.3).trouble == "too-slow"


@pytest.mark.parametrize("number", [signal.SIGALRM, signal.SIGINT])
def test_an_interrupt_comes_after_the_message_that_is_on_its_way(wires, number):
    connection, outer = wires
    sent = frame("stream", "abc", {"name": "stdout", "text": 2**22 * "x"})  # far more than the socket holds
    came = []

    def read_slowly():
        came.append(outer.recv(1))
        signal.pthread_kill(threading.main_thread().ident, number)
        while sum(map(len, came)) < len(sent) and (data := outer.recv(2**16)):
            came.append(data)

    def interrupt(*_):
        raise TooSlow

    previous = signal.signal(number, interrupt)
    reader = threading.Thread(target=read_slowly)
    try:
        reader.start()
        with pytest.raises(TooSlow):
            connection.send(sent)
    finally:
        signal.signal(number, previous)
        connection.end.shutdown(socket.SHUT_WR)
        reader.join()
    assert b"".join(came) == sent


def test_a_time_limit_that_raises_at_every_line_loses_no_answer(wires):
    connection, outer = wires
    line = QuestionLine(connection, "abc")

    def relentless(stack, event, argument):
        if "frames.py" in stack.f_code.co_filename:
            raise TooSlow
        return relentless

    outer.sendall(frame(ANSWER, "abc", {}, [b"head", b"+", b"g"]))
    tracer = sys.gettrace()
    sys.settrace(relentless)
    try:
        told = line.receive(1.0)
        kept = sys.gettrace()
    finally:
        sys.settrace(tracer)
    assert told == [b"head", b"+", b"g"]
    assert kept is relentless


def kernel(function, seen=None):
    """Return how a kernel answers in which `capstone` is this function, with a desk in the same process."""

    def ask(request, buffers, seconds, desk=None):
        if seen is not None:
            seen.append((request, buffers))
        packer = Packer()
        line = Shortcut(desk) if desk else None
        return Answer(_call({"capstone": function}, request, buffers, packer, line), packer.buffers)

    return ask


def verdict(ask, seed=1):
    return judge_exercise(CELL, question(CELL), ask, seed)


def test_the_judge_gives_the_points_of_the_capstone():
    assert verdict(kernel(capstone)).points == 5.0
    assert verdict(kernel(lambda oracle, x0, budget: x0)).facts["misconception"] == "returns x0"


def test_neither_problem_nor_noise_nor_seed_enters_the_sandbox():
    seen = []
    verdict(kernel(capstone, seen))
    ((request, buffers),) = seen
    unpacker = Unpacker(buffers, trusted=True)
    for pairs, _ in request["cases"]:
        case = unpacker.mapping(pairs)
        assert type(case["oracle"]) is RemoteOracle
        assert vars(case["oracle"]) | {"line": None} == {
            "number": case["oracle"].number, "dim": len(case["x0"]), "budget": case["budget"], "line": None,
        }  # fmt: skip
    assert len(buffers) == len(request["cases"])  # the starts, and nothing else


def test_what_the_kernel_says_about_calls_is_not_believed():
    def spends_twice(oracle, x0, budget):
        for _ in range(2 * budget):
            try:
                oracle(x0)
            except BudgetSpent:
                continue
        return capstone(lambda x: x, x0, budget)

    found = verdict(kernel(spends_twice))
    assert found.points == 0.0
    assert "asked the oracle" in found.html


def test_one_more_call_for_the_profile_asks_no_oracle_of_the_judges():
    counts = []

    def counting(oracle, x0, budget):
        counts.append(0)

        def counted(x):
            counts[-1] += 1
            return oracle(x)

        return capstone(counted, x0, budget)

    found = verdict(kernel(counting))
    assert found.points == 5.0
    assert found.facts["redirected"] == ["helpers.applications.capstone"]
    assert len(counts) == 12  # eleven cases, and the first once more


def test_methods_of_the_course_may_be_called_and_the_reference_may_not_unseen():
    from helpers.momentum import heavy_ball

    found = verdict(kernel(lambda oracle, x0, budget: heavy_ball(oracle, x0, 0.01, 0.9, budget)[-1]))
    assert found.facts["redirected"] == []
    assert verdict(kernel(capstone)).facts["redirected"] == ["helpers.applications.capstone"]


@pytest.mark.parametrize("way", ["warm", "cold", "unsafe"])
def test_in_a_real_kernel_it_is_as_at_home(way):
    with sandboxed_kernel(None, warm=way == "warm", unsafe_no_sandbox=way == "unsafe") as line:
        assert line.run(SOLVED).status == "ok"
        assert verdict(line.ask).points == 5.0
        assert line.run(SOLVED.replace("budget + 1", "budget + 2")).status == "ok"
        assert verdict(line.ask).facts["misconception"] == "overspends"
        assert line.run("print(1)").outputs[0]["text"] == "1\n"


def test_the_points_inside_and_outside_are_the_same():
    with sandboxed_kernel(None) as line:
        line.run(SOLVED)
        inside = verdict(line.ask, seed=7)
    space = {}
    exec(SOLVED, space)
    assert inside.facts["claims"] == verdict(kernel(space["capstone"]), seed=7).facts["claims"]


def test_every_landscape_answers_across_the_wall_as_it_does_at_home():
    for kind in ("bowl", "noisy", "high-dimensional"):
        land = draw(kind, np.random.default_rng(0))
        desk = Desk([land.oracle.open()])
        far = RemoteOracle(0, len(land.x0), land.budget, Questions(Shortcut(desk), desk.token)).build()
        near = land.oracle.build()
        for _ in range(3):
            np.testing.assert_array_equal(far(land.x0), near(land.x0))
