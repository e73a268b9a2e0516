"""An incident as a page for a telephone: no script, nothing loaded from elsewhere."""

from __future__ import annotations

import dataclasses
import datetime
import html
import string
from collections.abc import Iterator, Sequence
from pathlib import Path

from midwatch.alerts import model as alerts
from midwatch.app import watching
from midwatch.base import counted
from midwatch.incidents import model, postmortem, timeline

TEMPLATE = string.Template(Path(__file__).with_name("incident.html").read_text(encoding="utf-8"))
ALERTS = 20
MOODS = {
    model.Status.OPEN: "open",
    model.Status.ACKNOWLEDGED: "taken",
    model.Status.RESOLVED: "over",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Taker:
    """A button: what it says, and where it sends."""

    words: str
    where: str


def page(
    shown: watching.Shown,
    target: str,
    now: datetime.datetime,
    takers: Sequence[Taker],
    *,
    asks: str = "",
) -> str:
    """All of it, what the person needs next first; `asks` is what its runs wait for."""
    row = shown.row
    return TEMPLATE.substitute(
        id=row.id,
        title=_safe(row.title),
        mood=MOODS[row.status],
        standing=_safe(_standing(shown, now)),
        buttons="".join(_buttons(shown, takers)),
        asks=asks,
        facts="\n".join(_facts(shown, target)),
        alerts="\n".join(_alerts(shown)),
        timeline="\n".join(_timeline(shown)),
        at=f"{now:%Y-%m-%d %H:%M:%S} UTC",
    )


def _safe(words: str) -> str:
    return html.escape(words, quote=True)


def _standing(shown: watching.Shown, now: datetime.datetime) -> str:
    row = shown.row
    severity = f"{row.severity}, " if row.severity else ""
    over = row.status is model.Status.RESOLVED
    whose = "" if over else f", {row.acknowledged_by or 'nobody'} has it"
    age = postmortem.duration((now - row.opened_at).total_seconds())
    return f"{severity}{row.status.value}{whose}, opened {age} ago"


def _buttons(shown: watching.Shown, takers: Sequence[Taker]) -> Iterator[str]:
    if shown.row.status is not model.Status.OPEN:
        return
    for each in takers:
        where = _safe(each.where)
        yield f'<button formaction="{where}" formmethod="post">{_safe(each.words)}</button>\n'


def _facts(shown: watching.Shown, target: str) -> Iterator[str]:
    row = shown.row
    if row.urgency is model.Urgency.RECORD and row.alerts:
        yield _fact("Pages", "nobody: its severity is only recorded")
    if row.procedure:
        yield _fact("Procedure", f"{row.runbook}#{row.procedure}")
    for each in (f"{row.runbook}#{row.procedure}",) if row.procedure else shown.state.offered:
        on = f" --target {target}" if target else ""
        heal = "Heal it" if row.alerts else "Carry out"
        label = heal if row.procedure else "Perhaps"
        yield _fact(label, f"midwatch run '{each}'{on} --incident {row.id}", code=True)
    if row.status is model.Status.OPEN:
        yield _fact("At a terminal", f"midwatch ack {row.id}", code=True)
    yield _fact("Alerts", f"{row.firing} firing, {row.alerts} in all")
    for role, person in shown.state.roles:
        yield _fact(role, person)


def _fact(name: str, value: str, *, code: bool = False) -> str:
    told = f"<code>{_safe(value)}</code>" if code else _safe(value)
    return f"<dt>{_safe(name)}</dt><dd>{told}</dd>"


def _alerts(shown: watching.Shown) -> Iterator[str]:
    for each in shown.alerts[:ALERTS]:
        yield f"<li>{_alert(each.alert)}</li>"
    if len(shown.alerts) > ALERTS:
        yield f"<li>… and {counted.of(len(shown.alerts) - ALERTS, 'more alert')}</li>"


def _alert(alert: alerts.Alert) -> str:
    labels = " ".join(f"{k}={v}" for k, v in alert.labels.items() if k != "alertname")
    over = "" if alert.ended_at is None else " (over)"
    summary = f"<br>{_safe(alert.summary)}" if alert.summary else ""
    return f"<b>{_safe(alert.name)}</b>{over}{summary}<br><small>{_safe(labels)}</small>"


def _timeline(shown: watching.Shown) -> Iterator[str]:
    day = shown.row.opened_at.date()
    for each in timeline.entries(shown.timeline, shown.messages):
        if each.at.date() != day:
            day = each.at.date()
            yield f"<li><b>{day}</b></li>"
        detail = f"<pre>{_safe(each.detail)}</pre>" if each.detail else ""
        time = f"<time>{each.at:%H:%M:%S}</time>"
        yield f"<li>{time} {_safe(each.text)}{detail}</li>"
