"""A check says what is right and what is wrong, whatever it is given, and changes nothing."""

import functools
import json
import pickle
import random
import time

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from helpers.calling import MISFIT
from helpers.check import check, judge, run_here
from helpers.descent import gradient_step
from helpers.exercises import EXERCISES
from helpers.exercises.table import Case


def stub(grad, x, alpha):
    raise NotImplementedError


def uphill(grad, x, alpha):
    return x + alpha * grad(x)


def truncating(grad, x, alpha):
    new = np.empty_like(x)
    new[:] = x - alpha * grad(x)
    return new


# What check says about itself


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("gradient-stop", 'Did you mean "gradient-step"?'),
        ("gradient_step", 'Did you mean "gradient-step"?'),
        ("Gradient-Step", 'Did you mean "gradient-step"?'),
        ("zzz", f"The exercises are: {next(iter(EXERCISES))}, "),
        (7, "check needs the exercise's name first, as a text, and got a number"),
        (None, "as a text, and got None"),
        ([], "as a text, and got a list"),
    ],
)
def test_unknown_exercise_is_answered_in_one_sentence(given, words):
    report = check(given, gradient_step)
    assert words in report.refusal
    assert (report.score, report.points, report.passed) == (0, 0, False)
    assert repr(report) == "0"


def test_arguments_in_the_wrong_order_are_answered_with_the_right_call():
    assert 'write check("gradient-step", your_function)' in check(gradient_step, "gradient-step").refusal


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (
            np.ones(2),
            'got an array: write check("gradient-step", gradient_step), without calling gradient_step.',
        ),
        (None, "got None: write"),
        (1.5, "got a number: write"),
        ("gradient_step", 'got a text: write check("gradient-step", gradient_step), without quotation marks'),
        (np.matrix, "got the class matrix: write"),
        (np, "got the module numpy: write"),
        ([gradient_step], "got a list: write"),
    ],
)
def test_something_that_is_no_function_is_answered_in_one_sentence(thing, words):
    report = check("gradient-step", thing)
    assert report.refusal.startswith("check needs your function itself, and ")
    assert words in report.refusal
    assert (report.score, report.points, report.passed, repr(report)) == (0, 1, False, "0")


# Points


def test_right_answer_earns_all_points_and_its_text_is_a_number():
    report = check("gradient-step", gradient_step)
    assert report.passed
    assert float(repr(report)) == report.score == report.points == 1
    assert (report.misconception, report.hint, report.first_failure) == (None, "", None)


def test_core_and_some_claims_earn_their_shares():
    report = check("gradient-step", truncating, seed=1)
    assert [claim.passed for claim in report.claims] == [True, False, True, True]
    assert float(repr(report)) == report.score == pytest.approx(0.8)
    assert report.first_failure.case.note == "x holds whole numbers"


def test_without_the_core_nothing_is_earned():
    report = check("gradient-step", uphill)
    assert any(claim.passed for claim in report.claims)
    assert repr(report) == "0"


def test_stub_is_not_attempted_and_nothing_is_said_against_it():
    report = check("gradient-step", stub)
    assert (report.score, report.attempted, report.misconception) == (0, False, None)


def test_half_written_function_is_attempted():
    def only_in_two_dimensions(grad, x, alpha):
        if len(x) != 2:
            raise NotImplementedError
        return x - alpha * grad(x)

    report = check("gradient-step", only_in_two_dimensions)
    assert (report.attempted, report.score) == (True, 0)
    assert report.first_failure.fault.sentence == "this part is not attempted yet"


@pytest.mark.parametrize(
    "function",
    [
        lambda grad, x, alpha: x - alpha * grad(x),
        functools.partial(lambda sign, grad, x, alpha: x + sign * alpha * grad(x), -1),
        type("Step", (), {"__call__": lambda self, grad, x, alpha: x - alpha * grad(x)})(),
        lambda grad, x, alpha, verbose=False: x - alpha * grad(x),
        lambda *given: given[1] - given[2] * given[0](given[1]),
    ],
)
def test_any_callable_is_judged_by_what_it_does(function):
    assert check("gradient-step", function).passed


def test_builtin_function_is_judged_too():
    assert check("gradient-step", np.where).score == 0
    assert check("critical-step", min).score == 0


def test_wrong_number_of_arguments_is_one_sentence():
    report = check("gradient-step", lambda grad, x: x - grad(x))
    assert report.score == 0
    assert report.first_failure.outcome.error == MISFIT
    assert report.first_failure.fault.sentence == (
        "your function takes 2 arguments, and the exercise gives it 3: grad, x, alpha"
    )


# Nothing changes


def test_a_seed_repeats_the_draw_and_no_seed_is_fresh():
    def inputs(seed):
        return [
            str(case.inputs) for claim in check("gradient-step", uphill, seed).claims for case in claim.cases
        ]

    assert inputs(5) == inputs(5) != inputs(6)
    assert inputs(None) != inputs(None)


def test_global_random_state_is_neither_used_nor_changed():
    def seeds_everything(grad, x, alpha):
        np.random.mtrand._rand.seed(0)
        return x - alpha * grad(x)

    np.random.mtrand._rand.seed(7)
    expected = np.random.mtrand._rand.normal(size=4)
    np.random.mtrand._rand.seed(7)
    report = check("gradient-step", seeds_everything)
    assert np.array_equal(np.random.mtrand._rand.normal(size=4), expected)
    np.random.mtrand._rand.seed(7)
    again = check("gradient-step", seeds_everything)
    assert report.passed
    assert again.passed
    assert str(report.claims[0].cases) != str(again.claims[0].cases)


