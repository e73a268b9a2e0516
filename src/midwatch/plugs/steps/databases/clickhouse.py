"""ClickHouse by its HTTP interface: values as its own query parameters, no transactions."""

from __future__ import annotations

import json
import urllib.parse
import uuid
from typing import Any

from midwatch.plugs.steps import exchange
from midwatch.plugs.steps.databases import model

PORTS = {"clickhouse": 8123, "clickhouses": 8443}
READ_ONLY = "2"
"""Reading, and limits of the query itself, but nothing else."""
SLACK_SECONDS = 10.0
ANSWER_BYTES = 32_000_000


class Database:
    """A ClickHouse server; each statement is one request."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        secure = parts.scheme == "clickhouses" or "secure=true" in parts.query
        scheme = "https" if secure else "http"
        port = parts.port or PORTS["clickhouses" if secure else "clickhouse"]
        self._address = f"{scheme}://{parts.hostname or 'localhost'}:{port}/"
        self._headers = {
            "X-ClickHouse-User": urllib.parse.unquote(parts.username or "default"),
            "X-ClickHouse-Key": urllib.parse.unquote(parts.password or ""),
            "X-ClickHouse-Database": urllib.parse.unquote(parts.path.lstrip("/")) or "default",
        }
        self._settings: dict[str, str] = {}
        self._seconds = 3600.0
        self._running = ""

    def begin(self, limits: model.Limits, *, read_only: bool) -> None:
        """There is no transaction; reading is held to reading by the server."""
        self.at_once(limits)
        if read_only:
            self._settings |= {
                "readonly": READ_ONLY,
                "max_result_rows": str(model.LONGEST + 1),
                "result_overflow_mode": "break",
            }

    def at_once(self, limits: model.Limits) -> None:
        """Get ready."""
        self._settings = {"default_format": "JSONCompact", "wait_end_of_query": "1"}
        if limits.statement is not None:
            self._settings["max_execution_time"] = f"{limits.statement:g}"
            self._seconds = limits.statement + SLACK_SECONDS

    def run(self, statement: model.Statement) -> model.Result:
        """Carry one statement out."""
        text = statement.pieces[0]
        values = {}
        following = zip(statement.values, statement.pieces[1:], strict=True)
        for number, (value, piece) in enumerate(following, start=1):
            kind = "Int64" if isinstance(value, int) else "String"
            text += f"{{p{number}:{kind}}}{piece}"
            values[f"param_p{number}"] = _escaped(str(value))
        self._running = str(uuid.uuid4())
        answer = self._send(text.rstrip().rstrip(";"), {**values, "query_id": self._running})
        return _result(answer)

    def _send(self, text: str, more: dict[str, str]) -> exchange.Answer:
        query = urllib.parse.urlencode({**self._settings, **more})
        request = exchange.Request(
            "POST", f"{self._address}?{query}", self._headers, text.encode(), self._seconds
        )
        try:
            answer = exchange.send(request, longest=ANSWER_BYTES)
        except exchange.NotSentError as error:
            raise model.StatementError(f"the database cannot be reached: {error}") from error
        except exchange.NoAnswerError as error:
            raise model.UnknownEndError(str(error)) from error
        if answer.status != exchange.OK:
            said = answer.body.decode("utf-8", "replace")
            raise model.StatementError(" ".join(said.split())[:400])
        return answer

    def commit(self) -> None:
        """Nothing: what was changed stays from the moment it was changed."""

    def rollback(self) -> str:
        """ClickHouse takes nothing back."""
        return "ClickHouse has no transactions: what was written stays."

    def cancel(self) -> None:
        """End what runs on the server."""
        if self._running:
            self._send(f"KILL QUERY WHERE query_id = '{self._running}' ASYNC", {})

    def close(self) -> None:
        """Nothing is held open."""


def _escaped(value: str) -> str:
    """A parameter travels as one field of tab-separated values."""
    for plain, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\0", "\\0")):
        value = value.replace(plain, written)
    return value


def _result(answer: exchange.Answer) -> model.Result:
    text = answer.body.decode("utf-8", "replace")
    try:
        found: Any = json.loads(text) if text.strip() else {}
    except ValueError:
        lines = [(line,) for line in text.splitlines()]
        return model.Result(("answer",), lines[: model.LONGEST], len(lines) > model.LONGEST)
    if not isinstance(found, dict) or "meta" not in found:
        summary = json.loads(answer.headers.get("X-ClickHouse-Summary", "{}"))
        written = int(summary.get("written_rows", 0))
        return model.Result(affected=written or None)
    names = tuple(str(column["name"]) for column in found["meta"])
    rows = found.get("data", [])
    return model.Result(names, rows[: model.LONGEST], len(rows) > model.LONGEST)
