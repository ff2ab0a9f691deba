"""What went wrong, in one sentence for the learner, and the learner's own lines."""

import inspect
import os
import sysconfig
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FunctionType

from helpers.calling.advice import advice

MISFIT = "wrong number of arguments"
NOT_THE_LEARNERS = tuple(
    str(folder) + os.sep for folder in (Path(__file__).parents[1], sysconfig.get_path("stdlib"))
)


def too_slow(seconds: float) -> str:
    """Return the sentence for a call that was stopped after `seconds`."""
    return (
        f"your function was stopped after {seconds:.2g} seconds: it looks like a loop that never ends. "
        "Check the condition that should end it"
    )


def misfit(function: Callable, inputs: Mapping[str, object]) -> str:
    """Return the sentence for a function that cannot take the inputs by position, or ""."""
    if _plainly_fits(function, len(inputs)):
        return ""
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


def _plainly_fits(function: Callable, count: int) -> bool:
    """Whether an ordinary function takes so many arguments: seen at once, where `inspect` takes as long as the call."""
    if type(function) is not FunctionType or function.__dict__:  # one that stands for another says so there
        return False
    code = function.__code__
    needed = code.co_argcount - len(function.__defaults__ or ())
    return needed <= count <= code.co_argcount and not code.co_kwonlyargcount


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


def in_words(error: BaseException) -> str:
    """Return the kind of an exception and its message, cut short, and what to do about it where that is known."""
    kind = type(error).__name__
    if isinstance(error, SystemExit):
        return f"{kind}: exit() and quit() would end the notebook. Use return"
    try:
        message = " ".join(str(error).split())
    except Exception as unprintable:  # the learner's own __str__ may raise anything
        return f"{kind}, and {type(unprintable).__name__} when printed"
    if len(message) > 300:
        message = message[:300] + " ..."
    what_to_do = advice(message)
    if what_to_do:
        return f"{kind}: {message.rstrip('. ')}. {what_to_do}"
    return f"{kind}: {message}" if message else kind


def learners_lines(error: BaseException) -> str:
    """Return the traceback without the lines that are ours, Python's or a library's, innermost last."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((*NOT_THE_LEARNERS, "<frozen", "<__array_function__"))
        and "site-packages" not in frame.filename
    ]
    return "\n".join(f"line {frame.lineno} in {frame.name}:  {frame.line}" for frame in frames[-4:])
