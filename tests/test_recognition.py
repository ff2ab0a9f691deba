"""A known mistake is named by what it does; any other is left without a name."""

import numpy as np
import pytest

from helpers.agreement import Fault
from helpers.calling import Outcome
from helpers.check import judge, run_here
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.recognition import _same
from helpers.time_limit import TooSlow


def toy(misconceptions, verify=None):
    """Return an exercise on f(n) = n * n with two claims, for whole numbers and for 0."""
    extra = {"verify": verify} if verify else {}
    return Exercise(
        id="toy",
        chapter="00",
        points=2,
        signature="square(n)",
        reference=lambda n: float(n * n),
        alternatives=(),
        misconceptions={
            name: Misconception(function, "hint of " + name) for name, function in misconceptions.items()
        },
        claims=(
            Claim("squares", 1, lambda rng: [Case({"n": n}) for n in (3, 4, 5)], **extra),
            Claim("edges", 0.5, lambda rng: [Case({"n": 0}), Case({"n": -1})], **extra),
            Claim("more edges", 0.5, lambda rng: [Case({"n": 1})], **extra),
        ),
    )


def named(function, misconceptions, verify=None):
    return judge(toy(misconceptions, verify), lambda cases: run_here(function, cases, 0.2)).misconception


def doubles(n):
    return 2.0 * n


def raises(n):
    raise ValueError(f"cannot take {n}")


def never_ends(n):
    raise TooSlow


def in_the_edges(value):
    return lambda n: value(n) if n <= 0 else float(n * n)


def test_mistake_is_named_by_its_values():
    assert named(lambda n: n + n, {"other": lambda n: 3.0 * n, "doubles": doubles}) == "doubles"


def test_mistake_that_agrees_in_some_cases_only_is_not_named():
    assert named(lambda n: 2.0 * n if n < 5 else 0.0, {"doubles": doubles}) is None


def test_mistake_in_the_core_stays_named_when_another_one_comes_on_top():
    assert named(lambda n: doubles(n) if n > 1 else -7.0, {"doubles": doubles}) == "doubles"


def test_the_mistake_that_agrees_in_more_claims_is_named():
    def doubles_but_the_edges(n):
        return 2.0 * n if n > 1 else float(n * n)

    known = {"doubles": doubles, "but": doubles_but_the_edges}
    assert named(doubles, known) == "doubles"
    assert named(doubles_but_the_edges, known) == "but"


def test_of_two_that_agree_in_as_many_claims_the_first_is_named():
    wrong_edges = {
        "first": lambda n: 2.0 * n if n > 1 else 8.0,
        "second": lambda n: 2.0 * n if n > 1 else 9.0,
    }
    assert named(doubles, wrong_edges) == "first"
    assert named(doubles, dict(reversed(wrong_edges.items()))) == "second"


def test_what_few_calls_tell_apart_is_not_called_many_times():
    calls = {"doubles": 0, "triples": 0, "stays": 0}

    def counted(name, factor):
        def mistake(n):
            calls[name] += 1
            return factor * float(n)

        return mistake

    known = {name: counted(name, factor) for factor, name in ((2, "doubles"), (3, "triples"), (1, "stays"))}
    exercise = toy(known, lambda case, outcome, expected: Fault("value", "wrong"))
    many = Claim("many calls", 2, lambda rng: [Case({"n": 7}, repeat=500)], exercise.claims[0].verify)
    exercise = Exercise(**{**exercise.__dict__, "claims": (many, *exercise.claims)})
    report = judge(exercise, lambda cases: run_here(lambda n: 3.0 * n, cases, 0.2))
    assert report.misconception == "triples"
    assert calls["triples"] > 500
    assert max(calls["doubles"], calls["stays"]) < 10


def test_an_exception_alone_names_no_mistake_in_the_core():
    assert named(raises, {"raises": raises}) is None
    assert named(never_ends, {"never ends": never_ends}) is None


