"""Yeses on their way into the journal: the person's at the terminal, and those from elsewhere."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from midwatch.runs import approval_book, approvals, events, questions, state

if TYPE_CHECKING:
    from midwatch.engine import local

LOOK_SECONDS = 0.25
OPEN = frozenset({state.Status.PENDING, state.Status.REFUSED})


def signed(run: local.Run, event: events.Event) -> events.Event:
    """What the person at the terminal said, with their name and how long it counts."""
    if not isinstance(event, events.Approved):
        return event
    setting, now = run.world.setting, run.world.clock.now()
    seconds = setting.policy.approval_seconds
    return approvals.signed(event, actor=setting.actor, now=now, seconds=seconds)


def arrived(run: local.Run, index: int) -> events.Approved | None:
    """A yes that somebody gave from elsewhere to exactly what would run next."""
    step, standing = run.state.plan.steps[index], run.state.step(index)
    if standing.status not in OPEN:
        return None
    now = run.world.clock.now()
    seconds = run.world.setting.policy.approval_seconds
    bound = approvals.bound(run.run_id, step, standing.attempts + 1)
    given = approval_book.given(run.world.journal.database, run.run_id, bound)
    people = approvals.valid(standing, step, now).people
    found = approvals.fresh(given, people, now, seconds)
    if found is None:
        return None
    until = (found.at + datetime.timedelta(seconds=seconds)).isoformat()
    how = f"midwatch approve, from the account {found.account}"
    return events.Approved(index, step.digest, how, found.actor, until)


def wait(run: local.Run, question: questions.Approve) -> events.Event | None:
    """Until somebody else says yes; nothing where something else is to be done first."""
    index = question.step.index
    found = arrived(run, index)
    if found is not None:
        return found
    missing = question.approvals - len(question.have)
    who = "one more person" if missing == 1 else f"{missing} more people"
    run.world.listener.noticed(
        f"{who.capitalize()} must say yes: midwatch approve {run.run_id} --step {index + 1}. "
        "Ctrl-C leaves; the run can be resumed."
    )
    step, standing = question.step, run.state.step(index)
    before = approvals.valid(standing, step, run.world.clock.now()).people
    while run.awake():
        found = arrived(run, index)
        if found is not None:
            return found
        now = run.world.clock.now()
        if approvals.valid(standing, step, now).people != before:
            return None  # a yes has expired meanwhile, and is asked for again
        run.world.clock.sleep(LOOK_SECONDS)
    return None
