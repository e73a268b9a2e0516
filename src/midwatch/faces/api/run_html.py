"""What a run of an incident asks, on the page of that incident, with a button for each answer."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from midwatch.access import decide, model
from midwatch.app import watched_runs, watching
from midwatch.base import errors
from midwatch.faces.api import run_shapes

TERMINAL = "At a terminal"
NO_ENTER = "<button disabled hidden></button>"
"""The first button is the one that Enter presses: nobody says yes by ending a line."""


def questions(asking: watching.Asking, found: watching.Shown) -> str:
    """Everything that runs of the incident ask now; nothing of runs that another machine has."""
    told: list[str] = []
    for run, _ in found.state.asked:
        try:
            shown = run_shapes.run(watched_runs.show(asking, run))
        except errors.NotFoundError:
            continue
        if shown["waits"] is not None:
            told += _question(found.row.id, shown, asking.actor)
    return "\n".join(told)


def _question(incident: str, shown: dict[str, Any], actor: model.Actor) -> Iterator[str]:
    waits = shown["waits"]
    step = shown["steps"][waits["step"] - 1]
    yield f"<h2>Run {_safe(shown['id'])} asks</h2>"
    yield f"<p>{_safe(waits['question'])}</p>"
    yield f"<pre>{_safe(waits['text'].strip())}</pre>"
    risk = [step["risk"]["why"], *step["risk"]["cautions"]]
    words = "; ".join(each for each in risk if each)
    yield f"<p>{_safe(step['effect'])} on {_safe(shown['target'])}{_safe(f': {words}')}</p>"
    for each in shown["answered"]:
        yield f"<p><b>{_safe(each['by'])}: {_safe(each['answer'])}</b>, on its way</p>"
    yield from _form(incident, shown["id"], waits, actor)
    yield f"<p>{TERMINAL}: <code>{_safe(waits['command'])}</code></p>"


def _form(incident: str, run: str, waits: dict[str, Any], actor: model.Actor) -> Iterator[str]:
    """The buttons that whoever looks may press; what they may not is not there."""
    may = [each for each in waits["answers"] if _allowed(waits["needs"][each], actor)]
    if not may:
        return
    action = f"{incident}/runs/{run}/answer"
    yield f'<form method="post" action="{_safe(action)}">'
    yield NO_ENTER
    yield f'<input type="hidden" name="bound" value="{_safe(waits["bound"])}">'
    yield '<p><label>Why, on record: <input name="note" maxlength="1000"></label></p>'
    for each in may:
        yield f'<button name="answer" value="{_safe(each)}">{_safe(each)}</button>'
    yield "</form>"


def _allowed(role: str, actor: model.Actor) -> bool:
    if role == model.Role.APPROVER.value:
        return actor.proven and decide.allowed(actor.role, model.Action.APPROVE)
    return decide.allowed(actor.role, model.Action.RESPOND)


def _safe(words: str) -> str:
    return html.escape(words, quote=True)
