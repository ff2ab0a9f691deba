"""Ask the reader for a prediction before a reveal: recorded, compared afterwards, never in the way.

    ask = predict("Does a step of 0.5 arrive?", ["it arrives", "it never does"])
    ...
    ask.compare("it never does")

A reader who answers nothing, and a reader without a kernel, sees the question and then the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets

from helpers.explore.live import grading


class Prediction:
    """A question with a place for the answer; `choices` are texts, or None where a number is asked for."""

    def __init__(self, question: str, choices: Sequence[str] | None = None) -> None:
        self.question, self.choices = question, tuple(choices or ())
        self.surface = None if grading() else self._surface()

    @property
    def answer(self) -> str | float | None:
        """What the reader predicted, or None."""
        if self.surface is None:
            return None
        return self._field.value if self.choices else _as_number(self._field.value)

    def compare(self, truth: str | float, tolerance: float = 0.1) -> Comparison:
        """Return the comparison of the prediction with `truth`; a number within `tolerance` of it counts as right.

        `tolerance` is relative, and absolute where the truth is 0. Raises ValueError for a truth that is
        none of the choices.
        """
        if self.choices and truth not in self.choices:
            raise ValueError(f"truth must be one of {', '.join(self.choices)}, got {truth!r}")
        answer = self.answer
        if answer is None:
            return Comparison(truth, None, None)
        right = answer == truth if self.choices else abs(answer - truth) <= tolerance * (abs(truth) or 1)
        return Comparison(truth, answer, right)

    def __repr__(self) -> str:
        return f"Predict: {self.question}" + (f" ({' / '.join(self.choices)})" if self.choices else "")

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        data = {"text/plain": repr(self)}
        if self.surface is not None:
            data["application/vnd.jupyter.widget-view+json"] = {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.surface.model_id,
            }
        return data

    def _surface(self) -> ipywidgets.VBox:
        question = ipywidgets.Label(f"Predict: {self.question}")
        question.add_class("downhill-question")
        if self.choices:
            self._field = ipywidgets.RadioButtons(options=self.choices, value=None, layout={"width": "auto"})
        else:
            self._field = ipywidgets.Text(placeholder="a number", layout={"width": "12em"})
        self._said = ipywidgets.Label("")
        self._field.observe(lambda change: self._record(), "value")
        return ipywidgets.VBox([question, self._field, self._said])

    def _record(self) -> None:
        if self.answer is not None:
            self._said.value = "Recorded. Read on and compare."
        elif not self.choices and self._field.value.strip():
            self._said.value = "Write one number, such as 0.5."


class Comparison:
    """What was predicted beside what is so; shows as one sentence."""

    def __init__(self, truth: str | float, answer: str | float | None, right: bool | None) -> None:
        self.truth, self.answer, self.right = truth, answer, right

    def __repr__(self) -> str:
        truth = _words(self.truth)
        if self.right is None:
            return f"The answer: {truth}."
        if self.right:
            return f"As you predicted: {truth}."
        return (
            f"You predicted: {_words(self.answer)}. The answer: {truth}. Worth a moment: what did you assume?"
        )


def predict(question: str, choices: Sequence[str] | None = None) -> Prediction:
    """Return a question for the reader, to be displayed; `compare` it with the truth after the reveal.

    >>> ask = predict("How many steps?", None)
    >>> ask
    Predict: How many steps?
    >>> ask.compare(12)
    The answer: 12.
    """
    return Prediction(question, choices)


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _words(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
