"""The proofs on record: what the database knows of a procedure at its words."""

from __future__ import annotations

import datetime
from pathlib import Path

from midwatch.base import shape
from midwatch.db import database, named
from midwatch.drills import proofs

QUERIES = named.load(Path(__file__).with_name("proof_book.sql"))
FILE_NAME = "midwatch.db"


@shape.frozen
class Asked:
    """Which procedure of which runbook, at which words."""

    runbook: str
    """The file's absolute path."""
    procedure: str
    wording: str


class ProofBook:
    """What this machine has seen work."""

    def __init__(self, folder: Path) -> None:
        self._database = database.Database(folder / FILE_NAME)

    def keeps(self, runbook: str) -> bool:
        """Whether anything of that runbook was ever rehearsed here."""
        ((count,),) = self._database.rows(QUERIES["known"], (runbook,))
        return bool(count)

    def proof(self, asked: Asked) -> proofs.Proof:
        """What is known of it."""
        tries = tuple(
            proofs.Try(_time(at), bool(healed), stable, target)
            for at, healed, stable, target in self._database.rows(
                QUERIES["tries"], (asked.wording,)
            )
        )
        runs = self._database.rows(QUERIES["succeeded"], (asked.wording,))
        other = (asked.runbook, asked.procedure, asked.wording)
        ((before,),) = self._database.rows(QUERIES["before"], other)
        return proofs.Proof(
            tries=tries,
            succeeded=_time(runs[0][0]) if runs else None,
            succeeded_on=str(runs[0][1]) if runs else "",
            before=_time(before) if before else None,
        )

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
