"""What every channel over HTTP does with what servers really answer."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tests.watch.channels import ends, samples

from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel, exchange, pagerduty, slack, sms, webhook

SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQ="
TOKEN = "xoxb-very-secret"  # noqa: S105  (nobody's)
Made = Callable[[str], tuple[channel.Channel, messages.Message]]


def _slack(url: str) -> tuple[channel.Channel, messages.Message]:
    return slack.Slack(TOKEN, url, samples.CLOCK), samples.PAGE


def _pagerduty(url: str) -> tuple[channel.Channel, messages.Message]:
    made = pagerduty.PagerDuty({"default": TOKEN}, url, samples.CLOCK)
    return made, samples.to("pagerduty", "default")


def _sms(url: str) -> tuple[channel.Channel, messages.Message]:
    made = sms.Sms("AC1", TOKEN, "+15005550006", url=url, ticks=samples.CLOCK)
    return made, samples.to("sms", "+5511912345678")


def _webhook(url: str) -> tuple[channel.Channel, messages.Message]:
    return webhook.Webhook(SECRET, samples.CLOCK), samples.to("webhook", f"{url}/in")


CHANNELS = {"slack": _slack, "pagerduty": _pagerduty, "sms": _sms, "webhook": _webhook}
every = pytest.mark.parametrize("made", CHANNELS.values(), ids=CHANNELS)


def _send(made: Made, url: str) -> delivery.Attempt:
    sender, message = made(url)
    return sender.send(message)


@every
def test_a_server_that_asks_for_patience_gets_it(made: Made) -> None:
    with ends.http_end(ends.answer(429, {"error": "ratelimited"}, retry_after="30")) as end:
        attempt = _send(made, end.url)
    assert isinstance(attempt, delivery.Later)
    assert attempt.retry_after == 30.0


@every
def test_patience_may_be_asked_for_as_a_date(made: Made) -> None:
    date = "Mon, 23 Nov 2026 03:15:30 GMT"
    with ends.http_end(ends.answer(503, retry_after=date)) as end:
        attempt = _send(made, end.url)
    assert isinstance(attempt, delivery.Later)
    assert attempt.retry_after == 90.0


@every
@pytest.mark.parametrize("status", [500, 502, 503, 408])
def test_a_server_in_trouble_is_tried_again(made: Made, status: int) -> None:
    with ends.http_end(ends.answer(status, b"<html>upstream</html>")) as end:
        attempt = _send(made, end.url)
    assert isinstance(attempt, delivery.Later)
    assert attempt.retry_after is None


@every
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_is_refused_is_not_tried_again(made: Made, status: int) -> None:
    with ends.http_end(ends.answer(status, {"message": "no"})) as end:
        attempt = _send(made, end.url)
    assert isinstance(attempt, delivery.Never)


@every
def test_a_redirect_is_not_followed(made: Made) -> None:
    with ends.http_end(ends.answer(307, location="/again")) as end:
        attempt = _send(made, end.url)
        assert len(end.asked) == 1
    assert isinstance(attempt, delivery.Never)
    assert attempt.why.endswith("which is not followed")


@every
def test_nobody_at_the_address_is_tried_again(made: Made) -> None:
    attempt = _send(made, f"http://127.0.0.1:{ends.closed_port()}")
    assert attempt == delivery.Later("cannot be reached: connection refused")


@every
def test_a_server_that_speaks_no_http_is_tried_again(made: Made) -> None:
    with ends.raw_end(b"220 mail.example.org ESMTP\r\n") as port:
        attempt = _send(made, f"http://127.0.0.1:{port}")
    assert isinstance(attempt, delivery.Later)


@every
def test_a_server_that_hangs_is_left(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "SECONDS", 0.2)
    with ends.raw_end(b"", hang=True) as port:
        attempt = _send(made, f"http://127.0.0.1:{port}")
    assert attempt == delivery.Later("no answer within 0.2 s")


@every
def test_a_server_that_drips_is_left_too(made: Made) -> None:
    with ends.raw_end(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nx", hang=True) as port:
        sender, message = made(f"http://127.0.0.1:{port}")
        began = time.monotonic()
        attempt = channel.Limited("it", sender, samples.CLOCK, seconds=0.3).send(message)
        assert time.monotonic() - began < 2.0
    assert attempt == delivery.Later("it said nothing for 0.3 s")


@every
def test_no_secret_is_in_what_is_told(made: Made) -> None:
    echo = {"message": f"bad token {TOKEN}", "error": f"bad {TOKEN}", "errors": [TOKEN], "sid": 7}
    for status in (200, 202, 400, 401, 429, 500):
        with ends.http_end(ends.answer(status, echo)) as end:
            attempt = _send(made, end.url)
        assert TOKEN not in str(attempt)


@pytest.mark.parametrize("made", [_slack, _pagerduty, _sms], ids=["slack", "pagerduty", "sms"])
@pytest.mark.parametrize("body", [b"", b"<html>login</html>", b"[1]", b'{"ok": 1}', b"\xff\xfe{"])
def test_a_login_page_is_not_taken_for_an_acceptance(made: Made, body: bytes) -> None:
    with ends.http_end(ends.answer(200, body)) as end:
        attempt = _send(made, end.url)
    assert isinstance(attempt, delivery.Later)


@every
def test_a_body_without_end_is_not_read_to_its_end(made: Made) -> None:
    with ends.http_end(ends.answer(200, b"x" * 3_000_000)) as end:
        attempt = _send(made, end.url)
    assert not isinstance(attempt, delivery.Never)


@pytest.mark.parametrize("text", ["nan", "inf", "-5", "1e400", "soon", "1" * 400, ""])
def test_a_senseless_patience_is_bounded(text: str) -> None:
    found = exchange.retry_after({"retry-after": text}, samples.AT)
    assert found is None or 0.0 <= found <= 3600.0
