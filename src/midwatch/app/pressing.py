"""A button that somebody pressed in Slack: who that is, and what it does to the incident."""

from __future__ import annotations

import datetime

from midwatch.access import model as who
from midwatch.app import watching
from midwatch.base import errors
from midwatch.engine.watch import arrangements
from midwatch.incidents import acts
from midwatch.plugs.channels import slack, slack_blocks

SNOOZE = datetime.timedelta(minutes=30)


def press(
    asking: watching.Asking, pressed: slack_blocks.Pressed, given: arrangements.Arrangements
) -> str:
    """Do what the button says; a sentence for whoever pressed it."""
    person = _person(given, pressed.user)
    actor = who.Actor(person, who.Role.RESPONDER)
    by_them = watching.Asking(asking.where, given, actor, asking.now)
    row = watching.respond(by_them, pressed.incident, _act(pressed.verb, asking.now))
    return f"{row.id}: {row.status.value}"


def _person(given: arrangements.Arrangements, user: str) -> str:
    """The person whose Slack id that is."""
    for name, person in given.directory.people.items():
        known = {way.address for way in person.ways if way.channel == slack.NAME}
        if user in known or (slack.NAME, user) in person.addresses:
            return name
    raise errors.DeniedError(
        "Midwatch does not know you by this Slack account.",
        f'Add slack = "{user[:30]}" to your [people] table.',
    )


def _act(verb: slack_blocks.Verb, now: datetime.datetime) -> acts.Act:
    match verb:
        case slack_blocks.Verb.ACKNOWLEDGE:
            return acts.Acknowledge()
        case slack_blocks.Verb.SNOOZE:
            return acts.Snooze(now + SNOOZE, "by a button in Slack")
        case slack_blocks.Verb.RESOLVE:
            return acts.Resolve("by a button in Slack")
        case _:
            raise errors.UserError("Midwatch does not know this button.")
