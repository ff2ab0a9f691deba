"""What answers the judge from inside a student's kernel: call a function on given inputs, run a test cell.

It is put in place before the first student cell, as the handler of a kind of Jupyter message of its own: past
everything a cell can change about how cells run (input and syntax transformers, `run_cell`, the display hook).
What it sends is an answer, not evidence: the kernel belongs to the student, and the judge outside believes
nothing but the numbers that it can compare with its own.
"""

import ast
import dataclasses
import linecache
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from helpers import problems
from helpers.calling import call
from helpers.check import run_here
from helpers.grading.oracles import QuestionLine, Questions, RemoteOracle
from helpers.grading.wire import Packer, Unpacker, pack_outcome
from helpers.oracle import Oracle

REQUEST, REPLY = "downhill_request", "downhill_reply"  # kinds of message on the shell channel
CELL = "<test cell>"
LIBRARIES = ("scipy.optimize", "sklearn", "torch", "jax", "optax", "autograd", "cvxpy")
OURS = ("helpers.",)
# What a case itself brings along, and what calls the function.
GIVEN = (
    "helpers.problems", "helpers.oracle", "helpers.calling", "helpers.arguments", "helpers.time_limit", "helpers.grading",
)  # fmt: skip


def install() -> None:
    """Listen for the judge in this kernel; to be called once, before any student code."""
    from IPython import get_ipython

    shell = get_ipython()
    kernel, space = shell.kernel, shell.user_ns
    run = {"call": _call, "run": _run}

    def handle(stream, identity, message) -> None:
        packer = Packer()
        try:
            data = message["content"]
            # Only a case with an oracle takes this line up; `Desk` in helpers.grading.oracles is its other end.
            line = QuestionLine(getattr(kernel.session, "connection", None), message["header"]["msg_id"])
            answer = run[data["do"]](space, data, message["buffers"], packer, line)
        except BaseException as error:  # an interrupt too: whoever asked waits for a reply
            packer, answer = Packer(), {"failed": type(error).__name__[:60]}
        kernel.session.send(stream, REPLY, answer, message, ident=identity, buffers=packer.buffers)

    kernel.shell_handlers[REQUEST] = handle


def _call(space: dict, data: dict, buffers: list, packer: Packer, line: QuestionLine | None = None) -> dict:
    name = data["name"]
    if name not in space:
        return {"absent": "missing"}
    function = space[name]
    if not callable(function):
        return {"absent": type(function).__name__[:60]}
    unpacker = Unpacker(buffers, trusted=True)
    cases = [_Case(unpacker.mapping(pairs), repeat) for pairs, repeat in data["cases"]]
    with _connected(cases, data, line):
        outcomes = run_here(function, cases, data["seconds"])
    entered = _modules_entered(function, cases[0]) if cases and outcomes[0].ok else []
    return {"outcomes": [pack_outcome(outcome, packer) for outcome in outcomes], "entered": entered}


@contextmanager
def _connected(cases: "list[_Case]", data: dict, line: QuestionLine | None) -> Iterator[None]:
    """Let the oracles among the inputs of cases ask the judge, for as long as the block lasts."""
    if "oracles" not in data:
        yield
        return
    questions = Questions(line, bytes.fromhex(data["oracles"]))
    for case in cases:
        case.connect(questions)
    try:
        yield
    finally:
        questions.close()


class _Case:
    """As much of a case as travels: what goes in, and how often."""

    def __init__(self, inputs: dict, repeat: int) -> None:
        self.inputs, self.repeat = inputs, repeat

    def connect(self, questions: Questions) -> None:
        """Let the oracles among the inputs ask outside."""
        for name, value in self.inputs.items():
            if isinstance(value, RemoteOracle):
                self.inputs[name] = dataclasses.replace(value, line=questions)

    def practice(self) -> dict:
        """Return the inputs with a bowl in place of an oracle: one more call must not spend or learn anything."""
        return {
            name: _practice(value) if isinstance(value, RemoteOracle) else value
            for name, value in self.inputs.items()
        }


def _practice(oracle: RemoteOracle) -> Oracle:
    bowl = problems.quadratic_with_spectrum(range(1, oracle.dim + 1))
    return Oracle(bowl.description, oracle.budget)


def _modules_entered(function, case: _Case) -> list[str]:
    """Return the modules of the course and of libraries for optimization that one call of `function` enters."""
    entered = set()

    def watch(frame: FrameType, event: str, argument: object) -> None:
        module = frame.f_globals.get("__name__") if event == "call" else getattr(argument, "__module__", None)
        if isinstance(module, str):
            entered.add(module[:100])

    previous = sys.getprofile()

    def watched(*arguments):
        sys.setprofile(watch)
        try:
            return function(*arguments)
        finally:
            sys.setprofile(previous)

    call(watched, case.practice())
    return sorted(
        module
        for module in entered
        if module.startswith(LIBRARIES) or (module.startswith(OURS) and not module.startswith(GIVEN))
    )[:20]


def _run(space: dict, data: dict, buffers: list, packer: Packer, line: QuestionLine | None = None) -> dict:
    """Run a test cell to its end, or say why it did not get there."""
    source = data["source"]
    linecache.cache[CELL] = (len(source), None, source.splitlines(True), CELL)
    try:
        tree = ast.parse(source, CELL)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, CELL, "exec"), space)
        value = eval(compile(ast.Expression(last.value), CELL, "eval"), space) if last else None
    except BaseException as error:  # SystemExit and KeyboardInterrupt too: the cell did not run to its end
        return {"ended": False, "error": _error(error)}
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {"ended": True, "value": packer.pack(float(value)) if number else None}


def _error(error: BaseException) -> dict:
    try:
        sentence = str(error)
    except Exception as another:  # the exception is of the learner's own making
        sentence = f"(its text raised {type(another).__name__})"
    lines = traceback.extract_tb(error.__traceback__)
    where = [frame for frame in lines if frame.filename != __file__]
    return {
        "ename": type(error).__name__[:100],
        "evalue": sentence[:1000],
        "traceback": [f"{frame.filename} line {frame.lineno}: {frame.line}"[:300] for frame in where[-8:]],
    }
