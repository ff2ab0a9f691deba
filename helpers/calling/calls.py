"""One call: copies go in, time is limited, and whatever the function does becomes an outcome."""

from collections.abc import Callable, Mapping

import numpy as np

from helpers.calling.given import RandomSource, build, position
from helpers.calling.outcome import Outcome, accounted
from helpers.calling.settings import PRINTED, FirstCharacters, settings_kept
from helpers.calling.words import MISFIT, in_words, learners_lines, misfit, too_slow
from helpers.oracle import Ledger, Oracle, asking
from helpers.plain import plain
from helpers.time_limit import TooSlow, time_limit

SECONDS = 3.0  # a learner waits this long at the most before an endless loop is called one


def call(
    function: Callable, inputs: Mapping[str, object], seconds: float = SECONDS, repeat: int = 1
) -> Outcome:
    """Return the `Outcome` of `function(*inputs.values())`; never raises for what the function does.

    Arguments are passed by position and are copies, so nothing that the caller holds is changed. Nor are the
    warning filters and NumPy's error and print settings. With `repeat` above 1 the same arguments are passed
    that many times (a generator moves on) and `returned` is the list of results. `KeyboardInterrupt` passes: it
    is the learner's own wish.

    >>> call(lambda x, y: x + y, {"x": 1, "y": 2}).returned
    3
    >>> call(lambda x: x.no_such_thing, {"x": 1}).sentence
    "your function raised AttributeError: 'int' object has no attribute 'no_such_thing'"
    >>> call(lambda x: x, {"x": 1, "y": 2}).sentence
    'your function takes 1 argument, and the exercise gives it 2: x, y'
    """
    sentence = misfit(function, inputs)
    if sentence:
        return Outcome(trouble="raised", sentence=sentence, error=MISFIT)
    arguments, ledger = _opened(inputs)
    printed = FirstCharacters(PRINTED)
    with settings_kept(printed):
        result = _attempt(function, arguments, seconds, repeat)
    left = {"changed": _changed(arguments, inputs), "undrawn": _undrawn(arguments, inputs)}
    outcome = Outcome(**left, printed=printed.getvalue(), arguments=arguments, **result)
    return accounted(outcome, ledger)


def trusted_call(function: Callable, inputs: Mapping[str, object], repeat: int = 1) -> Outcome:
    """Return the `Outcome` of a call of a function of ours: what it raises is raised, and it has the time it takes.

    >>> trusted_call(lambda x, y: x + y, {"x": 1, "y": 2}).returned
    3
    """
    arguments, ledger = _opened(inputs)
    results = [plain(function(*arguments.values())) for _ in range(repeat)]
    returned = results if repeat > 1 else results[0]
    return accounted(Outcome(returned, changed=_changed(arguments, inputs), arguments=arguments), ledger)


def _opened(inputs: Mapping[str, object]) -> tuple[dict[str, object], Ledger | None]:
    """Return fresh arguments, and the ledger of the oracle among them."""
    arguments, ledger = build(inputs), None
    for name, value in inputs.items():
        if isinstance(value, Oracle):
            ledger = value.open()
            arguments[name] = asking(value.dim, ledger.answer)
    return arguments, ledger


def _attempt(
    function: Callable, arguments: Mapping[str, object], seconds: float, repeat: int
) -> dict[str, object]:
    """Everything that runs the learner's code, and the text of an exception does, is in the time limit."""
    try:
        with time_limit(seconds):
            try:
                results = [plain(function(*arguments.values())) for _ in range(repeat)]
                return {"returned": results if repeat > 1 else results[0]}
            except (KeyboardInterrupt, TooSlow):
                raise
            except NotImplementedError:
                return {"trouble": "not-attempted", "sentence": "this part is not attempted yet"}
            except BaseException as error:  # SystemExit too: a learner's exit() must not end the kernel
                return {
                    "trouble": "raised",
                    "sentence": f"your function raised {in_words(error)}",
                    "error": type(error).__name__,
                    "where": learners_lines(error),
                }
    except TooSlow:
        return {"trouble": "too-slow", "sentence": too_slow(seconds)}


def _changed(arguments: Mapping[str, object], inputs: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(
        name
        for name, value in inputs.items()
        if isinstance(value, np.ndarray) and not _untouched(arguments[name], value)
    )


def _undrawn(arguments: Mapping[str, object], inputs: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(
        name
        for name, value in inputs.items()
        if isinstance(value, RandomSource) and position(arguments[name]) == position(value.build())
    )


def _untouched(now: np.ndarray, before: np.ndarray) -> bool:
    return now.dtype == before.dtype and now.shape == before.shape and now.tobytes() == before.tobytes()
