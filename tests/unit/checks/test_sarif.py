"""SARIF logs against the properties that the schema allows and requires."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from midwatch.checks import fingerprints, model, registry
from midwatch.checks.reports import model as reports
from midwatch.checks.reports import sarif

OBJECTS = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "checks" / "sarif.toml").read_text(encoding="utf-8")
)
BELOW = {
    ("SarifLog", "runs"): "Run",
    ("Run", "tool"): "Tool",
    ("Run", "results"): "Result",
    ("Tool", "driver"): "ToolComponent",
    ("ToolComponent", "rules"): "ReportingDescriptor",
    ("ReportingDescriptor", "shortDescription"): "MultiformatMessageString",
    ("ReportingDescriptor", "fullDescription"): "MultiformatMessageString",
    ("ReportingDescriptor", "help"): "MultiformatMessageString",
    ("ReportingDescriptor", "defaultConfiguration"): "ReportingConfiguration",
    ("ReportingDescriptor", "properties"): "PropertyBag",
    ("Result", "message"): "Message",
    ("Result", "locations"): "Location",
    ("Result", "fixes"): "Fix",
    ("Location", "physicalLocation"): "PhysicalLocation",
    ("PhysicalLocation", "artifactLocation"): "ArtifactLocation",
    ("PhysicalLocation", "region"): "Region",
    ("Fix", "description"): "Message",
    ("Fix", "artifactChanges"): "ArtifactChange",
    ("ArtifactChange", "artifactLocation"): "ArtifactLocation",
    ("ArtifactChange", "replacements"): "Replacement",
    ("Replacement", "deletedRegion"): "Region",
    ("Replacement", "insertedContent"): "ArtifactContent",
}


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


def log() -> dict[str, object]:
    change = model.Replacement(2, 3, 2, 9, "right")
    found = fingerprints.number(
        [finding(1), finding(2, replacement=change), finding(3, end_column=0)]
    )
    report = reports.Report(tuple(found), files=("ops/my runbook.md",), version="1.2.3")
    loaded = json.loads(sarif.render(report, registry.RULES))
    assert isinstance(loaded, dict)
    return loaded


def objects(name: str, value: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    yield name, value
    for key, below in value.items():
        kind = BELOW.get((name, key))
        for each in below if isinstance(below, list) else [below]:
            if isinstance(each, dict) and kind is not None:
                yield from objects(kind, each)
            elif isinstance(each, dict):
                assert (name, key) == ("Result", "partialFingerprints"), (name, key)


def test_a_log_has_every_required_property_and_none_that_sarif_does_not_know() -> None:
    for name, value in objects("SarifLog", log()):
        known = OBJECTS[name]
        if name == "PropertyBag":
            continue
        assert set(known["required"]) <= set(value), name
        assert set(value) <= {*known["required"], *known["optional"]}, name


def test_values_are_those_that_sarif_allows() -> None:
    for name, value in objects("SarifLog", log()):
        if name in {"Result", "ReportingConfiguration"}:
            assert value["level"] in {"none", "note", "warning", "error"}
        if name == "Region":
            numbers = {key: number for key, number in value.items() if isinstance(number, int)}
            assert all(number >= 1 for number in numbers.values())
            assert numbers["endLine"] >= numbers["startLine"]
        if name == "ArtifactLocation":
            assert value["uri"] == "ops/my%20runbook.md"


def test_a_result_points_at_its_rule() -> None:
    runs = log()["runs"]
    assert isinstance(runs, list)
    [run] = runs
    rules = run["tool"]["driver"]["rules"]

    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        registry.RULES[0].id
    ] * 3


def test_results_of_different_lines_have_different_fingerprints() -> None:
    runs = log()["runs"]
    assert isinstance(runs, list)
    prints = {result["partialFingerprints"]["midwatch/v1"] for result in runs[0]["results"]}

    assert len(prints) == 3
