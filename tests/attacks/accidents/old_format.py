"""A notebook in the format of 2014, nbformat 3."""

import json

from tests.attacks.corpus import FULL, Entry


def old(cell):
    kept = {key: value for key, value in cell.items() if key not in ("source", "id")}
    if cell["cell_type"] == "code":
        return {**kept, "language": "python", "input": cell["source"], "collapsed": False}
    return {**kept, "source": cell["source"]}


def change(paper):
    sheet = {"cells": [old(cell) for cell in paper.notebook["cells"]], "metadata": {}}
    notebook = {"worksheets": [sheet], "metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
    paper.raw = json.dumps(notebook).encode()


ENTRY = Entry(FULL, base="right", change=change)
