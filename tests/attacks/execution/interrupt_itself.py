"""Send itself interrupts while being judged."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
import os, signal, _thread
def answer(*inputs):
    os.kill(os.getpid(), signal.SIGINT)
    _thread.interrupt_main()
    return 0.0
print("ready to interrupt")
""",
    shown="ready to interrupt",
)
