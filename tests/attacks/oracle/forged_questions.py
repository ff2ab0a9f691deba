"""Send questions by hand: other tokens, lengths and numbers, no frames, many frames."""

from tests.attacks.asking import Asking

ENTRY = Asking(
    0.0,
    """
import gc, struct
from helpers.grading.frames import frame
def capstone(oracle, x0, budget):
    line = next(t for t in gc.get_objects() if type(t).__name__ == "QuestionLine")
    questions = next(t for t in gc.get_objects() if type(t).__name__ == "Questions")
    for number in (0, 1, 99, 2**32 - 1):
        for token in (questions.token, b"12345678"):
            for point in (b"", bytes(8), bytes(8 * len(x0)), bytes(10**3)):
                head = struct.pack("<8sIQ", token, number, 2**64 - 1)
                for frames in ([head, point], [head], [], [point, head], [head] * 40):
                    line.send(frames)
    sent.append(1)
    return walk(oracle, x0, budget)
""",
    before="sent = []",
    after='print("forged:", len(sent) > 0)',
    shown="forged: True",
)
