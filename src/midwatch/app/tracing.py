"""The use case of traces: a run that is over becomes one, where somebody wants it."""

from __future__ import annotations

import os

import midwatch
from midwatch.plugs import traces
from midwatch.runs import journal, spans


def export(records: journal.Journal, run_id: str) -> bool:
    """Hand the run's trace over; False where nobody wants it, or it was not taken."""
    if not traces.endpoint(os.environ):
        return False
    trace, found = spans.of(run_id, records.read(run_id))
    return traces.send(spans.as_otlp(trace, found, midwatch.__version__), os.environ)
