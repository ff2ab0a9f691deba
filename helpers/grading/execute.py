"""Run a student's notebook in its kernel, cell by cell, and let the judge decide its test cells.

`TrustedExecute` takes the place of nbgrader's `Execute`, in `nbgrader autograde`, behind formgrader's button and
in `downhill grade`. Whatever goes wrong, a test cell has a verdict afterwards, and without proof it is zero.
"""

from pathlib import Path
from time import monotonic

import nbformat
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellControlSignal, CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict

from helpers.grading import judging, line, redirection
from helpers.grading.limits import Limits
from helpers.grading.line import NoAnswer
from helpers.grading.seeds import course_secret, seed_for, seed_of
from helpers.grading.table import NotebookTable, TrustedCell, from_gradebook, question

INSTALL = "from helpers.grading import answering as _; _.install(); del _"
MOST_OUTPUT = 200_000  # characters of one cell's text that are kept


class TrustedExecute(Execute):
    """Run student cells inside, decide test cells outside."""

    limits = Dict(help="Bounds on a student's kernel, by name: see helpers.grading.limits.Limits.").tag(
        config=True
    )
    redirection_costs = Bool(
        False, help="Whether using the course's or a library's function instead of writing it earns nothing."
    ).tag(config=True)

    shutdown_kernel = "immediate"

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Return the notebook with outputs and a verdict in every test cell."""
        known = resources.get("downhill") or self._from_course(resources)
        self.table: NotebookTable = known["table"]
        self.seed: str = known["seed"]
        self.bounds = Limits(**self.limits)
        self.timeout, self.iopub_timeout = (
            int(self.bounds.cell_seconds) + 1,
            int(self.bounds.grace_seconds) + 2,
        )
        self.ended = ""
        self._prepare(nb, resources, km)
        started = monotonic()
        try:
            self._run(nb, resources)
        finally:
            verdicts = {
                cell.metadata.nbgrader.grade_id: dict(cell.metadata.downhill) for cell in self._tests(nb)
            }
            known = nb.metadata.get("downhill", {})
            facts = {"verdicts": verdicts, "ended": self.ended, "protection": self._protection()}
            nb.metadata["downhill"] = nbformat.from_dict({**known, **facts})
            self.log.info("Ran and judged in %.2f seconds", monotonic() - started)
        return nb, resources

    def _prepare(self, nb, resources, km) -> None:
        from nbclient.client import NotebookClient

        NotebookClient.__init__(self, nb, km)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        # Nothing that was there before counts, and a test cell that is never reached is a zero.
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        for cell in self._tests(nb):
            judging.refused(self._trusted(cell), "This check was not run.").write(cell)

    def _run(self, nb, resources) -> None:
        texts = [cell.source for cell in nb.cells if cell.cell_type == "code"]
        self.copied = redirection.Copied(texts)
        try:
            with self.setup_kernel():
                for index, cell in enumerate(nb.cells):
                    self._one(cell, index)
        except NoAnswer as reason:  # the kernel did not even start
            self._end(str(reason))
            for cell in self._tests(nb):
                judging.refused(self._trusted(cell), self.ended).write(cell)

    def _one(self, cell: NotebookNode, index: int) -> None:
        trusted = self._trusted(cell)
        if trusted is not None and trusted.is_test:
            verdict = self._verdict(trusted)
            verdict.write(cell)
            if verdict.attention:
                self.log.error("Needs attention: %s", verdict.attention)
        elif cell.cell_type == "code" and not self.ended:
            self._run_cell(cell, index)

    def _run_cell(self, cell: NotebookNode, index: int) -> None:
        try:
            self.execute_cell(cell, index, store_history=True)
        except (DeadKernelError, CellTimeoutError, CellControlSignal, NoAnswer) as trouble:
            self._end(self._why(str(trouble).split("\n")[0]))
        if self.ended:
            cell.outputs.append(
                new_output("error", ename="Stopped", evalue=self.ended, traceback=[self.ended])
            )
        _shorten(cell)

    def _verdict(self, trusted: TrustedCell) -> judging.Verdict:
        if self.ended:
            return judging.refused(trusted, f"The notebook was stopped before this check. {self.ended}")
        asked = question(trusted)
        try:
            if asked is None:
                return judging.run_test(trusted, self._ask, self.bounds.cell_seconds)
            copied = self.copied.by(asked.function)
            seed = seed_for(self.seed, self.nb, trusted.grade_id)
            return judging.judge_exercise(trusted, asked, self._ask, seed, copied, self.redirection_costs)
        except NoAnswer as reason:
            self._end(self._why(str(reason)))
            return judging.refused(trusted, self.ended)

    def _ask(self, request: dict, buffers: list[bytes], seconds: float) -> line.Answer:
        return run_sync(line.ask)(self.km, self.kc, request, buffers, seconds)

    def _end(self, reason: str) -> None:
        """Give the kernel up: whatever it still does decides nothing any more."""
        self.ended = reason
        self.log.warning("The notebook was stopped: %s", reason)

    def _why(self, otherwise: str) -> str:
        """Return why the sandbox stopped the kernel, if it did."""
        stop = getattr(getattr(self.km, "provisioner", None), "stop", None)
        return stop.sentence if stop is not None else otherwise

    def _trusted(self, cell: NotebookNode) -> TrustedCell | None:
        return self.table.by_id.get(cell.metadata.get("nbgrader", {}).get("grade_id"))

    def _tests(self, nb: NotebookNode) -> list[NotebookNode]:
        tests = [(cell, self._trusted(cell)) for cell in nb.cells]
        return [cell for cell, trusted in tests if trusted is not None and trusted.is_test]

    def _protection(self) -> str:
        return "sandbox"

    def _from_course(self, resources: dict) -> dict:
        """Return the trusted table and the seed where nbgrader itself runs us."""
        names = resources["nbgrader"]
        course = self.parent.parent.coursedir
        source = Path(course.format_path(course.source_directory, ".", names["assignment"]))
        with Gradebook(names["db_url"], course.course_id) as gradebook:
            table = from_gradebook(gradebook, names["assignment"], source)[names["notebook"]]
        secret = course_secret(Path(course.root) / ".downhill")
        return {"table": table, "seed": seed_of(secret, names["student"], names["assignment"], table.name)}

    async def async_start_new_kernel_client(self):
        """Connect to the kernel and make it ready to answer the judge, without jupyter_client's pauses."""
        self.kc = self.km.client()
        self.kc.start_channels()
        try:
            await line.wait_until_ready(self.km, self.kc, self.bounds.startup_seconds)
        except NoAnswer:
            await self._async_cleanup_kernel()
            raise
        self.kc.allow_stdin = False
        await self._install()
        return self.kc

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _install(self) -> None:
        reply = await self.kc._async_execute_interactive(
            INSTALL, silent=True, store_history=False, timeout=60
        )
        if reply["content"]["status"] != "ok":
            raise NoAnswer(f"The notebook's kernel cannot answer checks: {reply['content'].get('evalue')}")


def _shorten(cell: NotebookNode) -> None:
    """Cut what a cell printed or showed beyond all reading."""
    room, kept = MOST_OUTPUT, []
    for output in cell.outputs:
        size = len(str(output))
        if output.output_type == "stream" and size > room:
            output.text = output.text[:room] + "\n... cut here ...\n"
        elif size > 20 * MOST_OUTPUT or room <= 0:
            continue
        room -= min(size, room)
        kept.append(output)
    cell.outputs = kept
