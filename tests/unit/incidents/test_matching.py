"""The right procedure, or none; never a wrong one by guess, and always why."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.alerts import model
from midwatch.incidents import matching
from midwatch.runbook import reading

CASES = Path(__file__).parents[2] / "cases" / "incidents"
BEGIN = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)
LIBRARY = [
    reading.read(path.name, path.read_bytes()) for path in sorted((CASES / "runbooks").glob("*.md"))
]


def cases() -> list[dict[str, Any]]:
    text = (CASES / "matching.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["case"]
    return found


def alert(case: dict[str, Any]) -> model.Alert:
    annotations: dict[str, str] = {
        name: case[name] for name in ("runbook_url", "summary") if name in case
    }
    labels = {"alertname": case["name"], **case.get("labels", {})}
    return model.Alert(
        "test",
        "1",
        case["name"],
        model.Status.FIRING,
        BEGIN,
        labels=labels,
        annotations=annotations,
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["promise"])
def test_an_alert_finds_its_procedure(case: dict[str, Any]) -> None:
    found = matching.match(alert(case), LIBRARY)

    address = f"{found.runbook}#{found.procedure}" if found.procedure else ""
    assert address == case.get("procedure", "")
    assert list(found.offered) == case.get("offered", [])
    assert dict(found.inputs) == case.get("inputs", {})
    if "why" in case:
        assert found.why == case["why"]


def test_the_severity_is_the_documents_own_word() -> None:
    found = matching.match(alert({"name": "OrderQueueBacklog"}), LIBRARY)

    assert found.severity == "P1"


def test_what_a_procedure_leaves_to_people_becomes_tasks() -> None:
    found = matching.match(alert({"name": "DiskFullOnTheIndex"}), LIBRARY)

    assert found.tasks == (
        "Tell support that results are stale",
        "Raise the alert threshold for the index volume",
    )
