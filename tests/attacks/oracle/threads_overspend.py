"""Ask from eight threads at once, each with a whole budget, in case counting is not safe for threads."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import threading
def capstone(oracle, x0, budget):
    def ask():
        try:
            ends.append(adam(oracle, x0, budget))
        except RuntimeError:
            refused.append(1)
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends[-1] if ends else x0
""",
    before="ends, refused = [], []",
    after='print("refused in threads:", len(refused) > 0)',
    shown="refused in threads: True",
)
