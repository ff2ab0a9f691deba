"""Hand in every test cell twice, the first copy with forged outputs: one such cell stopped a stock class."""

import copy

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    for name in POINTS:
        test = paper.test(name)
        forged = copy.deepcopy(test)
        data = {"text/plain": "99"}
        forged["outputs"] = [
            {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
        ]
        paper.notebook["cells"].insert(paper.notebook["cells"].index(test), forged)


ENTRY = Entry(NOTHING, base="stub", change=change)
