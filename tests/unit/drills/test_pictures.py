"""Pictures and journals of a rehearsal that is on record."""

from __future__ import annotations

import datetime
import io
import itertools
from xml.etree import ElementTree

import pytest
from PIL import Image

from midwatch.drills import chaos_toolkit, drawing, model, overview, picture, store, stretches
from midwatch.plugs.drills import pictures

K = model.Kind
FAULT = model.Fault(
    "app <killed>", "the app is killed & gone", "kill it", "start it", "pages", "app-down",
    alert="AppDown",
)  # fmt: skip
EVENTS = (
    model.Event(K.SETTLED, 5.0),
    model.Event(K.INJECTING, 6.0),
    model.Event(K.INJECTED, 7.0, {"exit": 0}),
    model.Event(K.FIRST_BAD, 7.25, {"why": "HTTP 502"}),
    model.Event(K.ALERT, 9.0, {"name": "AppDown"}),
    model.Event(K.DETECTED, 9.0, {"by": "alert"}),
    model.Event(K.ARM_BEGAN, 10.0, {"run_id": "1122-0314-k7qm"}),
    model.Event(K.FIRST_STEP, 10.2, {"step": "step 1"}),
    model.Event(K.ARM_ENDED, 12.0, {"outcome": "succeeded"}),
    model.Event(K.RECOVERED, 11.5),
    model.Event(K.STABLE, 16.5),
    model.Event(K.JUDGED, 16.5, {"verdict": "healed", "why": ""}),
    model.Event(K.HEALING, 16.6),
    model.Event(K.HEALED, 17.0, {"exit": 0}),
    model.Event(K.WHOLE, 22.0),
)
LOOKS = tuple(
    model.Look(n / 4, not 7.25 <= n / 4 < 11.5, "HTTP 502" if 7.25 <= n / 4 < 11.5 else "")
    for n in range(88)
)
BEGAN = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)


def kept(arm: str = "midwatch") -> store.Kept:
    rehearsal = model.Rehearsal(1, FAULT, model.Arm(arm), 7, 1.0, 1.0)
    return store.Kept(rehearsal, BEGAN, EVENTS, LOOKS)


def scene() -> picture.Scene:
    one = kept()
    return picture.Scene(one.rehearsal, one.result, one.events, one.looks)


def test_the_picture_of_a_rehearsal_tells_its_verdict_and_its_events() -> None:
    text = drawing.svg(picture.draw(scene()))

    words = [each.text for each in ElementTree.fromstring(text).iter() if each.text]  # noqa: S314 - ours
    assert "app <killed>, midwatch: healed, good again after 4.5 s" in words
    assert {"fault in -1.0 s", "alert AppDown 2.0 s", "first step 3.2 s"} <= set(words)


def test_labels_do_not_lie_over_each_other() -> None:
    found = [each for each in picture.draw(scene()).shapes if isinstance(each, drawing.Words)]
    rows: dict[float, list[tuple[float, float]]] = {}
    for each in found:
        wide = drawing.width(each.text, each.size)
        left = {"start": each.x, "middle": each.x - wide / 2, "end": each.x - wide}[each.anchor]
        rows.setdefault(each.y, []).append((left, left + wide))

    for row in rows.values():
        row.sort()
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(row)), row


def test_a_drill_is_one_picture_with_a_band_for_each_rehearsal() -> None:
    drawn = overview.draw("Drill", [scene(), scene()])

    text = drawing.svg(drawn)
    assert text.count("4.5 s") == 2
    assert ElementTree.fromstring(text).get("width") == "960"  # noqa: S314 - ours


def test_the_same_drawing_is_a_png() -> None:
    drawn = picture.draw(scene())

    image = Image.open(io.BytesIO(pictures.render(drawn)))

    assert image.size == (2 * drawn.width, 2 * drawn.height)
    assert len(image.getcolors(1 << 20) or ()) > 20


def test_stretches_are_cut_where_the_probe_was_silent() -> None:
    looks = [model.Look(0, ok=True), model.Look(1, ok=True), model.Look(9, ok=True)]

    assert [(each.begin, each.end) for each in stretches.of(looks)] == [(0, 1), (9, 9)]
    assert stretches.bad_seconds(LOOKS) == 4.25


@pytest.mark.parametrize("arm", ["none", "wrong", "paste", "midwatch"])
def test_a_journal_has_the_shape_of_the_chaos_toolkit(arm: str) -> None:
    found = chaos_toolkit.journal(kept(arm), "here")

    assert found["start"] == "2026-11-22T03:14:00"
    assert found["end"] == "2026-11-22T03:14:22"
    assert (found["status"], found["deviated"], found["duration"]) == ("completed", False, 22.0)
    steady = found["steady_states"]
    assert (steady["before"]["steady_state_met"], steady["after"]["steady_state_met"]) == (
        True,
        True,
    )
    assert sum(1 for each in steady["during"] if not each["steady_state_met"]) == 17
    assert [each["activity"]["name"] for each in found["rollbacks"]] == ["take the fault out"]
    for ran in [*found["run"], *found["rollbacks"], *steady["before"]["probes"]]:
        assert {"activity", "output", "status", "start", "end", "duration"} <= ran.keys()
        assert ran["status"] == "succeeded"
        assert ran["activity"]["provider"]["type"] == "process"


def test_what_did_not_heal_has_deviated() -> None:
    events = [each for each in EVENTS if each.kind not in {K.JUDGED, K.RECOVERED, K.STABLE}]
    judged = model.Event(K.JUDGED, 16.5, {"verdict": "not-healed", "why": "HTTP 502"})
    one = store.Kept(kept().rehearsal, BEGAN, (*events, judged), LOOKS)

    found = chaos_toolkit.journal(one, "here")

    assert (found["status"], found["deviated"]) == ("completed", True)
