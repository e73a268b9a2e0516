"""What a team has arranged for its watch, ready to be used: rules, people, policies, runbooks."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Protocol

from midwatch.alerts import missed_heartbeats, procedure_probes, rules, windows
from midwatch.alerts import model as alerts
from midwatch.incidents import matching, model, periodic, policy, remediation
from midwatch.incidents import state as states
from midwatch.oncall import directory
from midwatch.runbook import model as runbooks


@dataclasses.dataclass(frozen=True, slots=True)
class Examined:
    """What stands in the way of carrying a procedure out without anybody."""

    irreversible: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    for_person: tuple[str, ...] = ()


class Library(Protocol):
    """The runbooks of the team."""

    @property
    def unread(self) -> Mapping[str, str]:
        """Files that cannot be read now, with the reason."""

    def books(self) -> list[runbooks.Runbook]:
        """All of them as they stand now."""

    def match(self, alert: alerts.Alert) -> matching.Found:
        """The procedure that an alert calls for."""

    def examine(self, address: str, inputs: Mapping[str, str]) -> Examined:
        """What stands in the way of carrying RUNBOOK#PROCEDURE out with these inputs."""


class NoLibrary:
    """A watch without runbooks: nothing is matched."""

    unread: Mapping[str, str] = types.MappingProxyType({})

    def books(self) -> list[runbooks.Runbook]:
        """None."""
        return []

    def match(self, alert: alerts.Alert) -> matching.Found:  # noqa: ARG002  (the protocol's)
        """No procedure."""
        return matching.Found()

    def examine(self, address: str, inputs: Mapping[str, str]) -> Examined:  # noqa: ARG002
        """Nobody knows the procedure."""
        return Examined(for_person=(f"there is no {address}",))


@dataclasses.dataclass(frozen=True, slots=True)
class Arrangements:
    """All of it; read anew when midwatch.toml or a runbook changes."""

    rules: rules.Rules = dataclasses.field(default_factory=rules.Rules)
    directory: directory.Directory = dataclasses.field(default_factory=directory.Directory)
    policies: Mapping[str, policy.Policy] = dataclasses.field(default_factory=dict)
    """By the runbook that holds the table, or by one procedure of it."""
    default_policy: policy.Policy = dataclasses.field(
        default_factory=lambda: policy.Policy("default")
    )
    """For incidents whose runbook has no table of its own."""
    waits: policy.Waits = dataclasses.field(default_factory=policy.Waits)
    severities: Mapping[str, Mapping[str, model.Urgency]] = dataclasses.field(default_factory=dict)
    """Which words page, by runbook; under "" those of all runbooks."""
    library: Library = dataclasses.field(default_factory=NoLibrary)
    public_url: str = ""
    target: str = ""
    """Where diagnosis runs; empty where none runs by itself."""
    remediations: tuple[remediation.Rule, ...] = ()
    heartbeats: tuple[missed_heartbeats.Heartbeat, ...] = ()
    windows: tuple[windows.Window, ...] = ()
    periodic: tuple[periodic.Periodic, ...] = ()
    procedure_probes: tuple[procedure_probes.ProcedureProbe, ...] = ()

    def urgency_of(self, runbook: str, severity: str) -> model.Urgency:
        """Whether a severity pages: the runbook's own words first, then everybody's."""
        for words in (self.severities.get(runbook, {}), self.severities.get("", {})):
            for word, urgency in words.items():
                if word.lower() == severity.lower():
                    return urgency
        quiet = severity.lower() in self.rules.quiet_severities
        return model.Urgency.RECORD if quiet else model.Urgency.PAGE

    def remediation_of(self, address: str) -> remediation.Rule | None:
        """What the team allows for that procedure."""
        return next((rule for rule in self.remediations if rule.procedure == address), None)

    def policy_of(self, state: states.State) -> policy.Policy:
        """The policy of an incident; one without levels does not count."""
        found = self.policies.get(f"{state.runbook}#{state.procedure}")
        found = self.policies.get(state.runbook) if found is None else found
        return found if found is not None and found.levels else self.default_policy
