"""Hand in a link to the instructor's solution instead of a notebook."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.missing = True
    paper.links["step-size-and-curvature.ipynb"] = (
        "../../../source/01-step-size-and-curvature/step-size-and-curvature.ipynb"
    )


ENTRY = Entry(NOTHING, change=change, attention=True)
