"""`midwatch silence`: alerts that need nobody for a while, and a list of those that do not."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    from midwatch.app import at_terminal, silencing, toml_fields
else:
    at_terminal = lazy.module("midwatch.app.at_terminal")
    silencing = lazy.module("midwatch.app.silencing")
    toml_fields = lazy.module("midwatch.app.toml_fields")


def add(
    matchers: Annotated[
        list[str],
        typer.Argument(metavar="MATCHER…", help='Such as service="mail" or host=~"db.*".'),
    ],
    *,
    length: Annotated[str, typer.Option("--for", metavar="TIME", help="Such as 30m or 2h.")],
    reason: Annotated[str, typer.Option("--reason", "-m", help="Somebody will ask.")],
) -> None:
    """Silence alerts whose labels meet all matchers. Its end is told, and what fires then pages.

    For example:

        midwatch silence add 'service="mail"' --for 2h -m "moving the mail server"
    """
    asking = at_terminal.asking()
    try:
        wanted = toml_fields.duration(length, "--for")
    except ValueError as error:
        raise errors.UserError(f"{error}.") from error
    made = silencing.add(asking, silencing.Wish(matchers, asking.now, asking.now + wanted, reason))
    sys.stdout.write(f"{made.id} holds until {made.ends_at:%Y-%m-%d %H:%M} UTC.\n")


def list_() -> None:
    """List the silences that hold, or will.

    For example:

        midwatch silence list
    """
    found = silencing.listed(at_terminal.asking())
    if not found:
        sys.stdout.write("Nothing is silenced.\n")
    for each in found:
        what = ", ".join(str(matcher) for matcher in each.matchers)
        until = f"{each.ends_at:%Y-%m-%d %H:%M} UTC"
        sys.stdout.write(f"{each.id}  until {until}  {each.created_by}: {each.reason}\n  {what}\n")


def end(
    silence: Annotated[str, typer.Argument(metavar="SILENCE", help="Its id.")],
) -> None:
    """End a silence before its time: what it held back pages again.

    For example:

        midwatch silence end S1122-1748-4qk0
    """
    ended = silencing.end(at_terminal.asking(), silence)
    sys.stdout.write(f"{ended.id} is over.\n")
