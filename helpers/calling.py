"""Call a learner's function: inputs protected, time limited, output kept, trouble put into one sentence.

Arguments that are functions or random generators travel as descriptions (`Given`, `RandomSource`,
`helpers.oracle.Oracle`) and are built where the call happens. The same case can therefore be run here or in another process. What comes back is
plain data (`helpers.plain`).
"""

import contextlib
import copy
import inspect
import io
import os
import random
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from helpers import problems
from helpers.oracle import Ledger, Oracle, asking
from helpers.plain import plain
from helpers.time_limit import TooSlow, time_limit

SECONDS = 3.0  # a learner waits this long at the most before an endless loop is called one
MISFIT = "wrong number of arguments"
PRINTED = 2000  # characters of the learner's own printing that are kept
NOT_THE_LEARNERS = tuple(
    str(folder) + os.sep for folder in (Path(__file__).parent, sysconfig.get_path("stdlib"))
)


@dataclass(frozen=True, eq=False)
class Given:
    """An argument that is a function of a problem.

    `role` is "grad", "f", "hess", "field" (minus the gradient) or "grad_t", which takes the step t as well.
    """

    role: str
    problem: Mapping[str, object]

    @classmethod
    def of(cls, role: str, problem: problems.Problem) -> "Given":
        """Return the function of a problem that is built already; what travels is its description all the same."""
        given = cls(role, problem.description)
        given.__dict__["built"] = problem
        return given

    @cached_property
    def built(self) -> problems.Problem:
        """The problem, built from its description when first asked for."""
        return problems.build(self.problem)

    def build(self) -> Callable:
        """Return the function itself, a new one for every call; it takes points (..., d), lists too.

        The function raises ValueError, in the learner's terms, for points of another dimension.
        """
        function = self.built.grad if self.role == "field" else getattr(self.built, self.role)
        sign = -1 if self.role == "field" else 1

        def at(x, *t):
            x = np.asarray(x, dtype=float)
            if x.shape[-1:] != (self.built.dim,):
                wanted = f"({self.built.dim},)"
                raise ValueError(f"{self.role}(x) takes a point x of shape {wanted}, and got shape {x.shape}")
            return sign * function(x, *t)

        def given(x):
            return at(x)

        def given_t(x, t):
            return at(x, t)

        given = given_t if self.role == "grad_t" else given
        given.__name__ = given.__qualname__ = self.role
        return given

    def __getstate__(self) -> dict[str, object]:
        return {"role": self.role, "problem": self.problem}

    def __str__(self) -> str:
        """What a learner can paste to get the same function."""
        given = ", ".join(f"{name}={pasteable(value)}" for name, value in self.problem["arguments"].items())
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

    `returned` is plain data and a private copy. `trouble` is None, "not-attempted", "raised", "too-slow",
    "not-run" or "overspent"; `sentence` says it in words, `error` is the type of what was raised (MISFIT if the function could
    not even be called) and `where` the learner's lines. `changed` names the arguments that were changed in
    place. `arguments` are those of the call, as they were left. `ledger` holds what was asked of the oracle, if
    there was one: counted here, or by the judge where the call happened elsewhere.
    """

    returned: object = None
    trouble: str | None = None
    sentence: str = ""
    where: str = ""
    error: str = ""
    changed: tuple[str, ...] = ()
    printed: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict, repr=False)
    ledger: Ledger | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Whether the call came back with a value."""
        return self.trouble is None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "arguments": {}, "ledger": None}  # built functions cannot be pickled


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
    misfit = _misfit(function, inputs)
    if misfit:
        return Outcome(trouble="raised", sentence=misfit, error=MISFIT)
    arguments, ledger = _opened(inputs)
    printed = _FirstCharacters(PRINTED)
    with settings_kept(printed):
        result = _attempt(function, arguments, seconds, repeat)
    changed = _changed(arguments, inputs)
    outcome = Outcome(changed=changed, printed=printed.getvalue(), arguments=arguments, **result)
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


