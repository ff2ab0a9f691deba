"""The corpus under stock nbgrader: `python -m tests.bench.stock FOLDER` grades the course in a folder, held in sandboxes.

Stock nbgrader must never run the corpus with our own rights, so its kernels run in our sandbox; all else is stock:
its steps, and test cells that decide inside the student's kernel. That is kinder to it than the truth: what the sandbox
prevents is not held against it, and each submission is graded by itself, so that one which raises stops nobody.
"""

import json
import resource
import sys
from pathlib import Path

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from tests.grading.classroom import ASSIGNMENT

MEMORY = 2 * 2**30  # address space of the grader: a link to an endless device is read to the end of this


def main(folder: Path) -> None:
    """Grade every submission in turn; what stops it is written down and goes on with the next."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**28, 2**28))
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.course_id = "downhill"
    config.CourseDirectory.db_url = f"sqlite:///{folder / 'gradebook.db'}"
    config.Execute.kernel_manager_class = "helpers.grading.provisioner.SandboxKernelManager"
    config.Execute.shutdown_kernel = "immediate"
    config.Execute.timeout = 8
    config.SandboxProvisioner.limits = json.loads((folder / "limits.json").read_text())
    grader = NbGraderAPI(config=config)
    stopped = {}
    for student in sorted(path.name for path in (folder / "submitted").iterdir()):
        try:
            done = grader.autograde(ASSIGNMENT, student)
        except (Exception, SystemExit) as error:  # a class would have ended here
            stopped[student] = f"{type(error).__name__}: {error}"[:200]
            continue
        if not done["success"]:
            stopped[student] = str(done.get("error") or done.get("log"))[-200:]
    (folder / "stopped.json").write_text(json.dumps(stopped))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
