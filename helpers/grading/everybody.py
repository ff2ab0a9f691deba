"""Nobody is passed over, and nobody's folder stops a class: four methods of nbgrader that no setting reaches.

nbgrader makes its converters, its course directory and the formgrader's lists itself, from classes that cannot be
configured. So these methods are replaced where a configuration asks for trusted grading.
"""

import os
from datetime import datetime
from fnmatch import fnmatchcase
from glob import escape, glob
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError

from helpers.grading.submissions import from_folder
from helpers.grading.timestamps import NAME, moment_of

COPY_ANYTHING = BaseConverter.init_assignment


def pass_over_nobody() -> None:
    """Have nbgrader and formgrader, in this process, grade missing notebooks, and live with odd files and timestamps."""
    Autograde.init_notebooks = list_notebooks
    BaseConverter.init_assignment = copy_files
    CourseDirectory.get_existing_timestamp = existing_timestamp
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp


def list_notebooks(autograde: Autograde) -> None:
    """List, for every folder that was handed in, its notebooks and those of the assignment that are not in it."""
    course = autograde.coursedir
    pattern = course.format_path(course.submitted_directory, course.student_id, course.assignment_id)
    folders = sorted(filter(os.path.isdir, glob(pattern, include_hidden=True)))
    names = _released(course) if folders else []
    if not names:  # a mistyped name, or nothing released: nbgrader says which
        BaseConverter.init_notebooks(autograde)
        return
    autograde.notebooks, autograde.assignments = [], {}
    for folder in folders:
        there = glob(os.path.join(escape(folder), f"{course.notebook_id}.ipynb"))
        wanted = [os.path.join(folder, f"{name}.ipynb") for name in names]
        autograde.assignments[folder] = sorted({*there, *wanted})


def _released(course: CourseDirectory) -> list[str]:
    """Return the names of the assignment's notebooks that are to be graded now; none if it is not in the gradebook."""
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            names = [notebook.name for notebook in gradebook.find_assignment(course.assignment_id).notebooks]
    except (MissingEntry, OperationalError):  # which nbgrader says itself
        return []
    return [name for name in names if fnmatchcase(name, course.notebook_id)]


def copy_files(converter: BaseConverter, assignment: str, student: str) -> None:
    """Copy the files beside the notebooks; of what students handed in only those that `downhill grade` takes."""
    if not isinstance(converter, Autograde):
        COPY_ANYTHING(converter, assignment, student)
        return
    course = converter.coursedir
    source, copies = (
        Path(course.format_path(step, student, assignment))
        for step in (course.submitted_directory, course.autograded_directory)
    )
    submission = from_folder(student, source)
    for name, content in submission.files.items():
        parts = Path(name).parts
        if not any(fnmatchcase(part, pattern) for part in parts for pattern in (*course.ignore, "*.ipynb")):
            copy = copies / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)  # what nbgrader wrote before is read-only
            copy.write_bytes(content)
    for line in submission.left_out:
        converter.log.warning("%s: %s and was left out", student, line)


def existing_timestamp(course: CourseDirectory, folder: str) -> datetime | None:
    """Return when this folder was handed in, and log it if its timestamp says nothing."""
    moment = moment_of(folder)
    if moment is None and os.path.lexists(os.path.join(folder, NAME)):
        course.log.warning("%s: %s says no date and counts as none", folder, NAME)
    return moment


def submitted_timestamp(api: NbGraderAPI, assignment: str, student: str) -> datetime | None:
    """Return when a student handed in, for the formgrader's lists."""
    course = api.coursedir
    return moment_of(course.format_path(course.submitted_directory, student, assignment))
