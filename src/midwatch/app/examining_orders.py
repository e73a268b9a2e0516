"""What the watch does by itself: would it start, and is each procedure there that it is to run?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from midwatch.app import examination, serving
from midwatch.base import errors


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """A procedure that a table of midwatch.toml names."""

    table: str
    address: str
    needed: bool = True
    """Whether something fails where it is not there."""


def starting(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether `midwatch serve` would start with this file."""
    try:
        serving.prepare(patient.found, patient.environment)
    except errors.MidwatchError as error:
        yield examination.broken("serve", "would not start", error.message)


def procedures(patient: examination.Patient) -> Iterator[examination.Finding]:
    """Whether every procedure that a table names is in the runbooks of the watch."""
    named = list(_named(patient))
    books = patient.given.library.books() if named else ()
    known = {f"{book.path}#{each.id}" for book in books for each in book.procedures}
    for each in named:
        if each.address not in known:
            told = f"{each.table}: no runbook of [serve] runbooks has it"
            health = examination.Health.BROKEN if each.needed else examination.Health.POOR
            yield examination.Finding("procedure", each.address, health, told)


def _named(patient: examination.Patient) -> Iterator[Named]:
    for rule in patient.given.remediations:
        yield Named("[[remediation]]", rule.procedure)
    for regular in patient.given.periodic:
        yield Named(f"[[periodic]] {regular.name}", regular.address, needed=regular.runs)
    for window in patient.given.windows:
        for address in (window.prepare, window.after):
            if address:
                yield Named(f"[[windows]] {window.title}", address)
