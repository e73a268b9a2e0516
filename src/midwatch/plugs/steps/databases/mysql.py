"""MySQL and MariaDB by PyMySQL."""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING, Any

from midwatch.base import errors, lazy
from midwatch.plugs.steps.databases import model

if TYPE_CHECKING:
    import pymysql
    from pymysql import connections
else:
    pymysql = lazy.module("pymysql")

CONNECT_SECONDS = 10
PORT = 3306
LOST = frozenset({2006, 2013, 2055})
"""Error numbers that say the connection is gone."""
TOO_LATE = 1969, 3024
NOT_TAKEN_BACK = 1196


class Database:
    """One connection to a MySQL or MariaDB server."""

    def __init__(self, url: str) -> None:
        self._arguments = _arguments(url)
        self._connection = self._connect()
        self._id = int(str(self._one("SELECT CONNECTION_ID()")))

    def _connect(self) -> connections.Connection[Any]:
        try:
            return pymysql.connect(
                **self._arguments, autocommit=True, connect_timeout=CONNECT_SECONDS
            )
        except (pymysql.Error, OSError) as error:
            reason = _reason(error)
            raise errors.WorldError(f"The database cannot be reached: {reason}.") from error

    def begin(self, limits: model.Limits, *, read_only: bool) -> None:
        """Open a transaction; the server holds a read-only one to reading."""
        self.at_once(limits)
        mode = "ONLY" if read_only else "WRITE"
        self._do(f"SET SESSION TRANSACTION READ {mode}")
        most = str(model.LONGEST + 1) if read_only else "DEFAULT"
        self._do(f"SET SESSION sql_select_limit = {most}")
        self._do("START TRANSACTION READ ONLY" if read_only else "START TRANSACTION")

    def at_once(self, limits: model.Limits) -> None:
        """Set the limits; each of the two servers has a name of its own for the first."""
        if limits.statement is not None:
            maria = "MariaDB" in self._server()
            name = "max_statement_time" if maria else "max_execution_time"
            value = limits.statement if maria else int(limits.statement * 1000)
            self._do(f"SET SESSION {name} = {value}")
        if limits.lock is not None:
            seconds = max(1, int(limits.lock))
            self._do(f"SET SESSION innodb_lock_wait_timeout = {seconds}")
            self._do(f"SET SESSION lock_wait_timeout = {seconds}")

    def _server(self) -> str:
        return str(self._one("SELECT VERSION()"))

    def _one(self, words: str) -> object:
        with self._connection.cursor() as cursor:
            cursor.execute(words)
            row = cursor.fetchone()
        return row[0] if row else None

    def _do(self, words: str) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(words)
        except pymysql.Error as error:
            raise model.StatementError(_reason(error)) from error

    def run(self, statement: model.Statement) -> model.Result:
        """Carry one statement out; the driver writes the values, by the server's own rules."""
        values = statement.values
        text = statement.text("?")
        if values:
            doubled = tuple(piece.replace("%", "%%") for piece in statement.pieces)
            text = model.Statement(doubled).text("%s")
        try:
            with self._connection.cursor() as cursor:
                affected = cursor.execute(text, values or None)
                if not cursor.description:
                    return model.Result(affected=affected)
                rows = cursor.fetchmany(model.LONGEST)
                more = cursor.fetchone() is not None
                names = tuple(str(each[0]) for each in cursor.description)
                return model.Result(names, rows, more)
        except pymysql.Error as error:
            if _number(error) in LOST:
                raise model.UnknownEndError(_reason(error)) from error
            raise model.StatementError(_reason(error)) from error

    def commit(self) -> None:
        """Keep what was changed."""
        try:
            self._connection.commit()
        except pymysql.Error as error:
            if _number(error) in LOST:
                raise model.UnknownEndError(_reason(error)) from error
            raise model.StatementError(_reason(error)) from error

    def rollback(self) -> str:
        """Take it back; tables without transactions keep what was written."""
        try:
            self._connection.rollback()
            with self._connection.cursor() as cursor:
                cursor.execute("SHOW WARNINGS")
                numbers = [row[1] for row in cursor.fetchall()]
        except pymysql.Error:
            return ""  # a connection that is gone is rolled back by the server
        if NOT_TAKEN_BACK in numbers:
            return "A table without transactions (MyISAM) keeps what was written."
        return ""

    def cancel(self) -> None:
        """End what runs on the server, from another connection."""
        other = self._connect()
        with other.cursor() as cursor:
            cursor.execute(f"KILL QUERY {self._id}")
        other.close()

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection.open:
            self._connection.close()


def _arguments(url: str) -> dict[str, Any]:
    parts = urllib.parse.urlsplit(url)
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or PORT,
        "user": urllib.parse.unquote(parts.username or ""),
        "password": urllib.parse.unquote(parts.password or ""),
        "database": urllib.parse.unquote(parts.path.lstrip("/")) or None,
        "charset": "utf8mb4",
        **_options(urllib.parse.parse_qs(parts.query)),
    }


def _options(query: dict[str, list[str]]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if "unix_socket" in query:
        options["unix_socket"] = query["unix_socket"][0]
    if "ssl_ca" in query:
        options["ssl_ca"] = query["ssl_ca"][0]
    return options


def _number(error: Exception) -> int:
    found = error.args[0] if error.args else 0
    return found if isinstance(found, int) else 0


def _reason(error: Exception) -> str:
    """The server's own words, in one line."""
    said = error.args[1] if len(error.args) > 1 else error
    return " ".join(str(said).split()).rstrip(".")
