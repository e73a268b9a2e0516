"""SARIF logs against the schema that OASIS publishes (errata 01 of version 2.1.0)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from midwatch.checks import fingerprints, judging, model, registry, selection
from midwatch.checks.reports import formats, sarif, text
from midwatch.checks.reports import model as reports
from midwatch.commands import knowledge_base
from midwatch.runbook import reading

CASES = Path(__file__).parents[2] / "cases" / "checks"
SCHEMA = json.loads((CASES / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
CHECKER = jsonschema_rs.Draft4Validator(SCHEMA)
Json = dict[str, Any]


def finding(line: int, **changes: object) -> model.Finding:
    values: dict[str, object] = {
        "rule": registry.RULES[0].id,
        "severity": model.Severity.ERROR,
        "path": "ops/my runbook.md",
        "line": line,
        "column": 3,
        "end_line": line,
        "end_column": 9,
        "message": "It is wrong.",
        "why": "It hurts.",
        "fix": "Right it.",
        "source": f"line {line}",
    }
    return model.Finding(**{**values, **changes})  # type: ignore[arg-type]


def examples() -> Iterator[tuple[model.Rule, model.Subject]]:
    """Each rule with its own example of what is wrong, read together for one start of shfmt."""
    rules = [rule for rule in registry.RULES if rule.check is not None]
    texts = [f"# Parcel sorter\n\n{rule.example.bad}" for rule in rules]
    files = [(f"ops/{number}.md", text.encode()) for number, text in enumerate(texts)]
    books = reading.read_many(files, knowledge_base.KnowledgeBase.builtin())
    for rule, document, runbook in zip(rules, texts, books, strict=True):
        yield rule, model.Subject(runbook, document, tuple(document.split("\n")))


def run(*findings: model.Finding, **changes: object) -> Json:
    """The one run of a log that the schema finds nothing wrong with."""
    report = reports.Report(
        tuple(fingerprints.number(findings)),
        files=("ops/my runbook.md",),
        version="1.2.3",
        **changes,  # type: ignore[arg-type]
    )
    log = json.loads(sarif.render(report, registry.RULES))
    assert [error.message for error in CHECKER.iter_errors(log)] == []
    [one] = log["runs"]
    assert isinstance(one, dict)
    return one


def test_the_schema_refuses_what_is_no_sarif() -> None:
    assert not CHECKER.is_valid({"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]})
    assert not CHECKER.is_valid({"version": "2.1.0", "runs": [], "rulez": []})


def test_a_log_of_every_shape_of_finding_holds_to_the_schema() -> None:
    change = model.Replacement(2, 3, 2, 9, "right")
    insertion = model.Replacement(4, 1, 4, 1, "first ")
    found = run(
        finding(1),
        finding(2, replacement=change),
        finding(3, end_column=0),
        finding(4, replacement=insertion, fix=""),
        finding(5, end_line=9, end_column=1, severity=model.Severity.INFO, why=""),
    )

    assert [result["level"] for result in found["results"]] == ["error"] * 4 + ["note"]
    assert [bool(result.get("fixes")) for result in found["results"]] == [0, 1, 0, 1, 0]


def test_a_log_of_no_findings_holds_to_the_schema() -> None:
    assert run()["results"] == []


def test_a_log_of_every_rules_own_example_holds_to_the_schema() -> None:
    found = [
        each
        for rule, subject in examples()
        for each in judging.judge(subject, [rule], selection.Selection())
    ]

    results = run(*found)["results"]

    assert len(results) == len(found)
    assert any(result.get("fixes") for result in results)


def test_a_result_points_at_its_rule() -> None:
    found = run(finding(1), finding(2), finding(3))
    rules = found["tool"]["driver"]["rules"]

    assert [rules[result["ruleIndex"]]["id"] for result in found["results"]] == [
        registry.RULES[0].id
    ] * 3


def test_results_of_different_lines_have_different_fingerprints() -> None:
    found = run(finding(1), finding(2), finding(3, source="line 2"))
    prints = {result["partialFingerprints"]["midwatch/v1"] for result in found["results"]}

    assert len(prints) == 3


def test_a_fingerprint_stays_when_the_line_moves_and_the_release_changes() -> None:
    [before], [after] = run(finding(1))["results"], run(finding(40, source="line  1"))["results"]

    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["partialFingerprints"] == {"midwatch/v1": "794511e2f7702b9d72eb"}


def test_a_rule_leads_to_its_page_where_the_team_says_where_the_pages_are() -> None:
    rule = registry.RULES[0].id

    [without] = run(finding(1))["tool"]["driver"]["rules"]
    [linked] = run(finding(1), rule_pages="https://git.example/rules/")["tool"]["driver"]["rules"]

    assert "helpUri" not in without
    assert linked["helpUri"] == f"https://git.example/rules/{rule}.md"


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        (b"ops/my runbook.md", "ops/my%20runbook.md"),
        ("ops/Wäsche#1.md".encode(), "ops/W%C3%A4sche%231.md"),
        (b"ops/\xff:50%.md", "ops/%FF%3A50%25.md"),
    ],
)
def test_a_file_of_any_name_is_a_uri(name: bytes, uri: str) -> None:
    [result] = run(finding(1, path=os.fsdecode(name)))["results"]

    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_message_of_any_text_is_written_in_utf_8_by_every_format() -> None:
    odd = finding(1, message='a "quoted" \x07 bell, ü and \udcff', source="\udcff")
    report = reports.Report(tuple(fingerprints.number([odd])))

    for wanted in formats.Format:
        assert "bell, ü" in formats.render(report, wanted, text.Style()).encode().decode()
