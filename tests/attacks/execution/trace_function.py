"""Trace every line and change local variables of whatever runs, the answering code included."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import sys
def trace(frame, event, argument):
    if "outcomes" in frame.f_locals:
        for outcome in frame.f_locals["outcomes"] or []:
            for key, value in (("ok", True), ("trouble", None), ("score", 3.0)):
                try:
                    object.__setattr__(outcome, key, value)
                except Exception:
                    continue
    return trace
sys.settrace(trace)
sys.setprofile(trace)
print("tracing")
""",
    shown="tracing",
)
