"""`midwatch ack`, `resolve`, `reopen`, `snooze`, `assign`, `call` and `note`: work on incidents."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    import datetime

    from midwatch.app import at_terminal, toml_fields, watching
    from midwatch.incidents import acts
else:
    datetime = lazy.module("datetime")
    at_terminal = lazy.module("midwatch.app.at_terminal")
    toml_fields = lazy.module("midwatch.app.toml_fields")
    watching = lazy.module("midwatch.app.watching")
    acts = lazy.module("midwatch.incidents.acts")

Name = Annotated[str, typer.Argument(metavar="INCIDENT", help="Its id, or the end of it.")]
Person = Annotated[str, typer.Argument(metavar="PERSON", help="As named in [people].")]


def ack(
    names: Annotated[
        list[str], typer.Argument(metavar="INCIDENT…", help="Its id, or the end of it.")
    ],
) -> None:
    """Say "mine": the escalation stops, and the others hear who has it.

    For example:

        midwatch ack k7qm

        midwatch ack k7qm 3vd0x 81hcw
    """
    for name in names:
        _do(name, acts.Acknowledge())
    asking = at_terminal.asking()
    people = asking.given.directory.people
    if people and asking.actor.name not in people:
        sys.stderr.write(
            f"{asking.actor.name} is nobody in [people]: no reminder reaches you. "
            f"MIDWATCH_ACTOR={next(iter(people))} says who you are.\n"
        )


def resolve(
    name: Name,
    *,
    reason: Annotated[str, typer.Option("--reason", "-m", help="What ended it.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Although alerts of it fire still; say why.")
    ] = False,
) -> None:
    """Say that it is over.

    For example:

        midwatch resolve k7qm -m "rolled back to 1.4.2"
    """
    _do(name, acts.Resolve(reason, force))


def reopen(
    name: Name,
    *,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why it is not over.")] = "",
) -> None:
    """Open a resolved incident again: the escalation begins anew.

    For example:

        midwatch reopen k7qm -m "it came back"
    """
    _do(name, acts.Reopen(reason))


def snooze(
    name: Name,
    length: Annotated[str, typer.Argument(metavar="FOR", help="Such as 30m or 2h.")],
    *,
    reason: Annotated[str, typer.Option("--reason", "-m", help="What you wait for.")] = "",
) -> None:
    """Take it, and be paged again then.

    For example:

        midwatch snooze k7qm 30m -m "the vendor is on it"
    """
    asking = at_terminal.asking()
    try:
        wanted = toml_fields.duration(length, "FOR")
    except ValueError as error:
        raise errors.UserError(f"{error}.") from error
    row = watching.respond(asking, name, acts.Snooze(asking.now + wanted, reason))
    until = asking.now + wanted
    sys.stdout.write(f"{row.id} sleeps until {until:%Y-%m-%d %H:%M} UTC.\n")


def assign(name: Name, person: Person) -> None:
    """Give it to somebody, who is told.

    For example:

        midwatch assign k7qm bo
    """
    _do(name, acts.Assign(person))


def call(name: Name, person: Person) -> None:
    """Call somebody in: they are paged at once.

    For example:

        midwatch call k7qm bo
    """
    _do(name, acts.AddPerson(person), f"{person} is called in. ")


def note(
    name: Name,
    words: Annotated[list[str], typer.Argument(metavar="TEXT…", help="What you found.")],
) -> None:
    """Write something down on its timeline.

    For example:

        midwatch note k7qm the queue drains again since 03:20
    """
    _do(name, acts.Note(" ".join(words)), "Noted. ")


def _do(name: str, act: acts.Act, done: str = "") -> None:
    row = watching.respond(at_terminal.asking(), name, act)
    whose = f", {row.acknowledged_by} has it" if row.acknowledged_by else ""
    sys.stdout.write(f"{done}{row.id} is {row.status.value}{whose}: {row.title}\n")
