"""What a team has arranged, put together from midwatch.toml and its runbooks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from midwatch.alerts import probes, rule_file
from midwatch.app import (
    library,
    regular_settings,
    runbook_policies,
    serve_settings,
    settings,
    watch_settings,
)
from midwatch.base import clock, errors
from midwatch.checks import durations
from midwatch.engine.watch import arrangements, probing
from midwatch.plugs.probes import http, promql


def folder(found: settings.Settings) -> Path:
    """Where the runbooks' paths begin: beside midwatch.toml."""
    return found.path.parent if found.path else Path.cwd()


def arrange(found: settings.Settings) -> arrangements.Arrangements:
    """Rules, people, policies and runbooks, ready to be used."""
    serve = found.serve or serve_settings.Serve()
    watch = found.watch or watch_settings.Watch()
    regular = found.regular or regular_settings.Regular()
    _require_targets(found, regular)
    books = library.Library(folder(found), serve.runbooks)
    return arrangements.Arrangements(
        rules=serve.rules,
        directory=watch.directory,
        policies=runbook_policies.Policies(watch, books, clock.SystemClock()),
        default_policy=watch.default_policy,
        waits=watch.waits,
        severities=watch.severities,
        library=books,
        public_url=serve.public_url,
        target=serve.target,
        remediations=regular.remediations,
        heartbeats=regular.heartbeats,
        windows=regular.windows,
        periodic=regular.periodic,
        procedure_probes=regular.procedure_probes,
    )


def _require_targets(found: settings.Settings, regular: regular_settings.Regular) -> None:
    """Refuse targets that the file does not have: at three in the morning it is too late."""
    named = [each.target for each in regular.remediations]
    named += [each.target for each in regular.periodic if each.target]
    named += [each.target for each in regular.procedure_probes if each.target]
    for name in named:
        found.target(name)


def probes_of(found: settings.Settings, given: arrangements.Arrangements) -> list[probing.Watched]:
    """The looks that the watch takes by itself: at web addresses, and by the runbooks' rules."""
    regular = found.regular or regular_settings.Regular()
    watched = [
        probing.Watched(probe, partial(http.look, address)) for probe, address in regular.addresses
    ]
    if regular.rules_every is None:
        return watched
    serve = found.serve or serve_settings.Serve()
    if not serve.prometheus:
        raise errors.UserError(
            "[rules] evaluate = true, and nobody says where Prometheus is.",
            'Name it: [serve] prometheus = "http://127.0.0.1:9090".',
        )
    return [*watched, *_rules(given.library, serve.prometheus, regular.rules_every)]


def _rules(
    books: arrangements.Library, prometheus: str, every: datetime.timedelta
) -> Iterator[probing.Watched]:
    """Each rule that a runbook says whole, asked of Prometheus."""
    for outcome in rule_file.export(books.books()):
        if not isinstance(outcome, rule_file.Exported):
            continue
        fields = outcome.fields
        annotations = fields["annotations"]
        seconds = durations.seconds(fields.get("for", "")) or 0.0
        probe = probes.Probe(
            name=fields["alert"],
            every=every,
            lasting=datetime.timedelta(seconds=seconds),
            severity=fields.get("labels", {}).get("severity", ""),
            summary=annotations["summary"],
            runbook_url=annotations["runbook_url"],
        )
        condition = promql.Condition(prometheus, fields["expr"])
        yield probing.Watched(probe, partial(promql.look, condition))
