"""The five seed runbooks, against the inventory that a person made of them by hand."""

from __future__ import annotations

import functools
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from midwatch.runbook import model, reading

ROOT = Path(__file__).parents[2]
SEEDS = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared")) / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.exists(), reason="absent: ../shared/seeds")

NO_COMMAND = {"not-a-command", "config-fragment", "manifest"}
"""Records that the inventory keeps although nobody can type them."""
TOLD_OF_SYMPTOMS = {"000:256", "000:324"}
"""Commands that a symptom only mentions; nobody is asked to run them."""


@functools.cache
def inventory() -> dict[str, Any]:
    return dict(json.loads((SEEDS / "inventory.json").read_text(encoding="utf-8")))


@functools.cache
def runbooks() -> dict[str, model.Runbook]:
    names = sorted({record["file"] for record in inventory()["records"]})
    files = [(name, (SEEDS / name).read_bytes()) for name in names]
    return {runbook.path: runbook for runbook in reading.read_many(files)}


@functools.cache
def steps(name: str) -> list[model.Step]:
    return [step for procedure in runbooks()[name].procedures for step in procedure.steps]


def squeezed(text: str) -> str:
    return " ".join(text.replace("\\\n", " ").split())


def at(name: str, line: int) -> list[model.Step]:
    return [step for step in steps(name) if step.line <= line <= step.end_line]


def last(record: dict[str, Any]) -> int:
    return int(record["line"]) + str(record["text"]).count("\n")


def test_all_199_blocks_are_found() -> None:
    assert sum(len(runbook.blocks) for runbook in runbooks().values()) == 199


def test_every_command_is_in_a_step_at_its_line() -> None:
    missing = []
    for record in inventory()["records"]:
        if record["effect"] in NO_COMMAND or record["id"] in TOLD_OF_SYMPTOMS:
            continue
        if record["language"] == "promql" and record["id"] != record["block_line"]:
            queries = {rule.query for rule in runbooks()[record["file"]].rules}
            if record["text"] in queries:
                continue
        text = squeezed(record["text"])
        found = [squeezed(step.text) for step in at(record["file"], record["line"])]
        if not any(text in each or each in text for each in found):
            missing.append(f"{record['id']} {text[:60]}")
    assert missing == []


def test_every_command_knows_its_own_line() -> None:
    lines = {
        name: {command.line for step in steps(name) for command in step.commands}
        for name in runbooks()
    }
    shell = [
        record
        for record in inventory()["records"]
        if record["language"] == "bash" and record["effect"] not in NO_COMMAND | {"none"}
    ]
    missing = [
        record["id"]
        for record in shell
        if not lines[record["file"]] & {*range(record["line"], 1 + last(record))}
        and all(step.kind is not model.Kind.SQL for step in at(record["file"], record["line"]))
    ]
    assert missing == []


def test_what_is_no_command_becomes_none() -> None:
    for record in inventory()["records"]:
        if record["effect"] == "not-a-command":
            at_line = at(record["file"], record["line"])
            assert [step for step in at_line if step.kind is model.Kind.SHELL] == [], record["id"]


def test_every_placeholder_is_an_input_of_its_step() -> None:
    missing = []
    for record in inventory()["records"]:
        inputs = [each for step in at(record["file"], record["line"]) for each in step.inputs]
        known = {text for each in inputs for text in (each.name, each.text, each.default)}
        missing += [
            f"{record['id']} {placeholder}"
            for placeholder in record["placeholders"]
            if placeholder.split(" ")[0] not in known
        ]
    assert missing == []


def test_every_variable_from_outside_is_an_input_and_no_other_is() -> None:
    expected = {
        "batchsender.md": set(),
        "bots-edi.md": set(),
        "newsletter.md": {
            "R2_ACCESS_KEY_ID",
            "R2_ACCOUNT_ID",
            "R2_BUCKET_NAME",
            "R2_SECRET_ACCESS_KEY",
            "RESEND_API_KEY",
        },
        "phase5-todo.md": {"ADMIN_TOKEN", "DATABASE_URL", "LOG_GROUP_OCID", "SECRET_OCID"},
        "tchat.md": {"POSTGRES_HOST", "POSTGRES_PASSWORD", "POSTGRES_USER"},
    }
    found = {
        name: {each.name for each in runbook.inputs if each.environment}
        for name, runbook in runbooks().items()
    }
    assert found == expected


def test_secrets_are_known_as_secrets() -> None:
    secret = {
        each.name for runbook in runbooks().values() for each in runbook.inputs if each.secret
    }
    assert secret >= {
        "ADMIN_TOKEN",
        "DATABASE_URL",
        "NEW_PASSWORD",
        "NEW_SECRET_VALUE",
        "POSTGRES_PASSWORD",
        "R2_SECRET_ACCESS_KEY",
        "RESEND_API_KEY",
    }
    assert not secret & {"SECRET_OCID", "pod-name", "LOG_GROUP_OCID"}


def test_every_usage_string_and_own_variable_is_no_input() -> None:
    names = {each.name for runbook in runbooks().values() for each in runbook.inputs}
    assert not names & {"image", "backup_date", "BASE_URL", "DATE", "from-above-command", "SERVICE"}


def test_every_script_is_defined_and_its_calls_are_known() -> None:
    scripts = {
        (name, script.name.rsplit("/", 1)[-1]): script
        for name, runbook in runbooks().items()
        for script in runbook.scripts
    }
    tchat = "health-check postgres-backup scylla-backup redis-backup migrate scylla-repair "
    tchat += (
        "blue-green-deploy canary-deploy full-backup disaster-recovery cert-renewal security-audit"
    )
    expected = {("tchat.md", f"{name}.sh") for name in tchat.split()}
    expected.add(("bots-edi.md", "check-bots-status.sh"))
    assert set(scripts) == expected
    assert scripts["tchat.md", "health-check.sh"].called_at == (104, 496)
    assert scripts["tchat.md", "postgres-backup.sh"].called_at == (579,)


