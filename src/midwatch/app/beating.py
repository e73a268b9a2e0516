"""The use case of a heartbeat: something tells that it lives."""

from __future__ import annotations

import re

from midwatch.access import model as who
from midwatch.alerts import heartbeats
from midwatch.app import toml_fields, watching
from midwatch.base import errors

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,79}")


def beat(asking: watching.Asking, name: str) -> str:
    """Write the sign of life down; what is told of one that nobody would miss."""
    asking.require(who.Action.HAND_IN, f"a sign of life of {name[:80]}")
    if not NAME.fullmatch(name):
        raise errors.UserError("A heartbeat's name has letters, digits, dots and dashes.")
    asking.where.write(heartbeats.beating(name, asking.actor.name, asking.now))
    known = [each.name for each in asking.given.heartbeats]
    if name in known:
        return ""
    meant = toml_fields.near(name, known)
    return f"midwatch.toml has no [heartbeats.{name}]: nobody misses it {meant}"
