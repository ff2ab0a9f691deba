"""Register a formatter that shows every report as its full points."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
from helpers.report import Report
plain = get_ipython().display_formatter.formatters["text/plain"]
plain.for_type(Report, lambda report, printer, cycle: printer.text("1.0"))
Report.__repr__ = lambda self: "1.0"
Report.score = property(lambda self: 1.0)
print("formatted")
""",
    shown="formatted",
)
