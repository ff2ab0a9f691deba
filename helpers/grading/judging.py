"""Judge one test cell from outside: inputs in, plain arrays out, the verdict as a card for the cell's outputs."""

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.notebooknode import NotebookNode

from helpers import card
from helpers.calling import Outcome, accounted
from helpers.check import Report, judge
from helpers.exercises import EXERCISES
from helpers.exercises.table import Case
from helpers.grading import cells
from helpers.grading.line import Answer
from helpers.grading.oracles import Desk, RemoteOracle
from helpers.grading.table import Question, TrustedCell
from helpers.grading.wire import Packer, Refused, Unpacker, text, unpack_outcome
from helpers.oracle import Ledger, Oracle
from helpers.time_limit import PATIENCE

# For all cases of an exercise: a learner's own check allows 3, on a processor that may be twice as fast.
SECONDS = 6.0
# More for each call of an oracle: its way out and back takes a tenth of that on an idle machine.
PER_CALL = 0.005
SPARE = 10.0  # for everything around them, before the kernel is given up
SHOWN = 20  # outputs of a test cell that are kept

Ask = Callable[..., Answer]  # of a request, its buffers, seconds, and a Desk where cases ask an oracle


@dataclass
class Verdict:
    """The points a test cell earns, and what the notebook, the log and the instructor's summary say about it."""

    points: float
    maximum: float
    html: str
    outputs: list[NotebookNode] = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    attention: str = ""

    def write(self, cell: NotebookNode) -> None:
        """Write the verdict into a test cell: first what nbgrader reads as the score, then what was shown."""
        result = cells.result({"text/plain": f"{self.points:.10g}", "text/html": self.html})
        # nbgrader gives nothing as soon as it sees an error or stderr, so the decision has to come first.
        cell.outputs = [result, *self.outputs[:SHOWN]]
        facts = {"points": self.points, "maximum": self.maximum, **self.facts}
        cell.metadata["downhill"] = nbformat.from_dict(facts)


def refused(cell: TrustedCell, reason: str, attention: str = "") -> Verdict:
    """Return the verdict of no points, with the reason."""
    report = Report(cell.grade_id, cell.points or 0, refusal=reason)
    return Verdict(0.0, cell.points or 0, card.as_html(report), facts={"reason": reason}, attention=attention)


def judge_exercise(
    cell: TrustedCell,
    question: Question,
    ask: Ask,
    seed: int | None,
    copied: Sequence[str] = (),
    copying_costs: bool = False,
) -> Verdict:
    """Return the verdict on the function that an exercise asks for.

    `copied` names what the notebook's text takes from the course or a library instead of writing it; with
    `copying_costs` that, or entering it when called, earns nothing. Raises `NoAnswer` if the kernel gives none.
    """
    exercise = EXERCISES.get(question.exercise)
    if exercise is None:
        reason = f"There is no exercise {question.exercise!r}."
        return refused(cell, reason, attention=f"{cell.grade_id}: {reason}")
    entered: list[str] = []
    if question.before:
        ran = run_test(replace(cell, source=question.before), ask)
        if ran.points == 0:
            return ran
    try:
        report = judge(exercise, lambda cases: _run(question, cases, ask, entered), seed)
    except _Absent as absence:
        return refused(cell, str(absence))
    except Refused as refusal:
        return refused(cell, f"The check was not answered with plain numbers: {refusal}.")
    found = sorted({*copied, *entered} - set(exercise.may_call))
    points = report.score * cell.points / exercise.points
    facts = {
        "exercise": exercise.id,
        "attempted": report.attempted,
        "claims": {claim.title: claim.passed for claim in report.claims},
        "misconception": report.misconception,
        "redirected": found,
    }
    if found:
        report, points = _told(report, points, found, copying_costs)
    return Verdict(points, cell.points, card.as_html(report), facts=facts)


class _Absent(Exception):
    """The function that is asked for is not there."""


def _run(question: Question, cases: Sequence[Case], ask: Ask, entered: list[str]) -> list[Outcome]:
    """Return the outcomes of cases that run in the student's kernel."""
    packer, (sent, ledgers) = Packer(), _behind_the_desk(cases)
    opened = [ledger for ledger in ledgers if ledger is not None]
    seconds = SECONDS + PER_CALL * sum(ledger.oracle.budget for ledger in opened)
    request = {
        "do": "call",
        "name": question.function,
        "seconds": seconds,
        "cases": [[packer.mapping(inputs), case.repeat] for inputs, case in zip(sent, cases, strict=True)],
    }
    if opened:
        desk = Desk(opened)
        request["oracles"] = desk.token.hex()
        answer = ask(request, packer.buffers, PATIENCE * seconds + SPARE, desk)
    else:
        answer = ask(request, packer.buffers, PATIENCE * seconds + SPARE)
    if "absent" in answer.content:
        kind = text(answer.content["absent"], 60)
        if kind == "missing":
            raise _Absent(f"The notebook defines no {question.function}.")
        raise _Absent(f"{question.function} is not a function but of type {kind}.")
    messages = answer.content.get("outcomes")
    if not isinstance(messages, list) or len(messages) != len(cases):
        raise Refused("there is not one answer for every case")
    unpacker = Unpacker(answer.buffers)
    outcomes = [
        unpack_outcome(message, unpacker, tuple(case.inputs), case.repeat)
        for message, case in zip(messages, cases, strict=True)
    ]
    modules = answer.content.get("entered")
    if not isinstance(modules, list) or len(modules) > 20:
        raise Refused("the list of modules is not one")
    entered += [text(module, 100) for module in modules]
    # What was asked is counted here: the kernel's own word on it is neither wanted nor believed.
    return [accounted(outcome, ledger) for outcome, ledger in zip(outcomes, ledgers, strict=True)]


