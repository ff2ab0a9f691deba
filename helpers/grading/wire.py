"""Plain data between the judge and a student's kernel: JSON and raw bytes, every size checked, never pickle.

`pack` and `unpack` carry inputs, outcomes and nothing else. What comes out of a kernel is hostile until `unpack`
has read it: it builds numbers, texts, lists and arrays only, or raises `Refused`.
"""

import math
from dataclasses import dataclass

import numpy as np

from helpers.calling import PRINTED, Given, Outcome, RandomSource
from helpers.grading.oracles import RemoteOracle
from helpers.plain import Odd, Oversized

MOST_BYTES = 8 * 2**20  # of all arrays of one answer
MOST_ITEMS = 100_000  # numbers and texts outside arrays
DEPTH = 40
MOST_TEXT = 2_000
BIGGEST = 2**200  # of a whole number: beyond, comparing would cost more than it tells

# numpy's own codes: truth values, whole numbers, floats and complex numbers of fixed width, little-endian.
DTYPES = ("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
TROUBLES = ("not-attempted", "arguments", "raised", "too-slow", "not-run")


class Refused(ValueError):
    """An answer that is not plain data of a reasonable size; the text says why, for the student to read."""


@dataclass
class Packer:
    """Turn values into JSON, putting the bytes of arrays aside in `buffers`.

    >>> packer = Packer()
    >>> packer.pack(np.array([1.0, 2.0])), len(packer.buffers[0])
    ({'array': 0, 'dtype': '<f8', 'shape': [2]}, 16)
    """

    def __post_init__(self) -> None:
        self.buffers: list[bytes] = []
        self.items = self.bytes = 0

    def pack(self, value: object, depth: int = 0) -> object:
        """Return `value` as JSON; raises `Refused` for what is too large or too deep."""
        self.items += 1
        if depth > DEPTH or self.items > MOST_ITEMS:
            raise Refused("the result is nested too deeply or has too many parts to be sent")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str(value)[:MOST_TEXT].encode("utf-8", "replace").decode()
        if isinstance(value, np.generic):
            return {"scalar": self.pack(np.asarray(value), depth + 1)}
        if isinstance(value, int):
            return {"int": hex(int(value)) if abs(value) < BIGGEST else "0x1" + 50 * "0"}
        if isinstance(value, float):
            return {"float": float(value).hex()}
        if isinstance(value, np.ndarray):
            return self._array(value, depth)
        if isinstance(value, (list, tuple)):
            kind = "tuple" if isinstance(value, tuple) else "list"
            return {kind: [self.pack(item, depth + 1) for item in value]}
        if isinstance(value, Given):
            return {"given": value.role, "problem": self._mapping(value.problem, depth)}
        if isinstance(value, RandomSource):
            return {"random": int(value.seed)}
        if isinstance(value, RemoteOracle):
            return {"oracle": value.number, "dim": value.dim, "budget": value.budget}
        if isinstance(value, complex):
            return {"scalar": self.pack(np.asarray(value), depth + 1)}
        if isinstance(value, Odd):
            return {
                "odd": value.kind[:100],
                "shown": value.shown[:400],
                "oversized": isinstance(value, Oversized),
            }
        raise Refused(f"a value of type {type(value).__name__} does not travel")

    def mapping(self, value: dict, depth: int = 0) -> list:
        """Return a mapping from texts to values as pairs, in its order."""
        return [[str(name), self.pack(item, depth + 1)] for name, item in value.items()]

    def _mapping(self, value: dict, depth: int) -> list:
        return [
            [str(name), {"map": self.mapping(item, depth + 1)} if hasattr(item, "items") else self.pack(item)]
            for name, item in value.items()
        ]

    def _array(self, value: np.ndarray, depth: int) -> dict:
        value = np.asarray(value)
        value = np.ascontiguousarray(value).reshape(value.shape)
        value = value.astype(value.dtype.newbyteorder("<"), copy=False)
        if value.dtype.str not in DTYPES:
            raise Refused(f"an array of {value.dtype} does not travel")
        self.bytes += value.nbytes
        if self.bytes > MOST_BYTES:
            raise Refused(f"the result has more than {MOST_BYTES // 2**20} MiB of numbers")
        self.buffers.append(value.tobytes())
        return {"array": len(self.buffers) - 1, "dtype": value.dtype.str, "shape": list(value.shape)}


@dataclass
class Unpacker:
    """Turn JSON and buffers of unknown origin back into plain values.

    `trusted` also builds `Given`, `RandomSource` and `RemoteOracle`, which only the way into the kernel carries.

    >>> packer = Packer()
    >>> message = packer.pack((1, [2.5, "a"], np.eye(2)))
    >>> Unpacker(packer.buffers).unpack(message)[:2]
    (1, [2.5, 'a'])
    >>> Unpacker([b"123"]).unpack({"array": 0, "dtype": "<f8", "shape": [1]})
    Traceback (most recent call last):
    helpers.grading.wire.Refused: an array has 3 bytes, and its shape and type need 8
    """

    buffers: list
    trusted: bool = False

    def __post_init__(self) -> None:
        self.items = self.bytes = 0

    def unpack(self, message: object, depth: int = 0) -> object:
        """Return the value; raises `Refused` for anything that `Packer` would not have made."""
        self.items += 1
        if depth > DEPTH + 2 or self.items > 2 * MOST_ITEMS:
            raise Refused("an answer is nested too deeply or has too many parts")
        if message is None or isinstance(message, bool):
            return message
        if isinstance(message, str):
            return text(message, MOST_TEXT)
        if not isinstance(message, dict) or not message:
            raise Refused(f"an answer holds a bare {type(message).__name__}")
        kind = next(iter(message))
        read = getattr(self, f"_{kind}", None) if kind in KINDS else None
        if read is None or set(message) != KINDS[kind]:
            raise Refused("an answer holds something that is not a number, a text, a list or an array")
        if kind in ("given", "random", "oracle") and not self.trusted:
            raise Refused("an answer holds the description of a function")
        return read(message, depth)

    def mapping(self, pairs: object, depth: int = 0) -> dict:
        """Return the mapping that `Packer.mapping` made of one."""
        if not isinstance(pairs, list) or not all(isinstance(p, list) and len(p) == 2 for p in pairs):
            raise Refused("a mapping is not a list of pairs")
        return {text(name, 200): self.unpack(value, depth + 1) for name, value in pairs}

    def _int(self, message: dict, depth: int) -> int:
        digits = text(message["int"], 60)
        try:
            return int(digits, 16)
        except ValueError:
            raise Refused("a whole number has other signs than digits") from None

    def _float(self, message: dict, depth: int) -> float:
        try:
            return float.fromhex(text(message["float"], 40))
        except (ValueError, OverflowError):
            raise Refused("a number cannot be read") from None

    def _list(self, message: dict, depth: int) -> list:
        items = message["list"]
        if not isinstance(items, list):
            raise Refused("a list is not a list")
        return [self.unpack(item, depth + 1) for item in items]

    def _tuple(self, message: dict, depth: int) -> tuple:
        return tuple(self._list({"list": message["tuple"]}, depth))

    def _scalar(self, message: dict, depth: int) -> object:
        value = self.unpack(message["scalar"], depth + 1)
        if isinstance(value, str):  # numpy's own kind of text
            return value
        if not isinstance(value, np.ndarray) or value.shape != ():
            raise Refused("a number is not a number")
        return value[()]

    def _array(self, message: dict, depth: int) -> np.ndarray:
        place, dtype, shape = message["array"], message["dtype"], message["shape"]
        if dtype not in DTYPES:
            raise Refused("an array has a type that is not a number's")
        if type(place) is not int or not 0 <= place < len(self.buffers):
            raise Refused("an array has no bytes")
        if not (isinstance(shape, list) and len(shape) <= 32):
            raise Refused("an array has no shape")
        if not all(type(length) is int and 0 <= length <= MOST_BYTES for length in shape):
            raise Refused("an array has an impossible shape")
        raw = bytes(self.buffers[place])
        needed = math.prod(shape) * np.dtype(dtype).itemsize
        if len(raw) != needed:
            raise Refused(f"an array has {len(raw)} bytes, and its shape and type need {needed}")
        self.bytes += len(raw)
        if self.bytes > MOST_BYTES:
            raise Refused(f"an answer has more than {MOST_BYTES // 2**20} MiB of numbers")
        # A byte that is neither 0 nor 1 would be a truth value of its own kind.
        flat = np.frombuffer(raw, np.uint8) != 0 if dtype == "|b1" else np.frombuffer(raw, dtype)
        try:
            return flat.reshape(shape).copy()
        except ValueError:
            raise Refused("an array has an impossible shape") from None

    def _odd(self, message: dict, depth: int) -> Odd:
        kind = Oversized if message["oversized"] is True else Odd
        return kind(text(message["odd"], 100), text(message["shown"], 400))

    def _given(self, message: dict, depth: int) -> Given:
        return Given(text(message["given"], 20), self.mapping(message["problem"], depth))

    def _map(self, message: dict, depth: int) -> dict:
        return self.mapping(message["map"], depth)

    def _random(self, message: dict, depth: int) -> RandomSource:
        if type(message["random"]) is not int:
            raise Refused("a seed is not a whole number")
        return RandomSource(message["random"])

    def _oracle(self, message: dict, depth: int) -> RemoteOracle:
        if not all(type(message[name]) is int for name in ("oracle", "dim", "budget")):
            raise Refused("an oracle is not three whole numbers")
        return RemoteOracle(message["oracle"], message["dim"], message["budget"])


KINDS = {
    "int": {"int"},
    "float": {"float"},
    "list": {"list"},
    "tuple": {"tuple"},
    "scalar": {"scalar"},
    "array": {"array", "dtype", "shape"},
    "odd": {"odd", "shown", "oversized"},
    "given": {"given", "problem"},
    "map": {"map"},
    "random": {"random"},
    "oracle": {"oracle", "dim", "budget"},
}


def text(value: object, most: int) -> str:
    """Return `value` if it is a text of at most `most` characters; raises `Refused` if not."""
    if not isinstance(value, str) or len(value) > most:
        raise Refused("a text is missing or too long")
    return value.encode("utf-8", "replace").decode()


def pack_outcome(outcome: Outcome, packer: Packer) -> dict:
    """Return an outcome as JSON; a result that is too large goes as a note that it is."""
    message = {
        "returned": None,
        "trouble": outcome.trouble,
        "sentence": outcome.sentence[:1000],
        "where": outcome.where[:4000],
        "error": outcome.error[:100],
        "changed": list(outcome.changed),
        "undrawn": list(outcome.undrawn),
        "printed": outcome.printed[:PRINTED],
    }
    try:
        # Weighed by itself first: one result that is too large must not cost the others.
        Packer().pack(outcome.returned)
        message["returned"] = packer.pack(outcome.returned)
    except Refused:
        kind = type(outcome.returned).__name__
        message["returned"] = packer.pack(Oversized(kind, f"<a {kind} too large to be sent>"))
    return message


def unpack_outcome(message: object, unpacker: Unpacker, names: tuple[str, ...], repeat: int) -> Outcome:
    """Return the outcome of one case with inputs of these names; raises `Refused` for anything else."""
    fields = {"returned", "trouble", "sentence", "where", "error", "changed", "undrawn", "printed"}
    if not isinstance(message, dict) or set(message) != fields:
        raise Refused("an answer has not the form of one")
    trouble = message["trouble"]
    if trouble is not None and trouble not in TROUBLES:
        raise Refused("an answer names an unknown trouble")
    returned = unpacker.unpack(message["returned"]) if trouble is None else None
    if trouble is None and repeat > 1 and not (isinstance(returned, list) and len(returned) == repeat):
        raise Refused(f"an answer has not {repeat} results")
    for named in (message["changed"], message["undrawn"]):
        if not isinstance(named, list) or not all(name in names for name in named):
            raise Refused("an answer names arguments that there are not")
    return Outcome(
        returned,
        trouble,
        text(message["sentence"], 1000),
        text(message["where"], 4000),
        text(message["error"], 100),
        tuple(message["changed"]),
        text(message["printed"], PRINTED),
        undrawn=tuple(message["undrawn"]),
    )
