"""The use cases behind `/api/v1/runs`: look at runs, and answer what they ask, with a token."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from midwatch.access import model as who
from midwatch.access import names
from midwatch.app import (
    actors,
    answering,
    approving,
    awaiting,
    masking,
    running,
    settings,
    watching,
)
from midwatch.base import clock, errors
from midwatch.db import place
from midwatch.engine import local
from midwatch.incidents import asking as asked_runs
from midwatch.runs import (
    answer_book,
    answers,
    events,
    hosted,
    journal,
    model,
    run_lists,
    secrets,
    state,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One run in a list; whatever is shown of it goes through `masker`."""

    run: journal.Summary
    waits: run_lists.Waits | None
    masker: secrets.Masker


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Some runs, and where the next page begins."""

    rows: tuple[Row, ...]
    following: str


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """Where one run stands."""

    row: Row
    standing: state.State
    incident: str
    """The one it belongs to; empty where there is none."""
    given: tuple[answers.Given, ...]
    """What was answered to the question that waits, and is on its way."""
    is_carried: bool
    """A process of its own goes on with it; else somebody resumes it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What somebody answers, and to what."""

    answer: str
    bound: str
    note: str = ""


def listed(asking: watching.Asking, *, waiting: bool | None, limit: int, after: str) -> Page:
    """A page of the runs of this machine, the newest first."""
    asking.require(who.Action.SEE, "runs")
    with _opened() as records:
        page = run_lists.page(records.database, waiting=waiting, limit=limit, after=after)
        rows = (_row(records, each) for each in page.runs)
        wanted = (each for each in rows if waiting is None or bool(each.waits) is waiting)
        return Page(tuple(wanted), page.following)


def show(asking: watching.Asking, run: str) -> Shown:
    """One run, with its steps and what it waits for."""
    asking.require(who.Action.SEE, f"run {run}")
    with _opened() as records:
        return _shown(asking, records, _found(records, run))


def answer(asking: watching.Asking, run: str, said: Said) -> Shown:
    """Answer exactly what was shown; where the run stands then."""
    asking.require(who.Action.RESPOND, f"to run {run}")
    with _opened() as records:
        run_id = _found(records, run)
        question = answering.asked(run_id, records)
        if said.bound != question.bound:
            raise answering.not_this(run_id)
        masker = masking.known_here(
            question.plan.runbook, question.plan.target, running.folder_of(run_id)
        )
        known = {masker.text(each): each for each in question.choices}
        word = known.get(said.answer, said.answer)
        if answers.approves(question.kind, word, question.step):
            _require_approver(asking, run_id)
        actor = _acting(asking.actor)
        _require_first(records, question, actor)
        answering.answer(question, word, said.note, actor, records)
        return _shown(asking, records, run_id)


@contextlib.contextmanager
def _opened() -> Iterator[journal.Journal]:
    records = journal.Journal(place.state_folder())
    try:
        yield records
    finally:
        records.close()


def _found(records: journal.Journal, run: str) -> str:
    try:
        return records.find(run)
    except errors.NotFoundError as error:  # without the path of the journal
        raise errors.NotFoundError(f"There is no run {run}.") from error
    except errors.UserError as error:  # without the ids of the others
        raise errors.NotFoundError(f"“{run}” fits more than one run.", error.hint) from error


def _row(records: journal.Journal, run: journal.Summary) -> Row:
    folder = running.folder_of(run.run_id)
    masker = masking.known_here(run.runbook, run.target, folder)
    waits = run_lists.waits(records.database, run)
    if run.outcome is model.Outcome.RUNNING and not local.is_owned(folder):
        run = dataclasses.replace(run, outcome=model.Outcome.INTERRUPTED)
    elif run.outcome is model.Outcome.RUNNING:
        waits = _awaited(records, run.run_id)
    return Row(run, waits, masker)


def _awaited(records: journal.Journal, run_id: str) -> run_lists.Waits | None:
    """What a run at a terminal waits for; a slip in midwatch.toml hides no other run."""
    recorded = records.read(run_id)
    try:
        awaited = awaiting.of(run_id, recorded)
    except errors.UserError:
        return None
    return run_lists.Waits(recorded[-1].at, awaited) if awaited else None


def _shown(asking: watching.Asking, records: journal.Journal, run_id: str) -> Shown:
    known = run_lists.one(records.database, run_id)
    if known is None:
        raise errors.NotFoundError(f"There is no run {run_id}.")
    row = _row(records, known)
    given: tuple[answers.Given, ...] = ()
    if row.waits is not None and isinstance(row.waits.event, events.Waiting):
        given = _on_their_way(records, run_id, row.waits.event.bound, row.run.runbook)
    hosted_by = hosted.Book(records.database, "").terms(run_id)
    return Shown(
        row=row,
        standing=state.fold(records.read(run_id)),
        incident=asked_runs.incident_of(asking.where, run_id, row.run.started_at),
        given=given,
        is_carried=hosted_by is not None or local.is_owned(running.folder_of(run_id)),
    )


def _on_their_way(
    records: journal.Journal, run_id: str, bound: str, runbook: str
) -> tuple[answers.Given, ...]:
    """The answers that nobody took over yet, and that still count."""
    found = settings.find((Path(runbook).resolve().parent, Path.cwd()))
    now, seconds = clock.SystemClock().now(), found.policy.approval_seconds
    given = answer_book.given(records.database, run_id, bound)
    return tuple(each for each in given if answers.fresh(each, now, seconds))


def _require_approver(asking: watching.Asking, run_id: str) -> None:
    asking.require(who.Action.APPROVE, f"run {run_id}")
    if not asking.actor.proven:
        raise errors.DeniedError(
            "Without tokens nobody knows over HTTP who says yes.",
            f"At a terminal of this machine: midwatch approve {run_id}; or give [tokens].",
        )


def _acting(actor: who.Actor) -> actors.Actor:
    if actor.proven:
        return actors.with_token(actor.name)
    return actors.Actor(actor.name, "HTTP without a token")


def _require_first(
    records: journal.Journal, question: answering.Asked, actor: actors.Actor
) -> None:
    """An answer is used once: where one is on its way, only another person's yes is a second."""
    for each in _on_their_way(records, question.run_id, question.bound, question.plan.runbook):
        again = names.same(each.actor, actor.name)
        if again or not _takes_several(records, question, actor):
            raise errors.ConflictError(
                f"{each.actor} has answered “{each.said}” to this already; it is on its way.",
                f"GET /api/v1/runs/{question.run_id} shows where the run stands.",
            )


def _takes_several(
    records: journal.Journal, question: answering.Asked, actor: actors.Actor
) -> bool:
    if question.kind != answers.APPROVE:
        return False
    waiting = approving.pending(question.run_id, question.step.index + 1, actor, records)
    return waiting.asked.approvals > 1
