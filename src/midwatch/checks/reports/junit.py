"""JUnit XML: a file is a suite, a finding a test that failed."""

from __future__ import annotations

import html

from midwatch.base import lazy
from midwatch.checks import model
from midwatch.checks.reports import model as reports

FORBIDDEN = lazy.pattern(r"[\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 takes in no form, besides control characters."""


def render(report: reports.Report) -> str:
    """The report as JUnit XML; findings below `--fail-on` pass and are told beside."""
    paths = sorted({*report.files, *(f.path for f in report.findings)})
    suites = "".join(suite(report, path) for path in paths)
    failures = len(report.failing)
    tests = sum(max(1, len(of_path(report, path))) for path in paths)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="midwatch check" tests="{tests}" failures="{failures}" errors="0">\n'
        f"{suites}</testsuites>\n"
    )


def of_path(report: reports.Report, path: str) -> list[model.Finding]:
    """The findings in one file."""
    return [finding for finding in report.findings if finding.path == path]


def suite(report: reports.Report, path: str) -> str:
    """One file; a clean one is a single test that passed."""
    findings = of_path(report, path)
    failing = [f for f in findings if f in report.failing]
    name = quote(path)
    cases = "".join(case(f, failed=f in failing) for f in findings)
    cases = cases or f'  <testcase name="clean" classname={name}/>\n'
    return (
        f' <testsuite name={name} tests="{max(1, len(findings))}" failures="{len(failing)}"'
        ' errors="0" skipped="0">\n'
        f"{cases} </testsuite>\n"
    )


def case(finding: model.Finding, *, failed: bool) -> str:
    """One finding."""
    title = quote(f"{finding.rule} line {finding.line}")
    place = f"{finding.path}:{finding.line}:{finding.column}"
    text = html.escape(clean(f"{place}\n{finding.message}\n{finding.why}\n{finding.fix}"))
    head = f"  <testcase name={title} classname={quote(finding.path)}>"
    if failed:
        kind = f"message={quote(finding.message)} type={quote(str(finding.severity))}"
        return f"{head}<failure {kind}>{text}</failure></testcase>\n"
    return f"{head}<system-out>{text}</system-out></testcase>\n"


def quote(text: str) -> str:
    """Text as an XML attribute, quotes included."""
    return f'"{html.escape(clean(text))}"'


def clean(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not FORBIDDEN.match(c)))
