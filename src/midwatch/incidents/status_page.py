"""The status page: what the public may see, and nothing else. Titles never come from alerts."""

from __future__ import annotations

import dataclasses
import datetime
import html
import json
import string
from collections.abc import Sequence
from pathlib import Path

TEMPLATE = string.Template(Path(__file__).with_name("status_page.html").read_text(encoding="utf-8"))
WORDS = {"ok": "All systems work", "trouble": "We are working on a problem"}


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """Something that users know by name, and how it is."""

    name: str
    well: bool
    since: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """The page at one moment."""

    title: str
    at: datetime.datetime
    services: Sequence[Service]

    @property
    def well(self) -> bool:
        """Whether everything works."""
        return all(service.well for service in self.services)


def as_json(page: Page) -> str:
    """The page for programs."""
    fields = {
        "version": 1,
        "title": page.title,
        "status": "ok" if page.well else "trouble",
        "at": page.at.isoformat(timespec="seconds"),
        "services": [
            {
                "name": each.name,
                "status": "ok" if each.well else "trouble",
                "since": each.since.isoformat(timespec="seconds") if each.since else None,
            }
            for each in page.services
        ],
    }
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def as_html(page: Page) -> str:
    """The page for people: one file, no script, nothing loaded from elsewhere."""
    rows = "\n".join(_row(each) for each in page.services)
    word = WORDS["ok" if page.well else "trouble"]
    mood = "ok" if page.well else "trouble"
    return TEMPLATE.substitute(
        title=html.escape(page.title),
        word=word,
        mood=mood,
        rows=rows,
        at=f"{page.at:%Y-%m-%d %H:%M} UTC",
    )


def _row(service: Service) -> str:
    state = "works" if service.well else "trouble"
    since = f" since {service.since:%H:%M} UTC" if service.since and not service.well else ""
    mood = "ok" if service.well else "trouble"
    return f'<li class="{mood}"><span>{html.escape(service.name)}</span><b>{state}{since}</b></li>'
