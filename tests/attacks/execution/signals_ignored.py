"""Ignore every signal and sleep: no interrupt ends the cell."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=True,
    cell="""
import signal, time
for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
signal.setitimer = lambda *a: (0.0, 0.0)
while True:
    try:
        time.sleep(100)
    except BaseException:
        continue
""",
)
