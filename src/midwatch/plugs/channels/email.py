"""E-mail by SMTP: text and a small page beside it, one thread an incident."""

from __future__ import annotations

import contextlib
import dataclasses
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email import message as mime
from email import policy, utils

from midwatch.base import clock
from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel, email_page, exchange, webhook, wording

NAME = "email"
SECONDS = 10.0
TEMPORARY = range(400, 500)
FORM = policy.SMTP.clone(max_line_length=500, cte_type="7bit")
"""Headlines stay on one line: some readers show where they were folded."""
DONE = 250
TAKEN = frozenset({DONE, 251, 252})


@dataclasses.dataclass(frozen=True, slots=True)
class Server:
    """A server that takes mail, and how it is spoken to."""

    host: str
    port: int
    encryption: str = "none"
    """`none`, `starttls` or `tls`."""
    user: str = ""
    password: str = ""


class Email:
    """One sender at one server."""

    def __init__(self, server: Server, sender: str, ticks: clock.Clock) -> None:
        self._server = server
        self._sender = sender
        self._ticks = ticks

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Send one mail; one that the server took counts, however it says goodbye."""
        letter = self.letter(message)
        taken: list[str] = []
        try:
            with self._connected() as server:
                said = _handed_over(server, letter, self._bare_sender(), message.address)
                taken.append(f"{letter['Message-ID']} {said}".strip())
        except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            if not taken:
                return self._failed(error)
        return delivery.Accepted(taken[0])

    def check(self) -> channel.Checked:
        """Whether the server lets us in."""
        try:
            with self._connected() as server:
                code, told = server.noop()
        except (smtplib.SMTPException, OSError, UnicodeError, ValueError) as error:
            return channel.Checked(fine=False, told=self._failed(error).why)
        fine = code == DONE
        place = f"{self._server.host}:{self._server.port}"
        told_text = f"{place} answers" if fine else f"{place} says {code} {_line(told)}"
        return channel.Checked(fine=fine, told=told_text)

    def letter(self, message: messages.Message) -> mime.EmailMessage:
        """The mail itself."""
        words = wording.of(message)
        letter = mime.EmailMessage(policy=FORM)
        letter["Subject"] = f"Re: {words.headline}" if message.thread else words.headline
        letter["From"] = self._sender
        letter["To"] = message.address
        letter["Date"] = utils.format_datetime(self._ticks.now())
        letter["Message-ID"] = self._name(message)
        first = message.thread.partition(" ")[0]
        if first.startswith("<"):
            letter["In-Reply-To"] = first
            letter["References"] = first
        letter["Auto-Submitted"] = "auto-generated"
        if wording.wants_answer(message):
            letter["X-Priority"] = "1"
            letter["Importance"] = "high"
        letter.set_content(email_page.text(words))
        letter.add_alternative(email_page.page(words, message), subtype="html")
        return letter

    def _name(self, message: messages.Message) -> str:
        domain = self._bare_sender().rpartition("@")[2]
        return f"<{webhook.message_id(message)}@{domain}>"

    def _bare_sender(self) -> str:
        return utils.parseaddr(self._sender)[1]

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        given, name = self._server, socket.gethostname()
        if given.encryption == "tls":
            made: smtplib.SMTP = smtplib.SMTP_SSL(
                given.host, given.port, name, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            made = smtplib.SMTP(given.host, given.port, name, timeout=SECONDS)
        with made as server:
            if given.encryption == "starttls":
                server.starttls(context=ssl.create_default_context())
            if given.user:
                server.login(given.user, given.password)
            yield server

    def _failed(self, error: Exception) -> delivery.Later | delivery.Never:
        """Why the server could not be used; what it said is shown without the password."""
        match error:
            case smtplib.SMTPNotSupportedError():
                return delivery.Never(f"{self._server.host} does not offer what is set up for it")
            case smtplib.SMTPResponseException():
                return self._refused(error.smtp_code, error.smtp_error)
            case smtplib.SMTPServerDisconnected() | TimeoutError():
                return delivery.Later(f"{self._server.host} hung up, or said nothing in time")
            case ssl.SSLError():
                reason = error.reason or "no encryption that both speak"
                return delivery.Later(f"{self._server.host}: {reason.lower().replace('_', ' ')}")
            case OSError():
                reason = (error.strerror or type(error).__name__).lower()
                return delivery.Later(f"{self._server.host} cannot be reached: {reason}")
            case _:
                return delivery.Never("the mail could not be written as SMTP wants it")

    def _refused(self, code: int, said: bytes | str) -> delivery.Later | delivery.Never:
        why = f"answered {code} {exchange.clean(_line(said), self._server.password)}".strip()
        if code in TEMPORARY or code < 0:
            return delivery.Later(why)
        return delivery.Never(why)


def _handed_over(server: smtplib.SMTP, letter: mime.EmailMessage, sender: str, address: str) -> str:
    """What the server said when it took the mail; its refusal is an SMTPResponseException."""
    server.ehlo_or_helo_if_needed()
    _insist(server.mail(sender))
    _insist(server.rcpt(address))
    return _insist(server.data(letter.as_bytes()))


def _insist(answer: tuple[int, bytes]) -> str:
    code, said = answer
    if code not in TAKEN:
        raise smtplib.SMTPResponseException(code, said)
    return _line(said)


def _line(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return exchange.clean(text)
