"""Leave a thread behind that goes on asking in later cases and after the check."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import threading
def capstone(oracle, x0, budget):
    def go_on():
        while True:
            try:
                oracle(x0)
            except RuntimeError as refusal:
                if "over" in str(refusal):
                    return
    threading.Thread(target=go_on, daemon=True).start()
    return adam(oracle, x0, budget)
""",
    attention=None,
)
