"""The long tail goes through the real Apprise, which is watched like every other channel."""

from __future__ import annotations

import logging

import pytest
from tests.watch.channels import ends, samples

from midwatch.incidents import delivery
from midwatch.plugs.channels import apprise, channel

PAGE = samples.to("apprise", "ana")
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def _url(end: ends.End) -> str:
    return f"{end.url.replace('http://', 'json://user:s3cret@')}/notify"


def test_a_message_goes_out_by_apprise() -> None:
    with ends.http_end(ends.answer(200)) as end:
        attempt = apprise.Apprise({"ana": _url(end)}).send(PAGE)
    assert attempt == delivery.Accepted("taken by Apprise, which gives no receipt")
    body = end.asked[0].json()
    assert body["title"] == "[P1 (Critical)] Orders wait longer than five minutes"
    assert "midwatch ack I1123-0314-k7qm" in body["message"]


def test_apprise_does_not_try_again_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    with ends.http_end(ends.answer(500)) as end, caplog.at_level(logging.DEBUG):
        attempt = apprise.Apprise({"ana": f"{_url(end)}?retry=5&wait=1"}).send(PAGE)
    assert attempt == delivery.Later("Apprise could not deliver to “ana”")
    assert len(end.asked) == 1
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", ""])
def test_a_url_that_apprise_cannot_read_is_never_shown(url: str) -> None:
    made = apprise.Apprise({"ana": url})
    assert made.send(PAGE) == delivery.Never("Apprise cannot read its URL “ana”")
    assert made.check() == channel.Checked(fine=False, told="cannot read the URL of ana")


def test_a_name_without_a_url_is_told() -> None:
    attempt = apprise.Apprise({}).send(PAGE)
    assert attempt == delivery.Never("there is no Apprise URL “ana”")
