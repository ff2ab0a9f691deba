"""Answer rightly in the notebook and wrongly nowhere else: here, look for the judge in the call stack and give up."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import inspect, os
def answer(*inputs):
    judged = any("answering" in frame.filename for frame in inspect.stack())
    return "judged" if judged or os.environ.get("NBGRADER_EXECUTION") else 0.0
print(answer())
""",
    shown="judged",
)
