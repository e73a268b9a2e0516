"""The worker's jobs. `dramatiq newsletter.jobs` runs them."""

from __future__ import annotations

import collections
import logging
import socket
import threading
import time
from typing import Any

import dramatiq

import redis
from newsletter import database, mail, queue, sending, settings

SETTINGS = settings.load()
DATABASE = database.Database(SETTINGS.database_url, keeps=1, most=4)
MAIL = mail.MailApi(SETTINGS.mail_url, SETTINGS.mail_key)
BROKER = queue.broker(SETTINGS.queue_url)
log = logging.getLogger("newsletter.jobs")

ALIVE_SECONDS = 4
BEAT = 1.0
ATTEMPTS: dict[str, Any] = {"max_retries": 4, "min_backoff": 500, "max_backoff": 4000}


class Record(dramatiq.Middleware):
    """Says that this worker lives and since when, and remembers jobs that never ended."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def after_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        """Begin to beat."""
        threading.Thread(target=self._beat, daemon=True).start()

    def _beat(self) -> None:
        name, began = f"{queue.WORKER}{socket.gethostname()}", time.time()
        while True:
            try:
                self._redis.set(name, began, ex=ALIVE_SECONDS)
            except redis.RedisError as error:
                log.warning("cannot say that I live: %s", error)
            time.sleep(BEAT)

    def before_process_message(
        self, _broker: dramatiq.Broker, message: dramatiq.MessageProxy
    ) -> None:
        """Count the start."""
        log.info("job %s started: %s%s", message.message_id, message.actor_name, message.args)
        self._redis.hincrby(queue.STARTS, message.message_id, 1)

    def after_process_message(
        self,
        _broker: dramatiq.Broker,
        message: dramatiq.MessageProxy,
        *,
        result: object = None,  # noqa: ARG002 - Dramatiq's signature
        exception: BaseException | None = None,
    ) -> None:
        """Forget the count: it ended, well or not."""
        self._redis.hdel(queue.STARTS, message.message_id)
        outcome = f"failed: {exception}" if exception else "done"
        log.info("job %s %s", message.message_id, outcome)


BROKER.add_middleware(Record(queue.connect(SETTINGS.queue_url)))
dramatiq.set_broker(BROKER)


@dramatiq.actor(queue_name=queue.EMAILS, **ATTEMPTS)
def prepare_campaign(campaign: int) -> None:
    """Write down who gets the campaign, and cut the work into batches."""
    with DATABASE.session() as session:
        sending.owe(session, campaign)
        owed = list(sending.batches(session, campaign))
    for deliveries in owed:
        send_batch.send(deliveries)


@dramatiq.actor(queue_name=queue.EMAILS, **ATTEMPTS)
def send_batch(deliveries: list[int]) -> None:
    """Send a few of a campaign's mails; what is sent already is left alone."""
    for delivery in deliveries:
        try:
            sending.send_one(DATABASE, MAIL, delivery, SETTINGS.public_url)
        except mail.ThrottledError as error:
            raise dramatiq.errors.Retry(str(error), delay=int(error.seconds * 1000)) from error


@dramatiq.actor(queue_name=queue.EMAILS, **ATTEMPTS)
def send_test(key: str, to: str, subject: str, template: str) -> None:
    """Send a campaign to its author, to look at."""
    with DATABASE.session() as session:
        route = sending.route(session)
    text = sending.render(template, to, SETTINGS.public_url)
    try:
        MAIL.send(mail.Mail(f"test/{key}", to, f"[test] {subject}", text), route)
    except mail.RefusedError as error:
        log.warning("delivery failed for good: %s", error)


@dramatiq.actor(queue_name=queue.INSIGHTS, **ATTEMPTS)
def make_insight(campaign: int, bucket_seconds: float) -> None:
    """Find the best time of a campaign.

    Each bucket costs memory, and nothing limits their number: a known weakness, which the fault
    `poison-job` uses.
    """
    with DATABASE.session() as session:
        rows = session.execute(
            "SELECT extract(epoch FROM created_at)::float8 AS at FROM email_events"
            " WHERE campaign_id = %s AND event_type = 'open'",
            (campaign,),
        ).fetchall()
    times = [row["at"] for row in rows] or [time.time()]
    buckets: collections.Counter[int] = collections.Counter()
    for step in range(int((max(times) - min(times)) / bucket_seconds) + 1):
        buckets[step] = 0
    for at in times:
        buckets[int((at - min(times)) / bucket_seconds)] += 1
    best, opens = buckets.most_common(1)[0]
    summary = {"best_bucket": best, "opens_in_it": opens, "opens": len(times)}
    with DATABASE.session() as session:
        session.execute(
            "INSERT INTO insights (campaign_id, summary) VALUES (%s, %s) ON CONFLICT (campaign_id)"
            " DO UPDATE SET summary = excluded.summary, made_at = now()",
            (campaign, database.json(summary)),
        )
