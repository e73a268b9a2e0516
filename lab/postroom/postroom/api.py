"""The HTTP API on loopback: letters in, health and figures out."""

from __future__ import annotations

import collections
import dataclasses
import http.server
import json
import logging
import sqlite3
import threading
import time
from http import HTTPStatus

from postroom import database, health, intake, limits, metrics, process, roster, spool
from postroom.home import Home
from postroom.letters import Letters
from postroom.pool import ExhaustedError, Pool

log = logging.getLogger("api")


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets."""

    status: HTTPStatus
    body: str
    content_type: str = "application/json"


def answer(status: HTTPStatus, value: object) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(value) + "\n")


def refusal(status: HTTPStatus, message: str) -> Answer:
    """A request that gets nothing but a reason."""
    return answer(status, {"error": message})


class Api(http.server.ThreadingHTTPServer):
    """The server, its pool, and its count of answers."""

    daemon_threads = True

    def __init__(self, home: Home) -> None:
        super().__init__(("127.0.0.1", 0), Request, bind_and_activate=False)
        self.home = home
        self.pool = Pool(home.store)
        self.answers: collections.Counter[int] = collections.Counter()
        self.counting = threading.Lock()


class Request(http.server.BaseHTTPRequestHandler):
    """One request."""

    server: Api
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        """Read something."""
        self.respond(self.get)

    def do_POST(self) -> None:
        """Post a letter."""
        self.respond(self.post)

    def respond(self, work: collections.abc.Callable[[], Answer]) -> None:
        """Carry it out; a store that is out of reach is 503, whatever was asked."""
        try:
            result = work()
        except (ExhaustedError, sqlite3.OperationalError) as error:
            log.warning("%s %s: %s", self.command, self.path, error)
            result = refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        with self.server.counting:
            self.server.answers[result.status] += 1
        body = result.body.encode()
        self.send_response(result.status)
        self.send_header("Content-Type", result.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def get(self) -> Answer:
        """What can be read."""
        match self.path.strip("/").split("/"):
            case ["health"]:
                return answer(HTTPStatus.OK, {"status": "ok"})
            case ["health", "ready"]:
                return self.ready()
            case ["metrics"]:
                return self.metrics()
            case ["connections"]:
                return self.connections()
            case ["letters", number] if number.isdecimal():
                return self.letter(int(number))
            case _:
                return refusal(HTTPStatus.NOT_FOUND, f"There is nothing at {self.path}.")

    def ready(self) -> Answer:
        """200 when all checks hold, 503 when one does not."""
        checks = health.readiness(self.server.home, self.server.pool)
        is_ready = all(check.ok for check in checks)
        try:
            with self.server.pool.borrowed("health warnings") as connection:
                warnings = health.warnings(health.census(connection))
        except ExhaustedError:
            warnings = []
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        found = {
            "status": "ready" if is_ready else "not ready",
            "checks": [dataclasses.asdict(check) for check in checks],
            "warnings": warnings,
        }
        return answer(status, found)

    def metrics(self) -> Answer:
        """The figures."""
        with self.server.pool.borrowed("metrics") as connection:
            census = health.census(connection)
        with self.server.counting:
            answers = {int(code): count for code, count in self.server.answers.items()}
        text = metrics.text(self.server.home, self.server.pool, census, answers)
        return Answer(HTTPStatus.OK, text, "text/plain; version=0.0.4")

    def connections(self) -> Answer:
        """Who holds a connection to the store; it needs none itself."""
        now = time.time()
        loans = [
            {"number": loan.number, "purpose": loan.purpose, "seconds": round(now - loan.since, 1)}
            for loan in self.server.pool.loans()
        ]
        return answer(HTTPStatus.OK, {"size": limits.STORE_CONNECTIONS, "in_use": loans})

    def letter(self, number: int) -> Answer:
        """One letter; this is where the lab lets connections leak."""
        with self.server.pool.borrowed(f"GET /letters/{number}", leaky=True) as connection:
            found = Letters(connection).one(number)
        if found is None:
            return refusal(HTTPStatus.NOT_FOUND, f"There is no letter {number}.")
        return answer(HTTPStatus.OK, found)

    def post(self) -> Answer:
        """What can be posted."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > limits.LARGEST_REQUEST:
            self.close_connection = True
            return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Say how long it is: up to 2 MiB.")
        body = self.rfile.read(int(length))
        with roster.opened(self.server.home) as book:
            closed, lab, quota = book.is_on("closed"), book.is_on("lab"), book.quota()
        if self.path == "/lab/leak" and lab:
            self.server.pool.leaks = True
            return answer(HTTPStatus.OK, {"leaks": True})
        if self.path != "/letters":
            return refusal(HTTPStatus.NOT_FOUND, f"Nothing can be posted to {self.path}.")
        if closed:
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "The intake is closed: it is drained.")
        return self.accept(body, quota)

    def accept(self, body: bytes, quota: int) -> Answer:
        """Keep the letters, then say so: a 202 is only sent when they are on disk."""
        try:
            drafts = intake.read(body)
            texts = {draft.message_id: draft.text for draft in drafts}
            with self.server.pool.borrowed("POST /letters") as connection:
                letters = Letters(connection)
                new = {key: text for key, text in texts.items() if not letters.knows(key)}
                spool.keep(self.server.home, new, quota)
                with database.writing(connection):
                    numbers = [letters.accept(d.message_id, d.recipient) for d in drafts]
        except intake.UnfitError as error:
            return refusal(HTTPStatus.BAD_REQUEST, str(error))
        except spool.FullError as error:
            return refusal(HTTPStatus.INSUFFICIENT_STORAGE, str(error))
        return answer(HTTPStatus.ACCEPTED, {"accepted": len(set(numbers)), "letters": numbers})

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Requests are counted, not logged."""


def main() -> None:
    """Serve until told to end."""
    life = process.begin()
    with Api(life.home) as server:
        server.socket.close()
        server.socket = life.listening_socket()
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        life.beat_in_background("answering requests")
        log.info("listening on port %s", life.home.ports.api)
        life.wait_for_the_end()
        server.shutdown()


if __name__ == "__main__":
    main()
