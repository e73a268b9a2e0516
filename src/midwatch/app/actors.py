"""Who acts: the name they go by, and the account on this machine that they use."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping

from midwatch.base import errors, shape
from midwatch.runs import answers

VARIABLE = "MIDWATCH_ACTOR"
LONGEST = 80


@shape.frozen
class Actor:
    """Somebody who acts. The name is what they say; the account is what the machine knows."""

    name: str
    account: str

    @property
    def has_token(self) -> bool:
        """Whether a token proves the name, and no account on this machine does."""
        return self.account.startswith(answers.PROVEN)


def of(environment: Mapping[str, str]) -> Actor:
    """Who acts here: MIDWATCH_ACTOR, else the user of the operating system."""
    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        account = f"uid {os.getuid()}"
    return Actor(name(environment.get(VARIABLE, "")) or account, account)


def with_token(holder: str) -> Actor:
    """Whoever acts over HTTP, under the name of their token."""
    return Actor(holder, f"{answers.PROVEN}{holder}")


def name(text: str) -> str:
    """The name without blanks around it; what cannot be a name is told."""
    found = text.strip()
    if len(found) > LONGEST or not found.isprintable():
        raise errors.UserError(f"“{found[:LONGEST]}” is no name ({VARIABLE}).")
    return found
