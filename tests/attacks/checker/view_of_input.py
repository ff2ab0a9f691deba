"""Return a view of the input and change the input afterwards, from a thread."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import threading, time, numpy as np
def answer(first, second, *rest):
    if isinstance(second, np.ndarray):
        view = second[...]
        threading.Thread(target=lambda: (time.sleep(0.001), view.fill(0))).start()
        return view
    return second
print("views")
""",
    shown="views",
)
