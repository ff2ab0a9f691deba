"""A notebook of 50 MB, nearly all of it old outputs."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    output = {"output_type": "display_data", "data": {"image/png": "A" * (50 * 2**20)}, "metadata": {}}
    paper.test("gradient-step")["outputs"] = [output]


ENTRY = Entry(FULL, base="right", change=change)
