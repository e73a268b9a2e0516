"""PostgreSQL by psycopg: one statement at a time, values as the server's own parameters."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, cast

from midwatch.base import errors, lazy
from midwatch.plugs.steps.databases import model

if TYPE_CHECKING:
    import psycopg
else:
    psycopg = lazy.module("psycopg")

CONNECT_SECONDS = 10


class Database:
    """One connection to a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self._read_only = False
        try:
            self._connection = psycopg.connect(
                url,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                application_name="midwatch",
                cursor_factory=psycopg.RawCursor,
            )
        except psycopg.Error as error:
            reason = _reason(error)
            raise errors.WorldError(f"The database cannot be reached: {reason}.") from error

    def begin(self, limits: model.Limits, *, read_only: bool) -> None:
        """Open a transaction; the server holds a read-only one to reading."""
        self._do("BEGIN READ ONLY" if read_only else "BEGIN READ WRITE")
        self._read_only = read_only
        self._limit("SET LOCAL", limits)

    def at_once(self, limits: model.Limits) -> None:
        """Get ready for a statement that no transaction can hold."""
        self._limit("SET", limits)

    def _limit(self, verb: str, limits: model.Limits) -> None:
        self._do(f"{verb} statement_timeout = {_milliseconds(limits.statement)}")
        self._do(f"{verb} lock_timeout = {_milliseconds(limits.lock)}")

    def _do(self, words: str) -> None:
        try:
            self._connection.execute(words.encode())
        except psycopg.Error as error:
            raise model.StatementError(_reason(error)) from error

    def run(self, statement: model.Statement) -> model.Result:
        """Carry one statement out, in the protocol that takes one statement only."""
        text = statement.text("${}").encode()
        try:
            if self._read_only:
                return self._streamed(text, statement.values)
            return self._whole(text, statement.values)
        except psycopg.Error as error:
            if self._connection.closed:
                raise model.UnknownEndError(_reason(error)) from error
            raise model.StatementError(_reason(error)) from error

    def _streamed(self, text: bytes, values: Sequence[str | int]) -> model.Result:
        """Rows one by one, so that a table without end does no harm."""
        cursor = self._connection.cursor()
        rows: list[tuple[Any, ...]] = []
        more = False
        stream = cast("Generator[Any]", cursor.stream(text, values))
        for row in stream:
            if len(rows) == model.LONGEST:
                more = True
                stream.close()
                break
            rows.append(row)
        names = tuple(column.name for column in cursor.description or ())
        return model.Result(names, rows, more)

    def _whole(self, text: bytes, values: Sequence[str | int]) -> model.Result:
        cursor = self._connection.cursor()
        cursor.execute(text, values, prepare=True)
        affected = cursor.rowcount if cursor.rowcount >= 0 else None
        if cursor.description is None:
            return model.Result(affected=affected)
        rows = cursor.fetchmany(model.LONGEST)
        names = tuple(column.name for column in cursor.description)
        return model.Result(names, rows, cursor.fetchone() is not None, affected)

    def commit(self) -> None:
        """Keep what was changed."""
        try:
            self._connection.execute(b"COMMIT")
        except psycopg.Error as error:
            if self._connection.closed:
                raise model.UnknownEndError(_reason(error)) from error
            raise model.StatementError(_reason(error)) from error

    def rollback(self) -> str:
        """Take it back; where the connection is gone, the server does it by itself."""
        if not self._connection.closed:
            self._do("ROLLBACK")
        return ""

    def cancel(self) -> None:
        """End what runs on the server, from outside."""
        try:
            self._connection.cancel_safe(timeout=5)
        except psycopg.Error as error:
            raise model.UnknownEndError(_reason(error)) from error

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def _milliseconds(seconds: float | None) -> int:
    return 0 if seconds is None else max(1, int(seconds * 1000))


def _reason(error: psycopg.Error) -> str:
    """The server's own words, in one line."""
    diagnostic = error.diag
    main = diagnostic.message_primary or " ".join(str(error).split()) or type(error).__name__
    parts = [main, diagnostic.message_detail, diagnostic.message_hint]
    return "; ".join(part.rstrip(".") for part in parts if part)
