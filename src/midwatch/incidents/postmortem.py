"""The postmortem of an incident in Markdown: what is known is filled in, people add the why."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Sequence

from midwatch.incidents import events, measures, timeline
from midwatch.incidents import state as states

UNKNOWN = "not known"


@dataclasses.dataclass(frozen=True, slots=True)
class Alert:
    """One alert of the incident, for the table."""

    name: str
    started_at: datetime.datetime
    ended_at: datetime.datetime | None
    labels: str


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """What became of one step of the procedure that was carried out."""

    line: int
    command: str
    verdict: str
    """`ok`, `failed`, `skipped`, `never reached`."""
    seconds: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Material:
    """Everything that the postmortem is written from."""

    incident: str
    state: states.State
    recorded: Sequence[events.Recorded]
    entries: Sequence[timeline.Entry]
    alerts: Sequence[Alert]
    measures: measures.Measures
    steps: Sequence[Step] = ()
    findings: Sequence[str] = ()
    """What `midwatch check` says of the runbook that was used, near the procedure."""
    diff: str = ""
    """A proposed change to the runbook."""


def markdown(material: Material) -> str:
    """The whole document."""
    parts = [
        _head(material),
        _alerts(material),
        _timeline(material),
        _runbook(material),
        _people(material),
    ]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(material: Material) -> Iterator[str]:
    state, took = material.state, material.measures
    opened = f"{state.opened_at:%Y-%m-%d %H:%M:%S} UTC" if state.opened_at else UNKNOWN
    yield f"# Postmortem: {_cell(state.title)}"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| incident | {material.incident} |"
    yield f"| severity | {_cell(state.severity) or UNKNOWN} |"
    yield f"| opened | {opened} |"
    yield f"| detected after | {duration(took.detect)} |"
    yield f"| acknowledged after | {duration(took.acknowledge)} |"
    yield f"| mitigated after | {duration(took.mitigate)} |"
    yield f"| resolved after | {duration(took.resolve)} |"
    yield f"| procedure | {_procedure(state)} |"
    yield f"| people | {', '.join(state.people) or 'nobody was told'} |"
    yield ""
    yield "## What happened"
    yield ""
    yield "_To be written by those who were there: what users saw, and why it came to that._"
    yield ""


def _procedure(state: states.State) -> str:
    return f"`{state.runbook}#{state.procedure}`" if state.procedure else "none was matched"


def _alerts(material: Material) -> Iterator[str]:
    yield "## Alerts"
    yield ""
    yield "| alert | from | to | labels |"
    yield "|---|---|---|---|"
    for each in material.alerts:
        ended = f"{each.ended_at:%H:%M:%S}" if each.ended_at else "fires still"
        yield (
            f"| {_cell(each.name)} | {each.started_at:%Y-%m-%d %H:%M:%S} | {ended} "
            f"| {_cell(each.labels)} |"
        )
    yield ""


def _timeline(material: Material) -> Iterator[str]:
    yield "## Timeline"
    yield ""
    yield "All times are UTC."
    yield ""
    for each in material.entries:
        yield f"- **{each.at:%H:%M:%S}** {_line(each.text)}"
        if each.detail:
            yield ""
            yield "  ~~~text"
            yield from (f"  {line}" for line in _fenced(each.detail))
            yield "  ~~~"
            yield ""
    yield ""


def _runbook(material: Material) -> Iterator[str]:
    yield "## The runbook"
    yield ""
    if not material.state.procedure:
        yield "No procedure was matched: write one, and give its alert a `runbook_url`."
        yield ""
        return
    if material.steps:
        yield "| line | step | how it went | took |"
        yield "|---|---|---|---|"
        for step in material.steps:
            command = _cell(step.command).replace("`", "'")
            yield (
                f"| {step.line} | `{command}` | {_cell(step.verdict)} "
                f"| {duration(step.seconds) if step.seconds is not None else ''} |"
            )
        yield ""
    yield from (f"- {_line(each)}" for each in material.findings)
    if material.findings:
        yield ""
    if material.diff:
        yield "A change to the runbook that follows from this, to be reviewed:"
        yield ""
        yield "~~~diff"
        yield from _fenced(material.diff)
        yield "~~~"
        yield ""


def _people(material: Material) -> Iterator[str]:
    yield "## What follows"
    yield ""
    open_tasks = [(number, text) for number, text, done in material.state.tasks if not done]
    for number, text in open_tasks:
        yield f"- [ ] {_line(text)} (task {number})"
    yield "- [ ] what would have found it sooner"
    yield "- [ ] what would have healed it sooner"
    yield "- [ ] what keeps it from coming back"


def duration(seconds: float | None) -> str:
    """Seconds as a person says them: `3 min 20 s`."""
    if seconds is None:
        return UNKNOWN
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    told = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(told[:2]) or "0 s"


def _cell(text: str) -> str:
    """Text that stays in its table cell."""
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    """Text that stays on its line, and is no markup of ours."""
    flat = " ".join(text.split())
    return flat.replace("<", "&lt;")


def _fenced(text: str) -> Iterator[str]:
    """Lines that cannot end the fence around them."""
    for line in text.splitlines():
        yield line.replace("~~~", "~ ~ ~")
