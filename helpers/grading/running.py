"""Run a student's notebook in its kernel, cell by cell, and let the judge decide its test cells.

Whatever goes wrong, a test cell has a verdict afterwards, and without proof it is zero.
"""

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from nbformat.notebooknode import NotebookNode, from_dict

from helpers.grading import cells, judging, redirection
from helpers.grading.limits import Limits
from helpers.grading.line import Answer, Interrupted, KernelLine, NoAnswer
from helpers.grading.oracles import Desk
from helpers.grading.seeds import seed_for
from helpers.grading.session import sandboxed_kernel
from helpers.grading.table import NotebookTable, TrustedCell, question

WIDGET = "application/vnd.jupyter.widget-view+json"
MOST_OUTPUT = 200_000  # characters of one cell's text that are kept


@dataclass(frozen=True)
class Rules:
    """How notebooks are run: the limits of a kernel, and what redirection costs."""

    limits: Limits = field(default_factory=Limits)
    warm: bool = True
    private: tuple[Path, ...] = ()
    unsafe_no_sandbox: bool = False
    redirection_costs: bool = False

    def kernel(self, folder: Path | None) -> AbstractContextManager[KernelLine]:
        """Return the context in which a kernel runs that sees a copy of `folder`."""
        return sandboxed_kernel(
            folder, self.limits, warm=self.warm, private=self.private,
            unsafe_no_sandbox=self.unsafe_no_sandbox, await_end=False,
        )  # fmt: skip


class Running:
    """One notebook on its way through its kernel."""

    def __init__(
        self, notebook: NotebookNode, table: NotebookTable, seed: str, rules: Rules, log: logging.Logger
    ) -> None:
        self.notebook, self.seed, self.rules, self.log = notebook, seed, rules, log
        self.trusted = [
            table.by_id.get(cell.metadata.get("nbgrader", {}).get("grade_id")) for cell in notebook.cells
        ]
        self.kernel: KernelLine | None = None
        self.ended, self.attention = "", []
        self.protection = {"note": "", "left_out": []}

    def run(self, folder: Path | None) -> None:
        """Give every cell its outputs and every test cell its verdict.

        Raises KernelFailed if no kernel starts, and SandboxUnavailable where there is no sandbox.
        """
        self._prepare()
        started = monotonic()
        try:
            unreadable = self.notebook.metadata.get("downhill", {}).get("unreadable")
            if unreadable:
                self._give_nothing(unreadable)
            else:
                self._run(folder)
        finally:
            self._write_facts()
            self.log.info("Ran and judged in %.2f seconds", monotonic() - started)

    def _prepare(self) -> None:
        # Nothing that was there before counts, and a test cell that is never reached is a zero.
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        for cell, trusted in self._tests():
            judging.refused(trusted, "This check was not run.").write(cell)

    def _run(self, folder: Path | None) -> None:
        self.copied = redirection.Copied([c.source for c in self.notebook.cells if c.cell_type == "code"])
        if not self.copied.whole:
            most = redirection.MOST_READ
            self.attention.append(
                f"more than {most} characters of code: not all was looked through for calls"
            )
        # A kernel that does not even start is no student's fault: that is raised, and the grade is not given.
        with self.rules.kernel(folder) as self.kernel:
            self.protection = {"note": self.kernel.note or "", "left_out": list(self.kernel.left_out)}
            for cell, trusted in zip(self.notebook.cells, self.trusted, strict=True):
                self._one(cell, trusted)

    def _give_nothing(self, reason: str) -> None:
        self._end(reason)
        for cell, trusted in self._tests():
            judging.refused(trusted, reason).write(cell)

    def _write_facts(self) -> None:
        verdicts = {trusted.grade_id: dict(cell.metadata.downhill) for cell, trusted in self._tests()}
        facts = {"verdicts": verdicts, "ended": self.ended, "attention": self.attention, **self.protection}
        self.notebook.metadata["downhill"] = from_dict(
            {**self.notebook.metadata.get("downhill", {}), **facts}
        )

    def _one(self, cell: NotebookNode, trusted: TrustedCell | None) -> None:
        if trusted is not None and trusted.is_test:
            verdict = self._verdict(trusted)
            verdict.write(cell)
            if verdict.attention:
                self.attention.append(verdict.attention)
        elif cell.cell_type == "code" and not self.ended:
            self._run_cell(cell)

    def _run_cell(self, cell: NotebookNode) -> None:
        if not cell.source.strip():
            return
        run = self.kernel.run(cell.source)
        cell.outputs, cell.execution_count = run.outputs, run.execution_count
        if run.status == "stopped":
            self._end(self._why("The notebook's kernel ended."))
        note = run.stop.sentence if run.stop is not None and run.stop.limit == "cell_seconds" else ""
        note = self.ended or note
        if note:
            cell.outputs.append(cells.error("Stopped", note, [note]))
        shorten(cell)

    def _verdict(self, trusted: TrustedCell) -> judging.Verdict:
        if self.ended:
            return judging.refused(trusted, f"The notebook was stopped before this check. {self.ended}")
        try:
            return self._decide(trusted)
        except Interrupted as reason:  # by a limit; or somebody's mistake, which may be ours
            attention = reason.attention and f"{trusted.grade_id}: {reason.attention}"
            return judging.refused(trusted, str(reason), attention)
        except NoAnswer as reason:
            self._end(self._why(str(reason)))
            return judging.refused(trusted, self.ended)
        except (
            Exception
        ) as error:  # a mistake of ours or a message made to cause one: no points, and somebody looks
            self.log.exception("Judging %s failed", trusted.grade_id)
            attention = f"{trusted.grade_id}: judging failed with {type(error).__name__}: {error}"
            return judging.refused(
                trusted, "This check could not be judged; your instructor was told.", attention
            )

    def _decide(self, trusted: TrustedCell) -> judging.Verdict:
        asked = question(trusted)
        if asked is None:
            limits = self.rules.limits
            return judging.run_test(trusted, self._ask, limits.cell_seconds + limits.grace_seconds)
        copied = self.copied.by(asked.function)
        seed = seed_for(self.seed, self.notebook, trusted.grade_id)
        return judging.judge_exercise(trusted, asked, self._ask, seed, copied, self.rules.redirection_costs)

    def _ask(self, request: dict, buffers: list[bytes], seconds: float, desk: Desk | None = None) -> Answer:
        return self.kernel.ask(request, buffers, seconds, desk)

    def _end(self, reason: str) -> None:
        """Give the kernel up: whatever it still does decides nothing any more."""
        self.ended = reason
        self.log.warning("The notebook was stopped: %s", reason)

    def _why(self, otherwise: str) -> str:
        """Return why the sandbox stopped the kernel, if it did."""
        stop = self.kernel.stop
        return stop.sentence if stop is not None else otherwise

    def _tests(self) -> list[tuple[NotebookNode, TrustedCell]]:
        both = zip(self.notebook.cells, self.trusted, strict=True)
        return [(cell, trusted) for cell, trusted in both if trusted is not None and trusted.is_test]


def shorten(cell: NotebookNode) -> None:
    """Cut what a cell printed or showed beyond all reading."""
    room, kept = MOST_OUTPUT, []
    for output in cell.outputs:
        output.get("data", {}).pop(WIDGET, None)  # its kernel is gone: what is left of it is the picture
        size = len(str(output))
        if output.output_type == "stream" and size > room:
            output.text = output.text[:room] + "\n... cut here ...\n"
        elif size > 20 * MOST_OUTPUT or room <= 0:
            continue
        room -= min(size, room)
        kept.append(output)
    cell.outputs = kept
