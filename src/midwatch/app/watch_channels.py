"""[channels] of midwatch.toml: what carries messages; secrets only as the names of variables."""

from __future__ import annotations

import dataclasses
import urllib.parse
from collections.abc import Callable, Mapping
from typing import TypeVar

from midwatch.app import secret, toml_fields, watch_addresses

SLACK_URL = "https://slack.com/api"
PAGERDUTY_URL = "https://events.pagerduty.com"
TWILIO_URL = "https://api.twilio.com"


@dataclasses.dataclass(frozen=True, slots=True)
class Slack:
    """A Slack app's bot."""

    token: secret.Secret
    signing_secret: secret.Secret | None
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class Email:
    """A server that takes mail."""

    host: str
    port: int
    encryption: str
    """`none`, `starttls` or `tls`."""
    sender: str
    user: str
    password: secret.Secret | None


@dataclasses.dataclass(frozen=True, slots=True)
class PagerDuty:
    """Services of PagerDuty, by the name that people give as their address."""

    keys: Mapping[str, secret.Secret]
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class Webhook:
    """Receivers that check a signature."""

    secret: secret.Secret


@dataclasses.dataclass(frozen=True, slots=True)
class Sms:
    """An account with Twilio, or with somebody who speaks as Twilio does."""

    account: str
    token: secret.Secret
    sender: str
    url: str


@dataclasses.dataclass(frozen=True, slots=True)
class Apprise:
    """Apprise URLs, by the name that people give as their address."""

    urls: Mapping[str, secret.Secret]


@dataclasses.dataclass(frozen=True, slots=True)
class Channels:
    """What a team has set up."""

    slack: Slack | None = None
    email: Email | None = None
    pagerduty: PagerDuty | None = None
    webhook: Webhook | None = None
    sms: Sms | None = None
    apprise: Apprise | None = None

    def names(self) -> tuple[str, ...]:
        """The channels that are set up."""
        return tuple(each for each in watch_addresses.CHANNELS if getattr(self, each) is not None)


def read(table: toml_fields.Table) -> Channels:
    """All of [channels]."""
    table.only(*watch_addresses.CHANNELS)
    return Channels(
        slack=_maybe(table, "slack", _slack),
        email=_maybe(table, "email", _email),
        pagerduty=_maybe(table, "pagerduty", _pagerduty),
        webhook=_maybe(table, "webhook", _webhook),
        sms=_maybe(table, "sms", _sms),
        apprise=_maybe(table, "apprise", _apprise),
    )


Made = TypeVar("Made")


def _maybe(
    table: toml_fields.Table, name: str, made: Callable[[toml_fields.Table], Made]
) -> Made | None:
    return made(table.table(name)) if name in table else None


def _slack(table: toml_fields.Table) -> Slack:
    table.only("token", "signing_secret", "url")
    signing = table.secret("signing_secret") if "signing_secret" in table else None
    return Slack(table.secret("token"), signing, url(table, "url", SLACK_URL))


def _email(table: toml_fields.Table) -> Email:
    table.only("smtp", "from", "user", "password")
    parts = urllib.parse.urlsplit(table.text("smtp"))
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(
            f"smtp in {table.where} is no server: write smtp://host:25 (no encryption), "
            "smtp+starttls://host:587 or smtps://host:465"
        )
    if parts.password is not None or parts.username is not None:
        raise ValueError(
            f"smtp in {table.where} holds a user: write user and password of their own"
        )
    encryption, port = PORTS[parts.scheme]
    sender = table.text("from")
    if not watch_addresses.is_email(sender.rpartition("<")[2].rstrip(">")):
        raise ValueError(f"from in {table.where} is “{sender[:60]}”, not an e-mail address")
    password = table.secret("password") if "password" in table else None
    user = table.text("user", "")
    if bool(user) is not bool(password):
        raise ValueError(f"{table.where} has a user or a password, and needs both or neither")
    if user and encryption == "none" and parts.hostname not in LOOPBACK:
        raise ValueError(
            f"{table.where} would send its password unencrypted: write smtp+starttls://"
        )
    return Email(parts.hostname, parts.port or port, encryption, sender, user, password)


PORTS = {"smtp": ("none", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _pagerduty(table: toml_fields.Table) -> PagerDuty:
    table.only("routing_key", "keys", "url")
    keys = _named(table.table("keys"))
    if "routing_key" in table:
        keys[watch_addresses.DEFAULT] = table.secret("routing_key")
    if not keys:
        raise ValueError(f"{table.where} has no routing_key")
    return PagerDuty(keys, url(table, "url", PAGERDUTY_URL))


def _named(table: toml_fields.Table) -> dict[str, secret.Secret]:
    return {name: table.secret(name) for name in table}


def _webhook(table: toml_fields.Table) -> Webhook:
    table.only("secret")
    return Webhook(table.secret("secret"))


def _sms(table: toml_fields.Table) -> Sms:
    table.only("account", "token", "from", "url")
    return Sms(
        table.text("account"),
        table.secret("token"),
        table.text("from"),
        url(table, "url", TWILIO_URL),
    )


def _apprise(table: toml_fields.Table) -> Apprise:
    table.only("urls", "url")
    urls = _named(table.table("urls"))
    if "url" in table:
        urls[watch_addresses.DEFAULT] = table.secret("url")
    if not urls:
        raise ValueError(f"{table.where} has no urls")
    return Apprise(urls)


def url(table: toml_fields.Table, key: str, default: str) -> str:
    """The address of a server: http or https, without a password in it."""
    text = table.text(key, default)
    if not watch_addresses.is_url(text):
        raise ValueError(f"{key} in {table.where} is {watch_addresses.NO_URL}")
    return text.rstrip("/")
