"""The smaller resources of `/api/v1`: silences, messages, on-call, refusals, the audit."""

from __future__ import annotations

import dataclasses

from midwatch.access import audit, model
from midwatch.app import beating, silencing, watching
from midwatch.db import moments
from midwatch.faces.api import call, endpoint, shapes
from midwatch.incidents import messages as outgoing

STATES = ("", *(each.value for each in outgoing.Delivery))


def silences(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """The silences that hold, or will."""
    asked.only()
    found = silencing.listed(asking)
    return endpoint.Answer({"silences": [shapes.silence(each) for each in found]})


def silence(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """Make a silence."""
    asked.only("matchers", "starts_at", "ends_at", "reason")
    now = asking.now
    starts = asked.body.get("starts_at")
    wish = silencing.Wish(
        matchers=asked.texts("matchers"),
        starts_at=now if starts is None else asked.moment("starts_at", starts, now),
        ends_at=asked.moment("ends_at", asked.body.get("ends_at"), now),
        reason=asked.text("reason"),
    )
    return endpoint.Answer(shapes.silence(silencing.add(asking, wish)), 201)


def end_silence(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """End a silence now."""
    asked.only()
    return endpoint.Answer(shapes.silence(silencing.end(asking, asked.path["silence"])))


def messages(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """Messages, the newest first."""
    asked.only("state", "limit")
    state = asked.one_of("state", STATES, "")
    found = watching.messages(asking, state=state, limit=asked.limit())
    return endpoint.Answer({"messages": [shapes.letter(each) for each in found]})


def replay(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """Send a dead letter again."""
    asked.only()
    letter = asked.number(asked.path["message"], "The message")
    watching.replay(asking, letter)
    return endpoint.Answer({"id": letter, "state": outgoing.Delivery.WAITING.value}, 202)


def on_call(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """Who is on call."""
    asked.only("at")
    given = asked.query.get("at")
    at = asking.now if given is None else asked.moment("at", given, asking.now)
    turns = [shapes.turn(each) for each in watching.on_call(asking, at)]
    return endpoint.Answer({"at": moments.write(at), "schedules": turns})


def refusals(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """What was not taken in, and why."""
    asked.only("source", "limit")
    source = asked.query.get("source", "")
    found = watching.refusals(asking, source=source, limit=asked.limit())
    return endpoint.Answer({"refusals": [shapes.refusal(each) for each in found]})


def audited(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """Who did what, the latest first."""
    asked.only("before", "limit")
    asking.require(model.Action.AUDIT, "the audit")
    given = asked.query.get("before")
    before = asked.number(given, "before") if given else None
    found = audit.listed(asking.where, before=before, limit=asked.limit())
    calls = [{**dataclasses.asdict(each), "at": moments.write(each.at)} for each in found]
    return endpoint.Answer({"calls": calls})


def beat(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """A sign of life."""
    asked.only()
    name = asked.path["heartbeat"]
    note = beating.beat(asking, name)
    told = {"heartbeat": name, "at": moments.write(asking.now)}
    return endpoint.Answer(told | ({"note": note} if note else {}))
