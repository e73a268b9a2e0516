"""The Newsletter lab in its containers; skipped where it does not run."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from tests.lab.conftest import ask, compose

APP, MAIL = "http://localhost:3000", "http://localhost:8025"
LONG = os.environ.get("MIDWATCH_LONG") == "1"
SUBSCRIBERS = 10_000 if LONG else 500
KILLED_AFTER = (2, 9, 16, 23, 30) if LONG else (2,)
PATIENCE = 400 if LONG else 90


@pytest.mark.parametrize("kind", ["pages", "uploads", "secure", "mail"])
def test_users_find_all_well(newsletter: Path, kind: str) -> None:
    ended = subprocess.run(
        [newsletter / "probe", kind, "--once"], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout


def test_the_health_page_names_every_part(newsletter: Path) -> None:
    assert newsletter.exists()
    parts = ask("GET", f"{APP}/api/health")["parts"]
    assert set(parts) == {"database", "queue", "workers", "storage", "uploads", "memory"}


@pytest.mark.timeout(600)
def test_every_subscriber_gets_one_mail_though_workers_are_killed(newsletter: Path) -> None:
    assert newsletter.exists()
    campaign = prepared_campaign()
    ask("POST", f"{APP}/api/campaigns/{campaign}/send", {})
    began, kills = time.monotonic(), list(KILLED_AFTER)
    while (sent := ask("GET", f"{APP}/api/campaigns/{campaign}")["deliveries"]) != {
        "sent": SUBSCRIBERS
    }:
        assert time.monotonic() - began < PATIENCE, sent
        if kills and time.monotonic() - began > kills[0]:
            kills.pop(0)
            compose("kill", "-s", "SIGKILL", "worker")
            compose("up", "-d", "--no-deps", "worker")
        time.sleep(0.5)
    book = ask("GET", f"{MAIL}/_lab/mails")
    assert book["campaigns"][str(campaign)] == SUBSCRIBERS
    inbox = ask("GET", f"{MAIL}/_lab/mails?to=reader7@exactly-{campaign}.example")
    assert inbox == {"mails": 1}


def prepared_campaign() -> int:
    """A tenant with many subscribers and a campaign to send to them."""
    tenant = ask("POST", f"{APP}/api/tenants", {"name": "Exactly once"})["id"]
    made = ask(
        "POST",
        f"{APP}/api/tenants/{tenant}/campaigns",
        {"subject": "Once", "template": "Dear $name, $link"},
    )
    campaign = int(made["id"])
    addresses = [f"reader{n}@exactly-{campaign}.example" for n in range(SUBSCRIBERS)]
    added = ask("POST", f"{APP}/api/tenants/{tenant}/subscribers", {"addresses": addresses})
    assert added == {"added": SUBSCRIBERS}
    return campaign
