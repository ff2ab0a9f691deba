"""Show a report: as an HTML card in a notebook, as lines of text elsewhere.

Everything that comes from the learner (returned values, error messages, printed text) is escaped. The card
carries its own colours, so it reads the same on a light and on a dark page, and says everything in words
and marks as well as in colour.
"""

from html import escape

import numpy as np

INK, QUIET, PAPER, LINE = "#1f2933", "#52606d", "#ffffff", "#d5dbe1"
RIGHT, WRONG, HINT = "#0b6e99", "#b5480a", "#fdf6e3"  # blue and orange: apart for every kind of colour vision


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
    if report.refusal:
        return "\n".join([*lines, report.refusal])
    if not report.attempted:
        return "\n".join([*lines, _how_to_start(report)])
    lines += [f"  {'+' if c.passed else '-'} {c.title} ({c.points:g})" for c in report.claims]
    failure = report.first_failure
    if failure:
        lines += [f"  {name}: {value}" for name, value in _rows(failure)]
        lines += ["  " + _sentence(failure)]
    if report.hint:
        lines += [f"  Known mistake, {report.misconception}: {report.hint}"]
    return "\n".join([*lines, *(f"  {remark}" for remark in report.remarks)])


def as_html(report) -> str:
    """Return the report as an HTML card without scripts, style sheets or links."""
    colour = RIGHT if report.passed else WRONG
    mark = "✓" if report.passed else "…" if not report.attempted else "✗"
    parts = [
        f'<div style="font-weight:600;font-size:1.1em;color:{colour}">{mark} {escape(headline(report))}'
        f'<span style="float:right;font-weight:400;color:{QUIET}">{escape(report.exercise)}</span></div>'
    ]
    if report.refusal:
        parts.append(_paragraph(report.refusal))
    elif not report.attempted:
        parts.append(_paragraph(_how_to_start(report)))
    else:
        parts.append(_claims(report))
        if report.first_failure:
            parts.append(_failure(report.first_failure))
        if report.hint:
            parts.append(_hint(report))
        parts += [_paragraph(remark) for remark in report.remarks]
        if report.printed and not report.passed:
            parts.append(
                _box("Your function printed, the first time it printed anything", report.printed.rstrip())
            )
    return (
        f'<div role="group" aria-label="{escape(headline(report))}" style="max-width:46em;padding:12px 16px;'
        f"margin:4px 0;border:1px solid {LINE};border-left:6px solid {colour};border-radius:4px;"
        f'background:{PAPER};color:{INK};line-height:1.45;font-family:sans-serif">{"".join(parts)}</div>'
    )


def _how_to_start(report) -> str:
    name = report.signature.split("(")[0] or "your function"
    return f"Replace the line that raises NotImplementedError in {name} with your own code, run that cell, then this one."


def _claims(report) -> str:
    rows = "".join(
        f'<li style="margin:2px 0;color:{RIGHT if claim.passed else WRONG}">'
        f'<span aria-hidden="true">{"✓" if claim.passed else "✗"}</span> '
        f'<span style="color:{INK}">{escape(claim.title)}</span> '
        f'<span style="color:{QUIET}">({"holds" if claim.passed else "does not hold"}, {claim.points:g})</span></li>'
        for claim in report.claims
    )
    note = ""
    if report.score == 0 and any(claim.passed for claim in report.claims):
        note = _paragraph(
            "The first claim is the heart of the exercise: without it the others earn nothing.", QUIET
        )
    return f'<ul style="list-style:none;margin:8px 0;padding:0">{rows}</ul>{note}'


def _failure(failure) -> str:
    cell = f"padding:2px 12px 2px 0;vertical-align:top;text-align:left;color:{INK};background:{PAPER}"
    rows = "".join(
        f'<tr style="background:{PAPER}"><th scope="row" style="{cell};font-weight:400;color:{QUIET}">{escape(name)}</th>'
        f'<td style="{cell};white-space:pre-wrap;font-family:monospace">{escape(value)}</td></tr>'
        for name, value in _rows(failure)
    )
    note = f" ({escape(failure.case.note)})" if failure.case.note else ""
    return (
        f'<div style="margin-top:8px">One case in full{note}: <b>{escape(_sentence(failure))}</b></div>'
        f'<table style="border:none;border-collapse:collapse;margin:4px 0">{rows}</table>'
        + (_box("Where", failure.outcome.where) if failure.outcome.where else "")
    )


def _hint(report) -> str:
    return (
        f'<div style="margin-top:8px;padding:8px 12px;background:{HINT};color:{INK};border-radius:4px">'
        f"<b>This looks like a known mistake: {escape(report.misconception)}.</b> {escape(report.hint)}</div>"
    )


def _box(title: str, text: str) -> str:
    return (
        f'<div style="margin-top:8px;color:{QUIET}">{escape(title)}:</div>'
        f'<pre style="margin:2px 0;padding:6px 10px;background:#f4f6f8;color:{INK};white-space:pre-wrap">{escape(text)}</pre>'
    )


def _paragraph(text: str, colour: str = INK) -> str:
    return f'<div style="margin-top:8px;color:{colour}">{escape(text)}</div>'


def _sentence(failure) -> str:
    sentence = failure.fault.sentence
    return sentence[:1].upper() + sentence[1:].rstrip(".") + "."


def _rows(failure) -> list[tuple[str, str]]:
    rows = [(name, _value(value)) for name, value in failure.case.inputs.items()]
    if failure.outcome.ok:
        rows += [("returned", _value(failure.outcome.returned))]
    if failure.expected.ok and failure.fault.kind != "changed" and failure.case.repeat == 1:
        rows += [("expected", _value(failure.expected.returned))]
    return rows


def _value(value: object) -> str:
    if isinstance(value, np.ndarray):
        text = np.array2string(
            value, precision=6, suppress_small=True, threshold=60, edgeitems=3, separator=", "
        )
        return text if value.ndim else str(value[()])
    if isinstance(value, (float, np.floating)):
        return f"{value:.8g}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(_value(item) for item in value[:8]) + (", ..." if len(value) > 8 else "")
        return f"({inner})"
    if isinstance(value, (int, np.integer)) or hasattr(value, "build"):
        return str(value)
    return repr(value)[:400]
