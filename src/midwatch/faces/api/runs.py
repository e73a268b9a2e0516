"""`/api/v1/runs`: the list, where one of them stands, and an answer to what it asks."""

from __future__ import annotations

from midwatch.app import watched_runs, watching
from midwatch.faces.api import call, endpoint, run_shapes

WAITING = {"": None, "true": True, "false": False}
DIGITS = 64


def listed(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """A page of the list."""
    asked.only("waiting", "limit", "after")
    page = watched_runs.listed(
        asking,
        waiting=WAITING[asked.one_of("waiting", tuple(WAITING), "")],
        limit=asked.limit(),
        after=asked.query.get("after", ""),
    )
    found = {"runs": [run_shapes.row(each) for each in page.rows], "next": page.following or None}
    return endpoint.Answer(found)


def shown(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """One run, with its steps and what it waits for."""
    asked.only()
    return endpoint.Answer(run_shapes.run(watched_runs.show(asking, asked.path["run"])))


def answer(asked: call.Call, asking: watching.Asking) -> endpoint.Answer:
    """An answer to exactly what was shown."""
    found = watched_runs.answer(asking, asked.path["run"], said(asked))
    return endpoint.Answer(run_shapes.run(found), 202)


def said(asked: call.Call) -> watched_runs.Said:
    """The answer, what it is to, and why."""
    asked.only("answer", "bound", "note")
    return watched_runs.Said(
        answer=asked.text("answer"),
        bound=asked.text("bound", longest=DIGITS),
        note=asked.text("note", ""),
    )
