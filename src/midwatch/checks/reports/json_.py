"""The stable list of findings that other programs build on."""

from __future__ import annotations

import json

from midwatch.checks import model
from midwatch.checks.reports import model as reports


def render(report: reports.Report) -> str:
    """The findings as one JSON list."""
    return json.dumps([entry(f) for f in report.findings], indent=1, ensure_ascii=False) + "\n"


def entry(finding: model.Finding) -> dict[str, str | int]:
    """One finding, with the keys that never change meaning within a version."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "message": finding.message,
        "why": finding.why,
        "fix": finding.fix,
    }
