"""Slack's own ways: its errors, threads, buttons, and proof that it was Slack who called."""

from __future__ import annotations

import dataclasses
import json
import urllib.parse

import pytest
from tests.watch.channels import ends, samples

from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import slack, slack_blocks

POSTED = ends.answer(200, {"ok": True, "channel": "D024BE91L", "ts": "1503435956.000247"})
TOKEN = "xoxb-1"  # noqa: S105  (nobody's)


def _send(message: messages.Message, *answers: ends.Said) -> tuple[delivery.Attempt, ends.End]:
    with ends.http_end(*answers) as end:
        attempt = slack.Slack(TOKEN, end.url, samples.CLOCK).send(message)
    return attempt, end


def test_a_page_has_buttons_that_carry_the_incident_and_nothing_else() -> None:
    attempt, end = _send(samples.PAGE, POSTED)
    assert attempt == delivery.Accepted("D024BE91L/1503435956.000247")
    (asked,) = end.asked
    assert (asked.path, asked.headers["authorization"]) == ("/chat.postMessage", f"Bearer {TOKEN}")
    body = asked.json()
    assert body["channel"] == "U024BE7LH"
    assert body["text"] == (
        "[P1 (Critical)] Orders wait longer than five minutes — level 1 of default: at once"
    )
    buttons = body["blocks"][-1]["elements"]
    assert [each["text"]["text"] for each in buttons] == ["Acknowledge", "Snooze 30 min", "Open"]
    assert [each.get("value") for each in buttons] == [samples.INCIDENT, samples.INCIDENT, None]


def test_what_follows_goes_into_the_thread_and_takes_the_buttons_away() -> None:
    over = samples.update("resolved", "Resolved by bo: restarted", thread="D024BE91L/15.02")
    attempt, end = _send(over, POSTED)
    assert isinstance(attempt, delivery.Accepted)
    said, renewed = (each.json() for each in end.asked)
    assert (said["channel"], said["thread_ts"], said["reply_broadcast"]) == (
        "D024BE91L",
        "15.02",
        False,
    )
    assert end.asked[1].path == "/chat.update"
    assert (renewed["channel"], renewed["ts"]) == ("D024BE91L", "15.02")
    assert [block["type"] for block in renewed["blocks"]] == ["header", "section"]
    assert renewed["blocks"][0]["text"]["text"].startswith("🟢 ")


def test_a_quiet_change_says_nothing_and_takes_the_buttons_away() -> None:
    made = samples.update("acknowledged", "ana has it", thread="D024BE91L/15.02")
    quiet = dataclasses.replace(made, kind=messages.Kind.STANDING)
    attempt, end = _send(quiet, POSTED)
    assert isinstance(attempt, delivery.Accepted)
    (asked,) = end.asked
    assert asked.path == "/chat.update"
    buttons = asked.json()["blocks"][-1]["elements"]
    assert [each["text"]["text"] for each in buttons] == ["Open"]


def test_a_message_that_is_gone_cannot_be_changed_which_is_no_trouble() -> None:
    made = samples.update("resolved", "over", thread="D024BE91L/15.02")
    quiet = dataclasses.replace(made, kind=messages.Kind.STANDING)
    attempt, _ = _send(quiet, ends.answer(200, {"ok": False, "error": "message_not_found"}))
    assert attempt == delivery.Accepted("nothing stands there any more")


def test_a_page_in_a_thread_is_shown_to_the_channel_too() -> None:
    again = dataclasses.replace(samples.PAGE, thread="D024BE91L/15.02")
    _, end = _send(again, POSTED)
    assert end.asked[0].json()["reply_broadcast"] is True


def test_a_thread_that_was_deleted_does_not_stop_a_page() -> None:
    gone = ends.answer(200, {"ok": False, "error": "thread_not_found"})
    again = dataclasses.replace(samples.PAGE, thread="D024BE91L/15.02")
    attempt, end = _send(again, gone, POSTED)
    assert isinstance(attempt, delivery.Accepted)
    assert "thread_ts" not in end.asked[1].json()


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "service_unavailable"])
def test_trouble_of_slack_itself_is_tried_again(error: str) -> None:
    attempt, _ = _send(samples.PAGE, ends.answer(200, {"ok": False, "error": error}))
    assert attempt == delivery.Later(f"Slack: {error}")


