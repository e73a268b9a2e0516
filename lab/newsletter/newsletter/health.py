"""What works and what does not, as `/api/health` says it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import psycopg
from minio.error import MinioException
from urllib3.exceptions import HTTPError

import redis
from newsletter.services import Services

PAGE = os.sysconf("SC_PAGE_SIZE")
LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
MEMORY_FULL = 0.9
ROOM_FULL = 0.95
TROUBLES = (psycopg.Error, redis.RedisError, MinioException, HTTPError, OSError)


class UnhealthyError(OSError):
    """A part answers, and what it says is not well."""


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One part, and what is wrong with it; an empty reason means that it works."""

    name: str
    reason: str


def memory_limit(paths: tuple[Path, ...] = LIMITS) -> int:
    """The container's memory in bytes; 0 when nobody set a limit."""
    for path in paths:
        text = path.read_text().strip() if path.exists() else "max"
        if text.isdigit() and int(text) < 1 << 50:
            return int(text)
    return 0


def memory_used() -> int:
    """The memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def is_memory_full() -> bool:
    """Whether another request could be one too many."""
    limit = memory_limit()
    return limit > 0 and memory_used() > limit * MEMORY_FULL


def parts(services: Services) -> list[Part]:
    """Ask every part, each in its turn."""
    questions = [
        ("database", _database),
        ("queue", _queue),
        ("workers", _workers),
        ("storage", _storage),
        ("uploads", _uploads),
        ("memory", _memory),
    ]
    return [Part(name, _answer(question, services)) for name, question in questions]


def _answer(question: Callable[[Services], None], services: Services) -> str:
    try:
        question(services)
    except TROUBLES as error:
        return f"{type(error).__name__}: {error}".strip().splitlines()[0]
    return ""


def _database(services: Services) -> None:
    with services.database.session() as session:
        session.execute("SELECT 1")


def _queue(services: Services) -> None:
    services.jobs.set("newsletter:health", 1, ex=60)


def _workers(services: Services) -> None:
    if not services.book.workers():
        raise UnhealthyError("no worker shows a sign of life")


def _storage(services: Services) -> None:
    services.store.check()


def _uploads(services: Services) -> None:
    room = services.spool.room()
    if room.used > room.size * ROOM_FULL:
        raise UnhealthyError(f"the upload volume is {room.used / room.size:.0%} full")


def _memory(_services: Services) -> None:
    if is_memory_full():
        raise UnhealthyError(f"{memory_used() >> 20} MB of {memory_limit() >> 20} MB are used")
