"""The log of `midwatch serve`: lines for people on a terminal, JSON for machines elsewhere."""

from __future__ import annotations

import datetime
import json
import logging
import sys

OWN = frozenset(vars(logging.makeLogRecord({})))
MARKS = {logging.WARNING: "▲", logging.ERROR: "■", logging.CRITICAL: "■"}


class Lines(logging.Formatter):
    """One JSON object a line, with whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        told = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        extra = {key: value for key, value in vars(record).items() if key not in OWN}
        if record.exc_info:
            extra["trace"] = self.formatException(record.exc_info)
        return json.dumps({**told, **extra}, default=str, ensure_ascii=False)


class ForPeople(logging.Formatter):
    """The time, a mark, a sentence."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        at = datetime.datetime.fromtimestamp(record.created).astimezone()
        line = f"{at:%H:%M:%S} {MARKS.get(record.levelno, ' ')} {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def begin(*, verbose: bool) -> None:
    """Let the log go to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ForPeople() if sys.stderr.isatty() else Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("midwatch").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "httpx"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)
