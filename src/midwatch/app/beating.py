"""The use case of a heartbeat: something tells that it lives."""

from __future__ import annotations

import re

from midwatch.access import model as who
from midwatch.alerts import heartbeats
from midwatch.app import watching
from midwatch.base import errors

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,79}")


def beat(asking: watching.Asking, name: str) -> None:
    """Write the sign of life down."""
    asking.require(who.Action.HAND_IN, f"a sign of life of {name[:80]}")
    if not NAME.fullmatch(name):
        raise errors.UserError("A heartbeat's name has letters, digits, dots and dashes.")
    asking.where.write(heartbeats.beating(name, asking.actor.name, asking.now))
