"""`/api/v1/incidents`: the list, one of them, and what people do about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from midwatch.app import watching
from midwatch.base import errors
from midwatch.faces.api import call, endpoint, shapes
from midwatch.incidents import acts, lists, model

MakeAct = Callable[[call.Call, datetime.datetime], acts.Act]


def listed(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """A page of the list."""
    asked.only("status", "limit", "after")
    page = watching.listed(
        asking,
        status=asked.one_of("status", lists.STATUSES, "unresolved"),
        limit=asked.limit(),
        after=asked.query.get("after", ""),
    )
    found = {"incidents": [shapes.row(each) for each in page.rows], "next": page.following or None}
    return endpoint.Answer(found)


def shown(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """One incident, with everything about it."""
    asked.only()
    return endpoint.Answer(shapes.incident(watching.show(asking, asked.path["incident"])))


def does(make: MakeAct) -> endpoint.Work:
    """The work of a call that does something about an incident."""

    def work(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
        act = make(asked, asking.now)
        row = watching.respond(asking, asked.path["incident"], act)
        return endpoint.Answer(shapes.row(row))

    return work


def acknowledge(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """Mine."""
    asked.only()
    return acts.Acknowledge()


def resolve(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """It is over."""
    asked.only("reason", "force")
    return acts.Resolve(asked.text("reason", ""), force=asked.switch("force"))


def reopen(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """It is not over."""
    asked.only("reason")
    return acts.Reopen(asked.text("reason", ""))


def assign(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """It is somebody's now."""
    asked.only("person")
    return acts.Assign(asked.text("person"))


def snooze(asked: call.Call, now: datetime.datetime) -> acts.Act:
    """Not before then."""
    asked.only("until", "reason")
    until = asked.moment("until", asked.body.get("until"), now)
    return acts.Snooze(until, asked.text("reason", ""))


def note(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """Write something down."""
    asked.only("text")
    return acts.Note(asked.text("text", longest=acts.LONGEST_NOTE))


def add_person(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """Call somebody in."""
    asked.only("person")
    return acts.AddPerson(asked.text("person"))


def take_role(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """Somebody has a role."""
    asked.only("role", "person")
    return acts.TakeRole(asked.text("role"), asked.text("person"))


def add_task(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """Something to do."""
    asked.only("text")
    return acts.AddTask(asked.text("text", longest=acts.LONGEST_NOTE))


def finish_task(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """It is done."""
    asked.only()
    return acts.FinishTask(asked.number(asked.path["task"], "The task"))


def set_severity(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """It is worse, or better, than it looked."""
    asked.only("severity", "urgency")
    try:
        urgency = model.Urgency(asked.text("urgency", model.Urgency.PAGE.value))
    except ValueError as error:
        raise errors.UserError("urgency is “page” or “record”.") from error
    return acts.SetSeverity(asked.text("severity"), urgency)


def choose(asked: call.Call, _: datetime.datetime) -> acts.Act:
    """Of several procedures, this one."""
    asked.only("runbook", "procedure", "title")
    return acts.Choose(asked.text("runbook"), asked.text("procedure"), asked.text("title", ""))
