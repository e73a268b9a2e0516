"""The command line `postroomctl`."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Callable
from typing import TypeAlias

from postroom import actions, faults, home, limits, service, views
from postroom.home import Home

Work: TypeAlias = Callable[[Home, argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - it has no other name


def parser() -> argparse.ArgumentParser:
    """Everything `postroomctl` understands."""
    top = argparse.ArgumentParser(
        prog="postroomctl", description="Look at Postroom, steer it, heal it.", allow_abbrev=False
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _service(commands)
    _views(commands)
    _letters(commands)
    _store(commands)
    _faults(commands)
    return top


def _add(commands: Commands, name: str, work: Work, **options: bool) -> argparse.ArgumentParser:
    about = (work.__doc__ or "").partition("\n")[0]
    added = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    added.set_defaults(work=work, action=name)
    if options.get("json"):
        added.add_argument("--json", action="store_true", help="for programs")
    return added


def _group(commands: Commands, name: str, about: str) -> Commands:
    group = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    return group.add_subparsers(dest="action", required=True, metavar="ACTION")


def _service(commands: Commands) -> None:
    up = _add(commands, "up", service.up)
    up.add_argument("--workers", type=int, default=limits.WORKERS)
    up.add_argument("--lab", action="store_true", help="let it be broken on purpose")
    up.add_argument("--attached", action="store_true", help="end with whoever started this")
    _add(commands, "down", service.down)
    scale = _add(commands, "scale", actions.scale)
    scale.add_argument("count", type=int, metavar="WORKERS")
    _add(commands, "pause", actions.switch)
    _add(commands, "resume", actions.switch)
    drain = _add(commands, "drain", actions.drain)
    drain.add_argument("--timeout", type=float, default=120.0)
    restart = _group(commands, "restart", "End processes and start them again.")
    worker = _add(restart, "worker", actions.restart)
    worker.add_argument("which", metavar="WORKER|all")
    for name in ("api", "relay"):
        _add(restart, name, actions.restart).set_defaults(which="all")


def _views(commands: Commands) -> None:
    status = _add(commands, "status", views.status, json=True)
    status.add_argument("--check", action="store_true", help="exit 1 unless healthy")
    _add(commands, "queue", views.queue, json=True)
    _add(commands, "workers", views.workers, json=True)
    _add(commands, "connections", views.connections, json=True)
    logs = _add(commands, "logs", views.logs)
    logs.add_argument("process", nargs="?", default="supervisor")
    logs.add_argument("--tail", type=int, default=20)
    logs.add_argument("--follow", action="store_true")
    get = _add(commands, "get", views.get)
    get.add_argument("path")
    get.add_argument("--fail", action="store_true", help="exit 1 unless the answer is good")
    wait = _add(commands, "wait", actions.wait)
    wait.add_argument("condition", choices=["ready", "empty"])
    wait.add_argument("--timeout", type=float, default=60.0)


def _letters(commands: Commands) -> None:
    send = _add(commands, "send", actions.send)
    send.add_argument("to", metavar="ADDRESS")
    send.add_argument("--subject", default="A letter")
    send.add_argument("--body", default="")
    send.add_argument("--count", type=int, default=1)
    dead = _group(commands, "dead", "Letters that were refused for good.")
    listing = _add(dead, "list", views.dead, json=True)
    listing.add_argument("--domain", default="")
    listing.add_argument("--limit", type=int, default=10)
    for name, work in (("requeue", actions.requeue), ("discard", actions.discard)):
        action = _add(dead, name, work)
        action.add_argument("letters", nargs="*", type=int, metavar="LETTER")
        action.add_argument("--domain", default="")
        action.add_argument("--all", action="store_true")
    relay = _group(commands, "relay", "Whom the relay refuses.")
    _add(relay, "rules", views.relay_rules)
    for name in ("refuse", "allow"):
        _add(relay, name, actions.relay).add_argument("domain")


def _store(commands: Commands) -> None:
    quota = _group(commands, "quota", "What fills the spool, and how to make room.")
    _add(quota, "show", views.quota, json=True)
    for name in ("archive", "restore", "purge"):
        _add(quota, name, actions.quota)
    _add(quota, "set", actions.quota).add_argument("kib", type=int, metavar="KIB")
    store = _group(commands, "store", "The database of the queue.")
    _add(store, "check", views.store_check)
    _add(store, "sessions", views.sessions, json=True)
    _add(store, "cancel", actions.cancel).add_argument("session")


def _faults(commands: Commands) -> None:
    broken = _add(commands, "break", faults.break_it)
    broken.add_argument("fault", choices=sorted(faults.FAULTS))
    broken.add_argument("--count", type=int, default=0, help="letters, or workers")
    _add(commands, "mend", faults.mend)


def main() -> None:
    """Carry out one command; trouble is one sentence and exit code 1."""
    given = parser().parse_args()
    given.what = given.action
    work: Work = given.work
    try:
        sys.exit(work(home.from_environment(), given))
    except (home.TroubleError, sqlite3.OperationalError) as trouble:
        sys.exit(f"postroomctl: {trouble}")
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)


if __name__ == "__main__":
    main()
