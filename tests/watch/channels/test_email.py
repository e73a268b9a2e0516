"""Mail, given to a real SMTP server: taken, refused, put off, and left hanging."""

from __future__ import annotations

import contextlib
import dataclasses
import email
import email.message
import email.policy
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd import controller, smtp
from tests.watch.channels import ends, samples

from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel
from midwatch.plugs.channels import email as mail

PAGE = samples.to("email", "ana@example.org")
SENDER = "Midwatch <watch@example.org>"


@dataclasses.dataclass
class Box:
    """What the server says, and what it took."""

    rcpt: str = ""
    data: str = "250 2.0.0 queued as 4F2A"
    port: int = 0
    taken: list[email.message.EmailMessage] = dataclasses.field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  (the name that aiosmtpd looks for)
        self,
        server: smtp.SMTP,
        session: smtp.Session,
        envelope: smtp.Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take or refuse an address."""
        del server, session, options
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope
    ) -> str:
        """Take or refuse a mail."""
        del server, session
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        if self.data.startswith("2"):
            parsed = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(parsed, email.message.EmailMessage)
            self.taken.append(parsed)
        return self.data


@contextlib.contextmanager
def running(box: Box, **options: Any) -> Iterator[Box]:  # noqa: ANN401  (those of aiosmtpd)
    """A server on a free port."""
    box.port = ends.closed_port()
    made = controller.Controller(box, "127.0.0.1", box.port, **options)
    made.start()
    try:
        yield box
    finally:
        made.stop()


def _sender(port: int, **changes: str) -> mail.Email:
    server = mail.Server("127.0.0.1", port, **changes)
    return mail.Email(server, SENDER, samples.CLOCK)


def _send(box: Box, message: messages.Message = PAGE) -> delivery.Attempt:
    with running(box):
        return _sender(box.port).send(message)


def test_a_page_arrives_as_text_and_as_a_page() -> None:
    box = Box()
    attempt = _send(box)
    (letter,) = box.taken
    assert attempt == delivery.Accepted(f"{letter['message-id']} 2.0.0 queued as 4F2A")
    assert letter["subject"] == "[P1 (Critical)] Orders wait longer than five minutes"
    assert (letter["from"], letter["to"]) == (SENDER, "ana@example.org")
    assert letter["auto-submitted"] == "auto-generated"
    text, page = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert text.get_content().replace("\r\n", "\n") == TEXT
    assert '<a href="https://watch.example.org/incidents/I1123-0314-k7qm"' in page.get_content()


TEXT = """\
[P1 (Critical)] Orders wait longer than five minutes

level 1 of default: at once

Runbook:  ops/orders.md#queue-backlog
Firing:   3 of 4 alerts
Why you:  on primary, rotation 1
Incident: I1123-0314-k7qm

  depth 18 230
  consumers 0