def _changed(arguments: Mapping[str, object], inputs: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(
        name
        for name, value in inputs.items()
        if isinstance(value, np.ndarray) and not _untouched(arguments[name], value)
    )


def accounted(outcome: Outcome, ledger: Ledger | None) -> Outcome:
    """Return the outcome with what was asked of its oracle: to ask for more than the budget is trouble, caught or not."""
    if ledger is None:
        return outcome
    if not ledger.overspent or outcome.trouble in ("too-slow", "not-run"):
        return replace(outcome, ledger=ledger)
    sentence = (
        f"your function asked the oracle {ledger.calls} times, and the budget is {ledger.oracle.budget} calls"
    )
    return replace(outcome, returned=None, trouble="overspent", sentence=sentence, error="", ledger=ledger)


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
                    "sentence": f"your function raised {_in_words(error)}",
                    "error": type(error).__name__,
                    "where": _learners_lines(error),
                }
    except TooSlow:
        return {"trouble": "too-slow", "sentence": too_slow(seconds)}


def too_slow(seconds: float) -> str:
    """Return the sentence for a call that was stopped after `seconds`."""
    return (
        f"your function was stopped after {seconds:.2g} seconds: it looks like a loop that never ends. "
        "Check the condition that should end it"
    )


def pasteable(value: object) -> str:
    """Return Python source for a number, text or array, to the last digit.

    >>> pasteable(np.array([[1.0, 0.1]]))
    '[[1.0, 0.1]]'
    """
    return repr(value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value)


@contextlib.contextmanager
def random_state_kept() -> Iterator[None]:
    """Put the global random generators, NumPy's and Python's, back to where they were before the block.

    >>> random.seed(1)
    >>> with random_state_kept():
    ...     random.seed(2)
    >>> round(random.random(), 3)
    0.134
    """
    legacy = np.random.mtrand._rand  # the generator behind np.random.seed and np.random.rand
    numpy_state, python_state = legacy.get_state(), random.getstate()
    try:
        yield
    finally:
        legacy.set_state(numpy_state)
        random.setstate(python_state)


@contextlib.contextmanager
def settings_kept(printed: io.TextIOBase) -> Iterator[None]:
    """Keep what is printed in `printed`, and warning filters, NumPy's error and print settings as they are."""
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        np.printoptions(),
        _exit_raises(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _exit_raises() -> Iterator[None]:
    """In a notebook exit() raises nothing, but ends the kernel a moment later: let it raise as in a script."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        yield
        return
    shell.ask_exit = sys.exit
    try:
        yield
    finally:
        del shell.ask_exit


def _misfit(function: Callable, inputs: Mapping[str, object]) -> str:
    """The sentence for a function that cannot take the inputs by position, or ""."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # written in C, without a signature: calling it will show
        return ""
    try:
        signature.bind(*inputs)
    except TypeError:
        return (
            f"your function {_takes(signature)}, and the exercise gives it {len(inputs)}: {', '.join(inputs)}"
        )
    return ""


def _takes(signature: inspect.Signature) -> str:
    parameters = signature.parameters.values()
    by_name = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    if by_name:
        return f"takes {', '.join(by_name)} by name only"
    placed = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = sum(p.default is p.empty for p in placed)
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        count = f"{needed} or more"
    else:
        count = f"{needed} to {len(placed)}" if needed < len(placed) else f"{needed or 'no'}"
    return f"takes {count} argument{'' if count == '1' else 's'}"


def _untouched(now: np.ndarray, before: np.ndarray) -> bool:
    return now.dtype == before.dtype and now.shape == before.shape and now.tobytes() == before.tobytes()


def _in_words(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, SystemExit):
        return f"{kind}: exit() and quit() would end the notebook. Use return"
    try:
        message = " ".join(str(error).split())
    except Exception as unprintable:  # the learner's own __str__ may raise anything
        return f"{kind}, and {type(unprintable).__name__} when printed"
    if len(message) > 300:
        message = message[:300] + " ..."
    return f"{kind}: {message}" if message else kind


def _learners_lines(error: BaseException) -> str:
    """Return the traceback without the lines that are ours, Python's or a library's, innermost last."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((*NOT_THE_LEARNERS, "<frozen", "<__array_function__"))
        and "site-packages" not in frame.filename
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
