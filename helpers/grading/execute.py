"""nbgrader's step that runs a notebook: student cells inside a sandbox, test cells judged outside.

`TrustedExecute` takes the place of nbgrader's `Execute`, in `nbgrader autograde`, behind formgrader's button and
in `downhill grade`.
"""

from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from helpers.grading.limits import Limits
from helpers.grading.preprocessing import course_table
from helpers.grading.provisioner import SandboxProvisioner
from helpers.grading.running import Rules, Running
from helpers.grading.seeds import course_secret, seed_of


class TrustedExecute(NbGraderPreprocessor):
    """Run student cells inside, decide test cells outside."""

    redirection_costs = Bool(
        False, help="Whether using the course's or a library's function instead of writing it earns nothing."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with outputs and a verdict in every test cell.

        Raises KernelFailed if no kernel starts, and SandboxUnavailable where there is no sandbox.
        """
        known = resources.get("downhill") or self._from_course(resources)
        folder = resources.get("metadata", {}).get("path") or None
        running = Running(nb, known["table"], known["seed"], self.rules(), self.log)
        running.run(Path(folder) if folder else None)
        return nb, resources

    def rules(self) -> Rules:
        """Return how notebooks are run, as configured here and for the sandbox."""
        sandbox = SandboxProvisioner(config=self.config)
        return Rules(
            Limits(**sandbox.limits),
            sandbox.warm,
            sandbox.private_paths,
            sandbox.unsafe_no_sandbox,
            self.redirection_costs,
        )

    def _from_course(self, resources: dict) -> dict:
        """Return the trusted table and the seed where nbgrader itself runs us."""
        names, course = resources["nbgrader"], self.parent.parent.coursedir
        table = course_table(course, resources)
        secret = course_secret(Path(course.root) / ".downhill")
        return {"table": table, "seed": seed_of(secret, names["student"], names["assignment"], table.name)}