Open:   https://watch.example.org/incidents/I1123-0314-k7qm
Answer: midwatch ack I1123-0314-k7qm
"""


def test_what_follows_is_in_the_same_thread() -> None:
    box = Box()
    first = _send(box)
    assert isinstance(first, delivery.Accepted)
    over = samples.update("resolved", "Resolved by bo", address="ana@example.org")
    _send(box, dataclasses.replace(over, thread=first.receipt))
    begun, followed = box.taken
    assert followed["references"] == followed["in-reply-to"] == begun["message-id"]
    assert followed["subject"] == f"Re: {begun['subject']}"


def test_each_try_has_the_same_message_id() -> None:
    box = Box()
    _send(box)
    _send(box)
    assert box.taken[0]["message-id"] == box.taken[1]["message-id"]


def test_an_alert_adds_no_header_and_no_markup() -> None:
    box = Box()
    _send(box, dataclasses.replace(samples.HOSTILE, address="ana@example.org"))
    (letter,) = box.taken
    assert letter["bcc"] is None
    assert letter["subject"] == (
        "[P1 (Critical)] Hi Bcc: eve@example.org <!channel> <script>x()</script> [2J"
    )
    page = letter.get_body(("html",))
    assert page is not None
    assert "<script>" not in page.get_content()
    assert "\x1b" not in page.get_content()


def test_words_of_every_language_arrive_whole() -> None:
    box = Box()
    body = {
        **PAGE.body,
        "title": "キューが詰まった: Aufträge bleiben liegen 🔥",
        "lines": ["ż" * 900],
    }
    _send(box, dataclasses.replace(PAGE, body=body))
    (letter,) = box.taken
    text = letter.get_body(("plain",))
    assert letter["subject"].endswith("キューが詰まった: Aufträge bleiben liegen 🔥")
    assert text is not None
    assert "ż" * 299 in text.get_content()
    assert max(map(len, letter.as_bytes().splitlines())) <= 998


@pytest.mark.parametrize("said", ["451 4.7.1 Greylisted, try again", "452 too many", "421 busy"])
def test_a_server_that_puts_off_is_asked_again(said: str) -> None:
    attempt = _send(Box(rcpt=said))
    assert isinstance(attempt, delivery.Later)
    assert said[:3] in attempt.why or "hung up" in attempt.why


@pytest.mark.parametrize("said", ["550 5.1.1 no such user", "554 5.7.1 blocked", "501 syntax"])
def test_an_address_that_is_refused_is_not_tried_again(said: str) -> None:
    attempt = _send(Box(rcpt=said))
    assert attempt == delivery.Never(f"answered {said}")


def test_a_mail_that_is_refused_after_it_was_sent_is_told_too() -> None:
    assert _send(Box(data="552 5.3.4 too big")) == delivery.Never("answered 552 5.3.4 too big")
    later = _send(Box(data="450 4.2.0 mailbox busy"))
    assert later == delivery.Later("answered 450 4.2.0 mailbox busy")


def test_nobody_at_the_address_is_tried_again() -> None:
    attempt = _sender(ends.closed_port()).send(PAGE)
    assert attempt == delivery.Later("127.0.0.1 cannot be reached: connection refused")


def test_a_server_that_says_nothing_is_left() -> None:
    with ends.raw_end(b"", hang=True) as port:
        began = time.monotonic()
        limited = channel.Limited("email", _sender(port), samples.CLOCK, seconds=0.3)
        attempt = limited.send(PAGE)
        assert time.monotonic() - began < 2.0
    assert attempt == delivery.Later("email said nothing for 0.3 s")


@pytest.mark.parametrize("said", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\xff\x00\n", b""])
def test_a_server_that_speaks_no_smtp_is_tried_again(said: bytes) -> None:
    with ends.raw_end(said) as port:
        assert isinstance(_sender(port).send(PAGE), delivery.Later)


def test_a_goodbye_that_fails_does_not_send_the_mail_twice() -> None:
    words = b"".join(
        each + b"\r\n"
        for each in (b"220 hi", b"250 ok", b"250 ok", b"250 ok", b"354 go", b"250 2.0.0 taken")
    )
    with ends.raw_end(words) as port:
        attempt = _sender(port).send(PAGE)
    assert isinstance(attempt, delivery.Accepted)


def test_a_server_without_the_encryption_that_is_set_up_gets_nothing() -> None:
    box = Box()
    with running(box):
        attempt = _sender(box.port, encryption="starttls").send(PAGE)
    assert attempt == delivery.Never("127.0.0.1 does not offer what is set up for it")
    assert box.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that only whoever is told so believes."""
    folder = tmp_path_factory.mktemp("tls")
    wanted = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
    command = ["openssl", *wanted.split(), *names.split()]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def _tls(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return made


def test_a_mail_goes_over_starttls_with_a_password(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    box = Box()
    with running(box, tls_context=_tls(certificate), authenticator=_knows_ana):
        good = {"encryption": "starttls", "user": "ana", "password": "s3cret"}
        assert isinstance(_sender(box.port, **good).send(PAGE), delivery.Accepted)
        assert _sender(box.port, **good).check().fine
        refused = _sender(box.port, **{**good, "password": "wr0ng"}).send(PAGE)
    assert isinstance(refused, delivery.Never)
    assert refused.why.startswith("answered 535")
    assert "wr0ng" not in refused.why
    assert len(box.taken) == 1


def _knows_ana(
    server: smtp.SMTP,
    session: smtp.Session,
    envelope: smtp.Envelope,
    mechanism: str,
    data: Any,  # noqa: ANN401
) -> smtp.AuthResult:
    del server, session, envelope, mechanism
    known = (data.login, data.password) == (b"ana", b"s3cret")
    return smtp.AuthResult(success=known, handled=False)


def test_a_certificate_that_nobody_vouches_for_is_not_believed(certificate: Path) -> None:
    box = Box()
    with running(box, tls_context=_tls(certificate)):
        attempt = _sender(box.port, encryption="starttls").send(PAGE)
    assert attempt == delivery.Later("127.0.0.1: certificate verify failed")
    assert box.taken == []


def test_the_way_is_proved_without_a_mail() -> None:
    box = Box()
    with running(box):
        checked = _sender(box.port).check()
    assert (checked.fine, checked.told) == (True, f"127.0.0.1:{box.port} answers")
    assert box.taken == []
    assert not _sender(ends.closed_port()).check().fine
