"""Diagnosis and remediation around an incident: what follows when a run of its ends."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from midwatch.db import standing, store
from midwatch.engine.watch import arrangements, recording
from midwatch.incidents import events, model, orders, remediation
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents

VERIFY_WITHIN = datetime.timedelta(minutes=10)
"""The alert itself must end within this time after a remediation, or it did not heal."""
PAUSE = "remediation paused"
BATCH = 100


def began(
    where: store.Store, order: orders.Order, run: str, title: str, now: datetime.datetime
) -> None:
    """A run that an incident asked for is on disk."""
    event = events.RunStarted(run, order.purpose.value, title, "midwatch")

    def once(state: states.State) -> Sequence[events.Event]:
        return () if any(known == run for known, _, _ in state.runs) else (event,)

    recording.record(where, order.incident, once, now, orders.started(order, run))


def ended(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    ending: events.RunEnded,
    now: datetime.datetime,
) -> None:
    """A run that an incident asked for is over."""
    failed = order.purpose is orders.Purpose.REMEDIATION and ending.outcome != "succeeded"
    healed = False if failed else None
    is_over = incidents.load(where, order.incident).status is model.Status.RESOLVED
    happened: list[events.Event] = [ending]
    if order.purpose is orders.Purpose.PERIODIC and not is_over:
        happened.append(_regular(ending))
    if failed and not is_over:
        happened.append(events.RemediationFailed(ending.run, f"it ended {ending.outcome}"))
    over = orders.ended(order, ending.outcome, now, healed=healed)
    _write(where, given, order, happened, over, now=now)


def _regular(ending: events.RunEnded) -> events.Event:
    """A regular task that went well is done; one that did not is somebody's business now."""
    if ending.outcome == "succeeded":
        return events.Resolved("midwatch", "it was carried out")
    page = model.Urgency.PAGE.value
    return events.SeveritySet("", page, f"the regular task ended {ending.outcome}")


def not_begun(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    why: str,
    now: datetime.datetime,
) -> None:
    """What was asked for is not carried out; the incident says why."""
    happened: list[events.Event] = []
    match order.purpose:
        case orders.Purpose.REMEDIATION:
            happened.append(events.RemediationRefused(order.address, why))
        case orders.Purpose.PERIODIC:
            happened.append(events.Noted("midwatch", f"It was not carried out: {why}"))
        case _:
            happened.append(events.Noted("midwatch", f"No diagnosis ran: {why}"))
    _write(where, given, order, happened, orders.ended(order, why, now), now=now)


def _write(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    happened: list[events.Event],
    *also: store.Statement,
    now: datetime.datetime,
) -> None:
    """In one transaction with what follows from a diagnosis that is over, however it ended."""
    refused: tuple[events.Event, ...] = ()
    if order.purpose is orders.Purpose.DIAGNOSIS:
        refused, wanted = _considered(where, given, order, now)
        also = (*also, *wanted)
    recording.record(where, order.incident, lambda _: (*happened, *refused), now, *also)


def against(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    now: datetime.datetime,
) -> str:
    """What holds now against starting what was asked for before; nothing where nothing does.

    Between the two somebody may have paused it, answered, changed the policy or the runbook.
    """
    if order.purpose not in {orders.Purpose.REMEDIATION, orders.Purpose.PERIODIC}:
        return ""
    state = incidents.load(where, order.incident)
    if state.status is model.Status.RESOLVED:
        return "the incident is over"
    if order.purpose is orders.Purpose.PERIODIC:
        paused = standing.get(where, PAUSE)
        return f"remediation is paused: {paused}" if paused else ""
    if not state.firing:
        return "no alert of it fires any more"
    answer = remediation.decide(_facts(where, given, order, state, now))
    if isinstance(answer, remediation.No):
        return answer.why
    return "" if answer.rule.target == order.target else "the policy names another target now"


def _considered(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    now: datetime.datetime,
) -> tuple[tuple[events.Event, ...], tuple[store.Statement, ...]]:
    """Ask the policy whether the procedure is carried out by itself: a refusal, or an order."""
    state = incidents.load(where, order.incident)
    rule = given.remediation_of(order.address)
    if rule is None or state.status is model.Status.RESOLVED or not state.firing:
        return (), ()
    answer = remediation.decide(_facts(where, given, order, state, now))
    if isinstance(answer, remediation.No):
        return (events.RemediationRefused(order.address, answer.why),), ()
    wanted = dataclasses.replace(
        order,
        id=0,
        key=f"{order.incident}/remediation/{state.seq}",
        purpose=orders.Purpose.REMEDIATION,
        target=answer.rule.target,
        created_at=now,
    )
    return (), (orders.ordering(wanted),)


def _facts(
    where: store.Store,
    given: arrangements.Arrangements,
    order: orders.Order,
    state: states.State,
    now: datetime.datetime,
) -> remediation.Facts:
    examined = given.library.examine(order.address, order.inputs)
    return remediation.Facts(
        now=now,
        procedure=order.address,
        group=state.group,
        rule=given.remediation_of(order.address),
        paused=standing.get(where, PAUSE),
        irreversible=examined.irreversible,
        missing=examined.missing,
        for_person=examined.for_person,
        before=orders.before(where, order, now),
        acknowledged_by=state.acknowledged_by,
    )


def verify(where: store.Store, now: datetime.datetime) -> None:
    """Ask the alerts whether what was carried out has healed; where not, somebody is told."""
    for each in orders.unverified(where, BATCH):
        if each.firing == 0:
            where.write(orders.verified(each, healed=True))
        elif now - each.ended_at >= VERIFY_WITHIN:
            minutes = VERIFY_WITHIN.total_seconds() / 60
            why = f"the alert fires still, {minutes:g} minutes after it"
            _not_healed(where, each, why, now)


def _not_healed(
    where: store.Store, each: orders.Unverified, why: str, now: datetime.datetime
) -> None:
    failed = events.RemediationFailed(each.run, why)
    over = orders.verified(each, healed=False)
    recording.record(where, each.incident, lambda _: (failed,), now, over)
