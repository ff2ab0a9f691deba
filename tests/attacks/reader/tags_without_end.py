"""Tags that are never closed, stars, brackets: to keep whoever makes a page of them busy for hours."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    for k, source in enumerate(
        ("*a " * 100_000, "[" * 300_000, "".join(f'<p><b class="{n}">' for n in range(30_000)))
    ):
        paper.notebook["cells"].append(
            {"cell_type": "markdown", "id": f"long-{k}", "source": source, "metadata": {}}
        )


ENTRY = Entry(
    FULL,
    base="right",
    change=change,
    cell="""
from IPython.display import HTML, display
display(HTML("".join(f'<p><b class="{k}">' for k in range(30_000))))
display(HTML(50_000 * "<div>"))
""",
    shown="29999",
)
