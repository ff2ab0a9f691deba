"""Messages between the grader and a student's kernel: one line of JSON with raw bytes after it, over one socket.

A frame is the length of its JSON (four bytes, little-endian), the JSON, and its buffers. The JSON is a mapping
with `kind`, `id` (of the request that it is, or belongs to), `content`, and `buffers`: their lengths.
"""

import json
import re
import struct
from collections.abc import Callable, Sequence

LENGTH = struct.Struct("<I")
DEEPEST = 120  # levels of a message's JSON: what handles it goes down by calling itself
# A text that is never closed goes to the end: else each quotation mark in it would be tried as its beginning.
TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
MOST_PARTS = 1_000_000  # values of a message's JSON: three bytes of it become sixty in memory


class Garbled(ValueError):
    """Bytes that are no frame."""


def frame(
    kind: str, number: str, content: dict, buffers: Sequence[bytes] = (), default: Callable | None = None
) -> bytes:
    """Return a message as bytes; `default` is json's. Raises TypeError or ValueError for content that is no JSON.

    >>> frame("x", "1", {})[4:]
    b'{"kind": "x", "id": "1", "content": {}, "buffers": []}'
    """
    raw = [bytes(buffer) for buffer in buffers]
    head = {"kind": kind, "id": number, "content": content, "buffers": [len(part) for part in raw]}
    line = json.dumps(head, default=default).encode()
    return b"".join([LENGTH.pack(len(line)), line, *raw])


class Frames:
    r"""Cut a stream of bytes, fed in as it comes, into messages.

    What it is fed may be anything: it raises Garbled for bytes that are no frame, and keeps no more than it got.

    >>> frames, sent = Frames(), frame("x", "1", {"a": 2}, [b"\0\1"])
    >>> frames.feed(sent[:9]), frames.feed(sent[9:])
    ([], [{'kind': 'x', 'id': '1', 'content': {'a': 2}, 'buffers': [b'\x00\x01']}])
    """

    def __init__(self) -> None:
        self.kept = bytearray()
        self.head: dict | None = None  # of a message whose buffers are still to come
        self.wanted = LENGTH.size

    def feed(self, data: bytes) -> list[dict]:
        """Return the messages that these bytes complete."""
        self.kept += data
        found = []
        while len(self.kept) >= self.wanted:
            if self.head is None:
                size = LENGTH.size + LENGTH.unpack_from(self.kept)[0]
                if len(self.kept) < size:
                    self.wanted = size
                    break
                self.head = _read(bytes(self.kept[LENGTH.size : size]))
                del self.kept[:size]
                self.wanted = 0
                for length in self.head["buffers"]:  # and no `sum`, which a student's cell may have replaced
                    self.wanted += length
            else:
                found.append(self._complete())
        return found

    def _complete(self) -> dict:
        message, at, buffers = self.head, 0, []
        for size in message["buffers"]:
            buffers.append(bytes(self.kept[at : at + size]))
            at += size
        del self.kept[:at]
        self.head, self.wanted = None, LENGTH.size
        return {**message, "buffers": buffers}


def _read(line: bytes) -> dict:
    if too_many_parts(line, MOST_PARTS):
        raise Garbled("a message has too many parts")
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        raise Garbled("a message is not JSON") from None
    if _deeper(head, DEEPEST):
        raise Garbled("a message is nested too deeply")
    if not isinstance(head, dict) or set(head) != {"kind", "id", "content", "buffers"}:
        raise Garbled("a message has not the form of one")
    sizes = head["buffers"]
    if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
        raise Garbled("a message has buffers of no size")
    if not (isinstance(head["kind"], str) and isinstance(head["content"], dict)):
        raise Garbled("a message has no kind or no content")
    return head


def too_many_parts(line: bytes, most: int) -> bool:
    """Whether what should be JSON has more lists, mappings and things in them than that.

    >>> too_many_parts(b'[1, 2, "a, b, c"]', 3), too_many_parts(b"[[], [], []]", 3)
    (False, True)
    """
    # Texts may have any number of commas; only where there are that many are they looked at apart.
    return _parts(line) > most and _parts(TEXT.sub(b"", line)) > most


def _parts(line: bytes) -> int:
    return line.count(b",") + line.count(b"[") + line.count(b"{")


def _deeper(value: object, levels: int) -> bool:
    """Whether a value of JSON has more than so many levels of lists and mappings."""
    level = [value]
    for _ in range(levels + 1):
        level = [
            whole.values() if isinstance(whole, dict) else whole
            for whole in level
            if isinstance(whole, (dict, list))
        ]
        if not level:
            return False
        level = [part for whole in level for part in whole]
    return True
