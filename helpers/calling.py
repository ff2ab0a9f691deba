"""Call a learner's function: inputs protected, time limited, output kept, trouble put into one sentence.

Arguments that are functions or random generators travel as descriptions (`Given`, `RandomSource`) and are
built where the call happens. The same case can therefore be run here or in another process.
"""

import contextlib
import copy
import io
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers import problems
from helpers.time_limit import TooSlow, time_limit

SECONDS = 3.0  # a learner waits this long at the most before an endless loop is called one
PRINTED = 2000  # characters of the learner's own printing that are kept
OURS = str(Path(__file__).parent)


@dataclass(frozen=True)
class Given:
    """An argument that is a function of a problem: `role` is "grad", "f", "hess" or "field" (minus the gradient)."""

    role: str
    problem: Mapping[str, object]

    def build(self) -> Callable:
        """Return the function itself, rebuilt from the description (`helpers.problems.build`)."""
        problem = problems.build(self.problem)
        if self.role == "field":
            return lambda x: -problem.grad(x)
        function = getattr(problem, self.role)
        # A wrapper of its own for every call: a learner cannot reach the problem through `function.__self__`.
        return lambda x: function(x)

    def __str__(self) -> str:
        """What a learner can paste to get the same function."""
        given = ", ".join(f"{name}={_pasteable(value)}" for name, value in self.problem["arguments"].items())
        source = f"problems.{self.problem['problem']}({given})"
        return f"lambda x: -{source}.grad(x)" if self.role == "field" else f"{source}.{self.role}"


@dataclass(frozen=True)
class RandomSource:
    """An argument that is a random generator: `numpy.random.default_rng(seed)`, new for every case."""

    seed: int

    def build(self) -> np.random.Generator:
        """Return the generator."""
        return np.random.default_rng(self.seed)

    def __str__(self) -> str:
        return f"np.random.default_rng({self.seed})"


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    `trouble` is None, "not-attempted", "raised", "too-slow" or "not-run"; `sentence` says it in words.
    `returned` is a private copy. `changed` names the arguments that the function changed in place.
    """

    returned: object = None
    trouble: str | None = None
    sentence: str = ""
    where: str = ""
    error: str = ""
    changed: tuple[str, ...] = ()
    printed: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the call came back with a value."""
        return self.trouble is None


def build(inputs: Mapping[str, object]) -> dict[str, object]:
    """Return fresh arguments for one call: functions and generators built, arrays copied."""
    return {
        name: value.build() if hasattr(value, "build") else copy.deepcopy(value)
        for name, value in inputs.items()
    }


def call(
    function: Callable, inputs: Mapping[str, object], seconds: float = SECONDS, repeat: int = 1
) -> Outcome:
    """Return the `Outcome` of `function(*inputs.values())`; never raises for what the function does.

    Arguments are passed by position and are copies, so nothing that the caller holds is changed. With
    `repeat` above 1 the same arguments are passed that many times (a generator moves on) and `returned` is
    the list of results. `KeyboardInterrupt` passes: it is the learner's own wish.

    >>> call(lambda x, y: x + y, {"x": 1, "y": 2}).returned
    3
    >>> call(lambda x: x.no_such_thing, {"x": 1}).sentence
    "your function raised AttributeError: 'int' object has no attribute 'no_such_thing'"
    """
    arguments = build(inputs)
    printed = _FirstCharacters(PRINTED)
    returned, trouble = None, {}
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(contextlib.redirect_stdout(printed))
            stack.enter_context(contextlib.redirect_stderr(printed))
            stack.enter_context(warnings.catch_warnings())
            stack.enter_context(np.errstate(all="ignore"))
            warnings.simplefilter("ignore")
            stack.enter_context(time_limit(seconds))
            results = [_snapshot(function(*arguments.values())) for _ in range(repeat)]
        returned = results if repeat > 1 else results[0]
    except TooSlow:
        trouble = {"trouble": "too-slow", "sentence": too_slow(seconds)}
    except NotImplementedError:
        trouble = {"trouble": "not-attempted", "sentence": "not attempted yet"}
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: a learner's exit() must not end the kernel
        trouble = {
            "trouble": "raised",
            "sentence": f"your function raised {_in_words(error)}",
            "error": type(error).__name__,
            "where": _learners_lines(error),
        }
    pristine = {name: value for name, value in inputs.items() if isinstance(value, np.ndarray)}
    changed = tuple(n for n, value in pristine.items() if not _untouched(arguments[n], value))
    return Outcome(returned, changed=changed, printed=printed.getvalue(), arguments=arguments, **trouble)


def too_slow(seconds: float) -> str:
    """Return the sentence for a call that was stopped after `seconds`."""
    return (
        f"your function was stopped after {seconds:.2g} seconds: it looks like a loop that never ends. "
        "Check the condition that should end it"
    )


def _pasteable(value: object) -> str:
    if isinstance(value, np.ndarray):
        return np.array2string(value, separator=", ", max_line_width=10**6, threshold=10**6).replace("\n", "")
    return repr(value)


def _snapshot(value: object) -> object:
    """Return a copy that later calls and later changes of the arguments cannot reach."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    if isinstance(value, (list, tuple)):
        return tuple(map(_snapshot, value)) if isinstance(value, tuple) else [*map(_snapshot, value)]
    return value


def _untouched(now: object, before: np.ndarray) -> bool:
    return now.dtype == before.dtype and now.shape == before.shape and now.tobytes() == before.tobytes()


def _in_words(error: BaseException) -> str:
    message = " ".join(str(error).split())
    if len(message) > 300:
        message = message[:300] + " ..."
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _learners_lines(error: BaseException) -> str:
    """Return the traceback without the lines that are ours or a library's, innermost last."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(OURS) and "site-packages" not in frame.filename
    ]
    return "\n".join(f"line {frame.lineno} in {frame.name}:  {frame.line}" for frame in frames[-4:])


class _FirstCharacters(io.StringIO):
    """A text stream that keeps its first characters and drops the rest: an endless print costs no memory."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.room = most

    def write(self, text: str) -> int:
        super().write(text[: self.room])
        self.room = max(0, self.room - len(text))
        return len(text)
