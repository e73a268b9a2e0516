"""Annotations that GitHub Actions shows beside the changed lines."""

from __future__ import annotations

from midwatch.checks import model
from midwatch.checks.reports import model as reports

LEVEL = {
    model.Severity.ERROR: "error",
    model.Severity.WARNING: "warning",
    model.Severity.INFO: "notice",
}


def render(report: reports.Report) -> str:
    """One workflow command a finding."""
    return "".join(annotation(finding) + "\n" for finding in report.findings)


def annotation(finding: model.Finding) -> str:
    """A finding as GitHub's `::error file=…::message`."""
    place = (
        f"file={escape_property(finding.path)},line={finding.line},"
        f"endLine={finding.end_line},title={escape_property(finding.rule)}"
    )
    if finding.end_line == finding.line and finding.end_column > finding.column:
        place += f",col={finding.column},endColumn={finding.end_column}"
    text = "\n".join(part for part in (finding.message, finding.why, finding.fix) if part)
    return f"::{LEVEL[finding.severity]} {place}::{escape(text)}"


def escape(text: str) -> str:
    """Text as a workflow command's message wants it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Text as a workflow command's property wants it."""
    return escape(text).replace(":", "%3A").replace(",", "%2C")
