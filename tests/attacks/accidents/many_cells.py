"""Five hundred empty cells of one's own."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    for _ in range(500):
        paper.notebook["cells"].append({"cell_type": "markdown", "id": f"m{_}", "metadata": {}, "source": ""})


ENTRY = Entry(FULL, base="right", change=change)
