"""The facts a document states beside its steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from midwatch.runbook import (
    composing,
    contacts,
    escalation,
    leading,
    linking,
    model,
    passages,
    retention,
    rules,
    schedules,
    severities,
)
from midwatch.runbook import source as sources


def add(
    runbook: model.Runbook,
    source: sources.Source,
    found: Sequence[passages.Passage],
    composed: Sequence[composing.Composed],
) -> model.Runbook:
    """The runbook with its rules, severities, escalation, contacts, schedules and links."""
    links = linking.find(source, found)
    alerts = rules.find(composed)
    return dataclasses.replace(
        runbook,
        rules=leading.lead(alerts, links, runbook.procedures, runbook.headings),
        schedules=tuple(schedules.find(source, composed)),
        escalation=tuple(escalation.find(composed)),
        contacts=tuple(contacts.find(composed)),
        severities=tuple(severities.find(composed)),
        retention=tuple(retention.find(source, composed)),
        links=links,
    )
