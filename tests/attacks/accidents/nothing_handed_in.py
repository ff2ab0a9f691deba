"""A folder with a text in it and no notebook at all."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.missing = True
    paper.files["answers.txt"] = b"I have lost my notebook."


ENTRY = Entry(NOTHING, base="right", change=change, attention=True)
