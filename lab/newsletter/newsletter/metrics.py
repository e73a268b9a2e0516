"""What Prometheus reads from `/metrics`: counted as it happens, or asked when it is read."""

from __future__ import annotations

from collections.abc import Iterator

import prometheus_client
import psycopg
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import redis
from newsletter import database, health, queue
from newsletter.services import Services

PATIENCE = 0.5

REQUESTS = prometheus_client.Counter(
    "newsletter_http_requests", "Requests answered", ["route", "code"]
)
SECONDS = prometheus_client.Histogram(
    "newsletter_http_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


class Current(Collector):
    """What is asked at the moment Prometheus looks.

    It holds one database session of its own, so that it can count sessions when none are left.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._held = database.Database(
            services.settings.database_url, keeps=1, most=1, patience=PATIENCE
        )

    def collect(self) -> Iterator[Metric]:
        """Parts, jobs, mails, memory and room."""
        up = GaugeMetricFamily("newsletter_up", "1 when the part works", labels=["part"])
        for part in health.parts(self._services):
            up.add_metric([part.name], 0 if part.reason else 1)
        yield up
        yield GaugeMetricFamily("newsletter_memory_bytes", "Held", health.memory_used())
        yield GaugeMetricFamily("newsletter_memory_limit_bytes", "Given", health.memory_limit())
        room = self._services.spool.room()
        yield GaugeMetricFamily("newsletter_uploads_used_bytes", "Upload volume", room.used)
        yield GaugeMetricFamily("newsletter_uploads_size_bytes", "Upload volume", room.size)
        yield from self._jobs()
        yield from self._deliveries()

    def _jobs(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("newsletter_jobs", "Jobs", labels=["queue", "state"])
        book = self._services.book
        try:
            for name in queue.QUEUES:
                depth = book.depth(name)
                jobs.add_metric([name, "waiting"], depth.waiting)
                jobs.add_metric([name, "delayed"], depth.delayed)
                jobs.add_metric([name, "running"], depth.running)
                jobs.add_metric([name, "failed"], depth.failed)
            crashing = sum(job.starts >= queue.CRASHING for job in book.running())
            workers = book.workers()
        except redis.RedisError:
            return
        yield jobs
        yield GaugeMetricFamily("newsletter_jobs_crashing", "Began often, never ended", crashing)
        yield GaugeMetricFamily("newsletter_workers", "Workers that live", len(workers))
        began = GaugeMetricFamily("newsletter_worker_began_seconds", "Since", labels=["worker"])
        for worker, time in workers.items():
            began.add_metric([worker], time)
        yield began

    def _deliveries(self) -> Iterator[Metric]:
        mails = GaugeMetricFamily("newsletter_deliveries", "Mails", labels=["state"])
        try:
            with self._held.session() as session:
                states = session.execute(
                    "SELECT state, count(*) AS n FROM deliveries GROUP BY state"
                ).fetchall()
                sessions = session.execute(
                    "SELECT count(*) AS n,"
                    " count(*) FILTER (WHERE cardinality(pg_blocking_pids(pid)) > 0) AS blocked"
                    " FROM pg_stat_activity WHERE backend_type = 'client backend'"
                ).fetchone()
        except psycopg.Error:
            return
        for state in states:
            mails.add_metric([state["state"]], state["n"])
        yield mails
        if sessions:
            yield GaugeMetricFamily("newsletter_database_sessions", "Open", sessions["n"])
            yield GaugeMetricFamily("newsletter_database_blocked", "Waiting", sessions["blocked"])
