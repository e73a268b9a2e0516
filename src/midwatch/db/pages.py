"""Where a page of a list begins: after the last thing of another page, however many came since."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from midwatch.base import errors

AFTER_ALL = "9999"


def following(moment: str, name: str) -> str:
    """What is given to get the page after that thing."""
    return f"{moment}~{name}"


def place(after: str, write: Callable[[datetime.datetime], str]) -> tuple[str, str]:
    """The moment, as `write` stores it, and the name that a page begins after."""
    if not after:
        return AFTER_ALL, ""
    text, mark, name = after.partition("~")
    try:
        moment = write(datetime.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        mark = moment = ""
    if not mark or not name.isprintable():
        raise errors.UserError("“after” is no place in a list.", "Give the `next` of a page.")
    return moment, name