def _behind_the_desk(cases: Sequence[Case]) -> tuple[list[dict], list[Ledger | None]]:
    """Return the inputs as they travel, a number in place of each oracle, and the ledger that stays here for it."""
    sent, ledgers, number = [], [], 0
    for case in cases:
        inputs, ledger = dict(case.inputs), None
        for name, value in case.inputs.items():
            if isinstance(value, Oracle):
                ledger = value.open()
                inputs[name] = RemoteOracle(number, value.dim, value.budget)
                number += 1
        sent.append(inputs)
        ledgers.append(ledger)
    return sent, ledgers


def _told(report: Report, points: float, found: list[str], costs: bool) -> tuple[Report, float]:
    sentence = f"This answer uses {', '.join(found[:4])} instead of writing the method itself."
    if costs:
        return Report(report.exercise, report.points, refusal=f"{sentence} Here that earns no points."), 0.0
    return replace(report, remarks=(*report.remarks, sentence)), points


def run_test(cell: TrustedCell, ask: Ask, seconds: float = 30.0) -> Verdict:
    """Return the verdict of a test that the instructor wrote by hand: it runs inside, to its end or for nothing.

    All points if it ran to its end; if its last line is a number, that many. What the student's code can reach
    inside it can also forge: such a test holds against accidents and ordinary tricks, not against everything.
    Raises `NoAnswer` if the kernel gives none.
    """
    answer = ask({"do": "run", "source": _plain(cell.source)}, [], seconds)
    content = answer.content
    if content.get("ended") is not True:
        return _failed(cell, content.get("error"), answer.outputs)
    try:
        value = Unpacker([]).unpack(content.get("value"))
    except Refused as refusal:
        return refused(cell, f"The test's result is not a number: {refusal}.")
    if value is not None and not isinstance(value, float):
        return refused(cell, "The test's result is not a number.")
    points = float(cell.points) if value is None else value
    if not (math.isfinite(points) and 0 <= points <= cell.points):
        return refused(cell, f"The test came to {points:g} points, and it is worth 0 to {cell.points:g}.")
    report = f"This test ran to its end: {points:g} of {cell.points:g} points."
    return Verdict(points, cell.points, _small_card(report, points == cell.points), answer.outputs)


def _plain(source: str) -> str:
    """Return a cell without magics: those become ordinary calls, here, where nobody has changed how."""
    try:
        ast.parse(source)
    except SyntaxError:
        return TransformerManager().transform_cell(source)
    return source


def _failed(cell: TrustedCell, error: object, outputs: list[NotebookNode]) -> Verdict:
    error = error if isinstance(error, dict) else {}
    name, value = (str(error.get(key, ""))[:1000] for key in ("ename", "evalue"))
    lines = error.get("traceback")
    lines = [str(line)[:300] for line in lines[:10]] if isinstance(lines, list) else []
    shown = cells.error(name or "Error", value, [*lines, f"{name}: {value}"])
    sentence = (
        f"This test did not run to its end: {name or 'no reason given'}{': ' if value else ''}{value[:300]}"
    )
    return Verdict(
        0.0, cell.points, _small_card(sentence, False), [*outputs, shown], facts={"reason": sentence}
    )


def _small_card(sentence: str, right: bool) -> str:
    colour = card.RIGHT if right else card.WRONG
    return (
        f'<div role="group" style="max-width:46em;padding:8px 16px;margin:4px 0;border:1px solid {card.LINE};'
        f'border-left:6px solid {colour};background:{card.PAPER};color:{card.INK}">{escape(sentence)}</div>'
    )


def hidden_card(facts: dict | None) -> list[NotebookNode]:
    """Return the outputs of a test with hidden parts, for a student: the points, and nothing else."""
    if not facts:
        return []
    sentence = f"This cell has hidden tests: {facts['points']:g} of {facts['maximum']:g} points."
    html = _small_card(sentence, facts["points"] == facts["maximum"])
    return [cells.display({"text/plain": sentence, "text/html": html})]
