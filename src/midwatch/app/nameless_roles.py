"""Roles in runbooks that stand for nobody in midwatch.toml, for the rule that speaks of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from midwatch.app import team_escalation
from midwatch.base import lazy
from midwatch.checks import model

if TYPE_CHECKING:
    from midwatch.app import runbook_policies
    from midwatch.incidents import runbook_policy
else:
    runbook_policies = lazy.module("midwatch.app.runbook_policies")
    runbook_policy = lazy.module("midwatch.incidents.runbook_policy")


def of(team: team_escalation.Team, tables: team_escalation.Tables) -> Iterator[model.Nameless]:
    """Those of the runbooks asked for, where the team has people to tell."""
    names = runbook_policies.names(team.watch)
    for path, runbook in tables:
        for each in runbook_policy.nameless(runbook, names, team.watch.default_policy):
            yield model.Nameless(path, each.line, each.words)
