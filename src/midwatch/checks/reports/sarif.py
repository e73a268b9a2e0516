"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
import urllib.parse

from midwatch.checks import model
from midwatch.checks.reports import model as reports

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVEL = {
    model.Severity.ERROR: "error",
    model.Severity.WARNING: "warning",
    model.Severity.INFO: "note",
}
Json = object


def render(report: reports.Report, rules: tuple[model.Rule, ...]) -> str:
    """The report as a SARIF log with one run."""
    used = {finding.rule for finding in report.findings}
    listed = [rule for rule in rules if rule.id in used]
    index = {rule.id: number for number, rule in enumerate(listed)}
    run = {
        "tool": {
            "driver": {
                "name": "Midwatch",
                "version": report.version,
                "rules": [descriptor(rule, report.rule_pages) for rule in listed],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": [result(finding, index) for finding in report.findings],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def descriptor(rule: model.Rule, pages: str) -> dict[str, Json]:
    """A rule, as the log's list of rules holds it."""
    entry: dict[str, Json] = {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": f"{rule.why}\n\n{rule.fix}",
            "markdown": f"{rule.why}\n\n**Fix:** {rule.fix}",
        },
        "defaultConfiguration": {"level": LEVEL[rule.severity]},
        "properties": {"tags": ["runbook", str(rule.area)]},
    }
    if pages:
        entry["helpUri"] = f"{pages.rstrip('/')}/{rule.id}.md"
    return entry


def result(finding: model.Finding, index: dict[str, int]) -> dict[str, Json]:
    """A finding, as the log's list of results holds it."""
    text = finding.message if not finding.fix else f"{finding.message} {finding.fix}"
    entry: dict[str, Json] = {
        "ruleId": finding.rule,
        "level": LEVEL[finding.severity],
        "message": {"text": text},
        "locations": [
            {"physicalLocation": {"artifactLocation": artifact(finding), "region": region(finding)}}
        ],
        "partialFingerprints": {"midwatch/v1": finding.fingerprint},
    }
    if finding.rule in index:
        entry["ruleIndex"] = index[finding.rule]
    if finding.replacement is not None:
        entry["fixes"] = [repair(finding, finding.replacement)]
    return entry


def artifact(finding: model.Finding) -> dict[str, Json]:
    """The file, as a relative URI."""
    return {"uri": urllib.parse.quote(finding.path.encode("utf-8", "surrogateescape"))}


def region(finding: model.Finding) -> dict[str, Json]:
    """The place; the end column only where it is known."""
    place: dict[str, Json] = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
    }
    if finding.end_column > (finding.column if finding.end_line == finding.line else 0):
        place["endColumn"] = finding.end_column
    return place


def repair(finding: model.Finding, change: model.Replacement) -> dict[str, Json]:
    """A safe change, so that code scanning can offer it."""
    deleted = {
        "startLine": change.line,
        "startColumn": change.column,
        "endLine": change.end_line,
        "endColumn": change.end_column,
    }
    replacement = {"deletedRegion": deleted, "insertedContent": {"text": change.new}}
    return {
        "description": {"text": finding.fix or "Replace it."},
        "artifactChanges": [{"artifactLocation": artifact(finding), "replacements": [replacement]}],
    }
