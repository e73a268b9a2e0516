"""Everything a process talks to, put together once."""

from __future__ import annotations

import dataclasses

from dramatiq.brokers.redis import RedisBroker

import redis
from newsletter import database, mail, queue, storage
from newsletter.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Services:
    """The servers behind Newsletter."""

    settings: Settings
    database: database.Database
    broker: RedisBroker
    jobs: redis.Redis
    cache: redis.Redis
    book: queue.Book
    mail: mail.MailApi
    store: storage.Store
    spool: storage.Spool


def connect(settings: Settings) -> Services:
    """Clients for all of them; nothing is asked of any server yet."""
    client = queue.connect(settings.queue_url)
    return Services(
        settings=settings,
        database=database.Database(settings.database_url),
        broker=queue.broker(settings.queue_url),
        jobs=client,
        cache=queue.connect(settings.cache_url),
        book=queue.Book(client),
        mail=mail.MailApi(settings.mail_url, settings.mail_key),
        store=storage.Store(settings.store),
        spool=storage.Spool(settings.uploads),
    )
