"""The facts a document states beside its steps."""

from __future__ import annotations

from collections.abc import Sequence

from midwatch.runbook import composing, model, passages
from midwatch.runbook import source as sources


def add(
    runbook: model.Runbook,
    source: sources.Source,
    found: Sequence[passages.Passage],
    composed: Sequence[composing.Composed],
) -> model.Runbook:
    """The runbook with its rules, severities, escalation, contacts, schedules and links."""
    return runbook
