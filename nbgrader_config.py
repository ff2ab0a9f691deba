"""The course for nbgrader: read by `nbgrader ...` run in this folder and by the formgrader in JupyterLab."""

import sys
from pathlib import Path

try:
    from helpers.grading.settings import configure
except ImportError as error:
    # nbgrader logs any other error, goes on with settings of its own and runs students' code without a sandbox.
    sys.exit(
        f"{__file__}: this Python ({sys.executable}) does not have the course ({error}): "
        "use the environment that `make` sets up, or install the course in this one."
    )

c = globals()["c"]  # traitlets runs this file with its configuration under this name

c.CourseDirectory.course_id = "downhill"
# The folder of this file, so that it does not matter where JupyterLab was started.
c.CourseDirectory.root = str(Path(__file__).absolute().parent)
# <step>/<student>/<assignment>; for source and release nbgrader puts "." for the student.
c.CourseDirectory.directory_structure = "{nbgrader_step}/{student_id}/{assignment_id}"
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"

# What a student sees in place of a solution. `check` knows this error as "not attempted yet".
c.ClearSolutions.code_stub = {
    "python": "# Your code goes here, instead of the next line.\nraise NotImplementedError",
}
c.ClearSolutions.text_stub = "*Your answer goes here.*"

# --- Trusted grading ------------------------------------------------------------------------------
# Students' code runs in a sandbox and is judged from outside it. Bounds on it are changed by name:
# configure(c, cell_seconds=60, memory=2 * 2**30); see helpers/grading/limits.py for all of them.
configure(c)
# --------------------------------------------------------------------------------------------------
