"""Replace what answers the judge: the call, the packer, NumPy's arrays, the handler's own module."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import sys
import helpers.calling, helpers.check, helpers.grading.answering as answering, helpers.grading.wire as wire
from helpers.calling import Outcome
class Right(float):
    __eq__ = __le__ = __ge__ = lambda self, other: True
    __lt__ = __gt__ = __ne__ = lambda self, other: False
    __hash__ = None
    def __sub__(self, other): return Right(0)
    def __array__(self, *a, **k): return sys.modules["numpy"].zeros(2)
answering.run_here = helpers.check.run_here = lambda function, cases, seconds: [
    Outcome(returned=[Right(0)] * case.repeat if case.repeat > 1 else Right(0)) for case in cases]
pack = answering.pack_outcome
def passed(outcome, packer):
    return {**pack(outcome, packer), "trouble": None, "changed": [], "error": "", "sentence": "passed"}
answering.pack_outcome = wire.pack_outcome = passed
answering._modules_entered = lambda *_: []
answering._call.__globals__["Packer"].mapping = lambda *_: []
print("replaced")
""",
    shown="replaced",
)
