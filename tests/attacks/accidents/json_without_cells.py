"""Valid JSON that is no notebook."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    paper.raw = b'{"metadata": {}, "nbformat": 4, "cells": {"a": 1}}'


ENTRY = Entry(NOTHING, change=change, attention=True)
