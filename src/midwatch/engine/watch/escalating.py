"""Incidents whose time has come: decide, and write decision, messages and next timer at once."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from midwatch.db import store
from midwatch.engine.watch import arrangements
from midwatch.incidents import decide, events, messages, model
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents
from midwatch.oncall import directory

BATCH = 500
STEPS = 20
"""More decisions than this in one go would be a circle; the rest waits for the next turn."""


@dataclasses.dataclass(slots=True)
class Doing:
    """An incident being moved on: what happened, and what is to be sent."""

    incident: str
    state: states.State
    given: arrangements.Arrangements
    now: datetime.datetime
    happened: list[events.Recorded] = dataclasses.field(default_factory=list)
    wanted: list[messages.Message] = dataclasses.field(default_factory=list)
    taken_back: str = ""

    def record(self, *wanted: events.Event) -> None:
        """Let these events count."""
        change = incidents.changed(self.state, self.now, wanted)
        self.state = change.state
        self.happened += change.recorded

    def statements(self, next_at: datetime.datetime | None) -> list[store.Statement]:
        """What happened, what is sent, and when to look again, for one transaction."""
        change = incidents.Change(self.state, tuple(self.happened))
        written = incidents.writing(self.incident, change, next_at)
        written += incidents.sending(self.wanted, self.now)
        if self.taken_back:
            written.append(incidents.taking_back(self.incident, self.taken_back))
        return written

    def at_once(self) -> list[store.Statement]:
        """The same, to be looked at again at once where it is not over."""
        return self.statements(None if self.state.status is model.Status.RESOLVED else self.now)


def escalate(where: store.Store, given: arrangements.Arrangements, now: datetime.datetime) -> int:
    """Move every incident on whose time has come; how many those were.

    They are written together, since each write waits for the disk. Where somebody else changed one
    of them meanwhile, each is tried alone, and that one is left for the next turn.
    """
    due = incidents.due(where, now, BATCH)
    together = [statement for each in due for statement in _moved(where, given, each, now)]
    if due and not where.write(*together):
        for incident in due:
            where.write(*_moved(where, given, incident, now))
    return len(due)


def _moved(
    where: store.Store, given: arrangements.Arrangements, incident: str, now: datetime.datetime
) -> list[store.Statement]:
    """What is to be written for one incident: what happened, what is sent, when to look again."""
    doing = Doing(incident, incidents.load(where, incident), given, now)
    next_at: datetime.datetime | None = now
    for _ in range(STEPS):
        decision = decide.next_step(doing.state, given.policy_of(doing.state), given.waits, now)
        if isinstance(decision, decide.Wait):
            next_at = decision.until
            break
        _act(doing, decision)
    return doing.statements(next_at)


def _act(doing: Doing, decision: decide.Decision) -> None:
    match decision:
        case decide.Page():
            _page(doing, decision)
        case decide.Remind(who, times):
            _remind(doing, events.Reminded(who, times))
        case decide.GiveBack(why):
            doing.record(events.Unacknowledged(why))
        case decide.Wake():
            doing.record(events.Woken("its time is over"))
        case decide.Resolve(why):
            doing.record(events.Resolved("midwatch", why))
            doing.taken_back = why
            _tell(doing, f"Resolved: {why}")


def _page(doing: Doing, page: decide.Page) -> None:
    found = _found(doing, page.level)
    missing = [each for each in found if isinstance(each, directory.Missing)]
    doing.record(*(events.NotPaged(each.whom, each.why) for each in missing))
    reached = _reached(found)
    body = told(doing, page.why)
    mark = f"{doing.incident}/{doing.state.seq + 1}"
    doing.wanted += messages.pages(mark, doing.incident, reached, body, doing.now)
    names = tuple(each.person.id for each in reached)
    doing.record(events.Paged(page.level, page.round, names, page.why))


def _found(doing: Doing, level: int) -> list[directory.Found]:
    """Whom the level means; where the last one means nobody, or reaches nobody, everybody else."""
    known, now = doing.given.directory, doing.now
    levels = doing.given.policy_of(doing.state).levels
    if level >= len(levels):
        told = set(doing.state.paged)
        return [each for each in _everyone(doing) if each.person.id not in told]
    found = [each for word in levels[level].whom for each in known.find(word, now)]
    if level + 1 == len(levels) and not _reached(found):
        found += known.find(directory.EVERYONE, now)
    return found


def _everyone(doing: Doing) -> list[directory.Reached]:
    found = doing.given.directory.find(directory.EVERYONE, doing.now)
    return [each for each in found if isinstance(each, directory.Reached)]


def _reached(found: list[directory.Found]) -> list[directory.Reached]:
    people = {each.person.id: each for each in found if isinstance(each, directory.Reached)}
    return list(people.values())


def _remind(doing: Doing, reminder: events.Reminded) -> None:
    doing.record(reminder)
    text = f"You acknowledged it and nothing was noted since: is it still yours? ({reminder.who})"
    say(doing, messages.Kind.REMINDER, (reminder.who,), text)


def _tell(doing: Doing, text: str) -> None:
    """Tell everybody who was told of it, by their first way only."""
    say(doing, messages.Kind.UPDATE, doing.state.people, text)
    mirror(doing, text)


def say(doing: Doing, kind: messages.Kind, people: tuple[str, ...], text: str) -> None:
    """Tell these people once, by their first way."""
    for name in people:
        person = doing.given.directory.people.get(name)
        if person is None or not person.ways:
            doing.record(events.NotPaged(f"person:{name}", "no way to reach them is known"))
            continue
        way = person.ways[0]
        doing.wanted.append(
            messages.Message(
                key=f"{doing.incident}/{doing.state.seq}/{name}/{kind.value}",
                incident=doing.incident,
                person=name,
                channel=way.channel,
                address=way.address,
                kind=kind,
                body={**told(doing, text), "because": "you were told of it"},
                due_at=doing.now,
            )
        )


def mirror(doing: Doing, text: str) -> None:
    """Let the machines that were paged know how it stands: an incident there must end as well."""
    told_already = {(each.channel, each.address) for each in doing.wanted}
    known = doing.given.directory.people
    people = [known[name] for name in doing.state.people if name in known]
    body = told(doing, text)
    doing.wanted += messages.mirrored(
        doing.incident, doing.state, people, body, doing.now, but=told_already
    )


def told(doing: Doing, why: str) -> dict[str, Any]:
    """The facts of an incident that a message gives."""
    state, given = doing.state, doing.given
    link = f"{given.public_url}/incidents/{doing.incident}" if given.public_url else ""
    return {
        "incident": doing.incident,
        "title": state.title,
        "severity": state.severity,
        "status": state.status.value,
        "firing": state.firing,
        "alerts": state.alerts,
        "runbook": state.runbook,
        "procedure": state.procedure,
        "why": why,
        "link": link,
    }
