"""A source says that somebody has acknowledged: the incident of its alert is theirs."""

from __future__ import annotations

from midwatch.access import model as who
from midwatch.alerts import intake
from midwatch.app import serve_settings, serving, watching
from midwatch.base import errors
from midwatch.db import store
from midwatch.incidents import acts


async def by_source(
    watch: serving.Serving, source: serve_settings.Source, fingerprint: str
) -> None:
    """Acknowledge the incident; WorldError while the alert waits for its incident."""
    actor = who.Actor(f"source:{source.name}", who.Role.RESPONDER)

    def work(where: store.Store) -> None:
        open_at = intake.incident_of(where, source.name, fingerprint)
        if open_at is None:
            return
        if not open_at:
            raise errors.WorldError("The alert has no incident yet.", "Send again in a second.")
        asking = watching.Asking(where, watch.given, actor, watch.ticks.now())
        watching.respond(asking, open_at, acts.Acknowledge())

    await watch.desk.ask(work)
