"""Findings for a person: the line, the place in it, the reason and the way out."""

from __future__ import annotations

import collections
import enum
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from midwatch.base import shape
from midwatch.checks import model
from midwatch.checks.reports import model as reports

FIRST = 3
URGENCY = (
    model.Area.SAFETY,
    model.Area.COMMAND,
    model.Area.SHELL,
    model.Area.MEANING,
    model.Area.ALERT,
    model.Area.MANIFEST,
    model.Area.PROCEDURE,
)


class Paint(enum.StrEnum):
    """The few colours a report uses, as terminal codes."""

    BOLD = "1"
    DIM = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    INFO = "1;36"
    PATH = "1;34"


SEVERITY_PAINT = {
    model.Severity.ERROR: Paint.ERROR,
    model.Severity.WARNING: Paint.WARNING,
    model.Severity.INFO: Paint.INFO,
}


@shape.frozen
class Style:
    """How wide the page is, and whether it may be coloured."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, paint: Paint) -> str:
        """The text in a colour, where colours are wanted."""
        return f"\x1b[{paint}m{text}\x1b[0m" if self.colour and text else text


def render(report: reports.Report, style: Style) -> str:
    """The whole report; findings grouped by file, then what to do first, then the count."""
    by_path: dict[str, list[model.Finding]] = collections.defaultdict(list)
    for finding in report.findings:
        by_path[finding.path].append(finding)
    lines: list[str] = []
    for path, findings in by_path.items():
        lines += [*file_section(path, findings, style), ""]
    lines += [*first_section(report.findings, style), summary(report, style)]
    return "\n".join(lines) + "\n"


def file_section(path: str, findings: Sequence[model.Finding], style: Style) -> Iterator[str]:
    """One file's findings; a rule's reason is told once a file."""
    yield style.paint(path, Paint.PATH)
    told: set[tuple[str, str]] = set()
    for finding in findings:
        if finding.severity is not model.Severity.INFO:
            yield ""
            yield from one(finding, style, again=(finding.rule, finding.why) in told)
            told.add((finding.rule, finding.why))
    notes = [finding for finding in findings if finding.severity is model.Severity.INFO]
    if notes:
        yield ""
        yield "worth a second look:"
    for finding in notes:
        rule = style.paint(f"({finding.rule})", Paint.DIM)
        lines = wrapped(f"{finding.message} ({finding.rule})", f"  {finding.line}: ", style)
        yield from (line.replace(f"({finding.rule})", rule) for line in lines)


def one(finding: model.Finding, style: Style, *, again: bool) -> Iterator[str]:
    """One finding, as a good compiler shows it."""
    severity = style.paint(str(finding.severity), SEVERITY_PAINT[finding.severity])
    yield f"{severity}: {style.paint(finding.rule, Paint.BOLD)}"
    yield from wrapped(finding.message, "", style)
    yield style.paint(f"  --> {finding.path}:{finding.line}:{finding.column}", Paint.DIM)
    if finding.source.strip():
        yield from excerpt(finding, style)
    margin = " " * (len(str(finding.line)) + 1)
    if finding.why and not again:
        yield from wrapped(finding.why, f"{margin}= why: ", style)
    if finding.fix:
        yield from wrapped(finding.fix, f"{margin}= fix: ", style)


def excerpt(finding: model.Finding, style: Style) -> Iterator[str]:
    """The faulty line with a caret below the fault."""
    number = str(finding.line)
    gap = " " * len(number)
    start, end = span(finding)
    source, start, end = window(finding.source, start, end, style.width - len(number) - 4)
    bar = style.paint("|", Paint.DIM)
    before = cells(source[:start])
    marks = "^" * max(1, cells(source[start:end]))
    yield f"{gap} {bar}"
    yield f"{style.paint(number, Paint.DIM)} {bar} {source}"
    paint = SEVERITY_PAINT[finding.severity]
    yield f"{gap} {bar} {' ' * before}{style.paint(marks, paint)}"


def span(finding: model.Finding) -> tuple[int, int]:
    """Where in its line the fault begins and ends, counted from 0; blanks at the ends left out."""
    source = finding.source
    start = min(finding.column - 1, max(0, len(source) - 1))
    whole = finding.end_line != finding.line or finding.end_column <= finding.column
    end = len(source) if whole else min(finding.end_column - 1, len(source))
    while start < end and source[start].isspace():
        start += 1
    return start, start + max(1, len(source[start:end].rstrip()))


def window(source: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """As much of a long line as fits, the fault in sight; tabs become spaces."""
    source = source.replace("\t", " ")
    if cells(source) <= width:
        return source, start, end
    keep = width - 2
    first = 0 if end <= keep else max(0, min(start - 10, len(source) - keep))
    cut = source[first : first + keep]
    left = "…" if first else ""
    right = "…" if first + keep < len(source) else ""
    shift = first - len(left)
    return f"{left}{cut}{right}", start - shift, min(end - shift, len(left) + len(cut))


def cells(text: str) -> int:
    """How many columns a terminal needs for the text."""
    return sum(
        0
        if unicodedata.combining(letter) or letter == "\ufe0f"
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def wrapped(text: str, lead: str, style: Style) -> list[str]:
    """Prose within the page's width, later lines below the first one's text."""
    return textwrap.wrap(
        text,
        style.width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def first_section(findings: Sequence[model.Finding], style: Style) -> Iterator[str]:
    """The findings to begin with, one a rule, where there are too many to begin with all."""
    if len(findings) <= FIRST:
        return
    often = collections.Counter(finding.rule for finding in findings)
    urgent = sorted(
        findings,
        key=lambda f: (-model.RANK[f.severity], URGENCY.index(area(f)), -often[f.rule]),
    )
    of_rule: dict[str, model.Finding] = {}
    for finding in urgent:
        of_rule.setdefault(finding.rule, finding)
    chosen = list(of_rule.values())[:FIRST]
    yield style.paint("Fix these three first:", Paint.BOLD)
    for number, finding in enumerate(chosen, 1):
        place = f"{finding.path}:{finding.line}"
        yield from wrapped(f"{place} {finding.message}", f"  {number}. ", style)
    yield ""
    yield f"More about a rule: midwatch check --explain {chosen[0].rule}"


def area(finding: model.Finding) -> model.Area:
    """The family of the rule that made a finding."""
    return model.Area(finding.rule.partition("/")[0])


def summary(report: reports.Report, style: Style) -> str:
    """The last line: how much was read, how much was found."""
    read = amount(len(report.files), "file")
    held = f" ({report.known} more are in the baseline)" if report.known else ""
    if not report.findings:
        return f"{read} read, nothing to say{held}."
    counts = collections.Counter(finding.severity for finding in report.findings)
    parts = [
        style.paint(amount(counts[level], str(level)), SEVERITY_PAINT[level])
        for level in (model.Severity.ERROR, model.Severity.WARNING, model.Severity.INFO)
        if counts[level]
    ]
    mended = sum(finding.replacement is not None for finding in report.findings)
    fixable = f" `--fix` shows how to mend {mended} of them." if mended else ""
    return f"{read} read: {', '.join(parts)}{held}.{fixable}"


def amount(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count} {noun}" if count == 1 or noun == "info" else f"{count} {noun}s"
