"""Name a kernel of one's own for the notebook, which would decide how every cell runs."""

import json

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    kernel = {"display_name": "Mine", "language": "bash", "name": "my-kernel"}
    paper.notebook["metadata"]["kernelspec"] = kernel
    paper.files["kernels/my-kernel/kernel.json"] = json.dumps(
        {"argv": ["touch", "@MARK@"], "display_name": "Mine", "language": "bash"}
    ).encode()


ENTRY = Entry(NOTHING, base="stub", change=change)
