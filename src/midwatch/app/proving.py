"""What is on record of procedures that worked: for `show`, `check` and the moment of running."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import clock, errors, lazy, shape
from midwatch.db import place
from midwatch.runbook import model as runbooks

if TYPE_CHECKING:
    from midwatch.drills import proof_book, proofs
    from midwatch.runbook import wording
else:
    proof_book = lazy.module("midwatch.drills.proof_book")
    proofs = lazy.module("midwatch.drills.proofs")
    wording = lazy.module("midwatch.runbook.wording")

FILE_NAME = "midwatch.db"
"""Where nothing was ever recorded there is no such file, and nothing to look for."""


@shape.frozen
class Proven:
    """A procedure of a runbook, and what is known of it."""

    path: str
    procedure: runbooks.Procedure
    proof: proofs.Proof


def known(found: Sequence[runbooks.Runbook]) -> list[Proven]:
    """Each procedure with its proof; nothing at all where nothing was ever recorded.

    A record that cannot be read proves nothing, and is no reason not to show a runbook.
    """
    with contextlib.suppress(errors.MidwatchError), contextlib.ExitStack() as stack:
        book = _book(stack)
        if book is not None:
            return [each for runbook in found for each in _of(book, runbook)]
    return []


def keeps(name: str) -> bool:
    """Whether anything of that runbook was ever rehearsed on this machine."""
    with contextlib.suppress(errors.MidwatchError), contextlib.ExitStack() as stack:
        book = _book(stack)
        return book is not None and book.keeps(str(Path(name).resolve()))
    return False


def _book(stack: contextlib.ExitStack) -> proof_book.ProofBook | None:
    """The record, where there is one; it is not made only to be looked at."""
    folder = place.state_folder()
    if not (folder / FILE_NAME).is_file():
        return None
    return stack.enter_context(contextlib.closing(proof_book.ProofBook(folder)))


def _of(book: proof_book.ProofBook, runbook: runbooks.Runbook) -> Iterator[Proven]:
    path = str(Path(runbook.path).resolve())
    for procedure in runbook.procedures:
        asked = proof_book.Asked(path, procedure.id, wording.digest(runbook, procedure))
        yield Proven(runbook.path, procedure, book.proof(asked))


def sentences(found: Sequence[Proven]) -> dict[tuple[str, str], str]:
    """What is told of each procedure that has a proof, by its runbook's path and its id."""
    if not found:
        return {}
    now = clock.SystemClock().now()
    told = {(each.path, each.procedure.id): proofs.sentence(each.proof, now) for each in found}
    return {key: words for key, words in told.items() if words}


def records(found: Iterable[Proven]) -> dict[tuple[str, str], dict[str, object]]:
    """The same for programs."""
    return {
        (each.path, each.procedure.id): proofs.fields(each.proof)
        for each in found
        if each.proof != proofs.NOTHING
    }


def sentence(runbook: runbooks.Runbook, procedure: runbooks.Procedure) -> str:
    """What is told of one procedure before it runs."""
    one = dataclasses.replace(runbook, procedures=(procedure,))
    return sentences(known([one])).get((runbook.path, procedure.id), "")