def test_every_named_file_is_known() -> None:
    named = {step.file_name for step in steps("tchat.md") if step.kind is model.Kind.MANIFEST}
    assert named == {"hpa.yml", "postgres-replica.yml", "configmap-performance.yml"}


RULES = {
    "phase5-todo.md": {447, 471, 506},
    "newsletter.md": {90, 205},
    "bots-edi.md": {124, 125, 126, 129, 130, 131, 427, 457},
    "tchat.md": {56, 61, 66, 73, 78, 83},
}


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_alert_rule_is_found(name: str) -> None:
    assert {rule.line for rule in runbooks()[name].rules} >= RULES[name]


def test_rules_have_their_query_threshold_duration_and_severity() -> None:
    rules = {rule.name: rule for rule in runbooks()["tchat.md"].rules}
    assert rules["High Error Rate"] == model.Rule(
        line=61,
        name="High Error Rate",
        query='rate(http_requests_total{status=~"5.."}[5m]) > 0.05',
        threshold=">5% error rate for 5 minutes",
        duration="5 minutes",
        severity="critical",
        action="Page on-call engineer",
        procedure=None,
    )
    lag = next(rule for rule in runbooks()["phase5-todo.md"].rules if rule.line == 447)
    assert (lag.query, lag.severity, lag.procedure) == (
        "KafkaConsumerLag > 60000",
        "P2 (Warning)",
        "high-consumer-lag-60s",
    )
    full = next(rule for rule in runbooks()["bots-edi.md"].rules if rule.line == 126)
    assert (full.threshold, full.severity, full.action) == (">90%", "critical", "Page on-call")


def test_every_expected_result_is_found() -> None:
    found = {
        (name, expectation.line): expectation.text
        for name in runbooks()
        for step in steps(name)
        for expectation in step.expected
    }
    assert found["phase5-todo.md", 400] == "backend daprd"
    assert found["phase5-todo.md", 366].startswith("NAME ")
    assert found["bots-edi.md", 36].startswith("All pods Running")


def test_every_escalation_row_is_found() -> None:
    rows = {
        (name, level.line): (level.level, level.after)
        for name, runbook in runbooks().items()
        for level in runbook.escalation
    }
    assert rows["newsletter.md", 544] == ("Level 1", "0-15 minutes")
    assert rows["newsletter.md", 546] == ("Level 3", "30+ minutes")
    assert rows["newsletter.md", 363] == ("", "if not resolved in 5 minutes")
    assert rows["bots-edi.md", 629] == ("Level 3", "1 hour response")
    assert rows["phase5-todo.md", 464] == ("", "if lag persists >5 minutes")


def test_every_contact_is_found_and_gaps_are_told() -> None:
    found = {
        (name, contact.line): contact.unfilled
        for name, runbook in runbooks().items()
        for contact in runbook.contacts
    }
    for line in (538, 539, 540, 541, 549, 550, 551):
        assert found["newsletter.md", line]
    assert [found["tchat.md", line] for line in range(834, 839)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [found["bots-edi.md", line] for line in range(620, 624)] == [False] * 4
    assert not found["phase5-todo.md", 596]


def test_every_schedule_is_found() -> None:
    found = {
        (name, schedule.line): schedule.every
        for name, runbook in runbooks().items()
        for schedule in runbook.schedules
    }
    assert found["newsletter.md", 251] == "daily"
    assert found["newsletter.md", 269] == "weekly"
    assert found["newsletter.md", 287] == "monthly"
    assert found["newsletter.md", 315] == "quarterly"
    assert found["bots-edi.md", 247] == "0 2 * * *"
    assert found["bots-edi.md", 21] == "daily"
    assert found["batchsender.md", 488] == "daily"


def test_every_recovery_target_is_found() -> None:
    found = {
        procedure.id: procedure.recovery_target
        for runbook in runbooks().values()
        for procedure in runbook.procedures
        if procedure.recovery_target
    }
    assert found == {
        "complete-cluster-recovery": "~20 minutes total",
        "service-outage": "Target <15 minutes",
        "database-connection-loss": "Depends on DB recovery (5-30 minutes)",
    }


def test_severities_and_retention_are_found() -> None:
    severities = [(each.line, each.name) for each in runbooks()["tchat.md"].severities]
    assert severities == [
        (92, "P0 (Critical)"),
        (93, "P1 (High)"),
        (94, "P2 (Medium)"),
        (95, "P3 (Low)"),
    ]
    kept = {
        (name, each.line): each.period
        for name, runbook in runbooks().items()
        for each in runbook.retention
    }
    assert kept["batchsender.md", 489] == "30 days"
    assert kept["newsletter.md", 498] == "2 years"
    assert kept["bots-edi.md", 262] == "30 days"
    assert kept["tchat.md", 384] == "7 days"


def test_every_heading_that_holds_commands_is_a_procedure() -> None:
    missing = []
    for record in inventory()["records"]:
        if record["language"] != "bash" or not record["heading_path"]:
            continue
        titles = {procedure.title for procedure in runbooks()[record["file"]].procedures}
        if not titles & set(record["heading_path"]):
            missing.append(f"{record['id']} {record['heading_path'][-1]}")
    assert [each for each in missing if not re.match(r"002:504", each)] == []
