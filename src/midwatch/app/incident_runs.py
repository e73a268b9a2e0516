"""A person's run for an incident: inputs from its alerts, its beginning and its end on record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from midwatch.app import at_terminal, running, watching
from midwatch.base import clock
from midwatch.engine.watch import recording
from midwatch.incidents import asking as waits
from midwatch.incidents import events, matching, orders
from midwatch.runbook import model as runbooks
from midwatch.runs import journal, model, shown

PURPOSE = "person"


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """Somebody works on an incident."""

    asking: watching.Asking
    incident: str
    labels: Mapping[str, str]
    """Of the first alert of it."""

    def inputs(self, procedure: runbooks.Procedure) -> dict[str, str]:
        """What the alert says of the procedure's inputs."""
        return matching.inputs(procedure, self.labels, {})

    def began(self, run: str, plan: model.Plan) -> None:
        """The run is on disk."""
        address = f"{plan.runbook}#{plan.procedure}"
        self._record(events.RunStarted(run, PURPOSE, address, self.asking.actor.name))

    def ended(self, run: str, outcome: model.Outcome, records: journal.Journal) -> None:
        """The run is over, or stands still."""
        told = shown.of(records.read(run))
        self._record(events.RunEnded(run, PURPOSE, outcome.value, told))

    def _record(self, event: events.Event) -> None:
        _record(self.asking, self.incident, event)


def on(incident: str) -> Work:
    """Work on the incident of that id; UserError where there is none."""
    asking = at_terminal.asking()
    seen = watching.show(asking, incident)
    labels = seen.alerts[0].alert.labels if seen.alerts else {}
    return Work(asking, seen.row.id, labels)


def tell_end(begun: running.Begun) -> None:
    """A run that somebody took up again is over, or stands still: its incident hears of it.

    Of what the watch itself has asked for, and not heard the end of, the watch tells.
    """
    asking = at_terminal.asking_near(Path(begun.run.state.plan.runbook).parent)
    if asking is None:
        return
    incident = waits.incident_of(asking.where, begun.run_id, begun.began)
    order = orders.of_run(asking.where, begun.run_id)
    if not incident or (order is not None and order.state in {orders.STARTED, waits.STATE}):
        return
    purpose = order.purpose.value if order is not None else PURPOSE
    told = shown.of(begun.run.world.journal.read(begun.run_id))
    outcome = begun.run.state.outcome.value
    _record(asking, incident, events.RunEnded(begun.run_id, purpose, outcome, told))


def _record(asking: watching.Asking, incident: str, event: events.Event) -> None:
    def once(_: object) -> Sequence[events.Event]:
        return (event,)

    recording.record(asking.where, incident, once, clock.SystemClock().now())
