"""A runbook's own table decides who is told when, and leaves nobody unpaged."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from midwatch.incidents import escalation_times, policy, role_names, runbook_policy
from midwatch.oncall import directory, model
from midwatch.runbook import model as runbooks
from midwatch.runbook import reading

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "watch" / "runbook-policies.toml").read_text("utf-8")
)["case"]
MINUTE = datetime.timedelta(minutes=1)
PEOPLE = {
    name: model.Person(name, name.title(), (model.Way("email", f"{name}@example.org"),))
    for name in ("ana", "bo", "cleo")
}
SCHEDULES = {name: model.Schedule(name) for name in ("primary", "database")}
NAMES = role_names.Names(
    directory.Directory(PEOPLE, SCHEDULES),
    {
        "On-call engineer": ("schedule:primary",),
        "Senior engineer": ("person:bo",),
        "DBA": ("schedule:database",),
        "Head of operations": ("person:cleo",),
    },
)
DEFAULT = policy.Policy(
    "default",
    (policy.Level(0 * MINUTE, ("schedule:primary",)), policy.Level(10 * MINUTE, ("person:bo",))),
)


def _shown(level: policy.Level) -> str:
    minutes = level.after / MINUTE
    return f"{minutes:g} {' '.join(level.whom)} | {level.title}".rstrip()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_table_becomes_the_policy_that_it_describes(case: dict[str, Any]) -> None:
    runbook = reading.read("ops/x.md", case["markdown"].encode())
    found = runbook_policy.read(runbook, case.get("procedure", ""), NAMES, DEFAULT)
    levels = [_shown(level) for level in found.policy.levels] if found.policy else None
    assert levels == case.get("levels")
    assert [f"{each.words}: {each.why}" for each in found.told] == case.get("told", [])


def test_a_policy_says_where_it_stands() -> None:
    runbook = reading.read("ops/x.md", CASES[0]["markdown"].encode())
    found = runbook_policy.read(runbook, "", NAMES, DEFAULT)
    assert found.policy is not None
    assert (found.policy.source, found.policy.repeat_after) == ("ops/x.md:3-5", 15 * MINUTE)


AFTER = (
    *("", "0-15 minutes", "30+ minutes", "15 min response", "immediately", "if it burns"),
    *("> 5 minutes", "1 hour", "after 2 days", "0", f"{10**14} days", "no answer"),
)
LEVELS = some.lists(
    some.builds(
        runbooks.EscalationLevel,
        line=some.integers(1, 99),
        level=some.sampled_from(["", "Level 1", "Level 2", "L3", "Tier 4", "P1", "second"]),
        who=some.sampled_from(["DBA", "bo", "nobody we know", "", "DBA and the moon", "On-call"]),
        after=some.sampled_from(AFTER),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(levels=LEVELS)
def test_whatever_a_table_says_somebody_is_told_at_once_and_nobody_is_dropped(
    levels: list[runbooks.EscalationLevel],
) -> None:
    runbook = runbooks.Runbook("ops/x.md", "", "", escalation=tuple(levels))
    found = runbook_policy.read(runbook, "", NAMES, DEFAULT)
    if found.policy is None:
        return
    times = [level.after for level in found.policy.levels]
    assert times[0] == 0 * MINUTE
    assert times == sorted(times)
    assert all(level.whom for level in found.policy.levels)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=some.text(max_size=40))
def test_no_words_are_too_strange_for_a_name_or_a_time(text: str) -> None:
    level = runbooks.EscalationLevel(1, "Level 1", text, text)
    escalation_times.beginnings([escalation_times.row(level)], 15 * MINUTE)
    NAMES.whom(text)