def test_known_mistakes_that_draw_from_the_global_generators_leave_them_where_they_were():
    drawing = EXERCISES["escape-steps"].misconceptions["drawn from elsewhere"].function
    random.seed(7)
    expected = random.random()
    random.seed(7)
    assert check("escape-steps", drawing).misconception == "drawn from elsewhere"
    assert random.random() == expected


def test_check_prints_and_warns_nothing(capsys):
    def talks(grad, x, alpha):
        print("x is", x)
        return x - alpha * grad(x) / np.float64(0)

    report = check("gradient-step", talks)
    assert report.printed.startswith("x is")
    assert capsys.readouterr() == ("", "")


# Loops without an end


def loops_at_the_minimiser(grad, x, alpha):
    while not np.any(grad(x)):
        pass
    return x - alpha * grad(x)


def test_endless_loop_ends_the_check_and_the_points_before_it_stay():
    report = judge(
        EXERCISES["gradient-step"], lambda cases: run_here(loops_at_the_minimiser, cases, seconds=1.0), seed=1
    )
    assert report.score == pytest.approx(0.8)
    troubles = [case.outcome.trouble for claim in report.claims for case in claim.cases]
    stopped = troubles.index("too-slow")
    assert set(troubles[:stopped]) == {None}
    assert set(troubles[stopped + 1 :]) == {"not-run"}
    assert report.first_failure.fault.kind == "too-slow"
    assert "a loop that never ends" in report.first_failure.fault.sentence


def test_cases_that_are_too_slow_together_are_told_apart_from_an_endless_loop(monkeypatch):
    # Only processor time decides here, however long the machine does something else.
    monkeypatch.setattr("helpers.time_limit.PATIENCE", 1000.0)

    def takes(share):
        end = time.process_time() + share
        while time.process_time() < end:
            pass

    cases = [Case({"share": share}) for share in (0.6, 100.0, 0.0)]
    quick, slow, untried = run_here(takes, cases, seconds=1.0)
    assert (quick.trouble, slow.trouble, untried.trouble) == (None, "too-slow", "not-run")
    assert "the cases of this check together took longer than 1 seconds" in slow.sentence


# The report as data


def test_report_is_plain_data():
    def broken(grad, x, alpha):
        print(x)
        return {"x": x} if len(x) == 2 else np.array([np.nan, np.inf, -np.inf, 1.0])

    report = check("gradient-step", broken, seed=1)
    data = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert (data["exercise"], data["score"], data["points"], data["passed"]) == ("gradient-step", 0, 1, False)
    assert [claim["title"] for claim in data["claims"]] == [claim.title for claim in report.claims]
    first = data["claims"][0]["cases"][0]
    assert first["inputs"]["grad"] == {"role": "grad", "problem": "cost_surface", "arguments": {}}
    assert first["inputs"]["alpha"] == 0.1
    assert first["fault"]["kind"] == "type"
    assert data["claims"][0]["cases"][1]["returned"] == ["nan", "inf", "-inf", 1.0]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_report_can_be_pickled_and_written_as_json(exercise):
    found = EXERCISES[exercise]
    mistake = next(iter(found.misconceptions.values())).function
    report = check(exercise, mistake, seed=1)
    again = pickle.loads(pickle.dumps(report))
    assert again.as_dict() == report.as_dict()
    assert again._repr_html_() == report._repr_html_()
    json.dumps(report.as_dict(), allow_nan=False)


# In a real kernel


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel()
    run(client, "from helpers.check import check\nimport numpy as np")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(client, code):
    """Return the data of the cell's result, or its standard output where it has none."""
    data, printed = {}, []

    def output(message):
        content = message["content"]
        if message["msg_type"] == "execute_result":
            data.update(content["data"])
        elif message["msg_type"] == "stream":
            printed.append(content["text"])
        elif message["msg_type"] == "error":
            raise AssertionError("\n".join(content["traceback"]))

    client.execute_interactive(code, timeout=120, output_hook=output)
    return data or "".join(printed)


def test_cell_shows_points_as_text_and_a_card_as_html(kernel):
    data = run(
        kernel,
        "def gradient_step(grad, x, alpha):\n    return x - alpha * grad(x)\ncheck('gradient-step', gradient_step)",
    )
    assert float(data["text/plain"]) == 1
    assert "Right: 1 of 1 point" in data["text/html"]


def test_error_in_a_cell_shows_the_cells_own_line(kernel):
    run(
        kernel,
        "def inner(x):\n    return x.no_such_thing\n\ndef gradient_step(grad, x, alpha):\n    return inner(x)",
    )
    where = run(
        kernel, "print(check('gradient-step', gradient_step).first_failure.outcome.where)"
    ).splitlines()
    assert where == ["line 5 in gradient_step:  return inner(x)", "line 2 in inner:  return x.no_such_thing"]


def test_kernel_is_usable_after_an_endless_loop(kernel):
    data = run(
        kernel,
        "def gradient_step(grad, x, alpha):\n"
        "    while True:\n"
        "        try:\n"
        "            x = x - alpha * grad(x)\n"
        "        except:\n"
        "            print('again')\n"
        "check('gradient-step', gradient_step)",
    )
    assert float(data["text/plain"]) == 0
    assert "was stopped after 3 seconds" in data["text/html"]
    assert run(kernel, "print(sum(range(1000)))") == "499500\n"


@pytest.mark.parametrize("leave", ["exit()", "quit()", "import sys; sys.exit(1)", "raise SystemExit"])
def test_kernel_survives_exit(kernel, leave):
    data = run(
        kernel, f"def gradient_step(grad, x, alpha):\n    {leave}\ncheck('gradient-step', gradient_step)"
    )
    assert float(data["text/plain"]) == 0
    assert "exit() and quit() would end the notebook" in data["text/html"]
    assert run(kernel, "print(get_ipython().exit_now, 'ask_exit' in vars(get_ipython()))") == "False False\n"
