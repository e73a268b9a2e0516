"""What somebody at a terminal learns of people, pages and channels: from the real program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from tests.watch import harness
from tests.watch.channels import ends

from midwatch.app import arranging, settings
from midwatch.base import errors
from midwatch.faces.cli import main
from midwatch.incidents import acts, delivery

TOML = """
[serve]
runbooks = ["ops/*.md"]
public_url = "https://watch.example.org"
heartbeat_url = "https://beat.example.org/x"

[people.ana]
name = "Ana Souza"
notify = ["slack", "email after 5m"]
slack = "U024BE7LH"
email = "ana@example.org"

[people.bo]
notify = ["slack", "email"]
slack = "U024BE7LB"
email = "bo@example.org"

[schedules.primary]
time_zone = "Europe/Berlin"
[[schedules.primary.rotations]]
people = ["ana", "bo"]
starts = 2026-11-02T09:00:00

[schedules.nights]
[[schedules.nights.rotations]]
people = ["bo"]
starts = 2026-11-02
hours = "22:00-06:00"

[escalation.default]
levels = [{ notify = ["primary"] }, { after = "15m", notify = ["bo"] }]

[roles]
"On-call engineer" = "primary"

[channels.slack]
token = "${SLACK_TOKEN}"
url = "URL"

[channels.email]
smtp = "smtp://127.0.0.1:PORT"
from = "Midwatch <watch@example.org>"
"""
RUNBOOK = """# Orders

## Escalation

- Level 1: On-call engineer (0-15 minutes)
- Level 2: Platform guild (15+ minutes)

## Queue grows

