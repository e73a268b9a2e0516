"""The relay: a small SMTP server on loopback that counts what it is given and delivers nothing."""

from __future__ import annotations

import email.parser
import email.policy
import logging
import socketserver
import threading
import time

from postroom import limits, process, relay_book
from postroom.home import Home

LONGEST_LINE = 4096
log = logging.getLogger("relay")


class Conversation(socketserver.StreamRequestHandler):
    """One SMTP conversation (RFC 5321, as much as a worker speaks)."""

    server: Relay
    disable_nagle_algorithm = True
    timeout = 60

    def handle(self) -> None:
        """Greet, then answer each line until the other side leaves."""
        self.sender: str | None = None
        self.recipients: list[str] = []
        self.answer(220, "postroom relay")
        while line := self.rfile.readline(LONGEST_LINE):
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                self.answer(221, "bye")
                return
            self.answer(*self.obey(verb.upper(), rest))

    def answer(self, code: int, text: str) -> None:
        """One line back."""
        self.wfile.write(f"{code} {text}\r\n".encode())

    def obey(self, verb: str, rest: str) -> tuple[int, str]:
        """Carry out one command."""
        match verb:
            case "EHLO" | "HELO":
                return 250, "postroom relay"
            case "NOOP":
                return 250, "ok"
            case "RSET":
                self.sender, self.recipients = None, []
                return 250, "ok"
            case "MAIL":
                self.sender, self.recipients = address(rest), []
                return 250, "ok"
            case "RCPT":
                return self.recipient(address(rest))
            case "DATA":
                return self.data()
            case _:
                return 500, f"{verb[:20]} is not known here"

    def recipient(self, who: str) -> tuple[int, str]:
        """Accept a recipient, unless its domain is refused."""
        if self.sender is None:
            return 503, "MAIL comes first"
        with relay_book.opened(self.server.home) as book:
            if who.rpartition("@")[2].lower() in book.refused():
                return 550, f"5.7.1 <{who}>: mail to this domain is refused by a relay rule"
        self.recipients.append(who)
        return 250, "ok"

    def data(self) -> tuple[int, str]:
        """Take the letter; 250 is said only when its Message-ID is on disk."""
        if not self.recipients:
            return 503, "RCPT comes first"
        self.answer(354, "end with a line that holds one dot")
        lines: list[bytes] = []
        while (line := self.rfile.readline(limits.LARGEST_LETTER * 2)) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        if not line:
            return 451, "the letter was cut off"
        headers = email.parser.BytesHeaderParser(policy=email.policy.default).parsebytes(
            b"".join(lines)
        )
        message_id = str(headers.get("Message-ID", "")).strip()
        if not message_id:
            return 554, "5.6.0 a letter needs a Message-ID"
        time.sleep(limits.RELAY_PACE)
        with self.server.one_at_a_time, relay_book.opened(self.server.home) as book:
            book.deliver(message_id, self.recipients[0])
        self.sender, self.recipients = None, []
        return 250, f"ok {message_id}"


class Relay(socketserver.ThreadingTCPServer):
    """Conversations side by side, deliveries one after the other."""

    daemon_threads = True

    def __init__(self, home: Home) -> None:
        super().__init__(("127.0.0.1", 0), Conversation, bind_and_activate=False)
        self.home = home
        self.one_at_a_time = threading.Lock()


def address(rest: str) -> str:
    """The address in `FROM:<a@b>` or `TO:<a@b>`."""
    return rest.partition("<")[2].partition(">")[0]


def main() -> None:
    """Serve until told to end."""
    life = process.begin()
    with Relay(life.home) as server:
        server.socket.close()
        server.socket = life.listening_socket()
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        life.beat_in_background("accepting mail")
        log.info("accepting mail on port %s", life.home.ports.relay)
        life.wait_for_the_end()
        server.shutdown()


if __name__ == "__main__":
    main()
