"""What is written about the Newsletter lab holds together: runbook, alert rules, faults."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from typing import Any

import pytest
import yaml
from tests.lab.conftest import LAB, ROOT

PROBES = {"pages", "uploads", "secure", "mail"}
FAULTS = tomllib.loads((LAB / "faults.toml").read_text())
RULES = yaml.safe_load((LAB / "prometheus" / "rules.yml").read_text())["groups"][0]["rules"]


def midwatch(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "midwatch", *words]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def runbook() -> dict[str, Any]:
    shown = midwatch("show", "--json", "lab/newsletter/RUNBOOK.md")
    model: dict[str, Any] = json.loads(shown.stdout)["runbooks"][0]
    return model


def test_the_runbook_is_clean() -> None:
    checked = midwatch("check", "--fail-on", "warning", "lab/newsletter/RUNBOOK.md")
    assert checked.returncode == 0, checked.stdout


def test_every_alert_of_the_runbook_is_a_rule_and_the_other_way_round(
    runbook: dict[str, Any],
) -> None:
    written = {
        rule["name"]: (rule["query"], in_prometheus(rule["duration"]), rule["severity"])
        for rule in runbook["rules"]
        if rule["query"]
    }
    assert {
        rule["alert"]: (rule["expr"], rule["for"], rule["labels"]["severity"]) for rule in RULES
    } == written


def in_prometheus(duration: str) -> str:
    """`3 seconds` as Prometheus writes it: `3s`."""
    number, unit = duration.split()
    return number + unit[0]


def test_every_alert_links_to_a_procedure(runbook: dict[str, Any]) -> None:
    known = {procedure["id"] for procedure in runbook["procedures"]}
    links = {rule["annotations"]["runbook_url"].partition("#")[2] for rule in RULES}
    assert links <= known


def test_there_are_at_least_fourteen_faults() -> None:
    assert FAULTS["version"] == 1
    assert len({fault["id"] for fault in FAULTS["fault"]}) == len(FAULTS["fault"]) >= 14


@pytest.mark.parametrize("fault", FAULTS["fault"], ids=lambda fault: str(fault["id"]))
def test_a_fault_names_what_exists(fault: dict[str, Any], runbook: dict[str, Any]) -> None:
    known = {procedure["id"] for procedure in runbook["procedures"]}
    assert {fault["procedure"], fault["wrong"]} <= known
    assert fault["procedure"] != fault["wrong"]
    assert fault["probe"] in PROBES
    assert fault["alert"] in {rule["alert"] for rule in RULES}
    for script in (fault["inject"], fault["heal"]):
        read = subprocess.run(["bash", "-n"], input=script, check=False, text=True)
        assert read.returncode == 0


@pytest.mark.parametrize("fault", FAULTS["fault"], ids=lambda fault: str(fault["id"]))
def test_no_procedure_that_heals_needs_more_than_a_yes_to_changes(
    fault: dict[str, Any], runbook: dict[str, Any]
) -> None:
    procedure = next(p for p in runbook["procedures"] if p["id"] == fault["procedure"])
    walked = [step for step in procedure["steps"] if step["phase"] != "undo"]
    effects = {command["effect"] for step in walked for command in step["commands"]}
    assert "destroy" not in effects
    assert {name["name"] for step in walked for name in step["inputs"]} <= set(fault.get("set", {}))
