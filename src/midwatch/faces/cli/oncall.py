"""`midwatch oncall`: whose night it is, who is next, and when it would be nobody's."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midwatch.base import clock, counted, lazy

if TYPE_CHECKING:
    import zoneinfo

    from rich import text

    from midwatch.app import on_call, policy, settings, watch_settings
    from midwatch.faces.cli import terminal
    from midwatch.oncall import directory, model
else:
    zoneinfo = lazy.module("zoneinfo")
    text = lazy.module("rich.text")
    on_call = lazy.module("midwatch.app.on_call")
    policy = lazy.module("midwatch.app.policy")
    settings = lazy.module("midwatch.app.settings")
    watch_settings = lazy.module("midwatch.app.watch_settings")
    terminal = lazy.module("midwatch.faces.cli.terminal")
    directory = lazy.module("midwatch.oncall.directory")
    model = lazy.module("midwatch.oncall.model")

NEXT = 3
GAPS = 5


def oncall(
    schedule: Annotated[
        str | None, typer.Argument(metavar="[SCHEDULE]", help="One schedule; else all.")
    ] = None,
    *,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="When: 03:14, 2026-11-22T03:14.")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=370, help="How far to look ahead.")
    ] = 14,
    json_: Annotated[bool, typer.Option("--json", help="One shift a line, for programs.")] = False,
) -> None:
    """Show who is on call, the next hand-overs, and every gap of the next days.

    For example:

        midwatch oncall

        midwatch oncall primary --at 2026-12-24T22:00 --days 30
    """
    now = clock.SystemClock().now()
    moment = policy.time(at, now) if at else now
    known = (settings.find((Path.cwd(),)).watch or watch_settings.Watch()).directory
    found = on_call.standing(known, schedule, moment, days)
    if json_:
        for each in found:
            for shift in each.shifts:
                sys.stdout.write(json.dumps(_fields(each, shift), ensure_ascii=False) + "\n")
        return
    if not found:
        sys.stdout.write("No schedules: write [schedules.primary] in midwatch.toml.\n")
        return
    screen = terminal.output()
    for each in found:
        for line in _lines(each, known, days):
            screen.print(line, soft_wrap=True)


def _lines(
    standing: on_call.Standing, known: directory.Directory, days: int
) -> Iterator[text.Text]:
    zone = zoneinfo.ZoneInfo(standing.schedule.time_zone)
    yield text.Text(standing.schedule.id, style="bold").append(
        f"  ({standing.schedule.time_zone})", style="dim"
    )
    now = standing.now
    until = (
        f"until {_moment(now.ends, zone)}"
        if standing.following
        else f"{counted.of(days, 'day')} on"
    )
    yield (
        _turn("now", now, known)
        .append(f"  {until}", style="dim")
        .append(f"  {now.turn.why}", style="dim")
    )
    for shift in standing.following[:NEXT]:
        yield _turn("then", shift, known).append(f"  from {_moment(shift.starts, zone)}", "dim")
    gaps = standing.gaps
    for shift in gaps[:GAPS]:
        hours = (shift.ends - shift.starts).total_seconds() / 3600
        style = "yellow" if isinstance(shift.turn, model.Nobody) and shift.turn.planned else RED
        span = f"{_moment(shift.starts, zone)} – {_moment(shift.ends, zone)}"  # noqa: RUF001
        yield text.Text(f"  ■ nobody  {span}  ({hours:.3g} h){_why(shift)}", style=style)
    if len(gaps) > GAPS:
        yield text.Text(
            f"  ■ … and {counted.of(len(gaps) - GAPS, 'more gap')} in {counted.of(days, 'day')}",
            style=RED,
        )
    if not gaps:
        yield text.Text(f"  no gap in {counted.of(days, 'day')}", style="green")


RED = "bold red"


def _why(shift: model.Shift) -> str:
    if isinstance(shift.turn, model.Nobody) and shift.turn.planned:
        return f"  {shift.turn.why}"
    return ""


def _turn(word: str, shift: model.Shift, known: directory.Directory) -> text.Text:
    line = text.Text(f"  {word:<5}", style="dim")
    if isinstance(shift.turn, model.Nobody):
        return line.append("nobody", style=RED)
    person = known.people.get(shift.turn.person)
    name = person.name if person else shift.turn.person
    shown = name if name == shift.turn.person else f"{name} ({shift.turn.person})"
    return line.append(shown, style="bold" if word == "now" else "default")


def _moment(moment: datetime.datetime, zone: datetime.tzinfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M}"


def _fields(standing: on_call.Standing, shift: model.Shift) -> dict[str, object]:
    turn = shift.turn
    return {
        "schedule": standing.schedule.id,
        "person": turn.person if isinstance(turn, model.OnCall) else None,
        "from": shift.starts.isoformat(),
        "to": shift.ends.isoformat(),
        "why": turn.why,
    }
