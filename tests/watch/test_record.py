"""The record of an incident tells everything, and nothing in it can pretend to be ours."""

from __future__ import annotations

import datetime
import json

import pytest
from tests.watch import harness

from midwatch.alerts import matching
from midwatch.app import public_status, status_settings
from midwatch.incidents import (
    acts,
    events,
    measures,
    outbox,
    postmortem,
    record,
    state,
    status_page,
    timeline,
)
from midwatch.incidents import store as incidents

NIGHT = harness.BEGIN
TYPES = {
    "str": "text",
    "int": 3,
    "bool": True,
    "tuple[str, ...]": ("ana", "bo"),
    "datetime.datetime": NIGHT,
}


def sample(kind: str) -> events.Event:
    made = record.KINDS[kind]
    fields = made.__dataclass_fields__
    values = {name: TYPES[str(field.type)] for name, field in fields.items()}
    if kind in {"opened", "severity-set"}:
        values["urgency"] = "page"
    return made(**values)  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", sorted(record.KINDS))
def test_every_event_is_read_as_it_was_written(kind: str) -> None:
    event = sample(kind)

    assert record.kind(event) == kind
    assert record.read(kind, record.write(event)) == event


@pytest.mark.parametrize("kind", sorted(record.KINDS))
def test_every_event_has_a_sentence_and_a_state(kind: str) -> None:
    recorded = events.Recorded(1, NIGHT, sample(kind))

    assert timeline.entry(recorded).text != type(recorded.event).__name__
    assert state.fold([recorded]).seq == 1


def test_what_a_newer_midwatch_added_to_an_event_is_left_out() -> None:
    payload = json.dumps({"by": "ana", "mood": "tired"})

    assert record.read("acknowledged", payload) == events.Acknowledged("ana")


def incident(watch: harness.Watch) -> postmortem.Material:
    watch.fire(start=-2, service="mail")
    watch.advance(minutes=3)
    watch.act(acts.Acknowledge(), by="ana")
    watch.act(acts.Note("it is the | queue\n<script>\n~~~"), by="ana")
    watch.act(acts.AddTask("raise the limit"), by="ana")
    watch.advance(minutes=4)
    watch.recover(start=-2, service="mail")
    watch.advance(minutes=6)
    watch.got.clear()
    name = watch.incident()
    recorded = incidents.timeline(watch.where, name)
    return postmortem.Material(
        incident=name,
        state=state.fold(recorded),
        recorded=recorded,
        entries=timeline.entries(recorded, outbox.listed(watch.where, incident=name)),
        alerts=[postmortem.Alert("QueueStuck", NIGHT, None, "service=mail")],
        measures=measures.of(recorded, NIGHT - 2 * harness.MINUTE),
    )


def test_the_times_are_measured_from_the_record(watch: harness.Watch) -> None:
    found = incident(watch).measures

    assert found == measures.Measures(120.0, 180.0, 420.0, 720.0)
    assert measures.summary([found, measures.Measures()]) == measures.Summary(
        2, 120.0, 180.0, 420.0, 720.0
    )


@pytest.mark.parametrize(("ahead", "detect"), [(0, 0.0), (22, 0.0), (-90, 90.0), (3600, None)])
def test_a_clock_ahead_of_ours_never_detects_before_it_began(
    watch: harness.Watch, ahead: float, detect: float | None
) -> None:
    watch.fire()
    watch.advance()
    recorded = incidents.timeline(watch.where, watch.incident())
    started = recorded[0].at + datetime.timedelta(seconds=ahead)

    assert measures.of(recorded, started).detect == detect
    watch.got.clear()


def test_a_postmortem_holds_times_alerts_timeline_and_open_tasks(watch: harness.Watch) -> None:
    text = postmortem.markdown(incident(watch))

    assert "| acknowledged after | 3 min |" in text
    assert "- **03:00:00** ana paged: test: not acknowledged" not in text
    assert "- **03:03:00** ana acknowledged it" in text
    assert "- [ ] raise the limit (task 1)" in text
    assert "<script>" not in text.split("~~~text")[0]


def test_a_note_cannot_end_the_fence_it_stands_in(watch: harness.Watch) -> None:
    text = postmortem.markdown(incident(watch))

    assert text.count("~~~") == 2


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, "not known"), (0, "0 s"), (59, "59 s"), (200, "3 min 20 s"), (7260, "2 h 1 min")],
)
def test_durations_are_said_as_people_say_them(seconds: float | None, told: str) -> None:
    assert postmortem.duration(seconds) == told


def test_the_status_page_shows_services_and_nothing_from_alerts() -> None:
    page = status_page.Page(
        "Shop <status>",
        NIGHT,
        [
            status_page.Service("Mail & more", well=False, since=NIGHT),
            status_page.Service("Web", well=True),
        ],
    )

    html = status_page.as_html(page)
    assert "<span>Mail &amp; more</span><b>trouble since 03:00 UTC</b>" in html
    assert "Shop &lt;status&gt;" in html
    assert "<script" not in html
    assert json.loads(status_page.as_json(page))["status"] == "trouble"


def test_a_service_is_in_trouble_while_its_alerts_fire(watch: harness.Watch) -> None:
    services = (
        status_settings.Service("Mail", (matching.parse('service="mail"'),)),
        status_settings.Service("Web", (matching.parse('service="web"'),)),
    )
    given = status_settings.StatusPage("Shop", services)
    watch.fire(service="mail", customer="secret inc")
    watch.advance(minutes=1)
    watch.got.clear()

    page = public_status.page(watch.where, given, watch.time)

    assert [(each.name, each.well) for each in page.services] == [("Mail", False), ("Web", True)]
    assert "secret inc" not in status_page.as_html(page) + status_page.as_json(page)


def test_what_fires_within_a_minute_is_one_line(watch: harness.Watch) -> None:
    for number in range(8):
        watch.fire(pod=f"p{number}")
        watch.advance(minutes=0.25)
    watch.advance(minutes=2)
    watch.fire(pod="late")
    watch.advance()

    recorded = incidents.timeline(watch.where, watch.incident())
    lines = [each.text for each in timeline.entries(recorded) if " fired " in each.text]

    assert lines == [
        "1 alert (QueueStuck) fired (1 firing now)",
        "5 alerts (QueueStuck) fired (6 firing now)",
        "2 alerts (QueueStuck) fired (8 firing now)",
        "1 alert (QueueStuck) fired (9 firing now)",
    ]
    watch.got.clear()
