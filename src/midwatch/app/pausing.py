"""The kill switch: no remediation by itself, until somebody lets it go on."""

from __future__ import annotations

from midwatch.access import model as who
from midwatch.app import watching
from midwatch.base import errors
from midwatch.db import standing
from midwatch.engine.watch import remediating
from midwatch.incidents import orders


def pause(asking: watching.Asking, reason: str) -> list[str]:
    """Let nothing more be carried out; the runs that go on with what they have begun."""
    asking.require(who.Action.RESPOND, "remediation")
    if not reason.strip():
        raise errors.UserError("Say why remediation is paused.", "Somebody will ask.")
    value = f"{asking.actor.name}: {reason.strip()}"
    asking.where.write(standing.setting(remediating.PAUSE, value, asking.actor.name, asking.now))
    return orders.changing(asking.where)


def go_on(asking: watching.Asking) -> bool:
    """Let remediation go on; False where it was not paused."""
    asking.require(who.Action.APPROVE, "remediation")
    paused = bool(standing.get(asking.where, remediating.PAUSE))
    asking.where.write(standing.ending(remediating.PAUSE))
    return paused


def paused(asking: watching.Asking) -> str:
    """Who paused remediation, and why; nothing where nobody did."""
    return standing.get(asking.where, remediating.PAUSE)
