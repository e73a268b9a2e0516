"""[status_page] of midwatch.toml: the services that the public may see, and their alerts."""

from __future__ import annotations

import dataclasses

from midwatch.alerts import matching
from midwatch.app import toml_fields
from midwatch.base import errors


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """A name that users know, and the alerts that mean trouble for it."""

    name: str
    matchers: tuple[matching.Matcher, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class StatusPage:
    """What the public may see."""

    title: str
    services: tuple[Service, ...]


def read(table: toml_fields.Table) -> StatusPage:
    """The page as written; a slip is a ValueError or a TypeError."""
    table.only("title", "services")
    services = table.table("services")
    return StatusPage(
        title=table.text("title", "Status"),
        services=tuple(_service(name, services) for name in services),
    )


def _service(name: str, table: toml_fields.Table) -> Service:
    texts = table.names(name)
    if not texts:
        raise ValueError(f"“{name}” in {table.where} has no matcher: which alerts are its trouble?")
    try:
        return Service(name, tuple(matching.parse(text) for text in texts))
    except errors.UserError as error:
        raise ValueError(f"“{name}” in {table.where}: {error.message} {error.hint}") from error