@pytest.mark.parametrize("error", ["channel_not_found", "invalid_auth", "is_archived"])
def test_what_slack_refuses_is_refused(error: str) -> None:
    attempt, _ = _send(samples.PAGE, ends.answer(200, {"ok": False, "error": error}))
    assert isinstance(attempt, delivery.Never)
    assert attempt.why.startswith(f"Slack: {error}")


def test_an_alert_can_mention_nobody_and_hide_nothing() -> None:
    made = json.dumps(slack_blocks.blocks(samples.HOSTILE), ensure_ascii=False)
    mentions = [each for each in ("<!channel>", "<@U1>", "\\u001b", "\u202e") if each in made]
    assert mentions == ["<!channel>"]  # in the headline, which is plain text there
    assert slack_blocks.blocks(samples.HOSTILE)[0]["text"]["type"] == "plain_text"
    assert "<!channel>" not in slack_blocks.summary(samples.HOSTILE)


def test_blocks_stay_within_what_slack_takes() -> None:
    body = {**samples.PAGE.body, "title": "x" * 900, "why": "&" * 9000, "lines": ["<" * 900] * 99}
    made = slack_blocks.blocks(dataclasses.replace(samples.PAGE, body=body))
    assert len(made[0]["text"]["text"]) <= 150
    assert max(len(each["text"]["text"]) for each in made if "text" in each) <= 3000
    assert len(made) <= 50


def test_a_token_is_proved_without_a_message() -> None:
    with ends.http_end(ends.answer(200, {"ok": True, "team": "Acme", "user": "mid"})) as end:
        checked = slack.Slack(TOKEN, end.url, samples.CLOCK).check()
    assert (checked.fine, checked.told, end.asked[0].path) == (
        True,
        "the bot mid of Acme",
        "/auth.test",
    )


# The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105  (published)
STAMP = 1531420618
SIGNED = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
    b"96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


def _headers(stamp: str = str(STAMP), signed: str = SIGNED) -> dict[str, str]:
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signed}


def test_the_example_of_slack_s_own_page_is_verified() -> None:
    assert slack.verify(SECRET, _headers(), BODY, STAMP + 10)


@pytest.mark.parametrize(
    ("headers", "body", "now"),
    [
        (_headers(), BODY + b"x", STAMP),
        (_headers(), BODY, STAMP + 301),
        (_headers(), BODY, STAMP - 301),
        (_headers(stamp="1531420619"), BODY, STAMP),
        (_headers(stamp="²"), BODY, STAMP),
        (_headers(stamp="-1"), BODY, STAMP),
        (_headers(stamp="9" * 4000), BODY, STAMP),
        (_headers(signed=""), BODY, STAMP),
        (_headers(signed="v0=\udcff"), BODY, STAMP),
        ({}, BODY, STAMP),
    ],
)
def test_whatever_slack_did_not_sign_just_now_is_refused(
    headers: dict[str, str], body: bytes, now: float
) -> None:
    assert not slack.verify(SECRET, headers, body, now)


def test_without_a_secret_nothing_is_verified() -> None:
    assert not slack.verify("", _headers(), BODY, STAMP)


def _form(payload: object) -> bytes:
    return urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()


PRESSED = {
    "type": "block_actions",
    "user": {"id": "U024BE7LH", "username": "ana"},
    "container": {"type": "message", "message_ts": "15.02", "channel_id": "D024BE91L"},
    "actions": [{"action_id": "midwatch:acknowledge", "value": samples.INCIDENT}],
}


def test_a_press_says_who_wants_what_of_which_incident() -> None:
    assert slack.pressed(_form(PRESSED)) == slack_blocks.Pressed(
        slack_blocks.Verb.ACKNOWLEDGE, samples.INCIDENT, "U024BE7LH", "D024BE91L", "15.02"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"payload=",
        b"payload={}",
        _form([]),
        _form("text"),
        _form({**PRESSED, "actions": []}),
        _form({**PRESSED, "actions": [{"action_id": "open"}]}),
        _form({**PRESSED, "actions": [{"action_id": "midwatch:rm", "value": "x"}]}),
        _form({**PRESSED, "user": None}),
        _form({**PRESSED, "container": "text"}),
        b"payload=" + b"[" * 100_000,
        b"&".join([b"a=b"] * 1000),
    ],
)
def test_a_form_that_is_no_press_is_none(body: bytes) -> None:
    assert slack.pressed(body) is None