```bash
kubectl get pods -n orders
```
"""
POSTED = ends.answer(
    200, {"ok": True, "channel": "D1", "ts": "15.02", "team": "Acme", "user": "mid"}
)


def _ended(words: tuple[str, ...]) -> int:
    """The exit code of the real command line, called within this process."""
    try:
        typer.main.get_command(main.app)(list(words), prog_name="midwatch")
    except errors.MidwatchError as error:
        return main.tell(error)
    except SystemExit as ended:
        return int(ended.code or 0)
    raise AssertionError(words)


class Desk:
    """A folder with a midwatch.toml, and Slack on this machine."""

    def __init__(
        self,
        folder: Path,
        end: ends.End,
        patch: pytest.MonkeyPatch,
        capture: pytest.CaptureFixture[str],
    ) -> None:
        self.folder = folder
        self.end = end
        text = TOML.replace("URL", end.url, 1)
        (folder / "ops").mkdir()
        (folder / "ops" / "orders.md").write_text(RUNBOOK)
        self.toml = folder / "midwatch.toml"
        self.toml.write_text(text.replace("PORT", str(ends.closed_port())))
        self._patch = patch
        self._capture = capture
        patch.chdir(folder)
        patch.setenv("MIDWATCH_STATE", str(folder / "state"))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("SLACK_TOKEN", "xoxb-very-secret")
        patch.setenv("COLUMNS", "80")

    def forget(self, variable: str) -> None:
        self._patch.delenv(variable)

    def run(self, *words: str, code: int = 0) -> str:
        ended = _ended(words)
        output, told = self._capture.readouterr()
        assert "xoxb-very-secret" not in output + told
        assert ended == code, output + told
        return output + told


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    with ends.http_end(POSTED) as end:
        yield Desk(tmp_path, end, monkeypatch, capsys)


def test_the_doctor_finds_what_a_night_would(desk: Desk) -> None:
    found = [json.loads(line) for line in desk.run("doctor", "--json", code=1).splitlines()]
    health = {(each["area"], each["thing"]): each["health"] for each in found}
    assert health["channel", "slack"] == "fine"
    assert health["channel", "email"] == "broken"
    assert health["database", "watch.db"] == "fine"
    assert health["escalation", "ops/orders.md:5-6"] == "fine"
    assert health["escalation", "ops/orders.md:6"] == "poor"
    assert health["on call", "primary"] == "fine"
    assert ("gap", "default") not in health
    told = {(each["area"], each["thing"]): each["told"] for each in found}
    assert told["escalation", "ops/orders.md:6"] == "“Platform guild” stands for nobody in [roles]"
    assert told["channel", "slack"] == "the bot mid of Acme"
    assert [each.path for each in desk.end.asked] == ["/auth.test"]


def test_the_doctor_says_when_a_level_reaches_nobody(desk: Desk) -> None:
    desk.toml.write_text(
        desk.toml.read_text().replace('notify = ["primary"]', 'notify = ["nights"]')
    )
    shown = desk.run("doctor", code=1)
    assert "level 1 reaches nobody for 224 h of 14 days" in " ".join(shown.split())


def test_a_missing_secret_is_told_by_its_name(desk: Desk) -> None:
    desk.forget("SLACK_TOKEN")
    assert "${SLACK_TOKEN}, which is not set" in " ".join(desk.run("doctor", code=1).split())


def test_a_test_page_goes_through_the_outbox_and_shows_its_receipt(desk: Desk) -> None:
    shown = desk.run("page", "ana", "--channel", "slack")
    assert "✓ ana by slack U024BE7LH\n    taken: D1/15.02, after " in shown
    assert desk.end.asked[0].json()["text"].startswith("Test page: nothing is wrong")
    assert "✓ ana by slack U024BE7LH test\n  taken: D1/15.02" in desk.run("messages")


def test_a_test_page_that_does_not_arrive_fails_and_is_not_tried_for_hours(desk: Desk) -> None:
    shown = desk.run("page", "ana", code=1)
    assert "✗ ana by email ana@example.org\n    not taken: 127.0.0.1 cannot be reached" in shown
    assert "✓ ana by slack" in shown
    assert desk.run("messages", "--dead") == "No dead letters.\n"
    states = [json.loads(line)["state"] for line in desk.run("messages", "--json").splitlines()]
    assert sorted(states) == ["cancelled", "sent"]


def test_somebody_whom_nobody_knows_gets_no_page(desk: Desk) -> None:
    assert "There is no person “anna” (did you mean ana?)" in desk.run("page", "anna", code=2)
    assert "ana is not told by sms" in desk.run("page", "ana", "--channel", "sms", code=2)


def test_whose_night_it_is_is_shown_with_every_gap(desk: Desk) -> None:
    shown = desk.run("oncall", "nights", "--at", "2026-11-23T12:00Z", "--days", "2")
    assert shown == (
        "nights  (UTC)\n"
        "  now  nobody  until Mon 23 Nov 22:00  no rotation of nights covers Mon 23 Nov 12:00\n"
        "  then bo  from Mon 23 Nov 22:00\n"
        "  then nobody  from Tue 24 Nov 06:00\n"
        "  then bo  from Tue 24 Nov 22:00\n"
        "  ■ nobody  Mon 23 Nov 12:00 – Mon 23 Nov 22:00  (10 h)\n"  # noqa: RUF001
        "  ■ nobody  Tue 24 Nov 06:00 – Tue 24 Nov 22:00  (16 h)\n"  # noqa: RUF001
        "  ■ nobody  Wed 25 Nov 06:00 – Wed 25 Nov 12:00  (6 h)\n"  # noqa: RUF001
    )
    assert "no gap in 14 days" in desk.run("oncall", "primary", "--at", "2026-11-23T12:00Z")
    assert "There is no schedule “nigths” (did you mean nights?)." in desk.run(
        "oncall", "nigths", code=2
    )


@pytest.fixture
def night(desk: Desk) -> Desk:
    """A night on record: a page that Slack lost, one that was too late, one that was silenced."""
    (desk.folder / "state").mkdir()
    given = arranging.arrange(settings.read(desk.toml))
    watch = harness.Watch(desk.folder / "state", given)
    watch.answers["slack"] = lambda _: delivery.Never("Slack: channel_not_found")
    watch.answers["email"] = lambda _: delivery.Accepted("<m1@example.org> 2.0.0 queued")
    watch.time = harness.BEGIN
    watch.fire("QueueStuck")
    watch.advance(minutes=2)
    watch.act(acts.Acknowledge(), by="ana")
    watch.advance(minutes=20)
    watch.silence('alertname="DiskFull"', minutes=60)
    watch.fire("DiskFull")
    watch.advance()
    watch.where.close()
    return desk


def test_why_somebody_was_paged_and_why_another_one_was_not(night: Desk) -> None:
    shown = " ".join(night.run("why", "QueueStuck").split())
    assert "QueueStuck severity=critical" in shown
    incident = shown.rsplit(" ", 1)[-1]
    reasons = [json.loads(line) for line in night.run("why", incident, "--json").splitlines()]
    told = [(each["person"], each["paged"], each["why"]) for each in reasons]
    assert told == [
        (
            "ana",
            False,
            "not reached by slack to U024BE7LH, 1 try: Slack: channel_not_found",
        ),
        (
            "ana",
            True,
            (
                "paged by email to ana@example.org: the channel took it "
                "(<m1@example.org> 2.0.0 queued), because: on primary, rotation 1"
            ),
        ),
        (
            "bo",
            False,
            "bo is level 2 of default, 15 minutes in; ana acknowledged it at 03:02:00 UTC",
        ),
    ]


def test_why_nobody_was_paged_for_an_alert(night: Desk) -> None:
    shown = " ".join(night.run("why", "DiskFull").split())
    assert 'silenced: silence S0 of ana (alertname="DiskFull"; planned work)' in shown


def test_a_dead_letter_goes_out_again_when_somebody_says_so(night: Desk) -> None:
    dead = json.loads(night.run("messages", "--dead", "--json").splitlines()[0])
    assert dead["reason"] == "Slack: channel_not_found"
    assert night.run("messages", "replay", str(dead["id"])) == (
        f"Message {dead['id']} goes out again.\n"
    )
    assert night.run("messages", "--dead") == "No dead letters.\n"
    assert "only dead letters go out again" in night.run(
        "messages", "replay", str(dead["id"]), code=2
    )
