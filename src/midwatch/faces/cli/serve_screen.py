"""What `midwatch serve` shows when it has begun: where it listens, to whom, and who is told."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from rich import text

from midwatch.app import left_open, serve_settings, serving
from midwatch.base import counted
from midwatch.faces.cli import beside, terminal
from midwatch.oncall import directory

LOG = logging.getLogger(__name__)
LABEL = 11


def show(watch: serving.Serving, address: str) -> None:
    """A few lines, the most important first; one line of the log where no person looks."""
    screen = terminal.messages()
    if not screen.is_terminal:
        facts: dict[str, list[str]] = {}
        for label, told, _ in lines(watch, address):
            facts.setdefault(label or next(reversed(facts)), []).append(told)
        LOG.info("Midwatch keeps watch at %s", address, extra={"facts": facts})
        return
    screen.print(text.Text.assemble(("Midwatch ", "bold"), "keeps watch at ", (address, "cyan")))
    for label, told, style in lines(watch, address):
        left = text.Text(f"  {label:<{LABEL}}", style="dim")
        screen.print(beside.Beside(left, [text.Text(told, style=style)]), end="")
    screen.print(text.Text("Ctrl-C ends it.", "dim"))


def show_waiting(watch: serving.Serving, address: str) -> None:
    """Where this one stands by, and for whom."""
    holder = watch.claim.holder()
    screen = terminal.messages()
    if not screen.is_terminal:
        LOG.info("Midwatch stands by at %s while another keeps the watch in %s", address, holder)
        return
    screen.print(text.Text.assemble(("Midwatch ", "bold"), "stands by at ", (address, "cyan")))
    screen.print(text.Text(f"  another one keeps the watch in {holder}"))
    screen.print(text.Text("Ctrl-C ends it.", "dim"))


def show_ended(setup: serving.Setup) -> None:
    """What stands open while nobody keeps watch; another one may keep it in a shared database."""
    number = left_open.count(setup)
    if not number:
        return
    told = f"{counted.of(number, 'incident is', 'incidents are')} not resolved: nobody is paged"
    told += " until `midwatch serve` runs again."
    screen = terminal.messages()
    if screen.is_terminal:
        screen.print()  # below the ^C
        screen.print(text.Text(told, style="yellow"))
    else:
        LOG.warning("%s", told)


def lines(watch: serving.Serving, address: str) -> Iterator[tuple[str, str, str]]:
    """A label, what is told, and its style."""
    setup = watch.setup
    for number, told in enumerate(_sources(setup, address)):
        yield ("alerts" if not number else ""), told, ""
    yield "people", *_people(watch)
    channels = ", ".join(sorted(setup.senders))
    yield "channels", channels or "none: nobody can be told anything", "" if channels else "yellow"
    for name, why in setup.missing.items():
        yield "", f"{name} does not work: {why}", "yellow"
    yield "runbooks", *_runbooks(setup)
    yield "kept in", setup.url.removeprefix("sqlite://"), ""
    if setup.is_open:
        yield "open to", "everybody on this machine: no [tokens] in midwatch.toml", "yellow"
    yield "settings", str(setup.path or "none: no midwatch.toml here or above"), ""


def _sources(setup: serving.Setup, address: str) -> Iterator[str]:
    sources = setup.serve.sources
    if not sources:
        yield f"{address}/intake/alertmanager"
        yield "also /intake/grafana, /intake/generic, /intake/cloudevents"
        yield "PagerDuty's senders: /v2/enqueue; Prometheus itself: /api/v2/alerts"
    for source in sources.values():
        yield f"{source.name} ({source.kind}): {address}{path(source)}"


def path(source: serve_settings.Source) -> str:
    """Where the source hands in."""
    return "/v2/enqueue" if source.kind == "pagerduty" else f"/intake/{source.name}"


def _people(watch: serving.Serving) -> tuple[str, str]:
    known = watch.given.directory
    if not known.people:
        return "none: incidents are recorded, nobody is paged", "yellow"
    now = watch.ticks.now()
    turns = []
    for name in known.schedules:
        for found in known.find(f"schedule:{name}", now):
            who = found.person.id if isinstance(found, directory.Reached) else "nobody"
            turns.append(f"{name}: {who}")
    told = f"{len(known.people)}"
    return f"{told}, on call now {', '.join(turns)}" if turns else told, ""


def _runbooks(setup: serving.Setup) -> tuple[str, str]:
    books = setup.given.library
    if not setup.serve.runbooks:
        return "none: no runbooks in [serve]", "yellow"
    count = len(books.books())
    return f"{count} at {', '.join(setup.serve.runbooks)}", "" if count else "yellow"
