"""What the environment says about where everything is."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class StoreSettings:
    """The S3-compatible store and who we are there."""

    endpoint: str
    bucket: str
    key_id: str
    secret: str


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process of Newsletter needs to know."""

    database_url: str
    queue_url: str
    cache_url: str
    mail_url: str
    mail_key: str
    store: StoreSettings
    uploads: Path
    public_url: str
    version: str


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; what is not set gets the name it has in the compose file."""
    get = environment.get
    redis = get("REDIS_URL", "redis://redis:6379")
    store = StoreSettings(
        endpoint=get("STORE_ENDPOINT", "store:9000"),
        bucket=get("STORE_BUCKET", "newsletter-assets"),
        key_id=get("AWS_ACCESS_KEY_ID", "newsletter"),
        secret=get("AWS_SECRET_ACCESS_KEY", ""),
    )
    return Settings(
        database_url=get("DATABASE_URL", "postgresql://newsletter@postgres/newsletter"),
        queue_url=f"{redis}/0",
        cache_url=f"{redis}/1",
        mail_url=get("MAIL_API_URL", "http://mail-provider:8025"),
        mail_key=get("MAIL_API_KEY", ""),
        store=store,
        uploads=Path(get("UPLOADS", "/var/lib/newsletter/uploads")),
        public_url=get("PUBLIC_URL", "http://localhost:3000"),
        version=get("NEWSLETTER_VERSION", "development"),
    )
