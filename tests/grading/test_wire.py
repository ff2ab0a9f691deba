"""What crosses the border between judge and kernel: plain data arrives as it was, anything else is refused."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers.calling import Given, Outcome, RandomSource
from helpers.grading.wire import Packer, Refused, Unpacker, pack_outcome, unpack_outcome
from helpers.plain import Odd, Oversized

NUMBERS = hnp.arrays(
    st.sampled_from(["?", "i1", "i8", "u2", "f4", "f8", "c16"]),
    hnp.array_shapes(min_dims=0, min_side=0, max_side=4),
)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=50)
VALUES = st.recursive(
    SCALARS | NUMBERS, lambda parts: st.lists(parts, max_size=4) | st.tuples(parts, parts), max_leaves=8
)


def there_and_back(value, trusted=False):
    packer = Packer()
    message = json.loads(json.dumps(packer.pack(value)))
    return Unpacker([memoryview(raw) for raw in packer.buffers], trusted).unpack(message)


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or one != one)


@given(VALUES)
def test_plain_values_arrive_as_they_were_sent(value):
    assert same(value, there_and_back(value))


def test_descriptions_go_in_and_never_come_out():
    inputs = {
        "grad": Given("grad", {"problem": "parabola", "arguments": {"curvature": 2.0}}),
        "rng": RandomSource(3),
    }
    packer = Packer()
    pairs = packer.mapping(inputs)
    arrived = Unpacker(packer.buffers, trusted=True).mapping(pairs)
    assert arrived["grad"].build()(np.array([3.0])) == pytest.approx([6.0])
    assert arrived["rng"] == RandomSource(3)
    with pytest.raises(Refused):
        Unpacker(packer.buffers).mapping(pairs)


def test_what_holds_no_numbers_arrives_as_its_kind():
    assert there_and_back(Odd("dict", "{}")) == Odd("dict", "{}")
    assert there_and_back(Oversized("list", "<a list>")) == Oversized("list", "<a list>")


@pytest.mark.parametrize(
    "message",
    [
        {"array": 0, "dtype": "<f8", "shape": [2]},  # not enough bytes
        {"array": 0, "dtype": "|O", "shape": [1]},  # objects
        {"array": 0, "dtype": "<f8", "shape": [1, -1]},
        {"array": 0, "dtype": "<f8", "shape": [0, 10**30]},
        {"array": 0, "dtype": "<f8", "shape": [1.0]},
        {"array": 0, "dtype": ["<f8"], "shape": [1]},
        {"array": 7, "dtype": "<f8", "shape": [1]},
        {"array": True, "dtype": "<f8", "shape": [1]},
        {"array": 0, "dtype": "<f8", "shape": [1], "more": 1},
        {"scalar": {"int": "0x1"}},
        {"int": "0x" + 100 * "f"},
        {"int": "__import__('os')"},
        {"float": "nine"},
        {"list": "abc"},
        {"pickle": "gASVAAAA"},
        {"problem": [], "given": "grad"},
        {"_array": 0},
        {},
        3.5,
        [1, 2],
    ],
)
def test_anything_else_is_refused(message):
    with pytest.raises(Refused):
        Unpacker([bytes(8)]).unpack(message)


def test_depth_and_number_of_parts_are_bounded():
    deep = {"list": []}
    for _ in range(100):
        deep = {"list": [deep]}
    with pytest.raises(Refused):
        Unpacker([]).unpack(deep)
    with pytest.raises(Refused):
        Unpacker([]).unpack({"list": [None] * 300_000})


def test_truth_values_are_true_or_false_whatever_their_bytes():
    arrived = Unpacker([b"\x00\x01\xff"]).unpack({"array": 0, "dtype": "|b1", "shape": [3]})
    assert arrived.view(np.uint8).tolist() == [0, 1, 1]


def message(**changes):
    return pack_outcome(Outcome(returned=1.0), Packer()) | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"trouble": "all-right"},
        {"changed": ["y"]},
        {"changed": "x"},
        {"undrawn": ["y"]},
        {"undrawn": None},
        {"printed": "x" * 10_000},
        {"sentence": None},
        {"more": 1},
    ],
)
def test_an_outcome_says_only_what_outcomes_say(changes):
    unpack_outcome(message(), Unpacker([]), ("x",), 1)
    with pytest.raises(Refused):
        unpack_outcome(message(**changes), Unpacker([]), ("x",), 1)


def test_repeated_cases_need_as_many_results():
    with pytest.raises(Refused):
        unpack_outcome(message(), Unpacker([]), ("x",), 2)


def test_a_result_too_large_to_send_costs_only_itself():
    packer = Packer()
    sent = pack_outcome(Outcome(returned=np.zeros(2**21)), packer)
    arrived = unpack_outcome(sent, Unpacker(packer.buffers), (), 1)
    assert isinstance(arrived.returned, Oversized)
