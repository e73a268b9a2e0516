"""Midwatch acts by itself only where the team said so, and not for ever."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.incidents import remediation

CASES = Path(__file__).parents[2] / "cases" / "incidents" / "remediation.toml"
NIGHT = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    return found


def facts(case: dict[str, Any]) -> remediation.Facts:
    hours = tuple(case["hours"]) if "hours" in case else None
    rule = remediation.Rule("ops.md#queue", "production", hours=hours)
    before = [
        remediation.Before(
            NIGHT - datetime.timedelta(minutes=each["minutes"]), "queue", each.get("healed")
        )
        for each in case.get("before", [])
    ]
    return remediation.Facts(
        now=NIGHT,
        procedure="ops.md#queue",
        group=case.get("group", "queue"),
        rule=rule if case.get("rule", True) else None,
        paused=case.get("paused", ""),
        irreversible=case.get("irreversible", ()),
        missing=case.get("missing", ()),
        for_person=case.get("for_person", ()),
        before=before,
        acknowledged_by=case.get("acknowledged_by", ""),
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["promise"])
def test_a_remediation_is_allowed_or_refused_with_its_reason(case: dict[str, Any]) -> None:
    answer = remediation.decide(facts(case))

    expected = remediation.No(case["no"]) if "no" in case else None
    assert answer == expected if expected else isinstance(answer, remediation.Go)
