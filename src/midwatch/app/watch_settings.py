"""What midwatch.toml says of people: who they are, whose night it is, who is told when and how."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from midwatch.app import (
    toml_fields,
    watch_channels,
    watch_escalation,
    watch_people,
    watch_schedules,
)
from midwatch.incidents import model, policy
from midwatch.oncall import directory
from midwatch.oncall import model as oncall

NAMES = ("people", "schedules", "escalation", "roles", "channels", "waits", "severities")


@dataclasses.dataclass(frozen=True, slots=True)
class Watch:
    """All of it, checked, with no secret in it."""

    directory: directory.Directory = dataclasses.field(default_factory=directory.Directory)
    default_policy: policy.Policy = dataclasses.field(
        default_factory=lambda: policy.Policy(watch_escalation.DEFAULT)
    )
    policies: Mapping[str, policy.Policy] = dataclasses.field(default_factory=dict)
    """By runbook, where midwatch.toml has one for it; that counts before the runbook's own."""
    roles: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    channels: watch_channels.Channels = dataclasses.field(default_factory=watch_channels.Channels)
    waits: policy.Waits = dataclasses.field(default_factory=policy.Waits)
    severities: Mapping[str, Mapping[str, model.Urgency]] = dataclasses.field(default_factory=dict)


def read(data: Mapping[str, Any]) -> Watch:
    """The watch as the whole file says it; a slip is a ValueError or a TypeError."""
    tables = {name: toml_fields.Table(f"[{name}]", data.get(name, {})) for name in NAMES}
    channels = watch_channels.read(tables["channels"])
    people = watch_people.read(tables["people"], channels.names())
    _named_keys(channels, people)
    schedules = watch_schedules.read(tables["schedules"], people)
    known = directory.Directory(people, schedules)
    policies = watch_escalation.policies(tables["escalation"], known)
    fallback = policy.Policy(watch_escalation.DEFAULT, source="no [escalation.default]: everyone")
    return Watch(
        directory=known,
        default_policy=policies.pop(watch_escalation.DEFAULT, fallback),
        policies=policies,
        roles=watch_escalation.roles(tables["roles"], known),
        channels=channels,
        waits=watch_escalation.waits(tables["waits"]),
        severities=watch_escalation.severities(tables["severities"]),
    )


def _named_keys(channels: watch_channels.Channels, people: Mapping[str, oncall.Person]) -> None:
    """Refuse the name of a PagerDuty key or an Apprise URL that is not there."""
    keys: dict[str, Mapping[str, object]] = {
        "pagerduty": channels.pagerduty.keys if channels.pagerduty else {},
        "apprise": channels.apprise.urls if channels.apprise else {},
    }
    for name, person in people.items():
        for way in person.ways:
            if way.channel in keys and way.address not in keys[way.channel]:
                hint = toml_fields.near(way.address, sorted(keys[way.channel]))
                raise ValueError(
                    f"[people.{name}] is told by {way.channel} “{way.address}”, "
                    f"which [channels.{way.channel}] does not have {hint}"
                )
