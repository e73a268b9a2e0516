"""What is on record of drills, and what is found again after a crash."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from midwatch.base import errors
from midwatch.drills import model, proof_book, store

NOW = datetime.datetime(2026, 11, 22, 3, 14, tzinfo=datetime.UTC)
K = model.Kind
FAULT = model.Fault(
    "down", "it is down", "break it", "mend it", "pages", "mend", wrong="other", alert="Down",
    set={"name": "a"}, find={"id": "list"}, choose=("by hand",), may="read", heals_itself=True,
    limits=model.Limits(stable=1.5),
)  # fmt: skip
REHEARSAL = model.Rehearsal(1, FAULT, model.Arm.MIDWATCH, 7, 1.25, 0.5, "look")
DRILL = store.Drill(
    "d-1122-0314-k7qm", NOW, "/lab/faults.toml", "lab", 7, 1, (model.Arm.MIDWATCH,), 1
)
PLACE = store.Place(DRILL.drill_id, 1)
SUBJECT = store.Subject("/lab/RUNBOOK.md", "mend", "digest")


@pytest.fixture
def records(tmp_path: Path) -> store.Store:
    found = store.Store(tmp_path)
    assert found.begin(DRILL)
    found.rehearse(PLACE, NOW, REHEARSAL, SUBJECT)
    return found


def put(records: store.Store, *kinds: K, first: int = 0) -> None:
    for seq, kind in enumerate(kinds, start=first):
        records.append(PLACE, seq, NOW, model.Event(kind, float(seq)))


def test_what_was_written_is_read_again(records: store.Store) -> None:
    event = model.Event(K.INJECTED, 3.5, {"exit": 7, "why": "no “way”"})
    records.append(PLACE, 0, NOW, event)
    looks = (model.Look(1.0, ok=True), model.Look(1.25, ok=False, why="HTTP 502"))
    records.looks(PLACE, 0, looks)

    kept = records.kept(PLACE)

    assert (kept.rehearsal, kept.began) == (REHEARSAL, NOW)
    assert (kept.events, kept.looks) == ((event,), looks)
    assert records.drill("k7qm") == DRILL
    assert records.drills(5) == [DRILL]


def test_a_fault_that_went_in_is_left_until_it_is_known_to_be_out(records: store.Store) -> None:
    put(records, K.SETTLED)
    assert records.left() == []
    put(records, K.INJECTING, first=1)
    assert records.left() == [PLACE]
    put(records, K.INJECTED, K.JUDGED, K.HEALING, K.HEALED, first=2)
    assert records.left() == [PLACE]
    put(records, K.WHOLE, first=6)
    assert records.left() == []


def test_of_two_that_carry_on_with_a_drill_one_is_told(records: store.Store) -> None:
    put(records, K.SETTLED)

    with pytest.raises(errors.WorldError, match="Another process carries on"):
        put(records, K.INJECTING)


@pytest.mark.parametrize(("text", "told"), [("zzzz", "no drill “zzzz”"), ("", "no drill “”")])
def test_a_drill_that_is_not_there_is_told(records: store.Store, text: str, told: str) -> None:
    with pytest.raises(errors.UserError, match=told):
        records.drill(text)


def test_only_the_arm_that_runs_the_procedure_proves_it(
    records: store.Store, tmp_path: Path
) -> None:
    for number, (arm, verdict) in enumerate(
        [("midwatch", "healed"), ("midwatch", "not-healed"), ("paste", "healed"),
         ("midwatch", "not-broken")], start=2,
    ):  # fmt: skip
        place = store.Place(DRILL.drill_id, number)
        rehearsal = model.Rehearsal(number, FAULT, model.Arm(arm), 7, 0, 0)
        records.rehearse(place, NOW, rehearsal, SUBJECT)
        result = model.Result(
            number, "down", model.Arm(arm), 7, model.Verdict(verdict),
            stable=14.0 if verdict == "healed" else None,
        )  # fmt: skip
        records.judged(place, result)
    book = proof_book.ProofBook(tmp_path)

    proof = book.proof(proof_book.Asked("/lab/RUNBOOK.md", "mend", "digest"))
    other = book.proof(proof_book.Asked("/lab/RUNBOOK.md", "mend", "another"))

    assert (len(proof.tries), proof.healed, proof.median) == (2, 1, 14.0)
    assert (other.tries, other.before) == ((), NOW)
    assert book.keeps("/lab/RUNBOOK.md")
    assert not book.keeps("/other/RUNBOOK.md")
