"""What is read from each source's messages; the cases are data that a person can review."""

from __future__ import annotations

import datetime
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from midwatch.alerts import model
from midwatch.app import handing_in, serve_settings
from midwatch.base import errors
from midwatch.db import moments

NOW = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)
CASES = Path(__file__).parents[2] / "cases" / "sources" / "messages.toml"
EXAMPLES = 3000 if "MIDWATCH_LONG" in os.environ else 60
LARGE = {
    "DEEP": b"[" * 100_000,
    "TEN_THOUSAND_LABELS": json.dumps(
        {"alerts": [{"labels": {f"l{number}": "x" for number in range(10_000)}}]}
    ).encode(),
}


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    return found


def message(case: Mapping[str, Any]) -> handing_in.Message:
    kind, _, posted = case["kind"].partition("-")
    given = {"kind": kind, **({"mapping": case["mapping"]} if "mapping" in case else {})}
    serve = serve_settings.read({"sources": {"test": given}})
    body = LARGE.get(case["body"]) or case["body"].encode()
    headers = case.get("headers", {})
    return handing_in.Message(serve.sources["test"], body, headers, posted=bool(posted))


def shown(alert: model.Alert, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """As much of the alert as the case speaks of."""
    every = {
        "name": alert.name,
        "status": alert.status.value,
        "fingerprint": alert.fingerprint,
        "started": moments.write(alert.started_at),
        "ended": moments.maybe(alert.ended_at),
        "expires": moments.maybe(alert.expires_at),
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "link": alert.link,
        "undated": alert.undated,
    }
    return {key: every[key] for key in wanted}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["promise"])
def test_a_message_is_read_as_the_case_says(case: dict[str, Any]) -> None:
    if "refusal" in case:
        with pytest.raises(errors.UserError) as told:
            handing_in.read(message(case), NOW)
        assert told.value.message == case["refusal"]
        return

    found = handing_in.read(message(case), NOW)

    wanted = case.get("alerts", [])
    assert len(found.alerts) == len(wanted)
    assert [shown(a, w) for a, w in zip(found.alerts, wanted, strict=True)] == wanted
    assert list(found.refused) == case.get("refused", [])
    assert list(found.notes) == case.get("notes", [])


JSON = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.floats()
    | strategies.integers()
    | strategies.text()
    | strategies.sampled_from(["firing", "resolved", "trigger", "2026-11-23T03:00:00Z", "1.0"]),
    lambda inner: (
        strategies.lists(inner, max_size=4)
        | strategies.dictionaries(
            strategies.text(max_size=8)
            | strategies.sampled_from(
                [
                    *("alerts", "labels", "annotations", "startsAt", "endsAt", "status", "name"),
                    *("fingerprint", "version", "event_action", "dedup_key", "payload", "summary"),
                    *("specversion", "id", "source", "type", "data", "truncatedAlerts", "time"),
                    *("custom_details", "links", "timestamp", "valueString", "panelURL", "state"),
                ]
            ),
            inner,
            max_size=8,
        )
    ),
    max_leaves=20,
)
PARTS = ("labels", "annotations", "startsAt", "endsAt", "status", "fingerprint", "name")
ALERTS = strategies.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, JSON))
BODIES = (
    strategies.binary(max_size=200)
    | JSON.map(lambda found: json.dumps(found).encode("utf-8", "surrogatepass"))
    | strategies.builds(lambda a: json.dumps({"alerts": a}).encode(), strategies.lists(ALERTS))
    | strategies.builds(lambda a: json.dumps(a).encode(), strategies.lists(ALERTS))
)
KINDS = strategies.sampled_from(
    [*serve_settings.KINDS, "alertmanager-api", "cloudevents-structured"]
)


@hypothesis.given(body=BODIES, kind=KINDS)
@hypothesis.settings(deadline=None, max_examples=EXAMPLES)
def test_any_bytes_are_alerts_that_can_be_kept_or_a_sentence(body: bytes, kind: str) -> None:
    name, _, form = kind.partition("-")
    source = serve_settings.Source("test", name)
    headers = {"content-type": "application/cloudevents+json"} if form else {}

    try:
        found = handing_in.read(
            handing_in.Message(source, body, headers, posted=form == "api"), NOW
        )
    except errors.UserError:
        return

    for alert in found.alerts:
        every = [alert.name, alert.fingerprint, alert.link, *alert.labels, *alert.labels.values()]
        every += [*alert.annotations, *alert.annotations.values()]
        assert all("\x00" not in text and text.encode() is not None for text in every)
        assert alert.episode
        assert moments.write(alert.started_at) < "9999"
        assert len(alert.labels) <= 70
        assert alert.fingerprint
