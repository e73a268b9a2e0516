"""The log of `midwatch serve`: lines for people on a terminal, JSON for machines elsewhere."""

from __future__ import annotations

import atexit
import contextlib
import datetime
import json
import logging
import queue
import shutil
import sys
import textwrap
from logging import handlers

from midwatch.base import clock

OWN = frozenset(vars(logging.makeLogRecord({})))
INDENT = " " * 11
NARROW = 40
MOST_WAITING = 10_000
LAST_LINES = 2.0
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
        told = f"{at:%H:%M:%S} {MARKS.get(record.levelno, ' ')} {record.getMessage()}"
        width = max(shutil.get_terminal_size().columns, NARROW)
        line = textwrap.fill(told, width, subsequent_indent=INDENT, break_long_words=False)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Aside(handlers.QueueHandler):
    """Hands lines to a thread of their own: a log that nobody reads must not stop the watch."""

    def enqueue(self, record: logging.LogRecord) -> None:
        """Keep the line until it is written; drop it where too many wait."""
        with contextlib.suppress(queue.Full):
            self.queue.put_nowait(record)

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """It stays in this process: nothing need be packed."""
        return record


def begin(*, verbose: bool) -> None:
    """Let the log go to standard error."""
    writing = logging.StreamHandler(sys.stderr)
    writing.setFormatter(ForPeople() if sys.stderr.isatty() else Lines())
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(MOST_WAITING)
    listener = handlers.QueueListener(waiting, writing)
    listener.start()
    atexit.register(_end, waiting)
    root = logging.getLogger()
    root.handlers[:] = [Aside(waiting)]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("midwatch").setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "httpx"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)


def _end(waiting: queue.Queue[logging.LogRecord]) -> None:
    """Give the last lines a moment to be written."""
    ticks = clock.SystemClock()
    until = ticks.monotonic() + LAST_LINES
    while not waiting.empty() and ticks.monotonic() < until:
        ticks.sleep(0.01)
