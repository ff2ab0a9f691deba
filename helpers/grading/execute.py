"""Run a student's notebook in its kernel, cell by cell, and let the judge decide its test cells.

`TrustedExecute` takes the place of nbgrader's `Execute`, in `nbgrader autograde`, behind formgrader's button and
in `downhill grade`. Whatever goes wrong, a test cell has a verdict afterwards, and without proof it is zero.
"""

import math
from pathlib import Path
from time import monotonic

import nbformat
from jupyter_core.utils import run_sync
from nbclient.client import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Bool

from helpers.grading import judging, line, redirection
from helpers.grading.confined import KernelFailed
from helpers.grading.limits import Limits
from helpers.grading.line import Interrupted, NoAnswer
from helpers.grading.oracles import Desk
from helpers.grading.preprocessing import course_table
from helpers.grading.provisioner import SandboxKernelManager, SandboxProvisioner
from helpers.grading.seeds import course_secret, seed_for, seed_of
from helpers.grading.table import NotebookTable, TrustedCell, question

INSTALL = "from helpers.grading import answering as _; _.install(); del _"
WIDGET = "application/vnd.jupyter.widget-view+json"
MOST_OUTPUT = 200_000  # characters of one cell's text that are kept


class TrustedExecute(Execute):
    """Run student cells inside, decide test cells outside."""

    redirection_costs = Bool(
        False, help="Whether using the course's or a library's function instead of writing it earns nothing."
    ).tag(config=True)

    def __init__(self, *args, **options) -> None:
        # Not to be changed by any configuration, nor by what a notebook names as its kernel. Without times, the
        # same submission gives the same bytes, and what was graded twice by accident shows no difference.
        fixed = {
            "kernel_manager_class": SandboxKernelManager,
            "shutdown_kernel": "immediate",
            "record_timing": False,
        }
        super().__init__(*args, **{**options, **fixed})

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Return the notebook with outputs and a verdict in every test cell.

        Raises KernelFailed if no kernel starts, and SandboxUnavailable where there is no sandbox.
        """
        known = resources.get("downhill") or self._from_course(resources)
        self.table: NotebookTable = known["table"]
        self.seed: str = known["seed"]
        self.bounds = Limits(**SandboxProvisioner(config=self.config).limits)
        self.timeout = (
            math.ceil(self.bounds.cell_seconds + self.bounds.grace_seconds) + 5
        )  # the guard is first
        self.ended, self.attention = "", []
        self.protection = {"note": "", "left_out": []}
        self._prepare(nb, resources, km)
        started = monotonic()
        try:
            unreadable = nb.metadata.get("downhill", {}).get("unreadable")
            if unreadable:
                self._give_nothing(nb, unreadable)
            else:
                self._run(nb)
        finally:
            verdicts = {
                cell.metadata.nbgrader.grade_id: dict(cell.metadata.downhill) for cell in self._tests(nb)
            }
            known = nb.metadata.get("downhill", {})
            facts = {
                "verdicts": verdicts,
                "ended": self.ended,
                "attention": self.attention,
                **self.protection,
            }
            nb.metadata["downhill"] = nbformat.from_dict({**known, **facts})
            self.log.info("Ran and judged in %.2f seconds", monotonic() - started)
        return nb, resources

    def _prepare(self, nb, resources, km) -> None:
        NotebookClient.__init__(self, nb, km)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        # Nothing that was there before counts, and a test cell that is never reached is a zero.
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        for cell in self._tests(nb):
            judging.refused(self._trusted(cell), "This check was not run.").write(cell)

    def _run(self, nb) -> None:
        texts = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        self.copied = redirection.Copied(texts)
        # A kernel that does not even start is no student's fault: that is raised, and the grade is not given.
        with self.setup_kernel():
            process = self.km.provisioner.process
            self.protection = {"note": process.note or "", "left_out": list(process.left_out)}
            for index, cell in enumerate(nb.cells):
                self._one(cell, index)

    def _give_nothing(self, nb: NotebookNode, reason: str) -> None:
        self._end(reason)
        for cell in self._tests(nb):
            judging.refused(self._trusted(cell), reason).write(cell)

    def _one(self, cell: NotebookNode, index: int) -> None:
        trusted = self._trusted(cell)
        if trusted is not None and trusted.is_test:
            verdict = self._verdict(trusted)
            verdict.write(cell)
            if verdict.attention:
                self.attention.append(verdict.attention)
        elif cell.cell_type == "code" and not self.ended:
            self._run_cell(cell, index)

    def _run_cell(self, cell: NotebookNode, index: int) -> None:
        process = self.km.provisioner.process
        before = len(process.interruptions)
        try:
            self.execute_cell(cell, index, store_history=True)
        except (DeadKernelError, CellTimeoutError, NoAnswer) as trouble:
            self._end(self._why(str(trouble).split("\n")[0]))
        except (
            Exception
        ):  # the other end is the student's: it may send anything, and nothing may stop the class
            self.log.exception("The kernel sent what cannot be understood")
            self._end(self._why("The notebook's kernel sent what cannot be understood."))
        notes = [stop.sentence for stop in process.interruptions[before:]] + [self.ended] * bool(self.ended)
        for note in notes[-1:]:
            cell.outputs.append(new_output("error", ename="Stopped", evalue=note, traceback=[note]))
        _shorten(cell)

    def _verdict(self, trusted: TrustedCell) -> judging.Verdict:
        if self.ended:
            return judging.refused(trusted, f"The notebook was stopped before this check. {self.ended}")
        try:
            return self._decide(trusted)
        except Interrupted as reason:
            return judging.refused(trusted, str(reason))
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
            return judging.run_test(trusted, self._ask, self.bounds.cell_seconds + self.bounds.grace_seconds)
        copied = self.copied.by(asked.function)
        seed = seed_for(self.seed, self.nb, trusted.grade_id)
        return judging.judge_exercise(trusted, asked, self._ask, seed, copied, self.redirection_costs)

    def _ask(
        self, request: dict, buffers: list[bytes], seconds: float, desk: Desk | None = None
    ) -> line.Answer:
        return run_sync(line.ask)(self.km, self.kc, request, buffers, seconds, desk)

    def _end(self, reason: str) -> None:
        """Give the kernel up: whatever it still does decides nothing any more."""
        self.ended = reason
        self.log.warning("The notebook was stopped: %s", reason)

    def _why(self, otherwise: str) -> str:
        """Return why the sandbox stopped the kernel, if it did."""
        stop = self.km.provisioner.stop
        return stop.sentence if stop is not None else otherwise

    def _trusted(self, cell: NotebookNode) -> TrustedCell | None:
        return self.table.by_id.get(cell.metadata.get("nbgrader", {}).get("grade_id"))

    def _tests(self, nb: NotebookNode) -> list[NotebookNode]:
        tests = [(cell, self._trusted(cell)) for cell in nb.cells]
        return [cell for cell, trusted in tests if trusted is not None and trusted.is_test]

    def _from_course(self, resources: dict) -> dict:
        """Return the trusted table and the seed where nbgrader itself runs us."""
        names, course = resources["nbgrader"], self.parent.parent.coursedir
        table = course_table(course, resources)
        secret = course_secret(Path(course.root) / ".downhill")
        return {"table": table, "seed": seed_of(secret, names["student"], names["assignment"], table.name)}

    async def async_start_new_kernel_client(self):
        """Connect to the kernel and make it ready to answer the judge."""
        client = await super().async_start_new_kernel_client()
        request = client.execute(INSTALL, silent=True, store_history=False)
        reply = await line.reply(self.km, client.shell_channel, request, self.bounds.startup_seconds)
        if reply["content"].get("status") != "ok":
            raise KernelFailed(f"the kernel cannot answer checks: {reply['content'].get('evalue')}")
        return client

    start_new_kernel_client = run_sync(async_start_new_kernel_client)


def _shorten(cell: NotebookNode) -> None:
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
