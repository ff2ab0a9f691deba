"""Show a report: as an HTML card in a notebook, as lines of text elsewhere, the same content in both.

Everything that comes from the learner (returned values, error messages, printed text) is escaped. The card takes
ink and paper from the page it is on, so it is at home on a light and on a dark one; its own colours are apart
for every kind of colour vision, and nothing is said by colour alone.
"""

from collections.abc import Callable
from functools import partial
from html import escape

import numpy as np

from helpers.agreement import RTOL
from helpers.calling import MISFIT, Given, pasteable
from helpers.oracle import Oracle

RIGHT, WRONG, HINT = "#2186b8", "#cc6a1c", "#b58a1f"  # each at least 3 to 1 against white and against black
INK, PAPER, LINE = "inherit", "none", "rgba(128,128,128,0.35)"  # the page's own
QUIET = "opacity:0.75"
PANEL = "margin:8px 0 0;padding:8px 12px;border-radius:4px"
GREY = "background:rgba(128,128,128,0.12)"
COMPARED = ("value", "shape", "nan", "none", "type", "complex", "size", "raised", "too-slow", "not-attempted")
WIDEST = 58  # characters of an array in one line: the card has room for so many beside the names
LONGEST_CALL = 600  # characters of code that somebody would still paste


def headline(report) -> str:
    """Return the one sentence that sums the report up."""
    points = f"{report.score:g} of {report.points:g} point{'' if report.points == 1 else 's'}"
    if report.refusal:
        return "The check could not run"
    if not report.attempted:
        return f"Not attempted yet ({points})"
    if report.passed:
        return f"Right: {points}"
    return f"Not yet: {points}" if report.score == 0 else f"Partly right: {points}"


def as_text(report) -> str:
    """Return the report as lines of text."""
    lines = [f"{report.exercise}: {headline(report)}"]
    if report.refusal or not report.attempted:
        return "\n".join([*lines, f"  {report.refusal or _how_to_start(report)}"])
    for claim in report.claims:
        lines.append(f"  {'+' if claim.passed else '-'} {claim.title} ({_standing(claim)})")
    lines += [f"  {_core_note(report)}"] if _core_note(report) else []
    failure = report.first_failure
    if failure:
        lines += ["", f"  {_sentence(failure)}", *(f"  ({note})" for note in [failure.case.note] if note)]
        lines += [_indented(name, value) for name, value in _rows(failure)]
        lines += [_indented("where", failure.outcome.where)] if failure.outcome.where else []
    if report.hint:
        lines += ["", f"  {_known_mistake(report)} {report.hint}"]
    lines += [f"  {remark}" for remark in report.remarks]
    if report.printed and not report.passed:
        lines += [_indented("printed", report.printed.rstrip())]
    if failure and _call(report, failure):
        lines += ["", _indented("run this case yourself", _call(report, failure))]
    return "\n".join(lines)


def as_html(report) -> str:
    """Return the report as an HTML card without scripts, style sheets or links."""
    colour = RIGHT if report.passed else WRONG if report.attempted else HINT
    mark = "✓" if report.passed else "✗" if report.attempted else "…"
    parts = [
        f'<div style="font-weight:600;font-size:1.1em"><span aria-hidden="true" style="color:{colour}">{mark}</span> '
        f"{escape(headline(report))}"
        f'<span style="float:right;font-weight:400;{QUIET}">{escape(report.exercise)}</span></div>'
    ]
    if report.refusal or not report.attempted:
        parts.append(_paragraph(report.refusal or _how_to_start(report)))
    else:
        parts += [_claims(report), *_findings(report)]
    return (
        f'<div role="group" aria-label="{escape(headline(report))}" style="max-width:46em;padding:10px 16px 12px;'
        f"margin:4px 0;border:1px solid {LINE};border-left:5px solid {colour};border-radius:4px;"
        f'color:{INK};background:{PAPER};line-height:1.5;font-family:sans-serif">{"".join(parts)}</div>'
    )


