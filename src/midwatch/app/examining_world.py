"""What stands around the watch: its file, its database, runbooks, targets, Prometheus."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from midwatch.alerts import probes
from midwatch.app import arranging, examination, procedure_probes, serving
from midwatch.app import settings as settings_file
from midwatch.base import clock, errors
from midwatch.db import postgres_claim, sole, store
from midwatch.incidents import messages, outbox
from midwatch.plugs.probes import promql

NOTHING = "vector(0) > 1"
"""A query that every Prometheus can answer."""
FINE, POOR, BROKEN = examination.Health.FINE, examination.Health.POOR, examination.Health.BROKEN


def settings(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether there is a midwatch.toml with somebody in it."""
    path = patient.found.path
    if path is None:
        told = "none here or above: nobody is told of anything"
        yield examination.broken("settings", settings_file.FILE_NAME, told)
        return
    people, schedules = patient.watch.directory.people, patient.watch.directory.schedules
    told = examination.count(people, "person", "people")
    told += f", {examination.count(schedules, 'schedule')}"
    yield examination.Finding("settings", path.name, FINE if people else BROKEN, told)


def database(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether the watch's database opens, and moves."""
    try:
        url = serving.database(patient.serve, patient.environment)
        where = store.connect(url)
    except errors.MidwatchError as error:
        yield examination.broken("database", "", error.message)
        return
    file = serving.file_of(url)
    name = file.name if file else url.partition("://")[0]
    yield examination.fine("database", name, "opens, its tables are up to date")
    counts = outbox.counts(where)
    dead = counts.get(messages.Delivery.DEAD, 0)
    late = outbox.late(where, patient.ticks.now() - datetime.timedelta(minutes=2))
    where.close()
    if dead:
        told = f"{examination.number(dead, 'dead letter')}: midwatch messages --dead"
        yield examination.poor("messages", "", told)
    if late:
        told = f"{examination.number(late, 'message')} should have gone out by now"
        yield examination.broken("messages", "", told)
    kept = sole.is_held(file) if file else _is_kept(url, patient.ticks)
    if not kept:
        yield examination.poor("serve", "", "no `midwatch serve` runs on this database")


def _is_kept(url: str, ticks: clock.Clock) -> bool:
    keeper = postgres_claim.PostgresClaim(url, ticks)
    try:
        return bool(keeper.who())
    except errors.MidwatchError:
        return True  # that it cannot be asked is told elsewhere
    finally:
        keeper.release()


def runbooks(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether every runbook can be read, and names whom to reach."""
    if not patient.serve.runbooks:
        told = 'none: [serve] runbooks = ["ops/*.md"] names them'
        yield examination.poor("runbooks", "", told)
        return
    books = patient.given.library.books()
    for path, why in patient.given.library.unread.items():
        yield examination.broken("runbook", Path(path).name, why)
    procedures = sum(len(book.procedures) for book in books)
    told = (
        f"{examination.number(len(books), 'file')}, {examination.number(procedures, 'procedure')}"
    )
    yield examination.Finding(
        "runbooks", ", ".join(patient.serve.runbooks), FINE if books else BROKEN, told
    )
    holes = [
        examination.poor("contact", f"{book.path}:{each.line}", f"{each.role}: {each.how}: a blank")
        for book in books
        for each in book.contacts
        if each.unfilled
    ]
    yield from examination.shortened(holes)


def targets(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether what a target names is there."""
    for target in patient.found.targets.values():
        if patient.found.path is None:
            return
        missing = [
            f"{key} {path}"
            for key, path in (
                ("folder", target.folder),
                ("kubeconfig", target.environment.get("KUBECONFIG")),
            )
            if path and not Path(path).exists()
        ]
        told = f"not there: {', '.join(missing)}" if missing else target.description or "is there"
        yield examination.Finding("target", target.name, BROKEN if missing else FINE, told)


def probes_of_procedures(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether each procedure that is a probe looks from the first step to the last."""
    for each in patient.given.procedure_probes:
        try:
            looked = procedure_probes.of(patient.found, each, arranging.folder(patient.found))
        except errors.MidwatchError as error:
            yield examination.broken("probe", each.probe.name, error.message)
            continue
        steps = examination.number(len(looked.procedure.steps), "step")
        told = f"{steps} of {each.address} at {looked.target.name}, each only reads"
        yield examination.fine("probe", each.probe.name, told)


def prometheus(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether Prometheus answers a query."""
    url = patient.serve.prometheus
    if not url:
        return
    found = promql.look(promql.Condition(url, NOTHING))
    if isinstance(found, probes.Blind):
        yield examination.broken("prometheus", url, found.why)
    else:
        yield examination.fine("prometheus", url, "answers a query")


def links(patient: examination.Patient) -> Iterator[examination.Finding]:
    """What a page and a night lack without being broken."""
    if patient.watch.directory.people and not patient.serve.public_url:
        told = "none: pages hold no link; [serve] public_url"
        yield examination.poor("public URL", "", told)
    if patient.watch.directory.people and not patient.serve.heartbeat_url:
        told = "none: nobody notices when the watch itself is down; [serve] heartbeat_url"
        yield examination.poor("heartbeat", "", told)
