"""The figures, in the text that Prometheus reads."""

from __future__ import annotations

import time
from collections.abc import Mapping

from postroom import roster, spool
from postroom.home import Home
from postroom.letters import Census
from postroom.pool import Pool


def text(home: Home, pool: Pool, census: Census, answers: dict[int, int]) -> str:
    """Everything there is to know, one metric after the other."""
    with roster.opened(home) as book:
        workers = book.processes(roster.Kind.WORKER)
        usage = spool.usage(home, book.quota())
    now = time.time()
    states = dict.fromkeys(map(str, roster.State), 0)
    for worker in workers:
        states[worker.state(now)] += 1
    letters = {
        state: getattr(census, state) for state in ("waiting", "leased", "delivered", "dead")
    }
    return "".join(
        [
            _metric("postroom_letters", "gauge", "Letters by state.", "state", letters),
            _metric("postroom_workers", "gauge", "Workers by state.", "state", states),
            _metric("postroom_http_requests_total", "counter", "Answers by code.", "code", answers),
            _plain("postroom_oldest_waiting_seconds", census.oldest_waiting_seconds),
            _plain("postroom_store_connections_in_use", len(pool.loans())),
            _plain("postroom_spool_bytes", usage.used),
            _plain("postroom_spool_quota_bytes", usage.quota),
        ]
    )


def _metric(
    name: str, kind: str, about: str, label: str, values: Mapping[str, int] | Mapping[int, int]
) -> str:
    lines = [f"# HELP {name} {about}\n", f"# TYPE {name} {kind}\n"]
    lines += [f'{name}{{{label}="{key}"}} {value}\n' for key, value in values.items()]
    return "".join(lines)


def _plain(name: str, value: float) -> str:
    return f"# TYPE {name} gauge\n{name} {value}\n"
