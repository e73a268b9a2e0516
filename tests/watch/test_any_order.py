"""Whatever happens in whatever order, nobody is left unpaged and nobody is paged for nothing."""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import datetime
import os
import tempfile
from pathlib import Path

import hypothesis
from hypothesis import strategies as st
from tests.watch import harness

from midwatch.alerts import store as alerts
from midwatch.base import errors
from midwatch.incidents import acts, audit, delivery, messages, model, outbox, policy
from midwatch.incidents import store as incidents
from midwatch.oncall import directory

LONG = os.environ.get("MIDWATCH_LONG") == "1"
EXAMPLES, STEPS = (400, 40) if LONG else (20, 14)
PEOPLE = (
    harness.person("ana", "slack", "sms after 5"),
    harness.person("bo", "sms"),
    harness.person("cleo", "sms", "email after 5"),
)
GIVEN = dataclasses.replace(
    harness.TWO_LEVELS,
    directory=directory.Directory(people={each.id: each for each in PEOPLE}),
    default_policy=policy.Policy(
        "test",
        (
            policy.Level(0 * harness.MINUTE, ("person:ana",)),
            policy.Level(5 * harness.MINUTE, ("person:bo", "person:cleo")),
        ),
    ),
)
CALLED = ("calls you in", "made it yours")
ALERTS = st.sampled_from([("A", "critical"), ("A", "info"), ("B", "warning"), ("C", "info")])
NAMES = st.sampled_from(["ana", "bo", "cleo", "somebody else"])
MINUTES = st.sampled_from([0, 0.25, 1, 4, 5, 6, 15, 31])
STEPS_OF = st.one_of(
    st.tuples(st.just("fire"), ALERTS),
    st.tuples(st.just("recover"), ALERTS),
    st.tuples(st.just("fire on"), ALERTS),
    st.tuples(st.just("silence"), st.sampled_from(["A", "B"])),
    st.tuples(
        st.just("channel"),
        st.tuples(
            st.sampled_from(["slack", "sms", "email"]), st.sampled_from(["fine", "later", "never"])
        ),
    ),
    st.tuples(
        st.just("act"),
        st.tuples(
            st.sampled_from(
                ["ack", "snooze", "resolve", "reopen", "note", "call", "assign", "page", "record"]
            ),
            NAMES,
        ),
    ),
    st.tuples(st.just("answer"), st.tuples(NAMES, st.booleans())),
    st.tuples(st.just("pass"), MINUTES),
    st.tuples(st.just("kill"), st.integers(0, 6)),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """What a channel took."""

    at: datetime.datetime
    message: messages.Message


class World:
    """A watch, what fires, and what the channels took."""

    def __init__(self, folder: Path) -> None:
        self.watch = harness.Watch(folder, GIVEN)
        self.fires: dict[tuple[str, str], float] = {}
        self.last: dict[tuple[str, str], float] = {}
        self.condition: dict[str, str] = {}
        self.sent: list[Sent] = []
        self.kills = 0
        self.meanwhile: tuple[str, bool] | None = None
        """Who acknowledges it while the next page is handed over, and whether that try fails."""
        for channel in ("slack", "sms", "email"):
            self.watch.answers[channel] = self.answer

    def answer(self, message: messages.Message) -> delivery.Attempt:
        """The channel is as it is; a page that nobody needs any more must not come to it."""
        if message.kind is messages.Kind.PAGE and message.incident is not None:
            self.is_needed(message, message.incident)
            meanwhile, self.meanwhile = self.meanwhile, None
            if meanwhile is not None:
                self.watch.time += datetime.timedelta(seconds=1)  # it takes a while
                self.watch.act(acts.Acknowledge(), by=meanwhile[0], incident=message.incident)
                if meanwhile[1]:
                    return delivery.Later("away for a moment")
        match self.condition.get(message.channel):
            case "later":
                return delivery.Later("away")
            case "never":
                return delivery.Never("refused")
            case _:
                self.sent.append(Sent(self.watch.time, message))
                return delivery.Accepted(message.key)

    def is_needed(self, message: messages.Message, incident: str) -> None:
        """Nobody has answered, or whoever did wants this person as well."""
        status = incidents.load(self.watch.where, incident).status
        called = any(word in str(message.body["why"]) for word in CALLED)
        assert status is model.Status.OPEN or (called and status is model.Status.ACKNOWLEDGED), (
            message
        )

    def do(self, step: tuple[str, object]) -> None:
        """One thing happens."""
        match step:
            case ("fire" | "fire on" | "recover", (str(name), str(severity))):
                self.tell(step[0], name, severity)
            case ("silence", str(name)):
                self.watch.silence(f'alertname="{name}"', minutes=10, by="nobody")
            case ("channel", (str(name), str(condition))):
                self.condition[name] = condition
            case ("act", (str(verb), str(who))):
                self.act(verb, who)
            case ("kill", int(writes)):
                self.kills += self.watch.killed(writes)
            case ("answer", (str(who), bool(fails))):
                self.meanwhile = (who, fails)
            case ("pass", minutes):
                self.watch.advance(float(str(minutes)))
        self.check()

    def tell(self, what: str, name: str, severity: str) -> None:
        """Its source says of an alert that it fires, or still does after its end, or is over."""
        mark = (name, severity)
        if what == "recover":
            start = self.fires.pop(mark, None)
            if start is not None:
                self.last[mark] = start
                self.watch.recover(name, start=start, severity=severity)
            return
        start = self.last.get(mark) if what == "fire on" else self.minute()
        if start is not None:
            self.fires.setdefault(mark, start)
            self.watch.fire(name, start=self.fires[mark], severity=severity)

    def minute(self) -> float:
        return (self.watch.time - harness.BEGIN) / harness.MINUTE

    def act(self, verb: str, who: str) -> None:
        """Somebody does it to the latest incident, if that can be done."""
        rows = incidents.listed(self.watch.where, everything=True, limit=1)
        person = who if who in GIVEN.directory.people else "bo"
        known: dict[str, acts.Act] = {
            "ack": acts.Acknowledge(),
            "snooze": acts.Snooze(self.watch.time + 10 * harness.MINUTE, "later"),
            "resolve": acts.Resolve("by hand", force=True),
            "reopen": acts.Reopen("it was not over"),
            "note": acts.Note("it goes on"),
            "call": acts.AddPerson(person),
            "assign": acts.Assign(person),
            "page": acts.SetSeverity("critical", model.Urgency.PAGE),
            "record": acts.SetSeverity("info", model.Urgency.RECORD),
        }
        for row in rows:
            with contextlib.suppress(errors.MidwatchError):
                self.watch.act(known[verb], by=who, incident=row.id)

    def check(self) -> None:
        """What holds at every moment."""
        told = audit.audit(self.watch.where, self.watch.time)
        stuck = {"late-incident", "forgotten-incident", "late-message", "late-alerts"}
        assert [each.sentence for each in told if each.kind in stuck] == []
        for row in incidents.listed(self.watch.where, everything=True, limit=50):
            assert row.firing == alerts.firing(self.watch.where, row.id), row
        counted = collections.Counter(each.message.key for each in self.sent)
        assert sum(count - 1 for count in counted.values()) <= self.kills

    def settle(self) -> None:
        """The channels come back and time goes by: whoever is needed has heard of it."""
        self.condition.clear()
        self.meanwhile = None
        begun = len(self.sent)
        self.watch.advance(minutes=1)
        self.check()
        self.watch.advance(minutes=46)
        self.check()
        where = self.watch.where
        since = self.sent[begun:]
        for row in incidents.listed(where, everything=False, limit=50):
            standing = incidents.load(where, row.id)
            waits = standing.snoozed_until is not None or standing.recovered_at is not None
            needs = row.status is model.Status.OPEN and row.urgency is model.Urgency.PAGE
            if needs and not waits and standing.opened_at is not None:
                pages = [s for s in since if s.message.kind is messages.Kind.PAGE]
                assert [s for s in pages if s.message.incident in {row.id, None}], row
        assert not [each for each in outbox.listed(where, state="sending") if each.attempts]
        query = (
            "select name, disposition from alerts where status = 'firing' and incident_id is null"
        )
        held = {name for name, _ in where.rows(query)}
        assert held == set(), held  # no silence lasts that long
        assert where.rows("select count(*) from intake where handled = 0") == [(0,)]


@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not LONG,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
@hypothesis.given(st.lists(STEPS_OF, min_size=3, max_size=STEPS))
def test_nobody_is_left_unpaged_whatever_happens(steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        try:
            for step in steps:
                world.do(step)
            world.settle()
        finally:
            world.watch.where.close()
