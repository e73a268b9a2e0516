"""The incidents that a batch of alerts opens, joins and leaves."""

from __future__ import annotations

import dataclasses
import datetime

from midwatch.alerts import model as alerting
from midwatch.alerts import stages
from midwatch.alerts import store as alerts
from midwatch.base import ids
from midwatch.db import store
from midwatch.engine.watch import arrangements
from midwatch.incidents import events, matching, model, orders, severity
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents

NAMED = 5
"""How many names an event holds; the alerts themselves are all on record."""


@dataclasses.dataclass(slots=True)
class Touched:
    """An incident that the batch changes."""

    before: states.State
    opening: list[events.Event]
    joined: list[str] = dataclasses.field(default_factory=list)
    left: list[str] = dataclasses.field(default_factory=list)
    flapping: bool = False
    found: matching.Found | None = None
    raised: events.SeveritySet | None = None
    """It pages from now on."""
    again: bool = False
    """It is a new storm, and nobody's."""

    @property
    def urgency(self) -> model.Urgency:
        """Whether it pages so far."""
        opened = next((each for each in self.opening if isinstance(each, events.Opened)), None)
        return model.Urgency(opened.urgency) if opened else self.before.urgency


class Incidents:
    """What the batch does to incidents, collected until it is written."""

    def __init__(
        self, where: store.Store, given: arrangements.Arrangements, now: datetime.datetime
    ) -> None:
        self._where = where
        self._given = given
        self._now = now
        self._touched: dict[str, Touched] = {}
        self._open: dict[str, str | None] = {}
        self._storm: bool | None = None

    def crowd(self, groups: set[str]) -> int:
        """How many incidents were opened just now, and would be by these groups."""
        within = self._given.rules.storm.within
        before = incidents.opened_since(self._where, self._now - within)
        return before + sum(1 for group in groups if not self.is_open(group))

    def is_open(self, group: str) -> bool:
        """Whether the group has an incident that is not resolved."""
        return self._of_group(group) is not None

    def storm_is_open(self) -> bool:
        """Whether a storm goes on: its incident is open, and something joined it lately."""
        if self._storm is None:
            incident = self._of_group(stages.STORM_GROUP)
            last = alerts.last_joined(self._where, incident) if incident else None
            quiet = self._given.rules.storm.quiet
            self._storm = last is not None and self._now - last < quiet
        return self._storm

    def join(self, alert: alerting.Alert, verdict: stages.Grouped) -> tuple[str, bool]:
        """Put a firing alert into its incident; whether that had to be opened."""
        incident = self._of_group(verdict.group)
        opened = incident is None
        if incident is None:
            incident = ids.incident_id(self._now)
            self._open[verdict.group] = incident
            self._touched[incident] = self._opening(alert, verdict)
        touched = self._touch(incident)
        touched.joined.append(alert.name)
        if not opened:
            self._raise(touched, alert)
        if verdict.group == stages.STORM_GROUP and not opened:
            self._again(touched)
        touched.flapping = touched.flapping or verdict.flapping
        return incident, opened

    def _again(self, touched: Touched) -> None:
        """A storm after some quiet is news also to whoever has acknowledged the one before."""
        acknowledged = touched.before.status is model.Status.ACKNOWLEDGED
        if acknowledged and not self.storm_is_open() and not touched.again:
            touched.again = True

    def _raise(self, touched: Touched, alert: alerting.Alert) -> None:
        """An alert that pages lets what it joins page as well: nobody was told of that yet."""
        if touched.raised is not None or touched.urgency is not model.Urgency.RECORD:
            return
        severity = alert.labels.get("severity", "")
        runbook = touched.found.runbook if touched.found else touched.before.runbook
        if self._given.urgency_of(runbook, severity) is not model.Urgency.PAGE:
            return
        severity = self._given.library.match(alert).severity or severity
        urgency = self._given.urgency_of(runbook, severity)
        if urgency is model.Urgency.PAGE:
            why = f"{alert.name} joined it"
            touched.raised = events.SeveritySet(severity, urgency.value, why)

    def leave(self, incident: str, name: str) -> None:
        """Take an alert that ended out of its incident."""
        self._touch(incident).left.append(name)

    def statements(self) -> list[store.Statement]:
        """What is to be written; each incident is looked at again at once, for its next step."""
        written: list[store.Statement] = []
        for incident, touched in self._touched.items():
            change = incidents.changed(touched.before, self._now, self._happened(touched))
            over = change.state.status is model.Status.RESOLVED
            next_at = None if over else self._now
            if touched.opening:
                written += incidents.opening(incident, change, next_at)
                written += self._ordered(incident, touched)
            else:
                written += incidents.writing(incident, change, next_at)
        return written

    def _of_group(self, group: str) -> str | None:
        if group not in self._open:
            self._open[group] = incidents.of_group(self._where, group)
        return self._open[group]

    def _touch(self, incident: str) -> Touched:
        if incident not in self._touched:
            self._touched[incident] = Touched(incidents.load(self._where, incident), [])
        return self._touched[incident]

    def _happened(self, touched: Touched) -> list[events.Event]:
        happened = list(touched.opening)
        firing = touched.before.firing + len(touched.joined)
        if touched.joined:
            names = _names(touched.joined)
            count = len(touched.joined)
            happened.append(events.AlertsJoined(count, firing, names, touched.flapping))
        if touched.raised:
            happened.append(touched.raised)
        if touched.again:
            happened.append(events.Unacknowledged("it was quiet, and a new storm began"))
        if touched.left:
            firing = max(firing - len(touched.left), 0)
            happened.append(events.AlertsRecovered(len(touched.left), firing, _names(touched.left)))
        return happened

    def _ordered(self, incident: str, touched: Touched) -> list[store.Statement]:
        """The procedure's own reads are asked for at once, with the incident itself."""
        found, target = touched.found, self._given.target
        if found is None or not found.procedure or not target:
            return []
        order = orders.Order(
            key=f"{incident}/diagnosis",
            incident=incident,
            purpose=orders.Purpose.DIAGNOSIS,
            address=f"{found.runbook}#{found.procedure}",
            target=target,
            inputs=dict(found.inputs),
            created_at=self._now,
        )
        return [orders.ordering(order)]

    def _opening(self, alert: alerting.Alert, verdict: stages.Grouped) -> Touched:
        if verdict.group == stages.STORM_GROUP:
            level = alert.labels.get("severity", "")
            title = "Alert storm: many new alerts at once"
            page = model.Urgency.PAGE.value
            storm = events.Opened(title, level, page, verdict.group, verdict.reason)
            return Touched(states.State(), [storm])
        found = self._given.library.match(alert)
        told = alert.labels.get("severity", "")
        level = severity.level(found.severity, told) or told
        urgency = self._urgency(found.runbook, found.severity or told, level)
        title = alert.summary or alert.name
        opened = events.Opened(title, level, urgency.value, verdict.group, verdict.reason)
        matched = events.Matched(
            found.runbook, found.procedure, found.title, found.why, found.offered
        )
        tasks = [
            events.TaskAdded(number, text, found.runbook)
            for number, text in enumerate(found.tasks, start=1)
        ]
        return Touched(states.State(), [opened, matched, *tasks], found=found)

    def _urgency(self, runbook: str, written: str, level: str) -> model.Urgency:
        """Whether it pages: by the words as written; else where any level that they name does."""
        decided = self._given.urgency_of(runbook, written)
        if decided is model.Urgency.RECORD or self._decided(runbook, written):
            return decided
        told_by_the_alert = severity.level(written) != level
        levels = (level,) if told_by_the_alert else severity.named(written)
        quiet = {self._given.urgency_of(runbook, each) for each in levels}
        return model.Urgency.RECORD if quiet == {model.Urgency.RECORD} else decided

    def _decided(self, runbook: str, words: str) -> bool:
        """Whether the team says of just these words what they mean."""
        tables = self._given.severities
        own, all_of_them = tables.get(runbook, {}), tables.get("", {})
        return words.lower() in {each.lower() for each in (*own, *all_of_them)}


def _names(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:NAMED]
