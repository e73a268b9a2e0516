"""One incident as a screen: what it is, the command that heals it, what is known, who was told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from rich import console, text

from midwatch.app import watching
from midwatch.base import counted
from midwatch.faces.cli import beside, incident_marks
from midwatch.incidents import model, timeline

DETAIL = 30
"""Lines of a diagnosis that are shown; the rest is in `midwatch transcript RUN`."""
ALERTS = 10
Line: TypeAlias = text.Text | beside.Beside
"""What is to be copied stays in one piece; the rest goes on below where it began."""


def show(screen: console.Console, shown: watching.Shown, asking: watching.Asking) -> None:
    """Print it, what the person needs next first."""
    for part in (_head(shown, asking), _next(shown, asking), _alerts(shown), _timeline(shown)):
        for line in part:
            if isinstance(line, text.Text):
                screen.print(line, soft_wrap=True)
            else:
                beside.show(screen, line.left, line.lines[0])


def _head(shown: watching.Shown, asking: watching.Asking) -> Iterator[Line]:
    row = shown.row
    mark, style = incident_marks.status(row.status)
    yield beside.Beside(text.Text(f"{mark} ", style=style), [text.Text(row.title, style="bold")])
    over = row.status is model.Status.RESOLVED
    whose = "" if over else f", {row.acknowledged_by or 'nobody'} has it"
    age = incident_marks.ago(row.opened_at, asking.now)
    yield _fact("incident", f"{row.id}, {row.status.value}{whose}, opened {age} ago")
    if row.severity:
        yield _fact("severity", row.severity, "red")
    yield _fact("alerts", f"{row.firing} firing, {row.alerts} in all")
    if row.urgency is model.Urgency.RECORD and row.alerts:
        yield _fact("pages", "nobody: its severity is only recorded")
    for role, person in shown.state.roles:
        yield _fact(role, person)


def _next(shown: watching.Shown, asking: watching.Asking) -> Iterator[Line]:
    """The commands that a person wants now, to be copied."""
    row = shown.row
    if row.status is model.Status.RESOLVED:
        yield _command("write it up", f"midwatch postmortem {row.id}")
        return
    if row.status is model.Status.OPEN and row.urgency is model.Urgency.PAGE:
        yield _command("take it", f"midwatch ack {row.id}")
    for run, _ in shown.state.asked:
        yield _command("answer it", f"midwatch answer {run}")
    target = f" --target {asking.given.target}" if asking.given.target else ""
    target += f" --incident {row.id}"
    if row.procedure:
        label = "heal it" if row.alerts else "carry out"
        yield _command(label, f"midwatch run '{row.runbook}#{row.procedure}'{target}")
    for address in shown.state.offered:
        yield _command("perhaps", f"midwatch run '{address}'{target}")


def _alerts(shown: watching.Shown) -> Iterator[Line]:
    if not shown.alerts:
        return
    yield text.Text()
    yield text.Text("Alerts", style="bold italic")
    for each in shown.alerts[:ALERTS]:
        alert = each.alert
        fires = alert.ended_at is None
        labels = " ".join(f"{k}={v}" for k, v in alert.labels.items() if k != "alertname")
        left = text.Text("  ▲ " if fires else "  ○ ", style="red" if fires else "green")
        line = text.Text(alert.name, style="bold").append(f"  {labels}", style="not bold dim")
        yield beside.Beside(left, [line])
        if alert.summary:
            yield beside.Beside(text.Text("    "), [text.Text(alert.summary)])
    if len(shown.alerts) > ALERTS:
        yield text.Text(f"  … and {len(shown.alerts) - ALERTS} more", style="dim")


def _timeline(shown: watching.Shown) -> Iterator[Line]:
    yield text.Text()
    yield text.Text("Timeline (UTC)", style="bold italic")
    day = shown.row.opened_at.date()
    for each in timeline.entries(shown.timeline, shown.messages):
        if each.at.date() != day:
            day = each.at.date()
            yield text.Text(f"  {day}", style="dim")
        mark, style = incident_marks.kind(each)
        left = text.Text(f"  {each.at:%H:%M:%S} ", style="dim").append(f"{mark} ", style=style)
        yield beside.Beside(left, [text.Text(each.text)])
        lines = each.detail.splitlines()
        for detail in lines[:DETAIL]:
            command = detail.startswith("$ ")
            yield text.Text(f"             {detail}", style="bold" if command else "default")
        if len(lines) > DETAIL:
            yield text.Text(
                f"             … {counted.of(len(lines) - DETAIL, 'more line')}", style="dim"
            )


def _fact(name: str, value: str, style: str = "default") -> beside.Beside:
    return beside.Beside(text.Text(f"  {name:<12}", style="dim"), [text.Text(value, style=style)])


def _command(name: str, words: str) -> text.Text:
    return text.Text(f"  {name:<12}", style="dim").append(words, style="bold cyan")