def _findings(report) -> list[str]:
    failure = report.first_failure
    parts = [_failure(failure)] if failure else []
    if report.hint:
        parts.append(
            f'<div style="{PANEL};background:{HINT}22;border-left:3px solid {HINT}">'
            f"<b>{escape(_known_mistake(report))}</b> {escape(report.hint)}</div>"
        )
    parts += [_paragraph(remark) for remark in report.remarks]
    if report.printed and not report.passed:
        parts.append(
            _box("Your function printed, the first time it printed anything:", report.printed.rstrip())
        )
    if failure and _call(report, failure):
        parts.append(
            f'<details style="margin-top:8px"><summary style="cursor:pointer;{QUIET}">Run this case yourself'
            f"</summary>{_pre(_call(report, failure))}</details>"
        )
    return parts


def _how_to_start(report) -> str:
    name = report.signature.split("(")[0] or "your function"
    return f"Replace the line that raises NotImplementedError in {name} with your own code, run that cell, then this one."


def _known_mistake(report) -> str:
    return f"This looks like a known mistake: {report.misconception}."


def _core_note(report) -> str:
    if report.score == 0 and any(claim.passed for claim in report.claims):
        return "The first claim is the heart of the exercise: without it the others earn nothing."
    return ""


def _standing(claim) -> str:
    points = f"{claim.points:g} point{'' if claim.points == 1 else 's'}"
    return f"{'holds' if claim.passed else 'does not hold'}, {points}"


def _claims(report) -> str:
    rows = "".join(
        f'<li style="margin:1px 0"><span aria-hidden="true" style="color:{RIGHT if claim.passed else WRONG}">'
        f"{'✓' if claim.passed else '✗'}</span> {escape(claim.title)} "
        f'<span style="{QUIET}">({_standing(claim)})</span></li>'
        for claim in report.claims
    )
    note = _paragraph(_core_note(report), QUIET) if _core_note(report) else ""
    return f'<ul style="list-style:none;margin:6px 0 0;padding:0">{rows}</ul>{note}'


def _failure(failure) -> str:
    cell = "padding:1px 14px 1px 0;vertical-align:top;text-align:left;border:none;background:none"
    rows = "".join(
        f'<tr style="background:none"><th scope="row" style="{cell};font-weight:400;{QUIET}">{escape(name)}</th>'
        f'<td style="{cell};white-space:pre-wrap;font-family:monospace;font-size:0.95em">{escape(value)}</td></tr>'
        for name, value in _rows(failure)
    )
    note = f' <span style="{QUIET}">({escape(failure.case.note)})</span>' if failure.case.note else ""
    table = (
        f'<table style="border:none;border-collapse:collapse;margin:6px 0 0">{rows}</table>' if rows else ""
    )
    return f'<div style="{PANEL};{GREY}"><b>{escape(_sentence(failure))}</b>{note}{table}</div>' + (
        _box("Where:", failure.outcome.where) if failure.outcome.where else ""
    )


def _box(title: str, text: str) -> str:
    return f'<div style="margin-top:8px;{QUIET}">{escape(title)}</div>{_pre(text)}'


def _pre(text: str) -> str:
    style = f"margin:2px 0 0;padding:6px 10px;border-radius:4px;{GREY};color:{INK};white-space:pre-wrap"
    return f'<pre style="{style}">{escape(text)}</pre>'


def _paragraph(text: str, style: str = "") -> str:
    return f'<div style="margin-top:8px;{style}">{escape(text)}</div>'


def _sentence(failure) -> str:
    sentence = failure.fault.sentence
    sentence = sentence[:1].upper() + sentence[1:]
    return sentence if sentence.endswith((".", "?")) else sentence + "."


def _rows(failure) -> list[tuple[str, str]]:
    """What to show of a case, by name: inputs, what helps to redo it, what came back, what was expected."""
    if failure.outcome.error == MISFIT:
        return []
    inputs, outcome = failure.case.inputs, failure.outcome
    rows = [(name, _value(value)) for name, value in inputs.items()]
    for point in ("x", "x0"):
        for name, value in inputs.items():
            if isinstance(value, Given) and np.shape(inputs.get(point)) == (value.built.dim,):
                t = (1,) if value.role == "grad_t" else ()
                label = ", ".join([point, *map(str, t)])
                rows.append((f"{name}({label})", _value(value.build()(inputs[point], *t))))
    for name, value in failure.case.shown.items():
        rows.append((name, value if isinstance(value, str) else _value(value)))
    hidden = any(isinstance(value, Oracle) for value in inputs.values())  # where many answers are right
    compared = failure.case.repeat == 1 and not hidden and _has_one_answer(failure.fault.kind)
    expected = failure.expected.returned if compared else None
    if outcome.ok:
        rows.append(("returned", _value(outcome.returned, expected)))
    if compared:
        rows.append(("expected", _value(expected, outcome.returned)))
    return rows


