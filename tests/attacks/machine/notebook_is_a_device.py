"""Hand in a link to a device that never ends instead of a notebook."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.missing = True
    paper.links["step-size-and-curvature.ipynb"] = "/dev/zero"


ENTRY = Entry(NOTHING, change=change, attention=True)
