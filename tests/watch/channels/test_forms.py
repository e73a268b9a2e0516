"""What PagerDuty, Twilio and signed webhooks are really sent."""

from __future__ import annotations

import base64
import dataclasses
import urllib.parse

import pytest
from tests.watch.channels import ends, samples

from midwatch.base import errors
from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import pagerduty, sms, webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  (of the specification)


def _pagerduty(message: messages.Message) -> tuple[delivery.Attempt, dict[str, object]]:
    taken = {"status": "success", "message": "Event processed", "dedup_key": samples.INCIDENT}
    with ends.http_end(ends.answer(202, taken)) as end:
        made = pagerduty.PagerDuty({"default": "R1"}, end.url, samples.CLOCK)
        attempt = made.send(message)
    assert end.asked[0].path == "/v2/enqueue"
    return attempt, end.asked[0].json()


def test_one_incident_here_is_one_incident_at_pagerduty() -> None:
    attempt, event = _pagerduty(samples.to("pagerduty", "default"))
    assert attempt == delivery.Accepted(samples.INCIDENT)
    assert (event["event_action"], event["dedup_key"]) == ("trigger", samples.INCIDENT)
    assert event["payload"] == {
        "summary": "[P1 (Critical)] Orders wait longer than five minutes",
        "source": "ops/orders.md",
        "severity": "critical",
        "custom_details": {
            "why": "level 1 of default: at once",
            "Runbook": "ops/orders.md#queue-backlog",
            "Firing": "3 of 4 alerts",
            "Why you": "on primary, rotation 1",
            "Incident": samples.INCIDENT,
            "lines": ["depth 18 230", "consumers 0"],
        },
    }


@pytest.mark.parametrize(
    ("status", "action"),
    [("acknowledged", "acknowledge"), ("resolved", "resolve"), ("open", "trigger")],
)
def test_what_happens_here_happens_there(status: str, action: str) -> None:
    told = samples.update(status, "bo has it", channel="pagerduty", address="default")
    assert _pagerduty(told)[1]["event_action"] == action


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("P1 (Critical)", "critical"),
        ("high", "error"),
        ("SEV-3", "warning"),
        ("P4", "info"),
        ("Kritisch", "critical"),
        ("", "critical"),
    ],
)
def test_a_severity_nobody_knows_is_worth_waking_for(word: str, wanted: str) -> None:
    assert pagerduty.severity(word) == wanted


def test_a_key_that_is_not_there_is_told_without_a_request() -> None:
    made = pagerduty.PagerDuty({}, "http://127.0.0.1:1", samples.CLOCK)
    attempt = made.send(samples.to("pagerduty", "database"))
    assert attempt == delivery.Never("there is no routing key “database”")


def test_a_text_goes_to_twilio_as_a_form() -> None:
    taken = ends.answer(201, {"sid": "SM42", "status": "queued"})
    with ends.http_end(taken) as end:
        made = sms.Sms("AC1", "t0ken", "+15005550006", url=end.url, ticks=samples.CLOCK)
        attempt = made.send(samples.to("sms", "+5511912345678"))
    (asked,) = end.asked
    assert attempt == delivery.Accepted("SM42 queued")
    assert asked.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"AC1:t0ken").decode()
    assert dict(urllib.parse.parse_qsl(asked.body.decode())) == {
        "To": "+5511912345678",
        "From": "+15005550006",
        "Body": "[P1 (Critical)] Orders wait longer than five minutes "
        "Answer: https://watch.example.org/incidents/I1123-0314-k7qm",
    }


def test_a_service_of_several_numbers_is_named_as_one() -> None:
    with ends.http_end(ends.answer(201, {"sid": "SM42", "status": "queued"})) as end:
        sms.Sms("AC1", "t", "MG99", url=end.url, ticks=samples.CLOCK).send(
            samples.to("sms", "+5511912345678")
        )
    assert b"MessagingServiceSid=MG99" in end.asked[0].body


def test_a_wrong_number_is_told_in_twilio_s_words() -> None:
    refused = {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}
    with ends.http_end(ends.answer(400, refused)) as end:
        made = sms.Sms("AC1", "t", "+1", url=end.url, ticks=samples.CLOCK)
        attempt = made.send(samples.to("sms", "+5511912345678"))
    assert attempt == delivery.Never("answered 400: Invalid 'To' Phone Number")


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        ("delivered", delivery.Arrived("SM42 delivered")),
        ("sent", delivery.OnItsWay()),
        ("undelivered", delivery.Lost("undelivered: Unknown destination handset")),
        ("", delivery.OnItsWay()),
    ],
)
def test_what_became_of_a_text_is_asked(status: str, fate: delivery.Fate) -> None:
    said = {"sid": "SM42", "status": status, "error_message": "Unknown destination handset"}
    with ends.http_end(ends.answer(200, said)) as end:
        made = sms.Sms("AC1", "t", "+1", url=end.url, ticks=samples.CLOCK)
        assert made.follow("SM42 queued") == fate
    assert end.asked[0].path == "/2010-04-01/Accounts/AC1/Messages/SM42.json"


