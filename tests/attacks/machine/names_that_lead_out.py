"""Hand in files whose names look like paths and options, and links that leave the folder."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    for name in ("..\\\\..\\\\@MARK@", "-rf", "$(touch @MARK@)", "a\nb", "%2e%2e%2f", "~", "feedback.html"):
        paper.files[name] = b"text"
    paper.links |= {
        "source": "../../../source",
        "book.db": "../../../gradebook.db",
        "loop": ".",
        "passwords": "/etc/passwd",
    }
    paper.insert(
        "import os\nprint('links:', [n for n in os.listdir() if os.path.islink(n)], os.path.exists('book.db'))"
    )


ENTRY = Entry(NOTHING, change=change, shown="links: [] False", attention=True)
