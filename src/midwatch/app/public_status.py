"""The use case behind the status page: how each service is, and nothing that an alert says."""

from __future__ import annotations

import datetime

from midwatch.alerts import lists, matching
from midwatch.app import status_settings
from midwatch.db import store
from midwatch.incidents import status_page


def page(
    where: store.Store, given: status_settings.StatusPage, now: datetime.datetime
) -> status_page.Page:
    """How every service is now."""
    firing = lists.firing_in_open_incidents(where)
    services = []
    for service in given.services:
        since = [at for labels, at in firing if matching.all_match(service.matchers, labels)]
        first = min(since, default=None)
        services.append(status_page.Service(service.name, well=first is None, since=first))
    return status_page.Page(given.title, now, services)
