"""The page that the link in a page opens, on whatever somebody has in their hand at night."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.watch import server

PEOPLE = """\
[serve]
listen = "127.0.0.1:0"
public_url = "https://watch.example.org"

[people.ana]
webhook = "http://127.0.0.1:9/ana"

[channels.webhook]
secret = "${HOOK}"
"""
TOKENS = """
[sources.am]
kind = "alertmanager"
token = "${AM}"

[tokens.ana]
role = "responder"
token = "${ANA}"

[tokens.eve]
role = "viewer"
token = "${EVE}"
"""
AM, ANA, EVE = (f"{name}-0123456789abcdef" for name in ("am", "ana", "eve"))
SECRETS = {"AM": AM, "ANA": ANA, "EVE": EVE, "HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    yield from server.serving(tmp_path_factory.mktemp("page"), PEOPLE + TOKENS, **SECRETS)


@pytest.fixture(scope="module")
def open_watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    yield from server.serving(tmp_path_factory.mktemp("open"), PEOPLE, **SECRETS)


def opened(watch: server.Server, name: str, token: str = "", seen_by: str = "") -> str:
    """An incident whose alert holds what no browser may run."""
    alert: dict[str, Any] = {
        "labels": {"alertname": name, "pod": EVIL},
        "annotations": {"summary": f"{name} {EVIL}"},
        "startsAt": "2026-11-01T00:00:00Z",
    }
    assert watch.post("/api/v2/alerts", [alert], token).status_code == 200

    def found() -> str | None:
        every = watch.get("/api/v1/incidents", seen_by)["incidents"]
        return next((each["id"] for each in every if each["title"].startswith(name)), None)

    return server.until(found, "an incident")


def test_the_page_asks_a_browser_for_the_token_and_shows_what_is_known(
    watch: server.Server,
) -> None:
    url = f"{watch.url}/incidents/{opened(watch, 'Shown', AM, EVE)}"

    asked = httpx.get(url)
    shown = httpx.get(url, auth=("", EVE))

    assert (asked.status_code, asked.headers["www-authenticate"][:5]) == (401, "Basic")
    assert shown.status_code == 200
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "<h1>Shown &lt;script&gt;alert(1)&lt;/script&gt;</h1>" in shown.text
    assert "<script" not in shown.text
    assert "open, nobody has it" in shown.text
    assert "<button" not in shown.text  # a viewer may only see
    assert httpx.get(f"{watch.url}/incidents/zzzzz", auth=("", EVE)).status_code == 404


def test_one_touch_says_mine_and_no_other_site_can(watch: server.Server) -> None:
    name = opened(watch, "Taken", AM, EVE)
    url = f"{watch.url}/incidents/{name}"
    assert "I have it</button>" in httpx.get(url, auth=("", ANA)).text

    tried = {
        origin: httpx.post(
            f"{url}/acknowledge", auth=("", ANA), headers={"origin": origin} if origin else {}
        ).status_code
        for origin in ("", "null", "https://evil.example", "http://watch.example.org.evil.example")
    }
    assert set(tried.values()) == {403}, tried
    assert watch.get(f"/api/v1/incidents/{name}", EVE)["status"] == "open"
    viewer = httpx.post(f"{url}/acknowledge", auth=("", EVE), headers={"origin": watch.url})
    assert viewer.status_code == 403

    behind_a_proxy = {"origin": "https://watch.example.org"}
    taken = httpx.post(f"{url}/acknowledge", auth=("", ANA), headers=behind_a_proxy)

    assert (taken.status_code, taken.headers["location"]) == (303, f"../{name}")
    assert "acknowledged, ana has it" in httpx.get(url, auth=("", ANA)).text
    assert "<button" not in httpx.get(url, auth=("", ANA)).text


def test_without_tokens_the_page_asks_who_has_it(open_watch: server.Server) -> None:
    name = opened(open_watch, "Local")
    url = f"{open_watch.url}/incidents/{name}"
    assert f'formaction="{name}/acknowledge?as=ana"' in httpx.get(url).text

    taken = httpx.post(f"{url}/acknowledge?as=ana", headers={"origin": open_watch.url})

    assert taken.status_code == 303
    assert open_watch.get(f"/api/v1/incidents/{name}")["acknowledged_by"] == "ana"