@pytest.mark.parametrize(
    ("title", "link"),
    [
        ("x" * 400, "https://watch.example.org/incidents/I1"),
        ("Ärger “überall” \u2013 5 ≥ 3 → [kaputt] {€}" * 9, "https://w.example/" + "y" * 300),
        ("日本語のアラート" * 30, ""),
        ("{}[]~^|€\\" * 30, ""),
    ],
)
def test_a_text_is_one_text_and_says_how_to_answer(title: str, link: str) -> None:
    body = {**samples.PAGE.body, "title": title, "link": link}
    text = sms.text(dataclasses.replace(samples.to("sms", "+1"), body=body))
    assert sms.length(text) <= 160
    assert set(text) <= sms.BASIC | sms.EXTENDED
    assert "Answer: https://" in text or f"midwatch ack {samples.INCIDENT}" in text


def _webhook(message: messages.Message, *answers: ends.Said) -> tuple[delivery.Attempt, ends.End]:
    with ends.http_end(*answers) as end:
        made = webhook.Webhook(SECRET, samples.CLOCK, source="https://watch.example.org")
        attempt = made.send(dataclasses.replace(message, address=f"{end.url}/in"))
    return attempt, end


def test_a_webhook_is_a_signed_cloudevent() -> None:
    attempt, end = _webhook(samples.to("webhook", ""), ends.answer(204))
    (asked,) = end.asked
    event = asked.json()
    assert attempt == delivery.Accepted(f"204 {event['id']}")
    assert asked.headers["content-type"].startswith("application/cloudevents+json")
    assert (event["specversion"], event["type"], event["subject"], event["source"]) == (
        "1.0",
        "midwatch.incident.page",
        samples.INCIDENT,
        "https://watch.example.org",
    )
    assert event["data"]["title"] == "Orders wait longer than five minutes"
    assert asked.headers["webhook-id"] == event["id"]
    assert asked.headers["webhook-timestamp"] == str(int(samples.AT.timestamp()))
    assert asked.headers["webhook-signature"] == webhook.signature(
        webhook.key(SECRET), event["id"], asked.headers["webhook-timestamp"], asked.body
    )


def test_each_try_has_the_same_id() -> None:
    first = _webhook(samples.to("webhook", ""), ends.answer(500))[1].asked[0].headers
    second = _webhook(samples.to("webhook", ""), ends.answer(200))[1].asked[0].headers
    assert first["webhook-id"] == second["webhook-id"] == first["idempotency-key"]


def test_the_signature_is_the_one_of_the_specification() -> None:
    # The example of https://github.com/standard-webhooks/standard-webhooks
    signed = webhook.signature(
        webhook.key(SECRET), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_that_is_gone_is_not_asked_again() -> None:
    attempt, _ = _webhook(samples.to("webhook", ""), ends.answer(410))
    assert attempt == delivery.Never("answered 410: the receiver is gone for good")


def test_a_webhook_to_midwatch_itself_is_no_circle() -> None:
    with ends.http_end(ends.answer(200)) as end:
        made = webhook.Webhook(
            SECRET, samples.CLOCK, own=[end.url.replace("127.0.0.1", "localhost")]
        )
        attempt = made.send(samples.to("webhook", f"{end.url}/api/alerts"))
    assert attempt == delivery.Never(
        "the address is Midwatch itself: its own pages would be alerts"
    )
    assert end.asked == []


def test_what_comes_back_by_a_detour_is_known_by_its_sender() -> None:
    _, end = _webhook(samples.to("webhook", ""), ends.answer(409))
    assert end.asked[0].headers["user-agent"].startswith("midwatch/")


@pytest.mark.parametrize("secret", ["", "short", "whsec_", "whsec_not base64", "whsec_c2hvcnQ="])
def test_a_secret_that_signs_nothing_is_refused_unseen(secret: str) -> None:
    with pytest.raises(errors.UserError) as told:
        webhook.key(secret)
    assert "16 bytes" in told.value.message
