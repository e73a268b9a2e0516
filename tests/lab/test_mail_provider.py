"""The stand-in for the mail provider behaves, and misbehaves, as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.lab.conftest import Serve

from newsletter import mail, mail_provider

MAIL = mail.Mail(key="7/42", to="reader@readers.example", subject="Hello", text="Dear reader")


@pytest.fixture
def address(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("MAIL_API_KEY", "secret")
    monkeypatch.setenv("DELIVERED", str(tmp_path / "delivered"))
    return f"http://{serve(mail_provider.create())}"


@pytest.fixture
def api(address: str) -> Iterator[mail.MailApi]:
    made = mail.MailApi(address, "secret")
    yield made
    made.close()


def behave(address: str, **how: object) -> None:
    httpx.put(f"{address}/_lab/primary", json=how).raise_for_status()


def delivered(address: str) -> int:
    return int(httpx.get(f"{address}/_lab/mails").json()["mails"])


def test_a_key_is_delivered_only_once(address: str, api: mail.MailApi) -> None:
    first = api.send(MAIL, "primary")
    assert api.send(MAIL, "primary") == first
    assert api.send(MAIL, "standby") == first
    assert delivered(address) == 1


def test_a_key_is_delivered_only_once_though_the_provider_was_restarted(
    address: str, api: mail.MailApi, serve: Serve
) -> None:
    first = api.send(MAIL, "primary")
    after = f"http://{serve(mail_provider.create())}"
    again = mail.MailApi(after, "secret")
    assert again.send(MAIL, "primary") == first
    again.close()
    assert delivered(after) == delivered(address) == 1


def test_a_failing_route_delivers_nothing_and_the_other_works(
    address: str, api: mail.MailApi
) -> None:
    behave(address, mode="fail")
    with pytest.raises(mail.MailApiError, match="500"):
        api.send(MAIL, "primary")
    assert delivered(address) == 0
    api.send(MAIL, "standby")
    assert delivered(address) == 1


def test_a_throttled_route_says_when_to_come_back(address: str, api: mail.MailApi) -> None:
    behave(address, mode="throttle", per_second=0.01)
    with pytest.raises(mail.ThrottledError) as caught:
        api.send(MAIL, "primary")
    assert caught.value.seconds == 1


def test_a_wrong_key_is_refused(address: str) -> None:
    stranger = mail.MailApi(address, "guessed")
    with pytest.raises(mail.MailApiError, match="401"):
        stranger.send(MAIL, "primary")
    stranger.close()
    assert delivered(address) == 0


def test_an_address_that_is_none_is_refused_for_good(api: mail.MailApi) -> None:
    with pytest.raises(mail.RefusedError):
        api.send(mail.Mail("1/1", "nobody", "Hello", ""), "primary")
