"""`newsletter`: what an operator does by hand, inside a container of the app."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from newsletter import database as databases
from newsletter import health, mail, queue, sending, services, settings
from newsletter.services import Services

Action = Callable[[Services, argparse.Namespace], int]
EXAMPLE = Path(__file__).parent / "example.sql"


def main() -> int:
    """Do one thing, and say what was done."""
    given = parser().parse_args()
    action: Action = given.action
    try:
        return action(services.connect(settings.load()), given)
    except health.TROUBLES as error:
        reason = str(error).strip().splitlines()[0]
        print(f"newsletter: {type(error).__name__}: {reason}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """Every command."""
    top = argparse.ArgumentParser(prog="newsletter", description=__doc__, allow_abbrev=False)
    rooms = top.add_subparsers(required=True, metavar="ROOM")
    migrate_parser = rooms.add_parser("migrate", help="bring the tables up to date")
    migrate_parser.add_argument(
        "--pending", action="store_true", help="only say what would be done"
    )
    migrate_parser.set_defaults(action=migrate)
    rooms.add_parser("example", help="load example data").set_defaults(action=example)
    rooms.add_parser("health", help="every part and its state").set_defaults(action=show_health)
    _queue(rooms.add_parser("queue", help="jobs").add_subparsers(required=True))
    _mail(rooms.add_parser("mail", help="mail provider").add_subparsers(required=True))
    _uploads(rooms.add_parser("uploads", help="upload volume").add_subparsers(required=True))
    return top


def _queue(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs.add_parser("depth", help="jobs by state").set_defaults(action=depth)
    verbs.add_parser("running", help="jobs in hand").set_defaults(action=running)
    verbs.add_parser("failed", help="jobs that ran out of attempts").set_defaults(action=failed)
    retry_parser = verbs.add_parser("retry", help="put failed jobs back")
    retry_parser.add_argument("--all", action="store_true")
    retry_parser.add_argument("--queue", choices=queue.QUEUES)
    retry_parser.set_defaults(action=retry)
    quarantine_parser = verbs.add_parser("quarantine", help="move jobs to the failed ones")
    quarantine_parser.add_argument("--crashing", action="store_true", required=True)
    quarantine_parser.set_defaults(action=quarantine)


def _mail(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs.add_parser("status", help="ask both routes").set_defaults(action=mail_status)
    use_parser = verbs.add_parser("use", help="send by this route from now on")
    use_parser.add_argument("route", choices=mail.ROUTES)
    use_parser.set_defaults(action=use_route)


def _uploads(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs.add_parser("show", help="how full the volume is").set_defaults(action=show_uploads)
    sweep_parser = verbs.add_parser("sweep", help="move unfinished uploads to the store")
    sweep_parser.add_argument("--older-than", type=float, default=60.0, metavar="SECONDS")
    sweep_parser.set_defaults(action=sweep)
    verbs.add_parser("restore", help="move them back").set_defaults(action=restore)


def migrate(at: Services, given: argparse.Namespace) -> int:
    """Bring the tables up to date."""
    with at.database.session() as session:
        if given.pending:
            names = [path.stem for path in databases.pending(session)]
        else:
            names = databases.migrate(session)
    word = "pending" if given.pending else "applied"
    print(f"{len(names)} migrations {word}" + "".join(f"\n  {name}" for name in names))
    return 0


def example(at: Services, _given: argparse.Namespace) -> int:
    """Load the example data into an empty database."""
    with at.database.session() as session:
        if session.execute("SELECT 1 FROM tenants LIMIT 1").fetchone():
            print("there is data already; nothing was loaded")
            return 0
        session.execute("SET LOCAL statement_timeout = 0")
        session.execute(EXAMPLE.read_bytes())
        print("loaded a tenant with 200 campaigns")
    return 0


def show_health(at: Services, _given: argparse.Namespace) -> int:
    """Every part and its state."""
    parts = health.parts(at)
    for part in parts:
        print(f"{part.name:<10} {part.reason or 'ok'}")
    return 1 if any(part.reason for part in parts) else 0


def depth(at: Services, _given: argparse.Namespace) -> int:
    """Jobs of each queue by state."""
    print(f"{'queue':<16} {'waiting':>8} {'delayed':>8} {'running':>8} {'failed':>8}")
    for name in queue.QUEUES:
        count = at.book.depth(name)
        print(
            f"{name:<16} {count.waiting:>8} {count.delayed:>8} {count.running:>8} {count.failed:>8}"
        )
    print(f"workers alive: {len(at.book.workers())}")
    return 0


def listed(jobs: list[queue.Job]) -> int:
    """A job a line."""
    for job in jobs:
        mark = "  <- crashes its worker" if job.starts >= queue.CRASHING else ""
        print(f"{job.key}  {job.queue}  {job.name}({job.arguments})  starts: {job.starts}{mark}")
    print(f"{len(jobs)} jobs")
    return 0


def running(at: Services, _given: argparse.Namespace) -> int:
    """Jobs that a worker has in hand, and how often they began without an end."""
    return listed(at.book.running())


def failed(at: Services, _given: argparse.Namespace) -> int:
    """Jobs that ran out of attempts."""
    return listed(at.book.failed())


def retry(at: Services, given: argparse.Namespace) -> int:
    """Put failed jobs back: all of them, or those of one queue."""
    if not given.all and given.queue is None:
        print("newsletter: say which: --all, or --queue NAME", file=sys.stderr)
        return 2
    jobs = [job for job in at.book.failed() if given.all or job.queue == given.queue]
    for job in jobs:
        at.book.retry(job, at.broker)
    print(f"put {len(jobs)} jobs back")
    return 0


def quarantine(at: Services, _given: argparse.Namespace) -> int:
    """Take the jobs that crash their workers out of the queue, and others with the same words."""
    jobs = at.book.crashing()
    for job in jobs:
        at.book.quarantine(job)
    return listed(jobs)


def mail_status(at: Services, _given: argparse.Namespace) -> int:
    """What both routes answer, and which is in use."""
    with at.database.session() as session:
        used = sending.route(session)
    for name in mail.ROUTES:
        mark = "  <- in use" if name == used else ""
        print(f"{name:<8} HTTP {at.mail.domains(name)}{mark}")
    return 0


def use_route(at: Services, given: argparse.Namespace) -> int:
    """Send by this route from now on."""
    with at.database.session() as session:
        before = sending.route(session)
        sending.choose_route(session, given.route)
    print(f"mail goes by {given.route} from now on (before: {before})")
    return 0


def show_uploads(at: Services, _given: argparse.Namespace) -> int:
    """How full the upload volume is, and of what."""
    room = at.spool.room()
    print(f"{room.used / room.size:.0%} of {room.size >> 20} MB used")
    print(f"{len(at.spool.unfinished(0))} uploads on it, finished ones are in the store")
    return 0


def sweep(at: Services, given: argparse.Namespace) -> int:
    """Move unfinished uploads to the store."""
    moved = at.spool.sweep(at.store, given.older_than)
    print(f"moved {len(moved)} unfinished uploads to the store")
    return 0


def restore(at: Services, _given: argparse.Namespace) -> int:
    """Move them back."""
    print(f"moved {len(at.spool.restore(at.store))} unfinished uploads back")
    return 0


if __name__ == "__main__":
    sys.exit(main())
