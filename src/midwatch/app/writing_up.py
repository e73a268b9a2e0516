"""The use case behind `midwatch postmortem`: everything known of an incident, as one document."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from midwatch.app import library, watching
from midwatch.base import errors
from midwatch.db import place
from midwatch.incidents import measures, postmortem, timeline
from midwatch.runs import events as run_events
from midwatch.runs import journal
from midwatch.runs import state as run_states


def postmortem_of(asking: watching.Asking, incident: str) -> str:
    """The postmortem in Markdown."""
    shown = watching.show(asking, incident)
    starts = [each.alert.started_at for each in shown.alerts]
    steps = [step for run, _, _ in shown.state.runs for step in _steps(run)]
    material = postmortem.Material(
        incident=shown.row.id,
        state=shown.state,
        recorded=shown.timeline,
        entries=timeline.entries(shown.timeline, shown.messages),
        alerts=[
            postmortem.Alert(
                each.alert.name,
                each.alert.started_at,
                each.alert.ended_at,
                ", ".join(f"{name}={each.alert.labels[name]}" for name in each.alert.labels),
            )
            for each in shown.alerts
        ],
        measures=measures.of(shown.timeline, min(starts, default=None)),
        steps=steps,
        diff=_diff(asking, shown, steps),
    )
    return postmortem.markdown(material)


def _steps(run: str) -> Iterator[postmortem.Step]:
    """What became of each step of a run, where its journal is on this machine."""
    records = journal.Journal(place.state_folder())
    try:
        recorded = records.read(records.find(run))
    except errors.UserError:
        return
    finally:
        records.close()
    standing = run_states.fold(recorded)
    finished = {
        each.event.step: each.event
        for each in recorded
        if isinstance(each.event, run_events.StepFinished)
    }
    for step in standing.plan.steps:
        ended = finished.get(step.index)
        status = standing.step(step.index).status.value
        yield postmortem.Step(
            line=step.line,
            command=step.text,
            verdict=ended.verdict.value if ended else status,
            seconds=ended.seconds if ended else None,
        )


def _diff(asking: watching.Asking, shown: watching.Shown, steps: list[postmortem.Step]) -> str:
    """A change to the runbook that people can review: a note at each step that failed here."""
    failed = {step.line: step for step in steps if step.verdict in {"failed", "limit"}}
    books = asking.given.library
    if not failed or not shown.state.runbook or not isinstance(books, library.Library):
        return ""
    path = books.path_of(shown.state.runbook)
    if path is None:
        return ""
    before = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    after = _noted(before, failed, shown.row.id)
    name = shown.state.runbook
    return "".join(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"))


def _noted(lines: list[str], failed: dict[int, postmortem.Step], incident: str) -> list[str]:
    noted = []
    for number, line in enumerate(lines, start=1):
        if number in failed:
            indent = line[: len(line) - len(line.lstrip())]
            noted.append(f"{indent}# {incident}: this step ended {failed[number].verdict}\n")
        noted.append(line)
    return noted
