"""Levels of an escalation that reach nobody at some hours, for the rule that speaks of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from midwatch.app import checked_files, team_escalation
from midwatch.base import clock, lazy
from midwatch.checks import model

if TYPE_CHECKING:
    from midwatch.app import runbook_policies, watch_settings
    from midwatch.incidents import policy, runbook_policy
    from midwatch.oncall import cover
    from midwatch.runbook import model as runbooks
else:
    runbook_policies = lazy.module("midwatch.app.runbook_policies")
    policy = lazy.module("midwatch.incidents.policy")
    runbook_policy = lazy.module("midwatch.incidents.runbook_policy")
    cover = lazy.module("midwatch.oncall.cover")

AHEAD = 14
"""Days that are looked at: two turns of a weekly rotation."""


def of(team: team_escalation.Team, tables: team_escalation.Tables) -> Iterator[model.Unreached]:
    """Those of midwatch.toml itself, then those of the runbooks asked for."""
    now = clock.SystemClock().now()
    yield from _of_team(team, now)
    for path, runbook in tables:
        yield from in_runbook(path, runbook, team.watch, now)


def in_runbook(
    path: str, runbook: runbooks.Runbook, watch: watch_settings.Watch, now: datetime.datetime
) -> Iterator[model.Unreached]:
    """Those of the runbook's own table and sentences, each once."""
    names = runbook_policies.names(watch)
    found: dict[model.Unreached, None] = {}
    for procedure in ("", *(each.id for each in runbook.procedures)):
        read = runbook_policy.read(runbook, procedure, names, watch.default_policy)
        if read.policy is not None:
            found.update(dict.fromkeys(_of(watch, read.policy, _Lines(path, runbook), now)))
    yield from found


def _of_team(team: team_escalation.Team, now: datetime.datetime) -> Iterator[model.Unreached]:
    text = team.place.read_text("utf-8", "replace")
    shown = checked_files.shown(team.place)
    named = {"default": team.watch.default_policy, **team.watch.policies}
    for name, found in named.items():
        header = re.search(rf'^\[escalation\."?{re.escape(name)}"?\]', text, re.MULTILINE)
        if header is not None:
            line = text.count("\n", 0, header.start()) + 1
            yield from _of(team.watch, found, _Header(shown, line), now)


class _Header:
    """All levels of a policy in midwatch.toml are told at its header."""

    def __init__(self, path: str, line: int) -> None:
        self.path = path
        self._line = line

    def of(self, _level: policy.Level) -> int:
        return self._line


class _Lines:
    """The lines of a runbook that its levels stand on; levels of the default policy have none."""

    def __init__(self, path: str, runbook: runbooks.Runbook) -> None:
        self.path = path
        self._lines: Mapping[str, int] = {
            runbook_policy.titled(each): each.line for each in runbook.escalation
        }

    def of(self, level: policy.Level) -> int | None:
        return self._lines.get(level.title)


def _of(
    watch: watch_settings.Watch,
    found: policy.Policy,
    lines: _Header | _Lines,
    now: datetime.datetime,
) -> Iterator[model.Unreached]:
    ends = now + datetime.timedelta(days=AHEAD)
    for number, level in enumerate(found.levels, start=1):
        line = lines.of(level)
        spans = cover.uncovered(level.whom, watch.directory, now, ends)
        if spans and line is not None:
            title = level.title or f"Level {number}"
            yield model.Unreached(lines.path, line, title, _told(spans))


def _told(spans: Sequence[tuple[datetime.datetime, datetime.datetime]]) -> str:
    begins, until = spans[0]
    hours = sum((two - one).total_seconds() for one, two in spans) / 3600
    return (
        f"Nobody is reached for {hours:.3g} h of the next {AHEAD} days, first from "
        f"{begins:%a %d %b %H:%M} to {until:%a %d %b %H:%M} UTC: a page waits for the next level."
    )
