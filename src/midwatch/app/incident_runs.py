"""A person's run for an incident: inputs from its alerts, its beginning and its end on record."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from midwatch.app import at_terminal, watching
from midwatch.base import clock
from midwatch.engine.watch import recording
from midwatch.incidents import events, matching
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
        def once(_: object) -> Sequence[events.Event]:
            return (event,)

        now = clock.SystemClock().now()
        recording.record(self.asking.where, self.incident, once, now)


def on(incident: str) -> Work:
    """Work on the incident of that id; UserError where there is none."""
    asking = at_terminal.asking()
    seen = watching.show(asking, incident)
    labels = seen.alerts[0].alert.labels if seen.alerts else {}
    return Work(asking, seen.row.id, labels)
