"""Shows tables and formulas of one's own."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
from IPython.display import HTML, Markdown, Math, display
display(HTML("<table><tr><td>mine</td></tr></table>"), Markdown("*mine*"), Math("x^2"))
""",
    shown="<table>",
)
