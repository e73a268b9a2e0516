"""[serve], [sources], [tokens] and [alerts] of midwatch.toml: what a watch listens to."""

from __future__ import annotations

import dataclasses
import datetime
import ipaddress
from collections.abc import Mapping
from typing import Any

from midwatch.access import model as access
from midwatch.alerts import rules
from midwatch.app import alert_settings, secret, toml_fields, watch_addresses
from midwatch.plugs.sources import mapping

NAMES = ("serve", "sources", "tokens", "alerts")
LISTEN = "127.0.0.1:7070"
KINDS = ("alertmanager", "grafana", "pagerduty", "generic", "cloudevents")
MAPPED = ("generic", "cloudevents")
BODY = 1_000_000
KEEP = datetime.timedelta(days=90)
RATE = 60_000
"""Alerts a minute from one source: a storm passes, a loop does not."""
PARTS = tuple(field.name for field in dataclasses.fields(mapping.Paths))


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Somebody who may hand in alerts."""

    name: str
    kind: str
    token: secret.Secret | None = None
    signing_secret: secret.Secret | None = None
    timestamp_header: str = ""
    rate: int = RATE
    paths: mapping.Paths = dataclasses.field(default_factory=mapping.Paths)


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a token."""

    name: str
    role: access.Role
    token: secret.Secret


@dataclasses.dataclass(frozen=True, slots=True)
class Serve:
    """All of it, with no secret in it."""

    host: str = "127.0.0.1"
    port: int = 7070
    database: str = ""
    runbooks: tuple[str, ...] = ()
    target: str = ""
    prometheus: str = ""
    public_url: str = ""
    heartbeat_url: str = ""
    body_limit: int = BODY
    keep: datetime.timedelta = KEEP
    """How long messages, refusals and the record of calls are kept; incidents stay."""
    sources: Mapping[str, Source] = dataclasses.field(default_factory=dict)
    tokens: tuple[Holder, ...] = ()
    rules: rules.Rules = dataclasses.field(default_factory=rules.Rules)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return loopback(self.host)


def read(data: Mapping[str, Any]) -> Serve:
    """What the whole file says of it; a slip is a ValueError or a TypeError."""
    tables = {name: toml_fields.Table(f"[{name}]", data.get(name, {})) for name in NAMES}
    serve = tables["serve"]
    serve.only(
        *("listen", "database", "runbooks", "target", "prometheus", "public_url"),
        *("heartbeat_url", "body_limit", "keep"),
    )
    host, port = address(serve.text("listen", LISTEN), f"listen in {serve.where}")
    sources = tables["sources"]
    return Serve(
        host=host,
        port=port,
        database=serve.text("database", ""),
        runbooks=serve.names("runbooks"),
        target=serve.text("target", ""),
        prometheus=_url(serve, "prometheus"),
        public_url=_url(serve, "public_url"),
        heartbeat_url=serve.text("heartbeat_url", ""),
        body_limit=serve.number("body_limit", BODY, least=1000),
        keep=serve.duration("keep") if "keep" in serve else KEEP,
        sources={name: _source(name, sources.table(name)) for name in sources},
        tokens=tuple(_holder(name, tables["tokens"].table(name)) for name in tables["tokens"]),
        rules=alert_settings.read(tables["alerts"]),
    )


def address(text: str, where: str) -> tuple[str, int]:
    """Host and port; 7070 alone is the port on this machine."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:  # noqa: PLR2004  (the last port there is)
        raise ValueError(f"{where} is “{text}”: write it as {LISTEN}")
    return host.strip("[]") or "127.0.0.1", int(port)


def loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(table: toml_fields.Table, key: str) -> str:
    text = table.text(key, "")
    if text and not watch_addresses.is_url(text):
        raise ValueError(f"{key} in {table.where} is {watch_addresses.NO_URL}")
    return text.rstrip("/")


def _source(name: str, table: toml_fields.Table) -> Source:
    table.only("kind", "token", "signing_secret", "timestamp_header", "rate", "mapping")
    kind = table.one_of("kind", KINDS)
    if "mapping" in table and kind not in MAPPED:
        raise ValueError(f"mapping in {table.where} is for {' and '.join(MAPPED)}, not for {kind}")
    if "signing_secret" in table and kind != "grafana":
        raise ValueError(f"signing_secret in {table.where} is for grafana, not for {kind}")
    return Source(
        name=name,
        kind=kind,
        token=table.secret("token") if "token" in table else None,
        signing_secret=table.secret("signing_secret") if "signing_secret" in table else None,
        timestamp_header=table.text("timestamp_header", "").lower(),
        rate=table.number("rate", RATE),
        paths=_paths(table.table("mapping")),
    )


def _paths(table: toml_fields.Table) -> mapping.Paths:
    table.only(*PARTS)
    given: dict[str, Any] = {
        key: table.names(key) for key in table if key not in {"labels", "resolved"}
    }
    if "labels" in table:
        labels = table.table("labels")
        given["labels"] = {name: labels.text(name) for name in labels}
    if "resolved" in table:
        given["resolved"] = frozenset(word.lower() for word in table.names("resolved"))
    return mapping.Paths(**given)


def _holder(name: str, table: toml_fields.Table) -> Holder:
    table.only("role", "token")
    role = table.one_of("role", tuple(access.Role))
    return Holder(name, access.Role(role), table.secret("token"))
