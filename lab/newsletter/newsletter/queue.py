"""The job queue: Dramatiq, which keeps all of its state in Redis.

Waiting jobs are a list, `dramatiq:<queue>`; jobs that wait for their next attempt are the list
`dramatiq:<queue>.DQ`; failed jobs are a sorted set, `dramatiq:<queue>.XQ`.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker

import redis

EMAILS = "campaign-emails"
INSIGHTS = "ai-insights"
QUEUES = (EMAILS, INSIGHTS)

STARTS = "newsletter:starts"
WORKER = "newsletter:worker:"
HEARTBEAT_TIMEOUT_MS = 5_000
MAINTENANCE_PER_MILLION = 500_000
CRASHING = 3
PATIENCE = 2.0


@dataclasses.dataclass(frozen=True, slots=True)
class Depth:
    """How many jobs of one queue are in which state."""

    waiting: int
    delayed: int
    running: int
    failed: int


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """A job as an operator sees it."""

    queue: str
    key: str
    name: str
    arguments: str
    starts: int


def connect(url: str) -> redis.Redis:
    """A client that gives up soon, so that a request never hangs on Redis."""
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=False
    )


def broker(url: str) -> RedisBroker:
    """The broker; a job whose worker went silent is given to another after five seconds."""
    made = RedisBroker(  # type: ignore[no-untyped-call] # as Dramatiq is
        client=connect(url),
        heartbeat_timeout=HEARTBEAT_TIMEOUT_MS,
        maintenance_chance=MAINTENANCE_PER_MILLION,
    )
    for name in QUEUES:
        made.declare_queue(name)
    return made


class Book:
    """What is in the queues, read and put right by an operator's hand."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis: Any = client  # its answers depend on the command; its types do not say so

    def depth(self, queue: str) -> Depth:
        """Count the jobs of a queue."""
        base = f"dramatiq:{queue}"
        waiting = int(self._redis.llen(base))
        known = int(self._redis.hlen(f"{base}.msgs"))
        delayed = int(self._redis.hlen(f"{base}.DQ.msgs"))
        failed = int(self._redis.zcard(f"{base}.XQ"))
        return Depth(waiting, delayed, max(0, known - waiting), failed)

    def workers(self) -> dict[str, float]:
        """Workers that have shown a sign of life in the last seconds, and when each began."""
        names = list(self._redis.scan_iter(match=f"{WORKER}*", count=1000))
        began = self._redis.mget(names) if names else []
        return {
            name.decode().removeprefix(WORKER): float(time)
            for name, time in zip(names, began, strict=True)
            if time is not None
        }

    def running(self) -> list[Job]:
        """Jobs that a worker has taken and not finished, or that crashed one and wait again."""
        return [job for queue in QUEUES for job in self._taken(queue)]

    def crashing(self) -> list[Job]:
        """Jobs that began often and never ended, and all others with the same words."""
        known = [job for queue in QUEUES for job in self._known(queue)]
        guilty = {(job.name, job.arguments) for job in known if job.starts >= CRASHING}
        return [job for job in known if (job.name, job.arguments) in guilty]

    def failed(self) -> list[Job]:
        """Jobs that ran out of attempts."""
        return [
            self._job(queue, key, data)
            for queue in QUEUES
            for key, data in self._redis.hgetall(f"dramatiq:{queue}.XQ.msgs").items()
        ]

    def _taken(self, queue: str) -> list[Job]:
        waiting = set(self._redis.lrange(f"dramatiq:{queue}", 0, -1))
        jobs = self._known(queue)
        return [job for job in jobs if job.key.encode() not in waiting or job.starts >= CRASHING]

    def _known(self, queue: str) -> list[Job]:
        everything = self._redis.hgetall(f"dramatiq:{queue}.msgs")
        return [self._job(queue, key, data) for key, data in everything.items()]

    def _job(self, queue: str, key: bytes, data: bytes) -> Job:
        message = json.loads(data)
        starts = int(self._redis.hget(STARTS, message["message_id"]) or 0)
        arguments = ", ".join(str(part) for part in message["args"])
        return Job(queue, key.decode(), message["actor_name"], arguments, starts)

    def retry(self, job: Job, owner: RedisBroker) -> None:
        """Put a failed job back; in the queue first, so that a crash here loses nothing."""
        base = f"dramatiq:{job.queue}.XQ"
        data = self._redis.hget(f"{base}.msgs", job.key)
        if data is None:
            return
        message = dramatiq.Message.decode(data)
        for option in ("retries", "traceback", "eta"):
            message.options.pop(option, None)
        self._redis.hdel(STARTS, message.message_id)
        owner.enqueue(message.copy(queue_name=job.queue))
        self._redis.zrem(base, job.key)
        self._redis.hdel(f"{base}.msgs", job.key)

    def quarantine(self, job: Job) -> None:
        """Move a job to the failed ones, whoever holds it, in one transaction."""
        base = f"dramatiq:{job.queue}"
        data = self._redis.hget(f"{base}.msgs", job.key)
        if data is None:
            return
        now = int(self._redis.time()[0]) * 1000
        holders = list(self._redis.scan_iter(match=f"dramatiq:__acks__.*.{job.queue}"))
        with self._redis.pipeline(transaction=True) as change:
            change.lrem(base, 0, job.key)
            for holder in holders:
                change.srem(holder, job.key)
            change.zadd(f"{base}.XQ", {job.key: now})
            change.hset(f"{base}.XQ.msgs", job.key, data)
            change.hdel(f"{base}.msgs", job.key)
            change.execute()
