"""What a step wants of a database, and what comes back."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Protocol

LONGEST = 500
"""Rows that are fetched; whoever needs more, asks for them in a narrower way."""


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """One statement: pieces of text with a bound value between each two."""

    pieces: tuple[str, ...]
    values: tuple[str | int, ...] = ()

    def text(self, mark: str = "?") -> str:
        """The text with a mark for each value; `{}` in the mark is its number."""
        out = self.pieces[0]
        for number, piece in enumerate(self.pieces[1:], start=1):
            out += mark.format(number) + piece
        return out


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """How long a statement may take, and how long it may wait for others' locks, in seconds."""

    statement: float | None
    lock: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """Rows, where there are any, or how many rows were affected."""

    columns: tuple[str, ...] = ()
    rows: Sequence[Sequence[Any]] = ()
    more: bool = False
    """There are more rows than were fetched."""
    affected: int | None = None
    """How many rows a change touched; nothing where the database does not say."""


class StatementError(Exception):
    """The database refused the statement, or could not carry it out; nothing of it stays."""


class UnknownEndError(Exception):
    """The connection was lost when it was too late to know whether the change stays."""


class Database(Protocol):
    """A connection that carries one step's statements out."""

    def begin(self, limits: Limits, *, read_only: bool) -> None:
        """Open a transaction; the server itself holds a read-only one to reading."""

    def at_once(self, limits: Limits) -> None:
        """Get ready for a statement that no transaction can hold."""

    def run(self, statement: Statement) -> Result:
        """Carry one statement out."""

    def commit(self) -> None:
        """Keep what was changed."""

    def rollback(self) -> str:
        """Take it back; a sentence where the database could not."""

    def cancel(self) -> None:
        """End what runs on the server, from outside."""

    def close(self) -> None:
        """Let go of the connection."""
