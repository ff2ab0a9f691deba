"""What nbgrader_config.py switches on for trusted grading: one call, `configure(c)`."""

from helpers.grading.everybody import pass_over_nobody

STEPS = "nbgrader.preprocessors."


def configure(c, **limits: float) -> None:
    """Have nbgrader, formgrader and `downhill grade` repair, confine and judge; `limits` are those of `Limits`.

    `configure(c, cell_seconds=60, memory=2 * 2**30)` in nbgrader_config.py changes two of them.
    """
    pass_over_nobody()
    c.Autograde.exporter_class = "helpers.grading.preprocessing.AnyNotebookExporter"
    c.Autograde.sanitize_preprocessors = ["helpers.grading.preprocessing.Repair", f"{STEPS}CheckCellMetadata"]
    c.Autograde.autograde_preprocessors = [
        "helpers.grading.execute.TrustedExecute",
        *(f"{STEPS}{name}" for name in ("IgnorePattern", "LimitOutput", "SaveAutoGrades")),
        *(f"{STEPS}{name}" for name in ("AssignLatePenalties", "CheckCellMetadata")),
    ]
    c.SandboxProvisioner.limits = limits
    # Feedback for students, and formgrader for the instructor: both make a page of the graded notebook.
    c.HTMLExporter.preprocessors = ["helpers.grading.feedback.SafeContents"]
    c.HTMLExporter.filters = {"markdown2html": "helpers.grading.feedback.markdown"}
    c.GenerateFeedback.preprocessors = [
        f"{STEPS}GetGrades",
        "helpers.grading.feedback.HideTests",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    c.ExportApp.plugin_class = "helpers.grading.export.SafeCsvExportPlugin"
