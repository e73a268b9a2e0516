"""`midwatch why`: why was I paged, and why was I not?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import lazy

if TYPE_CHECKING:
    from rich import text

    from midwatch.alerts import model as alerts
    from midwatch.app import at_terminal
    from midwatch.app import why as whys
    from midwatch.faces.cli import beside, terminal
    from midwatch.incidents import whys as reasons
else:
    text = lazy.module("rich.text")
    at_terminal = lazy.module("midwatch.app.at_terminal")
    whys = lazy.module("midwatch.app.why")
    beside = lazy.module("midwatch.faces.cli.beside")
    terminal = lazy.module("midwatch.faces.cli.terminal")


def why(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="An incident (or the end of its id), a person, or an alert's name."
        ),
    ],
    person: Annotated[
        str | None, typer.Argument(metavar="[PERSON]", help="Only about this person.")
    ] = None,
    *,
    json_: Annotated[bool, typer.Option("--json", help="One reason a line, for programs.")] = False,
) -> None:
    """Say why somebody was paged, or was not, from what is on record.

    For example:

        midwatch why k7qm ana

        midwatch why ana

        midwatch why QueueStuck
    """
    found = whys.why(at_terminal.asking(), what, person)
    if json_:
        for fields in _fields(found):
            sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
        return
    if not found.incidents and not found.alerts:
        sys.stdout.write("No incidents yet.\n")
    screen = terminal.output()
    for each in found.incidents:
        row = each.row
        head = text.Text(f"{row.opened_at:%m-%d %H:%M} ", style="dim").append(row.id, style="bold")
        screen.print(head.append(f"  {row.title} ({row.status.value})"), soft_wrap=True)
        for name, told in each.people:
            left = text.Text(f"  {name}  ", style="bold cyan")
            screen.print(beside.Beside(left, [_line(reason) for reason in told]), end="")
    for episode in found.alerts:
        for line in _alert(episode):
            screen.print(line, soft_wrap=True)


def _line(reason: reasons.Why) -> text.Text:
    mark, style = ("✓ ", "green") if reason.paged else ("– ", "yellow")  # noqa: RUF001  (a mark)
    at = f"{reason.at:%H:%M:%S} " if reason.at else ""
    return text.Text(mark, style=style).append(at, style="dim").append(reason.sentence, "default")


def _alert(episode: alerts.Episode) -> Iterator[text.Text]:
    alert = episode.alert
    labels = " ".join(f"{k}={v}" for k, v in alert.labels.items() if k != "alertname")
    head = text.Text(f"{episode.received_at:%m-%d %H:%M:%S} ", style="dim")
    yield head.append(alert.name, style="bold").append(f"  {labels}", style="dim")
    where = f" {episode.incident}: midwatch why {episode.incident}" if episode.incident else ""
    yield text.Text(f"  {episode.disposition.value}: {episode.reason}{where}")


def _fields(found: whys.Answer) -> Iterator[dict[str, object]]:
    for each in found.incidents:
        for name, told in each.people:
            for reason in told:
                yield {
                    "incident": each.row.id,
                    "person": name,
                    "at": reason.at.isoformat() if reason.at else None,
                    "paged": reason.paged,
                    "why": reason.sentence,
                }
    for episode in found.alerts:
        yield {
            "alert": episode.alert.name,
            "labels": dict(episode.alert.labels),
            "at": episode.received_at.isoformat(),
            "disposition": episode.disposition.value,
            "why": episode.reason,
            "incident": episode.incident,
        }
