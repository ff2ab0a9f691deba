"""Claim that every case had an excuse: not run, or without trouble and without a result."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import helpers.grading.answering as answering
answering.pack_outcome = lambda outcome, packer: {
    "returned": None, "trouble": None, "sentence": "", "where": "", "error": "", "changed": [], "undrawn": [], "printed": ""}
answering.run_here = lambda function, cases, seconds: [type("Fine", (), {"ok": True})() for case in cases]
print("excused")
""",
    shown="excused",
)
