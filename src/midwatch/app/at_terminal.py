"""The watch as somebody at a terminal of its machine sees it, in their own name."""

from __future__ import annotations

import os
from pathlib import Path

from midwatch.access import model as who
from midwatch.app import actors, arranging, serve_settings, serving, settings, watching
from midwatch.base import clock
from midwatch.db import store


def asking() -> watching.Asking:
    """Ask as the person at this terminal; whoever may read the store's file may do everything."""
    found = settings.find((Path.cwd(),))
    return _asking(found, _url(found))


def asking_near(folder: Path) -> watching.Asking | None:
    """The same for the watch of a folder; None where none was ever kept."""
    found = settings.find((folder, Path.cwd()))
    url = _url(found)
    file = serving.file_of(url)
    return None if file is not None and not file.exists() else _asking(found, url)


def _url(found: settings.Settings) -> str:
    return serving.database(found.serve or serve_settings.Serve(), os.environ)


def _asking(found: settings.Settings, url: str) -> watching.Asking:
    return watching.Asking(
        where=store.connect(url),
        given=arranging.arrange(found),
        actor=who.Actor(actors.of(os.environ).name, who.Role.ADMIN),
        now=clock.SystemClock().now(),
    )