def _has_one_answer(kind: str) -> bool:
    """Whether a fault of this kind ("value", "value-2", "value: short") has one right value to show beside it."""
    known = {each.split("-")[0] for each in COMPARED}
    return kind.split("-")[0] in known or kind.split(":")[0] in known


def _indented(name: str, value: str) -> str:
    return f"    {name}: " + value.replace("\n", "\n" + " " * (len(name) + 6))


def _call(report, failure) -> str:
    """Code that makes this one call in a cell of the notebook, "" where it would be too long to paste."""
    if failure.outcome.error == MISFIT or not report.signature:
        return ""
    if any(isinstance(value, Oracle) for value in failure.case.inputs.values()):
        return ""  # what it hides is not for pasting
    arguments = ", ".join(_source(value) for value in failure.case.inputs.values())
    call = f"{report.signature.split('(')[0]}({arguments})"
    if len(call) > LONGEST_CALL:
        return ""
    imports = ["import numpy as np"] * ("np." in call) + ["from helpers import problems"] * (
        "problems." in call
    )
    return "\n".join([*imports, call])


def _source(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({pasteable(value)})"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_source, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)"
    return str(value) if hasattr(value, "build") else pasteable(value)


def _value(value: object, beside: object = None) -> str:
    """`value` in few digits, and in more where it would look like `beside` and is not."""
    if isinstance(value, np.ndarray):
        return _array(value, beside) if value.ndim else _value(value[()], beside)
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (float, np.floating)):
        other = beside[()] if isinstance(beside, np.ndarray) and beside.ndim == 0 else beside
        same = isinstance(other, (float, np.floating)) and value != other and f"{value:.8g}" == f"{other:.8g}"
        return repr(float(value)) if same else f"{value:.8g}"
    if isinstance(value, (list, tuple)):
        others = (
            beside if isinstance(beside, (list, tuple)) and len(beside) == len(value) else [None] * len(value)
        )
        inner = ", ".join(map(_value, value[:8], others[:8])) + (", ..." if len(value) > 8 else "")
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, (int, np.integer)) or hasattr(value, "build"):
        return str(value)
    return repr(value)[:400]


def _array(value: np.ndarray, beside: object) -> str:
    """Six decimals in columns; where that would hide a number, or a difference, as many digits as it takes."""
    longest = 60 if value.ndim > 1 else 40  # nobody reads a point of 50 coordinates
    layout = {"threshold": longest, "edgeitems": 3, "separator": ", ", "max_line_width": WIDEST}
    if value.dtype.kind != "f" or _is_told_by(_to_decimals, value, beside):
        return np.array2string(value, precision=6, suppress_small=True, **layout)
    digits = next((n for n in (7, 10, 13) if _is_told_by(partial(_to_digits, n), value, beside)), 17)
    width = max(len(f"{number:.{digits}g}") for number in value.flat)
    formatter = {"float_kind": lambda number: f"{number:.{digits}g}".rjust(width)}
    return np.array2string(value, formatter=formatter, **layout)


def _to_decimals(number: float) -> float:
    return round(number, 6) if abs(number) < 1e8 else 0.0  # beyond, numpy writes all of them with exponents


def _to_digits(digits: int, number: float) -> float:
    return float(f"{number:.{digits}g}")


def _is_told_by(rounded: Callable[[float], float], value: np.ndarray, beside: object) -> bool:
    """Whether all of `value` keeps three digits when it is rounded, and looks different where `beside` differs."""
    finite = np.abs(value[np.isfinite(value)].astype(float))
    seen = finite[finite > 1e-15 * finite.max(initial=0.0)]  # less than that is what rounding leaves of a 0
    if any(abs(rounded(number) - number) > 1e-3 * number for number in seen.tolist()):
        return False
    if not (isinstance(beside, np.ndarray) and beside.shape == value.shape and beside.dtype.kind in "fiu"):
        return True
    pairs = zip(value.ravel().tolist(), beside.ravel().tolist(), strict=True)
    tolerance = RTOL * np.abs(beside[np.isfinite(beside)]).max(initial=0.0)
    return all(rounded(one) != rounded(other) for one, other in pairs if abs(one - other) > tolerance)
