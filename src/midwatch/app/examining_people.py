"""People, schedules, escalation and channels: would a page find somebody, and arrive?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent import futures

from midwatch.app import channels as made_channels
from midwatch.app import examination, on_call, runbook_policies, serving
from midwatch.incidents import policy
from midwatch.oncall import cover, model

AHEAD = 14
"""Days in which gaps are looked for."""
FINE, POOR, BROKEN = examination.Health.FINE, examination.Health.POOR, examination.Health.BROKEN


def people(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Everybody has a way, and better two."""
    for person in patient.watch.directory.people.values():
        ways = ", ".join(_way(way) for way in person.ways)
        channels_used = {way.channel for way in person.ways}
        health = POOR if len(channels_used) == 1 else FINE
        alone = ": one channel only" if health is POOR else ""
        yield examination.Finding("person", person.id, health, f"{ways}{alone}")


def _way(way: model.Way) -> str:
    minutes = way.after.total_seconds() / 60
    return f"{way.channel} after {minutes:g} min" if minutes else way.channel


def schedules(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Who is on call now."""
    now = patient.ticks.now()
    for standing in on_call.standing(patient.watch.directory, None, now, AHEAD):
        turn = standing.now.turn
        who = turn.person if isinstance(turn, model.OnCall) else "nobody"
        yield examination.fine("on call", standing.schedule.id, f"{who} now: {turn.why}")


def gaps(patient: examination.Patient) -> Iterator[examination.Finding]:
    """A schedule may leave hours to another one; a level that reaches nobody is broken."""
    if not patient.watch.directory.people:
        return
    now = patient.ticks.now()
    ends = now + datetime.timedelta(days=AHEAD)
    named = {"default": patient.watch.default_policy, **dict(patient.given.policies.items())}
    for name, found in named.items():
        for number, level in enumerate(found.levels, start=1):
            spans = cover.uncovered(level.whom, patient.watch.directory, now, ends)
            if not spans:
                continue
            begins, until = spans[0]
            hours = sum((two - one).total_seconds() for one, two in spans) / 3600
            told = (
                f"level {number} reaches nobody for {hours:.3g} h of {AHEAD} days, first from "
                f"{begins:%a %d %b %H:%M} to {until:%a %d %b %H:%M} UTC"
            )
            yield examination.broken("gap", name, told)


def escalation(patient: examination.Patient) -> Iterator[examination.Finding]:
    """The policies, and what of the runbooks' tables could not be followed."""
    default = patient.watch.default_policy
    if default.levels == (policy.EVERYBODY,):
        told = "none: everyone is told at once; write [escalation.default]"
        yield examination.poor("escalation", "default", told)
    else:
        told = (
            f"{examination.number(len(default.levels), 'level')}, again every {_minutes(default)}"
        )
        yield examination.fine("escalation", "default", told)
    policies = patient.given.policies
    if not isinstance(policies, runbook_policies.Policies):
        return
    own = [path for path in policies if "#" not in path]
    for path in own:
        found = policies[path]
        yield examination.fine(
            "escalation", found.source, examination.number(len(found.levels), "level")
        )
    untold = dict.fromkeys(policies.untold())
    yield from examination.shortened(
        examination.poor("escalation", f"{each.runbook}:{each.line}", f"“{each.words}” {each.why}")
        for each in untold
    )


def _minutes(given: policy.Policy) -> str:
    return f"{given.repeat_after.total_seconds() / 60:g} min"


def channels(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether each channel would take a message."""
    around = made_channels.Surroundings(
        patient.environment, patient.ticks, serving.own_addresses(patient.serve)
    )
    made = made_channels.made(patient.watch.channels, around)
    if not made.channels and not made.missing:
        yield examination.broken("channel", "", "none: write [channels.slack], [channels.email] …")
        return
    for name, why in made.missing.items():
        yield examination.broken("channel", name, why)
    if not made.channels:
        return
    with futures.ThreadPoolExecutor(len(made.channels)) as pool:
        waiting = {name: pool.submit(each.check) for name, each in made.channels.items()}
        for name, result in waiting.items():
            checked = result.result()
            yield examination.Finding(
                "channel", name, FINE if checked.fine else BROKEN, checked.told
            )
