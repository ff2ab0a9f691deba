"""A spreadsheet formula in the student's name, which the exported table shows."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(FULL, base="right", student='=HYPERLINK("http:evil","click")')
