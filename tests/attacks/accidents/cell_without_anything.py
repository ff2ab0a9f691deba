"""Cells without type, source or metadata, and things that are no cells."""

import json

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.raw = json.dumps(
        {**paper.notebook, "cells": [*paper.notebook["cells"], {}, 5, None, {"cell_type": "heading"}]}
    ).encode()


ENTRY = Entry(FULL, base="right", change=change)
