"""Fork, and let the child spend what the parent would be counted for."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import os
def capstone(oracle, x0, budget):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(write, walk(oracle, x0, budget).tobytes())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    told = os.read(read, 10**6)
    os.close(read)
    return np.frombuffer(told) if len(told) == 8 * len(x0) else np.array(x0)
""",
    attention=None,
)
