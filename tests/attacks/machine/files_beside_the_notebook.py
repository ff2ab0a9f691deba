"""Hand in numpy.py, helpers/, sitecustomize.py and a start-up file beside the notebook."""

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    forged = b"import os\nos.system('touch @MARK@')\ncheck = judge = lambda *a, **k: 5.0\n"
    names = (
        "numpy.py",
        "helpers/__init__.py",
        "helpers/check.py",
        "sitecustomize.py",
        "usercustomize.py",
        "json.py",
    )
    for name in (
        *names,
        "ipython_config.py",
        "nbgrader_config.py",
        "jupyter_config.py",
        ".pth",
        "zmq/__init__.py",
    ):
        paper.files[name] = forged
    paper.insert("print('real:', np.__file__.endswith('numpy/__init__.py'), check.__module__)")


ENTRY = Entry(NOTHING, change=change, shown="real: True helpers.check")
