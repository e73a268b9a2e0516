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
    url = serving.database(found.serve or serve_settings.Serve(), os.environ)
    return watching.Asking(
        where=store.connect(url),
        given=arranging.arrange(found),
        actor=who.Actor(actors.of(os.environ).name, who.Role.ADMIN),
        now=clock.SystemClock().now(),
    )