def test_the_same_exception_in_an_edge_names_the_mistake():
    known = {"raises": in_the_edges(raises)}
    assert named(in_the_edges(raises), known) == "raises"
    assert named(in_the_edges(lambda n: 1 / 0), known) is None
    assert named(in_the_edges(lambda n: int("x")), known) is None  # a ValueError with other words


def test_endless_loop_in_an_edge_names_the_mistake():
    def loops(n):
        while True:
            pass

    known = {"stops": in_the_edges(raises), "never ends": in_the_edges(never_ends)}
    assert named(in_the_edges(loops), known) == "never ends"


def test_known_mistake_that_loops_does_not_hold_up_the_check(monkeypatch):
    def loops(n):
        while True:
            pass

    monkeypatch.setattr("helpers.drawn.PATIENCE", 0.05)
    assert named(doubles, {"loops": loops, "doubles": doubles}) == "doubles"


def test_mistake_that_fails_where_the_learner_passes_is_not_named_for_an_edge():
    everywhere_but_the_core = {"edges": lambda n: -9.0 if n <= 1 else float(n * n)}
    assert named(lambda n: -9.0 if n <= 0 else float(n * n), everywhere_but_the_core) is None
    assert named(lambda n: -9.0 if n <= 1 else float(n * n), everywhere_but_the_core) == "edges"


def test_verifier_names_a_mistake_by_its_kind_of_fault():
    def is_square(case, outcome, expected):
        if outcome.returned == expected.returned:
            return None
        kind = "too-small" if outcome.returned < expected.returned else "too-large"
        return Fault(kind, f"your result is {kind}")

    known = {"small": lambda n: -1.0, "large": lambda n: 1000.0}
    assert named(lambda n: -n - 5.0, known, is_square) == "small"
    assert named(lambda n: n * 1000.0 + 5, known, is_square) == "large"
    assert named(lambda n: (-1) ** n * 1000.0, known, is_square) is None


@pytest.mark.parametrize(
    "value", ["text", {"x": 1}, 1 + 2j, [1.0, 2.0], np.ones((2, 2)), [[1], [1, 2]], True]
)
def test_mistake_of_any_type_is_named(value):
    assert named(lambda n: value, {"odd": lambda n: value, "doubles": doubles}) == "odd"
    assert named(lambda n: value, {"doubles": doubles, "none": lambda n: None}) is None


def test_reference_that_fails_is_the_authors_error():
    exercise = toy({})
    broken = Exercise(**{**exercise.__dict__, "reference": raises})
    with pytest.raises(ValueError, match="the reference of toy fails in 'squares'"):
        judge(broken, lambda cases: [Outcome(1.0) for _ in cases])


def test_core_claim_has_to_weigh_half():
    exercise = toy({})
    with pytest.raises(ValueError, match="the core claim needs at least half of the shares"):
        Exercise(**{**exercise.__dict__, "claims": exercise.claims[1:] * 2 + exercise.claims[:1]})


@pytest.mark.parametrize(
    "returned",
    [
        np.zeros(2),
        (np.zeros((3, 2)), 1.0),
        [[0.0, 0.0], [1.0]],
        (1 + 1j, np.zeros(2)),
        {"path": 1},
        "text",
        None,
        np.zeros((3, 2)),
        1.0,
    ],
    ids=repr,
)
def test_where_two_things_are_asked_for_anything_may_come_back(returned):
    """Can a return value be compared with the path and the point that a mistake returns, which make no array?"""
    pair = np.zeros((3, 2)), np.zeros(2)
    for one, other in ((returned, pair), (pair, returned), (returned, (pair[1], pair[0]))):
        assert not _same(one, other)
    assert _same(pair, tuple(part.copy() for part in pair))


def test_complex_numbers_are_the_same_in_both_parts_or_not_at_all():
    assert _same([1 + 1j, 2], np.array([1 + 1j, 2]))
    assert not _same([1 + 1j, 2], np.array([1 - 1j, 2]))
    assert not _same([1 + 1j, 2], np.array([1.0, 2.0]))
