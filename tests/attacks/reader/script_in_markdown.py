"""Scripts in markdown and raw cells, and in a heading that becomes a link."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    evil = "# <script>alert('evil-script')</script>\n[x](javascript:alert(1)) <iframe src='//evil'></iframe> <b onclick=alert(1)>b</b>"
    for kind in ("markdown", "raw"):
        paper.notebook["cells"].append(
            {"cell_type": kind, "id": f"evil-{kind}", "metadata": {}, "source": evil}
        )


ENTRY = Entry(FULL, base="right", change=change)
